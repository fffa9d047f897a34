"""Premiums, moves of the risk fund, money that comes back: asked for, decided, entered; and what is refused."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from claims.tests.deciding import now
from claims.tests.documents import visit
from conftest import NOON
from funds.models import Account, Recovery, RiskMove
from funds.rules.second import Surplus
from funds.selectors import surplus
from funds.services import postings, premiums, recoveries, risk_fund
from funds.services.asking import CannotAsk
from funds.services.premiums import PremiumOf
from funds.services.recoveries import RecoveryOf
from funds.tests.factories import pair
from funds.tests.settling import NEXT_YEAR, Scene, decide, lines_of, orders_of
from office.services.rounds import CannotVote

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
TODAY = date(2010, 3, 1)


@pytest.fixture
def scene(appoint) -> Scene:
    return Scene.of(appoint)


class TestPremiums:
    def ask(self, scene: Scene, **more):
        given = {
            "year": 2010, "heads": 301, "per_head": Decimal("5.01"), "insurer": "中国人寿海原支公司", "bank": "农行",
            "account": "6228480000001111", "paper": "合同2010-1", "share": Decimal(50),
        }  # fmt: skip
        return premiums.propose(book=scene.book, stated=PremiumOf(**{**given, **more}), by=scene.acc, at=NOON)

    def test_are_paid_by_instalments_of_heads_times_rate(self, scene):
        first = decide(self.ask(scene), scene.finance)
        assert (first.amount, first.state) == (Decimal("754.01"), "approved")  # 1,508.01 halved, half a fen up
        (order,) = orders_of(first)
        assert (lines_of(order), order.payee_kind) == ([("premium_spending", "debit", Decimal("754.01"))], "insurer")
        scene.pay(order)
        assert (now(first).state, scene.stands("premium_spending")) == ("done", Decimal("754.01"))
        with pytest.raises(CannotAsk, match=r"50\.00 percent are left"):
            self.ask(scene, instalment=2, share=Decimal(51))
        with pytest.raises(CannotAsk, match="asked for already"):
            self.ask(scene)
        assert self.ask(scene, instalment=2).amount == Decimal("754.01")

    @pytest.mark.parametrize(
        ("given", "words"),
        [
            ({"heads": 0}, "how many people"),
            ({"per_head": Decimal(0)}, "how many people"),
            ({"insurer": " "}, "Name the insurer"),
            ({"bank": ""}, "Name the insurer"),
            ({"account": "1234567"}, "8 to 32 digits"),
            ({"share": Decimal(0)}, "percent are left"),
        ],
    )
    def test_refusals(self, scene, given, words):
        with pytest.raises(CannotAsk, match=words):
            self.ask(scene, **given)


class TestTheRiskFund:
    def ask(self, scene: Scene, kind: str = "extracted", amount: str = "100", **more) -> RiskMove:
        given = {"year": 2010, "raised": Decimal(5000), "on": TODAY, "paper": "海财〔2010〕9号", "by": scene.acc}
        return risk_fund.propose(book=scene.book, kind=kind, amount=Decimal(amount), at=NOON, **{**given, **more})

    def test_from_the_pool_to_the_province_and_back(self, scene):
        for kind, amount in (("extracted", "200"), ("deposited", "150"), ("given_back", "30")):
            assert decide(self.ask(scene, kind, amount), scene.finance).state == "done"
        stood = [scene.stands(one) for one in ("general_pool", "risk_fund", "risk_deposit", "special_account")]
        assert stood == [9800, 200, 120, 6880]
        with pytest.raises(CannotAsk, match=r"At most 80\.00 yuan"):
            self.ask(scene, "deposited", "80.01")
        with pytest.raises(CannotAsk, match=r"At most 120\.00 yuan"):
            self.ask(scene, "given_back", "121")

    def test_has_its_limits_of_the_whole_and_of_a_year(self, scene):
        with pytest.raises(CannotAsk, match=r"At most 200\.00 yuan"):
            self.ask(scene, amount="200.01")
        decide(self.ask(scene, amount="200"), scene.head)
        with pytest.raises(CannotAsk, match=r"At most 0\.00 yuan"):
            self.ask(scene, amount="0.01")
        other = self.ask(scene, amount="200", year=2011)
        assert other.room == 200
        with pytest.raises(CannotAsk, match="asked for already"):
            self.ask(scene, amount="1", year=2012)
        decide(other, scene.head)
        assert self.ask(scene, amount="100", year=2012).room == 100  # ten percent of the raising in all

    def test_is_drawn_for_a_deficit_alone(self, scene):
        decide(self.ask(scene, amount="200"), scene.head)
        with pytest.raises(CannotAsk, match=r"At most 0\.00 yuan"):
            self.ask(scene, "drawn", "1")
        scene.enter("b", "other_income", *pair("special_account", "other_income", "500"))
        scene.enter("s", "requested", *pair("spending_account", "special_account", "7400"))
        scene.enter("p", "paid", *pair("pool_spending", "spending_account", "10350"))
        assert surplus.reserve(scene.book, 2010, Decimal(5000)).deficit == 50
        assert decide(self.ask(scene, "drawn", "50"), scene.finance).state == "done"
        assert (scene.stands("risk_fund"), scene.stands("general_pool")) == (150, 9850)

    def test_what_no_longer_holds_takes_the_vote_back(self, scene):
        asked = self.ask(scene, "extracted", "200")
        scene.enter("x", "risk_fund", *pair("general_pool", "risk_fund", "400"))
        with pytest.raises(CannotVote, match=r"At most 100\.00 yuan"):
            decide(asked, scene.head)
        assert now(asked).state == "proposed"
        assert decide(asked, scene.head, "refuse").state == "refused"

    def test_refusals(self, scene):
        for words, kind, more in (
            ("Choose what", "sold", {}),
            ("how much", "extracted", {"amount": "0"}),
            ("how much", "extracted", {"raised": Decimal(-1)}),
            ("not come yet", "extracted", {"on": TODAY + timedelta(days=1)}),
        ):
            with pytest.raises(CannotAsk, match=words):
                self.ask(scene, kind, **more)
        Account.objects.filter(book=scene.book, purpose="risk_fund").update(purpose="other")
        with pytest.raises(CannotAsk, match="no risk fund"):
            self.ask(scene)

    def test_a_closed_month_takes_the_vote_back(self, scene):
        asked = self.ask(scene, on=date(2010, 1, 5))
        from funds.models import Period

        Period.objects.update(state="closing")
        with pytest.raises(CannotVote, match="to be closed"):
            decide(asked, scene.head)

    def test_the_database_keeps_to_the_limit(self, scene):
        with pytest.raises(DatabaseError, match="keeps_to_its_limit"), transaction.atomic():
            RiskMove.objects.create(
                number="X", book=scene.book, kind="extracted", year=2010, raised=1, room=1, amount=2, on=TODAY,
                paper="x", proposed_by=scene.acc, proposed_at=NOON,
            )  # fmt: skip


class TestMoneyThatComesBack:
    def ask(self, scene: Scene, **more) -> Recovery:
        given = {
            "source": "provider", "payer": "机构C1", "amount": Decimal(15), "on": TODAY, "spent_in": 2010,
            "account": self.account(scene), "paper": "回单1", "provider": scene.office.clinic,
        }  # fmt: skip
        return recoveries.propose(book=scene.book, stated=RecoveryOf(**{**given, **more}), by=scene.acc, at=NOON)

    def account(self, scene: Scene, purpose: str = "spending_account") -> Account:
        return Account.objects.get(book=scene.book, purpose=purpose)

    @pytest.mark.parametrize(
        ("more", "kind", "account"),
        [
            ({}, "recovered", "pool_spending"),
            ({"is_of_household_account": True}, "recovered", "household_spending"),
            ({"spent_in": 2009}, "recovered", "other_income"),
            ({"source": "person", "payer": "马一", "provider": None}, "recovered", "pool_spending"),
        ],
    )
    def test_is_entered_by_the_year_it_was_spent_in(self, scene, more, kind, account):
        scene.enter("p", "paid", *pair("pool_spending", "spending_account", "100"))
        scene.enter("h", "paid", *pair("household_spending", "spending_account", "100"))
        before = scene.stands(account)
        asked = decide(self.ask(scene, **more), scene.head)
        assert asked.state == "done"
        assert abs(scene.stands(account) - before) == 15
        assert scene.stands("spending_account") == 2815
        posting = postings.Posting.objects.get(key=f"recovery:{asked.number}")
        assert (posting.kind, posting.made_by, posting.checked_by, posting.on) == (kind, scene.acc, scene.head, TODAY)

    def test_an_insurers_surplus_goes_to_the_pool(self, scene):
        special = self.account(scene, "special_account")
        more = {"source": "insurer", "payer": "中国人寿", "provider": None, "spent_in": 2009, "account": special}
        asked = decide(self.ask(scene, **more), scene.head)
        assert (asked.state, scene.stands("general_pool")) == ("done", 10015)

    def test_of_a_claim_no_more_than_was_paid_for_it(self, scene):
        claim = scene.office.approved(visit(scene.office.insured(), "1", "50")).claims.get()
        with pytest.raises(CannotAsk, match=r"20\.00 yuan can come back at most"):
            self.ask(scene, claim=claim, amount=Decimal("20.01"))
        self.ask(scene, claim=claim)
        with pytest.raises(CannotAsk, match=r"5\.00 yuan can come back at most"):
            self.ask(scene, claim=claim, paper="回单2", amount=Decimal(6))
        assert self.ask(scene, claim=claim, paper="回单2", amount=Decimal(5)).state == "proposed"

    def test_refusals(self, scene):
        special, income = (self.account(scene, one) for one in ("special_account", "income_account"))
        for words, more in (
            ("from whom", {"source": "nobody"}),
            ("how much", {"amount": Decimal(0)}),
            ("who paid it in", {"payer": " "}),
            ("Name the provider", {"provider": None}),
            ("Name the provider", {"source": "person"}),
            ("does not come in on that account", {"account": income}),
            ("does not come in on that account", {"source": "insurer", "provider": None}),
            ("spent before", {"spent_in": 2011}),
            ("Name the paper", {"paper": ""}),
        ):
            with pytest.raises(CannotAsk, match=words):
                self.ask(scene, **more)
        self.ask(scene, account=special)
        with pytest.raises(CannotAsk, match="asked for already"):
            self.ask(scene)


class TestASurplus:
    def test_is_that_of_the_pool_without_closing_entries(self, scene):
        scene.enter("s", "subsidised", *pair("special_account", "subsidy_central", "1000"))
        scene.enter("o", "collected", *pair("special_account", "own_income_household", "70"))
        scene.enter("p", "paid", *pair("pool_spending", "spending_account", "600"))
        scene.enter("h", "paid", *pair("household_spending", "spending_account", "40"))
        assert surplus.of_year(scene.book, 2010) == Surplus(Decimal(1000), Decimal(600), Decimal(10400))
        closing = (
            *pair("subsidy_central", "general_pool", "1000"), *pair("general_pool", "pool_spending", "600"),
        )  # fmt: skip
        posting = scene.enter("c", "year_closed", *closing, on=date(2010, 12, 31), at=NEXT_YEAR)
        assert surplus.of_year(scene.book, 2010) == Surplus(Decimal(1000), Decimal(600), Decimal(10400))
        postings.reverse(
            posting=posting, on=date(2011, 1, 5), reason="错", by=scene.acc, checked_by=scene.head, at=NEXT_YEAR
        )
        assert surplus.of_year(scene.book, 2010) == Surplus(Decimal(1000), Decimal(600), Decimal(10400))
        assert surplus.of_year(scene.book, 2011).of_year == 0
