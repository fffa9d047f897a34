"""What of settlements is asked for and decided: made known once when the app is ready."""

from __future__ import annotations

from typing import Final

from funds.services import (
    asking,
    assessments,
    premiums,
    prepayments,
    provider_payments,
    recoveries,
    retention_terms,
    risk_fund,
    second_paying,
    second_runs,
)
from funds.services.asking import Subject

SUBJECTS: Final[tuple[Subject, ...]] = (
    provider_payments.SUBJECT,
    prepayments.SUBJECT,
    retention_terms.SUBJECT,
    assessments.SUBJECT,
    premiums.SUBJECT,
    risk_fund.SUBJECT,
    recoveries.SUBJECT,
)


def register() -> None:
    """Called once when the app is ready."""
    for subject in SUBJECTS:
        asking.register(subject)
    second_runs.register()
    second_paying.register()
