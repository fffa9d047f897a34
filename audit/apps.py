from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "audit"

    def ready(self) -> None:
        """Say what this app does and keeps."""
        from audit import acts, trail_rooms  # noqa: PLC0415  need the models first
        from office import trail  # noqa: PLC0415

        trail.register(acts.ACTS)
        trail_rooms.register()
