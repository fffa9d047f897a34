"""Refunds: asked for from a contribution, decided by another, listed; what household and member pages say of money."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from conftest import proof_of
from enrollment.models import Contribution, Refund
from enrollment.selectors import contributions
from enrollment.services import refunds, sheets
from enrollment.tests import collecting, factories
from enrollment.tests.collecting import in_english, paid, text, today
from enrollment.tests.keeping import station
from office import deciding
from office.models import Duty
from office.services import rounds

pytestmark = pytest.mark.django_db

LIST = "/register/collection/refunds/"


@pytest.fixture
def clerk(appoint):
    return appoint("li", Duty.TOWNSHIP_CLERK, body=station())


@pytest.fixture
def as_li(clerk):
    return in_english(clerk)


@pytest.fixture
def entry(clerk):
    """A household has paid for two, and its sheet is handed in."""
    year = collecting.next_year()
    book = collecting.receipts()
    who = {"by": clerk, "at": timezone.now()}
    sheet = sheets.open_sheet(fund_year=year, village=factories.division(), collector="马", on=today(), **who)
    home, people = collecting.family(1)
    entry = paid(clerk, sheet, home, *people, book=book)
    sheets.hand_in(sheet=sheet, cash=Decimal(40), on=today(), **who)
    return entry


@pytest.fixture
def contribution(entry) -> Contribution:
    return entry.contributions.earliest("pk")


def asking(contribution: Contribution) -> str:
    return reverse("enrollment:refund_propose", args=[contribution.pk])


def approve(asked: Refund) -> None:
    now = timezone.now()
    opened = deciding.rounds_of(asked).get()
    head = factories.head()
    given = {"choice": "approve", "reason": "x", "hash_seen": opened.subject_hash, "by": head}
    rounds.vote(round=opened, at=now, proof=proof_of(head, at=now), **given)


class TestAskingForIt:
    def test_from_the_household_to_the_decision(self, as_li, entry, contribution):
        home = reverse("enrollment:household", args=[entry.household_id])
        assert asking(contribution) in text(as_li.get(home))
        assert "Refund of 20.00 yuan for 马大山" in text(as_li.get(asking(contribution)))
        answer = as_li.post(asking(contribution), {"reason": "参加职工医保"})
        asked = Refund.objects.get()
        assert answer.url == deciding.page_of(deciding.rounds_of(asked).get())
        page = text(as_li.get(home))
        assert "to be approved" in page
        assert asking(contribution) not in page

    def test_refused_with_everything_kept(self, as_li, contribution):
        as_li.post(asking(contribution), {"reason": "a"})
        answer = as_li.post(asking(contribution), {"reason": "参加职工医保"})
        assert answer.status_code == 422
        assert "asked for already" in text(answer)
        assert 'value="参加职工医保"' in text(answer)

    def test_another_townships_is_not_there(self, as_li, entry):
        far = factories.member(factories.household("9", factories.division("640522101201")))
        factories.pay(far, entry.sheet.fund_year)
        assert as_li.get(asking(Contribution.objects.get(member=far))).status_code == 404

    def test_taken_back_by_who_asked(self, as_li, clerk, contribution):
        as_li.post(asking(contribution), {"reason": "a"})
        opened = deciding.rounds_of(Refund.objects.get()).get()
        as_li.post(reverse("office:withdraw", args=["enrollment", opened.pk]))
        assert Refund.objects.get().state == "withdrawn"
        [told] = contributions.of_member(contribution.member, today=today())
        assert told.is_refundable


class TestWhatPagesSay:
    def test_household_and_member_show_sheet_receipt_and_refund(self, as_li, entry, contribution):
        for address in (
            reverse("enrollment:household", args=[entry.household_id]),
            reverse("enrollment:member", args=[contribution.member_id]),
        ):
            page = text(as_li.get(address))
            assert reverse("enrollment:sheet", args=[entry.sheet_id]) in page
            assert reverse("enrollment:receipt", args=[entry.receipts.get().pk]) in page
            assert "handed in" in page

    def test_what_cannot_be_given_back_is_not_offered(self, clerk, contribution):
        before = contributions.of_household(contribution.member.household, today=today())
        assert [one.is_refundable for one in before] == [True, True]
        during = contributions.of_household(contribution.member.household, today=contribution.fund_year.period.lower)
        assert [one.is_refundable for one in during] == [False, False]


class TestList:
    def test_state_sum_and_decision(self, as_li, clerk, contribution):
        asked = refunds.propose(contribution=contribution, reason="参加职工医保", by=clerk, at=timezone.now())
        approve(asked)
        page = text(as_li.get(LIST, {"state": "approved", "fund_year": contribution.fund_year_id}))
        for words in ("马大山", "approved, to be paid", "20.00", "参加职工医保"):
            assert words in page
        assert deciding.page_of(deciding.rounds_of(asked).get()) in page
        assert "20.00" in text(as_li.get(LIST, {"as": "totals"}))
        assert as_li.get(LIST, {"as": "xlsx"}).status_code == 200
        assert "马大山" not in text(as_li.get(LIST, {"state": "paid"})).split('class="table')[1]

    def test_many_cost_no_more_questions(self, as_li, clerk, entry, django_assert_num_queries):
        first, second = entry.contributions.order_by("pk")
        refunds.propose(contribution=first, reason="x", by=clerk, at=timezone.now())
        as_li.get(LIST)
        with django_assert_num_queries(7):
            as_li.get(LIST)
        refunds.propose(contribution=second, reason="x", by=clerk, at=timezone.now())
        with django_assert_num_queries(7):
            as_li.get(LIST)
