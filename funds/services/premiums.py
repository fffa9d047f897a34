"""Premiums for critical-illness cover (购买大病保险): so many people at so much a head, by instalments."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from django.db.models import Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.services.locks import refusing
from funds.models import Book, PostingKind, Premium
from funds.rules import settling as rules
from funds.rules.postings import debit
from funds.services import asking, orders
from funds.services.asking import CannotAsk, Subject
from funds.services.orders import Payee
from office.models import Duty, Person
from office.rules import days
from office.rules.rounds import Required

ACCOUNT: Final = re.compile(r"[0-9]{8,32}")


@dataclass(frozen=True)
class PremiumOf:
    """A premium as its contract states it; `share` is what is paid with this instalment, percent."""

    year: int
    heads: int
    per_head: Decimal
    insurer: str
    bank: str
    account: str
    paper: str
    instalment: int = 1
    share: Decimal = rules.HUNDRED
    words: str = ""


@refusing("premium.proposed", CannotAsk, about="book")
def _propose(*, book: Book, stated: PremiumOf, by: Person, at: datetime) -> Premium:
    Book.objects.select_for_update(no_key=True).get(pk=book.pk)
    _refuse(book, stated)
    asked = Premium(
        book=book,
        year=stated.year,
        instalment=stated.instalment,
        heads=stated.heads,
        per_head=stated.per_head,
        share=stated.share,
        amount=rules.fen(stated.heads * stated.per_head * stated.share / rules.HUNDRED),
        insurer=stated.insurer.strip(),
        bank=stated.bank.strip(),
        account=stated.account,
        paper=stated.paper,
        words=stated.words,
        on=days.business_day(at),
    )
    asking.ask(asked, SUBJECT, by=by, at=at)
    asking.open_round(asked, SUBJECT, by=by, at=at)
    return asked


def propose(*, book: Book, stated: PremiumOf, by: Person, at: datetime) -> Premium:
    """Ask that an instalment of a premium is paid. Raises CannotAsk."""
    done: Premium = _propose(book=book, stated=stated, by=by, at=at)
    return done


def _refuse(book: Book, stated: PremiumOf) -> None:
    if stated.heads <= 0 or stated.per_head <= 0:
        raise CannotAsk(_("Say for how many people, and how much a head."), "heads")
    if not stated.insurer.strip() or not stated.bank.strip():
        raise CannotAsk(_("Name the insurer and its bank."), "insurer")
    if not ACCOUNT.fullmatch(stated.account):
        raise CannotAsk(_("An account number has 8 to 32 digits."), "account")
    others = Premium.objects.filter(book=book, year=stated.year, state__in=Premium.LIVE)
    known = others.exclude(instalment=stated.instalment).aggregate(sum=Sum("share", default=Decimal(0)))["sum"]
    if not 0 < stated.share <= rules.HUNDRED - known:
        raise CannotAsk(
            _("Of this year's premium %(left)s percent are left to pay.") % {"left": rules.HUNDRED - known}, "share"
        )


def _approved(asked: Premium, by: Person, at: datetime) -> str:
    orders.order_payment(
        book=asked.book,
        key=f"premium:{asked.number}",
        kind=PostingKind.PREMIUM,
        place="",
        payee=Payee(kind="insurer", name=asked.insurer, bank=asked.bank, account=asked.account),
        amount=asked.amount,
        lines=[debit("premium_spending", asked.amount, asked.insurer)],
        summary=_("Critical-illness premium of %(year)s, instalment %(instalment)s")
        % {"year": asked.year, "instalment": asked.instalment},
        subject=asked,
        by=asked.proposed_by,
        checked_by=by,
        at=at,
    )
    return _("Its payment is ordered.")


SUBJECT: Final = Subject(
    model=Premium,
    prefix="DB",
    act="premium",
    title=gettext_lazy("Critical-illness premium"),
    required=Required(rule="funds.premium", version="1", duties=(Duty.OFFICE_HEAD, Duty.FINANCE_REVIEWER)),
    approved=_approved,
    pays=True,
    page="funds:premium",
)
