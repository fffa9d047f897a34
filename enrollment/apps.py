from django.apps import AppConfig


class EnrollmentConfig(AppConfig):
    name = "enrollment"

    def ready(self) -> None:
        """Say what this app keeps, decides and has waiting."""
        from enrollment import acts, models  # noqa: PLC0415  need the models first
        from enrollment.services import roster_jobs  # noqa: PLC0415
        from enrollment.services import files, merges, payee_accounts  # noqa: PLC0415
        from office import history, trail  # noqa: PLC0415

        trail.register(acts.ACTS)
        roster_jobs.register()
        history.register(
            models.Contribution,
            models.ContributionRate,
            models.Coverage,
            models.Division,
            models.EnrollmentRound,
            models.EnrollmentSeat,
            models.FundYear,
            models.GoLiveProtocol,
            models.Household,
            models.HouseholdException,
            models.Member,
            models.MemberMerge,
            models.PayeeAccount,
            models.Population,
            models.Scheme,
            models.SubsidyRate,
            models.Target,
        )
        files.register()
        merges.register()
        payee_accounts.register()
