"""What the demo county settles with providers: terms of retention, a settlement that waits for the head of accounting,
a prepayment that is ordered and one that waits, a premium and a move of the risk fund with finance, money that came
back. Amounts are made up, but for those of the risk fund (seed of 2009)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from claims.models import Provider, ProviderAccount
from demo.factors import show_factor
from funds.models import Account, Book
from funds.rules.settling import Terms
from funds.selectors import settling
from funds.services import (
    premiums,
    prepayments,
    provider_payments,
    recoveries,
    retention_terms,
    risk_fund,
)
from funds.services.premiums import PremiumOf
from funds.services.recoveries import RecoveryOf
from office import deciding
from office.models import Person
from office.models.rounds import Choice
from office.proof import Proof
from office.rules import days
from office.services import rounds

HOSPITAL: Final = "640522001"
RAISED: Final = Decimal("356800")
EXTRACTED: Final = Decimal("4720")
PREPAID: Final = (Decimal(3_000), Decimal(4_000))
HEADS: Final = 3_568
#: What the hospital gives back of what an audit found (demo/audits.py).
BACK: Final = Decimal("860.00")


def leave(people: dict[str, Person], at: datetime) -> None:
    """Leave all of it behind: work waits for the accountant, both heads and finance."""
    book = Book.objects.filter(scheme__code="ncms").first()
    hospital = Provider.objects.filter(code=HOSPITAL).first()
    if book is None or hospital is None:
        return
    by, year, today = people["accountant"], days.business_day(at).year, days.business_day(at)
    terms = retention_terms.propose(
        book=book,
        on=today.replace(month=1, day=1),
        terms=Terms(Decimal(5)),
        paper="海合管发〔2010〕6号（演示）",
        by=by,
        at=at,
    )
    proof = show_factor(people["head"], at)
    approve(terms, people["head"], at, proof)
    shown = show_factor(people["accounting"], at)
    _settlements(people, at, shown)
    if ProviderAccount.objects.filter(provider=hospital, state=ProviderAccount.State.CONFIRMED).exists():
        for amount in PREPAID:
            asked = prepayments.propose(
                book=book,
                provider=hospital,
                year=year,
                amount=amount,
                paper="海合管发〔2010〕8号（演示）",
                by=by,
                at=at,
            )
            if amount == PREPAID[0]:
                approve(asked, people["head"], at, proof)
    premium = PremiumOf(
        year=year,
        heads=HEADS,
        per_head=Decimal(5),
        insurer="中国人寿海原支公司（演示）",
        bank="农业银行海原县支行（演示）",
        account="6228480012340099",
        paper="大病合同2010-1（演示）",
        share=Decimal(50),
    )
    premiums.propose(book=book, stated=premium, by=by, at=at)
    _risk_fund(book, people, at)
    _recovery(book, people, at)
    back = RecoveryOf(
        "provider",
        hospital.name,
        BACK,
        today,
        year,
        Account.objects.get(book=book, purpose="special_account"),
        "银行回单0533（演示）",
        "稽核：超标准收费退款",
        hospital,
    )
    approve(recoveries.propose(book=book, stated=back, by=by, at=at), people["accounting"], at, shown)


def _settlements(people: dict[str, Person], at: datetime, proof: Proof) -> None:
    """What the hospital is owed for its lists: the older ones are agreed to by the head of accounting, the newest waits
    for him. Other providers' settlements wait for the accountant."""
    found = list(settling.to_pay().filter(provider__code=HOSPITAL))
    if not found:
        return
    *older, newest = found
    for settlement in older:
        approve(
            provider_payments.propose(settlement=settlement, by=people["accountant"], at=at), proof.person, at, proof
        )
    provider_payments.propose(settlement=newest, by=people["accountant"], at=at)


def _risk_fund(book: Book, people: dict[str, Person], at: datetime) -> None:
    asked = {
        "book": book,
        "kind": "extracted",
        "year": days.business_day(at).year,
        "amount": EXTRACTED,
        "raised": RAISED,
    }
    risk_fund.propose(
        **asked,  # type: ignore[arg-type]
        on=days.business_day(at),
        paper="海财社〔2010〕12号（演示）",
        by=people["accountant"],
        at=at,
    )


def _recovery(book: Book, people: dict[str, Person], at: datetime) -> None:
    """A patient gives back what a car's insurer paid him too."""
    today = days.business_day(at)
    account = Account.objects.get(book=book, purpose="special_account")
    back = RecoveryOf(
        "person",
        "马国强（演示）",
        Decimal("1260.50"),
        today,
        today.year,
        account,
        "银行回单0417（演示）",
        "第三方已赔付，退回补偿款",
    )
    recoveries.propose(book=book, stated=back, by=people["accountant"], at=at)


def approve(asked: Any, by: Person, at: datetime, proof: Proof) -> None:
    """Somebody agrees to what was asked for, with a code that he has shown."""
    opened = deciding.rounds_of(asked).get(state="open")
    rounds.vote(
        round=opened,
        choice=Choice.APPROVE,
        hash_seen=opened.subject_hash,
        by=by,
        at=at,
        proof=proof,
    )
