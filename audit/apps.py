from django.apps import AppConfig

#: Tables whose rows keep their earlier states, by their models.
KEPT = (
    "AuditReport",
    "BookedMoney",
    "Complaint",
    "Engagement",
    "EvidenceSheet",
    "Finding",
    "Lead",
    "Population",
    "Rectification",
    "Sample",
    "SampleItem",
    "Waiver",
    "WorkPaper",
)


class AuditConfig(AppConfig):
    name = "audit"

    def ready(self) -> None:
        """Say what this app does and keeps."""
        from audit import (  # noqa: PLC0415  need the models first
            acts,
            lead_overview,
            lead_subjects,
            lead_ways,
            models,
            sample_subjects,
            subjects,
            trail_rooms,
            worklists_engagements,
            worklists_leads,
            worklists_samples,
            worklists_seals,
        )
        from audit.prints import seals as seal_prints  # noqa: PLC0415
        from audit.selectors import seals  # noqa: PLC0415
        from audit.services import complaints, evidence, sample_items, waiving  # noqa: PLC0415
        from office import health, history, trail  # noqa: PLC0415

        trail.register(acts.ACTS)
        history.register(*(getattr(models, name) for name in KEPT))
        health.register("sealing", lambda now: seals.alarm(now) is None)
        seal_prints.register()
        worklists_seals.register()
        lead_overview.register()
        lead_ways.register()
        worklists_leads.register()
        subjects.begin()
        lead_subjects.register()
        evidence.register()
        waiving.register()
        complaints.register()
        worklists_engagements.register()
        worklists_samples.register()
        sample_items.register()
        sample_subjects.register()
        trail_rooms.register()
