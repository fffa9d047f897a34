from django.apps import AppConfig


class ClaimsConfig(AppConfig):
    name = "claims"

    def ready(self) -> None:
        """Say what this app keeps, decides and has waiting."""
        from claims import acts, deciding, models, worklists  # noqa: PLC0415  need the models first
        from claims.services import adoption  # noqa: PLC0415
        from office import history, trail  # noqa: PLC0415
        from office import worklists as office_worklists  # noqa: PLC0415

        trail.register(acts.ACTS)
        office_worklists.register_rounds(deciding.CLAIMS, deciding.TO_DECIDE)
        worklists.register()
        adoption.register()
        history.register(models.BenefitPlan, models.ClaimsRound, models.ClaimsSeat)
