"""The guard in front of the sockets, with a real server and real sockets: who gets in, and who is put out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from rest_framework.test import APIClient
from websocket import WebSocket, WebSocketBadStatusException, create_connection

from tests.conftest import ROOT
from tests.waiting import free_port, wait_until
from tests.webapp.conftest import PASSWORD
from tests.webapp.jobs.conftest import database_url
from webapp.accounts import people, sessions, tokens
from webapp.accounts.models import BrowserSession
from webapp.accounts.roles import Role
from webapp.sockets import LONGEST_MESSAGE, MOST_MESSAGES

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]
MOST = 4


@pytest.fixture(scope="module")
def house(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """``127.0.0.1:port`` of a web server on the tests' database."""
    with django_db_blocker.unblock():
        environment = {**os.environ, "DATABASE_URL": database_url(), "SOCKETS_PER_USER": str(MOST)}
    environment["CSRF_TRUSTED_ORIGINS"] = "https://*.hospital.example"
    port = free_port()
    argv = [sys.executable, "-m", "uvicorn", "webapp.asgi:application", "--port", str(port), "--lifespan",
            "off", "--log-level", "error"]  # fmt: skip
    process = subprocess.Popen(argv, cwd=ROOT, env=environment)
    address = f"127.0.0.1:{port}"
    wait_until(lambda: _answers(address), seconds=60, why="the web server starts")
    yield address
    process.terminate()
    process.wait(timeout=10)


def _answers(address: str) -> bool:
    try:
        return requests.get(f"http://{address}/healthz", timeout=2).status_code == 200
    except requests.RequestException:
        return False


class Browser:
    """Signed in, with a session in the tests' database, which the server reads too."""

    def __init__(self, house: str, user: Any) -> None:
        self.house, self.http = house, APIClient()
        self.http.force_login(user, backend="django.contrib.auth.backends.ModelBackend")

    @property
    def cookie(self) -> str:
        return f"sessionid={self.http.cookies['sessionid'].value}"

    def socket(self, origin: str | None = None) -> WebSocket:
        return open_socket(self.house, cookie=self.cookie, origin=origin or f"http://{self.house}")


def open_socket(house: str, **options: Any) -> WebSocket:
    options.setdefault("suppress_origin", "origin" not in options)
    return create_connection(f"ws://{house}/ws/feed/", timeout=5, **options)


def closing_code(connection: WebSocket, seconds: float = 8) -> int:
    """What the server closes it with; fails if it stays open."""
    connection.settimeout(seconds)
    while True:
        opcode, data = connection.recv_data()
        if opcode == 8:
            return int.from_bytes(data[:2], "big")


def is_open(connection: WebSocket) -> bool:
    connection.send(json.dumps({"type": "ping"}))
    while True:
        opcode, data = connection.recv_data()
        if opcode == 8:
            return False
        if json.loads(data) == {"type": "pong"}:
            return True


@pytest.mark.parametrize(
    ("origin", "let_in"),
    [
        ("http://{house}", True),
        ("https://liver.hospital.example", True),
        ("https://{house}", False),  # another scheme
        ("http://127.0.0.1:1", False),  # another port of the same machine
        ("https://evil.example", False),
        ("https://nohospital.example", False),
        ("null", False),
        ("http://[", False),
        ("", False),
    ],
)
def test_only_our_own_pages_open_sockets(house, clinician, origin, let_in):
    browser = Browser(house, clinician)
    origin = origin.format(house=house)
    if let_in:
        assert is_open(browser.socket(origin))
        return
    with pytest.raises(WebSocketBadStatusException, match="403"):
        open_socket(house, cookie=browser.cookie, header=[f"Origin: {origin}"], suppress_origin=True)


def test_a_cookie_without_an_origin_opens_nothing(house, clinician):
    with pytest.raises(WebSocketBadStatusException, match="403"):
        open_socket(house, cookie=Browser(house, clinician).cookie)


def test_a_host_that_is_not_ours_opens_nothing(house, clinician):
    cookie = Browser(house, clinician).cookie
    with pytest.raises(WebSocketBadStatusException, match="403"):
        open_socket(house, cookie=cookie, host="evil.example", origin="http://evil.example")


def test_a_stranger_is_told_to_sign_in(house, clinician):
    assert closing_code(open_socket(house, origin=f"http://{house}")) == 4401


ENDINGS: dict[str, tuple[Callable[..., Any], int]] = {
    "revoked": (lambda user, admin, browser: sessions.revoke(session=_row(user), actor=admin), 4401),
    "signed out everywhere": (
        lambda user, admin, browser: people.sign_out_everywhere(user=user, actor=admin), 4401,
    ),
    "signed out": (lambda user, admin, browser: browser.http.delete("/api/v1/auth/session/"), 4401),
    "switched off": (
        lambda user, admin, browser: people.change_user(user=user, actor=admin, changes={"is_active": False}),
        4401,
    ),
    "idle": (
        lambda user, admin, browser: BrowserSession.objects.filter(user=user).update(seen_at=LONG_AGO), 4401,
    ),
    "another role": (
        lambda user, admin, browser: people.change_user(
            user=user, actor=admin, changes={"role": Role.ANNOTATOR}
        ),
        4409,
    ),
    "another site": (
        lambda user, admin, browser: people.change_user(user=user, actor=admin, changes={}, sites=[]), 4409,
    ),
}  # fmt: skip
LONG_AGO = "2020-01-01T00:00:00Z"


def _row(user: Any) -> BrowserSession:
    return BrowserSession.objects.get(user=user)


@pytest.mark.parametrize("ending", ENDINGS)
def test_what_ends_a_session_or_changes_rights_closes_its_sockets(
    house, clinician, annotator, administrator, ending
):
    browser, bystander = Browser(house, clinician), Browser(house, annotator).socket()
    opened = [browser.socket(), browser.socket()]
    assert all(is_open(connection) for connection in opened)
    act, code = ENDINGS[ending]
    act(clinician, administrator, browser)
    began = time.monotonic()
    assert [closing_code(connection) for connection in opened] == [code, code]
    assert time.monotonic() - began < 5
    assert is_open(bystander)


def test_a_new_password_keeps_this_browser_and_closes_the_others(house, clinician):
    here, there = Browser(house, clinician), Browser(house, clinician)
    mine, other = here.socket(), there.socket()
    changed = here.http.post("/api/v1/me/password/", {"old": PASSWORD, "new": "quite-another-horse"})
    assert changed.status_code == 204, changed.content
    assert closing_code(other) == 4401
    assert is_open(mine)


def test_a_program_follows_with_its_token_until_that_is_revoked(house, researcher):
    token, text = tokens.create_token(user=researcher, name="follower", scope="read", days=1)
    connection = open_socket(house, header=[f"Authorization: Token {text}"])
    assert is_open(connection)
    tokens.revoke_token(token=token, actor=researcher)
    assert closing_code(connection) == 4401
    assert closing_code(open_socket(house, header=[f"Authorization: Token {text}"])) == 4401


def test_a_person_has_so_many_sockets_and_others_are_not_concerned(house, clinician, annotator):
    browser = Browser(house, clinician)
    opened = [browser.socket() for _ in range(MOST)]
    with pytest.raises(WebSocketBadStatusException, match="403"):
        browser.socket()
    assert is_open(Browser(house, annotator).socket())
    opened.pop().close()
    wait_until(lambda: _opens(browser), seconds=5, why="a closed socket makes room")


def _opens(browser: Browser) -> bool:
    try:
        browser.socket().close()
    except WebSocketBadStatusException:
        return False
    return True


def test_long_messages_and_many_of_them_close_the_socket(house, clinician):
    browser = Browser(house, clinician)
    talker, shouter = browser.socket(), browser.socket()
    shouter.send("x" * (LONGEST_MESSAGE + 1))
    assert closing_code(shouter) == 1009
    for _ in range(MOST_MESSAGES + 1):
        talker.send("{}")
    assert closing_code(talker) == 4429
