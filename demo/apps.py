from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "demo"

    def ready(self) -> None:
        """The sign-in page of a demo database shows its sign-ins."""
        from demo import signins  # noqa: PLC0415  needs the models first
        from office import signin  # noqa: PLC0415

        signin.register(signins.shown)
