"""Finding people in one field: by ID number or its end, household number, name, pinyin initials, village and name.

Every way goes along an index; no search asks the database more than twice. A name that a thousand people share is not
gone through to the end: whoever is to be found among them is found with his village.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import reduce
from operator import or_
from typing import Any, Final

from django.db.models import Case, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Length, Replace, Reverse

from enrollment.models import Coverage, Division, Household, Member
from enrollment.rules import person_names, search_words
from enrollment.rules.search_words import Asked, Hint, Kind
from office.models import Person

SHOWN: Final = 50
LOOKED_AT: Final = 1_000  # of each way
RIGHT: Final = "enrollment.view_member"

KEPT: Final = Coalesce("merged_into_id", "pk")

Members = QuerySet[Member]


@dataclass(frozen=True)
class Found:
    """Who was found, the likeliest first; `more` says that there are others, `hint` why nobody could be found.

    Members have `covered_by` (the scheme that covers them on the day) and `head_name`; households `head_name`.
    """

    members: list[Any] = field(default_factory=list)
    households: list[Any] = field(default_factory=list)
    more: bool = False
    hint: Hint | None = None


def search(typed: str, *, person: Person, day: date) -> Found:
    """Who a person means by what he typed, among those whom he sees."""
    asked = search_words.read(typed)
    members = _members(asked, person, day)
    households = _households(asked, person)
    found = [*members, *households]
    more = len(members) > SHOWN or len(households) > SHOWN
    return Found(members[:SHOWN], households[:SHOWN], more, None if found else asked.hint)


def _members(asked: Asked, person: Person, day: date) -> list[Any]:
    ways = [way.order_by() for way in WAYS[asked.kind](asked)] if asked.kind in WAYS else []
    if not ways:
        return []
    return list(members_found(ways, asked, person, day)[: SHOWN + 1])


def members_found(ways: list[Members], asked: Asked, person: Person, day: date) -> QuerySet[Any]:
    """Everybody on one of the ways, each as the one record that is kept of him."""
    kept = [_in_sight(way, person).annotate(kept=KEPT).values("kept")[:LOOKED_AT] for way in ways]
    first, *others = kept
    is_head_first = ["-is_head"] if asked.kind == Kind.PLACE else []
    found: QuerySet[Any] = (
        Member.objects.filter(pk__in=first.union(*others, all=True) if others else first)
        .select_related("household__village__parent")
        .annotate(
            rank=Case(When(name=asked.text, then=0), default=1),
            length=Length("name"),
            is_gone=Case(When(state=Member.State.LIVING, then=0), default=1),
            covered_by=Subquery(Coverage.objects.on(day).filter(member=OuterRef("pk")).values("scheme__name")[:1]),
            head_name=head_of(OuterRef("household")),
        )
        .order_by(*is_head_first, "rank", "is_gone", "length", "name", "pk")
    )
    return found


def _in_sight(members: Any, person: Person) -> Any:
    """Those whose kept record is in sight. Asked record by record, so that no household is read that is not needed."""
    if person.bodies_in_sight(RIGHT) is None:
        return members
    home = Household.objects.filter(pk=OuterRef("household")).values("village")
    home_of_kept = Member.objects.filter(pk=OuterRef("merged_into")).values("household__village")
    village = Coalesce(Subquery(home_of_kept), Subquery(home))
    return members.annotate(village=village).filter(village__in=Division.objects.visible_to(person, RIGHT).values("pk"))


def head_of(household: OuterRef) -> Subquery:
    """The name of a household's head."""
    living = Member.objects.living().filter(household=household, is_head=True)
    return Subquery(living.values("name")[:1])


def _by_digits(asked: Asked) -> Iterator[Members]:
    prefixes = search_words.id_prefixes(asked.text)
    tail = search_words.id_tail(asked.text)
    if prefixes:
        yield Member.objects.filter(reduce(or_, (Q(id_number__startswith=prefix) for prefix in prefixes)))
    if tail:
        yield Member.objects.annotate(tail=Reverse("id_number")).filter(tail__startswith=tail)


def _by_initials(asked: Asked) -> Iterator[Members]:
    """By initials; those of a Latin name may be its first letters themselves."""
    if asked.hint:
        return
    key = search_words.key_of(asked.text)
    known = _with_key(Member.objects.all(), key)
    yield known.annotate(letters=Length("name")).filter(letters=len(key))
    yield known
    for said in dict.fromkeys((asked.text, asked.text.title())):
        yield Member.objects.filter(name__startswith=said)


def _by_name(asked: Asked) -> Iterator[Members]:
    """Those who have exactly this name, those whose name begins so, those who write it with other dots."""
    name = asked.text
    yield Member.objects.filter(name=name)
    yield Member.objects.filter(name__startswith=name)
    key = search_words.key_of_name(name)
    if key:
        bare = Replace("name", Value(person_names.DOT), Value(""))
        others: Any = _with_key(Member.objects.all(), key).annotate(bare=bare)
        yield others.filter(bare__startswith=search_words.bare(name))


def _by_place(asked: Asked) -> Iterator[Members]:
    """Those of a village who have this name; or those whose name was typed with a blank in it."""
    if asked.hint:
        return
    villages = Division.objects.filter(level=Division.Level.VILLAGE).filter(_called(asked.village))
    yield Member.objects.filter(_called(asked.text), household__village__in=villages, is_head=True)
    yield Member.objects.filter(_called(asked.text), household__village__in=villages)
    yield from _by_name(Asked(Kind.NAME, search_words.name_of(f"{asked.village} {asked.text}")))


WAYS: Final = {
    Kind.DIGITS: _by_digits,
    Kind.INITIALS: _by_initials,
    Kind.NAME: _by_name,
    Kind.PLACE: _by_place,
}


def _called(word: str) -> Q:
    """What has this name or these initials."""
    if search_words.are_initials(word):
        return Q(search_keys__contains=[search_words.key_of(word)])
    return Q(name__startswith=word)


def _with_key(members: Members, key: str) -> Members:
    return members.filter(search_keys__contains=[key])


def _households(asked: Asked, person: Person) -> list[Any]:
    """Households whose number begins so; with very few digits only the one that has exactly this number."""
    if asked.kind not in {Kind.DIGITS, Kind.NUMBER}:
        return []
    number = Q(number=asked.text) if asked.hint else Q(number__startswith=asked.text)
    found: Any = Household.objects.filter(number).select_related("village__parent")
    if person.bodies_in_sight(RIGHT) is not None:
        found = found.filter(village__in=Division.objects.visible_to(person, RIGHT).values("pk"))
    return list(found.annotate(head_name=head_of(OuterRef("pk"))).order_by("number")[: SHOWN + 1])
