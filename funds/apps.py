from django.apps import AppConfig


class FundsConfig(AppConfig):
    name = "funds"

    def ready(self) -> None:
        """Say what this app keeps and decides."""
        from funds import acts, deciding, models  # noqa: PLC0415  need the models first
        from funds.services import (  # noqa: PLC0415
            bank_accounts,
            budgets,
            final_accounts,
        )
        from office import history, trail  # noqa: PLC0415
        from office import worklists as office_worklists  # noqa: PLC0415

        trail.register(acts.ACTS)
        office_worklists.register_rounds(deciding.FUNDS, deciding.TO_DECIDE)
        bank_accounts.register()
        budgets.register()
        final_accounts.register()
        for model in (
            models.Account,
        for model in (models.BankAccount,):
            models.Book,
            models.Budget,
            models.FinalAccount,
            models.Period,
            models.Slip,
            models.SlipLine,
        ):
            history.register(model)
        history.register(
            models.Assessment,
            models.Premium,
            models.Prepayment,
            models.ProviderPayment,
            models.Recovery,
            models.RetentionTerm,
            models.RiskMove,
            models.SecondAppeal,
            models.SecondLine,
            models.SecondNotice,
            models.SecondRun,
        )
