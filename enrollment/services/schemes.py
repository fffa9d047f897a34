"""Schemes of the office: added once, never mixed."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from enrollment.models import Scheme
from office import trail
from office.models import Person


class CannotAddScheme(Exception):
    """No scheme was added; the message is written for the accountant."""


def add_scheme(
    *,
    code: str,
    name: str,
    insures: str,
    is_basic: bool,
    account: str,
    contribution: str = Scheme.Contribution.FIXED,
    by: Person,
    at: datetime,
) -> Scheme:
    """Make a scheme known; it insures nobody before a fund year of it is confirmed. Raises CannotAddScheme."""
    if insures == Scheme.Insures.PERSON and account == Scheme.Account.HOUSEHOLD:
        raise CannotAddScheme(_("A scheme that insures single people has no household account."))
    if insures == Scheme.Insures.HOUSEHOLD and contribution == Scheme.Contribution.WAGES:
        raise CannotAddScheme(_("Out of wages single people are insured, not whole households."))
    try:
        with transaction.atomic():
            added = Scheme.objects.create(
                code=code,
                name=name,
                insures=insures,
                is_basic=is_basic,
                account=account,
                contribution=contribution,
            )
            trail.record(
                "scheme.added",
                added,
                by=by,
                at=at,
                right="enrollment.add_scheme",
                code=code,
                insures=insures,
                basic=is_basic,
                account=account,
                contribution=contribution,
            )
    except IntegrityError as refusal:
        raise CannotAddScheme(_("There is a scheme of this code already.")) from refusal
    return added
