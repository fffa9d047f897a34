"""A county for the tests of what comes before a claim: its hospitals, an insured person, those who note and decide."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from claims.models import (
    Admission,
    CertificateApplication,
    ChronicCertificate,
    Disease,
    ExpertPanel,
    InjuryConclusion,
    InjuryInquiry,
    ListedDisease,
    OutsideStay,
    Provider,
    Referral,
    TimeLimit,
)
from claims.services import admissions, certificates, injuries, outside_stays, panels, referrals, time_limits
from conftest import proof_of
from enrollment.models import FundYear, Member
from enrollment.tests import factories
from office import deciding
from office.models import Body, Duty, Person
from office.rules import days
from office.services import rounds
from office.tests.factories import give, tess

PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"


def today() -> date:
    """The day on which the tests run."""
    return days.business_day(timezone.now())


def ago(number: int) -> date:
    """So many days before today."""
    return today() - timedelta(days=number)


def evidence(name: str = "出院小结.pdf") -> SimpleUploadedFile:
    """A file that somebody brings along."""
    return SimpleUploadedFile(name, PDF)


def somebody(name: str, duty: str, body: Body | None = None) -> Person:
    """Whoever has a duty, at the county's centre unless another body is given."""
    known = Person.objects.filter(username=name).first()
    if known is not None:
        return known
    person = Person.objects.create_person(username=name, full_name=name.title(), password=None)
    give(person, duty, body or factories.head().appointments.get().body)
    return person


def intake() -> Person:
    return somebody("yang", Duty.INTAKE_CLERK)


def first() -> Person:
    return somebody("li", Duty.FIRST_CHECKER)


def second() -> Person:
    return somebody("wang", Duty.SECOND_CHECKER)


def years() -> FundYear:
    """The fund years of today and, for stays that began before New Year, of last year; gives the first."""
    this = today().year
    for year in (this, this - 1):
        if not FundYear.objects.confirmed().filter(year=year).exists():
            factories.fund_year(factories.scheme(name="新农合"), year)
    return FundYear.objects.confirmed().get(year=this)


def insured(name: str = "马小兰", number: str = "6405221002010001", **more: Any) -> Member:
    """Somebody who is insured this year and was last year."""
    year = years()
    member = factories.member(factories.household(number), name, **more)
    for one in FundYear.objects.confirmed().filter(scheme=year.scheme):
        factories.pay(member, one)
    return member


def provider(code: str = "H01", region: str = "county", body: Body | None = None, **more: Any) -> Provider:
    """A hospital of the county, or one outside."""
    known = Provider.objects.filter(code=code).first()
    given = {"name": f"{code}医院", "level": "county" if region == "county" else "province", "tier": 2, **more}
    return known or Provider.objects.create(
        code=code, region=region, body=body, changed_by=tess(), changed_at=timezone.now(), **given
    )


def outside() -> Provider:
    return provider("P01", "outside", name="宁夏医科大学总院", tier=3)


def desk() -> Person:
    """Whoever keeps the desk of the county hospital."""
    body = Body.objects.filter(code="H").first() or Body.objects.create(
        code="H", name="县医院合医办", kind=Body.Kind.HOSPITAL
    )
    hospital = provider("H01", body=body, name="海原县人民医院")
    if hospital.body is None:
        hospital.body = body
        hospital.save()
    return somebody("tian", Duty.HOSPITAL_DESK, body)


def disease(code: str = "I10", name: str = "高血压病") -> Disease:
    """A disease on the list of chronic ones."""
    made, fresh = Disease.objects.get_or_create(code=code, defaults={"name": name})
    if fresh:
        ListedDisease.objects.create(
            scheme=years().scheme,
            kind="chronic",
            disease=made,
            group="chronic-1",
            period=DateRange(date(today().year - 3, 1, 1), None),
            document="测政发〔2009〕88号",
            changed_by=tess(),
            changed_at=timezone.now(),
        )
    return made


def time_limit(kind: str, number: int) -> TimeLimit:
    """A confirmed time limit."""
    asked = time_limits.propose(
        scheme=years().scheme,
        kind=kind,
        days=number,
        first=date(today().year - 2, 1, 1),
        last=None,
        document="测政发〔2009〕88号",
        by=somebody("feng", Duty.FUND_ACCOUNTANT),
        at=timezone.now(),
    )
    vote(asked, factories.head())
    asked.refresh_from_db()
    return asked


def vote(subject: Any, by: Person, choice: str = "approve", reason: str = "核对无误") -> None:
    """Somebody votes in the open round of a subject, with his second factor."""
    now = timezone.now()
    opened = deciding.rounds_of(subject).filter(state="open").get()
    rounds.vote(
        round=opened,
        choice=choice,
        hash_seen=opened.subject_hash,
        reason=reason,
        by=by,
        at=now,
        proof=proof_of(by, at=now),
    )


def referral_form(member: Member | None = None, **more: Any) -> referrals.Form:
    """A referral form as a hospital fills it in."""
    given: dict[str, Any] = {"reason": "本院无心脏介入条件", "doctor": "王医生", "holds": 30, **more}
    return referrals.Form(member or insured(), provider("H01"), outside(), disease(), **given)


def referral(member: Member | None = None, **more: Any) -> Referral:
    """A referral that waits for the county office."""
    return referrals.ask(form=referral_form(member, **more), by=intake(), at=timezone.now())


def stay(member: Member | None = None, **more: Any) -> OutsideStay:
    """A stay outside that was reported today."""
    given: dict[str, Any] = {
        "admitted_on": ago(2), "phone": "13900000000", "reported_by": "儿子", "reported_on": today(),
        "hospital": "苏州某医院", **more,
    }  # fmt: skip
    return outside_stays.note(
        report=outside_stays.Report(member=member or insured(), **given), by=intake(), at=timezone.now()
    )


def application(member: Member | None = None, by: Person | None = None) -> CertificateApplication:
    """An application that waits to be checked."""
    form = certificates.Form(member or insured(), disease(), "海原县人民医院", ago(30))
    return certificates.apply(form=form, evidence=[evidence()], by=by or intake(), at=timezone.now())


def checked(member: Member | None = None) -> CertificateApplication:
    """An application that waits for the panel."""
    asked = application(member)
    certificates.check(application=asked, agrees=True, words="材料齐全", by=first(), at=timezone.now())
    asked.refresh_from_db()
    return asked


def panel() -> ExpertPanel:
    """Open minutes."""
    return panels.hold(
        scheme=years().scheme,
        held_on=today(),
        place="县医院会议室",
        experts="张主任\n李主任",
        by=first(),
        at=timezone.now(),
    )


def found(on: ExpertPanel, asked: CertificateApplication, **more: Any) -> None:
    """A finding in open minutes: certified for two years, unless something else is given."""
    given = {"outcome": "approved", "first": today(), "last": today() + timedelta(days=729), **more}
    panels.find(panel=on, application=asked, finding=panels.Finding(**given), by=first(), at=timezone.now())


def certificate(member: Member | None = None) -> ChronicCertificate:
    """A certificate as a panel found and a second person confirmed."""
    asked = checked(member)
    held = panel()
    found(held, asked)
    panels.propose(panel=held, by=first(), at=timezone.now())
    vote(held, second())
    return ChronicCertificate.objects.get(finding__application=asked)


def injury(member: Member | None = None, **more: Any) -> InjuryInquiry:
    """An inquiry that was opened today."""
    given: dict[str, Any] = {
        "injured_on": ago(3), "place": "自家院内", "cause": "fall", "statement": "上房晒粮时摔下", "stated_by": "本人",
        **more,
    }  # fmt: skip
    return injuries.open_inquiry(
        said=injuries.Statement(member=member or insured(), **given), by=intake(), at=timezone.now()
    )


def visited(member: Member | None = None) -> InjuryInquiry:
    """An inquiry that two people looked into."""
    opened = injury(member)
    injuries.note_visit(
        inquiry=opened,
        on=ago(1),
        second=second(),
        spoken_to="邻居杨某",
        words="与所述一致",
        by=first(),
        at=timezone.now(),
    )
    return opened


def concluded(of: InjuryInquiry, **more: Any) -> InjuryConclusion:
    """A conclusion that waits to be decided."""
    given: dict[str, Any] = {"liable_party": "", "payable": True, "words": "无第三方责任", **more}
    return injuries.conclude(inquiry=of, by=first(), at=timezone.now(), **given)


def admission(member: Member | None = None, **more: Any) -> Admission:
    """Somebody who lies in the county hospital."""
    keeper = desk()
    given: dict[str, Any] = {
        "hospital_number": f"2026{Admission.objects.count():04d}", "admitted_on": ago(2), "ward": "内一科", "bed": "12",
        "illness": "肺炎", **more,
    }  # fmt: skip
    return admissions.admit(
        arrival=admissions.Arrival(member=member or insured(), **given), by=keeper, at=timezone.now()
    )
