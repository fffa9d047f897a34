"""Statements of the books: the rural fund of 海原 in 2009, whose totals are published (seed 000, docs/cases)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from funds.models import Account, Period
from funds.rules import spans
from funds.rules.postings import closing_lines, credit, debit
from funds.selectors import balances
from funds.selectors import financial_statements as statements
from funds.selectors.financial_statements import Statements
from funds.services import books
from funds.tests.factories import Counter, pair

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

BEGIN = date(2009, 1, 1)


def yuan(amount: str) -> Decimal:
    return Decimal(amount)


@pytest.fixture
def counter(appoint, monkeypatch) -> Counter:
    monkeypatch.setattr("funds.tests.factories.JANUARY", BEGIN)
    return Counter.of(appoint)


@pytest.fixture
def year(counter) -> Counter:
    """The year as the report tells it, without its closing."""
    enter = counter.enter
    opening = [
        debit("special_account", yuan("10266300")), debit("risk_deposit", yuan("3231000")),
        credit("received_ahead", yuan("6580000")), credit("general_pool", yuan("2200000")),
        credit("risk_fund", yuan("3231000")), credit("household_fund", yuan("1486300")),
    ]  # fmt: skip
    enter("opening", "opening", *opening, on=BEGIN)
    enter("turned", "year_turned", *pair("received_ahead", "own_income_pool", "6580000"), on=BEGIN)
    enter("helped", "assisted", *pair("special_account", "assistance_income", "825920"), on=date(2009, 3, 9))
    for number, (level, amount) in enumerate(
        [("central", "14811840"), ("province", "11108880"), ("county", "3702960"), ("central", "612480")]
    ):
        lines = pair("special_account", f"subsidy_{level}", amount)
        enter(f"subsidy{number}", "subsidised", *lines, on=date(2009, 5 + number, 2))
    enter("interest", "interest", *pair("special_account", "interest_income", "234820"), on=date(2009, 12, 21))
    enter("request", "requested", *pair("spending_account", "special_account", "34749800"), on=date(2009, 9, 1))
    enter("paid", "paid", *pair("pool_spending", "spending_account", "34749800"), on=date(2009, 9, 30))
    enter("risk", "risk_fund", *pair("general_pool", "risk_fund", "471960"), on=date(2009, 12, 30))
    enter("deposit", "risk_fund", *pair("risk_deposit", "special_account", "471960"), on=date(2009, 12, 30))
    ahead = pair("special_account", "received_ahead", "6670000")
    enter("ahead", "collected_ahead", *ahead, on=date(2009, 11, 20))
    return counter


def close_year(counter: Counter) -> None:
    """The closing entry of the year."""
    stands = {
        one.account.purpose: (
            one.account.closes_to.purpose,
            one.closing if one.account.kind == "income" else -one.closing,
        )
        for one in balances.standings(counter.book, BEGIN, date(2009, 12, 1))
        if one.account.closes_to
    }
    counter.enter("closed", "year_closed", *closing_lines(stands), on=date(2009, 12, 31))


def told(found: Statements) -> dict[str, tuple[Decimal, ...]]:
    return {line.name: line.amounts for lines in found.lines.values() for line in lines}


class TestTheYearOfHaiyuan:
    @pytest.mark.parametrize("is_closed", [False, True])
    def test_is_told_alike_before_and_after_its_closing(self, year, is_closed):
        if is_closed:
            close_year(year)
        found = statements.statements(year.book, spans.YEAR, BEGIN)
        amounts = told(found)
        assert amounts["财政专户存款"] == (yuan("10266300"), yuan("13011440"))
        assert amounts["缴存省级风险基金"] == (yuan("3231000"), yuan("3702960"))
        assert amounts["暂收款"] == (yuan("6580000"), yuan("6670000"))
        assert found.sides[0] == found.sides[1] == (yuan("13497300"), yuan("16714400"))
        assert found.unclosed == ((0, 0) if is_closed else (0, yuan("3127100")))
        assert amounts["政府资助收入"] == (yuan("30236160"), yuan("30236160"), 0)
        assert amounts["中央财政"][1] == yuan("15424320")
        assert found.totals["income"][1] == yuan("37876900")
        assert found.totals["spending"][1] == yuan("34749800")
        assert found.surplus == (yuan("3127100"), yuan("3127100"), 0)
        funds = {one.name: one for one in found.movements}
        assert {name: one.closing for name, one in funds.items()} == {
            "一般统筹基金": yuan("4855140"), "风险基金": yuan("3702960"), "家庭账户基金": yuan("1486300"),
        }  # fmt: skip
        assert (funds["一般统筹基金"].moved, funds["风险基金"].moved) == (yuan("-471960"), yuan("471960"))
        assert (found.moved.opening, found.moved.closing) == (yuan("6917300"), yuan("10044400"))
        assert not found.is_final

    def test_a_quarter_and_the_year_up_to_it(self, year):
        found = statements.statements(year.book, spans.QUARTER, date(2009, 4, 1))
        amounts = told(found)
        assert amounts["政府资助收入"] == (yuan("25920720"), yuan("25920720"), 0)
        assert amounts["计入统筹基金"] == (0, yuan("6580000"), 0)
        assert found.vouchers == 2
        assert (found.first, found.last) == (date(2009, 4, 1), date(2009, 6, 1))

    def test_the_next_year_has_this_one_beside_it(self, year):
        close_year(year)
        fifty = pair("special_account", "interest_income", "50.00")
        year.enter("i2", "interest", *fifty, on=date(2010, 2, 21))
        found = statements.statements(year.book, spans.YEAR, date(2010, 1, 1))
        assert told(found)["利息收入"] == (50, 50, yuan("234820"))
        assert told(found)["财政专户存款"] == (yuan("13011440"), yuan("13011490"))
        assert {one.name: one.opening for one in found.movements}["一般统筹基金"] == yuan("4855140")

    def test_a_year_that_was_not_closed_stands_with_its_fund(self, year):
        year.enter("i2", "interest", *pair("special_account", "interest_income", "50.00"), on=date(2010, 1, 21))
        found = statements.statements(year.book, spans.MONTH, date(2010, 1, 1))
        assert found.unclosed == (yuan("3127100"), yuan("3127150"))
        assert found.sides[0] == found.sides[1]
        assert {one.name: one.opening for one in found.movements}["一般统筹基金"] == yuan("4855140")
        assert found.surplus == (50, 50, yuan("6580000"))

    def test_a_closing_that_was_taken_back_counts_no_more_than_it_did(self, year):
        close_year(year)
        posting = year.book.postings.get(key="closed")
        year.reverse(posting, on=date(2009, 12, 31))
        found = statements.statements(year.book, spans.YEAR, BEGIN)
        assert found.surplus[1] == yuan("3127100")
        assert found.unclosed == (0, yuan("3127100"))

    def test_by_account_for_the_final_account(self, year):
        close_year(year)
        interest = Account.objects.get(book=year.book, purpose="interest_income")
        assert statements.of_year(year.book, 2009)[interest.pk] == yuan("234820")

    def test_is_final_when_every_month_is_closed(self, year):
        assert not statements.statements(year.book, spans.QUARTER, BEGIN).is_final
        assert Period.objects.filter(book=year.book).count() == 12


def test_books_that_keep_nothing_have_statements_of_nothing(counter):
    assert books.shipped("ncms").code == "ncms"
    found = statements.statements(counter.book, spans.MONTH, BEGIN)
    assert found.sides == ((0, 0), (0, 0))
    assert not found.is_final


class TestSpans:
    def test_as_an_address_says_them(self):
        assert spans.read(spans.written(spans.HALF, date(2009, 7, 1))) == (spans.HALF, date(2009, 7, 1))
        assert spans.last_month(spans.HALF, date(2009, 7, 1)) == date(2009, 12, 1)

    @pytest.mark.parametrize("text", ["", "month", "month:2009-13", "quarter:2009-02", "week:2009-01", "year:x"])
    def test_what_is_none(self, text):
        with pytest.raises(spans.NoSpan):
            spans.read(text)

    def test_those_with_books(self):
        found = spans.spans_between(date(2009, 11, 1), date(2010, 2, 1))
        assert found[0] == (spans.MONTH, date(2010, 2, 1))
        assert [one for one in found if one[0] != spans.MONTH] == [
            (spans.QUARTER, date(2010, 1, 1)), (spans.QUARTER, date(2009, 10, 1)),
            (spans.HALF, date(2010, 1, 1)), (spans.HALF, date(2009, 7, 1)),
            (spans.YEAR, date(2010, 1, 1)), (spans.YEAR, date(2009, 1, 1)),
        ]  # fmt: skip
