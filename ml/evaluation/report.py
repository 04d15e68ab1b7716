"""``report.html``: a whole benchmark on one page that opens without a network, for a reviewer or a file.

Plotly's script is inside, once; nothing is loaded from anywhere.
"""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go
from plotly.offline import get_plotlyjs

from ml.evaluation.figures.style import ON_SITE

STYLE = """
:root{color-scheme:light dark;--line:#d0d5dd;--soft:#667085;--warn:#c2410c;--page:#fff;--ink:#101828}
@media(prefers-color-scheme:dark){
:root{--line:#344054;--soft:#98a2b3;--warn:#fb923c;--page:#101418;--ink:#e4e7ec}}
body{font:15px/1.5 system-ui,sans-serif;margin:0 auto;max-width:1180px;padding:1.5rem}
body{background:var(--page);color:var(--ink)}
h1{font-size:1.6rem;margin:.2rem 0}
h2{font-size:1.2rem;margin:2rem 0 .5rem;border-bottom:1px solid var(--line)}
.scroll{overflow-x:auto}table{border-collapse:collapse;font-size:13px;margin:.5rem 0}
caption{caption-side:top;text-align:left;color:var(--soft);padding-bottom:.4rem}
th,td{padding:.3rem .55rem;border-bottom:1px solid var(--line);text-align:right;white-space:nowrap}
th:first-child,td:first-child,th[scope=row],td:last-child{text-align:left}
tr.reported{color:var(--soft);font-style:italic}
.marks span{display:inline-block;border:1px solid var(--warn);color:var(--warn);border-radius:4px}
.marks span{padding:.1rem .5rem;margin-right:.5rem;font-weight:600}
figure{margin:0;min-width:0}figcaption{color:var(--soft);font-size:13px}
.grid{display:grid;grid-template-columns:repeat(auto-fill,minmax(440px,1fr));gap:1rem}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem;font-size:13px}
dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}
@media print{details{display:block}details>*{display:block}}
"""


class Report:
    """A page that is put together section by section."""

    def __init__(self, title: str, *, marks: Sequence[str] = (), lead: Sequence[str] = ()) -> None:
        self._title = title
        self._marks = list(marks)
        self._lead = list(lead)
        self._sections: list[tuple[str, list[str]]] = []
        self._figures = self._tables = 0

    def section(self, title: str) -> Report:
        """Begin a section; what is added next belongs to it."""
        self._sections.append((title, []))
        return self

    def text(self, *sentences: str) -> Report:
        """A paragraph."""
        return self._add(f"<p>{html.escape(' '.join(sentences))}</p>")

    def items(self, sentences: Sequence[str]) -> Report:
        """A list."""
        return self._add("<ul>" + "".join(f"<li>{html.escape(one)}</li>" for one in sentences) + "</ul>")

    def table(self, fragment: str) -> Report:
        """A ``<table>`` that our own code wrote."""
        self._tables += 1
        name = html.escape(f"Table {self._tables}, {self._sections[-1][0] if self._sections else ''}")
        return self._add(
            f"<div class='scroll' tabindex='0' role='region' aria-label='{name}'>{fragment}</div>"
        )

    def facts(self, facts: Mapping[str, Any]) -> Report:
        """Names and values."""
        rows = "".join(
            f"<dt>{html.escape(name)}</dt><dd>{html.escape(str(value))}</dd>" for name, value in facts.items()
        )
        return self._add(f"<dl>{rows}</dl>")

    def figures(self, *figures: go.Figure) -> Report:
        """Figures side by side where there is room."""
        drawn = []
        for figure in figures:
            self._figures += 1
            title = html.escape(str(figure.layout.title.text or "Figure"))
            # As a caption above: on a narrow plot the title would run into the watermark.
            untitled = go.Figure(figure).update_layout(title_text="")
            body = untitled.to_html(
                full_html=False, include_plotlyjs=False, div_id=f"figure-{self._figures}", config=ON_SITE
            )
            drawn.append(f"<figure><figcaption>{title}</figcaption>{body}</figure>")
        one = len(drawn) == 1
        return self._add(drawn[0] if one else f"<div class='grid'>{''.join(drawn)}</div>")

    def as_html(self) -> str:
        """The page."""
        marks = "".join(f"<span>{html.escape(mark)}</span>" for mark in self._marks)
        lead = "".join(f"<p>{html.escape(sentence)}</p>" for sentence in self._lead)
        sections = "\n".join(
            f"<section><h2>{html.escape(title)}</h2>\n{''.join(parts)}\n</section>"
            for title, parts in self._sections
        )
        return (
            "<!doctype html>\n<html lang='en'><head><meta charset='utf-8'>"
            "<meta name='viewport' content='width=device-width,initial-scale=1'>"
            f"<title>{html.escape(self._title)}</title><style>{STYLE}</style>\n"
            f"<script>{get_plotlyjs()}</script></head>\n<body>"
            f"<header><h1>{html.escape(self._title)}</h1><p class='marks'>{marks}</p>{lead}</header>\n"
            f"<main>{sections}</main></body></html>\n"
        )

    def _add(self, part: str) -> Report:
        if not self._sections:
            self.section("Results")
        self._sections[-1][1].append(part)
        return self
