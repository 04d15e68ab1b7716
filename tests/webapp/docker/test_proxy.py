"""What the proxy does with answers that are larger than its own small disk."""

from __future__ import annotations

import os
import resource
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.conftest import absent
from tests.waiting import free_port, wait_until
from tests.webapp.docker.proxy import certificate, nginx_conf

ANSWER = 24 << 20  # bytes; more than the system keeps for a client that does not read
DISK = 4 << 20  # of the proxy, in the place of its 64 MB: no file may grow beyond it


class Large(BaseHTTPRequestHandler):
    """A site whose every answer is large."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/zip")
        self.send_header("Content-Length", str(ANSWER))
        self.end_headers()
        for _ in range(ANSWER >> 16):
            self.wfile.write(b"x" * (1 << 16))

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def tls(tmp_path: Path) -> Iterator[int]:
    """The proxy's port of TLS, with such a site behind it."""
    program = shutil.which("nginx")
    if program is None:
        absent("nginx is not installed (Debian: apt install nginx-light)")
    site = ThreadingHTTPServer(("127.0.0.1", 0), Large)
    threading.Thread(target=site.serve_forever, daemon=True).start()
    certificate(tmp_path)
    port = free_port()
    config = nginx_conf(tmp_path, web=site.server_port, plain=free_port(), tls=port, storage=tmp_path)
    options = "daemon off;" + (" user root;" if os.getuid() == 0 else "")
    proxy = subprocess.Popen(
        [program, "-c", str(config), "-g", options],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (DISK, DISK)),
    )
    yield port
    proxy.terminate()
    proxy.wait(timeout=20)
    site.shutdown()
    site.server_close()


@pytest.mark.processes
def test_a_slow_client_gets_all_of_a_large_answer(tls: int, tmp_path: Path) -> None:
    def listens() -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", tls)) == 0

    wait_until(listens, why="the proxy listens")
    context = ssl.create_default_context(cafile=str(tmp_path / "tls.crt"))
    with context.wrap_socket(
        socket.create_connection(("127.0.0.1", tls)), server_hostname="localhost"
    ) as client:
        client.settimeout(20)
        client.sendall(
            b"GET /api/v1/models/1/export/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        )
        time.sleep(1)  # meanwhile the site answers as fast as it can
        got = 0
        while chunk := client.recv(1 << 16):
            got += len(chunk)
    assert got > ANSWER
