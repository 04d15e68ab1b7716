from django.apps import AppConfig
from django.db.models.signals import post_migrate


class StagingConfig(AppConfig):
    name = "webapp.staging"
    label = "staging"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from webapp.reading import ranking
        from webapp.staging import immutability, uncertainty

        ranking.register_entropies(uncertainty.entropies)
        post_migrate.connect(immutability.install_after_migrate, sender=self)
