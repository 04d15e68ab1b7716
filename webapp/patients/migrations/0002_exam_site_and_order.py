"""An exam repeats its patient's site and has a date without nulls, so that lists come in order from one index."""

import datetime

import django.db.models.deletion
import django.db.models.functions.comparison
from django.db import migrations, models


def fill_sites(apps, schema_editor):
    exams = apps.get_model("patients", "Exam").objects
    patients = apps.get_model("patients", "Patient").objects.filter(pk=models.OuterRef("patient"))
    exams.update(site=models.Subquery(patients.values("site")[:1]))


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("patients", "0001_initial"),
    ]

    operations = [
        migrations.RemoveIndex("exam", "exam_by_date"),
        migrations.RemoveIndex("exam", "exam_stage_newest_first"),
        migrations.RemoveIndex("patient", "patient_site_newest_first"),
        migrations.AddField(
            "exam",
            "site",
            models.ForeignKey(
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.site",
            ),
        ),
        migrations.RunPython(fill_sites, migrations.RunPython.noop, elidable=True),
        migrations.AlterField(
            "exam",
            "site",
            models.ForeignKey(
                db_index=False,
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.site",
            ),
        ),
        migrations.AddField(
            "exam",
            "sorting_date",
            models.GeneratedField(
                db_persist=True,
                expression=django.db.models.functions.comparison.Coalesce(
                    "exam_date", models.Value(datetime.date(1, 1, 1))
                ),
                output_field=models.DateField(),
            ),
        ),
        migrations.AddIndex(
            "exam", models.Index(fields=["sorting_date", "id"], name="exam_in_order_of_date")
        ),
        migrations.AddIndex(
            "exam", models.Index(fields=["site", "-created_at", "-id"], name="exam_site_newest_first")
        ),
        migrations.AddIndex(
            "exam", models.Index(fields=["site", "sorting_date", "id"], name="exam_site_in_order_of_date")
        ),
        migrations.AddIndex(
            "exam", models.Index(fields=["stage", "-created_at", "-id"], name="exam_stage_newest_first")
        ),
        migrations.AddIndex(
            "patient", models.Index(fields=["site", "-created_at", "-id"], name="patient_site_newest_first")
        ),
    ]
