"""What a browser would show of the jobs while something breaks, beside what is true.

:class:`Screen` behaves as ``frontend/src/live`` does (the pauses are read from there): the feed's socket says
that a job changed, a job's socket brings its rows; a lost socket is opened again with growing pauses, and
while a job's socket is away its page asks every two seconds. While neither the feed's socket nor a request is
answered, every page says at its top that what it shows may be out of date. :class:`Truth` reads the rows past
all of it, and tells a state that was wrong from one that was wrong under that notice.
"""

from __future__ import annotations

import contextlib
import json
import re
import threading
import time
from typing import Any

import requests
from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

from tests.browser.house import PASSWORD, ROOT
from tests.faults.house import Door, FaultHouse, Refused

LIMIT_SECONDS = 10.0


def timing() -> dict[str, float]:
    """``TIMING`` of the browser app, in seconds."""
    text = (ROOT / "frontend" / "src" / "live" / "jobStream.ts").read_text("utf-8")
    block = re.search(r"TIMING = \{(.*?)\n\};", text, re.DOTALL)
    assert block is not None
    found = re.findall(r"^\s+(\w+): ([\d_]+),", block[1], re.MULTILINE)
    return {name: int(value.replace("_", "")) / 1000 for name, value in found}


def sign_in(url: str, user: str) -> str:
    """The cookies of a new session, as a browser sends them."""
    session = requests.Session()
    door = f"{url}/api/v1/auth/session/"
    token = session.get(door, timeout=30).json()["csrf"]
    headers = {"X-CSRFToken": token, "Referer": url + "/"}
    body = {"username": user, "password": PASSWORD}
    session.post(door, json=body, headers=headers, timeout=30).raise_for_status()
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in session.cookies)


class Screen:
    """One signed-in browser: the list of jobs, and the page of one. ``shown[page][job]`` is a state;
    ``warns``: every page says that the server does not answer."""

    def __init__(self, house: FaultHouse, user: str) -> None:
        self.house = house
        self.timing = timing()
        self.shown: dict[str, dict[str, str]] = {"list": {}, "page": {}}
        self.warns = False
        self._door = Door(house.url, user)
        self._cookie = sign_in(house.url, user)
        self._stopping = threading.Event()
        self._threads = [threading.Thread(target=self._list, daemon=True)]

    def open(self, job: str) -> None:
        """Open that job's page as well."""
        thread = threading.Thread(target=self._page, args=(job,), daemon=True)
        self._threads.append(thread)
        thread.start()

    def __enter__(self) -> Screen:
        self._threads[0].start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        for thread in self._threads:
            thread.join(timeout=10)

    def _socket(self, path: str) -> Any:
        address = self.house.url.replace("http", "ws") + path
        headers = {"Cookie": self._cookie}
        return connect(
            address, origin=self.house.url, additional_headers=headers, open_timeout=10, close_timeout=1,
            ping_interval=None,  # browsers send none
        )  # fmt: skip

    def _follow(self, path: Any, opened: Any, heard: Any, away: Any, lost: Any = lambda: None) -> None:
        """A socket for ever: what it says goes to ``heard``; ``away`` is called while it cannot be had, and
        ``lost`` once each time that it was not to be had."""
        retries = 0
        while not self._stopping.is_set():
            with (
                contextlib.suppress(OSError, WebSocketException, TimeoutError, EOFError),
                self._socket(path()) as socket,
            ):
                retries = 0
                opened()
                while not self._stopping.is_set():
                    try:
                        heard(json.loads(socket.recv(timeout=0.5)))
                    except TimeoutError:
                        continue
            pause = min(self.timing["longestRetry"], self.timing["firstRetry"] * 2**retries)
            retries += 1
            lost()
            until = time.monotonic() + pause
            while time.monotonic() < until and not self._stopping.is_set():
                away()
                self._stopping.wait(min(self.timing["poll"], max(0.0, until - time.monotonic())))

    def _list(self) -> None:
        def read() -> None:
            with contextlib.suppress(requests.RequestException, Refused):
                for job in self._door.get("jobs/?page_size=100")["results"]:
                    self.shown["list"][job["id"]] = job["state"]

        def opened() -> None:
            self.warns = False
            read()

        def lost() -> None:
            """As ``Feed.lost``: a request tells a server that is away from a socket that is refused."""
            self.warns = not self._answers()
            if not self.warns:
                read()

        def heard(message: dict[str, Any]) -> None:
            if message.get("type") == "job":
                self.shown["list"][message["id"]] = message["state"]

        self._follow(lambda: "/ws/feed/", opened, heard, lambda: None, lost)

    def _answers(self) -> bool:
        try:
            requests.get(f"{self.house.url}/healthz", timeout=self.timing["longestRetry"])
        except requests.RequestException:
            return False
        return True

    def _page(self, job: str) -> None:
        last = [0]

        def ask() -> None:
            with contextlib.suppress(requests.RequestException, Refused):
                self.shown["page"][job] = self._door.get(f"jobs/{job}/", seconds=10)["state"]

        def heard(message: dict[str, Any]) -> None:
            if message.get("type") == "job":
                self.shown["page"][job] = message["state"]
            elif message.get("type") == "event":
                last[0] = max(last[0], int(message["seq"]))

        self._follow(lambda: f"/ws/jobs/{job}/?after={last[0]}", lambda: None, heard, ask)


class Truth:
    """Reads the jobs' rows five times a second and notes how long a screen showed something else:
    ``longest`` without a word, ``longest_said`` while it said that the server does not answer."""

    def __init__(self, house: FaultHouse, screen: Screen, jobs: list[str]) -> None:
        self.house, self.screen, self.jobs = house, screen, jobs
        self.longest = self.longest_said = 0.0
        self.where = ""
        self._since: dict[tuple[str, str, bool], float] = {}
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Truth:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._thread.join(timeout=10)

    def _watch(self) -> None:
        while not self._stopping.wait(0.2):
            try:
                rows = self.house.rows("SELECT id, state FROM jobs_job")
            except Exception:
                continue
            states = {str(key).replace("-", ""): state for key, state in rows}
            now = time.monotonic()
            for job in list(self.jobs):
                for page in ("list", "page"):
                    if page == "page" and job not in self.screen.shown["page"]:
                        continue
                    self._compare(
                        page, job, self.screen.shown[page].get(job), states.get(job.replace("-", "")), now
                    )

    def _compare(self, page: str, job: str, shown: str | None, true: str | None, now: float) -> None:
        said = self.screen.warns
        wrong = shown != true and true is not None
        for under in (True, False):  # each is counted from where it began to be so
            if not wrong or said is not under:
                self._since.pop((page, job, under), None)
        if not wrong:
            return
        seconds = now - self._since.setdefault((page, job, said), now)
        if said:
            self.longest_said = max(self.longest_said, seconds)
        elif seconds > self.longest:
            self.longest, self.where = seconds, f"{page} showed {shown}, true was {true}"
