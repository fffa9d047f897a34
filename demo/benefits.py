"""The example office's benefit plans: those of the county's report adopted by two people, one that waits for the
second, one that is still typed in. The documents come with the system (claims/data/plans), each rule with its source.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Final

from django.core.files.uploadedfile import SimpleUploadedFile

from claims.models import BenefitPlan
from claims.rules import shipped
from claims.selectors import plans as selectors
from claims.services import adoption, plans
from claims.services.plans import Place
from demo import register
from demo.factors import show_factor
from enrollment.models import Scheme
from office.models import Person
from office.rules import days
from office.services import rounds

#: Shipped plans by the scheme in whose order they stand, with their place in it.
ADOPTED: Final = (
    ("haiyuan-ncms-2009", "ncms", 1),
    ("haiyuan-second-2009", "ncms", 2),
    ("haiyuan-ncms-2010", "ncms", 1),
    ("haiyuan-urbmi-2009", "residents", 1),
    ("haiyuan-urbmi-2010", "residents", 1),
    ("haiyuan-uebmi-2009", "employees", 1),
    ("haiyuan-uebmi-2010", "employees", 1),
)
PROPOSED: Final = ("haiyuan-assistance-2010", "ncms", 3)
LAST: Final = "haiyuan-ncms-2010"
#: The report's last plan of each basic scheme.
LASTING: Final = {"ncms": LAST, "residents": "haiyuan-urbmi-2010", "employees": "haiyuan-uebmi-2010"}


def adopt_plans(people: dict[str, Person], at: datetime) -> None:
    """The accountant drafts, the head decides; one waits for the head, next year's is still typed in."""
    accountant, head = people["accountant"], people["head"]
    proof = show_factor(head, at)
    for code, scheme, position in ADOPTED:
        opened = adoption.propose(plan=complete(code, scheme, position, accountant, at), by=accountant, at=at)
        rounds.vote(round=opened, choice="approve", hash_seen=opened.subject_hash, by=head, at=at, proof=proof)
    adoption.propose(plan=complete(*PROPOSED, accountant, at), by=accountant, at=at)
    year = max(days.business_day(at).year, 2010) + 1
    place = Place(Scheme.objects.get(code="ncms"))
    plans.draft_plan(text=of_year(LAST, year), place=place, source=LAST, by=accountant, at=at)


def adopt_this_year(people: dict[str, Person], at: datetime) -> None:
    """The plans of today's year, as far as they follow from the report's last ones, where none apply: claims of today
    are valued by them."""
    today = days.business_day(at)
    if BenefitPlan.objects.applying_on(today).filter(scheme__code="ncms").exists():
        return
    drafted = [
        complete(code, scheme, 1, people["accountant"], at, of_year(code, today.year))
        for scheme, code in LASTING.items()
    ]
    adopt(drafted, people, at)


def adopt(drafted: Iterable[BenefitPlan], people: dict[str, Person], at: datetime) -> None:
    """The accountant proposes, the head decides."""
    accountant, head = people["accountant"], people["head"]
    proof = show_factor(head, at)
    for one in drafted:
        opened = adoption.propose(plan=one, by=accountant, at=at)
        rounds.vote(round=opened, choice="approve", hash_seen=opened.subject_hash, by=head, at=at, proof=proof)


def complete(code: str, scheme: str, position: int, by: Person, at: datetime, text: str = "") -> BenefitPlan:
    """A draft of a shipped plan with a made-up paper, and a reason for whatever the adoption check asks."""
    place = Place(Scheme.objects.get(code=scheme), position)
    drafted = plans.draft_plan(text=text or shipped.text(code), place=place, source=code, by=by, at=at)
    begins = drafted.in_force.lower
    number = f"海政发〔{begins.year - 1}〕{60 + drafted.pk}号（演示）"
    plans.note_paper(
        plan=drafted, number=number, day=date(begins.year - 1, 12, 1), scan=_paper(drafted, number, at), by=by, at=at
    )
    reasons = {(one.path, one.zh): "与所据汇报一致，汇报未列其他情形（演示）" for one in selectors.doubts_of(drafted)}
    plans.accept_doubts(plan=drafted, reasons=reasons, by=by, at=at)
    return drafted


def of_year(code: str, year: int) -> str:
    """A later year's document, as far as it follows from one of the report."""
    text = shipped.text(code).replace("-2010", f"-{year}").replace("2010-", f"{year}-")
    return text.replace("海原县2010年", f"海原县{year}年").replace("plan 2010", f"plan {year}")


def _paper(plan: BenefitPlan, number: str, at: datetime) -> SimpleUploadedFile:
    lines = ["本文件为演示数据，从未印发。", f"现将{plan.name_zh}印发给你们，请遵照执行。"]
    made = register.made_paper(plan.name_zh, f"关于印发{plan.name_zh}的通知", number, lines, [], at)
    return SimpleUploadedFile(f"{plan.name_zh}（演示）.pdf", made.read())
