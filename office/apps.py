from django.apps import AppConfig


class OfficeConfig(AppConfig):
    name = "office"

    def ready(self) -> None:
        """Say what this app has waiting for people, and who may read the files of its subjects."""
        from office import acts, jobs, overview_blocks, trail, worklists  # noqa: PLC0415  need the models first
        from office.services import requests  # noqa: PLC0415

        trail.register(acts.ACTS)
        worklists.register()
        overview_blocks.register()
        jobs.register()
        requests.register()
