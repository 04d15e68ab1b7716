"""OpenTelemetry, for who wants it: a span for each request, sent to ``OTEL_EXPORTER_OTLP_ENDPOINT``.

Off, and nothing of it imported, unless that variable is set; the packages are in ``requirements-otel.txt``.
The spans are made here and not by the ready-made instrumentations, which put whole addresses and queries
into them: ours know a request by its pattern, as metrics and log lines do, so that no trace names a patient.
A ``traceparent`` header is taken up, so that a proxy's trace goes on here. Every further setting is
OpenTelemetry's own (``OTEL_SERVICE_NAME``, ``OTEL_TRACES_SAMPLER``, ``OTEL_EXPORTER_OTLP_HEADERS`` …).
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any

log = logging.getLogger(__name__)

Describe = Callable[[str, Mapping[str, Any], bool], None]


def switched_on() -> bool:
    return bool(
        os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT") or os.environ.get("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
    )


@contextmanager
def request_span(headers: Mapping[str, str]) -> Iterator[Describe]:
    """Around one request; what is yielded gives the span its name and attributes, and says if it failed."""
    tracer = _tracer() if switched_on() else None
    if tracer is None:
        yield _nothing
        return
    from opentelemetry.propagate import extract
    from opentelemetry.trace import SpanKind, StatusCode

    carrier = {name: headers[name] for name in ("traceparent", "tracestate") if name in headers}
    with tracer.start_as_current_span(
        "request", context=extract(carrier), kind=SpanKind.SERVER, record_exception=False
    ) as span:

        def describe(name: str, attributes: Mapping[str, Any], failed: bool) -> None:
            span.update_name(name)
            span.set_attributes(dict(attributes))
            if failed:
                span.set_status(StatusCode.ERROR)

        yield describe


def _nothing(name: str, attributes: Mapping[str, Any], failed: bool) -> None:
    """Where nobody listens."""


@cache
def _tracer() -> Any:
    """Made with the first request of a process, so that a forked worker has a sender thread of its own."""
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError:
        log.error("no traces: pip install -r requirements-otel.txt")
        return None
    name = os.environ.get("OTEL_SERVICE_NAME", "hepastage-web")
    provider = TracerProvider(resource=Resource.create({"service.name": name}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return provider.get_tracer("webapp")
