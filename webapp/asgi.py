"""Entry point of the web server: HTTP to Django, WebSocket to the job streams."""

from __future__ import annotations

import os
from typing import cast

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "webapp.settings")
os.environ.setdefault("DATABASE_POOL", "32")  # many short questions at once; workers ask few

import django

django.setup(set_prefix=False)  # loads the apps; what follows imports models

from channels.routing import ProtocolTypeRouter, URLRouter

from webapp.bodies import SpoolingHandler
from webapp.body_limit import Application, BodyLimit
from webapp.jobs.routing import SOCKETS
from webapp.sockets import SocketGuard

application = ProtocolTypeRouter(
    {
        "http": BodyLimit(cast("Application", SpoolingHandler())),  # Django types its scope as a dict
        "websocket": SocketGuard(URLRouter(SOCKETS)),
    }
)
