"""How unsure the newest answer about an exam is: what readers' queues are ordered by, never shown there."""

from __future__ import annotations

import math
import uuid
from collections.abc import Mapping, Sequence

from webapp.jobs.models import JobState
from webapp.staging.models import Staging


def entropy(probabilities: Mapping[str, float]) -> float:
    """Shannon entropy in nats: 0 where the model is certain, ln 5 where it knows nothing."""
    return -sum(share * math.log(share) for share in probabilities.values() if share > 0)


def entropies(exams: Sequence[uuid.UUID]) -> dict[uuid.UUID, float]:
    """Entropy of the newest finished staging of each of these exams that has one."""
    found: dict[uuid.UUID, float] = {}
    rows = Staging.objects.filter(exam__in=exams, job__state=JobState.SUCCEEDED, result__isnull=False)
    for exam, result in rows.order_by("created_at", "id").values_list("exam", "result"):
        if result is not None:
            found[exam] = entropy(result["probabilities"])  # a newer row takes the older one's place
    return found
