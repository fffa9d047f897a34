"""Who is covered when: the one place that answers it, for claims, pages and prints alike."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from enrollment.models import Coverage, Member
from enrollment.rules import coverage as rule
from enrollment.rules.coverage import Span


@dataclass(frozen=True)
class Covered:
    """The answer for one person and one day, with the coverage that speaks for it or against it."""

    covered: bool
    why: str
    coverage: Coverage | None


def coverage_on(member: Member, day: date) -> Covered:
    """Whether this person is covered on a day, and why; for a double, whether the one that is kept is."""
    return coverages_on([member], day)[member.pk]


def coverages_on(members: Sequence[Member], day: date) -> dict[int, Covered]:
    """The same for many people, in two questions however many they are."""
    kept = {one.pk: one.merged_into_id or one.pk for one in members}
    doubles = [one.merged_into_id for one in members if one.merged_into_id]
    people = {one.pk: one for one in members if not one.merged_into_id}
    if doubles:
        people.update(Member.objects.in_bulk(doubles))
    found = Coverage.objects.standing().filter(Q(member__in=people) | Q(member__merged_into__in=people))
    known: dict[int, list[Coverage]] = defaultdict(list)
    for one in found.select_related("scheme", "fund_year", "contribution", "member"):
        known[one.member.merged_into_id or one.member_id].append(one)
    return {pk: _answer(people[root], known[root], day) for pk, root in kept.items()}


def _answer(person: Member, coverages: Sequence[Coverage], day: date) -> Covered:
    by_number = {one.pk: one for one in coverages}
    died = person.state_on if person.state == Member.State.DEAD else None
    said = rule.answer(day, born=person.birth_date, died=died, spans=map(_span, coverages))
    return Covered(said.covered, said.why, by_number[said.span.coverage] if said.span else None)


def _span(one: Coverage) -> Span:
    return Span(one.period.lower, one.period.upper, one.reason, one.is_basic, one.ended_because, one.pk)
