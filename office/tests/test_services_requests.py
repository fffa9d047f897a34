"""What two people decide in the office: what may be asked for, taken back, and comes too late."""

from __future__ import annotations

import pytest

from conftest import NOON
from office import deciding
from office.models import Delegation, Duty, DutyRequest, OneTimeCode, ResetRequest, StateMove
from office.models.requests import Request
from office.services import requests
from office.tests.factories import shown_by
from office.tests.test_services_rounds import admins, asked, propose, round_of, today, vote

__all__ = ["admins", "asked", "today"]  # fixtures that stand with the rounds

pytestmark = pytest.mark.django_db


class TestRequests:
    def test_a_duty_is_asked_for_only_where_it_makes_sense(self, admins, appoint, county, cleo, ada):
        gone = appoint("gone")
        gone.left_on = NOON.date()
        gone.save()
        for said, by, person, duty in (
            ("本人", admins[0], admins[0], Duty.SECURITY_AUDITOR),
            ("离岗", admins[0], gone, Duty.CASHIER),
            ("一名", admins[0], ada, Duty.INTAKE_CLERK),
            ("已", admins[0], cleo, Duty.CASHIER),
            ("不相容", admins[0], cleo, Duty.FUND_ACCOUNTANT),
        ):
            with pytest.raises(requests.CannotRequest, match=said):
                propose(by, person, county, duty)
        propose(admins[0], ada, county)
        with pytest.raises(requests.CannotRequest, match="已"):
            propose(admins[1], ada, county)
        with pytest.raises(requests.CannotRequest, match="双因子"):
            requests.propose_reset(person=ada, kind="factor", reason="x", by=admins[0], at=NOON, proof=None)

    def test_who_left_meanwhile_is_given_nothing(self, admins, appoint, county, ada, today):
        eve = appoint("eve")
        code, _half = requests.propose_reset(
            person=eve, kind="factor", reason="x", by=admins[0], at=NOON, proof=shown_by(admins[0])
        )
        absence = requests.propose_delegation(
            person=admins[3],
            to=eve,
            duty=Duty.SECURITY_ADMINISTRATOR,
            start=today,
            end=today,
            reason="ill",
            by=admins[0],
            at=NOON,
            proof=shown_by(admins[0]),
        )
        open_ones = [propose(admins[0], eve, county), code, absence]
        eve.left_on = NOON.date()
        eve.save()
        for one in open_ones:
            assert vote(round_of(one), admins[1]).told
            one.refresh_from_db()
            assert (one.state, round_of(one).outcome) == ("withdrawn", "approved")
        assert not eve.appointments.exists()
        assert not OneTimeCode.objects.exists()

    def test_whoever_asked_takes_it_back_before_it_is_decided(self, asked, admins):
        with pytest.raises(requests.CannotRequest, match="申请人"):
            requests.withdraw(asked=asked, by=admins[1], at=NOON)
        requests.withdraw(asked=asked, by=admins[0], at=NOON)
        asked.refresh_from_db()
        assert (asked.state, round_of(asked).state) == ("withdrawn", "void")
        with pytest.raises(requests.CannotRequest, match="已"):
            requests.withdraw(asked=asked, by=admins[0], at=NOON)

    def test_a_refused_code_is_none(self, admins, ada):
        asked, _half = requests.propose_reset(
            person=ada, kind="password", reason="x", by=admins[0], at=NOON, proof=shown_by(admins[0])
        )
        assert dict(deciding.matter_of("office.resetrequest").rows(asked))
        assert vote(round_of(asked), admins[1], "refuse", "who?").told == ""
        asked.refresh_from_db()
        assert asked.state == "refused"

    def test_the_database_knows_the_same_moves(self):
        own = StateMove.objects.filter(table__startswith="office_")
        stored = set(own.values_list("table", "before", "after", "outcome"))
        models = (DutyRequest, ResetRequest, Delegation)
        assert issubclass(DutyRequest, Request)
        assert stored == {
            (model._meta.db_table, before, after, outcome)
            for model in models
            for (before, after), outcome in model.MOVES.items()
        }
