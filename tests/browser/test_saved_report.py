"""A saved report, opened from the disk: no server, no network, every figure in its place."""

from __future__ import annotations

from pathlib import Path

import plotly.graph_objects as go
from playwright.sync_api import Browser

from ml.evaluation.report import Report

OVER = """[...document.querySelectorAll('figure')].map(figure => [
  figure.getBoundingClientRect().width, figure.querySelector('.main-svg').getBoundingClientRect().width])"""


def test_no_figure_lies_over_its_neighbour(browser: Browser, tmp_path: Path) -> None:
    report = Report("A report").section("Alone").figures(_figure("one"))
    report.section("Side by side").figures(*(_figure(str(number)) for number in range(3)))
    (tmp_path / "report.html").write_text(report.as_html(), "utf-8")
    page = browser.new_page(viewport={"width": 1280, "height": 900}, offline=True)
    page.goto((tmp_path / "report.html").as_uri())
    page.wait_for_function("document.querySelectorAll('.main-svg').length >= 4")
    widths = page.evaluate(OVER)
    page.close()
    assert len(widths) == 4
    for room, drawn in widths:
        assert drawn <= room + 1
    assert widths[0][0] > 1.5 * widths[1][0]  # one alone has the whole width


def _figure(title: str) -> go.Figure:
    return go.Figure(go.Scatter(x=[0, 1], y=[0, 1])).update_layout(title_text=title)
