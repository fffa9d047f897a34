"""The campaign of a fund year (筹资工作) by township or village, as of a day and day by day, added up in the database.

A figure of an earlier day is what stands today of what came in until then: an entry that was taken back is gone from
every day. What was known on a day is kept by its bulletin.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import CharField, Min, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Cast, Coalesce, TruncDate

from enrollment.models import (
    Bulletin,
    CampaignDeadline,
    Category,
    CollectionSheet,
    Contribution,
    ContributionRate,
    Division,
    EnrollmentRound,
    FundYear,
    Population,
    Receipt,
    Refund,
    Target,
)
from enrollment.rules import campaign as rules
from enrollment.rules.campaign import Figures, Line, OnItsWay
from enrollment.selectors import fund_years, participation
from office.models import Person
from office.models.rounds import Outcome
from office.rules.days import SHANGHAI

RIGHT = "enrollment.view_campaigndeadline"
NOTHING = Decimal(0)
GIVEN_BACK = (Refund.State.APPROVED, Refund.State.PAID)

#: Figures by place (a township's or village's number) and day.
ByDay = dict[int, dict[date, Figures]]


@dataclass(frozen=True)
class Campaign:
    """The figures of a fund year as of a day: its places in their rank, all together, and day by day."""

    fund_year: FundYear
    day: date
    ranked: list[tuple[int | None, Line]]
    whole: Line
    days: list[rules.Day]
    places: Mapping[str, int]


def of_townships(fund_year: FundYear, day: date, person: Person | None = None) -> Campaign:
    """The townships that a person sees, or all of them; the county's own target where it is the whole county."""
    townships = fund_years.townships()
    if person is not None:
        townships = townships.visible_to(person, RIGHT)  # type: ignore[attr-defined]
    is_whole = person is None or person.bodies_in_sight(RIGHT) is None
    targets = Target.objects.filter(fund_year=fund_year, division__level=Division.Level.TOWNSHIP, heads__gt=0)
    return _campaign(
        fund_year,
        day,
        townships,
        should=fund_years.heads_by_township(fund_year),
        targets=dict(targets.values_list("division", "heads")),
        target=participation.county_target(fund_year) if is_whole else None,
        places=_Places("township", "__parent", {}),
    )


def of_villages(fund_year: FundYear, day: date, township: Division) -> Campaign:
    """The villages of a township; its target is the township's own."""
    said = Population.objects.filter(fund_year=fund_year, division__parent=township)
    wanted = Target.objects.filter(fund_year=fund_year, division=township, heads__gt=0)
    return _campaign(
        fund_year,
        day,
        township.children.order_by("code"),
        should=dict(said.values_list("division", "heads")),
        targets={},
        target=wanted.values_list("heads", flat=True).first(),
        places=_Places("village", "", {"parent": township}),
    )


def deadlines_of(fund_year: FundYear) -> list[CampaignDeadline]:
    """The deadlines that hold, the earliest first."""
    return list(CampaignDeadline.objects.standing().filter(fund_year=fund_year).order_by("on"))


def last_bulletin(fund_year: FundYear) -> Bulletin | None:
    """The bulletin that was made last."""
    return Bulletin.objects.filter(fund_year=fund_year).order_by("-number").first()


def fee_of(fund_year: FundYear) -> Decimal:
    """What is contributed for an ordinary person, in yuan, whoever pays it: what is due is counted by it."""
    ordinary = ContributionRate.objects.filter(fund_year=fund_year, category=Category.ORDINARY).first()
    return ordinary.amount if ordinary else NOTHING


@dataclass(frozen=True)
class _Places:
    """Whether townships or villages are told apart, and within what."""

    level: str
    above: str
    within: Mapping[str, Any]

    def of(self, village: str) -> str:
        """The path to the place of what has a village."""
        return f"{village}{self.above}"

    def inside(self, village: str) -> Q:
        """What lies within."""
        return Q(**{f"{village}__{name}": value for name, value in self.within.items()})


def _campaign(
    fund_year: FundYear,
    day: date,
    divisions: Iterable[Division],
    *,
    should: Mapping[int, int],
    targets: Mapping[int, int],
    target: int | None,
    places: _Places,
) -> Campaign:
    fee = fee_of(fund_year)
    by_place = _by_day(fund_year, places, day)
    ways = _ways(fund_year, places, day)
    lines, days = [], defaultdict[date, Figures](Figures)
    seen = list(divisions)
    for one in seen:
        by_day = by_place.get(one.pk, {})
        for on, figures in by_day.items():
            days[on] += figures
        lines.append(
            Line(
                code=one.code,
                name=one.name,
                should=should.get(one.pk, 0),
                target=targets.get(one.pk),
                fee=fee,
                so_far=rules.total(by_day.values()),
                added=by_day.get(day, Figures()),
                way=ways.get(one.pk, OnItsWay()),
            )
        )
    whole = rules.together(lines, name="", fee=fee, target=target)
    numbers = {one.code: one.pk for one in seen}
    return Campaign(fund_year, day, rules.ranked(lines), whole, rules.day_by_day(days), numbers)


def _by_day(fund_year: FundYear, places: _Places, until: date) -> ByDay:
    """What came in by place and day, until a day: four questions, each answered with one row for a place and day."""
    found: ByDay = defaultdict(lambda: defaultdict(Figures))
    for ask in (_enrolled, _paid, _receipted, _refunded):
        for place, on, figures in ask(fund_year, places):
            if on <= until:
                found[place][on] += figures
    return found


Rows = Iterable[tuple[int, date, Figures]]
Asking = Callable[[FundYear, _Places], Rows]


def _enrolled(fund_year: FundYear, places: _Places) -> Rows:
    """People by the day on which they first paid; whoever left and came back, and a double, is one person."""
    people = participation.enrolled_of(fund_year)
    if places.within:
        people = people.filter(township=places.within["parent"].pk)
    first = (
        people.values("who")
        .annotate(place=Min(places.level), day=Min(_day("contribution__")))
        .values_list("place", "day")
    )
    sql, values = first.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT place, day, count(*) FROM ({sql}) AS first GROUP BY place, day", values)  # noqa: S608  Django's own words
        return [(place, day, Figures(enrolled=people)) for place, day, people in cursor.fetchall()]


def _paid(fund_year: FundYear, places: _Places) -> Rows:
    """Yuan by the day of payment, where it was collected; of what was given back the household's part stays counted."""
    stands = Q(void_reason="")
    given_back = Refund.objects.filter(state__in=GIVEN_BACK).values("contribution")
    found = _placed(Contribution.objects.filter(stands | Q(pk__in=given_back), fund_year=fund_year), places, "")
    return [
        (place, day, Figures(cash=cash, assisted=assisted, collective=collective))
        for place, day, cash, assisted, collective in found.annotate(day=_day(""))
        .values_list("place", "day")
        .annotate(
            Sum("own"),
            Sum("assisted", filter=stands, default=NOTHING),
            Sum("collective", filter=stands, default=NOTHING),
        )
    ]


def _receipted(fund_year: FundYear, places: _Places) -> Rows:
    """Yuan on receipts of the stock that are not void."""
    village = "entry__sheet__village"
    used = Receipt.objects.used().filter(places.inside(village), entry__sheet__fund_year=fund_year)
    found = used.order_by().values_list(places.of(village), "dated").annotate(Sum("amount"))
    return [(place, day, Figures(receipted=amount)) for place, day, amount in found]


def _refunded(fund_year: FundYear, places: _Places) -> Rows:
    """Yuan by the day on which it was decided to give them back."""
    decided = EnrollmentRound.objects.filter(
        subject_type="enrollment.refund", subject_id=OuterRef("number"), outcome=Outcome.APPROVED
    )
    found = _placed(
        Refund.objects.filter(contribution__fund_year=fund_year, state__in=GIVEN_BACK), places, "contribution__"
    ).annotate(
        number=Cast("pk", CharField()),
        day=TruncDate(Subquery(decided.order_by("-pk").values("closed_at")[:1]), tzinfo=SHANGHAI),
    )
    return [
        (place, day, Figures(refunded=amount))
        for place, day, amount in found.values_list("place", "day").annotate(Sum("amount"))
    ]


def _placed(found: QuerySet[Any], places: _Places, paid: str) -> QuerySet[Any]:
    """Each with `place`: where the sheet it stands on belongs, else where its person lives."""
    sheet, home = f"{paid}entry__sheet__village", f"{paid}member__household__village"
    if places.within:
        found = found.filter(places.inside(sheet) | Q(**{f"{paid}entry__isnull": True}) & places.inside(home))
    placed: QuerySet[Any] = found.annotate(place=Coalesce(places.of(sheet), places.of(home))).order_by()
    return placed


def _day(contribution: str) -> Coalesce:
    """The day on which it was paid; where nobody said it, the day on which it was noted."""
    return Coalesce(f"{contribution}paid_on", TruncDate(f"{contribution}noted_at", tzinfo=SHANGHAI))


def _ways(fund_year: FundYear, places: _Places, day: date) -> dict[int, OnItsWay]:
    """How far the cash of sheets has come by a day."""
    sheets = CollectionSheet.objects.filter(places.inside("village"), fund_year=fund_year, handed_in_on__lte=day)
    found = (
        sheets.order_by()
        .values_list(places.of("village"))
        .annotate(
            Sum("cash"),
            Sum("cash", filter=Q(deposited_on__lte=day), default=NOTHING),
            Sum("cash", filter=Q(confirmed_on__lte=day), default=NOTHING),
        )
    )
    return {place: OnItsWay(*sums) for place, *sums in found}
