"""Claims on those who add to contributions (补助资金申请): what a payer owes, less what was claimed before."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from enrollment.models import FundYear, SubsidyClaim, SubsidyRate
from enrollment.selectors import subsidies as selectors
from office import trail
from office.models import Person
from office.rules import days

RIGHT = "enrollment.add_subsidyclaim"


class CannotClaim(Exception):
    """Nothing is claimed; the message is written for the accountant, `field` is what of his form it is about."""

    def __init__(self, sentence: str, field: str | None = None) -> None:
        super().__init__(sentence)
        self.field = field


@transaction.atomic
def make_claim(
    *,
    fund_year: FundYear,
    payer: str,
    rate: SubsidyRate | None,
    counted_on: date,
    number: str,
    by: Person,
    at: datetime,
) -> SubsidyClaim:
    """Ask a payer for what he owes by a count on a day, less what was claimed before. Raises CannotClaim.

    A count that came down since gives a claim below nothing: what the payer gave too much.
    """
    year = FundYear.objects.select_for_update(of=["self"], no_key=True).select_related("scheme").get(pk=fund_year.pk)
    if year.state != FundYear.State.CONFIRMED:
        raise CannotClaim(_("This fund year is not confirmed yet."))
    if counted_on > days.business_day(at):
        raise CannotClaim(_("This day has not come yet."), "counted_on")
    if not number.strip():
        raise CannotClaim(_("Say under which number."), "number")
    before = SubsidyClaim.objects.filter(fund_year=year, payer=payer, rate=rate).first()
    if before is not None and before.counted_on > counted_on:
        raise CannotClaim(_("Claim %(number)s was counted later.") % {"number": before.number}, "counted_on")
    owed = selectors.of_payer(year, counted_on, payer, rate)
    if owed is None:
        raise CannotClaim(_("The fund year lays nothing down for this payer."))
    if not owed.open:
        raise CannotClaim(_("Nothing is open: all that is due was claimed."))
    return _claim(year, owed, counted_on, number.strip(), by, at)


def _claim(
    year: FundYear, owed: selectors.Due, counted_on: date, number: str, by: Person, at: datetime
) -> SubsidyClaim:
    try:
        with transaction.atomic():
            claim = SubsidyClaim.objects.create(
                fund_year=year,
                payer=owed.payer,
                rate=owed.rate,
                number=number,
                counted_on=counted_on,
                heads=owed.heads,
                due=owed.due,
                claimed_before=owed.claimed,
                amount=owed.open,
                by_township=[[one.code, one.name, one.heads, str(one.due)] for one in owed.places],
                made_by=by,
                made_at=at,
            )
    except IntegrityError as refusal:
        raise CannotClaim(_("This number is taken."), "number") from refusal
    trail.record(
        "subsidy-claim.made",
        claim,
        by=by,
        at=at,
        right=RIGHT,
        number=number,
        payer=owed.payer,
        heads=owed.heads,
        due=owed.due,
        amount=owed.open,
    )
    return claim
