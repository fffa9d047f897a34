from django.apps import AppConfig


class OfficeConfig(AppConfig):
    name = "office"

    def ready(self) -> None:
        """Say what this app has waiting for people."""
        from office import worklists  # noqa: PLC0415  needs the models first

        worklists.register()
