"""What the demo county's screening found, and what people complained of: leads open, one held, one cleared; a complaint
that waits, with the letter it came with, and one that somebody looks into, with a picture. People, stays and words are
made up."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.core.files.uploadedfile import SimpleUploadedFile

from audit.models import Complaint, Lead
from audit.services import complaints, leads, screening
from audit.services.complaints import FilesOf, Told
from claims.models import BenefitPlan, Claim, Provider
from claims.services import intake
from demo import checking
from demo.public import picture
from demo.taking_in import SHORTEST_YEAR, Stay, enter
from enrollment.models import FundYear
from office.models import Person
from office.rules import days

FIRST_INVOICE: Final = 700  # those of the other claims come before it
USED: Final = 12  # patients whom demo/taking_in.py and others have taken from the end of the register
COUNTY, TCM = "640522001", "640522002"


def _stay(provider: str, nights: int, drugs: int, exams: int) -> Stay:
    return Stay(provider, "J18.9", nights, (("drug", "A", drugs), ("exam", "A", exams), ("bed", "A", nights * 8)))


#: Of each patient two stays: days ago on which it was taken in, and the stay. The first overlap, the others follow each
#: other too soon.
PAIRS: Final = (
    ((2, _stay(TCM, 8, 1_460, 320)), (0, _stay(COUNTY, 6, 1_180, 410))),
    ((14, _stay(COUNTY, 5, 980, 260)), (0, _stay(COUNTY, 12, 2_340, 520))),
)


def leave(year: FundYear, people: dict[str, Person], at: datetime) -> None:
    """Leave all of it behind, where the year is old enough and has a plan."""
    today = days.business_day(at)
    has_plan = BenefitPlan.objects.applying_on(today).filter(scheme=year.scheme).exists()
    if not has_plan or today - year.period.lower < SHORTEST_YEAR:
        return
    _claims(people, at - timedelta(minutes=1))
    screening.by_night(at - timedelta(seconds=40))
    _look_into(people["inspector"], at - timedelta(seconds=20))
    _complaints(people, at)


def _claims(people: dict[str, Person], at: datetime) -> None:
    """Stays of two patients, handed on to be checked."""
    patients = checking.insured_heads(days.business_day(at)).order_by("-pk")[USED : USED + len(PAIRS)]
    for place, (pair, who) in enumerate(zip(PAIRS, patients, strict=True)):
        for number, (ago, stay) in enumerate(pair):
            then = at - timedelta(days=ago)
            claim = enter(stay, who, FIRST_INVOICE + 2 * place + number, people, then)
            intake.hand_on(claim=claim, seen=claim.content_version, by=claim.entered_by, at=then)


def _look_into(inspector: Person, at: datetime) -> None:
    """The overlap is held before it is paid; an invoice that only looked like another is cleared."""
    overlap = Lead.objects.filter(screen="overlapping_stays").first()
    if overlap is not None:
        newest = Claim.objects.filter(pk__in=leads.numbers_of(overlap)).latest("pk")
        reason = "两院住院日期重叠，暂缓支付，调取病历核对（演示）"
        leads.hold(lead=overlap, claims=[newest.pk], reason=reason, by=inspector, at=at)
    alike = Lead.objects.filter(screen="same_invoice").first()
    if alike is not None:
        leads.note(lead=alike, words="已调取医院票据底账（演示）", by=inspector, at=at)
        reason = "两张票据年份不同，与医院底账核对无误（演示）"
        leads.clear(lead=alike, reason=reason, by=inspector, at=at)


def _complaints(people: dict[str, Person], at: datetime) -> None:
    """One that nobody has yet, and an anonymous one that is looked into and points at a hospital."""
    today = days.business_day(at)
    hospital = Provider.objects.get(code=COUNTY)
    named = Told(
        channel=Complaint.Channel.VISIT,
        about="某村卫生室（演示）",
        words="卫生室给没有看病的村民登记门诊，家里人说从未去过（演示）",
        received_on=today - timedelta(days=2),
        informant="马志明（演示）",
        contact="13900000000",
    )
    letter = FilesOf((_file(),), "本人签名的举报信（演示）", names_informant=True)
    complaints.take_down(told=named, files=letter, by=people["intake"], at=at)
    unnamed = Told(
        channel=Complaint.Channel.BOX,
        about=hospital.name,
        words="有病人晚上不在病房，床位照样收费（演示）",
        received_on=today - timedelta(days=9),
        is_anonymous=True,
        about_provider=hospital,
    )
    by = people["inspector"]
    taken = complaints.take_down(told=unnamed, by=by, at=at)
    complaints.assign(complaint=taken, to=by, by=by, at=at)
    words = "夜间到病区查床，三人不在床，已记下姓名（演示）"
    empty = FilesOf((_file(),), "夜间空床照片（演示）")
    complaints.note(complaint=taken, on=today - timedelta(days=1), words=words, files=empty, by=by, at=at)
    complaints.point_at(complaint=taken, claims=[], by=by, at=at)


def _file() -> SimpleUploadedFile:
    return SimpleUploadedFile("x.png", picture(), "image/png")
