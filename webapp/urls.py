"""Addresses. Each app lists its resources in ``api.ROUTES``; this file only collects them.

Everything that is not the API, a static file or the health page is the browser app,
whose router reads the address itself.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.urls import URLPattern, include, path, re_path
from rest_framework.routers import SimpleRouter

from webapp import frontend_view, health, problems
from webapp.accounts import oidc
from webapp.csp_reports import CspReportView
from webapp.operations import metrics
from webapp.schema_view import SchemaView

router = SimpleRouter()
extra_paths: list[URLPattern] = []
for config in apps.get_app_configs():
    if not config.name.startswith("webapp.") or find_spec(f"{config.name}.api") is None:
        continue
    api = import_module(f"{config.name}.api")
    for prefix, viewset, basename in getattr(api, "ROUTES", []):
        router.register(prefix, viewset, basename)
    extra_paths += getattr(api, "PATHS", [])  # addresses that are not collections, as django.urls.path

urlpatterns = [
    path("healthz", health.healthz),
    path("metrics", metrics.metrics),
    path("api/v1/schema/", SchemaView.as_view(), name="schema"),
    path("api/v1/", include([*extra_paths, *router.urls])),
    re_path(r"^api/(?P<rest>.*)$", problems.api_not_found),
    path("csp-report", CspReportView.as_view(), name="csp-report"),
    path("oidc/", include(oidc.PATHS)),
    path("dicomweb/", include("webapp.imaging.dicomweb.urls")),
    re_path(r"^(?!static/|ws/).*$", frontend_view.index),
]
handler500 = "webapp.problems.server_error"
