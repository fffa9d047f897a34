from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        """Celery's settings are in force in every process, so that a page can post to the workers."""
        from config import celery  # noqa: F401, PLC0415  needs the settings first
