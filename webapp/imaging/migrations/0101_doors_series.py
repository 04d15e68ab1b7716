"""The series of an image, so that DICOMweb finds it without opening files; read once from those stored."""

from pathlib import Path

import pydicom
from django.conf import settings
from django.db import migrations, models


def read_series(apps, schema_editor):
    """A stored file that is missing leaves the series empty; the storage check reports the file."""
    image_model = apps.get_model("imaging", "Image")
    for image in image_model.objects.filter(series_uid="").only("pk", "sha256").iterator(chunk_size=500):
        path = Path(settings.STORAGE_DIR) / "images" / image.sha256[:2] / image.sha256
        try:
            header = pydicom.dcmread(path, stop_before_pixels=True, specific_tags=["SeriesInstanceUID"])
        except (OSError, ValueError, pydicom.errors.InvalidDicomError):
            continue
        image_model.objects.filter(pk=image.pk).update(series_uid=str(header.get("SeriesInstanceUID", "")))


class Migration(migrations.Migration):
    dependencies = [("imaging", "0002_initial")]

    operations = [
        migrations.AddField(
            model_name="image",
            name="series_uid",
            field=models.CharField(blank=True, default="", max_length=64),
        ),
        migrations.AddIndex(
            model_name="image",
            index=models.Index(fields=["series_uid"], name="image_series"),
        ),
        migrations.RunPython(read_series, migrations.RunPython.noop),
    ]
