"""Approvals of one person at the same moment near a ceiling, two checkers of one claim, a flag against an approval.

The negative control takes the lock of the person's year out and must then find more paid than the ceiling allows.
"""

from __future__ import annotations

import contextlib
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import partial

import pytest
from django.db import DatabaseError, connections
from django.db.models import Sum

from claims.models import BenefitCounter, Claim, ClaimPart, CounterMove, Cut
from claims.selectors.valuing import person_number
from claims.services import approving, checking, flags, reversing
from claims.services.checking import CannotCheck
from claims.services.flags import CannotFlag
from claims.services.locks import Counted
from claims.services.reversing import CannotReverse
from claims.tests.deciding import Desk, cut, now
from conftest import NOON
from enrollment.models import Member
from office.models import Act, Duty, Person
from office.services.rounds import CannotVote
from office.tests.factories import shown_by

pytestmark = pytest.mark.django_db(transaction=True)

CROWD = (2, 4, 16)
CEILING = Decimal(6000)
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


class Rush:
    """As many claims of one person as checkers; together they would be paid half more than the ceiling."""

    def __init__(self, desk: Desk, checkers: Sequence[Person]) -> None:
        self.desk = desk
        self.checkers = checkers
        self.proofs = {one.pk: shown_by(one) for one in checkers}
        self.count = 0

    def of(self, size: int) -> tuple[Member, list[str]]:
        self.count += 1
        member = self.desk.member(f"{self.count}")
        cost = str((CEILING * 3 / size).quantize(Decimal("0.01")))
        claims = [self.desk.handed_on(member, (cost,)) for _each in range(size)]
        acts = [
            partial(agree, one, by, checking.round_of(one).subject_hash, self.proofs[by.pk])
            for one, by in zip(claims, self.checkers, strict=False)
        ]
        return member, at_once(*acts)


def wrong_with(member: Member, size: int) -> str:
    """What is wrong with a person's year after everybody has decided; nothing, if all is well."""
    claims = Claim.objects.filter(member=member)
    if claims.filter(state="payable").count() != size:
        return "not all decided"
    if Act.objects.filter(name="claim.approved", subject_id__in=[str(one.pk) for one in claims]).count() != size:
        return "approved twice"
    paid = ClaimPart.objects.filter(approval__claim__member=member, layer="inpatient").aggregate(sum=Sum("amount"))
    counter = BenefitCounter.objects.get(member=member, name="inpatient.year")
    if counter.value != paid["sum"] or counter.value != sum(one.amount for one in counter.moves.all()):
        return "counter is not what was paid"
    return "" if counter.value == CEILING else f"{counter.value} paid"


def race(rush: Rush, times: int) -> Counter[str]:
    """So many rushes, of 2, 4 and 16 checkers in turn (mostly of few); what went wrong, counted."""
    found: Counter[str] = Counter()
    for number in range(times):
        size = CROWD[2] if number % 20 == 19 else CROWD[number % 2]
        member, refused = rush.of(size)
        found.update(refused)
        if wrong := wrong_with(member, size):
            found[wrong] += 1
    return +found


def test_never_above_a_ceiling(desk, checkers):
    assert race(Rush(desk, checkers), 40) == {}


@pytest.mark.soak
def test_ten_thousand_rushes(desk, checkers):
    assert race(Rush(desk, checkers), 10_000) == {}


@pytest.mark.parametrize("size", CROWD)
def test_without_the_lock_more_is_paid_than_the_ceiling_allows(desk, checkers, monkeypatch, size):
    """The negative control: everybody has valued his claim before anybody approves."""
    met = threading.Barrier(size)
    value = approving.value

    def look(claim: Claim) -> Counted:
        return Counted(Member.objects.get(pk=person_number(claim.member)), ())

    def valuing_together(claim: Claim, counted: Counted | None = None):
        valued = value(claim, counted)
        with contextlib.suppress(threading.BrokenBarrierError):
            met.wait(10)
        return valued

    rush = Rush(desk, checkers)
    with monkeypatch.context() as patched:
        patched.setattr(checking, "lock_person", look)
        patched.setattr(approving, "value", valuing_together)
        member, _refused = rush.of(size)
    assert wrong_with(member, size).endswith("paid")


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
