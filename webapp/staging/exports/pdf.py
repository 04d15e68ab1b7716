"""The report on paper: A4, English or Chinese, with the pictures, the numbers and the signature.

Latin letters are set in Bitstream Vera, which comes with reportlab and is embedded; Chinese ones in
STSong-Light of Adobe's Asian fonts, which every PDF viewer brings or replaces and which is not embedded.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from ml.spec.referral import referral_of
from webapp.staging.exports.pictures import png_of
from webapp.staging.exports.words import Language, say

if TYPE_CHECKING:
    from reportlab.platypus import Flowable

SANS, BOLD, HAN = "Vera", "Vera-Bold", "STSong-Light"
INK, QUIET, RULE = "#16212b", "#5a6772", "#c9d1d8"


def report_pdf(
    facts: dict[str, Any], *, content_hash: str, language: Language, superseded_by: int | None = None
) -> bytes:
    """The PDF of a signed report; the same report gives the same bytes."""
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.units import mm
    from reportlab.platypus import SimpleDocTemplate

    _register_fonts()
    page = _Page(facts, language, superseded_by)
    sink = io.BytesIO()
    document = SimpleDocTemplate(
        sink,
        pagesize=A4,
        leftMargin=18 * mm,
        rightMargin=18 * mm,
        topMargin=24 * mm,
        bottomMargin=20 * mm,
        title=say(language, "title"),
        author="HepaStage",
        subject=f"{facts['patient']['pseudonym']} {say(language, 'version')} {facts['report']['version']}",
        creator=f"HepaStage {facts['code']['version']}",
        invariant=1,
        lang="zh-Hans" if language == "zh" else "en",
    )
    document.build(
        list(_story(facts, content_hash, language)), onFirstPage=page.decorate, onLaterPages=page.decorate
    )
    return sink.getvalue()


def _stage_colour(stage: str | None) -> str:
    """The same colour as on the pages and in the figures."""
    from ml.evaluation.palette import STAGE_COLOURS

    return STAGE_COLOURS[int(stage[1:])] if stage else INK


@lru_cache(maxsize=1)
def _register_fonts() -> None:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfbase.ttfonts import TTFont

    pdfmetrics.registerFont(TTFont(SANS, "Vera.ttf"))
    pdfmetrics.registerFont(TTFont(BOLD, "VeraBd.ttf"))
    pdfmetrics.registerFont(UnicodeCIDFont(HAN))


def is_latin(character: str) -> bool:
    """Whether Vera has the letter: Latin, and the signs that the report uses."""
    return ord(character) < 0x250 or character in "–—‘’“”•…≤≥×"


def marked(text: str) -> str:
    """Text as reportlab's markup, with the runs that Vera lacks in the Chinese font.

    >>> marked("S2 & 肝")
    'S2 &amp; <font name="STSong-Light">肝</font>'
    """
    parts: list[str] = []
    run, latin = "", True
    for character in text:
        if is_latin(character) != latin and run:
            parts.append(_run(run, latin))
            run = ""
        latin = is_latin(character)
        run += character
    return "".join([*parts, _run(run, latin)])


def _run(text: str, latin: bool) -> str:
    safe = escape(text).replace("\n", "<br/>")
    return safe if latin else f'<font name="{HAN}">{safe}</font>'


class _Page:
    """What stands on every page: product, report and version, what it is not, and where it came from."""

    def __init__(self, facts: dict[str, Any], language: Language, superseded_by: int | None) -> None:
        self.facts, self.language, self.superseded_by = facts, language, superseded_by

    def decorate(self, canvas: Any, document: Any) -> None:
        from reportlab.lib.colors import HexColor
        from reportlab.lib.units import mm

        width, height = document.pagesize
        report = self.facts["report"]
        left, right = document.leftMargin, width - document.rightMargin
        canvas.saveState()
        canvas.setFillColor(HexColor("#0b5f73"))
        canvas.rect(0, height - 16 * mm, width, 16 * mm, stroke=0, fill=1)
        canvas.setFillColor(HexColor("#ffffff"))
        self._draw(canvas, left, height - 10.5 * mm, "HepaStage", 13, bold=True)
        self._draw(canvas, right, height - 10.5 * mm, self.facts["patient"]["pseudonym"], 10, right=True)
        notices = [say(self.language, "research")]
        if self.facts["simulated"]:
            notices.insert(0, say(self.language, "simulated"))
        canvas.setFillColor(HexColor("#8a1c5b"))
        self._draw(canvas, left, 13 * mm, "  ".join(notices), 8)
        if self.superseded_by is not None:
            canvas.setFillColor(HexColor("#b2182b"))
            words = say(self.language, "superseded", version=self.superseded_by)
            self._draw(canvas, right, 13 * mm, words, 9, right=True)
        canvas.setFillColor(HexColor(QUIET))
        line = f"{report['id']}  ·  {say(self.language, 'version')} {report['version']}"
        self._draw(canvas, left, 9 * mm, line, 7)
        words = say(self.language, "page", page=canvas.getPageNumber())
        self._draw(canvas, right, 9 * mm, words, 7, right=True)
        canvas.restoreState()

    @staticmethod
    def _draw(
        canvas: Any, x: float, y: float, text: str, size: float, *, bold: bool = False, right: bool = False
    ) -> None:
        """A line in the fonts that its letters need."""
        runs: list[tuple[str, str]] = []
        for character in text:
            font = (BOLD if bold else SANS) if is_latin(character) else HAN
            if runs and runs[-1][0] == font:
                runs[-1] = (font, runs[-1][1] + character)
            else:
                runs.append((font, character))
        if right:
            x -= sum(canvas.stringWidth(words, font, size) for font, words in runs)
        for font, words in runs:
            canvas.setFont(font, size)
            canvas.drawString(x, y, words)
            x += canvas.stringWidth(words, font, size)


def _story(facts: dict[str, Any], content_hash: str, language: Language) -> Iterator[Flowable]:
    from reportlab.platypus import KeepTogether, Spacer

    yield _text(say(language, "title"), size=17, bold=True)
    yield _text(say(language, "lead"), colour=QUIET)
    if facts["simulated"]:
        yield _text(say(language, "simulated"), colour="#8a1c5b", bold=True)
    yield _rows(_patient(facts, language))
    yield from _conclusion(facts, language)
    yield KeepTogether([_heading(language, "images"), _pictures(facts, language)])
    yield KeepTogether(
        [_heading(language, "answer"), _bars(facts["staging"]["result"]["probabilities"]), Spacer(0, 6)]
    )
    yield _rows(_answer(facts, language))
    for reason in referral_of(facts["staging"]["result"]):
        yield _text(say(language, f"referral.{reason}"), bold=True)
    if facts["serum"] is not None:
        yield KeepTogether([_heading(language, "serum"), _rows(_serum(facts["serum"], language))])
    yield KeepTogether(
        [_heading(language, "origin"), _rows(_origin(facts, content_hash, language), small=True)]
    )
    signature = facts["signature"]
    who = say(
        language,
        "signed",
        name=signature["name"],
        username=signature["username"],
        role=say(language, f"role.{signature['role']}"),
    )
    yield KeepTogether(
        [_heading(language, "signature"), _text(who), _text(_moment(signature["at"]), bold=True)]
    )


def _patient(facts: dict[str, Any], language: Language) -> Iterator[tuple[str, str]]:
    patient = facts["patient"]
    yield say(language, "pseudonym"), patient["pseudonym"]
    sex = say(language, f"sex.{patient['sex']}") if patient["sex"] else "–"
    years = patient["age_years"]
    yield (
        f"{say(language, 'sex')}, {say(language, 'age')}",
        f"{sex}, {say(language, 'years', years=years) if years is not None else '–'}",
    )
    yield say(language, "site"), f"{patient['site']['code']} {patient['site']['name']}"
    yield say(language, "exam"), facts["exam"]["date"] or "–"
    yield say(language, "version"), str(facts["report"]["version"])


def _conclusion(facts: dict[str, Any], language: Language) -> Iterator[Flowable]:
    review, result = facts["review"], facts["staging"]["result"]
    yield _heading(language, "conclusion")
    stage = review["stage"]
    yield _text(stage or say(language, "cannot-be-staged"), size=22, bold=True, colour=_stage_colour(stage))
    key = {"agree": "agree", "change": "change", "cannot-be-staged": "cannot"}[review["decision"]]
    yield _text(say(language, key, stage=result["stage"]))
    if review["reasons"]:
        words = "; ".join(say(language, f"reason.{reason}") for reason in review["reasons"])
        yield _text(f"{say(language, 'reasons')}: {words}")
    if review["note"]:
        yield _text(f"{say(language, 'note')}: {review['note']}")
    if facts["report"]["amendment_reason"]:
        yield _text(f"{say(language, 'amended')}: {facts['report']['amendment_reason']}")


def _answer(facts: dict[str, Any], language: Language) -> Iterator[tuple[str, str]]:
    result = facts["staging"]["result"]
    yield say(language, "likeliest"), f"{result['stage']} ({result['probabilities'][result['stage']]:.1%})"
    for stage in ("S2", "S3", "S4"):
        yield say(language, f"threshold.{stage}"), f"{result['at_least'][stage]:.1%}"
    chosen = ", ".join(result["prediction_set"]) or "–"
    yield say(language, "set", coverage=f"{result['coverage']:.0%}"), chosen
    yield say(language, "bands"), " + ".join(f"{band} ({result['images'][band]})" for band in result["bands"])
    yield say(language, "seconds"), f"{facts['staging']['seconds']:.2f} s"


def _serum(serum: dict[str, Any], language: Language) -> Iterator[tuple[str, str]]:
    for name, label in (("apri", "APRI"), ("fib4", "FIB-4")):
        yield label, f"{serum[name]:.2f}" if serum[name] is not None else say(language, "none")
    for row in serum["values"]:
        bound = " (<)" if row["name"] in serum["bounded"] else ""
        yield row["name"].upper().replace("_", " "), f"{row['value']:g} {row['unit']}{bound}"


def _origin(facts: dict[str, Any], content_hash: str, language: Language) -> Iterator[tuple[str, str]]:
    model, dataset, code = facts["model"], facts["dataset"], facts["code"]
    yield say(language, "model"), f"{model['name']} ({model['architecture']}, {model['protocol']})"
    yield say(language, "weights"), model["weights_sha256"]
    yield say(language, "dataset"), f"{dataset['name']} {dataset['hash']}"
    yield say(language, "code"), f"HepaStage {code['version']} {code['commit'] or ''}".strip()
    for image in facts["images"]:
        yield say(language, "image", band=image["band"]), image["sha256"]
    yield say(language, "content"), content_hash
    if facts["report"]["previous"]:
        yield say(language, "previous"), facts["report"]["previous"]["content_hash"]


def _moment(iso: str) -> str:
    return f"{iso[:10]} {iso[11:19]} UTC"


def _text(words: str, *, size: float = 9.5, bold: bool = False, colour: str = INK) -> Flowable:
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph

    style = ParagraphStyle(
        "text",
        fontName=BOLD if bold else SANS,
        fontSize=size,
        leading=size * 1.4,
        textColor=colour,
        spaceAfter=2,
        wordWrap="CJK" if not all(is_latin(character) for character in words) else None,
    )
    return Paragraph(marked(words), style)


def _heading(language: Language, key: str) -> Flowable:
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph

    style = ParagraphStyle(
        "heading", fontName=BOLD, fontSize=11.5, leading=15, textColor="#0b5f73", spaceBefore=10, spaceAfter=3
    )
    return Paragraph(marked(say(language, key)), style)


def _rows(rows: Iterator[tuple[str, str]], *, small: bool = False) -> Flowable:
    from reportlab.lib.units import mm
    from reportlab.platypus import Table

    size = 7.2 if small else 9
    body = [[_text(label, size=size, colour=QUIET), _text(words, size=size)] for label, words in rows]
    table = Table(body, colWidths=[52 * mm, 122 * mm], hAlign="LEFT")
    table.setStyle(
        [
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LINEBELOW", (0, 0), (-1, -1), 0.3, RULE),
            ("TOPPADDING", (0, 0), (-1, -1), 1),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 1),
            ("LEFTPADDING", (0, 0), (0, -1), 0),
        ]
    )
    return table


def _pictures(facts: dict[str, Any], language: Language) -> Flowable:
    from reportlab.lib.units import mm
    from reportlab.platypus import Image as Picture
    from reportlab.platypus import Table

    cells: list[list[Flowable]] = [[], []]
    for picture in facts["pictures"]:
        png, width, height = png_of(facts, picture)
        scale = min(84 * mm / width, 74 * mm / height)
        cells[0].append(Picture(io.BytesIO(png), width * scale, height * scale))
        words = say(language, "picture", band=say(language, picture["band"]), frame=picture["frame"] + 1)
        if picture["outline"]:
            words += f" · {say(language, 'outlined')}"
        cells[1].append(_text(words, size=8, colour=QUIET))
    table = Table(cells, colWidths=[87 * mm] * len(facts["pictures"]), hAlign="LEFT")
    table.setStyle([("LEFTPADDING", (0, 0), (-1, -1), 0), ("VALIGN", (0, 0), (-1, -1), "BOTTOM")])
    return table


def _bars(probabilities: dict[str, float]) -> Flowable:
    """Five bars on one scale, 0 to 100 %, the stages in their constant colours and named."""
    from reportlab.graphics.shapes import Drawing, Rect, String
    from reportlab.lib.colors import HexColor

    row, length = 14, 300
    drawing = Drawing(length + 110, row * len(probabilities))
    for place, (stage, share) in enumerate(sorted(probabilities.items())):
        y = row * (len(probabilities) - 1 - place) + 3
        drawing.add(String(0, y, stage, fontName=BOLD, fontSize=9, fillColor=HexColor(INK)))
        drawing.add(Rect(28, y - 1, length, 9, fillColor=HexColor("#eef1f4"), strokeColor=None))
        bar = Rect(28, y - 1, max(0.5, length * share), 9, fillColor=HexColor(_stage_colour(stage)))
        bar.strokeColor = None
        drawing.add(bar)
        drawing.add(
            String(length + 36, y, f"{share:.1%}", fontName=SANS, fontSize=9, fillColor=HexColor(INK))
        )
    return drawing
