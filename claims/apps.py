from django.apps import AppConfig


class ClaimsConfig(AppConfig):
    name = "claims"

    def ready(self) -> None:
        """Say what this app keeps, decides and has waiting."""
        from claims import acts, deciding, models, worklists  # noqa: PLC0415  need the models first
        from claims.services import adoption, certificates, injuries, panels, referrals, time_limits  # noqa: PLC0415
        from office import history, trail  # noqa: PLC0415
        from office import worklists as office_worklists  # noqa: PLC0415

        trail.register(acts.ACTS)
        office_worklists.register_rounds(deciding.CLAIMS, deciding.TO_DECIDE)
        worklists.register()
        for one in (adoption, certificates, injuries, panels, referrals, time_limits):
            one.register()
        history.register(
            models.Admission,
            models.BenefitPlan,
            models.CertificateApplication,
            models.ChronicCertificate,
            models.ClaimsRound,
            models.ClaimsSeat,
            models.ExpertPanel,
            models.InjuryConclusion,
            models.OutsideStay,
            models.PanelFinding,
            models.Referral,
            models.TimeLimit,
        )
