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
    "Match",
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
)


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
        bank_accounts.register()
        bank_statements.register()
        budgets.register()
        final_accounts.register()
        reconciled_months.register()
        reconciliations.register()
        history.register(*(getattr(models, name) for name in KEPT))
