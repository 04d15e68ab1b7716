"""The search by person, by the beginning of an action, and between two times reads no whole log."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["actor_name", "-number"], name="audit_actor_name"),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["-at", "-number"], name="audit_at"),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                fields=["action", "number"],
                name="audit_action",
                opclasses=["varchar_pattern_ops", "int8_ops"],
            ),
        ),
    ]
