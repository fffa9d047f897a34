"""What comes before claims in the example office: time limits, referrals, stays outside, people in hospital,
certificates, injuries. Some of it is decided, some waits for each duty. All of it is made up."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from django.core.files.uploadedfile import SimpleUploadedFile

from claims.models import BedCheck, CertificateApplication, Disease, ExpertPanel, PanelFinding, Provider, TimeLimit
from claims.selectors import before as selectors
from claims.services import (
    admissions,
    certificates,
    injuries,
    lateness,
    outside_stays,
    panels,
    provider_accounts,
    referrals,
    time_limits,
)
from demo import basics, register
from demo.factors import show_factor
from enrollment.models import Coverage, Member, Scheme
from office import deciding
from office.models import Person
from office.proof import Proof
from office.rules import days
from office.services import rounds

PAPER: Final = "海合管发〔2009〕15号（演示）"
LIMITS: Final = (
    (TimeLimit.Kind.REFERRAL_HOLDS, 60),
    (TimeLimit.Kind.EMERGENCY_FILED, 3),
    (TimeLimit.Kind.OUTSIDE_REPORTED, 5),
    (TimeLimit.Kind.CLAIM_AFTER_YEAR, 90),
)
REFERRED: Final = (
    ("I21.9", "640100001", "本院无冠脉介入条件", None),
    ("C34.9", "640100001", "需放射治疗", None),
    ("I63.9", "640500001", "急性脑梗死，家属要求转上级医院", 2),
    ("N18.0", "610100001", "需血管通路手术", 40),
)
ADMITTED: Final = (
    ("内一科", "12", "社区获得性肺炎"),
    ("内一科", "13", "高血压病3级"),
    ("外科", "5", "急性阑尾炎"),
    ("骨科", "8", "右股骨颈骨折"),
    ("妇产科", "2", "足月待产"),
)


def leave(people: dict[str, Person], at: datetime) -> None:
    """Leave all of it behind."""
    today = days.business_day(at)
    insured = Member.objects.living().filter(
        coverages__scheme__code="ncms", coverages__period__contains=today, coverages__void_reason=""
    )
    grown = insured.filter(birth_date__lt=today - timedelta(days=20 * 365)).select_related("household").distinct()
    some = list(grown.order_by("-pk")[:24])
    head, second = (show_factor(people[name], at) for name in ("head", "second"))
    _limits(people["accountant"], head, at)
    _accounts(people["accounting"], head, at)
    _late(head, at)
    _referrals(some[:4], people, second, at)
    _outside(some[4:7], people["intake"], today, at)
    _admissions(some[7:12], people, today, at)
    _certificates(some[12:18], people, second, at)
    _injuries(some[18:22], people, second, at)


def _vote(subject: object, proof: Proof, choice: str = "approve", reason: str = "核对无误（演示）") -> None:
    opened = deciding.rounds_of(subject).latest("pk")  # type: ignore[arg-type]
    rounds.vote(
        round=opened,
        choice=choice,
        hash_seen=opened.subject_hash,
        reason=reason,
        by=proof.person,
        at=proof.at,
        proof=proof,
    )


def _limits(by: Person, head: Proof, at: datetime) -> None:
    """The rural scheme's are confirmed; one of the residents waits."""
    rural, residents = (Scheme.objects.get(code=code) for code in ("ncms", "residents"))
    for kind, number in LIMITS:
        asked = time_limits.propose(
            scheme=rural, kind=kind, days=number, first=date(2009, 1, 1), last=None, document=PAPER, by=by, at=at
        )
        _vote(asked, head)
    kind, number = LIMITS[0]
    time_limits.propose(
        scheme=residents, kind=kind, days=number, first=date(2009, 1, 1), last=None, document=PAPER, by=by, at=at
    )


def _accounts(by: Person, head: Proof, at: datetime) -> None:
    """Where hospitals that pay in advance are paid to: one account is confirmed, one waits."""
    for code, number in (("640522001", "6400000000000001"), ("640522002", "6400000000000002")):
        known = Provider.objects.get(code=code)
        asked = provider_accounts.propose(
            provider=known, holder=known.name, bank="县农行（演示）", number=number, document=PAPER, by=by, at=at
        )
        if code == "640522001":
            _vote(asked, head)


def _late(head: Proof, at: datetime) -> None:
    """A stay of last year that may be claimed although its last day is over, once it is."""
    today = days.business_day(at)
    left = date(today.year - 1, 12, 20)
    last = selectors.last_day_of(Scheme.objects.get(code="ncms"), left)
    covered = Coverage.objects.standing().filter(scheme__code="ncms", period__contains=left).order_by("pk")
    found = covered.select_related("member").first()
    if found is not None and last is not None and today > last:
        lateness.allow(
            member=found.member,
            discharged_on=left,
            reason="大雪封山，家属春后方能到乡（演示）",
            by=head.person,
            at=at,
            proof=head,
        )


def _referrals(some: list[Member], people: dict[str, Person], second: Proof, at: datetime) -> None:
    """One is approved, three wait: one of them an emergency in time, one late."""
    today = days.business_day(at)
    for place, (member, (code, hospital, reason, since)) in enumerate(zip(some, REFERRED, strict=False)):
        form = referrals.Form(
            member=member,
            origin=Provider.objects.get(code="640522001"),
            destination=Provider.objects.get(code=hospital),
            disease=Disease.objects.get(code=code),
            reason=f"{reason}（演示）",
            doctor="田医生（演示）",
            admitted_on=today - timedelta(days=since) if since else None,
        )
        asked = referrals.ask(form=form, by=people["hospital"], at=at)
        if not place:
            _vote(asked, second)


def _outside(some: list[Member], by: Person, today: date, at: datetime) -> None:
    """Two reported in time, one late; of one the office does not know the hospital."""
    hospitals = ("610100001", "", "620100001")
    for member, code, since in zip(some, hospitals, (2, 3, 11), strict=False):
        report = outside_stays.Report(
            member=member,
            provider=Provider.objects.get(code=code) if code else None,
            hospital="" if code else "苏州市某区人民医院（演示）",
            admitted_on=today - timedelta(days=since),
            illness="外出务工期间患病（演示）",
            phone="13900000000",
            reported_by="家属来电（演示）",
            reported_on=today,
        )
        outside_stays.note(report=report, by=by, at=at)


def _admissions(some: list[Member], people: dict[str, Person], today: date, at: datetime) -> None:
    """Five lie in the county hospital; one was found in bed, one was not."""
    for place, (member, (ward, bed, illness)) in enumerate(zip(some, ADMITTED, strict=False)):
        arrival = admissions.Arrival(
            member=member,
            hospital_number=f"{today.year}-{1001 + place}",
            admitted_on=today - timedelta(days=6 - place),
            ward=ward,
            bed=bed,
            illness=f"{illness}（演示）",
            doctor="田医生（演示）",
            is_injury=ward == "骨科",
        )
        noted = admissions.admit(arrival=arrival, by=people["hospital"], at=at)
        if place < len(FOUND):
            finding, words = FOUND[place]
            admissions.check_bed(admission=noted, finding=finding, words=words, by=people["first"], at=at)


FOUND: Final = (
    (BedCheck.Finding.FOUND, ""),
    (BedCheck.Finding.ABSENT, "床上无人，同房病人称其每晚回家（演示）"),
)


def _certificates(some: list[Member], people: dict[str, Person], second: Proof, at: datetime) -> None:
    """An earlier panel gave two cards; two applications wait for the next, two to be checked; minutes are open."""
    today = days.business_day(at)
    earlier = max(today - timedelta(days=380), min(today, basics.LISTS_BEGIN))
    asked = [_apply(member, people, at) for member in some]
    for one in asked[:4]:
        certificates.check(
            application=one, agrees=True, words="材料齐全，病种在目录内（演示）", by=people["first"], at=at
        )
    held = _panel(earlier, people["first"], at)
    for one in asked[:2]:
        finding = panels.Finding(
            PanelFinding.Outcome.APPROVED, first=earlier, last=earlier + timedelta(days=729), words="符合标准（演示）"
        )
        panels.find(panel=held, application=one, finding=finding, by=people["first"], at=at)
    panels.propose(panel=held, by=people["first"], at=at)
    _vote(held, second)
    _panel(days.business_day(at), people["first"], at)


def _apply(member: Member, people: dict[str, Person], at: datetime) -> CertificateApplication:
    illness = Disease.objects.get(code=("I10", "E11.9")[member.pk % 2])
    on = days.business_day(at) - timedelta(days=400)
    form = certificates.Form(member, illness, "海原县人民医院（演示）", on, "0955-4010001", "长期服药（演示）")
    evidence = register.made_paper(
        "出院小结", f"{illness.name}诊断证明", member.household.number, ["本件为演示数据。"], [], at
    )
    content = SimpleUploadedFile("诊断证明（演示）.pdf", evidence.read())
    return certificates.apply(form=form, evidence=[content], by=people["intake"], at=at)


def _panel(held_on: date, by: Person, at: datetime) -> ExpertPanel:
    experts = "张主任医师（演示）\n李主任医师（演示）\n马副主任医师（演示）"
    return panels.hold(
        scheme=Scheme.objects.get(code="ncms"),
        held_on=held_on,
        place="县医院三楼会议室（演示）",
        experts=experts,
        by=by,
        at=at,
    )


def _injuries(some: list[Member], people: dict[str, Person], second: Proof, at: datetime) -> None:
    """One is concluded, one waits to be decided, one to be concluded, one to be visited."""
    today = days.business_day(at)
    causes = (("fall", "自家院内"), ("traffic", "乡道拐弯处"), ("animal", "自家羊圈"), ("work", "邻村工地"))
    for place, (member, (cause, where)) in enumerate(zip(some, causes, strict=False)):
        statement = injuries.Statement(
            member=member,
            injured_on=today - timedelta(days=12 - place),
            place=f"{where}（演示）",
            cause=cause,
            statement="当天下午受伤，由家属送医（演示）。",
            stated_by="本人",
            witnesses="同村邻居（演示）",
            proof="村委会证明（演示）",
        )
        opened = injuries.open_inquiry(said=statement, by=people["intake"], at=at)
        if place == len(some) - 1:
            continue
        injuries.note_visit(
            inquiry=opened, on=today - timedelta(days=2), second=people["township"], spoken_to="邻居、村主任（演示）",
            words="所述与走访情况一致（演示）", by=people["first"], at=at,
        )  # fmt: skip
        if place < len(CONCLUDED):
            liable, payable = CONCLUDED[place]
            written = injuries.conclude(
                inquiry=opened, liable_party=liable, payable=payable, words="依据走访和证明材料（演示）",
                by=people["first"], at=at,
            )  # fmt: skip
            if payable:
                _vote(written, second)


CONCLUDED: Final = (("", True), ("对方车辆驾驶人（演示）", False))
