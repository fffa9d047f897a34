from django.apps import AppConfig


class FundsConfig(AppConfig):
    name = "funds"

    def ready(self) -> None:
        """Say what this app keeps and decides."""
        from funds import acts, deciding, models  # noqa: PLC0415  need the models first
        from funds.services import (  # noqa: PLC0415
            bank_accounts,
            bank_statements,
            budgets,
            final_accounts,
            reconciled_months,
            reconciliations,
        )
        from office import history, trail  # noqa: PLC0415
        from office import worklists as office_worklists  # noqa: PLC0415

        trail.register(acts.ACTS)
        office_worklists.register_rounds(deciding.FUNDS, deciding.TO_DECIDE)
        for service in (
            bank_accounts,
            bank_statements,
            budgets,
            final_accounts,
            reconciled_months,
            reconciliations,
        ):
            service.register()
        history.register(
            models.Account,
            models.Assessment,
            models.BankAccount,
            models.Book,
            models.Budget,
            models.CashCount,
            models.FinalAccount,
            models.Match,
            models.Period,
            models.Premium,
            models.Prepayment,
            models.ProviderPayment,
            models.Reconciliation,
            models.Recovery,
            models.RetentionTerm,
            models.RiskMove,
            models.SecondAppeal,
            models.SecondLine,
            models.SecondNotice,
            models.SecondRun,
            models.Slip,
            models.SlipLine,
            models.Statement,
        )
