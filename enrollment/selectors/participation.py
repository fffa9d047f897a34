"""Who should enroll and who has (参合率), by township and village, added up in the database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count
from django.db.models.functions import Coalesce

from enrollment.models import Coverage, Division, FundYear, Population, Target
from enrollment.rules import participation as rules
from enrollment.selectors import fund_years
from office.models import Person

#: A coverage that comes from a contribution; newborns and those who came over are insured but were not collected from.
ENROLLED = (Coverage.Reason.PAID, Coverage.Reason.ASSISTED)
RIGHT = "enrollment.view_fundyear"


@dataclass(frozen=True)
class Line:
    """One township or village, or all of them together."""

    division: Division | None
    should: int
    enrolled: int
    target: int | None

    @property
    def name(self) -> str:
        return self.division.name if self.division else ""

    @property
    def rate(self) -> Decimal | None:
        """Enrolled of those who should, in percent."""
        return rules.rate(self.enrolled, self.should)

    @property
    def grade(self) -> str:
        """What the rate is called, by code."""
        return rules.grade(self.rate).value

    @property
    def unpaid(self) -> int:
        """How many should enroll and have not."""
        return max(self.should - self.enrolled, 0)

    @property
    def reached(self) -> Decimal | None:
        """Enrolled of the target, in percent."""
        return rules.rate(self.enrolled, self.target or 0)

    @property
    def to_target(self) -> int | None:
        """How many are missing to the target."""
        return None if self.target is None else max(self.target - self.enrolled, 0)


def by_township(fund_year: FundYear, person: Person) -> list[Line]:
    """The townships in sight, the highest rate first."""
    townships = Division.objects.visible_to(person, RIGHT).filter(level=Division.Level.TOWNSHIP).order_by("code")
    enrolled = dict(_enrolled(fund_year).values_list("township").annotate(_people()))
    targets = Target.objects.filter(fund_year=fund_year, division__level=Division.Level.TOWNSHIP, heads__gt=0)
    should = fund_years.heads_by_township(fund_year)
    return _ranked(townships, should, enrolled, dict(targets.values_list("division", "heads")))


def by_village(fund_year: FundYear, township: Division) -> list[Line]:
    """The villages of a township, the highest rate first."""
    villages = township.children.order_by("code")
    enrolled = _enrolled(fund_year).filter(township=township.pk).values_list("village").annotate(_people())
    should = Population.objects.filter(fund_year=fund_year, division__parent=township)
    return _ranked(villages, dict(should.values_list("division", "heads")), dict(enrolled), {})


def together(lines: Sequence[Line], target: int | None = None) -> Line:
    """All lines in one; the target is the given one, else the sum of those that are set."""
    targets = [line.target for line in lines if line.target is not None]
    whole = target if target is not None else sum(targets) if targets else None
    return Line(None, sum(line.should for line in lines), sum(line.enrolled for line in lines), whole)


def county_target(fund_year: FundYear) -> int | None:
    """What the level above wants of the whole county, where it says so in one number."""
    said = Target.objects.filter(fund_year=fund_year, division__level=Division.Level.COUNTY, heads__gt=0)
    return said.values_list("heads", flat=True).first()


def _enrolled(fund_year: FundYear) -> Any:
    """Standing coverages that come from a contribution; a double counts as the one it was merged into."""
    standing = Coverage.objects.standing().filter(fund_year=fund_year, reason__in=ENROLLED)
    kept, own = "member__merged_into__household__village", "member__household__village"
    return standing.annotate(
        who=Coalesce("member__merged_into", "member"),
        village=Coalesce(kept, own),
        township=Coalesce(f"{kept}__parent", f"{own}__parent"),
    ).order_by()


def _people() -> Count:
    return Count("who", distinct=True)


def _ranked(
    divisions: Iterable[Division], should: Mapping[int, int], enrolled: Mapping[int, int], targets: Mapping[int, int]
) -> list[Line]:
    lines = [Line(one, should.get(one.pk, 0), enrolled.get(one.pk, 0), targets.get(one.pk)) for one in divisions]
    return sorted(lines, key=lambda line: -(line.rate if line.rate is not None else Decimal(-1)))
