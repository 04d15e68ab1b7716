"""Traces: off and free by default; where they are on, a real collector gets them, without an address."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from tests.conftest import ROOT
from webapp import tracing

SENDER = "opentelemetry.exporter.otlp.proto.http.trace_exporter"
PARENT = "0af7651916cd43dd8448eb211c80319c"
ASKS = """
import django; django.setup()
from django.test import Client
header = {"traceparent": "00-PARENT-b7ad6b7169203331-01"}
Client().get("/api/v1/patients/Jane-Doe/?search=Jane-Doe", headers=header)
Client().get("/api/Jane-Doe")
from webapp import tracing
import sys
if tracing.switched_on():
    tracing._tracer().span_processor.force_flush()
print("loaded" if "SENDER" in sys.modules else "not loaded")
""".replace("PARENT", PARENT).replace("SENDER", SENDER)


@pytest.fixture
def collector() -> Iterator[tuple[str, list[Any]]]:
    """An OTLP endpoint on loopback, and what it got."""
    why = "traces are an option: pip install -r requirements-otel.txt"
    message = pytest.importorskip("opentelemetry.proto.collector.trace.v1.trace_service_pb2", reason=why)
    got: list[Any] = []

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            got.append(message.ExportTraceServiceRequest.FromString(body))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Collector)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", got
    server.shutdown()
    server.server_close()


def ask(**variables: str) -> str:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "webapp.settings", "ALLOWED_HOSTS": "testserver"}
    done = subprocess.run(
        [sys.executable, "-c", ASKS], cwd=ROOT, env={**environment, **variables},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout.strip().splitlines()[-1]


def test_nothing_is_loaded_where_nobody_listens(monkeypatch):
    monkeypatch.delenv("OTEL_EXPORTER_OTLP_ENDPOINT", raising=False)
    assert not tracing.switched_on()
    assert ask() == "not loaded"


def test_a_collector_gets_requests_by_pattern_in_the_trace_of_the_proxy(collector, tmp_path):
    url, got = collector
    assert ask(OTEL_EXPORTER_OTLP_ENDPOINT=url, OTEL_EXPORTER_OTLP_COMPRESSION="none") == "loaded"
    spans = [
        span for sent in got for resource in sent.resource_spans for scope in resource.scope_spans
        for span in scope.spans
    ]  # fmt: skip
    assert [span.name for span in spans] == ["GET api/v1/patients/<pk>/", "GET api/<rest>"]
    assert spans[0].trace_id.hex() == PARENT
    assert spans[1].trace_id.hex() != PARENT
    assert all("Jane" not in str(sent) for sent in got)
