"""What is decided in rounds: each app registers its tables of rounds once, and each kind of subject.

deciding.register(Matter(model=DutyRequest, family=OFFICE, …)); pages and services then work for it as for all others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy

from office.models import OfficeRound, OfficeSeat, OfficeVote, Person
from office.models.rounds import Choice, Round
from office.rules.rounds import Required
from office.subjects import name_of

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


@dataclass(frozen=True)
class Family:
    """The three tables in which one app decides together."""

    name: str
    round: type[Round]
    seat: Any  # a class of Seat and one of Vote; their `round` is known to the concrete ones alone
    vote: Any
    title: StrPromise

    @property
    def right(self) -> str:
        """What opens the list of these rounds; whose rounds it shows is the rounds' `visible_to`."""
        return self.round.right_to_view()


@dataclass(frozen=True)
class Matter:
    """One kind of subject that is decided: what its hash covers, what a voter reads, what an outcome does to it.

    `decided(subject, outcome, by, at)` moves the subject inside the transaction of the last vote; what it returns is
    shown once to whoever gave that vote. `page` is the URL name of the subject's own page, by its number; `known` is
    fetched with the subject when it is locked. A matter with its own way back says it as `withdraw(subject, by, at)`,
    which raises CannotWithdraw.
    """

    model: type[models.Model]
    family: Family
    title: StrPromise
    content: Callable[[Any], Mapping[str, object]]
    rows: Callable[[Any], Sequence[tuple[str, str]]]
    decided: Callable[[Any, str, Person, datetime], str]
    required: Callable[[Any], Required]
    barred: Callable[[Any], Sequence[Person]] = lambda subject: ()  # whom it concerns, so that he has no vote
    amount: Callable[[Any], Decimal | None] = lambda subject: None
    choices: Sequence[str] = (Choice.APPROVE, Choice.REFUSE)
    page: str = ""
    known: Sequence[str] = ()
    withdraw: Callable[[Any, Person, datetime], None] | None = None


class CannotWithdraw(Exception):
    """Nothing is taken back; the message is written for whoever asked."""


OFFICE = Family("office", OfficeRound, OfficeSeat, OfficeVote, gettext_lazy("Office"))

_matters: dict[str, Matter] = {}


def register(matter: Matter) -> None:
    """Make a kind of subject known."""
    _matters[matter.model._meta.label_lower] = matter


def matter_of(subject_type: str) -> Matter:
    """How a kind of subject is decided. Raises KeyError for one that no app has registered."""
    return _matters[subject_type]


def families() -> list[Family]:
    """Every app's tables, each once."""
    return list({matter.family.name: matter.family for matter in _matters.values()}.values())


def family(name: str) -> Family | None:
    """An app's tables by their name."""
    return next((one for one in families() if one.name == name), None)


def family_of(round_: Round) -> Family:
    """The tables that a round lies in."""
    return matter_of(round_.subject_type).family


def page_of(record: Round) -> str:
    """The address where a round is decided; tables ask it of each record."""
    return reverse("office:decision", args=[family_of(record).name, record.pk])


def subject_of(round_: Round) -> models.Model:
    """What a round is about."""
    model = matter_of(round_.subject_type).model
    return model._default_manager.get(pk=round_.subject_id)


def subjects_of(found: Iterable[Round]) -> dict[tuple[str, str], models.Model]:
    """What many rounds are about, asked once for each kind."""
    wanted: dict[str, set[str]] = {}
    for one in found:
        wanted.setdefault(one.subject_type, set()).add(one.subject_id)
    return {
        (subject_type, str(subject.pk)): subject
        for subject_type, numbers in wanted.items()
        for subject in matter_of(subject_type).model._default_manager.select_related().filter(pk__in=numbers)
    }


def words_of(subject_type: str, subject: object) -> str:
    """What is decided, in a line: its kind and which of them."""
    return gettext("%(kind)s: %(subject)s") % {"kind": matter_of(subject_type).title, "subject": subject}


def can_still_move(subject: models.Model) -> bool:
    """Whether a subject's state is none that ends it, by its kind's table of moves."""
    state = getattr(subject, "state", "")
    return any(before == state for before, _after in getattr(subject, "MOVES", ()))


def rounds_of(subject: models.Model) -> models.QuerySet[Any]:
    """All rounds of a subject, newest first."""
    subject_type, subject_id = name_of(subject)
    found: models.QuerySet[Any] = matter_of(subject_type).family.round._default_manager.filter(
        subject_type=subject_type, subject_id=subject_id
    )
    return found
