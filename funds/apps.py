from django.apps import AppConfig


class FundsConfig(AppConfig):
    name = "funds"

    def ready(self) -> None:
        """Say what this app keeps and decides."""
        from funds import acts, deciding, models  # noqa: PLC0415  need the models first
        from office import history, trail  # noqa: PLC0415
        from office import worklists as office_worklists  # noqa: PLC0415

        from funds.services import settlement_subjects  # noqa: PLC0415

        trail.register(acts.ACTS)
        settlement_subjects.register()
        office_worklists.register_rounds(deciding.FUNDS, deciding.TO_DECIDE)
        for model in (models.Account, models.Book, models.Period):
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
