"""The four roles, and the groups of roles that permission rows are written with."""

from __future__ import annotations

from django.db import models


class Role(models.TextChoices):
    """What a person is here for. One each; sites say where (``docs/`` has a guide per role)."""

    CLINICIAN = "clinician", "Clinician"
    ANNOTATOR = "annotator", "Annotator"
    RESEARCHER = "researcher", "Researcher"
    ADMINISTRATOR = "administrator", "Administrator"


EVERYONE = frozenset(Role)
ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})
RESEARCHERS = frozenset({Role.RESEARCHER, Role.ADMINISTRATOR})
CLINICIANS = frozenset({Role.CLINICIAN, Role.ADMINISTRATOR})
LABELLERS = frozenset({Role.ANNOTATOR, Role.RESEARCHER, Role.ADMINISTRATOR})
"""Who may record a pathology stage or another label."""
