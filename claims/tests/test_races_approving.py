"""Approvals of one person at the same moment near a ceiling, two checkers of one claim, a flag against an approval.

The negative control takes the lock of the person's year out and must then find more paid than the ceiling allows.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from itertools import count
from typing import Any

import pytest
from django.db import DatabaseError, connections, transaction
from django.db.models import Sum

from claims.models import BenefitCounter, Claim, ClaimLine, ClaimPart, ClaimsRound, CounterMove, Cut, Invoice
from claims.selectors import checking as selectors
from claims.selectors.valuing import person_number
from claims.services import approving, checking, flags, reversing
from claims.services.checking import CannotCheck
from claims.services.flags import CannotFlag
from claims.services.locks import Counted
from claims.services.reversing import CannotReverse
from claims.tests.deciding import DISCHARGED, Desk, cut, disease, now, provider
from conftest import NOON
from enrollment.models import Member
from enrollment.tests import factories as register
from office import trail
from office.models import Act, Duty, Person
from office.services.rounds import CannotVote
from office.tests.factories import shown_by

pytestmark = pytest.mark.django_db(transaction=True)

CROWD = (2, 4, 16)
CEILING = Decimal(6000)
RUSHES = 200
SET = 100  # people whose claims are made together
REFUSALS = (CannotCheck, CannotVote, CannotFlag, CannotReverse)


@pytest.fixture
def desk(appoint, settings) -> Desk:
    """Intake is the first check, so that every claim waits for its last step."""
    settings.INTAKE_IS_FIRST_CHECK = True
    return Desk.of(appoint)


@pytest.fixture
def checkers(appoint) -> list[Person]:
    return [appoint(f"sue{number}", Duty.SECOND_CHECKER) for number in range(max(CROWD))]


def at_once(*doing: Callable[[], object]) -> list[str]:
    """Everything at the same moment; what was refused, in words."""
    ready = threading.Barrier(len(doing))
    refused: list[str] = []

    def go(act: Callable[[], object]) -> None:
        try:
            ready.wait(20)
            act()
        except REFUSALS as refusal:
            refused.append(str(refusal))
        except DatabaseError as fault:
            refused.append(f"database: {fault}")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=go, args=(one,)) for one in doing]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return refused


def agree(claim: Claim, by: Person, seen: str, proof) -> None:
    checking.check(claim=claim, choice="approve", hash_seen=seen, by=by, at=NOON, proof=proof)


@dataclass(frozen=True)
class Waiting:
    """A person, under his own record and under one that was merged into it, and his claims that wait for the last step;
    together they would be paid half more than the ceiling."""

    person: Member
    claims: list[Claim]
    seen: dict[int, str]  # what whoever decides a claim has seen


class Rush:
    """As many checkers as claims, each at a desk of his own: a thread and a connection that stay."""

    def __init__(self, desk: Desk, checkers: Sequence[Person]) -> None:
        self.desk = desk
        self.checkers = checkers
        self.proofs = {one.pk: shown_by(one) for one in checkers}
        self.body = desk.ian.appointments.get().body
        self.desks = ThreadPoolExecutor(len(checkers))
        self.numbers = count(1)

    def end(self) -> None:
        """Everybody goes home: the connections are closed where they were opened."""
        together = threading.Barrier(len(self.checkers))

        def leave() -> None:
            together.wait(20)
            connections.close_all()

        for one in [self.desks.submit(leave) for _each in self.checkers]:
            one.result()
        self.desks.shutdown()

    @transaction.atomic
    def waiting(self, sizes: Sequence[int]) -> list[Waiting]:
        """So many people, each with so many claims; their rows come together, as intake would have left them."""
        people = [self._person() for _each in sizes]
        claims = [
            Claim(**self._claim(), member=person[place % 2], total=(CEILING * 3 / size).quantize(Decimal("0.01")))
            for person, size in zip(people, sizes, strict=True)
            for place in range(size)
        ]
        Claim.objects.bulk_create(claims)
        ClaimLine.objects.bulk_create(
            ClaimLine(claim=one, version=1, position=1, name="x", item_class="A", group="drug", amount=one.total)
            for one in claims
        )
        Invoice.objects.bulk_create(
            Invoice(
                claim=one, version=1, type_code="T", number=one.number, year=2010,
                issued_on=one.discharged_on, amount=one.total,
            )
            for one in claims
        )  # fmt: skip
        numbers = [one.pk for one in claims]
        Claim.objects.filter(pk__in=numbers).update(state="second_check", proposed=1)
        known = Claim.objects.select_related(*checking.KNOWN).in_bulk(numbers)
        seen = {pk: trail.hash_of(selectors.content(one)) for pk, one in known.items()}
        needed = checking.ALONE["second_check"]
        ClaimsRound.objects.bulk_create(
            ClaimsRound(
                step="second_check", subject_type="claims.claim", subject_id=str(pk), subject_hash=hashed, amount=1,
                rule=needed.rule, rule_version=needed.version, duties=list(needed.duties), count=needed.count,
                quorum=needed.quorum, majority=needed.majority, maker=self.desk.ian, opened_at=NOON,
            )
            for pk, hashed in seen.items()
        )  # fmt: skip
        theirs = iter(claims)
        return [
            Waiting(kept, [known[next(theirs).pk] for _each in range(size)], seen)
            for (kept, _double), size in zip(people, sizes, strict=True)
        ]

    def _person(self) -> tuple[Member, Member]:
        kept = self.desk.member(f"{next(self.numbers)}")
        double = register.member(kept.household, f"{kept.name}又", kept.birth_date, id_number=None)
        register.merge(double, kept)
        return kept, double

    def _claim(self) -> dict[str, Any]:
        where = provider()
        return {
            "number": f"R{next(self.numbers):07d}", "scheme": self.desk.scheme, "body": self.body, "kind": "inpatient",
            "provider": where, "tier": where.tier, "level": where.level, "region": where.region,
            "is_designated": True, "admitted_on": DISCHARGED, "discharged_on": DISCHARGED, "disease": disease(),
            "payee_name": "马", "payee_relation": "self", "route": ["second_check"], "state_since": NOON.date(),
            "entered_on": NOON.date(), "entered_by": self.desk.ian, "entered_at": NOON,
        }  # fmt: skip

    def go(self, waiting: Waiting) -> list[str]:
        """Everybody agrees at the same moment; what was refused, in words."""
        ready = threading.Barrier(len(waiting.claims))

        def agree_when_ready(claim: Claim, by: Person) -> str:
            ready.wait(20)
            try:
                agree(claim, by, waiting.seen[claim.pk], self.proofs[by.pk])
            except (*REFUSALS, DatabaseError) as refusal:
                connections.close_all()
                return str(refusal)
            return ""

        doing = [
            self.desks.submit(agree_when_ready, claim, by)
            for claim, by in zip(waiting.claims, self.checkers, strict=False)
        ]
        return [words for one in doing if (words := one.result())]


@pytest.fixture
def rush(desk, checkers):
    made = Rush(desk, checkers)
    yield made
    made.end()


def wrong_with(waiting: Waiting) -> str:
    """What is wrong with a person's year after everybody has decided; nothing, if all is well."""
    claims = Claim.objects.filter(pk__in=[one.pk for one in waiting.claims])
    if claims.filter(state="payable").count() != len(waiting.claims):
        return "not all decided"
    acts = Act.objects.filter(name="claim.approved", subject_id__in=[str(one.pk) for one in waiting.claims])
    if acts.count() != len(waiting.claims):
        return "approved twice"
    paid = ClaimPart.objects.filter(approval__claim__in=claims, layer="inpatient").aggregate(sum=Sum("amount"))
    counter = BenefitCounter.objects.get(member=waiting.person, name="inpatient.year")
    moved = counter.moves.aggregate(sum=Sum("amount"))
    if counter.value != paid["sum"] or counter.value != moved["sum"]:
        return "counter is not what was paid"
    return "" if counter.value == CEILING else f"{counter.value} paid"


def race(rush: Rush, times: int) -> Counter[str]:
    """So many rushes, of 2, 4 and 16 checkers in turn (mostly of few); what went wrong, counted."""
    found: Counter[str] = Counter()
    for first in range(0, times, SET):
        numbers = range(first, min(first + SET, times))
        for one in rush.waiting([CROWD[2] if number % 20 == 19 else CROWD[number % 2] for number in numbers]):
            found.update(rush.go(one))
            if wrong := wrong_with(one):
                found[wrong] += 1
    return +found


def test_never_above_a_ceiling(rush):
    assert race(rush, RUSHES) == {}


@pytest.mark.soak
def test_ten_thousand_rushes(rush):
    began = time.monotonic()
    found = race(rush, 10_000)
    print(f"10,000 rushes of 2, 4 and 16 approvals of one person near a ceiling: {time.monotonic() - began:.0f} s")
    assert found == {}


@pytest.mark.parametrize("size", CROWD)
def test_without_the_lock_more_is_paid_than_the_ceiling_allows(rush, monkeypatch, size):
    """The negative control: everybody has valued his claim before anybody approves. The person's counters are there, as
    after his first claim of the year."""
    met = threading.Barrier(size)
    value = approving.value

    def look(claim: Claim) -> Counted:
        person = Member.objects.get(pk=person_number(claim.member))
        return Counted(person, (), tuple(BenefitCounter.objects.filter(member=person)))

    def valuing_together(claim: Claim, counted: Counted | None = None):
        valued = value(claim, counted)
        with contextlib.suppress(threading.BrokenBarrierError):
            met.wait(10)
        return valued

    [waiting] = rush.waiting([size])
    for name in ("inpatient.year", "stays"):
        BenefitCounter.objects.create(member=waiting.person, scheme=rush.desk.scheme, year=2010, name=name, value=0)
    with monkeypatch.context() as patched:
        patched.setattr(checking, "lock_person", look)
        patched.setattr(approving, "value", valuing_together)
        rush.go(waiting)
    assert wrong_with(waiting).endswith("paid")


def test_two_checkers_of_one_claim(desk, checkers):
    for number in range(10):
        claim = desk.handed_on(desk.member(f"{number}"))
        seen = checking.round_of(claim).subject_hash
        acts = [partial(agree, claim, by, seen, shown_by(by)) for by in checkers[:2]]
        assert len(at_once(*acts)) == 1
        assert now(claim).state == "payable"
        assert now(claim).approval.moves.count() == CounterMove.objects.filter(approval__claim=claim).count() == 2


def test_two_who_cut_the_same_line(desk, checkers):
    claim = desk.handed_on()
    seen = checking.round_of(claim).subject_hash
    taken = cut(claim, 1, "600")

    def trim(by: Person, proof) -> None:
        checking.check(
            claim=claim, choice="cut", hash_seen=seen, by=by, at=NOON, proof=proof, cuts=[taken], reason="too dear"
        )

    refused = at_once(*(partial(trim, by, shown_by(by)) for by in checkers[:2]))
    assert len(refused) == 1
    assert Cut.objects.get().amount == 600


def test_a_flag_and_the_last_vote(desk, checkers):
    """Whoever is first: a claim that is held is not approved, and one that is approved is held before it is paid."""
    for number in range(10):
        claim = desk.handed_on(desk.member(f"{number}"))
        seen = checking.round_of(claim).subject_hash
        by = checkers[0]
        refused = at_once(
            partial(agree, claim, by, seen, shown_by(by)),
            partial(flags.set_flag, claim=claim, kind="audit", reason="twin", by=desk.hal, at=NOON),
        )
        assert now(claim).flags.holding().count() == 1
        assert (len(refused), now(claim).state) in {(0, "payable"), (1, "second_check")}


def test_two_take_the_same_approval_back(desk, checkers):
    claim = desk.handed_on()
    agree(claim, checkers[0], checking.round_of(claim).subject_hash, shown_by(checkers[0]))
    acts = [
        partial(reversing.void, claim=claim, reason="twice", by=by, at=NOON, proof=shown_by(by))
        for by in (desk.hal, checkers[1])
    ]
    assert len(at_once(*acts)) == 1
    assert BenefitCounter.objects.get(name="inpatient.year").value == 0
