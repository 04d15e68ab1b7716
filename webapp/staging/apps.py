from django.apps import AppConfig
from django.db.models.signals import post_migrate


class StagingConfig(AppConfig):
    name = "webapp.staging"
    label = "staging"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from webapp.audit import discretion
        from webapp.reading import ranking
        from webapp.staging import immutability, uncertainty

        ranking.register_entropies(uncertainty.entropies)
        discretion.keep_back("staging.answered", "stage")
        discretion.keep_back("review.", "decision")
        discretion.keep_back("report.", "decision", "stage", "content_hash", "previous")
        post_migrate.connect(immutability.install_after_migrate, sender=self)
