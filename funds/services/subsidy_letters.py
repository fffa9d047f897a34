"""Letters that ask a payer for what he owes of a fund year (催拨函): as of a day, by instalment, frozen."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from claims.services.locks import refusing
from enrollment.models import FundYear
from funds.models import Book, SubsidyLetter
from funds.selectors import money_in as selectors
from office import trail
from office.models import Person
from office.rules import days

RIGHT: Final = "funds.add_subsidyletter"


class CannotWrite(Exception):
    """No letter was made; the message is written for the accountant, `field` is what of his form it is about."""

    def __init__(self, sentence: str, field: str | None = None) -> None:
        super().__init__(sentence)
        self.field = field


@refusing("subsidy-letter.made", CannotWrite, about="book")
def write(
    *,
    book: Book,
    fund_year: FundYear,
    payer: str,
    number: str,
    pay_by: date,
    words: str = "",
    by: Person,
    at: datetime,
) -> SubsidyLetter:
    """Ask a payer for what he owes. Raises CannotWrite."""
    today = days.business_day(at)
    if not number.strip():
        raise CannotWrite(_("Say under which number."), "number")
    if pay_by <= today:
        raise CannotWrite(_("The day by which is to be paid is still to come."), "pay_by")
    found = [one for one in selectors.owed(fund_year) if one.payer == payer and one.owed > 0]
    if fund_year.scheme_id != book.scheme_id or not found:
        raise CannotWrite(_("Nothing is owed by this payer."))
    due, arrived, owed = selectors.together(found)
    try:
        with transaction.atomic():
            letter = SubsidyLetter.objects.create(
                book=book,
                fund_year=fund_year,
                payer=payer,
                number=number.strip(),
                as_of=today,
                due=due,
                arrived=arrived,
                owed=owed,
                by_instalment=[
                    [
                        str(one.rate.instalment) if one.rate else "",
                        one.rate.due_on.isoformat() if one.rate else "",
                        str(one.due),
                        str(one.arrived),
                        str(one.owed),
                    ]
                    for one in found
                ],
                pay_by=pay_by,
                words=words.strip(),
                made_by=by,
                made_at=at,
            )
    except IntegrityError as refusal:
        raise CannotWrite(_("This number is taken."), "number") from refusal
    trail.record("subsidy-letter.made", letter, by=by, at=at, right=RIGHT, payer=payer, owed=owed, number=number)
    return letter
