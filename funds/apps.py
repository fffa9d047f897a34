from django.apps import AppConfig


class FundsConfig(AppConfig):
    name = "funds"

    def ready(self) -> None:
        """Say what this app keeps and decides."""
        from funds import acts, deciding, models  # noqa: PLC0415  need the models first
        from funds.services import bank_accounts  # noqa: PLC0415
        from office import history, trail  # noqa: PLC0415
        from office import worklists as office_worklists  # noqa: PLC0415

        trail.register(acts.ACTS)
        office_worklists.register_rounds(deciding.FUNDS, deciding.TO_DECIDE)
        bank_accounts.register()
        from funds.services import confirmations, fund_requests, papers, releasing, sending  # noqa: PLC0415

        for service in (confirmations, fund_requests, papers, releasing, sending):
            service.register()
        for model in (models.Account, models.BankAccount, models.Book, models.Period):
            history.register(model)
        history.register(
            models.FundRequest,
            models.PaperAnswer,
            models.PayeeConfirmation,
            models.Payment,
            models.PaymentBatch,
            models.PaymentOrder,
        )
