from django.apps import AppConfig


class FundsConfig(AppConfig):
    name = "funds"

    def ready(self) -> None:
        """Say what this app keeps and decides."""
        from funds import acts, deciding, models, worklists_books  # noqa: PLC0415  need the models first
        from funds.services import book_checks, months  # noqa: PLC0415
        from office import history, trail  # noqa: PLC0415
        from office import worklists as office_worklists  # noqa: PLC0415

        trail.register(acts.ACTS)
        office_worklists.register_rounds(deciding.FUNDS, deciding.TO_DECIDE)
        worklists_books.register()
        for service in (book_checks, months):
            service.register()
        for model in (models.Account, models.Book, models.Period, models.Voucher):
            history.register(model)
