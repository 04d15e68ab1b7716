"""Clinicians who browse a large worklist: pages, filters, the next page, an exam, a patient."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

from tests.bench.load import quantiles

LISTS = ("", "staged=no", "staged=yes", "has_pair=yes", "stage=4", "review=waiting", "search=P-AB")
PAGE = 50


class Clinician(threading.Thread):
    """Clicks, looks for a while, clicks again."""

    def __init__(self, url: str, token: str, until: float, think: float, seed: int) -> None:
        super().__init__(daemon=True)
        self.taken: dict[str, list[float]] = {"list": [], "next page": [], "exam": [], "patient": []}
        self.errors: Counter[str] = Counter()
        self._url, self._until, self._think = url, until, think
        self._random = random.Random(seed)
        self._session = requests.Session()
        # A kept connection may be closed by the server just as we ask again: browsers repeat that unseen.
        again = HTTPAdapter(max_retries=Retry(total=1, connect=0, read=1, allowed_methods=["GET"]))
        self._session.mount("http://", again)
        self._session.headers["Authorization"] = f"Token {token}"

    def run(self) -> None:
        time.sleep(self._random.uniform(0, self._think))  # they do not all come at once
        while time.monotonic() < self._until:
            page = self._ask("list", f"exams/?page_size={PAGE}&{self._random.choice(LISTS)}")
            if page and page["next"] and self._random.random() < 0.5:
                page = self._ask("next page", page["next"].partition("/api/v1/")[2])
            if page and page["results"]:
                row = self._random.choice(page["results"])
                self._ask("exam", f"exams/{row['id']}/")
                self._ask("patient", f"patients/{row['patient']['id']}/")

    def _ask(self, what: str, path: str) -> Any:
        began = time.monotonic()
        try:
            answer = self._session.get(f"{self._url}/api/v1/{path}", timeout=60)
        except requests.RequestException as error:
            self.errors[f"{what}: {type(error).__name__}"] += 1
            return None
        self.taken[what].append(time.monotonic() - began)
        if not answer.ok:
            self.errors[f"{what}: {answer.status_code}"] += 1
        time.sleep(self._random.uniform(0.5, 1.5) * self._think)
        return answer.json() if answer.ok else None


def browse(url: str, tokens: list[str], *, minutes: float, think: float) -> dict[str, Any]:
    """One clinician a token for that long; ``think`` seconds on average between two clicks."""
    until = time.monotonic() + 60 * minutes
    people = [Clinician(url, token, until, think, number) for number, token in enumerate(tokens)]
    for one in people:
        one.start()
    for one in people:
        one.join()
    errors: Counter[str] = sum((one.errors for one in people), Counter())
    taken = {what: [s for one in people for s in one.taken[what]] for what in people[0].taken}
    return {
        "clinicians": len(people),
        "think_seconds": think,
        "minutes": minutes,
        "all": quantiles([seconds for values in taken.values() for seconds in values]),
        **{what: quantiles(values) for what, values in taken.items()},
        "errors": sum(errors.values()),
        "what": dict(errors),
    }
