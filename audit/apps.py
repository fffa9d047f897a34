from django.apps import AppConfig

#: Tables of engagements whose rows keep their earlier states, by their models.
KEPT_OF_ENGAGEMENTS = (
    "AuditReport",
    "BookedMoney",
    "Engagement",
    "EvidenceSheet",
    "Finding",
    "Rectification",
    "WorkPaper",
)
#: Likewise of samples.
KEPT_OF_SAMPLES = ("Population", "Sample", "SampleItem")


class AuditConfig(AppConfig):
    name = "audit"

    def ready(self) -> None:
        """Say what this app does and keeps."""
        from audit import (  # noqa: PLC0415  need the models first
            acts,
            models,
            sample_subjects,
            subjects,
            worklists_engagements,
            worklists_samples,
        )
        from audit.services import evidence, sample_items  # noqa: PLC0415
        from office import history, trail  # noqa: PLC0415

        trail.register(acts.ACTS)
        history.register(*(getattr(models, name) for name in (*KEPT_OF_ENGAGEMENTS, *KEPT_OF_SAMPLES)))
        subjects.begin()
        evidence.register()
        worklists_engagements.register()
        worklists_samples.register()
        sample_items.register()
        sample_subjects.register()
