from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "audit"

    def ready(self) -> None:
        """Say what this app does and keeps."""
        from audit import acts, worklists_seals  # noqa: PLC0415  need the models first
        from audit.prints import seals as seal_prints  # noqa: PLC0415
        from audit.selectors import seals  # noqa: PLC0415
        from office import health, trail  # noqa: PLC0415

        trail.register(acts.ACTS)
        worklists_seals.register()
        seal_prints.register()
        health.register("sealing", lambda now: seals.alarm(now) is None)
