"""Claims of the demo county that intake has taken in. People, stays and amounts are made up.

One to hand on, one whose papers are missing, one of the hospital's own desk, one handed on, one void, one that came
back.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final, NamedTuple

from claims.models import BenefitPlan, Catalogue, CatalogueEntry, Claim, Disease, Provider
from claims.prints import slips
from claims.rules.bills import amount_of
from claims.rules.papers import shipped
from claims.selectors.intake_content import Bill, Content, Line
from claims.services import checking, intake
from demo.factors import show_factor
from enrollment.models import Coverage, FundYear, Member
from office import attachments
from office.models import Person
from office.rules import days

ALL_PAPERS: Final = frozenset(paper.code for one in shipped() for paper in one.papers)
LATE: Final = timedelta(days=6)  # between discharge and intake
SHORTEST_YEAR: Final = timedelta(days=40)  # of a year that stays can lie in


class Stay(NamedTuple):
    """One stay: where, for what, how many nights, what it cost by group and class, who takes it in, what becomes of
    it."""

    provider: str
    disease: str
    nights: int
    costs: tuple[tuple[str, str, int], ...]
    by: str = "intake"
    ends: str = "entered"
    without: frozenset[str] = frozenset()
    is_referred: bool = True
    kind: str = "inpatient"
    employment: str = "none"
    pays: str = "household"
    items: tuple[tuple[str, str, str], ...] = ()


STAYS: Final = (
    Stay(
        "640522001", "J18.9", 8, (("exam", "A", 420), ("bed", "A", 96), ("drug", "C", 124)),
        items=(("YS0003", "48", "0.85"), ("YS0004", "24", "18.6"), ("YS0001", "6", "6.5")),
    ),
    Stay(
        "640522002", "K29.5", 10, (("drug", "A", 1580), ("exam", "B", 300), ("treatment", "A", 340)),
        without=frozenset({"fee_list", "bank_book"}),
    ),
    Stay("640522001", "K35.9", 6, (("drug", "A", 900), ("operation", "A", 1100), ("bed", "A", 72)), by="hospital",
        pays="provider",
    ),
    Stay("640500001", "I63.9", 15, (("drug", "A", 5600), ("exam", "A", 2100), ("drug", "B", 1800)), ends="handed_on"),
    Stay("640522003", "J18.9", 5, (("drug", "A", 640), ("exam", "A", 180)), ends="void"),
    Stay("620100001", "K80.2", 9, (("drug", "A", 3800), ("operation", "B", 4200)), ends="returned", is_referred=False),
)  # fmt: skip
WORDS: Final = {
    "drug": "药品", "exam": "检查", "bed": "床位", "treatment": "治疗", "operation": "手术",
}  # fmt: skip


def take_in(year: FundYear, people: dict[str, Person], at: datetime) -> None:
    """Stays of this year by its insured people, where the year is old enough and has a plan."""
    today = days.business_day(at)
    has_plan = BenefitPlan.objects.applying_on(today).filter(scheme=year.scheme).exists()
    if not has_plan or today - year.period.lower < SHORTEST_YEAR:
        return
    insured = Coverage.objects.standing().filter(fund_year=year, period__contains=today - SHORTEST_YEAR)
    found = Member.objects.living().filter(pk__in=insured.values("member"), is_head=True).order_by("-pk")
    for place, (stay, who) in enumerate(zip(STAYS, found[: len(STAYS)], strict=False)):
        claim = enter(stay, who, place, people, at)
        _go_on(claim, stay, people, at)


def enter(stay: Stay, who: Member, place: int, people: dict[str, Person], at: datetime) -> Claim:
    """A stay is taken in at a time; its place numbers its invoice."""
    today = days.business_day(at)
    lines = [
        *_items(stay, today),
        *(Line(WORDS[group], class_, group, Decimal(amount)) for group, class_, amount in stay.costs),
    ]
    left = today - LATE
    total = sum((one.amount for one in lines), Decimal(0))
    content = Content(
        member=who,
        provider=Provider.objects.get(code=stay.provider),
        disease=Disease.objects.filter(code=stay.disease).first() or Disease.objects.earliest("code"),
        kind=stay.kind,
        admitted_on=left - timedelta(days=stay.nights),
        discharged_on=left,
        lines=lines,
        invoices=[Bill("164000910", f"{20100 + place:08}", total, left)],
        papers=ALL_PAPERS - stay.without,
        is_referred=stay.is_referred,
        employment=stay.employment,
        hospital_number=f"ZY{place + 1:05}",
        payee_kind=stay.pays,
    )
    claim = intake.enter_claim(content=content, by=people[stay.by], at=at)
    slip = slips.received(claim, by=people[stay.by], at=at)
    for name in ("受理单扫描件（演示）.pdf", "费用清单扫描件（演示）.pdf"):
        attachments.keep_made(
            subject=claim, name=name, content=slip, media_type="application/pdf", by=people[stay.by], at=at
        )
    return claim


def _items(stay: Stay, day: date) -> list[Line]:
    """Lines by item of the catalogue that is in force."""
    entries = CatalogueEntry.objects.filter(catalogue__in=Catalogue.objects.on(day).filter(scheme__code="ncms"))
    known = {one.code: one for one in entries.filter(code__in=[code for code, _many, _each in stay.items])}
    return [
        Line(one.name, one.item_class, one.group, amount_of(many, each), one.pk, many, each)
        for one, many, each in (
            (known[code], Decimal(many), Decimal(each)) for code, many, each in stay.items if code in known
        )
    ]


def _go_on(claim: Claim, stay: Stay, people: dict[str, Person], at: datetime) -> None:
    """What became of it."""
    by = people[stay.by]
    if stay.ends == "void":
        intake.void_claim(claim=claim, reason="患者撤回申请（演示）", by=by, at=at)
    if stay.ends in {"handed_on", "returned"}:
        opened = intake.hand_on(claim=claim, seen=claim.content_version, by=by, at=at)
    if stay.ends == "returned":
        first = people["first"]
        checking.check(
            claim=claim,
            choice="return",
            hash_seen=opened.subject_hash,
            by=first,
            at=at,
            proof=show_factor(first, at),
            papers=("referral", "diagnosis_proof"),
            reason="护理记录（演示）",
        )
