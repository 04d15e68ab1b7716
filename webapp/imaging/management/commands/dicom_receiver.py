"""``manage.py dicom_receiver``: take in what ultrasound machines and archives send by C-STORE."""

from __future__ import annotations

import signal
import threading
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from ml.spec import HepaStageError


class Command(BaseCommand):
    requires_system_checks: list[str] = []
    help = "Listens for C-STORE and C-ECHO of the peers in DICOM_AE_PEERS until it is stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=settings.DICOM_PORT)
        parser.add_argument("--address", default=settings.DICOM_ADDRESS)

    def handle(self, *args: Any, **options: Any) -> None:
        from webapp.imaging.dicom_receiver.receiver import Receiver, commit_for_good, serve

        if not settings.DICOM_AE_PEERS:
            raise CommandError("Nobody may send: set DICOM_AE_PEERS, for example DICOM_AE_PEERS='US1=SITE'.")
        commit_for_good()
        stopping = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stopping.set())
        try:
            receiver = Receiver(
                title=settings.DICOM_AE_TITLE,
                peers=settings.DICOM_AE_PEERS,
                associations=settings.DICOM_ASSOCIATIONS,
            )
            self.stdout.write(
                f"{settings.DICOM_AE_TITLE} listens on {options['address']}:{options['port']} for "
                + ", ".join(peer.title for peer in settings.DICOM_AE_PEERS)
            )
            serve(receiver, address=options["address"], port=options["port"], stopping=stopping)
        except HepaStageError as error:
            raise CommandError(f"{error.message}\n{error.remedy}") from error
        except OSError as error:
            raise CommandError(
                f"{options['address']}:{options['port']} cannot be listened on: {error.strerror}."
            ) from error
