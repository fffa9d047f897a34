from django.apps import AppConfig

#: Tables of engagements whose rows keep their earlier states, by their models.
KEPT_OF_ENGAGEMENTS = ("Engagement",)
#: Likewise of samples.
KEPT_OF_SAMPLES = ("Population", "Sample", "SampleItem")


class AuditConfig(AppConfig):
    name = "audit"

    def ready(self) -> None:
        """Say what this app does and keeps."""
        from audit import acts, models, worklists_samples  # noqa: PLC0415  need the models first
        from audit.services import sample_items  # noqa: PLC0415
        from office import history, trail  # noqa: PLC0415

        trail.register(acts.ACTS)
        worklists_samples.register()
        sample_items.register()
        history.register(*(getattr(models, name) for name in (*KEPT_OF_ENGAGEMENTS, *KEPT_OF_SAMPLES)))
