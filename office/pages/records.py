"""The page about one record, the same in every app: its facts and tables, what can be done, how it was decided."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.db import models
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.html import strip_tags

from office import attachments, deciding
from office.access import Request
from office.models.rounds import State
from office.pages import guard

WIDE: Final = 6  # columns that a card beside free space has room for
SHORT: Final = 12  # signs of a day, a number, a person's name: never broken over lines


@dataclass(frozen=True)
class Action:
    """A button of a page: a way to another page, or with `posts` something done at once."""

    label: str
    url: str
    key: str = ""
    posts: bool = False
    first: bool = False


@dataclass(frozen=True)
class Table:
    """Rows below the facts."""

    title: str
    header: Sequence[str]
    rows: Sequence[Sequence[object]]
    empty: str = ""
    figures: tuple[int, ...] = ()  # the columns that hold amounts, from 0

    @property
    def is_wide(self) -> bool:
        """Whether it has so many columns that it takes the whole page."""
        return bool(self.rows) and len(self.header) > WIDE

    def lines(self) -> Iterator[list[tuple[object, str]]]:
        """The rows, each cell with how it stands: figures below one another, what is short on one line."""
        for row in self.rows:
            yield [(cell, self._kind(column, cell)) for column, cell in enumerate(row)]

    def _kind(self, column: int, cell: object) -> str:
        if column in self.figures:
            return "num"
        return "text-nowrap" if len(strip_tags(str(cell))) <= SHORT else ""


@dataclass(frozen=True)
class Page:
    """A page about one record: what it is, how it stands, its facts and rows, what can be done."""

    subject: models.Model
    title: str
    back: tuple[str, str]  # the list's title and address
    state: tuple[str, str]  # tone and words
    facts: Sequence[tuple[str, object]]
    tables: Sequence[Table] = ()
    actions: Sequence[Action] = ()
    notices: Sequence[str] = ()
    decided: models.Model | None = None  # whose rounds are shown, where it is not the subject's own
    files: bool = False
    links: dict[str, str] = field(default_factory=dict)  # facts whose value leads to a page


def shown(request: Request, page: Page, template: str = "office/record.html", **more: Any) -> HttpResponse:
    """The page about one record, with its votes where people decided it."""
    rounds = list(_rounds(page.decided)) if page.decided is not None else []
    open_round = next((deciding.page_of(one) for one in rounds if one.state == State.OPEN), "")
    told = {
        "page": page,
        "facts": [(label, value, page.links.get(label, "")) for label, value in page.facts],
        "subject_type": page.subject._meta.label_lower,
        "subject_id": page.subject.pk,
        "papers": list(attachments.of(page.subject)) if page.files else [],
        "history": [{"round": one, "votes": list(one.votes.all())} for one in rounds],
        "open_round": open_round,
        "form_guard": guard.field(request),
    }
    return render(request, template, told | more)


def _rounds(subject: models.Model) -> Any:
    return deciding.rounds_of(subject).select_related("maker").prefetch_related("votes__voter", "votes__for_whom")
