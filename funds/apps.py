from django.apps import AppConfig

#: Tables whose rows keep their earlier states, by their models.
KEPT = (
    "Account",
    "Assessment",
    "BankAccount",
    "Book",
    "Budget",
    "CashCount",
    "FinalAccount",
    "FundRequest",
    "FundsRound",
    "FundsSeat",
    "Match",
    "PaperAnswer",
    "PayeeConfirmation",
    "Payment",
    "PaymentBatch",
    "PaymentOrder",
    "Period",
    "Premium",
    "Prepayment",
    "ProviderPayment",
    "Reconciliation",
    "Recovery",
    "RetentionTerm",
    "RiskMove",
    "SecondAppeal",
    "SecondLine",
    "SecondNotice",
    "SecondRun",
    "Slip",
    "SlipLine",
    "Statement",
    "Voucher",
    "WarningLevel",
)


class FundsConfig(AppConfig):
    name = "funds"

    def ready(self) -> None:
        """Say what this app keeps and decides."""
        from funds import (  # noqa: PLC0415  need the models first
            acts,
            deciding,
            models,
            overview_blocks,
            worklists_banks,
            worklists_books,
            worklists_money_in,
            worklists_payments,
            worklists_settling,
        )
        from funds.services import (  # noqa: PLC0415
            bank_accounts,
            bank_statements,
            book_checks,
            budgets,
            confirmations,
            final_accounts,
            fund_requests,
            months,
            papers,
            reconciled_months,
            reconciliations,
            releasing,
            sending,
            settlement_subjects,
            told_by_banks,
            warning_levels,
        )
        from office import history, trail  # noqa: PLC0415
        from office import worklists as office_worklists  # noqa: PLC0415

        trail.register(acts.ACTS)
        office_worklists.register_rounds(deciding.FUNDS, deciding.TO_DECIDE)
        overview_blocks.register()
        for worklists in (worklists_banks, worklists_books, worklists_money_in, worklists_payments, worklists_settling):
            worklists.register()
        for service in (
            bank_accounts,
            bank_statements,
            book_checks,
            budgets,
            confirmations,
            final_accounts,
            fund_requests,
            months,
            papers,
            reconciled_months,
            reconciliations,
            releasing,
            sending,
            settlement_subjects,
            told_by_banks,
            warning_levels,
        ):
            service.register()
        history.register(*(getattr(models, name) for name in KEPT))
