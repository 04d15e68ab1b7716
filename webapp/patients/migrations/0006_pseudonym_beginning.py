"""The beginning of a pseudonym is found through its index in any collation of PostgreSQL."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("patients", "0005_curation")]

    operations = [
        migrations.RemoveIndex(model_name="patient", name="patient_pseudonym_search"),
        migrations.AddIndex(
            model_name="patient",
            index=models.Index(
                fields=["pseudonym"], name="patient_pseudonym_search", opclasses=["varchar_pattern_ops"]
            ),
        ),
    ]
