from django.apps import AppConfig


class FundsConfig(AppConfig):
    name = "funds"

    def ready(self) -> None:
        """Say what this app keeps and decides."""
        from funds import acts, deciding, models  # noqa: PLC0415  need the models first
        from funds.services import budgets, final_accounts, warning_levels  # noqa: PLC0415
        from office import history, trail  # noqa: PLC0415
        from office import worklists as office_worklists  # noqa: PLC0415

        trail.register(acts.ACTS)
        office_worklists.register_rounds(deciding.FUNDS, deciding.TO_DECIDE)
        budgets.register()
        final_accounts.register()
        warning_levels.register()
        for model in (
            models.Account,
            models.Book,
            models.Budget,
            models.FinalAccount,
            models.Period,
            models.Slip,
            models.SlipLine,
            models.WarningLevel,
        ):
            history.register(model)
