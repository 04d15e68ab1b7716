"""Reason codes in ``docs/intake.md``, from the code: ``python -m tests.webapp.imaging.reasons_page``.

English is what the server says (``webapp/imaging/outcomes.py``, ``ml/dicom/refusal.py``), Chinese what the
browser shows for the code (``frontend/src/i18n/zh/server.ts``).
"""

from __future__ import annotations

import os
import re
import sys
import tempfile

from tests.conftest import ROOT

PAGE = ROOT / "docs" / "intake.md"
BEGIN, END = "<!-- reasons: begin -->\n", "<!-- reasons: end -->\n"
CHINESE = ROOT / "frontend" / "src" / "i18n" / "zh" / "server.ts"
_TEXT = r'("[^"]*"|`[^`]*`|[A-Z_]+)'


def chinese() -> dict[str, tuple[str, str]]:
    """``code → (sentence, remedy)`` as the dictionary of the browser app has it."""
    source = CHINESE.read_text()
    constants: dict[str, str] = {}
    for name, text in re.findall(rf"^const ([A-Z_]+) = {_TEXT};", source, re.MULTILINE):
        constants[name] = _resolved(text, constants)
    entry = rf'^ {{2}}"?([a-z-]+)"?: \{{\s*message:\s*{_TEXT},\s*remedy:\s*{_TEXT},?\s*\}}'
    return {
        code: (_resolved(message, constants), _resolved(remedy, constants))
        for code, message, remedy in re.findall(entry, source, re.MULTILINE)
    }


def _resolved(text: str, constants: dict[str, str]) -> str:
    if text in constants:
        return constants[text]
    return re.sub(r"\$\{([A-Z_]+)\}", lambda match: constants[match[1]], text[1:-1])


def table() -> str:
    """One row for each code of a file, by outcome."""
    from ml.dicom import REASONS as DICOM_REASONS
    from webapp.imaging.outcomes import REASONS, Outcome, wording

    words = chinese()
    lines = ["| outcome | code | what it says | what to do |", "|---|---|---|---|"]
    for outcome in Outcome:
        for code in [*REASONS, *DICOM_REASONS]:
            found, sentence, remedy = wording(code)
            if found != outcome:
                continue
            other, otherwise = words[code]
            what = f"{sentence}<br>{other}"
            todo = f"{remedy}<br>{otherwise}" if remedy else ""
            lines.append(f"| {outcome.value} | `{code}` | {what} | {todo} |")
    return "\n".join(lines) + "\n"


def page() -> str:
    """The whole page with the table put in."""
    before, _, rest = PAGE.read_text().partition(BEGIN)
    return before + BEGIN + table() + END + rest.partition(END)[2]


if __name__ == "__main__":
    import django

    with tempfile.TemporaryDirectory() as home:  # reading the settings makes a secret key
        os.environ |= {"HEPASTAGE_HOME": home, "DJANGO_SETTINGS_MODULE": "webapp.settings"}
        django.setup()
        PAGE.write_text(page())
    sys.exit(0)
