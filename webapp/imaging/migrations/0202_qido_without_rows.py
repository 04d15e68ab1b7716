"""QIDO-RS walks keys of released images in one index, with the exam that says whose they are."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("imaging", "0201_records_image_newest")]

    operations = [
        migrations.AddIndex(
            model_name="image",
            index=models.Index(
                fields=["study_key", "series_uid", "sop_key", "exam"],
                name="image_qido_released",
                condition=models.Q(released=True),
            ),
        ),
        migrations.RemoveIndex(model_name="image", name="image_qido"),
    ]
