"""Addresses of the sockets."""

from __future__ import annotations

from django.urls import path

from webapp.jobs.consumers import FeedConsumer, JobConsumer

SOCKETS = [
    path("ws/jobs/<uuid:job_id>/", JobConsumer.as_asgi()),
    path("ws/feed/", FeedConsumer.as_asgi()),
]
