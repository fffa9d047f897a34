"""Terms of retention (保证金比例): entered with the paper by one, decided by the head of the office."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.models import Provider
from claims.services.locks import refusing
from funds.models import Book, RetentionTerm
from funds.rules.settling import Terms
from funds.services import asking
from funds.services.asking import CannotAsk, Subject
from office.models import Duty, Person
from office.rules.rounds import Required


@refusing("retention-term.proposed", CannotAsk, about="book")
def _propose(
    *,
    book: Book,
    on: date,
    terms: Terms,
    paper: str,
    words: str,
    provider: Provider | None,
    level: str,
    by: Person,
    at: datetime,
) -> RetentionTerm:
    if provider is not None and level:
        raise CannotAsk(_("Terms are of one provider, or of a level."), "level")
    asked = RetentionTerm(
        book=book,
        on=on,
        paper=paper,
        words=words,
        provider=provider,
        level=level,
        percent=terms.percent,
        full_score=terms.full_score,
        floor_score=terms.floor_score,
    )
    asking.ask(asked, SUBJECT, by=by, at=at)
    asking.open_round(asked, SUBJECT, by=by, at=at)
    return asked


def propose(
    *,
    book: Book,
    on: date,
    terms: Terms,
    paper: str,
    words: str = "",
    provider: Provider | None = None,
    level: str = "",
    by: Person,
    at: datetime,
) -> RetentionTerm:
    """Enter terms that hold from a day on; they wait for the head of the office. Raises CannotAsk."""
    done: RetentionTerm = _propose(
        book=book, on=on, terms=terms, paper=paper, words=words, provider=provider, level=level, by=by, at=at
    )
    return done


def _approved(asked: RetentionTerm, by: Person, at: datetime) -> str:
    asking.move(asked, asking.State.DONE)
    return ""


SUBJECT: Final = Subject(
    model=RetentionTerm,
    prefix="BZ",
    act="retention-term",
    title=gettext_lazy("Terms of retention"),
    required=Required(rule="funds.retention-term", version="1", duties=(Duty.OFFICE_HEAD,)),
    approved=_approved,
    page="funds:retention_term",
    known=("book", "provider", "proposed_by"),
)
