"""Levels of warnings (预警线): entered with the paper by one, confirmed by another; dated rows.

A level holds from its day on until another begins. Order of locks: the level's rounds, the level, the books.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.services.locks import refusing
from funds.deciding import FUNDS
from funds.models import Book, WarningLevel
from funds.rules.warnings import KINDS
from office import deciding, trail
from office.deciding import CannotWithdraw, Matter
from office.models import Duty, Person
from office.models.rounds import Outcome
from office.rules.rounds import Required
from office.services import rounds

RIGHT: Final = "funds.add_warninglevel"
VIEW: Final = "funds.view_warninglevel"
CONFIRMED_BY: Final = Required(rule="funds.warning-level", version="1", duties=(Duty.OFFICE_HEAD, Duty.ACCOUNTING_HEAD))
State = WarningLevel.State


class CannotPropose(Exception):
    """No level was entered; the message is written for the accountant, `field` is what of his form it is about."""

    def __init__(self, sentence: str, field: str | None = None) -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True)
class LevelOf:
    """A level as a paper states it, from a day on."""

    code: str
    level: Decimal
    first: date
    document: str


@refusing("warning-level.proposed", CannotPropose, about="book")
def _propose(*, book: Book, stated: LevelOf, by: Person, at: datetime) -> WarningLevel:
    if stated.code not in KINDS:
        raise CannotPropose(_("Choose the warning."), "code")
    if not stated.document.strip():
        raise CannotPropose(_("Name the paper on which the level rests."), "document")
    made = WarningLevel.objects.create(
        book=book,
        code=stated.code,
        level=stated.level,
        since=stated.first,
        document=stated.document.strip(),
        proposed_by=by,
        proposed_at=at,
    )
    if wrong := _clash(made):
        raise CannotPropose(wrong, "first")
    opened = rounds.open_round(subject=made, by=by, at=at)
    trail.record("warning-level.proposed", made, by=by, at=at, right=RIGHT, subject_hash=opened.subject_hash)
    return made


def propose(*, book: Book, stated: LevelOf, by: Person, at: datetime) -> WarningLevel:
    """Enter a level; it waits for somebody else. Raises CannotPropose."""
    made: WarningLevel = _propose(book=book, stated=stated, by=by, at=at)
    return made


@transaction.atomic
def withdraw(*, level: WarningLevel, by: Person, at: datetime) -> None:
    """Whoever entered a level takes it back before it is decided. Raises CannotWithdraw."""
    rounds.void(subject=level, by=by, at=at, reason=_("withdrawn"))
    current = WarningLevel.objects.select_for_update(of=["self"]).get(pk=level.pk)
    if current.state != State.PROPOSED:
        raise CannotWithdraw(_("This has been decided already."))
    if current.proposed_by_id != by.pk:
        raise CannotWithdraw(_("Whoever entered it takes it back."))
    _move(current, State.WITHDRAWN)
    trail.record("warning-level.withdrawn", current, by=by, at=at, right=RIGHT)


def _clash(level: WarningLevel) -> str:
    """Why a level cannot begin on its day; nothing where it can."""
    later = WarningLevel.objects.filter(
        book=level.book_id, code=level.code, state=State.CONFIRMED, since__gte=level.since
    ).first()
    if later is None:
        return ""
    return _("A level of this warning begins on %(day)s: the new one begins after that.") % {"day": later.since}


def _decided(level: WarningLevel, outcome: str, by: Person, at: datetime) -> str:
    """Confirmed it holds from its day on; refused it does not."""
    if outcome == Outcome.APPROVED:
        Book.objects.select_for_update(no_key=True).get(pk=level.book_id)
        if wrong := _clash(level):
            raise rounds.CannotVote(wrong)
    _move(level, State.CONFIRMED if outcome == Outcome.APPROVED else State.REFUSED)
    trail.record("warning-level.decided", level, by=by, at=at, outcome=outcome)
    return ""


def _move(level: WarningLevel, state: str) -> None:
    level.state = state
    level.save(update_fields=["state"])


def content(level: WarningLevel) -> Mapping[str, object]:
    """What a vote on a level is about."""
    return {
        "book": level.book.code,
        "warning": level.code,
        "level": level.level,
        "from": level.since,
        "paper": level.document,
    }


def rows(level: WarningLevel) -> Sequence[tuple[str, str]]:
    """What a voter reads."""
    return [
        (_("books"), level.book.name),
        (_("warning"), str(level.get_code_display())),
        (_("level"), f"{level.level:,.2f}"),
        (_("in force from"), level.since.isoformat()),
        (_("paper"), level.document),
    ]


def register() -> None:
    """Called once when the app is ready."""
    deciding.register(
        Matter(
            model=WarningLevel,
            family=FUNDS,
            title=gettext_lazy("Level of a warning"),
            content=content,
            rows=rows,
            decided=_decided,
            required=lambda level: CONFIRMED_BY,
            withdraw=lambda level, by, at: withdraw(level=level, by=by, at=at),
        )
    )
