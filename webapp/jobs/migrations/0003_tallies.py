"""Numbers that only grow; attempts at jobs are counted once from the logs that there are."""

import json
from collections import defaultdict

from django.db import migrations, models


def count_what_was(apps, schema_editor):
    """An attempt ends with the next transition behind ``running``; ``queued`` there means once more."""
    events = apps.get_model("jobs", "JobEvent").objects.filter(kind="state").order_by("job", "seq")
    numbers: dict[tuple[str, str], list[float]] = defaultdict(lambda: [0, 0.0])
    begun = None
    for job, kind, data, at in events.values_list("job", "job__kind", "data", "at").iterator():
        state = data.get("state", "")
        if begun is not None and begun[0] == job:
            outcome = "again" if state == "queued" else state
            numbers[kind, outcome][0] += 1
            numbers[kind, outcome][1] += max(0.0, (at - begun[1]).total_seconds())
        begun = (job, at) if state == "running" else None
    tallies = []
    for (kind, outcome), (runs, seconds) in numbers.items():
        labels = json.dumps({"kind": kind, "outcome": outcome}, sort_keys=True)
        tallies += [
            apps.get_model("jobs", "Tally")(metric=metric, labels=labels, value=value)
            for metric, value in (("job_runs", runs), ("job_run_seconds", seconds))
        ]
    apps.get_model("jobs", "Tally").objects.bulk_create(tallies)


class Migration(migrations.Migration):
    dependencies = [
        ("jobs", "0002_sites_of_a_job"),
    ]

    operations = [
        migrations.CreateModel(
            name="Tally",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("metric", models.CharField(max_length=60)),
                ("labels", models.CharField(max_length=200)),
                ("value", models.FloatField(default=0.0)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("metric", "labels"), name="tally_once")],
            },
        ),
        migrations.RunPython(count_what_was, migrations.RunPython.noop),
    ]
