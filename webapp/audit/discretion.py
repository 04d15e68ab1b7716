"""Words of the log that somebody is not told yet.

An entry repeats what was recorded: a stage, a model's answer, a reviewer's decision. Administrators read the
log and may be readers too, who must not learn a stage before they have read. Rooms above know which words
those are (:func:`keep_back`) and who is to read blindly (:func:`register`); the log asks. The rows
themselves stay as they were written.

With the other columns and its hash a row could be guessed, there being five stages. So hashes are not told
either, and an export, which is for checking them, is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ml.spec import HepaStageError

Blind = Callable[[Any], bool]  # the user, as in the rooms above

_words: dict[str, frozenset[str]] = {}
_blind: list[Blind] = []


class LogBlinded(HepaStageError):
    """An export would tell what its reader is to find without help."""

    code = "audit-blinded"
    remedy = "Lock your open reads first, or ask another administrator for the export."
    http_status = 409


def keep_back(action: str, *words: str) -> None:
    """Words of ``detail`` that a blinded reader is not told, in entries whose action begins so."""
    _words[action] = frozenset(words)


def register(blind: Blind) -> None:
    """``blind(user)``: has this user something to read blindly?"""
    if blind not in _blind:
        _blind.append(blind)


def is_blind(user: Any) -> bool:
    """Whether words are kept back from this user now."""
    return any(blind(user) for blind in _blind)


def refuse_blind(user: Any) -> None:
    """Raise LogBlinded where words are kept back from this user now."""
    if is_blind(user):
        raise LogBlinded("You have exams to read blindly, and this would tell their stages.")


def kept_back(action: str) -> frozenset[str]:
    """The words of such an entry that a blinded reader is not told."""
    return frozenset().union(*(words for begin, words in _words.items() if action.startswith(begin)))
