"""``python -m tests.bench.load.seeding IMAGES CLINICIANS``, in the environment of an empty house.

The last line of stdout is a JSON list of API tokens, one a clinician of the site that has most exams
and of the one whose runs are watched.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

os.environ["DJANGO_SETTINGS_MODULE"] = "webapp.settings"

import django

django.setup()

from django.db import connection

from tests.bench.worklist import _hospital
from webapp.accounts.models import Site, TokenScope, User
from webapp.accounts.roles import Role
from webapp.accounts.tokens import create_token
from webapp.operations.people import DEMO_SITE
from webapp.staging.models import Staging

SAID: dict[str, Any] = {
    "stage": "S2", "probabilities": {f"S{stage}": 0.2 for stage in range(5)},
    "at_least": {"S2": 0.6, "S3": 0.4, "S4": 0.2}, "prediction_set": ["S1", "S2"], "coverage": 0.9,
    "bands": ["HF", "LF"], "images": {"HF": 1, "LF": 1}, "seconds": 0.1, "warnings": [],
}  # fmt: skip


def answer_in_full(model: Any) -> None:
    """The seeded stagings hold what a list shows; clinicians open them too."""
    about = {name: getattr(model, name) for name in ("name", "sha256", "architecture", "protocol")}
    about |= {"id": str(model.pk), "dataset_hash": model.dataset_hash, "simulated": True}
    Staging.objects.update(result=SAID | {"model": about})
    with connection.cursor() as cursor:  # as autovacuum leaves it: every row has just been written anew
        cursor.execute("VACUUM ANALYZE")


def main(images: int, clinicians: int) -> list[str]:
    hospital, _clients = _hospital()
    hospital.grow(images)
    answer_in_full(hospital.model)
    sites = Site.objects.filter(code__in=["BIG", DEMO_SITE])
    tokens = []
    for number in range(clinicians):
        user = User.objects.create(username=f"clinician-{number}", role=Role.CLINICIAN)
        user.sites.set(sites)
        tokens.append(create_token(user=user, name="load", scope=TokenScope.READ, days=None)[1])
    return tokens


if __name__ == "__main__":
    print("\n" + json.dumps(main(int(sys.argv[1]), int(sys.argv[2]))))
