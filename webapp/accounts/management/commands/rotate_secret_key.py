"""``manage.py rotate_secret_key``: what an older SECRET_KEY encrypted comes under the present one."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.core.management.base import BaseCommand
from django.db import transaction

from webapp.accounts.second_factor import Adapter
from webapp.audit import services as audit

FIELDS = {"secret", "seed"}


class Command(BaseCommand):
    help = (
        "Run it after SECRET_KEY was changed, with the old key in SECRET_KEY_FALLBACKS; when it has ended, "
        "the old key may go. Sessions and links that were signed with it end then."
    )

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        adapter = Adapter()
        rows = Authenticator.objects.select_for_update()
        for row in rows:
            for name in FIELDS & row.data.keys():
                row.data[name] = adapter.encrypt(adapter.decrypt(row.data[name]))
            row.save(update_fields=["data"])
        audit.record(actor=None, action="keys.rotated", detail={"second_factors": len(rows)})
        self.stdout.write(
            f"{len(rows)} secrets are stored under the present key. SECRET_KEY_FALLBACKS may go."
        )
