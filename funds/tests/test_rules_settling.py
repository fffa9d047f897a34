"""Settlements, retention, the risk fund and second compensation by figures (docs/rules/settlements.md)."""

from __future__ import annotations

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funds.rules import reserves, second, settling
from funds.rules.postings import credit, debit, difference
from funds.rules.reserves import Limits, Reserve
from funds.rules.second import BadBands, Offer, Surplus
from funds.rules.settling import Split, Terms

pytestmark = pytest.mark.rules

BANDS = [["10000", "0.5"], ["20000", "0.55"], ["30000", "0.6"], [None, "0.65"]]
YUAN = st.decimals(min_value=0, max_value=10**7, places=2)


class TestSettlement:
    @pytest.mark.parametrize(
        ("gross", "percent", "prepaid", "retained", "set_off", "paid"),
        [
            pytest.param("100000.00", "5", "0", "5000.00", "0", "95000.00", id="kept back alone"),
            pytest.param("100000.00", "5", "30000", "5000.00", "30000", "65000.00", id="prepaid in part"),
            pytest.param("100000.00", "5", "95000", "5000.00", "95000", "0.00", id="prepaid to the fen"),
            pytest.param("100000.00", "5", "200000", "5000.00", "95000.00", "0.00", id="prepaid more than is owed"),
            pytest.param("100.10", "5", "0", "5.01", "0", "95.09", id="half a fen up"),
            pytest.param("100.00", "0", "0", "0.00", "0", "100.00", id="nothing kept"),
            pytest.param("100.00", "10", "-5", "10.00", "0", "90.00", id="nothing prepaid any more"),
        ],
    )
    def test_is_split(self, gross, percent, prepaid, retained, set_off, paid):
        how = settling.split(D(gross), percent=D(percent), prepaid=D(prepaid))
        assert (how.retained, how.set_off, how.paid) == (D(retained), D(set_off), D(paid))

    @given(gross=YUAN, percent=st.integers(0, 100), prepaid=YUAN)
    def test_adds_up_to_the_fen(self, gross, percent, prepaid):
        how = settling.split(gross, percent=D(percent), prepaid=prepaid)
        assert how.retained + how.set_off + how.paid == gross
        assert min(how.retained, how.set_off, how.paid) >= 0

    def test_is_entered_by_the_accounts_that_pay(self):
        pays = {"ncms": "pool_spending", "household_account": "household_spending"}
        parts = [("ncms", D("60.00")), ("household_account", D("9.50")), ("ncms", D("30.50"))]
        spent = settling.by_account(parts, pays)
        assert spent == {"household_spending": D("9.50"), "pool_spending": D("90.50")}
        lines = settling.settlement_lines(spent, Split(D(100), D(5), D(40)))
        assert lines == [
            debit("household_spending", D("9.50")), debit("pool_spending", D("90.50")),
            credit("prepaid", D(40)), credit("retention", D(5)),
        ]  # fmt: skip
        assert difference(lines) == 55
        assert settling.settlement_lines({"pool_spending": D(7)}, Split(D(7), D(0), D(0))) == [debit("pool_spending", D(7))]
        with pytest.raises(KeyError):
            settling.by_account([("other", D(1))], pays)


class TestRelease:
    @pytest.mark.parametrize(
        ("score", "released"),
        [("100", "1234.57"), ("90", "1234.57"), ("89.9", "1109.88"), ("75", "925.93"), ("60", "740.74"), ("59.9", "0")],
    )
    def test_is_by_the_score(self, score, released):
        retained = D("1234.57")
        given_back = settling.released(retained, D(score), Terms(percent=D(5)))
        assert given_back == D(released)
        assert difference(settling.release_lines(retained, given_back)) == 0

    def test_what_is_forfeited_is_income(self):
        assert settling.release_lines(D(100), D(75)) == [debit("retention", D(25)), credit("other_income", D(25))]
        assert settling.release_lines(D(100), D(100)) == []


class TestRiskFund:
    RESERVE = Reserve(raised=D("37029600"), held=D("3231000"), deposited=D("3231000"), extracted=D(0), deficit=D(0))

    @pytest.mark.parametrize(
        ("kind", "changed", "room"),
        [
            pytest.param("extracted", {}, "471960.00", id="to ten percent of 2009's raising"),
            pytest.param("extracted", {"held": D(0)}, "1481184.00", id="four percent a year"),
            pytest.param("extracted", {"held": D(0), "extracted": D("1481184")}, "0", id="the year is full"),
            pytest.param("extracted", {"held": D("4000000")}, "0", id="the fund is full"),
            pytest.param("deposited", {"held": D("3702960")}, "471960", id="what the province does not hold yet"),
            pytest.param("deposited", {}, "0", id="the province holds all"),
            pytest.param("given_back", {}, "3231000", id="what the province holds"),
            pytest.param("drawn", {}, "0", id="no deficit, nothing drawn"),
            pytest.param("drawn", {"deficit": D(500)}, "500", id="what is missing"),
            pytest.param("drawn", {"deficit": D(4_000_000)}, "3231000", id="what there is"),
        ],
    )
    def test_has_limits(self, kind, changed, room):
        reserve = Reserve(**{**vars(self.RESERVE), **changed})
        assert reserves.room(kind, reserve, Limits()) == D(room)

    @pytest.mark.parametrize(
        ("kind", "left", "right"),
        [
            ("extracted", "general_pool", "risk_fund"),
            ("deposited", "risk_deposit", "special_account"),
            ("given_back", "special_account", "risk_deposit"),
            ("drawn", "risk_fund", "general_pool"),
        ],
    )
    def test_is_entered(self, kind, left, right):
        assert reserves.move_lines(kind, D(5)) == [debit(left, D(5)), credit(right, D(5))]

    @pytest.mark.parametrize(
        ("source", "spent_in", "household", "account"),
        [
            ("provider", 2010, False, "pool_spending"),
            ("person", 2010, True, "household_spending"),
            ("provider", 2009, False, "other_income"),
            ("person", 2009, True, "other_income"),
            ("insurer", 2009, False, "general_pool"),
        ],
    )
    def test_money_that_comes_back(self, source, spent_in, household, account):
        assert reserves.recovery_account(source, spent_in=spent_in, year=2010, household=household) == account


class TestSecondCompensation:
    @pytest.mark.parametrize(
        ("income", "spending", "cumulative", "allows", "room"),
        [
            pytest.param("1000", "700", "300", True, "100.00", id="a year 30 percent over"),
            pytest.param("1000", "800", "200", False, "0", id="20 percent is not over it"),
            pytest.param("1000", "900", "250", True, "0", id="25 percent gathered, nothing above it"),
            pytest.param("1000", "900", "400", True, "150.00", id="40 percent gathered"),
            pytest.param("1000", "1100", "400", True, "150.00", id="a bad year after good ones"),
            pytest.param("1000", "700", "50", True, "50", id="never more than is gathered"),
            pytest.param("0", "0", "100", False, "0", id="no income, no rate"),
        ],
    )
    def test_needs_a_surplus(self, income, spending, cumulative, allows, room):
        surplus = Surplus(D(income), D(spending), D(cumulative))
        limits = {"year_percent": D(20), "cumulative_percent": D(25)}
        assert surplus.allows(**limits) is allows
        assert surplus.room(**limits) == D(room)

    @pytest.mark.parametrize(
        ("burden", "given"),
        [
            ("10000", "0"), ("10000.01", "0.01"), ("20000", "5000.00"), ("25000", "7750.00"), ("40000", "16500.00"),
            ("50000", "23000.00"), ("60000", "29500.00"), ("100000", "30000"),
        ],
    )  # fmt: skip
    def test_is_by_bands_above_the_threshold(self, burden, given):
        offer = Offer(D(10000), second.read(BANDS), D(30000))
        assert second.entitled(D(burden), offer) == D(given)

    def test_without_a_ceiling(self):
        assert second.entitled(D(100), Offer(D(20), second.read([[None, "0.7"]]))) == D("56.00")

    @pytest.mark.parametrize(
        "bands",
        [
            [], [["10000", "0.5"]], [[None, "0.5"], [None, "0.6"]], [["2", "0.5"], ["1", "0.5"], [None, "0.5"]],
            [["0", "0.5"], [None, "0.5"]], [[None, "0"]], [[None, "1.1"]],
        ],
    )  # fmt: skip
    def test_refuses_bands_that_say_nothing(self, bands):
        with pytest.raises(BadBands):
            second.read(bands)

    def test_a_budget_that_suffices_gives_all(self):
        assert second.distributed({"a": D(3), "b": D(4)}, D(7)) == {"a": D(3), "b": D(4)}

    def test_a_budget_that_does_not_is_given_out_to_the_fen(self):
        given = second.distributed({"a": D(1), "b": D(1), "c": D(1)}, D("1.00"))
        assert given == {"a": D("0.34"), "b": D("0.33"), "c": D("0.33")}
        assert second.distributed({"a": D("0.01"), "b": D("99.99")}, D(50)) == {"a": D("0.01"), "b": D("49.99")}

    @given(wanted=st.lists(YUAN, min_size=1, max_size=60), budget=YUAN)
    def test_gives_out_no_fen_more_nor_less(self, wanted, budget):
        given = second.distributed(dict(enumerate(wanted)), budget)
        assert sum(given.values()) == min(budget, sum(wanted))
        assert all(0 <= given[place] <= one for place, one in enumerate(wanted))
