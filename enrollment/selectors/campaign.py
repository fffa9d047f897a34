"""The campaign of a fund year (筹资工作) by township or village, as of a day and day by day, added up in the database.

A figure of an earlier day is what stands today of what came in until then: an entry that was taken back is gone from
every day. What was known on a day is kept by its bulletin.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import CharField, Count, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Cast, Coalesce, TruncDate

from enrollment.models import (
    Bulletin,
    CampaignDeadline,
    Category,
    CollectionSheet,
    Contribution,
    ContributionRate,
    Coverage,
    Division,
    EnrollmentRound,
    FundYear,
    Member,
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

HOME = "member__household__village"
STANDS = Q(void_reason="")

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
    is_whole = person is None or person.bodies_in_sight(RIGHT) is None
    if person is not None:
        townships = Division.objects.visible_to(person, RIGHT).filter(level=Division.Level.TOWNSHIP).order_by("code")
    seen = list(townships)
    villages: Any = Division.objects.filter(parent__in=seen).order_by().values_list("pk", "parent")
    targets = Target.objects.filter(fund_year=fund_year, division__level=Division.Level.TOWNSHIP, heads__gt=0)
    return _campaign(
        fund_year,
        day,
        seen,
        _Places(dict(villages), is_whole=is_whole),
        should=fund_years.heads_by_township(fund_year),
        targets=dict(targets.values_list("division", "heads")),
        target=participation.county_target(fund_year) if is_whole else None,
    )


def of_villages(fund_year: FundYear, day: date, township: Division) -> Campaign:
    """The villages of a township; its target is the township's own."""
    villages = list(township.children.order_by("code"))
    said = Population.objects.filter(fund_year=fund_year, division__parent=township)
    wanted = Target.objects.filter(fund_year=fund_year, division=township, heads__gt=0)
    return _campaign(
        fund_year,
        day,
        villages,
        _Places({one.pk: one.pk for one in villages}, is_whole=False),
        should=dict(said.values_list("division", "heads")),
        targets={},
        target=wanted.values_list("heads", flat=True).first(),
    )


def usual_year(today: date) -> FundYear | None:
    """The year that is collected for today, else the last one that was: of the scheme of whole households first."""
    confirmed = FundYear.objects.confirmed().of_sums().select_related("scheme")
    latest = confirmed.order_by("-collection__startswith", "scheme__insures", "scheme")
    return latest.filter(collection__startswith__lte=today).first() or latest.first()


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
    """By village the place in whose line it stands: itself, or its township; and whether that is the whole county."""

    of: Mapping[int, int]
    is_whole: bool

    def inside(self, village: str) -> Q:
        """What lies in these villages."""
        return Q() if self.is_whole else Q(**{f"{village}__in": list(self.of)})


@dataclass(frozen=True)
class _Sheets:
    """The sheets of these villages: where each belongs, and how far their cash has come."""

    of: Mapping[int, int]
    ways: Mapping[int, OnItsWay]


def _campaign(
    fund_year: FundYear,
    day: date,
    divisions: Sequence[Division],
    places: _Places,
    *,
    should: Mapping[int, int],
    targets: Mapping[int, int],
    target: int | None,
) -> Campaign:
    fee = fee_of(fund_year)
    sheets = _sheets(fund_year, places, day)
    by_place = _by_day(fund_year, places, sheets, day)
    days: dict[date, Figures] = defaultdict(Figures)
    lines = []
    for one in divisions:
        by_day = by_place[one.pk]
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
                way=sheets.ways.get(one.pk, OnItsWay()),
            )
        )
    whole = rules.together(lines, name="", fee=fee, target=target)
    numbers = {one.code: one.pk for one in divisions}
    return Campaign(fund_year, day, rules.ranked(lines), whole, rules.day_by_day(days), numbers)


def _sheets(fund_year: FundYear, places: _Places, day: date) -> _Sheets:
    found = CollectionSheet.objects.filter(places.inside("village"), fund_year=fund_year).order_by()
    of: dict[int, int] = {}
    ways: dict[int, OnItsWay] = defaultdict(OnItsWay)
    steps = ("handed_in_on", "deposited_on", "confirmed_on")
    for number, village, cash, *came_on in found.values_list("pk", "village", "cash", *steps):
        place = of[number] = places.of[village]
        ways[place] += OnItsWay(*(cash if on is not None and on <= day else NOTHING for on in came_on))
    return _Sheets(of, ways)


def _by_day(fund_year: FundYear, places: _Places, sheets: _Sheets, until: date) -> ByDay:
    """What came in by place and day, until a day.

    Five questions, each of one kind of thing, whose answers have one row for a village or sheet and a day; which
    township that is, is known here, so that the database joins no more than it must.
    """
    answers = (
        (places.of, 0, _enrolled(fund_year, places)),
        (places.of, 1, _paid_without_sheet(fund_year, places)),
        (sheets.of, 1, _paid(fund_year, places, sheets)),
        (sheets.of, 4, _receipted(sheets)),
        (sheets.of, 5, _refunded(sheets)),
    )
    came_in: dict[tuple[int, date], list[Any]] = defaultdict(lambda: [0, NOTHING, NOTHING, NOTHING, NOTHING, NOTHING])
    for known, first, rows in answers:
        for number, on, *values in rows:
            if on <= until and number in known:
                sums = came_in[known[number], on]
                for at, value in enumerate(values, first):
                    sums[at] += value
    found: ByDay = defaultdict(dict)
    for (place, on), sums in came_in.items():
        found[place][on] = Figures(*sums)
    return found


#: A village's or a sheet's number, a day, and what came in: people, or yuan in the order of the figures.
Rows = Iterable[tuple[Any, ...]]


def _enrolled(fund_year: FundYear, places: _Places) -> Rows:
    """People by the day on which they paid, where they live now; the same people as on the page of participation.

    Who left and came back has one contribution and is counted once by it; doubles are looked at one by one.
    """
    doubles: Any = dict(Member.objects.filter(merged_into__isnull=False).values_list("pk", "merged_into"))
    several = list({*doubles, *doubles.values()})
    covered = Coverage.objects.standing().filter(fund_year=fund_year, reason__in=participation.ENROLLED)
    dated = covered.order_by().annotate(day=_day("contribution__"))
    alone = dated.exclude(member__in=several).filter(places.inside(HOME))
    counted = alone.values_list(HOME, "day").annotate(Count("contribution", distinct=True))
    return [*counted, *_of_doubles(dated.filter(member__in=several), doubles)]


def _of_doubles(dated: QuerySet[Any], doubles: Mapping[int, int]) -> Rows:
    """A person with several records by the first day on which one of them paid, where the kept one lives."""
    found = dated.values_list("member", "day", HOME, "member__merged_into__household__village")
    first: dict[int, tuple[int, date]] = {}
    for member, day, village, kept_village in found.order_by("day"):
        first.setdefault(doubles.get(member, member), (kept_village or village, day))
    return [(village, day, 1) for village, day in first.values()]


def _paid(fund_year: FundYear, places: _Places, sheets: _Sheets) -> Rows:
    """Yuan on sheets by the day of payment; of what was given back the household's part stays counted."""
    given_back = Refund.objects.filter(state__in=GIVEN_BACK).values("contribution")
    found = Contribution.objects.filter(STANDS | Q(pk__in=given_back), fund_year=fund_year, entry__isnull=False)
    if not places.is_whole:
        found = found.filter(entry__sheet__in=list(sheets.of))
    return _sums(found, "entry__sheet")


def _paid_without_sheet(fund_year: FundYear, places: _Places) -> Rows:
    """Yuan that stand on no sheet, where the person lives."""
    found = Contribution.objects.filter(STANDS, fund_year=fund_year, entry__isnull=True)
    return _sums(found.filter(places.inside(HOME)), HOME)


def _sums(found: QuerySet[Contribution], place: str) -> Rows:
    sums = found.order_by().annotate(day=_day("")).values_list(place, "day")
    return sums.annotate(
        cash=Sum("own"),
        helped=Sum("assisted", filter=STANDS, default=NOTHING),
        jointly=Sum("collective", filter=STANDS, default=NOTHING),
    )


def _receipted(sheets: _Sheets) -> Rows:
    """Yuan on receipts of the stock that are not void."""
    used = Receipt.objects.used().filter(entry__sheet__in=list(sheets.of)).order_by()
    return used.values_list("entry__sheet", "dated").annotate(Sum("amount"))


def _refunded(sheets: _Sheets) -> Rows:
    """Yuan by the day on which it was decided to give them back; only what stands on a sheet is given back."""
    decided = EnrollmentRound.objects.filter(
        subject_type="enrollment.refund", subject_id=OuterRef("number"), outcome=Outcome.APPROVED
    )
    found = (
        Refund.objects.filter(contribution__entry__sheet__in=list(sheets.of), state__in=GIVEN_BACK)
        .order_by()
        .annotate(
            number=Cast("pk", CharField()),
            day=TruncDate(Subquery(decided.order_by("-pk").values("closed_at")[:1]), tzinfo=SHANGHAI),
        )
    )
    return found.values_list("contribution__entry__sheet", "day").annotate(Sum("amount"))


def _day(contribution: str) -> Coalesce:
    """The day on which a contribution was paid; where nobody said it, the day on which it was noted."""
    return Coalesce(f"{contribution}paid_on", TruncDate(f"{contribution}noted_at", tzinfo=SHANGHAI))
