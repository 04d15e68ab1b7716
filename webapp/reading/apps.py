from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ReadingConfig(AppConfig):
    name = "webapp.reading"
    label = "reading"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from webapp.patients import veil
        from webapp.reading import blinding, immutability

        veil.register(blinding.still_to_read)
        post_migrate.connect(immutability.install_after_migrate, sender=self)
