from django.apps import AppConfig


class EnrollmentConfig(AppConfig):
    name = "enrollment"

    def ready(self) -> None:
        """Say what this app keeps, decides and has waiting."""
        from enrollment import acts, deciding, models  # noqa: PLC0415  need the models first
        from enrollment.services import (  # noqa: PLC0415
            files,
            fund_years,
            go_live,
            go_live_jobs,
            merges,
            payee_accounts,
            roster_jobs,
        )
        from office import history, trail, worklists  # noqa: PLC0415

        trail.register(acts.ACTS)
        worklists.register_rounds(deciding.ENROLLMENT, deciding.TO_DECIDE)
        for service in (files, fund_years, go_live, go_live_jobs, merges, payee_accounts, roster_jobs):
            service.register()
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
            models.WageRate,
        )
