from django.apps import AppConfig

#: Tables whose rows keep their earlier states, by their models.
KEPT = (
    "Account",
    "Assessment",
    "BankAccount",
    "Book",
    "Budget",
    "FinalAccount",
    "Period",
    "Premium",
    "Prepayment",
    "ProviderPayment",
    "Recovery",
    "RetentionTerm",
    "RiskMove",
    "SecondAppeal",
    "SecondLine",
    "SecondNotice",
    "SecondRun",
    "Slip",
    "SlipLine",
)


class FundsConfig(AppConfig):
    name = "funds"

    def ready(self) -> None:
        """Say what this app keeps and decides."""
        from funds import acts, deciding, models  # noqa: PLC0415  need the models first
        from funds.services import bank_accounts, budgets, final_accounts  # noqa: PLC0415
        from office import history, trail  # noqa: PLC0415
        from office import worklists as office_worklists  # noqa: PLC0415

        from funds.services import settlement_subjects  # noqa: PLC0415

        trail.register(acts.ACTS)
        settlement_subjects.register()
        office_worklists.register_rounds(deciding.FUNDS, deciding.TO_DECIDE)
        bank_accounts.register()
        budgets.register()
        final_accounts.register()
        history.register(*(getattr(models, name) for name in KEPT))
