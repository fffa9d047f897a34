from django.apps import AppConfig


class FundsConfig(AppConfig):
    name = "funds"

    def ready(self) -> None:
        """Say what this app keeps and decides."""
        from funds import acts, deciding, models  # noqa: PLC0415  need the models first
        from funds.services import (  # noqa: PLC0415
            bank_accounts,
            confirmations,
            fund_requests,
            papers,
            reconciled_months,
            reconciliations,
            releasing,
            sending,
            statements,
        )
        from office import history, trail  # noqa: PLC0415
        from office import worklists as office_worklists  # noqa: PLC0415

        trail.register(acts.ACTS)
        office_worklists.register_rounds(deciding.FUNDS, deciding.TO_DECIDE)
        for service in (bank_accounts, reconciled_months, reconciliations, statements):
            service.register()
        history.register(
            models.Account,
            models.BankAccount,
            models.Book,
            models.CashCount,
            models.Match,
            models.Period,
            models.Reconciliation,
            models.Statement,
        )
        # payments
        for service in (confirmations, fund_requests, papers, releasing, sending):
            service.register()
        history.register(
            models.FundRequest,
            models.PaperAnswer,
            models.PayeeConfirmation,
            models.Payment,
            models.PaymentBatch,
            models.PaymentOrder,
        )
