"""The story of a thing: every act about it and what belongs to it, each with what it changed, newest first.

A page of a story is found by the number of its first act, through the index of subjects, whatever lies before it; what
belongs to a thing is found by the foreign keys that point to it. Rows of the thing itself that changed without an act
of their own (a batch moved it, somebody wrote past the services) stand between the acts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, Final

from django.db import connection, models
from django.db.models import CharField, Value
from django.db.models.functions import Cast

from audit import fact_words
from audit.fact_words import Fact
from audit.selectors import states
from audit.selectors.states import State
from enrollment.models import Scheme
from office import history
from office.models import Act, Person
from office.rules import days

ON_A_PAGE: Final = 50
MOST_PARTS: Final = 200  # rows that belong to a thing; of more the newest
#: A state is written with the time at which its transaction began, an act with its own: no service takes longer.
LONGEST_SERVICE: Final = timedelta(minutes=10)
#: Acts that change no row of what they are about.
SILENT: Final = ("attachment.", "job.", "round.", "work.")
#: Whoever looks at these right sees the columns of an app's rows; others see that they changed.
SIGHT: Final[dict[str, str]] = {
    "office": "office.view_act",
    "enrollment": "enrollment.view_member",
    "claims": "claims.view_claim",
    "funds": "funds.view_posting",
    "audit": "office.view_act",
}

Subject = tuple[str, str]

#: The newest acts of each of some subjects before a number, by the index of subjects; then the newest of them all.
NEWEST: Final = """
    SELECT one.id FROM unnest(%(kinds)s::text[], %(numbers)s::text[]) AS asked (kind, number)
    CROSS JOIN LATERAL (
        SELECT id FROM office_act
         WHERE subject_type = asked.kind AND subject_id = asked.number AND id < %(before)s AND kind = ANY(%(ways)s)
         ORDER BY id DESC LIMIT %(most)s
    ) AS one
    ORDER BY one.id DESC LIMIT %(most)s"""
LAST: Final = 2**63 - 1


@dataclass
class Moment:
    """An act with what it changed, or a change without an act."""

    at: datetime
    act: Act | None
    facts: list[Fact] = field(default_factory=list)
    states: list[State] = field(default_factory=list)


@dataclass(frozen=True)
class Story:
    """A page of a story; `older` is where the next begins, `hides` says that columns were kept from the reader."""

    moments: Sequence[Moment]
    parts: Sequence[Subject]
    older: int | None
    hides: bool


def story(
    subject: Subject, *, reader: Person, before: int | None = None, kind: str = "", most: int = ON_A_PAGE
) -> Story:
    """A page of the story of a thing as a reader may see it; `kind` leaves done, refused or read acts alone."""
    parts = belonging_to(subject)
    ways = [kind] if kind else list(Act.Kind.values)
    acts = _acts([subject, *parts], before, ways, most + 1)
    older = acts[most - 1].pk if len(acts) > most else None
    acts = acts[:most]
    found = [] if kind == Act.Kind.READ else _states(subject, acts, before)
    hides = not sees(reader, subject[0])
    if hides:
        for one in found:
            one.changes = [states.Change(change.label, "", "") for change in one.changes]
    moments = told(acts)
    left = _attach(moments, found)
    if not kind and (acts or before is None):
        oldest = acts[-1].at if acts and older is not None else None
        moments += [Moment(one.at, None, [], [one]) for one in left if one.subject == subject and _within(one, oldest)]
        moments.sort(key=lambda one: (one.at, one.act is not None), reverse=True)
    return Story(moments, parts, older, hides)


def told(acts: Iterable[Act]) -> list[Moment]:
    """Acts with their facts in words; one statement for the names of schemes."""
    schemes = {}
    for number, code, name in Scheme.objects.values_list("pk", "code", "name"):
        schemes[code] = schemes[str(number)] = name
    return [Moment(act.at, act, fact_words.told(act.facts, act.subject_type, schemes)) for act in acts]


def number_after(day: date) -> int:
    """The number after that of the last act until the end of a day of the office: from there a story is read back."""
    ends = days.beginning_of(day + timedelta(days=1))
    newest = Act.objects.until(ends).order_by("-pk").values_list("pk", flat=True).first()
    return newest + 1 if newest is not None else 0


def sees(reader: Person, kind: str) -> bool:
    """Whether a reader sees the columns of rows of a kind."""
    return reader.has_perm(SIGHT[kind.partition(".")[0]])


def subject_of(kind: str, number: str) -> models.Model | None:
    """The thing itself, if it is of a kind of the house and still there."""
    model = fact_words.model_of(kind)
    if model is None or not number.isdecimal() or len(number) >= len(str(LAST)):
        return None
    return model._default_manager.filter(pk=int(number)).first()


def belonging_to(subject: Subject) -> list[Subject]:
    """The rows that point to a thing and keep their own history: flags of a claim, members of a household. One
    statement; the newest MOST_PARTS."""
    model = fact_words.model_of(subject[0])
    if model is None or not subject[1].isdecimal():
        return []
    queries = [
        other._default_manager.order_by()
        .filter(**{name: int(subject[1])})
        .annotate(a_kind=Value(other._meta.label_lower, CharField()), a_number=Cast("pk", CharField()))
        .values_list("a_kind", "a_number", "pk")
        for other, name in _pointing_to(model)
    ]
    if not queries:
        return []
    newest = queries[0].union(*queries[1:], all=True) if len(queries) > 1 else queries[0]
    rows = newest.order_by("-pk")[:MOST_PARTS]
    return [(kind, number) for kind, number, _pk in rows]


@cache
def _pointing_to(model: type[models.Model]) -> list[tuple[type[models.Model], str]]:
    """Tables with history, of its own app, that belong to a thing of this kind by a column with an index."""
    app = model._meta.app_label
    return [
        (other, column.name)
        for other in history.TRACKED.values()
        if other._meta.app_label == app and other is not model
        for column in other._meta.concrete_fields
        if isinstance(column, models.ForeignKey) and column.related_model is model and _is_indexed(other, column)
    ]


def _is_indexed(model: type[models.Model], column: models.ForeignKey[Any, Any]) -> bool:
    first = {one.fields[0].lstrip("-") for one in model._meta.indexes if one.fields and not one.condition}
    is_indexed: bool = column.db_index  # type: ignore[attr-defined]  # the stubs do not know it
    return is_indexed or column.unique or column.name in first


def _acts(subjects: Sequence[Subject], before: int | None, ways: Collection[str], most: int) -> list[Act]:
    asked: dict[str, Any] = {
        "kinds": [kind for kind, _number in subjects],
        "numbers": [number for _kind, number in subjects],
        "before": before if before is not None else LAST,
        "ways": list(ways),
        "most": most,
    }
    with connection.cursor() as cursor:
        cursor.execute(NEWEST, asked)
        numbers = [row[0] for row in cursor.fetchall()]
    return list(Act.objects.filter(pk__in=numbers).select_related("by", "for_whom", "body").order_by("-pk"))


def _states(subject: Subject, acts: Sequence[Act], before: int | None) -> list[State]:
    """The states of the thing, and of what the acts are about besides, up to the newest act."""
    wanted: dict[str, set[str]] = {subject[0]: {subject[1]}}
    for act in acts:
        if act.subject_type in history.TRACKED:
            wanted.setdefault(act.subject_type, set()).add(act.subject_id)
    until = acts[0].at if acts and before is not None else None
    return [one for kind, numbers in wanted.items() for one in states.of(kind, numbers, until)]


def _attach(moments: Iterable[Moment], found: Iterable[State]) -> list[State]:
    """Each state to the act that it comes from; what is left over has none."""
    acts = sorted((one for one in moments if one.act is not None and one.act.kind == Act.Kind.DONE), key=_when)
    by_subject: defaultdict[Subject, list[State]] = defaultdict(list)
    for state in found:
        by_subject[state.subject].append(state)
    left = []
    for subject, states_of in by_subject.items():
        times = sorted({one.at for one in states_of})
        for time, until in zip(times, [*times[1:], None], strict=True):
            together = [one for one in reversed(states_of) if one.at == time]
            able = [one for one in acts if _comes_from(one, subject, together[0], until)]
            left += _align(together, _own(able, together))
    return left


def _own(acts: Sequence[Moment], together: Sequence[State]) -> Sequence[Moment]:
    """Of some acts those of the person whose hands are noted beside the states; all of them where he has none, or where
    somebody else's act names a code of theirs: then one transaction did what several people are named for."""
    by = together[0].by_number
    own = [one for one in acts if one.act is not None and by in (None, one.act.by_id)]
    codes = {code for state in together for code in state.codes}
    is_of_several = any(one not in own and codes & _values(one) for one in acts)
    return acts if is_of_several or not own else own


def _align(together: Sequence[State], acts: Sequence[Moment]) -> list[State]:
    """States of one transaction to its acts, both in their order: a state goes to the next act that names its new code,
    or to the next one. Those without any act are given back."""
    if not acts:
        return list(together)
    place = 0
    for state in together:
        named = (number for number in range(place, len(acts)) if state.codes & _values(acts[number]))
        number = next(named, place)
        acts[number].states.append(state)
        place = min(number + 1, len(acts) - 1)
    return []


def _values(moment: Moment) -> set[str]:
    return {str(one) for one in moment.act.facts.values()} if moment.act is not None else set()


def _when(moment: Moment) -> datetime:
    return moment.at


def _comes_from(moment: Moment, subject: Subject, state: State, until: datetime | None) -> bool:
    """Whether an act can have made a state: about the same thing, soon after the state's transaction began and before
    the next one did. Votes and files change no row of the thing they are about."""
    act = moment.act
    if act is None or act.name.startswith(SILENT) or (act.subject_type, act.subject_id) != subject:
        return False
    return state.at <= act.at <= state.at + LONGEST_SERVICE and (until is None or act.at < until)


def _within(state: State, oldest: datetime | None) -> bool:
    """Whether a change without an act belongs to this page: not older than its oldest act unless it is the last."""
    return oldest is None or state.at >= oldest
