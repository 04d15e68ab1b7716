"""What browsers report of our Content-Security-Policy: counted, and told without addresses of pages."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from django.core.cache import cache
from hypothesis import given, settings
from hypothesis import strategies as st
from prometheus_client import REGISTRY

from webapp.csp_reports import MOST_BYTES, _reports

pytestmark = pytest.mark.django_db
MEMBERS = ["csp-report", "type", "body", "blocked-uri", "sourceFile", "effectiveDirective"]
PAGE = "http://testserver/patients?search=Jane-Doe"
OLD = {
    "csp-report": {
        "document-uri": PAGE, "effective-directive": "script-src-elem", "blocked-uri": "https://u:p@evil.example/x?y=1",
        "source-file": "http://testserver/static/app/assets/index.js?v=1",
    }
}  # fmt: skip
NEW = [
    {"type": "csp-violation", "url": PAGE, "body": {"effectiveDirective": "img-src", "blockedURL": "inline"}},
    {"type": "deprecation", "body": {}},
]


@pytest.fixture(autouse=True)
def nobody_has_reported_yet() -> None:
    cache.clear()


def send(client: Any, body: Any, kind: str = "application/csp-report") -> int:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return int(client.post("/csp-report", data, content_type=kind).status_code)


def counted(directive: str) -> float:
    return REGISTRY.get_sample_value("hepastage_csp_reports_total", {"directive": directive}) or 0.0


def test_the_policy_says_where_to_report(client, settings):
    policy = client.get("/")["Content-Security-Policy"]
    assert "report-uri /csp-report" in policy


def test_both_kinds_of_reports_are_counted_and_told_without_the_page(client, caplog):
    before = counted("script-src-elem"), counted("img-src")
    with caplog.at_level(logging.WARNING, logger="webapp.csp"):
        assert send(client, OLD) == 204
        assert send(client, NEW, "application/reports+json") == 204
    assert (counted("script-src-elem"), counted("img-src")) == (before[0] + 1, before[1] + 1)
    assert [record.getMessage() for record in caplog.records if record.name == "webapp.csp"] == [
        "the policy script-src-elem kept out https://evil.example, asked for by /static/app/assets/index.js",
        "the policy img-src kept out inline, asked for by a page",
    ]
    assert "Jane" not in caplog.text


def test_what_is_long_or_no_report_is_refused(client):
    assert send(client, b"x" * (MOST_BYTES + 1)) == 413
    for body in (b"", b"{", b"[]", b"7", b'{"csp-report": 3}', b"[" * 5000):
        assert send(client, body) == 400
    assert client.get("/csp-report").status_code == 405


def test_a_flood_is_stopped(client):
    assert [send(client, OLD) for _ in range(31)] == [204] * 30 + [429]


@settings(max_examples=60, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(MEMBERS), inner),
        max_leaves=12,
    )
)
def test_nothing_that_is_sent_is_an_error_or_breaks_a_line(sent: Any):
    for directive, blocked, source in _reports(sent):
        assert directive
        assert all(0 < len(text) <= 100 and "\n" not in text for text in (blocked, source))
