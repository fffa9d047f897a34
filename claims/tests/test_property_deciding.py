"""Random paths of claims from the counter to payment and back, through the real services: after every step money is
where it belongs, and the trail tells of everything that was done and refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import count

import pytest
from django.db import connection, transaction
from django.db.models import Count, F, Q, Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claims.models import (
    Approval,
    BenefitCounter,
    Claim,
    ClaimPart,
    ClaimsRound,
    ClaimsVote,
    Cut,
    Flag,
    Reversal,
    Verification,
)
from claims.selectors.intake_content import Content, Line
from claims.services import checking, flags, intake, reversing, settling, verification
from claims.services.checking import CannotCheck
from claims.services.flags import CannotFlag
from claims.services.intake import CannotEnter, CannotHandOn, CannotVoid
from claims.services.reversing import CannotReverse
from claims.services.settling import CannotSettle
from claims.services.verification import CannotVerify, Question
from claims.tests import taking_in
from claims.tests.deciding import Desk, cut
from conftest import NOON
from enrollment.models import Account, AccountEntry
from enrollment.services import accounts
from office.models import Act
from office.services.rounds import CannotVote
from office.tests.factories import shown_by

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

CEILING = Decimal(6000)
HELD = Decimal(80)  # by each household's account when the path begins
NOTHING = Decimal(0)
TODAY = NOON.date()
#: Refusals that are acts of their own; paying refuses in words alone.
TOLD = (CannotEnter, CannotHandOn, CannotVoid, CannotCheck, CannotVote, CannotFlag, CannotReverse, CannotVerify)

Step = tuple[str, int, int, int]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            (
                *("enter", "enter", "enter", "change", "hand_on", "hand_on", "hand_on", "void"),
                *("check", "check", "check", "check", "check", "check", "check", "ask", "answer", "answer"),
                *("hold", "let_go", "let_go", "pay", "pay", "pay", "take_back"),
            )
        ),
        st.integers(0, 9),
        st.integers(0, 9),
        st.integers(1, 600_000),
    ),
    min_size=20,
    max_size=40,
)


class Office:
    """An office in which somebody does something sensible or senseless at every step."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.people = [taking_in.insured(f"000{number}") for number in (1, 2)]
        for one in self.people:
            account = accounts.account_of(scheme=desk.scheme, owner=one.household)
            accounts.credit(account=account, amount=HELD, on=TODAY, reference="2010", by=desk.ian, at=NOON)
        desk.limit("head", 2500)
        desk.limit("verification", 7000, basis="total_cost")
        self.proofs = {one.pk: shown_by(one) for one in (desk.ian, desk.fay, desk.sue, desk.hal)}
        self.provider = taking_in.provider()
        self.deciders = {"first_check": desk.fay, "second_check": desk.sue, "head": desk.hal}
        self.begin()

    def begin(self) -> None:
        self.numbers = count(1)
        self.refused = Counter[str]()

    def step(self, name: str, one: int, other: int, fen: int) -> None:
        doing: Callable[[int, int, int], None] = getattr(self, name)
        try:
            doing(one, other, fen)
        except TOLD as refusal:
            self.refused[type(refusal).__name__] += 1
        except CannotSettle:
            pass

    def claim(self, number: int, *states: str) -> Claim | None:
        found = list(Claim.objects.filter(state__in=states) if states else Claim.objects.all())
        return found[number % len(found)] if found else None

    def content(self, one: int, other: int, fen: int, number: int) -> Content:
        """What is typed: one to three lines; a number of an invoice may come twice."""
        amounts = [Decimal(fen) / 100, *(Decimal(fen + line) / 200 for line in range(one % 3))]
        amounts = [max(amount.quantize(Decimal("0.01")), Decimal("0.01")) for amount in amounts]
        kind = ("inpatient", "inpatient", "injury", "outpatient")[other % 4]
        day = date(2010, 1, 21)
        return replace(
            taking_in.content(self.people[one % 2], provider=self.provider),
            kind=kind,
            admitted_on=day if kind == "outpatient" else date(2010, 1, 11),
            lines=[
                Line("西药", "ABC"[place % 3 if other % 5 else 0], "drug", each) for place, each in enumerate(amounts)
            ],
            invoices=[taking_in.bill(f"{number:08}", sum(amounts, NOTHING))],
            other_payers=amounts[0] / 4 if other == 9 else NOTHING,
        )

    def enter(self, one: int, other: int, fen: int) -> None:
        number = next(self.numbers) if other else 1
        intake.enter_claim(content=self.content(one, other, fen, number), by=self.desk.ian, at=NOON)

    def change(self, one: int, other: int, fen: int) -> None:
        states = ("returned",) if Claim.objects.filter(state="returned").exists() else ("entered", "second_check")
        if (claim := self.claim(one, *states)) is not None:
            content = self.content(one, other, fen, next(self.numbers))
            seen = claim.content_version + (other == 1)
            intake.change_claim(claim=claim, content=content, seen=seen, by=self.desk.ian, at=NOON)

    def hand_on(self, one: int, _other: int, _fen: int) -> None:
        if (claim := self.claim(one, "entered")) is not None:
            intake.hand_on(claim=claim, seen=claim.content_version, by=self.desk.ian, at=NOON)

    def void(self, one: int, other: int, _fen: int) -> None:
        if other < 4 and (claim := self.claim(one)) is not None:
            intake.void_claim(claim=claim, reason="taken back", by=self.desk.ian, at=NOON)

    def check(self, one: int, other: int, fen: int) -> None:
        if (claim := self.claim(one, *self.deciders)) is None:
            return
        by = self.desk.ian if other == 9 else self.deciders[claim.state]
        choice = ("approve", "approve", "approve", "approve", "approve", "cut", "cut", "return", "refuse", "cut")[other]
        cuts = [cut(claim, 1, str(Decimal(fen) / 300).split(".", maxsplit=1)[0])] if choice == "cut" else []
        checking.check(
            claim=claim,
            choice=choice,
            hash_seen=checking.round_of(claim).subject_hash,
            by=by,
            at=NOON,
            proof=self.proofs[by.pk],
            cuts=cuts,
            reason="why",
        )

    def ask(self, one: int, other: int, _fen: int) -> None:
        if (claim := self.claim(one, "verification")) is not None:
            way = ("phone", "visit", "letter")[other % 3]
            asked = Question(way, "医院")
            if way == "letter":
                asked = Question(way, "医院", letter_number="7", deadline_on=TODAY + timedelta(14))
            verification.ask(claim=claim, question=asked, on=TODAY, by=self.desk.fay, at=NOON)

    def answer(self, one: int, other: int, _fen: int) -> None:
        asked = list(Verification.objects.filter(outcome=""))
        if not asked:
            return self.ask(one, other, _fen)
        outcome = ("genuine", "genuine", "genuine", "differs", "no_answer")[other % 5]
        verification.answer(
            verification=asked[one % len(asked)], outcome=outcome, words="so", on=TODAY, by=self.desk.fay, at=NOON
        )
        return None

    def hold(self, one: int, _other: int, _fen: int) -> None:
        if (claim := self.claim(one)) is not None:
            flags.set_flag(claim=claim, kind="audit", reason="look", by=self.desk.hal, at=NOON)

    def let_go(self, _one: int, other: int, _fen: int) -> None:
        if (flag := Flag.objects.holding().first()) is not None:
            by = self.desk.ian if other == 9 else self.desk.hal
            flags.lift_flag(flag=flag, reason="seen", by=by, at=NOON)

    def pay(self, one: int, other: int, _fen: int) -> None:
        if (waiting := self.claim(one, "approved")) is not None:
            settling.let_pay(claims=[waiting], by=self.desk.hal, at=NOON)
        parts = list(ClaimPart.objects.filter(state__in=("payable", "paying")).order_by("pk"))
        doing = (settling.mark_paying, settling.mark_paying, settling.mark_paid, settling.mark_returned)[other % 4]
        doing(parts=parts[one % 3 : one % 3 + 2], by=self.desk.hal, at=NOON)

    def take_back(self, one: int, other: int, _fen: int) -> None:
        doing = (reversing.void, reversing.reverse)[other % 2]
        if (claim := self.claim(one, "approved", "payable", "paid")) is not None:
            doing(claim=claim, reason="wrong", by=self.desk.hal, at=NOON, proof=self.proofs[self.desk.hal.pk])


def check_claims() -> None:
    """A claim is the sum of its lines; while it is alive its invoices are, too; a step has its round."""
    for claim in Claim.objects.prefetch_related("lines", "invoices"):
        lines = [one.amount for one in claim.lines.all() if one.version == claim.content_version]
        live = [one.amount for one in claim.invoices.all() if one.is_live]
        assert sum(lines) == claim.total
        assert sum(live) == (0 if claim.state in Claim.ENDED_WITHOUT else claim.total)
    opened = {
        int(one.subject_id): one.step for one in ClaimsRound.objects.filter(state="open", subject_type="claims.claim")
    }
    assert opened == dict(Claim.objects.filter(state__in=[*checking.ALONE, "committee"]).values_list("pk", "state"))


def check_approvals() -> None:
    """Parts, hospital, others and patient pay the whole; nothing is paid that is held in an account or cut."""
    for one in Approval.objects.select_related("claim").prefetch_related("parts"):
        paid = sum((part.amount for part in one.parts.all()), NOTHING)
        assert one.fund_pays == paid
        assert one.claim.total == one.total == paid + one.hospital_bears + one.other_payers + one.patient_pays
        assert min(paid, one.hospital_bears, one.other_payers, one.patient_pays) >= 0
    standing = Approval.objects.filter(reversal__isnull=True).values_list("claim", flat=True)
    assert set(standing) == set(
        Claim.objects.filter(state__in=("approved", "payable", "paying", "paid")).values_list("pk", flat=True)
    )


def check_counters() -> None:
    """A counter is the sum of its moves, and of those of approvals that stand; it stays below its ceiling."""
    still = Sum("moves__amount", filter=Q(moves__approval__reversal__isnull=True), default=NOTHING)
    for one in BenefitCounter.objects.annotate(all=Sum("moves__amount", default=NOTHING), still=still):
        assert one.value == one.all == one.still
        assert one.name != "inpatient.year" or one.value <= CEILING
    paid = ClaimPart.objects.filter(layer="inpatient", approval__reversal__isnull=True)
    assert dict(paid.values_list("approval__person").annotate(Sum("amount"))) == dict(
        BenefitCounter.objects.filter(name="inpatient.year", value__gt=0).values_list("member", "value")
    )


def check_accounts() -> None:
    """An account holds what it held less what stands of what was used; it is never overdrawn."""
    for one in Account.objects.all():
        used = AccountEntry.objects.filter(account=one, kind__in=("debit", "reversal"))
        assert one.balance == HELD + (used.aggregate(all=Sum("amount"))["all"] or NOTHING) >= 0
    taken = AccountEntry.objects.filter(kind__in=("debit", "reversal")).aggregate(all=Sum("amount"))["all"] or NOTHING
    paid = ClaimPart.objects.filter(layer="account", approval__reversal__isnull=True)
    assert -taken == (paid.aggregate(all=Sum("amount"))["all"] or NOTHING)


def check_cuts() -> None:
    """No line is cut by more than it holds."""
    for line in Cut.objects.filter(counts=True).values("line").annotate(cut=Sum("amount"), holds=F("line__amount")):
        assert line["cut"] <= line["holds"]


def check_acts(office: Office) -> None:
    """Everything that stands in a table was told in the trail, once; every refusal, too."""
    told = Counter(
        dict(Act.objects.filter(subject_type="claims.claim", kind="done").values_list("name").annotate(Count("pk")))
    )
    rounds = ClaimsRound.objects.filter(subject_type="claims.claim")
    states = Counter(Claim.objects.values_list("state", flat=True))
    assert told["claim.entered"] == sum(states.values())
    assert told["claim.changed"] == sum(Claim.objects.values_list("content_version", flat=True)) - sum(states.values())
    assert told["round.opened"] == rounds.count()
    assert told["round.closed"] == rounds.filter(state="closed").count()
    assert told["round.voided"] == rounds.filter(state="void").count()
    assert told["round.voted"] == ClaimsVote.objects.filter(round__in=rounds).count() == told["claim.checked"]
    assert told["claim.approved"] == Approval.objects.count()
    assert told["claim.reversed"] + told["claim.voided"] == states["void"] + states["reversed"]
    assert told["claim.reversed"] + states["void"] >= Reversal.objects.count()
    assert told["claim.held"] == Flag.objects.count()
    assert told["claim.let-go"] == Flag.objects.exclude(lifted_at=None).count()
    assert told["claim.verification-asked"] == Verification.objects.count()
    assert told["claim.verification-answered"] == Verification.objects.exclude(outcome="").count()
    assert Act.objects.filter(kind="refused").count() == sum(office.refused.values())


#: What of money holds after every step.
CHECKS = (check_claims, check_approvals, check_counters, check_accounts, check_cuts)


@pytest.fixture
def office(appoint) -> Office:
    return Office(Desk.of(appoint))


def walk(office: Office, steps: list[Step]) -> set[str]:
    """Every step with every check; what was seen of states."""
    seen: set[str] = set()
    office.begin()
    with transaction.atomic():
        for step in steps:
            office.step(*step)
            connection.check_constraints()  # also what the database looks at when a transaction ends
            for check in CHECKS:
                check()
            check_acts(office)
            seen |= set(Claim.objects.values_list("state", flat=True))
        transaction.set_rollback(True)
    return seen


#: One path on which every state is come by: paid and reversed; verified, with the head and void; returned, changed and
#: refused; taken back at the counter; cut; held and let go.
PATH: list[Step] = [
    *(("enter", 0, 1, 100_000), ("hand_on", 0, 0, 1), ("check", 0, 0, 1), ("check", 0, 0, 1)),
    *(("pay", 0, 0, 1), ("pay", 0, 2, 1), ("take_back", 0, 1, 1)),
    *(("enter", 2, 1, 600_000), ("hand_on", 0, 0, 1), ("check", 0, 0, 1), ("ask", 0, 0, 1), ("answer", 0, 0, 1)),
    *(("check", 0, 0, 1), ("check", 0, 0, 1), ("take_back", 0, 0, 1)),
    *(("enter", 0, 1, 50_000), ("hand_on", 0, 0, 1), ("check", 0, 7, 1), ("change", 0, 0, 40_000)),
    *(("hand_on", 0, 0, 1), ("check", 0, 8, 1), ("enter", 0, 1, 60_000), ("void", 0, 0, 1)),
    *(("enter", 1, 1, 70_000), ("hand_on", 0, 0, 1), ("check", 0, 5, 30_000), ("check", 0, 0, 1)),
    *(("enter", 1, 2, 80_000), ("hold", 0, 0, 1), ("hand_on", 0, 0, 1), ("let_go", 0, 0, 1), ("hand_on", 0, 0, 1)),
    *(("check", 0, 0, 1), ("check", 0, 9, 30_000), ("check", 0, 0, 1), ("pay", 0, 3, 1)),
]


def test_every_state_is_come_by(office):
    assert walk(office, PATH) == set(Claim.State) - {"committee"}
    assert office.refused == {"CannotHandOn": 1, "CannotVote": 1}


@settings(
    max_examples=12,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(steps=STEPS)
def test_money_is_where_it_belongs(office, steps):
    walk(office, steps)
