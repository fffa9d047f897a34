from django.apps import AppConfig


class EnrollmentConfig(AppConfig):
    name = "enrollment"

    def ready(self) -> None:
        """Say what this app keeps, decides and has waiting."""
        from enrollment import acts, deciding, models, worklists  # noqa: PLC0415  need the models first
        from enrollment.services import (  # noqa: PLC0415
            assistance_jobs,
            assistance_lists,
            files,
            fund_years,
            go_live,
            go_live_jobs,
            merges,
            payee_accounts,
            refunds,
            roster_jobs,
        )
        from office import history, overview, trail  # noqa: PLC0415
        from office import worklists as office_worklists  # noqa: PLC0415

        trail.register(acts.ACTS)
        office_worklists.register_rounds(deciding.ENROLLMENT, deciding.TO_DECIDE)
        worklists.register()
        overview.register_late(worklists.REMINDERS_LATE)
        overview.register_decisions(deciding.ENROLLMENT)
        services = (assistance_jobs, assistance_lists, files, fund_years, go_live, go_live_jobs, merges)
        for service in (*services, payee_accounts, refunds, roster_jobs):
            service.register()
        history.register(
            models.CampaignDeadline,
            models.CollectionCost,
            models.CollectionSheet,
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
            models.Receipt,
            models.ReceiptBook,
            models.Refund,
            models.Reminder,
            models.Scheme,
            models.SubsidyRate,
            models.Target,
            models.WageRate,
        )
