"""What is posted and appealed, for tests: claims that were decided, paid or refused, lists that hang, appeals."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from claims.models import Appeal, Claim, ClaimPart, DecisionNotice, Objection, PublicityList
from claims.services import appeals, notices, objections, publicity, settling
from claims.services.appeals import Filed
from claims.services.checking import CutOf
from claims.services.notices import Service
from claims.services.objections import Said
from claims.services.publicity import Posting, Slip
from claims.tests.deciding import HALF, Desk, now
from claims.tests.factories import adopted
from conftest import NOON
from enrollment.models import Division, Member
from enrollment.tests.factories import scheme
from office import deciding
from office.models import Body, Duty, Person
from office.rules import days
from office.services import rounds
from office.tests.factories import give, shown_by

TODAY = days.business_day(NOON)
MONTH = TODAY.replace(day=1)
#: The smallest picture there is.
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001a5f645"
    "400000000049454e44ae426082"
)


def photo(name: str = "回执.png") -> SimpleUploadedFile:
    """A photograph of a slip."""
    return SimpleUploadedFile(name, PNG, "image/png")


def after(number: int) -> datetime:
    """So many days after the tests' noon."""
    return NOON + timedelta(days=number)


def area_of(member: Member) -> Division:
    """The county of somebody's village."""
    township = member.household.village.parent
    assert township is not None
    assert township.parent is not None
    return township.parent


def paid(claim: Claim, by: Person, at: datetime = NOON) -> Claim:
    """A claim whose payable parts the bank paid."""
    parts = ClaimPart.objects.filter(approval__claim=claim, state="payable")
    settling.mark_paying(parts=list(parts), by=by, at=at)
    settling.mark_paid(parts=list(ClaimPart.objects.filter(approval__claim=claim, state="paying")), by=by, at=at)
    return now(claim)


def lists(desk: Desk, member: Member, by: Person, at: datetime = NOON, month: date = MONTH) -> list[PublicityList]:
    """The lists of the county, made."""
    return publicity.make(scheme=desk.scheme, month=month, area=area_of(member), by=by, at=at)


def posted(made: PublicityList, by: Person, at: datetime = NOON) -> PublicityList:
    """A list that hangs."""
    return publicity.post(made=made, posting=Posting(days.business_day(at), "村务公开栏", "村会计"), by=by, at=at)


def back(hanging: PublicityList, by: Person, at: datetime) -> PublicityList:
    """A list whose slip came back."""
    slip = Slip(days.business_day(at), "村主任", photo())
    return publicity.note_slip(posted=hanging, slip=slip, by=by, at=at)


def objection(hanging: PublicityList, by: Person, at: datetime = NOON, row: int = 1) -> Objection:
    """An objection to an entry."""
    said = Said("邻居", "此人未住院", days.business_day(at), "13900000000")
    return objections.take_down(entry=hanging.entries.get(position=row), said=said, by=by, at=at)


def cut_claim(desk: Desk, *cuts: CutOf, amounts: tuple[str, ...] = ("1000", "900"), **more: Any) -> Claim:
    """An approved claim of whose first line 400 was cut."""
    claim = desk.handed_on(amounts=amounts, **more)
    line = claim.lines.get(position=1)
    desk.check(claim, desk.fay, "cut", CutOf(line.pk, Decimal(400), "over_limit"))
    return desk.check(claim, desk.sue)


def refused(desk: Desk, **more: Any) -> Claim:
    """A claim that the second check refused."""
    claim = desk.handed_on(**more)
    desk.check(claim, desk.fay)
    return desk.check(claim, desk.sue, "refuse", reason="第三方已赔付")


def served(claim: Claim, by: Person, at: datetime = NOON, number: str = "") -> DecisionNotice:
    """The notice of a claim's decision, handed over on the same day."""
    on = days.business_day(at)
    issued = notices.issue(claim=claim, number=number or f"海合决{claim.number}", on=on, by=by, at=at)
    return notices.serve(notice=issued, service=Service("handed_over", "马", on), by=by, at=at)


def filed(claim: Claim, by: Person, at: datetime = NOON, back_: str = "400", **more: Any) -> Appeal:
    """An appeal against the first cut of a claim, or against its refusal."""
    cut = claim.cuts.filter(counts=True).first()
    restored = {cut.pk: Decimal(back_)} if cut is not None and claim.state != "refused" else {}
    given = {
        "by_name": "马",
        "relation": "本人",
        "grounds": "确有医嘱",
        "filed_on": days.business_day(at),
        "restored": restored,
    }
    return appeals.receive(claim=claim, filed=Filed(**{**given, **more}), by=by, at=at)


def vote(appeal: Appeal, by: Person, choice: str = "approve", at: datetime = NOON) -> Appeal:
    """One of the two who decide an appeal votes."""
    opened = deciding.rounds_of(appeal).get(state="open")
    proof = shown_by(by, at)
    rounds.vote(round=opened, choice=choice, hash_seen=opened.subject_hash, by=by, at=at, proof=proof, reason="经复核")
    return now(appeal)


@dataclass
class Office:
    """People who decide, post, answer and appeal, at one body, and what they made."""

    desk: Desk
    lin: Person  # makes lists, issues notices
    cleo: Person  # heads the accounts
    made: list[PublicityList] = field(default_factory=list)
    count: int = 0

    @classmethod
    def of(cls, body: Body) -> Office:
        def person(name: str, duty: str) -> Person:
            one = Person.objects.create_person(
                username=f"o-{name}", full_name=f"O {name}", password=f"o-{name}-password"
            )
            give(one, duty, body)
            return one

        people = {
            "ian": person("ian", Duty.INTAKE_CLERK),
            "fay": person("fay", Duty.FIRST_CHECKER),
            "sue": person("sue", Duty.SECOND_CHECKER),
            "hal": person("hal", Duty.OFFICE_HEAD),
        }
        desk = Desk(scheme=scheme(account="household"), **people)
        adopted(HALF, desk.scheme)
        return cls(desk, person("lin", Duty.COMMITTEE_SECRETARY), person("cleo", Duty.ACCOUNTING_HEAD))

    def more(self) -> PublicityList:
        """One more of everything: a list that hangs with an objection, one over, an appeal, one granted."""
        self.count += 1
        member = self.desk.member(f"90{self.count}")
        body = self.desk.ian.appointments.get().body
        for _each in range(2):
            self.desk.approved(member, kind="injury", body=body)
        [made] = lists(self.desk, member, self.lin)
        posted(made, self.lin)
        objection(made, self.lin)
        done = paid(self.desk.approved(member, body=body), self.desk.hal)
        [after_payment] = lists(self.desk, member, self.lin)
        answered = objection(posted(after_payment, self.lin), self.lin)
        objections.answer(objection=answered, result="upheld", words="查实", by=self.desk.hal, at=NOON)
        assert done.publicity.exists()
        for wins in (False, True):
            claim = cut_claim(self.desk, member=member, body=body)
            served(claim, self.lin)
            appeal = filed(claim, self.desk.ian)
            if wins:
                vote(appeal, self.desk.hal)
                vote(appeal, self.cleo)
        self.made.append(made)
        return made
