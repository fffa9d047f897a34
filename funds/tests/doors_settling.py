"""The doors of settlements and second compensation, and who may open each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from claims.models import ClaimPart, Settlement
from claims.services.document_settling import hash_of
from claims.tests import doors_documents
from conftest import NOON
from enrollment.tests import factories as register
from funds.models import (
    Account,
    Assessment,
    Premium,
    Prepayment,
    ProviderPart,
    ProviderPayment,
    Recovery,
    RetentionTerm,
    RiskMove,
    SecondAppeal,
    SecondLine,
    SecondNotice,
    SecondRun,
)
from funds.tests.doors_books import ACCOUNTANT, WATCHERS, book
from funds.tests.settling import decide
from office.models import Duty, Job
from office.services import rounds
from office.tests.factories import tess

#: Page of one, list, form that asks.
KINDS = (
    ("prepayment", "prepayments"),
    ("retention_term", "retention_terms"),
    ("assessment", "assessments"),
    ("premium", "premiums"),
    ("risk_move", "risk_moves"),
    ("recovery", "recoveries"),
)
OF_RUN = ("second_propose", "second_order", "second_void", "second_post", "second_appeal")

DOORS: dict[str, frozenset[str]] = {
    **{f"funds:{one}": WATCHERS for one, _many in KINDS},
    **{f"funds:{many}": WATCHERS for _one, many in KINDS},
    **{f"funds:{one}_new": ACCOUNTANT for one, _many in KINDS},
    "funds:provider_payments": WATCHERS,
    "funds:provider_payment": WATCHERS,
    "funds:settlements_to_pay": WATCHERS,
    "funds:provider_payment_new": ACCOUNTANT,
    "funds:second_runs": WATCHERS,
    "funds:second_run": WATCHERS,
    "funds:second_notice_print": WATCHERS,
    "funds:second_run_new": ACCOUNTANT,
    **{f"funds:{name}": ACCOUNTANT for name in OF_RUN},
    "funds:second_slip": ACCOUNTANT,
    "funds:second_answer": frozenset({Duty.ACCOUNTING_HEAD}),
}
POST_ONLY: set[str] = {"funds:second_propose", "funds:second_order"}


def settlement() -> Settlement:
    """A settlement of a clinic."""
    if not Settlement.objects.exists():
        doors_documents._known("approved")
    return Settlement.objects.earliest("pk")


def asked(model: Any, **more: Any) -> Any:
    """Something that waits to be decided, asked for by somebody who knocks at no door."""
    known = model.objects.first()
    given = {"on": date(2010, 3, 1), "paper": "测〔2010〕1号", "proposed_by": tess(), "proposed_at": NOON}
    return known or model.objects.create(number=f"X-{model.__name__}", book=book(), **given, **more)


def records() -> dict[str, Callable[[], Any]]:
    """One of every kind."""
    return {
        "prepayment": lambda: asked(Prepayment, provider=settlement().provider, year=2010, amount=5),
        "retention_term": lambda: asked(RetentionTerm, percent=5),
        "assessment": _assessment,
        "premium": lambda: asked(
            Premium, year=2010, heads=2, per_head=5, amount=10, insurer="中国人寿", bank="农行", account="62284800001"
        ),
        "risk_move": lambda: asked(RiskMove, kind="extracted", year=2010, raised=100, room=10, amount=10),
        "recovery": lambda: asked(
            Recovery,
            source="person",
            payer="马一",
            spent_in=2010,
            account=Account.objects.get(book=book(), purpose="spending_account"),
            amount=5,
        ),
    }


def _assessment() -> Assessment:
    """A year of which a yuan was kept back."""
    known = Assessment.objects.first()
    if known is not None:
        return known
    of = paid(settlement()).settlement
    return asked(Assessment, provider=of.provider, year=of.month.year, score=90, retained=1, amount=1)


def paid(of: Settlement) -> ProviderPayment:
    """A payment of a settlement that is done, with something kept back."""
    known = ProviderPayment.objects.first()
    if known is not None:
        return known
    parts = list(ClaimPart.objects.filter(settled_with__settlement=of))
    gross = sum((one.amount for one in parts), Decimal(0))
    more = {"gross": gross, "percent": 10, "retained": 1, "set_off": 0, "amount": gross - 1}
    spending = {"pool_spending": str(gross)}
    made = asked(ProviderPayment, settlement=of, sha256=hash_of(parts), spending=spending, **more)
    ProviderPart.objects.bulk_create([ProviderPart(payment=made, part=one) for one in parts])
    rounds.open_round(subject=made, by=tess(), at=NOON)
    decide(made, doors_documents.appoint("payments-head", Duty.ACCOUNTING_HEAD))
    ProviderPayment.objects.filter(pk=made.pk).update(state="done")
    return made


def run() -> SecondRun:
    """A list that hangs, of one person, with an appeal."""
    known = SecondRun.objects.first()
    if known is not None:
        return known
    who = register.member(register.household("8001"), "马八", id_number=None)
    made = SecondRun.objects.create(
        number="EB-X", book=book(), year=2009, paper="测〔2010〕2号", threshold=10, bands=[[None, "0.5"]],
        year_percent=20, cumulative_percent=25, income=100, spending=10, cumulative=90, budget=Decimal(5),
        papers_by=date(2010, 3, 20), drawn_up_on=date(2010, 3, 1), drawn_up_by=tess(), drawn_up_at=NOON,
    )  # fmt: skip
    village = who.household.village
    SecondLine.objects.create(run=made, member=who, village=village, head="马八", burden=20, entitled=5, granted=5)
    SecondRun.objects.filter(pk=made.pk).update(state="posted")
    SecondNotice.objects.create(
        run=made, village=village, posted_on=date(2010, 3, 1), posted_until=date(2010, 3, 8), place="公开栏",
        posted_by="马支书", noted_by=tess(),
    )  # fmt: skip
    SecondAppeal.objects.create(
        run=made,
        member=who,
        by_name="马八",
        words="少算",
        made_on=date(2010, 3, 1),
        received_by=tess(),
        received_at=NOON,
    )
    return made


def _number(of: Callable[[], Any], duty: str) -> list[object]:
    return [of().pk]


def addresses(job_of: Callable[[str], Job]) -> dict[str, Callable[[str], list[object]]]:
    """What each door's address needs; one of everything for all."""
    kinds = records()
    found: dict[str, Callable[[str], list[object]]] = {
        f"funds:{one}": partial(_number, of) for one, of in kinds.items()
    }
    found |= {f"funds:{name}": lambda duty: [run().pk] for name in (*OF_RUN, "second_run")}
    return found | {
        "funds:provider_payment": lambda duty: [paid(settlement()).pk],
        "funds:provider_payment_new": lambda duty: [(book(), settlement())[1].pk],
        "funds:second_notice_print": lambda duty: [run().pk, run().lines.first().village_id],
        "funds:second_slip": lambda duty: [run().pk, run().notices.first().pk],
        "funds:second_answer": lambda duty: [run().pk, run().appeals.first().pk],
    }
