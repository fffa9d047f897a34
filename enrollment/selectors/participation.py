"""Who should enroll and who has (参合率), by township and village, added up in the database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Exists, OuterRef

from enrollment.models import Coverage, Division, FundYear, Member, Population, Scheme, Target
from enrollment.models.coverage import CoverageQuerySet
from enrollment.rules import participation as rules
from enrollment.selectors import fund_years, year_sums
from office.models import Person

#: A coverage that comes from a contribution; newborns and those who came over are insured but were not collected from.
ENROLLED = (Coverage.Reason.PAID, Coverage.Reason.ASSISTED)
RIGHT = "enrollment.view_fundyear"
VILLAGE = "household__village"
TOWNSHIP = "household__village__parent"


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
    enrolled = _enrolled(fund_year, TOWNSHIP)
    targets = Target.objects.filter(fund_year=fund_year, division__level=Division.Level.TOWNSHIP, heads__gt=0)
    should = fund_years.heads_by_township(fund_year)
    return _ranked(townships, should, enrolled, dict(targets.values_list("division", "heads")))


def by_village(fund_year: FundYear, township: Division) -> list[Line]:
    """The villages of a township, the highest rate first."""
    villages = township.children.order_by("code")
    enrolled = _enrolled(fund_year, VILLAGE, township)
    should = Population.objects.filter(fund_year=fund_year, division__parent=township)
    return _ranked(villages, dict(should.values_list("division", "heads")), enrolled, {})


def together(lines: Sequence[Line], target: int | None = None) -> Line:
    """All lines in one; the target is the given one, else the sum of those that are set."""
    targets = [line.target for line in lines if line.target is not None]
    whole = target if target is not None else sum(targets) if targets else None
    return Line(None, sum(line.should for line in lines), sum(line.enrolled for line in lines), whole)


def enrolled_of(fund_year: FundYear) -> int:
    """How many people of the whole county have enrolled; each counts once, under whichever of his records. Where wages
    are the base, everybody whom a coverage stands for: they are few, and are counted."""
    standing = Coverage.objects.standing().filter(fund_year=fund_year)
    if fund_year.scheme.contribution == Scheme.Contribution.FIXED:
        return year_sums.of_year(fund_year).coverages - _twice(standing.filter(reason__in=ENROLLED))
    return int(standing.aggregate(records=Count("member", distinct=True))["records"]) - _twice(standing)


def _twice(standing: CoverageQuerySet) -> int:
    """How many records too much are covered, because they are of people with several."""
    kept = dict(Member.objects.filter(merged_into__isnull=False).values_list("pk", "merged_into"))
    covered = standing.filter(member__in={*kept, *kept.values()}).order_by().values_list("member", flat=True)
    records = set(covered)
    return len(records) - len({kept.get(one, one) for one in records})


def county_target(fund_year: FundYear) -> int | None:
    """What the level above wants of the whole county, where it says so in one number."""
    said = Target.objects.filter(fund_year=fund_year, division__level=Division.Level.COUNTY, heads__gt=0)
    return said.values_list("heads", flat=True).first()


def _enrolled(fund_year: FundYear, division: str, place: Division | None = None) -> Counter[int]:
    """By division (the path to it from a person), how many have a standing coverage that comes from a contribution:
    under their own record or, if not, under a double's. Each counts where his household is now; within `place` alone.

    In two questions: asked together, everybody's coverage would be looked for one by one.
    """
    standing = Coverage.objects.standing().filter(fund_year=fund_year, reason__in=ENROLLED)
    where = {TOWNSHIP: place} if place else {}
    own = Member.objects.filter(Exists(standing.filter(member=OuterRef("pk"))), merged_into__isnull=True, **where)
    others = (
        Member.objects.filter(Exists(standing.filter(member=OuterRef("pk"))), merged_into__isnull=False)
        .exclude(Exists(standing.filter(member=OuterRef("merged_into"))))
        .filter(**{f"merged_into__{path}": one for path, one in where.items()})
    )
    found = Counter(dict(own.order_by().values_list(division).annotate(Count("pk"))))
    kept = others.order_by().values_list(f"merged_into__{division}")
    found.update(dict(kept.annotate(Count("merged_into", distinct=True))))
    return found


def _ranked(
    divisions: Iterable[Division], should: Mapping[int, int], enrolled: Mapping[int, int], targets: Mapping[int, int]
) -> list[Line]:
    lines = [Line(one, should.get(one.pk, 0), enrolled.get(one.pk, 0), targets.get(one.pk)) for one in divisions]
    return sorted(lines, key=lambda line: -(line.rate if line.rate is not None else Decimal(-1)))
