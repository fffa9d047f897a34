"""Claims of the demo county on their way to a decision: some wait in every step, with every duty and every doubt; some
are over. People, stays, amounts and limits are made up.

What was decided days ago is dated so, with a code shown on that day (`show_earlier`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final, NamedTuple

from django.db.models import QuerySet

from claims.models import BenefitPlan, Claim, Cut, Flag, Limit, Provider, Verification
from claims.services import checking, flags, intake, limits, reversing, verification
from claims.services.checking import CutOf
from claims.services.limits import LimitOf
from claims.services.verification import Question
from demo.factors import show_factor
from demo.taking_in import SHORTEST_YEAR, Stay, enter
from enrollment.models import Coverage, FundYear, Member, Scheme
from enrollment.services import coverage
from office import deciding
from office.models import Person
from office.proof import Proof
from office.rules import days
from office.services import rounds

PAPER: Final = "海合管发〔2009〕16号（演示，限额为假设）"
OFFICE: Final = "医务科（演示）"
ONE_DAY: Final = timedelta(days=1)
OTHERS: Final = ("employees", "residents")
FIRST_INVOICE: Final = 300  # those of demo/taking_in.py come before it

#: Days ago on which a code was shown, by whom.
EARLIER: Final = {40: ("first", "second"), 24: ("first",), 8: ("first", "second", "head")}
#: Month and day of last year on which the last of it was decided.
DECEMBER: Final = (12, 20)
#: Scheme, kind and region, step, what it looks at, from which amount.
LIMITS: Final = (
    ("ncms", "", "", "verification", "total_cost", 10_000),
    ("ncms", "inpatient", "outside", "verification", "total_cost", 3_000),
    ("ncms", "", "", "head", "proposed_payment", 5_000),
    ("ncms", "", "", "committee", "proposed_payment", 15_000),
    ("employees", "", "", "verification", "total_cost", 30_000),
    ("employees", "", "", "head", "proposed_payment", 10_000),
    ("employees", "", "", "committee", "proposed_payment", 30_000),
    ("residents", "", "", "head", "proposed_payment", 8_000),
)
PROPOSED: Final = ("residents", "", "", "committee", "proposed_payment", 20_000)


class Way(NamedTuple):
    """A stay of somebody insured in a scheme, taken in so many days ago, and what was done about it, each so many days
    ago; `place` says whether he must live where the station is."""

    stay: Stay
    since: int
    acts: tuple[tuple[str, int], ...] = ()
    scheme: str = "ncms"
    place: str = ""
    is_handed_on: bool = True


FIRST_NOW: Final = (("first", 0),)
BOTH: Final = (("first", 8), ("second", 8))
ASKED: Final = (("first", 24), ("nobody", 23), ("letter", 22))


def _stay(provider: str, disease: str, nights: int, drugs: int, others: int, **more: object) -> Stay:
    costs = (("drug", "A", drugs), ("exam", "A", others), ("bed", "A", nights * 8))
    return Stay(provider, disease, nights, costs, **more)  # type: ignore[arg-type]


COUNTY, TCM, MOTHERS, CITY, PROVINCE = "640522001", "640522002", "640522003", "640500001", "640100001"
WAYS: Final = (
    Way(_stay(PROVINCE, "I63.9", 10, 33_000, 8_920, by="station", employment="active"), 25,
        (("first", 24), ("genuine", 20), ("second", 8), ("head", 0)), "employees", "station"),
    Way(_stay(COUNTY, "C16.9", 10, 9_000, 2_920), 25,
        (*ASKED, ("silence", 9), ("second", 8), ("head", 0))),
    Way(_stay(TCM, "N18.0", 10, 8_000, 3_920), 25, ASKED),
    Way(_stay(COUNTY, "I21.9", 10, 9_800, 2_120), 9, (("first", 8), ("awaited", 7), ("genuine", 6))),
    Way(_stay(CITY, "K80.2", 7, 3_900, 1_200), 9, (("first", 8),)),
    Way(_stay(TCM, "K29.5", 8, 900, 300), 9, (("first", 8), ("refuse", 8))),
    Way(_stay(COUNTY, "J18.9", 8, 1_500, 400, by="station"), 9, (("first", 8), ("return", 8)), "ncms", "station"),
    Way(_stay(COUNTY, "J18.9", 7, 1_400, 444), 9, BOTH),
    Way(_stay(TCM, "I10", 6, 760, 252), 9, BOTH),
    Way(_stay(COUNTY, "K29.5", 6, 980, 312, pays="member"), 9, BOTH),
    Way(_stay(COUNTY, "K35.9", 6, 2_100, 552), 9, (*BOTH, ("take-back", 0))),
    Way(_stay(COUNTY, "S72.0", 9, 4_200, 1_128, kind="injury"), 9, BOTH),
    Way(_stay(COUNTY, "K80.2", 9, 6_400, 2_128), 9, BOTH),
    Way(_stay(TCM, "I63.9", 9, 7_000, 1_928), 9, BOTH),
    Way(_stay(COUNTY, "J18.9", 8, 1_300, 536), 3, FIRST_NOW),
    Way(_stay(MOTHERS, "J18.9", 5, 620, 240), 3, FIRST_NOW),
    Way(_stay(TCM, "K29.5", 7, 1_100, 344), 3, FIRST_NOW),
    Way(_stay(COUNTY, "I10", 8, 2_400, 636), 3, (("cut", 0),)),
    Way(_stay(COUNTY, "M06.9", 9, 2_900, 828), 3, (("first", 0), ("hold", 0))),
    Way(_stay(COUNTY, "J18.9", 7, 3_300, 844), 3, FIRST_NOW, "residents"),
    Way(_stay(COUNTY, "J44.9", 8, 1_236, 600), 2),
    Way(_stay(TCM, "E11.9", 9, 1_500, 428), 2),
    Way(_stay(MOTHERS, "J18.9", 4, 500, 168), 2),
    Way(_stay(COUNTY, "I63.9", 10, 9_000, 3_920), 2),
    Way(_stay(COUNTY, "E10.9", 6, 2_800, 752), 1, (), "residents"),
    Way(_stay(TCM, "J44.9", 6, 1_100, 252, by="station", without=frozenset({"invoice", "fee_list"})), 1,
        (), "ncms", "station", is_handed_on=False),
    Way(Stay("", "I10", 0, (("drug", "A", 46),), by="village", kind="outpatient",
             without=frozenset({"prescription"})), 1, is_handed_on=False),
)  # fmt: skip


def show_earlier(people: dict[str, Person], at: datetime) -> dict[tuple[str, int], Proof]:
    """The codes that were shown on earlier days, before any of today."""
    december = since_december(at)
    shown_on = {**EARLIER, december: tuple({**dict.fromkeys(EARLIER.get(december, ())), "first": None, "second": None})}
    return {
        (name, ago): show_factor(people[name], at - timedelta(days=ago))
        for ago in sorted(shown_on, reverse=True)
        for name in shown_on[ago]
    }


def since_december(at: datetime) -> int:
    """How many days ago it was the day in last December on which the year before was decided (demo/last_year.py)."""
    today = days.business_day(at)
    return (today - date(today.year - 1, *DECEMBER)).days


def last_december(at: datetime) -> datetime:
    """That day, at this hour."""
    return at - timedelta(days=since_december(at))


def leave(year: FundYear, people: dict[str, Person], shown: Mapping[tuple[str, int], Proof], at: datetime) -> None:
    """Limits, and claims in every step, where the year is old enough and has a plan."""
    today = days.business_day(at)
    has_plan = BenefitPlan.objects.applying_on(today).filter(scheme=year.scheme).exists()
    if not has_plan or today - year.period.lower < SHORTEST_YEAR:
        return
    desk = Desk(people, {**shown, **{(name, 0): show_factor(people[name], at) for name in _NOW}}, at)
    _limits(desk)
    some = _patients(year, people, at)
    for place, way in enumerate(WAYS):
        desk.go(way, some[way.scheme, way.place], FIRST_INVOICE + place)


_NOW: Final = ("first", "second", "head")


def _limits(desk: Desk) -> None:
    """Those in force, and one that waits for the head."""
    for one in LIMITS:
        asked = _propose(one, desk)
        opened = deciding.rounds_of(asked).get()
        proof = desk.shown["head", 0]
        rounds.vote(
            round=opened, choice="approve", hash_seen=opened.subject_hash, by=proof.person, at=desk.at, proof=proof
        )
    _propose(PROPOSED, desk)


def _propose(one: tuple[str, str, str, str, str, int], desk: Desk) -> Limit:
    code, kind, region, step, basis, amount = one
    scheme = Scheme.objects.get(code=code)
    stated = LimitOf(scheme, step, basis, Decimal(amount), date(2009, 1, 1), None, PAPER, kind, region)
    return limits.propose(stated=stated, by=desk.people["accountant"], at=desk.at)


def insured_heads(today: date) -> QuerySet[Member]:
    """Heads of households who are insured by the rural scheme's year of a day."""
    year = FundYear.objects.confirmed().get(scheme__code="ncms", year=today.year)
    return _heads(year, today - SHORTEST_YEAR)


def _heads(year: FundYear, day: date) -> QuerySet[Member]:
    insured = Coverage.objects.standing().filter(fund_year=year, period__contains=day)
    return Member.objects.living().filter(pk__in=insured.values("member"), is_head=True)


def _patients(year: FundYear, people: dict[str, Person], at: datetime) -> dict[tuple[str, str], Iterator[Member]]:
    """Heads of households insured all year, by scheme and by whether they live where the station is; those of the other
    schemes went over to them at the beginning of the year."""
    day = days.business_day(at) - SHORTEST_YEAR
    found = _heads(year, day).order_by("pk")
    near = found.filter(household__village__parent__station__code="640522-haicheng")
    here, away = iter(near[:8]), iter(found.exclude(pk__in=near.values("pk"))[: len(WAYS)])
    others = {scheme: [next(here if scheme == "employees" else away) for _one in range(2)] for scheme in OTHERS}
    for scheme, gone in others.items():
        to = FundYear.objects.confirmed().get(scheme__code=scheme, year=year.year)
        for one in gone:
            coverage.transfer(member=one, to=to, on=year.period.lower + ONE_DAY, by=people["registrar"], at=at)
    return {
        ("employees", "station"): iter(others["employees"]),
        ("residents", ""): iter(others["residents"]),
        ("ncms", "station"): here,
        ("ncms", ""): away,
    }


@dataclass
class Desk:
    """Everybody who works at a claim, with the codes they showed, by name and days ago."""

    people: Mapping[str, Person]
    shown: Mapping[tuple[str, int], Proof]
    at: datetime

    def go(self, way: Way, patients: Iterator[Member], place: int) -> None:
        """Take one in, and do with it what was done."""
        stay = way.stay if way.stay.provider else way.stay._replace(provider=_clinic())
        since = self.at - timedelta(days=way.since)
        claim = enter(stay, next(patients), place, dict(self.people), since)
        if way.is_handed_on:
            intake.hand_on(claim=claim, seen=claim.content_version, by=claim.entered_by, at=since)
        for act, ago in way.acts:
            self._do(claim, act, ago)

    def _do(self, claim: Claim, act: str, ago: int) -> None:
        at = self.at - timedelta(days=ago)
        claim.refresh_from_db()
        match act:
            case "first" | "second" | "head":
                self._check(claim, act, ago)
            case "cut":
                [line] = claim.lines.filter(position=2)
                self._check(claim, "first", ago, "cut", CutOf(line.pk, Decimal(86), Cut.Reason.NO_ORDER))
            case "refuse" | "return":
                self._check(claim, "second", ago, act)
            case "hold":
                reason = "举报称冒名住院，待核实（演示）"
                flags.set_flag(claim=claim, kind=Flag.Kind.OFFICE, reason=reason, by=self.people["head"], at=at)
            case "take-back":
                reason = "同一住院已在外地医保结算（演示）"
                reversing.void(claim=claim, reason=reason, by=self.people["head"], at=at, proof=self.shown["head", ago])
            case _:
                self._verify(claim, act, at)

    def _check(self, claim: Claim, who: str, ago: int, choice: str = "approve", *cuts: CutOf) -> None:
        proof = self.shown[who, ago]
        opened = checking.round_of(claim)
        checking.check(
            claim=claim,
            choice=choice,
            hash_seen=opened.subject_hash,
            by=proof.person,
            at=self.at - timedelta(days=ago),
            proof=proof,
            cuts=cuts,
            reason=WHY.get(choice, ""),
        )

    def _verify(self, claim: Claim, act: str, at: datetime) -> None:
        """A call that was answered or not, a letter with its deadline, the silence after it."""
        by, on = self.people["first"], days.business_day(at)
        if act == "silence":
            letter = claim.verifications.get(way=Verification.Way.LETTER)
            verification.answer(verification=letter, outcome="no_answer", words="", on=on, by=by, at=at)
            return
        number, until = f"海合管函〔{on.year}〕{claim.number[-3:]}号（演示）", on + timedelta(days=LETTERS.get(act, 0))
        question = (
            Question("letter", OFFICE, letter_number=number, deadline_on=until)
            if act in LETTERS
            else Question("phone", OFFICE, claim.provider.phone)
        )
        asked = verification.ask(claim=claim, question=question, on=on, by=by, at=at)
        if act in ANSWERS:
            outcome, words = ANSWERS[act]
            verification.answer(verification=asked, outcome=outcome, words=words, on=on, by=by, at=at)


#: Days that a letter gives.
LETTERS: Final = {"letter": 12, "awaited": 15}
ANSWERS: Final = {
    "nobody": ("no_answer", "多次拨打无人接听（演示）"),
    "genuine": ("genuine", "住院号、金额与医院底账一致（演示）"),
}
WHY: Final = {
    "refuse": "第三方责任已赔付（演示）",
    "return": "请补交：费用明细清单原件、疾病诊断证明书（演示）",
}


def _clinic() -> str:
    return Provider.objects.get(body__code="640522-clinic").code
