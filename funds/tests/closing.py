"""Months and years of books that are closed, for tests."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from funds.models import Book, Period
from funds.selectors import months as selectors
from funds.services import closing_checks, months, vouchers, years
from funds.services.closing_checks import Checked
from funds.tests.paying import bound
from office import deciding
from office.models import Person
from office.rules import days
from office.services import rounds


def decide(subject: Any, by: Person, at: datetime, choice: str = "approve", reason: str = "") -> str:
    """The vote of somebody in the open round of a subject, with a code bound to it where the round asks for one."""
    opened = deciding.rounds_of(subject).get(state="open")
    proof = bound(by, opened.bound_to if opened.own_code else "", at)
    voted = rounds.vote(
        round=opened, choice=choice, hash_seen=opened.subject_hash, by=by, at=at, proof=proof, reason=reason
    )
    return voted.told


def close_months(book: Book, until: date, *, by: Person, head: Person, at: datetime) -> None:
    """Every month until one, asked for and closed."""
    month = book.begins_on
    while month <= until:
        known = Period.objects.filter(book=book, month=month).first()
        if known is None or known.state != Period.State.CLOSED:
            signed = {one.check.code: "测试" for one in _signable(book, month)}
            asked = months.ask_to_close(book=book, month=month, by=by, at=at, exceptions=signed)
            decide(asked, head, at)
        month = days.next_month(month)


def close_year(book: Book, year: int, *, by: Person, head: Person, at: datetime) -> None:
    """A year with its closing voucher and all its months."""
    close_months(book, date(year, 11, 1), by=by, head=head, at=at)
    if selectors.to_close(book, days.business_day(at)) and not years.not_ready(book, year):
        vouchers.enter(voucher=years.close_year(book=book, year=year, by=by, at=at), by=head, at=at)
    close_months(book, date(year, 12, 1), by=by, head=head, at=at)


def _signable(book: Book, month: date) -> list[Checked]:
    period = Period.objects.filter(book=book, month=month).first()
    looked_at = closing_checks.looked_at(period) if period else []
    return [one for one in looked_at if not one.is_right and one.check.may_be_signed]
