"""Settlements, retention, the risk fund and second compensation by figures (docs/rules/settlements.md)."""

from __future__ import annotations

from decimal import Decimal

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
        how = settling.split(Decimal(gross), percent=Decimal(percent), prepaid=Decimal(prepaid))
        assert (how.retained, how.set_off, how.paid) == (Decimal(retained), Decimal(set_off), Decimal(paid))

    @given(gross=YUAN, percent=st.integers(0, 100), prepaid=YUAN)
    def test_adds_up_to_the_fen(self, gross, percent, prepaid):
        how = settling.split(gross, percent=Decimal(percent), prepaid=prepaid)
        assert how.retained + how.set_off + how.paid == gross
        assert min(how.retained, how.set_off, how.paid) >= 0

    def test_is_entered_by_the_accounts_that_pay(self):
        pays = {"ncms": "pool_spending", "household_account": "household_spending"}
        parts = [("ncms", Decimal("60.00")), ("household_account", Decimal("9.50")), ("ncms", Decimal("30.50"))]
        spent = settling.by_account(parts, pays)
        assert spent == {"household_spending": Decimal("9.50"), "pool_spending": Decimal("90.50")}
        lines = settling.settlement_lines(spent, Split(Decimal(100), Decimal(5), Decimal(40)))
        assert lines == [
            debit("household_spending", Decimal("9.50")), debit("pool_spending", Decimal("90.50")),
            credit("prepaid", Decimal(40)), credit("retention", Decimal(5)),
        ]  # fmt: skip
        assert difference(lines) == 55
        assert settling.settlement_lines({"pool_spending": Decimal(7)}, Split(Decimal(7), Decimal(0), Decimal(0))) == [
            debit("pool_spending", Decimal(7))
        ]
        with pytest.raises(KeyError):
            settling.by_account([("other", Decimal(1))], pays)


class TestRelease:
    @pytest.mark.parametrize(
        ("score", "released"),
        [("100", "1234.57"), ("90", "1234.57"), ("89.9", "1109.88"), ("75", "925.93"), ("60", "740.74"), ("59.9", "0")],
    )
    def test_is_by_the_score(self, score, released):
        retained = Decimal("1234.57")
        given_back = settling.released(retained, Decimal(score), Terms(percent=Decimal(5)))
        assert given_back == Decimal(released)
        assert difference(settling.release_lines(retained, given_back)) == 0

    def test_what_is_forfeited_is_income(self):
        assert settling.release_lines(Decimal(100), Decimal(75)) == [
            debit("retention", Decimal(25)),
            credit("other_income", Decimal(25)),
        ]
        assert settling.release_lines(Decimal(100), Decimal(100)) == []


class TestRiskFund:
    RESERVE = Reserve(
        raised=Decimal("37029600"),
        held=Decimal("3231000"),
        deposited=Decimal("3231000"),
        extracted=Decimal(0),
        deficit=Decimal(0),
    )

    @pytest.mark.parametrize(
        ("kind", "changed", "room"),
        [
            pytest.param("extracted", {}, "471960.00", id="to ten percent of 2009's raising"),
            pytest.param("extracted", {"held": Decimal(0)}, "1481184.00", id="four percent a year"),
            pytest.param(
                "extracted", {"held": Decimal(0), "extracted": Decimal("1481184")}, "0", id="the year is full"
            ),
            pytest.param("extracted", {"held": Decimal("4000000")}, "0", id="the fund is full"),
            pytest.param("deposited", {"held": Decimal("3702960")}, "471960", id="what the province does not hold yet"),
            pytest.param("deposited", {}, "0", id="the province holds all"),
            pytest.param("given_back", {}, "3231000", id="what the province holds"),
            pytest.param("drawn", {}, "0", id="no deficit, nothing drawn"),
            pytest.param("drawn", {"deficit": Decimal(500)}, "500", id="what is missing"),
            pytest.param("drawn", {"deficit": Decimal(4_000_000)}, "3231000", id="what there is"),
        ],
    )
    def test_has_limits(self, kind, changed, room):
        reserve = Reserve(**{**vars(self.RESERVE), **changed})
        assert reserves.room(kind, reserve, Limits()) == Decimal(room)

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
        assert reserves.move_lines(kind, Decimal(5)) == [debit(left, Decimal(5)), credit(right, Decimal(5))]

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
        surplus = Surplus(Decimal(income), Decimal(spending), Decimal(cumulative))
        limits = {"year_percent": Decimal(20), "cumulative_percent": Decimal(25)}
        assert surplus.allows(**limits) is allows
        assert surplus.room(**limits) == Decimal(room)

    @pytest.mark.parametrize(
        ("burden", "given"),
        [
            ("10000", "0"), ("10000.01", "0.01"), ("20000", "5000.00"), ("25000", "7750.00"), ("40000", "16500.00"),
            ("50000", "23000.00"), ("60000", "29500.00"), ("100000", "30000"),
        ],
    )  # fmt: skip
    def test_is_by_bands_above_the_threshold(self, burden, given):
        offer = Offer(Decimal(10000), second.read(BANDS), Decimal(30000))
        assert second.entitled(Decimal(burden), offer) == Decimal(given)

    def test_without_a_ceiling(self):
        assert second.entitled(Decimal(100), Offer(Decimal(20), second.read([[None, "0.7"]]))) == Decimal("56.00")

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
        assert second.distributed({"a": Decimal(3), "b": Decimal(4)}, Decimal(7)) == {"a": Decimal(3), "b": Decimal(4)}

    def test_a_budget_that_does_not_is_given_out_to_the_fen(self):
        given = second.distributed({"a": Decimal(1), "b": Decimal(1), "c": Decimal(1)}, Decimal("1.00"))
        assert given == {"a": Decimal("0.34"), "b": Decimal("0.33"), "c": Decimal("0.33")}
        assert second.distributed({"a": Decimal("0.01"), "b": Decimal("99.99")}, Decimal(50)) == {
            "a": Decimal("0.01"),
            "b": Decimal("49.99"),
        }

    @given(wanted=st.lists(YUAN, min_size=1, max_size=60), budget=YUAN)
    def test_gives_out_no_fen_more_nor_less(self, wanted, budget):
        given = second.distributed(dict(enumerate(wanted)), budget)
        assert sum(given.values()) == min(budget, sum(wanted))
        assert all(0 <= given[place] <= one for place, one in enumerate(wanted))
