from django.apps import AppConfig

#: Tables whose rows keep their earlier states, by their models.
KEPT = ("Complaint", "Lead")


class AuditConfig(AppConfig):
    name = "audit"

    def ready(self) -> None:
        """Say what this app does and keeps."""
        from audit import (  # noqa: PLC0415  need the models first
            acts,
            lead_overview,
            lead_ways,
            models,
            worklists_leads,
        )
        from office import history, trail  # noqa: PLC0415

        trail.register(acts.ACTS)
        history.register(*(getattr(models, name) for name in KEPT))
        lead_overview.register()
        lead_ways.register()
        worklists_leads.register()
