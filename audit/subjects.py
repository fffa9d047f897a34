"""What a work paper or a finding can be of, named as (type, number) text: found by what an auditor types, and its page.

Each kind is registered once: `subjects.register(Kind("audit.lead", title, find, page))`; a later room of the audit
(screening, sampling) adds its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.selectors.findings import postings_called
from claims.models import BulkDocument, Claim, Settlement
from office.subjects import Name, name_of

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


@dataclass(frozen=True)
class Kind:
    """A kind of subject: its type, what it is called, how one is found by what was typed, what it is called then, and
    where its page is."""

    name: str
    title: StrPromise
    find: Callable[[str], models.Model | None]
    page: Callable[[str], str]
    words: Callable[[Any], str] = str


@dataclass(frozen=True)
class Subject:
    """One thing that is cited, with words to read."""

    name: Name
    words: str


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Make a kind of subject known."""
    _kinds[kind.name] = kind


def kinds() -> list[Kind]:
    """All kinds, in the order in which they were registered."""
    return list(_kinds.values())


def found(kind: str, typed: str) -> Subject | None:
    """What somebody means by what he typed; None where there is nothing like that."""
    of = _kinds[kind]
    record = of.find(typed.strip())
    return Subject(name_of(record), f"{of.title} {of.words(record)}"[:200]) if record is not None else None


def page_of(kind: str, number: str) -> str:
    """The page of a thing; "" where its kind has none."""
    return _kinds[kind].page(number) if kind in _kinds else ""


def words_of(kind: str, record: models.Model) -> str:
    """What a thing is called on paper; "" where its kind is not cited."""
    return _kinds[kind].words(record) if kind in _kinds else ""


def _by_number(model: Any) -> Callable[[str], models.Model | None]:
    return lambda typed: model._default_manager.filter(number=typed).first()


def _posting(typed: str) -> models.Model | None:
    """A voucher as it is written in books: ncms 2010-03 12."""
    match typed.replace("记-", "").split():
        case [book, month, number] if number.isdecimal() and len(number) < 9:  # noqa: PLR2004  fits the column
            return postings_called(book, month, int(number))
        case _:
            return None


def _page(name: str) -> Callable[[str], str]:
    return lambda number: reverse(name, args=[number])


def begin() -> None:
    """Called once when the app is ready: what the office's work leaves behind."""
    for kind in (
        Kind("claims.claim", pgettext_lazy("audit", "Claim"), _by_number(Claim), _page("claims:claim")),
        Kind("claims.bulkdocument", _("Register or list"), _by_number(BulkDocument), _page("claims:bulk_document")),
        Kind("claims.settlement", _("Settlement"), _by_number(Settlement), _page("claims:settlement")),
        Kind(
            "funds.posting",
            _("Voucher"),
            _posting,
            _page("funds:posting"),
            lambda one: f"{one.book} {one.period.month:%Y-%m} {one}",
        ),
    ):
        register(kind)
