import logging
import warnings

from django.apps import AppConfig


class ImagingConfig(AppConfig):
    name = "webapp.imaging"
    label = "imaging"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Keep pydicom from commenting on odd values: its comments quote them, names and dates among them."""
        from pydicom import config

        config.settings.reading_validation_mode = config.IGNORE
        logging.getLogger("pydicom").disabled = True
        warnings.filterwarnings("ignore", module=r"pydicom(\..*)?")
