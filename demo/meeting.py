"""The committee of the demo county: a meeting that is over, with its minutes and notices, and one that is called for
today. People, stays and amounts are made up.

Of the past meeting one claim was cut by a majority, one member withdrew from another and one was against it, a third
was refused. Of today's some claims are on the agenda and one still waits for one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Final

from claims.models import BenefitPlan, Claim, Cut, Meeting
from claims.selectors import meetings as selectors
from claims.services import checking, intake, meetings, minutes, notices, sitting, verification
from claims.services.checking import CutOf
from claims.services.meetings import MeetingOf
from claims.services.notices import Service
from claims.services.sitting import BallotOf
from claims.services.verification import Question
from demo.factors import show_factor
from demo.taking_in import SHORTEST_YEAR, Stay, enter
from enrollment.models import Coverage, FundYear, Member
from enrollment.services import coverage
from office.models import Person
from office.proof import Proof
from office.rules import days

FIRST_INVOICE: Final = 400  # those of demo/taking_in.py and demo/checking.py come before it
PASSED_OVER: Final = 12  # heads of households whom demo/taking_in.py takes from the same end
SEATS: Final = ("chair", "member", "member2", "member3", "member4")
ROOM: Final = "县合管中心二楼会议室（演示）"

#: Days ago: taken in, checked first, the hospital answered, checked again, the past meeting called and held, its
#: decisions answered in writing and served, today's meeting called.
IN, FIRST, ANSWERED, SECOND, HELD, ISSUED, SERVED, CALLED = 25, 24, 20, 8, 7, 6, 5, 3
ONE_DAY: Final = timedelta(days=1)
A_MINUTE: Final = timedelta(minutes=1)


def _stay(provider: str, disease: str, nights: int, drugs: int, others: int, **more: object) -> Stay:
    costs = (("drug", "A", drugs), ("exam", "A", others), ("bed", "A", nights * 8))
    return Stay(provider, disease, nights, costs, **more)  # type: ignore[arg-type]


COUNTY, TCM, PROVINCE = "640522001", "640522002", "640100001"
PAST: Final = (
    _stay(COUNTY, "C16.9", 22, 18_400, 5_600),
    _stay(COUNTY, "I21.9", 18, 16_900, 5_200),
    _stay(TCM, "N18.0", 20, 17_500, 4_800),
)
TODAY: Final = (
    ("ncms", _stay(COUNTY, "C34.9", 24, 19_800, 6_100)),
    ("ncms", _stay(TCM, "I63.9", 21, 18_200, 5_400)),
    ("ncms", _stay(COUNTY, "I21.9", 17, 17_600, 4_900)),
    ("employees", _stay(PROVINCE, "C16.9", 26, 38_000, 11_200, employment="active")),
    ("employees", _stay(PROVINCE, "I21.9", 15, 36_500, 9_800, employment="active")),
)
LATE: Final = _stay(COUNTY, "N18.0", 19, 17_900, 5_300)


def leave(year: FundYear, people: dict[str, Person], shown: Mapping[tuple[str, int], Proof], at: datetime) -> None:
    """Both meetings, where the year is old enough and has a plan."""
    today = days.business_day(at)
    has_plan = BenefitPlan.objects.applying_on(today).filter(scheme=year.scheme).exists()
    if not has_plan or today - year.period.lower < SHORTEST_YEAR:
        return
    house = _House(people, shown, _patients(year, people, at), at)
    _past(house, [house.brought(stay) for stay in PAST])
    _called(house, [house.brought(stay, scheme) for scheme, stay in TODAY])
    house.brought(LATE)


def _patients(year: FundYear, people: dict[str, Person], at: datetime) -> dict[str, Iterator[Member]]:
    """Heads of households insured all year; two went over to the employees' scheme at the year's beginning."""
    day = days.business_day(at) - SHORTEST_YEAR
    insured = Coverage.objects.standing().filter(fund_year=year, period__contains=day)
    found = Member.objects.living().filter(pk__in=insured.values("member"), is_head=True).order_by("-pk")
    some = list(found[PASSED_OVER : PASSED_OVER + len(PAST) + len(TODAY) + 1])
    employed, rural = some[:2], some[2:]
    to = FundYear.objects.confirmed().get(scheme__code="employees", year=year.year)
    for one in employed:
        coverage.transfer(member=one, to=to, on=year.period.lower + ONE_DAY, by=people["registrar"], at=at)
    return {"employees": iter(employed), "ncms": iter(rural)}


@dataclass
class _House:
    """Everybody who works at a large claim, with the codes they showed, by name and days ago."""

    people: dict[str, Person]
    shown: Mapping[tuple[str, int], Proof]
    patients: Mapping[str, Iterator[Member]]
    at: datetime
    taken: int = 0

    def ago(self, number: int) -> datetime:
        return self.at - timedelta(days=number)

    def brought(self, stay: Stay, scheme: str = "ncms") -> Claim:
        """A claim that came through every step before the committee."""
        claim = enter(stay, next(self.patients[scheme]), FIRST_INVOICE + self.taken, self.people, self.ago(IN))
        self.taken += 1
        intake.hand_on(claim=claim, seen=claim.content_version, by=claim.entered_by, at=self.ago(IN))
        claim.refresh_from_db()
        while claim.state != Claim.State.COMMITTEE:
            self._next(claim)
            claim.refresh_from_db()
        return claim

    def _next(self, claim: Claim) -> None:
        match claim.state:
            case Claim.State.FIRST_CHECK:
                self._check(claim, "first", FIRST)
            case Claim.State.VERIFICATION:
                self._verify(claim)
            case Claim.State.SECOND_CHECK:
                self._check(claim, "second", SECOND)
            case _:
                self._check(claim, "head", SECOND)

    def _check(self, claim: Claim, who: str, ago: int) -> None:
        opened = checking.round_of(claim)
        proof = self.shown[who, ago]
        checking.check(
            claim=claim,
            choice="approve",
            hash_seen=opened.subject_hash,
            by=proof.person,
            at=self.ago(ago),
            proof=proof,
            reason="材料齐全，费用合理（演示）",
        )

    def _verify(self, claim: Claim) -> None:
        by, at = self.people["first"], self.ago(ANSWERED)
        on = days.business_day(at)
        question = Question("phone", "医务科（演示）", claim.provider.phone)
        asked = verification.ask(claim=claim, question=question, on=on, by=by, at=at)
        words = "住院号、金额与医院底账一致（演示）"
        verification.answer(verification=asked, outcome="genuine", words=words, on=on, by=by, at=at)

    def called(self, number: str, held_on: datetime, at: datetime, claims: Sequence[Claim]) -> Meeting:
        """A meeting with its agenda."""
        day = days.business_day(held_on)
        stated = MeetingOf(number, day, time(9, 30), ROOM, days.business_day(at))
        secretary = self.people["secretary"]
        meeting = meetings.call(stated=stated, by=secretary, at=at)
        meetings.put_on_agenda(meeting=meeting, claims=claims, by=secretary, at=at)
        return meeting


def _past(house: _House, claims: Sequence[Claim]) -> None:
    """Called, held, decided, written down, answered; one notice is still to be served."""
    at, secretary = house.ago(HELD), house.people["secretary"]
    year = days.business_day(at).year
    meeting = house.called(f"{year}年第1次（演示）", at, house.ago(SECOND), claims)
    meetings.open_meeting(meeting=meeting, by=secretary, at=at)
    seats = [house.people[name] for name in SEATS]
    meetings.note_attendance(meeting=meeting, present={one.pk for one in seats}, by=secretary, at=at)
    _cut, disputed, refused = claims
    item = meeting.agenda.get(claim=disputed)
    meetings.recuse(item=item, person=seats[1], reason="患者系其表弟（演示）", by=seats[1], at=at)
    for one in seats:
        _confirm(meeting, one, claims, at)
    chair = seats[0]
    closed_at = at + A_MINUTE
    sitting.decide(meeting=meeting, by=chair, at=closed_at, proof=show_factor(chair, closed_at))
    minutes.freeze(meeting=meeting, number=f"海合管纪〔{year}〕1号（演示）", by=secretary, at=closed_at)
    _answer(house, claims, refused)


def _confirm(meeting: Meeting, by: Person, claims: Sequence[Claim], at: datetime) -> None:
    """A member's sheet: three cut the first, one is against the second, all refuse the third."""
    cut, disputed, refused = claims
    line = cut.lines.get(version=cut.content_version, position=2)
    ballots = []
    for item in selectors.sheet_for(meeting, by):
        seen = item.round.subject_hash
        if item.claim_id == cut.pk and by.username in {"chair", "member", "member2"}:
            cuts = [CutOf(line.pk, Decimal(600), Cut.Reason.NO_ORDER)]
            ballots.append(BallotOf(cut.pk, "cut", seen, "检查无医嘱（演示）", cuts))
        elif item.claim_id == disputed.pk and by.username == "member3":
            ballots.append(BallotOf(disputed.pk, "refuse", seen, "住院指征不足，建议不予补偿（演示）"))
        elif item.claim_id == refused.pk:
            ballots.append(BallotOf(refused.pk, "refuse", seen, "同一费用已由工伤保险支付（演示）"))
        else:
            ballots.append(BallotOf(item.claim_id, "approve", seen))
    bound = sitting.sheet_hash(meeting=meeting, ballots=ballots, by=by)
    sitting.confirm(meeting=meeting, ballots=ballots, by=by, at=at, proof=show_factor(by, at, bound))


def _answer(house: _House, claims: Sequence[Claim], unserved: Claim) -> None:
    secretary = house.people["secretary"]
    issued_at, served_at = house.ago(ISSUED), house.ago(SERVED)
    on = days.business_day(issued_at)
    for place, claim in enumerate(claims, 1):
        number = f"海合管决〔{on.year}〕{place}号（演示）"
        issued = notices.issue(claim=claim, number=number, on=on, by=secretary, at=issued_at)
        if claim != unserved:
            served = Service("handed_over", claim.member.name, days.business_day(served_at))
            notices.serve(notice=issued, service=served, by=secretary, at=served_at)


def _called(house: _House, claims: Sequence[Claim]) -> None:
    """For today; the secretary opens it."""
    year = days.business_day(house.at).year
    house.called(f"{year}年第2次（演示）", house.at, house.ago(CALLED), claims)
