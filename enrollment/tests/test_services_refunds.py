"""Contributions given back before their year: who may, what it undoes, what stays; and that it is paid once."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from conftest import NOON, proof_of
from enrollment.models import Contribution, Coverage, Receipt, Refund, RefundPayment
from enrollment.rules.collection import Payer
from enrollment.services import refunds, sheets
from enrollment.services.keeping import CannotKeep
from enrollment.services.sheets import Paid
from enrollment.tests import factories
from enrollment.tests.keeping import act, by, family, fresh, station
from office import deciding
from office.models import Duty
from office.services import rounds

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

TODAY = date(2010, 3, 1)
NEXT_YEAR = datetime(2011, 1, 1, 4, tzinfo=UTC)


@pytest.fixture
def clerk(appoint):
    return appoint("li", Duty.TOWNSHIP_CLERK, body=station())


@pytest.fixture
def boss(appoint):
    return appoint("chief", Duty.OFFICE_HEAD)


@pytest.fixture
def home(clerk):
    return family()


@pytest.fixture
def sheet(clerk, home):
    """Paid for the head himself and, by the collective, for his wife; still open."""
    year = factories.fund_year(year=2011, window=(date(2010, 2, 1), date(2010, 12, 1)))
    book = factories.receipt_book()
    sheet = sheets.open_sheet(fund_year=year, village=home[0].village, collector="马", on=TODAY, **by(clerk))
    paid = [Paid(home[1].pk), Paid(home[2].pk, Payer.COLLECTIVE)]
    sheets.enter(sheet=sheet, household=home[0], paid=paid, on=TODAY, book=book, **by(clerk))
    return sheet


@pytest.fixture
def paid(sheet, clerk, home) -> Contribution:
    sheets.hand_in(sheet=sheet, cash=Decimal(20), on=TODAY, **by(clerk))
    return Contribution.objects.get(member=home[1])


def propose(paid, person, at=NOON, reason="参加职工医保") -> Refund:
    return refunds.propose(contribution=paid, reason=reason, by=person, at=at)


def decide(asked, person, choice="approve", at=NOON):
    opened = deciding.rounds_of(asked).get()
    return rounds.vote(
        round=opened,
        choice=choice,
        reason="看过收据",
        hash_seen=opened.subject_hash,
        by=person,
        at=at,
        proof=proof_of(person, at=at),
    )


def refused(words: str, field: str | None = None):
    return pytest.raises(CannotKeep, match=words, check=lambda refusal: refusal.field == field)


class TestRefunds:
    def test_approved_by_another_the_person_is_not_covered_and_the_receipt_stays(self, paid, clerk, boss):
        asked = propose(paid, clerk)
        assert dict(refunds.rows(asked))["receipt"] == "000001"
        decide(asked, boss)
        assert fresh(asked).state == "approved"
        assert fresh(paid).void_reason == "参加职工医保"
        assert not Coverage.objects.standing().filter(contribution=paid).exists()
        assert Receipt.objects.used().get().amount == Decimal(20)
        assert act("refund.approved").by == boss

    def test_paid_once(self, paid, clerk, boss, cleo):
        asked = propose(paid, clerk)
        with refused("Only an approved refund"):
            refunds.mark_paid(refund=asked, on=TODAY, reference="P-1", **by(cleo))
        decide(asked, boss)
        with refused("which payment", "reference"):
            refunds.mark_paid(refund=asked, on=TODAY, reference=" ", **by(cleo))
        payment = refunds.mark_paid(refund=asked, on=TODAY, reference="P-1", **by(cleo))
        assert (str(payment), fresh(asked).state) == ("P-1", "paid")
        with refused("Only an approved refund"):
            refunds.mark_paid(refund=asked, on=TODAY, reference="P-2", **by(cleo))

    def test_refused_everything_stays(self, paid, clerk, boss):
        asked = propose(paid, clerk)
        decide(asked, boss, "refuse")
        assert (fresh(asked).state, fresh(paid).void_reason) == ("refused", "")
        propose(paid, clerk)

    def test_what_is_refused(self, sheet, home, clerk, boss):
        paid = Contribution.objects.get(member=home[1])
        with refused("still on sheet"):
            propose(paid, clerk)
        sheets.hand_in(sheet=sheet, cash=Decimal(20), on=TODAY, **by(clerk))
        with refused("paid nothing for this person"):
            propose(Contribution.objects.get(member=home[2]), clerk)
        with refused("Say why", "reason"):
            propose(paid, clerk, reason=" ")
        with refused("The year has begun"):
            propose(paid, clerk, at=NEXT_YEAR)
        propose(paid, clerk)
        with refused("asked for already", "reason"):
            propose(paid, clerk)

    def test_what_was_paid_without_a_sheet_is_no_matter_of_a_refund(self, home, clerk):
        year = factories.fund_year(year=2011)
        with refused("without a sheet"):
            propose(factories.pay(home[1], year).contribution, clerk)

    def test_the_year_begins_before_it_is_decided(self, paid, clerk, boss):
        asked = propose(paid, clerk)
        with pytest.raises(rounds.CannotVote, match="The year has begun"):
            decide(asked, boss, at=NEXT_YEAR)
        assert fresh(asked).state == "proposed"

    def test_nobody_approves_his_own(self, paid, appoint, clerk):
        both = appoint("both", Duty.TOWNSHIP_CLERK, Duty.OFFICE_HEAD)
        asked = propose(paid, both)
        with pytest.raises(rounds.CannotVote):
            decide(asked, both)

    def test_a_clerk_of_another_township(self, paid, appoint, county):
        body = type(county).objects.create(code="640522-2", name="李旺镇", kind="township_station")
        with refused("not among those", "village"):
            propose(paid, appoint("wu", Duty.TOWNSHIP_CLERK, body=body))


class TestWhatTheDatabaseRefuses:
    def test_a_refund_of_another_sum(self, paid, clerk):
        with pytest.raises(IntegrityError, match="all of it"), transaction.atomic():
            Refund.objects.create(contribution=paid, amount=19, reason="x", proposed_by=clerk, proposed_at=NOON)

    def test_a_refund_approved_without_a_round(self, paid, clerk):
        asked = propose(paid, clerk)
        asked.state = "approved"
        with pytest.raises(IntegrityError), transaction.atomic():
            asked.save()

    def test_a_payment_of_a_refund_that_was_not_approved(self, paid, clerk):
        asked = propose(paid, clerk)
        with pytest.raises(IntegrityError, match="only an approved refund"), transaction.atomic():
            RefundPayment.objects.create(refund=asked, on=TODAY, reference="P", noted_by=clerk, noted_at=NOON)
