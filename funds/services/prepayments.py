"""Prepayments to hospitals (总额预付): asked for by the accountant, decided by the head or by finance, then paid."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.models import Agreement, Provider
from claims.selectors import paying_to
from claims.services.locks import refusing
from funds.models import Book, PostingKind, Prepayment
from funds.rules.postings import debit
from funds.services import asking, orders
from funds.services.asking import CannotAsk, Subject
from funds.services.orders import Payee
from office.models import Duty, Person
from office.rules import days
from office.rules.rounds import Required


@refusing("prepayment.proposed", CannotAsk, about="book")
def _propose(
    *, book: Book, provider: Provider, year: int, amount: Decimal, paper: str, words: str, by: Person, at: datetime
) -> Prepayment:
    today = days.business_day(at)
    if amount <= 0:
        raise CannotAsk(_("Say how much."), "amount")
    if not Agreement.objects.on(today).filter(provider=provider, scheme=book.scheme_id).exists():
        raise CannotAsk(_("This provider has no agreement with the scheme today."), "provider")
    payee_of(provider)
    asked = Prepayment(book=book, provider=provider, year=year, amount=amount, paper=paper, words=words, on=today)
    asking.ask(asked, SUBJECT, by=by, at=at)
    asking.open_round(asked, SUBJECT, by=by, at=at)
    return asked


def propose(
    *, book: Book, provider: Provider, year: int, amount: Decimal, paper: str, words: str = "", by: Person, at: datetime
) -> Prepayment:
    """Ask that a hospital gets money ahead of its settlements of a year. Raises CannotAsk."""
    done: Prepayment = _propose(
        book=book, provider=provider, year=year, amount=amount, paper=paper, words=words, by=by, at=at
    )
    return done


def payee_of(provider: Provider) -> Payee:
    """Where a provider is paid to. Raises CannotAsk where two people have confirmed no account."""
    known = paying_to.account_of(provider)
    if known is None:
        raise CannotAsk(_("%(provider)s has no confirmed account.") % {"provider": provider}, "provider")
    return Payee(kind="provider", name=known.holder, bank=known.bank, account=known.number)


def _approved(asked: Prepayment, by: Person, at: datetime) -> str:
    orders.order_payment(
        book=asked.book,
        key=f"prepayment:{asked.number}",
        kind=PostingKind.PREPAID,
        place="",
        payee=payee_of(asked.provider),
        amount=asked.amount,
        lines=[debit("prepaid", asked.amount, asked.provider.name)],
        summary=_("Prepaid to %(provider)s for %(year)s") % {"provider": asked.provider, "year": asked.year},
        subject=asked,
        by=asked.proposed_by,
        checked_by=by,
        at=at,
    )
    return _("Its payment is ordered.")


SUBJECT: Final = Subject(
    model=Prepayment,
    prefix="YF",
    act="prepayment",
    title=gettext_lazy("Prepayment to a hospital"),
    required=Required(rule="funds.prepayment", version="1", duties=(Duty.OFFICE_HEAD, Duty.FINANCE_REVIEWER)),
    approved=_approved,
    pays=True,
    page="funds:prepayment",
    known=("book", "provider", "proposed_by"),
)
