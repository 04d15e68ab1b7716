"""The containers' own commands, run on this machine: TLS proxy, two web processes, PostgreSQL, Redis with a
password, workers; and one pair of images is staged through all of it."""

from __future__ import annotations

import http.cookiejar
import json
import os
import shutil
import ssl
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from email.message import Message
from pathlib import Path
from typing import Any

import pytest
import redis

from tests.conftest import ROOT, absent
from tests.waiting import free_port, wait_until
from tests.webapp.docker.proxy import certificate, nginx_conf
from tests.webapp.docker.reading import command_of, compose
from tests.webapp.postgres import Postgres, programs
from webapp.operations.processes import redis_binary

pytestmark = [pytest.mark.processes, pytest.mark.slow, pytest.mark.timeout(400)]
HOUSE = ROOT / "tests" / "webapp" / "operations" / "a_house.py"
PASSWORD = "a-house-to-be-restored"  # of the house that a_house.py makes
REDIS_PASSWORD = "only-for-this-test"


class Production:
    """Everything of docker/compose.yaml but the containers."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.home = folder / "data"
        self.ports = {name: free_port() for name in ("web", "plain", "tls", "redis")}
        self.started: list[subprocess.Popen[bytes]] = []
        self.postgres = Postgres().start()
        secrets = {
            "secret_key": "s" * 64,
            "database_url": self.postgres.database("production"),
            "redis_url": f"redis://:{REDIS_PASSWORD}@127.0.0.1:{self.ports['redis']}/0",
        }
        for name, value in secrets.items():
            (folder / name).write_text(value)
        described = compose()["services"]["web"]["environment"]
        self.environment = {name: value for name, value in os.environ.items() if name != "SECRET_KEY"} | {
            name: str(value)
            .replace("/run/secrets/", f"{folder}/")
            .replace("${HEPASTAGE_HOSTNAME:?the name that browsers use}", "localhost")
            .replace("${HEPASTAGE_HOSTNAME}", f"localhost:{self.ports['tls']}")
            for name, value in described.items()
        }
        (folder / "metrics").mkdir()
        self.environment |= {
            "HEPASTAGE_HOME": str(self.home),
            "STATIC_DIR": str(folder / "static"),
            "PROMETHEUS_MULTIPROC_DIR": str(folder / "metrics"),
        }

    def run(self, *argv: str) -> str:
        result = subprocess.run(
            self._here(argv), cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False
        )
        assert result.returncode == 0, result.stdout[-2000:] + result.stderr[-3000:]
        return result.stdout

    def start(self, name: str, argv: list[str]) -> None:
        with (self.folder / f"{name}.log").open("wb") as log:
            self.started.append(
                subprocess.Popen(self._here(argv), cwd=ROOT, env=self.environment, stdout=log, stderr=log)
            )

    def _here(self, argv: tuple[str, ...] | list[str]) -> list[str]:
        """Programs of this environment, and our ports."""
        moved = [part.replace("0.0.0.0", "127.0.0.1") for part in argv]
        if moved[0] == "python":
            moved[0] = sys.executable
        if moved[0] == "uvicorn":
            moved[moved.index("--port") + 1] = str(self.ports["web"])
            moved = [sys.executable, "-m", *moved]
        return moved

    def stop(self) -> None:
        for process in reversed(self.started):
            process.terminate()
        for process in self.started:
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.postgres.stop()


@pytest.fixture
def production(tmp_path: Path) -> Iterator[Production]:
    if programs() is None:
        absent("PostgreSQL is not installed (Debian: apt install postgresql)")
    if redis_binary() is None:
        absent("there is no redis-server")
    if shutil.which("nginx") is None:
        absent("nginx is not installed (Debian: apt install nginx-light)")
    made = Production(tmp_path)
    yield made
    made.stop()
    for log in sorted(tmp_path.glob("*.log")):  # shown by pytest when the test failed
        print(f"--- {log.name}\n{log.read_text(errors='replace')[-1500:]}")


class Browser:
    """Cookies, the CSRF token, and trust in one certificate."""

    def __init__(self, url: str, trusted: Path) -> None:
        self.url = url
        context = ssl.create_default_context(cafile=str(trusted))
        self.opener = urllib.request.build_opener(
            urllib.request.HTTPSHandler(context=context),
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()),
        )
        self.csrf = ""

    def ask(self, path: str, body: Any = None, method: str | None = None) -> tuple[int, Any, Message]:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data=data, method=method)
        request.add_header("Content-Type", "application/json")
        if data is not None:
            request.add_header("X-CSRFToken", self.csrf)
            request.add_header("Referer", self.url + "/")
        try:
            answer = self.opener.open(request, timeout=30)
        except urllib.error.HTTPError as error:
            answer = error
        content = answer.read()
        kind = answer.headers.get("Content-Type", "")
        return answer.status, json.loads(content) if "json" in kind else content, answer.headers

    def sign_in(self, username: str) -> int:
        self.csrf = self.ask("/api/v1/auth/session/")[1]["csrf"]
        status, said, _ = self.ask("/api/v1/auth/session/", {"username": username, "password": PASSWORD})
        self.csrf = said.get("csrf", "")
        return status


def test_one_pair_is_staged_through_everything_that_the_containers_run(
    production: Production, tmp_path: Path
):
    ports = production.ports
    (tmp_path / "redis.conf").write_text(
        f"requirepass {REDIS_PASSWORD}\nport {ports['redis']}\nbind 127.0.0.1\n"
        f"appendonly yes\ndir {tmp_path}\n"
    )
    production.start("redis", [redis_binary() or "", str(tmp_path / "redis.conf")])
    production.run(*command_of("migrate"))
    production.run("python", "manage.py", "collectstatic", "--no-input", "--verbosity", "0")
    then = json.loads(
        production.run(
            sys.executable, str(HOUSE), "fill", str(tmp_path / "b"), str(tmp_path / "k")
        ).splitlines()[-1]
    )
    assert then["vendor"] == "postgresql"

    for name in ("web", "work-infer", "reconcile"):
        production.start(name, command_of(name))
    trusted = certificate(tmp_path)
    config = nginx_conf(
        tmp_path,
        web=ports["web"],
        plain=ports["plain"],
        tls=ports["tls"],
        storage=production.home / "storage",
    )
    nginx = shutil.which("nginx") or ""
    production.start(
        "nginx", [nginx, "-c", str(config), "-g", "daemon off;" + (" user root;" if os.getuid() == 0 else "")]
    )

    browser = Browser(f"https://localhost:{ports['tls']}", trusted)
    wait_until(lambda: _answers(browser), seconds=60, why="the site answers through the proxy")
    with pytest.raises(redis.AuthenticationError):
        redis.Redis(port=ports["redis"]).ping()
    assert browser.sign_in("researcher") == 200

    status, exams, headers = browser.ask("/api/v1/exams/?has_pair=yes")
    assert status == 200
    assert "max-age=31536000" in headers["Strict-Transport-Security"]
    status, staging, _ = browser.ask("/api/v1/stagings/", {"exam": exams["results"][0]["id"]})
    assert status == 201, staging

    def done() -> Any:
        found = browser.ask(f"/api/v1/stagings/{staging['id']}/")[1]
        return found if found["state"] in {"succeeded", "failed"} else None

    found = wait_until(done, seconds=90, why="the worker stages the exam")
    assert found["state"] == "succeeded", found["failure"]
    assert sum(found["result"]["probabilities"].values()) == pytest.approx(1)

    image = next(iter(then["images"]))
    status, picture, headers = browser.ask(f"/api/v1/images/{image}/frames/0/rendered")
    assert (status, headers["Content-Type"], picture[:4]) == (200, "image/png", b"\x89PNG")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert browser.ask(f"/protected/images/{then['images'][image][:2]}/{then['images'][image]}")[0] == 404
    assert browser.ask("/metrics")[0] == 404
    direct = urllib.request.Request(
        f"http://127.0.0.1:{ports['plain']}/worklist", headers={"Host": "localhost"}
    )
    with pytest.raises(urllib.error.HTTPError) as moved:
        urllib.request.build_opener(_Stay).open(direct)
    assert (moved.value.code, moved.value.headers["Location"]) == (308, "https://localhost/worklist")
    _, health, _ = browser.ask("/healthz")
    assert (health["database"], health["redis"], health["workers"]["gpu.infer"]) == ("ok", "ok", 1)


class _Stay(urllib.request.HTTPRedirectHandler):
    """Follows nothing."""

    def redirect_request(self, *_: Any) -> None:
        return None


def _answers(browser: Browser) -> bool:
    try:
        return browser.ask("/healthz")[0] == 200
    except OSError:
        return False
