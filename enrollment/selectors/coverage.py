"""Who is covered when: the one place that answers it, for claims, pages and prints alike."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from enrollment.models import Coverage, Member
from enrollment.rules import coverage as rule
from enrollment.rules.coverage import Span


@dataclass(frozen=True)
class Covered:
    """The answer for one person and one day, with the coverages that speak for it, or the one that tells why not."""

    day: date
    covered: bool
    why: str
    coverages: list[Coverage]

    @property
    def coverage(self) -> Coverage | None:
        """The one that speaks first."""
        return self.coverages[0] if self.coverages else None


@dataclass(frozen=True)
class Enrolled:
    """A person with all his coverages, of which any day can be told."""

    person: Member
    coverages: list[Coverage]

    def on(self, day: date) -> Covered:
        """Whether he is covered on a day, and why."""
        return told_by(self.person, self.coverages, day)


def coverage_on(member: Member, day: date) -> Covered:
    """Whether this person is covered on a day, and why; for a double, whether the one that is kept is."""
    return enrolled(member).on(day)


def enrolled(member: Member) -> Enrolled:
    """The same for whoever asks about several days."""
    return _enrolled([member])[member.pk]


def coverages_on(members: Sequence[Member], day: date) -> dict[int, Covered]:
    """The same for many people, in two questions however many they are."""
    return {number: one.on(day) for number, one in _enrolled(members).items()}


def _enrolled(members: Sequence[Member]) -> dict[int, Enrolled]:
    kept = {one.pk: one.merged_into_id or one.pk for one in members}
    doubles = [one.merged_into_id for one in members if one.merged_into_id]
    people = {one.pk: one for one in members if not one.merged_into_id}
    if doubles:
        people.update(Member.objects.in_bulk(doubles))
    found = Coverage.objects.standing().filter(member__in=Member.objects.records_of(people))
    known: dict[int, list[Coverage]] = defaultdict(list)
    for one in found.select_related("scheme", "fund_year", "contribution", "member"):
        known[one.member.merged_into_id or one.member_id].append(one)
    return {pk: Enrolled(people[root], known[root]) for pk, root in kept.items()}


def told_by(person: Member, coverages: Iterable[Coverage], day: date) -> Covered:
    """The same from all coverages of a person and of his doubles, where they are known already."""
    by_number = {one.pk: one for one in coverages if not one.void_reason}
    died = person.state_on if person.state == Member.State.DEAD else None
    moved = person.state_on if person.state == Member.State.MOVED_AWAY else None
    said = rule.answer(day, born=person.birth_date, died=died, moved=moved, spans=map(_span, by_number.values()))
    return Covered(day, said.covered, said.why, [by_number[span.coverage] for span in said.spans])


def _span(one: Coverage) -> Span:
    return Span(one.period.lower, one.period.upper, one.reason, one.is_basic, one.ended_because, one.pk)
