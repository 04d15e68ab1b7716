"""The one root of every error that a user may read: a stable code, a sentence and a remedy.

Subclasses live beside what raises them; the command line, the API and the browser translate
them at the edge by :attr:`HepaStageError.code`.
"""

from __future__ import annotations


class HepaStageError(Exception):
    """An expected failure with a stable ``code`` (kebab-case), a ``message`` and a ``remedy``."""

    code: str = "unexpected"
    remedy: str = ""

    def __init__(self, message: str, *, code: str | None = None, remedy: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        if code is not None:
            self.code = code
        if remedy is not None:
            self.remedy = remedy

    def as_dict(self) -> dict[str, str]:
        """``{"code", "message", "remedy"}``, the shape that reports and the API use."""
        return {"code": self.code, "message": self.message, "remedy": self.remedy}
