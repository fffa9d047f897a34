"""The facts of acts in words: what each is called, and what its codes mean.

A fact is called by KEYS, or as the column of its subject that has its name. Codes are told by the choices of the
subject's column, or by those of any column of that name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from django.apps import apps
from django.db import models
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_aware, localtime
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit import column_words
from claims import claim_words, plan_words
from office import desk
from office.rules import masking, money

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

HOUSE: Final = ("office", "enrollment", "claims", "funds", "audit")
GIVEN: Final = "given"  # the service's own moment; the act's time stands beside it
SUBJECT: Final = re.compile(r"([a-z]+\.[a-z]+):([0-9]+)")
MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")
LONG: Final = re.compile(r"(?<![0-9])[0-9]{15,18}[0-9Xx]?(?![0-9])")  # an ID number, a card
HASH: Final = re.compile(r"[0-9a-f]{64}")
WORD: Final = re.compile(r"[a-z_]{2,}")
SHOWN_OF_HASH: Final = 12

AMOUNT: Final = re.compile(r"-?[0-9]{4,12}\.[0-9]{2}")
LOOKED_UP: Final = re.compile(r"subject_type=([a-z]+\.[a-z]+) subject_id=([0-9]+)")

UNTOLD: Final = frozenset({("office.factor", "step")})  # of a clock, not of a round

KEYS: Final[dict[str, StrPromise]] = {
    "accounts": _("accounts"),
    "acts_for": _("acting for"),
    "added": _("rows added"),
    "after": pgettext_lazy("column", "after"),
    "agrees": pgettext_lazy("fact", "agrees"),
    "amount": pgettext_lazy("fact", "amount"),
    "answer_by": _("answer expected by"),
    "answered": pgettext_lazy("fact", "answered"),
    "application": _("number of the application"),
    "as_of": _("as of"),
    "asked": _("asked for"),
    "asked_duty": _("duty asked for"),
    "bank": _("balance at the bank"),
    "basic": _("basic coverage"),
    "because": _("because"),
    "before": pgettext_lazy("column", "before"),
    "begins": _("begins with"),
    "bodies": _("bodies"),
    "body": _("body"),
    "books": _("balance of the books"),
    "bound_to": _("bound to"),
    "called": pgettext_lazy("fact", "called"),
    "cash": pgettext_lazy("fact", "cash"),
    "certified": _("certificates given"),
    "changed": pgettext_lazy("fact", "changed"),
    "changed_members": _("people changed"),
    "chart": _("chart of accounts"),
    "checked": _("numbers that were checked"),
    "checked_by": pgettext_lazy("slip", "checked by"),
    "claims": _("number of claims"),
    "closed_until": _("closed until"),
    "closing": _("closing balance"),
    "code": pgettext_lazy("fact", "code"),
    "collected": _("collected"),
    "contributions": _("number of contributions"),
    "copied": _("copied from number"),
    "counted": _("rows counted"),
    "coverage": _("coverage number"),
    "coverages": _("number of coverages"),
    "covered": _("days covered"),
    "day": _("day"),
    "days": _("number of days"),
    "delegated": _("duty delegated"),
    "difference": _("difference"),
    "differences": _("figures that differ"),
    "discharged": _("discharged on"),
    "double": _("number of the double"),
    "doubtful": _("doubtful rows"),
    "emergency": _("emergency"),
    "end": _("until"),
    "ended_before": _("ended before"),
    "ended_duty": _("duty ended"),
    "enrolled": _("people enrolled"),
    "entries": _("number of entries"),
    "error": pgettext_lazy("fact", "wrong by, yuan"),
    "errors": _("numbers that err"),
    "exceptions": _("exceptions"),
    "factor": _("number of the second factor"),
    "faults": _("faulty rows"),
    "file": pgettext_lazy("fact", "file"),
    "finding": _("finding"),
    "findings": _("number of findings"),
    "first": pgettext_lazy("fact", "first"),
    "first_day": _("first day"),
    "flag": _("number of the hold"),
    "found": _("rows found"),
    "fund_year": _("number of the fund year"),
    "given_duty": _("duty given"),
    "good": _("good rows"),
    "head": _("number of the head"),
    "heads": _("heads"),
    "held": _("held"),
    "held_on": _("held on"),
    "holder": _("number of the holder"),
    "holds": pgettext_lazy("fact", "stays within what is tolerable"),
    "household": _("number of the household"),
    "households": _("households"),
    "instant": _("paid in advance by the hospital"),
    "item": _("what it is about"),
    "joined": _("joined"),
    "kept": _("number of the record kept"),
    "kind": _("kind"),
    "last": pgettext_lazy("fact", "last"),
    "last_day": _("last day"),
    "late": _("late"),
    "later": _("later claims concerned"),
    "lease": _("number of the taking"),
    "left": _("still left"),
    "lines": _("number of lines"),
    "list": _("page of the list"),
    "looked": _("what was looked at"),
    "match": _("number of the match"),
    "matches": _("number of matches"),
    "member": _("number of the member"),
    "members": _("members"),
    "method": _("method of the request"),
    "month": _("month"),
    "moved_households": _("households moved"),
    "named_otherwise": _("people with another name"),
    "new": _("a new one was made"),
    "new_head": _("number of the new head"),
    "noted_by": _("number of who noted it"),
    "number": pgettext_lazy("fact", "number"),
    "of": pgettext_lazy("fact", "of"),
    "on": pgettext_lazy("fact", "on"),
    "ordered": _("number ordered"),
    "outcome": pgettext_lazy("column", "outcome"),
    "owed": _("owed"),
    "page": pgettext_lazy("fact", "page"),
    "paid": _("number paid"),
    "part": pgettext_lazy("fact", "part"),
    "payments": _("number of payments"),
    "people": _("people"),
    "person": _("number of the person"),
    "population": _("visits to draw from"),
    "present": _("present"),
    "printed": _("times printed"),
    "printer": _("number of the printer"),
    "provider": _("number of the provider"),
    "query": _("what was looked up"),
    "rate": pgettext_lazy("fact", "rate"),
    "receipt": _("receipt number"),
    "receipts": _("number of receipts"),
    "recovered": pgettext_lazy("fact", "recovered, yuan"),
    "reference": _("reference"),
    "renamed": _("renamed"),
    "replaces": _("replaces number"),
    "request": _("number of the request"),
    "result": pgettext_lazy("column", "result"),
    "returned": _("number returned"),
    "round": _("number of the round"),
    "rows": _("rows"),
    "run": _("number of the run"),
    "scheme": _("scheme"),
    "second": _("number of the second"),
    "sessions": _("sessions"),
    "sha256": _("SHA-256 of the content"),
    "sheet": _("number of the sheet"),
    "sheets": _("number of sheets"),
    "since": _("since"),
    "size": _("size"),
    "slip": _("slip number"),
    "source": pgettext_lazy("fact", "source"),
    "start": _("from"),
    "state": _("state"),
    "stays": _("number of stays"),
    "step": _("step"),
    "successor": _("number of the successor"),
    "tables": _("tables"),
    "to": _("number of who takes it"),
    "township": _("number of the township"),
    "tried": _("what was tried"),
    "until": _("until"),
    "verification": _("number of the inquiry"),
    "village": _("village"),
    "villages": _("number of villages"),
    "votes": _("votes"),
    "waiting": _("waiting"),
    "waived": pgettext_lazy("fact", "waived, yuan"),
    "wanted": _("rate wanted"),
    "was_closed_on": _("had been closed on"),
    "whole": _("whole numbers"),
    "work": _("work"),
    "worklist": _("worklist"),
    "written": _("rows written"),
    "year": _("year"),
}

#: Facts that are called as the columns of their subject, although something else has that name elsewhere.
AS_ITSELF: Final = frozenset(("audit.sample", name) for name in ("method", "population", "size"))
#: Facts whose codes are those of a column of another name.
AS_COLUMN: Final[dict[str, str]] = {
    "asked_duty": "duty",
    "because": "ended_because",
    "delegated": "duty",
    "duties": "duty",
    "ended_duty": "duty",
    "given_duty": "duty",
    "how": "ended_because",
    "of": "kind",
    "tried": "kind",
}

#: Parts of drafts that were changed.
PARTS_OF_DRAFTS: Final[dict[str, StrPromise]] = {
    "document": _("document"),
    "doubts": _("doubts"),
    "header": _("head of the draft"),
    "paper": _("paper"),
    "populations": _("population"),
    "rates": _("contribution rates"),
    "subsidies": _("subsidies"),
    "targets": _("targets"),
    "wages": _("wage rates"),
}
#: Steps of rounds that are no steps of claims.
STEPS: Final[dict[str, StrPromise]] = {
    "accounting": _("by the head of accounts"),
    "decision": _("decision"),
}
#: Facts that name a scheme, or the chart of accounts that goes by its code.
OF_SCHEMES: Final = frozenset({"chart", "scheme"})
#: Codes that stand in no choices.
GROUPS: Final[dict[str, Mapping[str, StrPromise]]] = {
    "disease_group": plan_words.DISEASE_GROUPS,
    "group": plan_words.DISEASE_GROUPS,
    "part": PARTS_OF_DRAFTS,
    "payee_relation": claim_words.RELATIONS,
    "step": STEPS,
}


@dataclass(frozen=True)
class Fact:
    """A fact as people read it."""

    label: str
    value: str


def told(
    facts: Mapping[str, object], subject_type: str, schemes: Mapping[str, str] = MappingProxyType({})
) -> list[Fact]:
    """The facts of an act in words; `schemes` are the names of schemes by code and by number."""
    return [
        Fact(
            label(key, subject_type),
            (schemes.get(str(one)) if key in OF_SCHEMES else None) or value(key, one, subject_type),
        )
        for key, one in facts.items()
        if key != GIVEN and one not in (None, "") and (subject_type, key) not in UNTOLD
    ]


def label(key: str, subject_type: str) -> str:
    """What a fact is called: as the column of its subject, or by its own name."""
    field = _fields(subject_type).get(key)
    if field is not None and (key not in KEYS or (subject_type, key) in AS_ITSELF):
        return column_words.label(field)
    if key in KEYS:
        return str(KEYS[key])
    anywhere = _anywhere().get(key)
    return column_words.label(anywhere) if anywhere is not None else key


def value(key: str, one: object, subject_type: str) -> str:
    """What a fact says: codes by their words, moments by the office's clock, long numbers of people masked."""
    if isinstance(one, bool):
        return say("yes") if one else say("no")
    text = str(one)
    if key == "changed":
        return _columns(text, subject_type)
    return _coded(key, text, subject_type) or _plain(text)


def kind_words(subject_type: str) -> str:
    """A kind of thing as screens call it."""
    model = _models().get(subject_type)
    return str(model._meta.verbose_name) if model is not None else subject_type


def model_of(subject_type: str) -> type[models.Model] | None:
    """The model of a kind of thing."""
    return _models().get(subject_type)


def _coded(key: str, text: str, subject_type: str) -> str:
    if key == "worklist":
        found = desk.worklist(text)
        return str(found.title) if found is not None else ""
    if text in GROUPS.get(key, {}):
        return str(GROUPS[key][text])
    column = AS_COLUMN.get(key, key)
    field = _fields(subject_type).get(column)
    for choices in (*([field.flatchoices] if field is not None else []), *_choices(column)):
        words = dict(choices).get(text)
        if words is not None:
            return str(words)
    return ""


def _plain(text: str) -> str:
    if AMOUNT.fullmatch(text):
        return money.shown(Decimal(text))
    text = HASH.sub(lambda one: f"{one[0][:SHOWN_OF_HASH]}…", text)
    text = LOOKED_UP.sub(lambda one: f"{kind_words(one[1])} {one[2]}", text)
    if found := SUBJECT.fullmatch(text):
        return f"{kind_words(found[1])} {found[2]}"
    if MOMENT.match(text):
        return _moment(text)
    if text in _models():
        return kind_words(text)
    return LONG.sub(lambda one: masking.masked(one[0]), text)


def _columns(text: str, subject_type: str) -> str:
    """Columns that were changed, by their labels; numbers and what else stands there as it is."""
    fields = _fields(subject_type)
    return WORD.sub(lambda one: column_words.label(fields[one[0]]) if one[0] in fields else one[0], text)


def _moment(text: str) -> str:
    moment = parse_datetime(text)
    return _clock(moment) if moment is not None else text


def _clock(moment: datetime) -> str:
    return f"{localtime(moment) if is_aware(moment) else moment:%Y-%m-%d %H:%M:%S}"


@cache
def _models() -> dict[str, type[models.Model]]:
    return {
        model._meta.label_lower: model
        for model in apps.get_models()
        if model._meta.app_label in HOUSE and not hasattr(model, "pgh_tracked_model")
    }


def _all_fields() -> Iterator[models.Field[Any, Any]]:
    for model in _models().values():
        yield from model._meta.concrete_fields


def _fields(subject_type: str) -> dict[str, models.Field[Any, Any]]:
    model = _models().get(subject_type)
    return {field.name: field for field in model._meta.concrete_fields} if model is not None else {}


@cache
def _anywhere() -> dict[str, models.Field[Any, Any]]:
    """A column of each name; the first that its model names itself."""
    found: dict[str, models.Field[Any, Any]] = {}
    for field in _all_fields():
        if column_words.is_named(field):
            found.setdefault(field.name, field)
    return found


@cache
def _choices(column: str) -> list[list[tuple[Any, Any]]]:
    """The choices of every column of that name."""
    return [list(field.flatchoices) for field in _all_fields() if field.name == column and field.choices]
