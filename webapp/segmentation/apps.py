from django.apps import AppConfig


class SegmentationConfig(AppConfig):
    name = "webapp.segmentation"
    label = "segmentation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from webapp.datasets import cropping
        from webapp.reading import provenance
        from webapp.segmentation.looking import Segmenters, proposed

        cropping.register(Segmenters())
        provenance.register(proposed)
