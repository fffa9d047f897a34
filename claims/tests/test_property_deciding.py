"""Random paths of claims from intake to payment and back: after every step money is where it belongs."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest
from django.db.models import Sum

from claims.models import Approval, BenefitCounter, Claim, ClaimPart, CounterMove, Flag, Invoice
from claims.services import checking, flags, reversing, settling
from claims.services.checking import CannotCheck
from claims.services.flags import CannotFlag
from claims.services.reversing import CannotReverse
from claims.services.settling import CannotSettle
from claims.tests.deciding import Desk, cut, now
from conftest import NOON
from enrollment.models import Account, AccountEntry
from enrollment.services import accounts
from office.services.rounds import CannotVote
from office.tests.factories import shown_by

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

CEILING = Decimal(6000)
STEPS = 60
REFUSALS = (CannotCheck, CannotVote, CannotFlag, CannotReverse, CannotSettle)


class Walk:
    """An office in which somebody does something sensible or senseless at every step."""

    def __init__(self, desk: Desk, seed: int) -> None:
        self.desk = desk
        self.dice = random.Random(seed)
        self.people = [desk.member(str(number)) for number in range(2)]
        for one in self.people:
            account = accounts.account_of(scheme=desk.scheme, owner=one.household)
            accounts.credit(account=account, amount=Decimal(80), on=NOON.date(), reference="2010", by=desk.ian, at=NOON)
        self.refused = 0
        self.seen: set[str] = set()

    def go(self) -> None:
        doing = self.dice.choices(
            (self.enter, self.check, self.hold, self.let_go, self.pay, self.take_back), (3, 12, 1, 4, 6, 1)
        )[0]
        try:
            doing()
        except REFUSALS:
            self.refused += 1
        self.look()

    def any_claim(self, *states: str) -> Claim | None:
        found = list(Claim.objects.filter(state__in=states).order_by("pk")) if states else list(Claim.objects.all())
        return self.dice.choice(found) if found else None

    def enter(self) -> None:
        amounts = [str(Decimal(self.dice.randint(1, 500_000)) / 100) for _line in range(self.dice.randint(1, 4))]
        kind = self.dice.choice(["inpatient", "inpatient", "injury", "outpatient"])
        self.desk.handed_on(self.dice.choice(self.people), amounts, kind=kind)

    def check(self) -> None:
        claim = self.any_claim("first_check", "second_check", "head")
        if claim is None:
            return
        right = {"first_check": self.desk.fay, "second_check": self.desk.sue, "head": self.desk.hal}[claim.state]
        by = right if self.dice.random() < 0.8 else self.dice.choice((self.desk.fay, self.desk.sue, self.desk.ian))
        choice = self.dice.choices(("approve", "cut", "refuse", "return"), (7, 4, 1, 1))[0]
        cuts = [cut(claim, 1, str(self.dice.randint(1, 800)))] if choice == "cut" else []
        self.desk.check(claim, by, choice, *cuts, reason="why")

    def hold(self) -> None:
        if (claim := self.any_claim()) is not None:
            flags.set_flag(claim=claim, kind="audit", reason="look", by=self.desk.hal, at=NOON)

    def let_go(self) -> None:
        if (flag := Flag.objects.holding().first()) is not None:
            by = self.dice.choice((self.desk.hal, self.desk.sue))
            flags.lift_flag(flag=flag, reason="seen", by=by, at=NOON)

    def pay(self) -> None:
        waiting = self.any_claim("approved")
        if waiting is not None and self.dice.random() < 0.5:
            settling.let_pay(claims=[waiting], by=self.desk.hal, at=NOON)
        parts = list(ClaimPart.objects.order_by("pk"))
        if parts:
            doing = self.dice.choice((settling.mark_paying, settling.mark_paid, settling.mark_returned))
            some = [one for one in parts if one.state in {"payable", "paying"}] or parts
            doing(parts=self.dice.sample(some, min(2, len(some))), by=self.desk.hal, at=NOON)

    def take_back(self) -> None:
        if (claim := self.any_claim("approved", "payable", "paid")) is not None:
            doing = self.dice.choice((reversing.void, reversing.reverse))
            doing(claim=claim, reason="wrong", by=self.desk.hal, at=NOON, proof=shown_by(self.desk.hal))

    def look(self) -> None:
        """Every figure of the house."""
        self.seen |= set(Claim.objects.values_list("state", flat=True))
        for approval in Approval.objects.all():
            paid = approval.parts.aggregate(all=Sum("amount"))["all"] or Decimal(0)
            assert approval.fund_pays == paid
            assert approval.total == paid + approval.hospital_bears + approval.other_payers + approval.patient_pays
        for counter in BenefitCounter.objects.all():
            assert counter.value == (counter.moves.aggregate(all=Sum("amount"))["all"] or Decimal(0))
            standing = counter.moves.filter(approval__reversal__isnull=True).aggregate(all=Sum("amount"))["all"]
            assert counter.value == (standing or Decimal(0))
            assert counter.name != "inpatient.year" or counter.value <= CEILING
        for approval in Approval.objects.filter(reversal__isnull=False):
            assert not CounterMove.objects.filter(approval=approval).aggregate(all=Sum("amount"))["all"]
        for account in Account.objects.all():
            taken = AccountEntry.objects.filter(account=account, kind="debit").aggregate(all=Sum("amount"))["all"]
            given = AccountEntry.objects.filter(account=account, kind="reversal").aggregate(all=Sum("amount"))["all"]
            assert account.balance == 80 + (taken or 0) + (given or 0)
        for claim in Claim.objects.all():
            live = Invoice.objects.filter(claim=claim, is_live=True).aggregate(all=Sum("amount"))["all"] or Decimal(0)
            assert live == (0 if claim.state in Claim.ENDED_WITHOUT else claim.total)
            opened = checking.round_of(now(claim))
            assert (opened is not None) == (claim.state in checking.ALONE)


@pytest.mark.parametrize("seed", range(6))
def test_money_is_where_it_belongs(appoint, seed):
    walk = Walk(Desk.of(appoint), seed)
    walk.desk.limit("head", 2500)
    for _step in range(STEPS):
        walk.go()
    assert walk.refused
    assert {"payable", "paid"} & walk.seen
