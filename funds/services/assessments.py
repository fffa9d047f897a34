"""Assessing a provider's year (年度考核): what was kept is given back by the score, the rest is the fund's income."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.models import Provider
from claims.services.locks import refusing
from funds.models import Assessment, Book, PostingKind
from funds.rules import settling as rules
from funds.rules.postings import debit
from funds.selectors import settling as selectors
from funds.services import asking, orders, postings
from funds.services.asking import CannotAsk, Subject
from funds.services.postings import PostingOf
from funds.services.prepayments import payee_of
from office.models import Duty, Person
from office.rules import days
from office.rules.rounds import Required


@refusing("assessment.proposed", CannotAsk, about="provider")
def _propose(
    *, book: Book, provider: Provider, year: int, score: Decimal, paper: str, words: str, by: Person, at: datetime
) -> Assessment:
    Provider.objects.select_for_update(of=["self"], no_key=True).get(pk=provider.pk)
    today = days.business_day(at)
    if not 0 <= score <= rules.HUNDRED:
        raise CannotAsk(_("A score lies between 0 and 100."), "score")
    if year >= today.year:
        raise CannotAsk(_("This year is not over."), "year")
    if selectors.of_year(book, provider, year).exclude(state=asking.State.DONE).exists():
        raise CannotAsk(_("A payment of this year is not done yet."), "year")
    retained = selectors.retained_of(book, provider, year)
    if not retained:
        raise CannotAsk(_("Nothing is kept back of this year."), "year")
    terms = selectors.terms_on(book, provider, date(year, 12, 31))
    asked = Assessment(
        book=book,
        provider=provider,
        year=year,
        score=score,
        retained=retained,
        amount=rules.released(retained, score, terms),
        paper=paper,
        words=words,
        on=today,
    )
    asking.ask(asked, SUBJECT, by=by, at=at)
    asking.open_round(asked, SUBJECT, by=by, at=at)
    return asked


def propose(
    *, book: Book, provider: Provider, year: int, score: Decimal, paper: str, words: str = "", by: Person, at: datetime
) -> Assessment:
    """Enter the score of a provider's year; what is given back follows from it. Raises CannotAsk."""
    done: Assessment = _propose(
        book=book, provider=provider, year=year, score=score, paper=paper, words=words, by=by, at=at
    )
    return done


def _approved(asked: Assessment, by: Person, at: datetime) -> str:
    told = ""
    if asked.amount:
        orders.order_payment(
            book=asked.book,
            key=f"assessment:{asked.number}",
            kind=PostingKind.RETENTION_RELEASED,
            place="",
            payee=payee_of(asked.provider),
            amount=asked.amount,
            lines=[debit("retention", asked.amount, asked.provider.name)],
            summary=_("Retention of %(year)s given back to %(provider)s")
            % {"year": asked.year, "provider": asked.provider},
            subject=asked,
            by=asked.proposed_by,
            checked_by=by,
            at=at,
        )
        told = _("Its payment is ordered.")
    if lines := rules.release_lines(asked.retained, asked.amount):
        stated = PostingOf(
            asked.book,
            f"assessment:{asked.number}:forfeited",
            PostingKind.RETENTION_RELEASED,
            days.business_day(at),
            _("Retention of %(year)s forfeited by %(provider)s") % {"year": asked.year, "provider": asked.provider},
            lines,
            attachments=1,
        )
        postings.post(stated=stated, by=asked.proposed_by, checked_by=by, at=at)
    if not asked.amount:
        asking.move(asked, asking.State.DONE)
    return told


SUBJECT: Final = Subject(
    model=Assessment,
    prefix="KH",
    act="assessment",
    title=gettext_lazy("Assessment of a provider's year"),
    required=Required(rule="funds.assessment", version="1", duties=(Duty.OFFICE_HEAD,)),
    approved=_approved,
    pays=True,
    page="funds:assessment",
    known=("book", "provider", "proposed_by"),
)
