"""The list of images in its own order; without this index each page sorted all of them."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("imaging", "0104_image_qido")]

    operations = [
        migrations.AddIndex(
            model_name="image",
            index=models.Index(fields=["-created_at", "-id"], name="image_newest_first"),
        ),
    ]
