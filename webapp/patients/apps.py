from django.apps import AppConfig


class PatientsConfig(AppConfig):
    name = "webapp.patients"
    label = "patients"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from webapp.audit import discretion
        from webapp.patients import veil

        discretion.register(veil.is_blind)
        discretion.keep_back("stage.recorded", "stage", "source", "before")
