"""Two at the same moment: a waiver that two decide, a waiver while money comes in or is demanded, somebody who is taken
off while he acts or is to lead. The negative controls take the locks and the database's guards out, and must then find
what goes wrong."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import partial

import pytest
from django.db import DatabaseError

from audit.models import Demand, TakenOff, Waiver, WorkPaper
from audit.selectors import findings as selectors
from audit.services import engagements, papers, recovering, waiving
from audit.services.auditing import CannotAudit
from audit.services.papers import PaperOf
from audit.tests.auditing import DAY, MONEY, TODAY, Audit, now
from audit.tests.test_guards_engagements import meanwhile
from audit.tests.test_waiving import asked, stated
from conftest import NOON
from enrollment.tests.races import unguarded
from funds.tests.settling import decide
from office.models import Act, Duty
from office.services.rounds import CannotVote

pytestmark = pytest.mark.django_db(transaction=True)
Doing = Callable[[], object]


@pytest.fixture
def audit(appoint) -> Audit:
    return Audit.of(appoint)


class TestTwoDecideAWaiver:
    guards = (
        "funds_fundsseat.seat_is_guarded", "funds_fundsvote.vote_is_guarded", "funds_fundsround.round_is_guarded",
        "audit_waiver.subject_is_guarded",
    )  # fmt: skip

    @pytest.fixture
    def acts(self, audit, appoint) -> list[Doing]:
        """Two of finance before what the head of the office has agreed to."""
        made = decide(asked(audit, audit.final(**MONEY), "500"), audit.hal)
        return [partial(decide, made, appoint(name, Duty.FINANCE_REVIEWER)) for name in ("fin", "fay")]

    def agreed(self) -> int:
        return Act.objects.filter(name="waiver.decided", facts__state="agreed").count()

    def test_one_decides_and_the_other_is_told(self, acts):
        agree, other = acts
        refuse = partial(other, "refuse")
        assert meanwhile(agree, refuse) == [CannotVote]
        assert (self.agreed(), Waiver.objects.get().state) == (1, "agreed")

    def test_without_locks_and_guards_it_is_decided_twice(self, acts, monkeypatch):
        with monkeypatch.context() as patched, unguarded(patched, *self.guards):
            assert meanwhile(*acts) == []
            assert self.agreed() == 2


def test_two_heads_send_it_on_to_finance_once(audit, appoint):
    made = asked(audit, audit.final(**MONEY))
    heads = (audit.hal, appoint("hob", Duty.OFFICE_HEAD))
    assert meanwhile(*(partial(decide, made, one) for one in heads)) == [CannotVote]
    assert Act.objects.filter(name="round.opened", subject_type="audit.waiver").count() == 2  # theirs, and finance's


class TestAWaiverWhileMoneyComesIn:
    """Of what is owed no fen is given up that came back already."""

    @pytest.fixture
    def acts(self, audit, appoint) -> list[Doing]:
        """All of it comes back, all of it is given up."""
        found = audit.final(**MONEY)
        made = decide(asked(audit, found), audit.hal)
        link = partial(recovering.link, finding=found, posting=audit.came_back("1200"), by=audit.dan, at=NOON)
        return [link, partial(decide, made, appoint("fin", Duty.FINANCE_REVIEWER))]

    def stands(self) -> tuple[Decimal, Decimal]:
        """What came back, and what was given up."""
        standing = selectors.standing_of(Waiver.objects.get().finding)
        return standing.recovered, standing.waived

    def test_what_came_back_is_not_given_up(self, acts):
        assert meanwhile(*acts) == [CannotVote]
        assert self.stands() == (1200, 0)

    def test_without_locks_the_database_alone_refuses_it(self, acts, monkeypatch):
        with monkeypatch.context() as patched, unguarded(patched):
            [refusal] = meanwhile(*acts)
            assert issubclass(refusal, DatabaseError)
            assert self.stands() == (1200, 0)

    def test_without_locks_and_guards_it_is_given_up_although_it_came_back(self, acts, monkeypatch):
        with monkeypatch.context() as patched, unguarded(patched, "audit_waiver.waiver_is_guarded"):
            assert meanwhile(*acts) == []
            assert self.stands() == (1200, 1200)

    @pytest.fixture
    def demand(self, audit, acts) -> Doing:
        told = {"payer": "x", "amount": Decimal(1200), "pay_by": TODAY + DAY, "by": audit.dan, "at": NOON}
        return partial(recovering.demand, finding=Waiver.objects.get().finding, **told)

    def test_no_more_is_demanded_than_is_left(self, acts, demand):
        assert meanwhile(acts[1], demand) == [CannotAudit]
        assert not Demand.objects.exists()

    def test_without_locks_the_database_alone_refuses_the_demand(self, acts, demand, monkeypatch):
        with monkeypatch.context() as patched, unguarded(patched):
            [refusal] = meanwhile(acts[1], demand)
            assert issubclass(refusal, DatabaseError)
            assert not Demand.objects.exists()

    def test_without_locks_and_guards_what_is_given_up_is_demanded(self, acts, demand, monkeypatch):
        with monkeypatch.context() as patched, unguarded(patched, "audit_demand.demand_is_guarded"):
            assert meanwhile(acts[1], demand) == []
            assert (Demand.objects.get().amount, self.stands()) == (1200, (0, 1200))


class TestTakenOffMeanwhile:
    @pytest.fixture
    def eva(self, appoint):
        return appoint("eva", Duty.INTERNAL_AUDITOR)

    @pytest.fixture
    def of(self, audit, eva):
        made = audit.engagement()
        engagements.name_member(engagement=made, person=eva, by=audit.dan, at=NOON)
        return made

    @pytest.fixture
    def off(self, audit, of, eva) -> Doing:
        told = {"on": TODAY, "reason": "x", "by": audit.dan, "at": NOON}
        return partial(engagements.take_off, engagement=of, person=eva, **told)

    @pytest.fixture
    def write(self, of, eva) -> Doing:
        return partial(papers.write_paper, engagement=of, stated=PaperOf("x", "x", "x", "x"), by=eva, at=NOON)

    @pytest.fixture
    def ask(self, audit, of, eva) -> Doing:
        found = audit.final(of, **MONEY)
        return partial(waiving.propose, finding=found, stated=stated(), shown=audit.file(), by=eva, at=NOON)

    def test_he_writes_nothing_more(self, off, write):
        assert meanwhile(off, write) == [CannotAudit]
        assert not WorkPaper.objects.exists()

    def test_without_locks_and_guards_somebody_writes_who_is_off(self, off, write, monkeypatch):
        with monkeypatch.context() as patched, unguarded(patched, "audit_workpaper.paper_is_guarded"):
            assert meanwhile(off, write) == []
            assert WorkPaper.objects.count() == TakenOff.objects.count() == 1

    def test_he_asks_for_nothing_more_to_be_given_up(self, off, ask):
        assert meanwhile(off, ask) == [CannotAudit]
        assert not Waiver.objects.exists()

    def test_without_locks_the_database_alone_refuses_it(self, off, ask, monkeypatch):
        with monkeypatch.context() as patched, unguarded(patched):
            [refusal] = meanwhile(off, ask)
            assert issubclass(refusal, DatabaseError)
            assert not Waiver.objects.exists()

    def test_without_locks_and_guards_he_asks_all_the_same(self, off, ask, monkeypatch):
        with monkeypatch.context() as patched, unguarded(patched, "audit_waiver.waiver_is_guarded"):
            assert meanwhile(off, ask) == []
            assert Waiver.objects.count() == TakenOff.objects.count() == 1

    def test_nobody_leads_who_is_taken_off(self, audit, of, eva, off):
        told = {"on": TODAY, "reason": "x", "by": audit.dora, "at": NOON}
        assert meanwhile(off, partial(engagements.replace_lead, engagement=of, lead=eva, **told)) == [CannotAudit]
        assert now(of).lead == audit.dan
