"""What a test prepares without the browser: images, stages, datasets and runs, over the public API."""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from playwright.sync_api import APIRequestContext, APIResponse, Playwright

from tests.browser.house import PASSWORD

SETTLED = {"succeeded", "failed", "cancelled"}


class Api:
    """One user's token and the few verbs the tests need."""

    def __init__(self, playwright: Playwright, url: str, user: str) -> None:
        door = playwright.request.new_context(base_url=url)
        token = _json(door.post("/api/v1/auth/token/", data={"username": user, "password": PASSWORD}))[
            "token"
        ]
        door.dispose()
        self._door: APIRequestContext = playwright.request.new_context(
            base_url=url, extra_http_headers={"Authorization": f"Token {token}"}
        )

    def get(self, path: str) -> Any:
        # A kept connection may be closed by the server just as we ask again.
        return _json(self._door.get(f"/api/v1/{path}", max_retries=3))

    def post(self, path: str, body: dict[str, Any] | None = None) -> Any:
        return _json(self._door.post(f"/api/v1/{path}", data=body or {}))

    def patch(self, path: str, body: dict[str, Any]) -> Any:
        return _json(self._door.patch(f"/api/v1/{path}", data=body))

    def upload(self, files: Iterable[Path]) -> list[dict[str, Any]]:
        """Send the files as one upload; every one must be accepted."""
        results = self.send(files)
        refused = [row for row in results if row["outcome"] != "accepted"]
        assert not refused, refused
        return results

    def send(self, files: Iterable[Path]) -> list[dict[str, Any]]:
        """Send the files as one upload; what became of each."""
        upload = self.post("uploads/", {})["id"]
        results: list[dict[str, Any]] = []
        for path in files:
            part = {"name": path.name, "mimeType": "application/dicom", "buffer": path.read_bytes()}
            answer = _json(self._door.post(f"/api/v1/uploads/{upload}/files/", multipart={"file": part}))
            results += answer["results"]
        return results

    def import_stages(self, table: Path, site: str) -> Any:
        part = {"name": table.name, "mimeType": "text/csv", "buffer": table.read_bytes()}
        return _json(
            self._door.post(
                "/api/v1/patients/stage-table/",
                multipart={"file": part, "site": site, "source": "simulation", "dry_run": "false"},
            )
        )

    def freeze(self, name: str, *, seconds: float = 180) -> str:
        """Freeze what is labelled; the id of the frozen version."""
        dataset = self.post("datasets/", {"name": name})
        self.wait_for_job(dataset["job"], seconds=seconds)
        return str(dataset["id"])

    def launch(self, name: str, dataset: str, spec: dict[str, Any]) -> dict[str, Any]:
        run: dict[str, Any] = self.post("runs/", {"name": name, "dataset": dataset, "spec": spec})
        return run

    def wait_for_job(self, job: str, *, seconds: float, state: str = "succeeded") -> None:
        give_up = time.monotonic() + seconds
        while (found := self.get(f"jobs/{job}/"))["state"] not in SETTLED:
            assert time.monotonic() < give_up, f"job still {found['state']} after {seconds} s: {found}"
            time.sleep(0.5)
        assert found["state"] == state, found

    def wait_for_epoch(self, job: str, *, seconds: float) -> None:
        """Until the job has finished an epoch."""
        give_up = time.monotonic() + seconds
        while not any(
            row["kind"] == "epoch-finished" for row in self.get(f"jobs/{job}/events/?after=0")["events"]
        ):
            assert time.monotonic() < give_up, "no epoch was finished"
            time.sleep(0.3)


def _json(answer: APIResponse) -> Any:
    assert answer.ok, f"{answer.status} {answer.url}: {answer.text()[:500]}"
    return answer.json()
