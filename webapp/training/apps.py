from django.apps import AppConfig


class TrainingConfig(AppConfig):
    name = "webapp.training"
    label = "training"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from webapp.jobs import discretion
        from webapp.training import concealing

        for kind in ("training.run", "training.import"):
            discretion.register(kind, concealing.events_of_training)
