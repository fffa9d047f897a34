"""Two act at once: lists made twice, a list ended while an objection comes, an appeal decided while another claim of
the person is approved. The negative controls take a lock out and must then find what goes wrong."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from claims.models import AppealGrant, BenefitCounter, Claim, ClaimPart, PublicityEntry
from claims.selectors.valuing import person_number
from claims.services import approving, checking, granting, publicity
from claims.services.locks import Counted
from claims.tests import public
from claims.tests.deciding import Desk, now
from claims.tests.public import after
from claims.tests.test_races_approving import at_once
from conftest import NOON
from enrollment.models import Member
from enrollment.services.keeping import CannotKeep
from office import deciding
from office.models import Duty
from office.services import rounds
from office.tests.factories import shown_by

pytestmark = pytest.mark.django_db(transaction=True)


def quietly(act: Callable[[], object]) -> Callable[[], object]:
    """An act whose refusal is no fault here."""

    def tried() -> None:
        with contextlib.suppress(CannotKeep):
            act()

    return tried


@pytest.fixture
def desk(appoint) -> Desk:
    return Desk.of(appoint)


@pytest.fixture
def lin(appoint):
    return appoint("lin", Duty.COMMITTEE_SECRETARY)


@pytest.fixture
def tom(appoint):
    return appoint("tom", Duty.TOWNSHIP_CLERK)


@pytest.fixture
def cleo(appoint):
    return appoint("cleo", Duty.ACCOUNTING_HEAD)


class TestLists:
    def rush(self, desk, lin, number: str) -> int:
        """Four make the same lists at the same moment; how often the claim stands on one."""
        claim = desk.approved(desk.member(number), kind="injury")
        make = quietly(partial(public.lists, desk, claim.member, lin))
        assert not [one for one in at_once(make, make, make, make) if "posted once" not in one]
        return PublicityEntry.objects.filter(claim=claim).exclude(list__state="void").count()

    def test_a_claim_comes_on_one_list(self, desk, lin):
        assert [self.rush(desk, lin, number) for number in "12"] == [1, 1]

    def test_also_past_the_services_own_lock(self, desk, lin, monkeypatch):
        monkeypatch.setattr(publicity, "LOCK", "SELECT %s")
        assert [self.rush(desk, lin, number) for number in "12"] == [1, 1]

    def test_ended_while_an_objection_comes_nothing_is_paid_that_is_held(self, desk, lin, tom):
        for number in "123":
            claim = desk.approved(desk.member(number), kind="injury")
            [made] = public.lists(desk, claim.member, lin)
            public.back(public.posted(made, tom), tom, after(7))
            refused = at_once(
                partial(publicity.close, posted=made, by=lin, at=after(7)),
                partial(public.objection, made, tom, after(7)),
            )
            assert refused == []
            assert now(made).state == "over"
            assert claim.flags.holding().count() == 1
            assert now(claim).state in {"approved", "payable"}


class TestAppeals:
    def rush(self, desk, lin, cleo, number: str, arm: Callable[[], None] = lambda: None) -> Decimal:
        """The last vote on an appeal and the last check of another claim of the person, near the ceiling; what the year
        then holds."""
        member = desk.member(number)
        claim = public.cut_claim(desk, member=member, amounts=("11800",))
        public.served(claim, lin)
        taken = public.filed(claim, desk.ian)
        public.vote(taken, desk.hal)
        other = desk.handed_on(member, ("500",))
        desk.check(other, desk.fay)
        first, second = deciding.rounds_of(taken).get(), checking.round_of(now(other))
        seen = {one: one.subject_hash for one in (first, second)}
        proofs = {one: shown_by(one) for one in (cleo, desk.sue)}
        arm()
        refused = at_once(
            partial(
                rounds.vote, round=first, choice="approve", hash_seen=seen[first], by=cleo, at=NOON,
                proof=proofs[cleo], reason="x",
            ),
            partial(
                checking.check, claim=other, choice="approve", hash_seen=seen[second], by=desk.sue, at=NOON,
                proof=proofs[desk.sue],
            ),
        )  # fmt: skip
        assert refused == []
        assert (now(taken).state, now(other).state) == ("won", "payable")
        paid = sum(
            (one.amount for one in ClaimPart.objects.filter(approval__claim__member=member, layer="inpatient")),
            Decimal(0),
        )
        assert BenefitCounter.objects.get(member=member, name="inpatient.year").value == paid
        return paid

    def test_the_ceiling_holds_whoever_is_first(self, desk, lin, cleo):
        assert {self.rush(desk, lin, cleo, str(number)) for number in range(4)} == {Decimal(6000)}
        assert AppealGrant.objects.count() == 4

    def test_without_the_lock_more_is_paid(self, desk, lin, cleo, monkeypatch):
        """The negative control: both have valued before either writes."""
        met = threading.Barrier(2)
        weigh, value = granting.weigh, approving.value

        def meeting(work: Callable[..., Any]) -> Callable[..., Any]:
            def done(*given: Any) -> Any:
                found = work(*given)
                with contextlib.suppress(threading.BrokenBarrierError):
                    met.wait(10)
                return found

            return done

        def look(claim: Claim) -> Counted:
            person = Member.objects.get(pk=person_number(claim.member))
            return Counted(person, (), tuple(BenefitCounter.objects.filter(member=person)))

        def arm() -> None:
            for module in (granting, checking):
                monkeypatch.setattr(module, "lock_person", look)
            monkeypatch.setattr(granting, "weigh", meeting(weigh))
            monkeypatch.setattr(approving, "value", meeting(value))

        assert self.rush(desk, lin, cleo, "1", arm) == Decimal(6150)
