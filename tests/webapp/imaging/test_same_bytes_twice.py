"""Two open files of the same bytes, kept out for different reasons: each needs the original for itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from pydicom.sequence import Sequence

from tests.webapp.imaging.files import ultrasound
from webapp.accounts.models import User
from webapp.imaging import originals
from webapp.imaging.holding import expire
from webapp.imaging.models import QuarantineItem, UploadFile
from webapp.imaging.quarantine import Decision, decide


@pytest.mark.parametrize("ending", ["removed", "expired"])
def test_an_original_that_another_open_file_needs_stays(
    ingest: Callable[..., UploadFile],
    administrator: User,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Callable[..., object],
    ending: str,
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError

    data = ultrasound(SequenceOfUltrasoundRegions=Sequence([]))
    with monkeypatch.context() as broken:
        broken.setattr("webapp.imaging.ingest.prepare", fail)
        refused = QuarantineItem.objects.get(file=ingest(data))
    waits = QuarantineItem.objects.get(file=ingest(data))
    assert (refused.code, waits.code) == ("unexpected", "no-ultrasound-region")
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        if ending == "removed":
            decide(item=refused, decision=Decision("remove", "not ours"), actor=administrator)
        else:
            past = timezone.now() - timedelta(days=1)
            QuarantineItem.objects.filter(pk=refused.pk).update(expires_at=past)
            expire()
    refused, waits = (QuarantineItem.objects.get(pk=item.pk) for item in (refused, waits))
    assert (refused.state, refused.has_original) == (ending, False)
    assert waits.file is not None
    assert originals.content(waits.file).read() == data
    keep = ((16, 12, 112, 84),)
    decided = decide(item=waits, decision=Decision("release", "no name", keep), actor=administrator)
    assert decided.state == "released"
