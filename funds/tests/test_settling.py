"""Settlements with providers: asked for, decided, kept back, set off, paid, given back after the assessment."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from claims.models import ClaimPart, Provider
from claims.services import flags
from claims.tests.deciding import now
from conftest import NOON
from funds.models import Assessment, Book, Prepayment, ProviderPart, ProviderPayment, RetentionTerm
from funds.rules.settling import Terms
from funds.selectors import settling as selectors
from funds.services import assessments, orders, prepayments, provider_payments, retention_terms
from funds.services.asking import CannotAsk
from funds.tests.settling import NEXT_YEAR, Scene, decide, lines_of, orders_of
from office import deciding
from office.deciding import CannotWithdraw
from office.models import Act, Duty
from office.services.rounds import CannotVote

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def scene(appoint) -> Scene:
    return Scene.of(appoint)


def prepay(scene: Scene, amount: str = "1000", **more) -> Prepayment:
    given = {"provider": scene.office.clinic, "year": 2010, "amount": Decimal(amount), "paper": "合〔2010〕1号"}
    return prepayments.propose(book=scene.book, by=scene.acc, at=NOON, **{**given, **more})


def prepaid(scene: Scene, amount: str) -> Prepayment:
    """Paid to the clinic ahead of its settlements."""
    asked = decide(prepay(scene, amount), scene.hal)
    scene.pay(*orders_of(asked))
    return now(asked)


def ask(scene: Scene, settlement, **more) -> ProviderPayment:
    return provider_payments.propose(settlement=settlement, by=scene.acc, at=NOON, **more)


class TestTerms:
    def test_the_nearest_hold_and_the_latest_of_them(self, scene):
        clinic, hospital = scene.office.clinic, scene.office.hospital
        day = date(2010, 3, 1)
        assert selectors.terms_on(scene.book, clinic, day) == selectors.NO_TERMS
        scene.terms("5")
        scene.terms("6", on=date(2010, 2, 1))
        assert selectors.terms_on(scene.book, clinic, day).percent == 6
        scene.terms("3", level="village")
        assert [selectors.terms_on(scene.book, one, day).percent for one in (clinic, hospital)] == [3, 6]
        scene.terms("10", provider=clinic)
        assert selectors.terms_on(scene.book, clinic, day) == Terms(Decimal(10), Decimal(90), Decimal(60))
        assert selectors.terms_on(scene.book, clinic, date(2009, 12, 31)) == selectors.NO_TERMS

    def test_refusals(self, scene):
        def propose(**more):
            given = {"terms": Terms(Decimal(5)), "paper": "3号", "on": date(2010, 1, 1), "by": scene.acc}
            return retention_terms.propose(book=scene.book, at=NOON, **{**given, **more})

        with pytest.raises(CannotAsk, match="of one provider, or of a level"):
            propose(provider=scene.office.clinic, level="village")
        with pytest.raises(CannotAsk, match="Name the paper"):
            propose(paper=" ")
        with pytest.raises(CannotAsk, match="None of your duties"):
            propose(by=scene.head)
        with pytest.raises(CannotAsk, match="not come yet"):
            propose(on=date(2010, 3, 2))
        with pytest.raises(CannotAsk, match="cannot be right"):
            propose(terms=Terms(Decimal(31)))
        assert Act.objects.filter(kind="refused", name="retention-term.proposed").count() == 5

    def test_are_decided_once_or_taken_back(self, scene):
        def propose():
            terms = Terms(Decimal(5))
            return retention_terms.propose(
                book=scene.book, on=date(2010, 1, 1), terms=terms, paper="3号", by=scene.acc, at=NOON
            )

        asked = propose()
        with pytest.raises(CannotAsk, match="asked for already"):
            propose()
        assert decide(asked, scene.hal, "refuse").state == "refused"
        again = propose()
        take_back = deciding.matter_of("funds.retentionterm").withdraw
        with pytest.raises(CannotWithdraw, match="Whoever entered it"), transaction.atomic():
            take_back(again, scene.head, NOON)
        take_back(again, scene.acc, NOON)
        assert now(again).state == "void"
        with pytest.raises(CannotWithdraw, match="decided already"), transaction.atomic():
            take_back(again, scene.acc, NOON)
        assert set(RetentionTerm.objects.values_list("state", flat=True)) == {"void", "refused"}


class TestPrepaying:
    def test_is_ordered_with_the_decision_and_stands_once_it_is_paid(self, scene):
        asked = prepay(scene)
        assert asked.number == "YF2010-00001"
        assert decide(asked, scene.finance).state == "approved"
        (order,) = orders_of(asked)
        assert lines_of(order) == [("prepaid", "debit", 1000)]
        assert (order.kind, order.amount, order.payee_account) == ("prepaid", 1000, "62284800001")
        assert selectors.prepaid_left(scene.book, scene.office.clinic) == 0
        scene.pay(order)
        assert now(asked).state == "done"
        assert selectors.prepaid_left(scene.book, scene.office.clinic) == 1000
        assert (scene.stands("prepaid"), scene.stands("spending_account")) == (1000, 2000)

    def test_refusals(self, scene):
        with pytest.raises(CannotAsk, match="how much"):
            prepay(scene, "0")
        stranger = Provider.objects.exclude(pk=scene.office.clinic.pk).first()
        stranger.agreements.update(period=(date(2009, 1, 1), date(2009, 2, 1)))
        with pytest.raises(CannotAsk, match="no agreement"):
            prepay(scene, provider=stranger)
        scene.office.clinic.accounts.update(state="replaced")
        with pytest.raises(CannotAsk, match="no confirmed account"):
            prepay(scene)

    def test_is_void_when_its_order_is_cancelled_and_open_when_it_comes_back(self, scene):
        asked = decide(prepay(scene), scene.hal)
        batch = scene.pay(*orders_of(asked))
        assert now(asked).state == "done"
        scene.answer(batch, "returned")
        assert now(asked).state == "approved"
        other = decide(prepay(scene), scene.hal)
        orders.cancel_order(order=orders_of(other)[0], reason="不再预付", by=scene.acc, at=NOON)
        assert now(other).state == "void"


class TestPaying:
    def test_keeps_back_sets_off_and_pays_the_rest(self, scene):
        scene.terms("5")
        prepaid(scene, "30")
        settlement = scene.settlement(4)
        assert list(selectors.to_pay()) == [settlement]
        asked = ask(scene, settlement)
        assert (asked.gross, asked.retained, asked.set_off, asked.amount) == (80, 4, 30, 46)
        assert asked.spending == {"pool_spending": "80.00"}
        assert not selectors.to_pay().exists()
        asked = decide(asked, scene.head)
        (order,) = orders_of(asked)
        assert lines_of(order) == [
            ("pool_spending", "debit", 80),
            ("prepaid", "credit", 30),
            ("retention", "credit", 4),
        ]
        assert (order.amount, order.parts.count()) == (46, 4)
        scene.pay(order)
        assert now(asked).state == "done"
        figures = [scene.stands(one) for one in ("pool_spending", "prepaid", "retention", "spending_account")]
        assert figures == [80, 0, 4, 2924]
        assert set(ClaimPart.objects.values_list("state", flat=True)) == {"paid"}
        course = selectors.course_of(settlement)
        assert (course.owed, course.asked, course.done, course.retained, course.payable, course.waiting) == (
            80, 80, 80, 4, 0, 0,
        )  # fmt: skip

    def test_what_is_set_off_whole_is_entered_at_once(self, scene):
        prepaid(scene, "200")
        asked = decide(ask(scene, scene.settlement(2)), scene.head)
        assert (asked.state, asked.amount, orders_of(asked)) == ("done", 0, [])
        assert (scene.stands("pool_spending"), scene.stands("prepaid")) == (40, 160)
        assert set(ClaimPart.objects.values_list("state", flat=True)) == {"paid"}

    def test_less_is_set_off_where_it_is_asked_for(self, scene):
        prepaid(scene, "30")
        settlement = scene.settlement(2)
        with pytest.raises(CannotAsk, match=r"At most 30\.00 can be set off"):
            ask(scene, settlement, set_off=Decimal("30.01"))
        asked = ask(scene, settlement, set_off=Decimal(10))
        assert (asked.set_off, asked.amount) == (10, 30)

    def test_held_parts_come_with_a_further_payment(self, scene):
        settlement = scene.settlement(3)
        claim = settlement.document.claims.first()
        flag = flags.set_flag(claim=claim, kind="audit", reason="线索", by=scene.office.hal, at=NOON)
        asked = ask(scene, settlement)
        assert asked.gross == 40
        assert selectors.course_of(settlement).waiting == 20
        with pytest.raises(CannotAsk, match="Nothing of this settlement"):
            ask(scene, settlement)
        flags.lift_flag(flag=flag, reason="查清", by=scene.office.sue, at=NOON)
        with pytest.raises(CannotAsk, match="asked for already"):
            ask(scene, settlement)
        decide(asked, scene.head)
        assert ask(scene, settlement).gross == 20

    def test_what_moved_meanwhile_takes_the_vote_back(self, scene):
        settlement = scene.settlement(2)
        asked = ask(scene, settlement)
        flag = flags.set_flag(
            claim=settlement.document.claims.first(), kind="audit", reason="线索", by=scene.office.hal, at=NOON
        )
        with pytest.raises(CannotVote, match="is held: 线索"):
            decide(asked, scene.head)
        flags.lift_flag(flag=flag, reason="查清", by=scene.office.sue, at=NOON)
        ClaimPart.objects.filter(pk=asked.parts.first().part_id).update(state="paying")
        with pytest.raises(CannotVote, match="is being paid meanwhile"):
            decide(asked, scene.head)
        assert now(asked).state == "proposed"
        assert decide(asked, scene.head, "refuse").state == "refused"
        ClaimPart.objects.update(state="payable")
        assert ask(scene, settlement).gross == 40

    def test_needs_books_that_pay_the_fund(self, scene, monkeypatch):
        settlement = scene.settlement(1)
        monkeypatch.setattr(selectors, "pays", lambda book: {})
        with pytest.raises(CannotAsk, match="pay nothing for the fund ncms"):
            ask(scene, settlement)
        monkeypatch.undo()
        monkeypatch.setattr(Book.objects, "filter", lambda **given: Book.objects.none())
        with pytest.raises(CannotAsk, match="are not open"):
            ask(scene, settlement)

    def test_the_database_refuses_what_does_not_add_up(self, scene):
        asked = ask(scene, scene.settlement(2))
        part = asked.parts.first()
        other = ask(scene, _further(scene))
        foreign = other.parts.first()
        for payment, whose, words in ((other, part, "in another payment"), (asked, foreign, "in another payment")):
            with pytest.raises(DatabaseError, match=words), transaction.atomic():
                ProviderPart.objects.create(payment=payment, part=whose.part)
        decide(other, scene.head, "refuse")
        with pytest.raises(DatabaseError, match="its own settlement"), transaction.atomic():
            ProviderPart.objects.create(payment=asked, part=foreign.part)
        with pytest.raises(DatabaseError, match="does not change"), transaction.atomic():
            ProviderPayment.objects.filter(pk=asked.pk).update(gross=1, amount=1)
        with pytest.raises(DatabaseError), transaction.atomic():
            ProviderPart.objects.filter(pk=part.pk).delete()
        with pytest.raises(DatabaseError, match="no round"), transaction.atomic():
            ProviderPayment.objects.filter(pk=asked.pk).update(state="approved")

    def test_nobody_sets_off_what_was_set_off(self, scene):
        prepaid(scene, "30")
        first, second = (ask(scene, one) for one in (scene.settlement(1), _further(scene)))
        assert (first.set_off, second.set_off) == (20, 20)
        decide(first, scene.head)
        with pytest.raises(DatabaseError, match="more is set off"), transaction.atomic():
            decide(second, scene.head)


class TestAssessing:
    def kept(self, scene: Scene, percent: str = "10") -> None:
        """Eight yuan are kept back of the clinic's year."""
        scene.terms(percent)
        asked = decide(ask(scene, scene.settlement(4)), scene.head)
        scene.pay(*orders_of(asked))

    def assess(self, scene: Scene, score: str = "75", **more) -> Assessment:
        given = {
            "provider": scene.office.clinic,
            "year": 2010,
            "score": Decimal(score),
            "paper": "考核表",
            "at": NEXT_YEAR,
        }
        return assessments.propose(book=scene.book, by=scene.acc, **{**given, **more})

    def test_gives_back_by_the_score_and_takes_the_rest_in(self, scene):
        self.kept(scene)
        assert selectors.to_assess(scene.book, 2010) == [(scene.office.clinic, 8)]
        asked = self.assess(scene)
        assert (asked.retained, asked.amount, asked.forfeited) == (8, 6, 2)
        assert selectors.to_assess(scene.book, 2010) == []
        asked = decide(asked, scene.hal, at=NEXT_YEAR)
        assert (scene.stands("retention"), scene.stands("other_income"), asked.state) == (6, 2, "approved")
        (order,) = orders_of(asked)
        assert (order.amount, lines_of(order)) == (6, [("retention", "debit", 6)])
        scene.pay(order, at=NEXT_YEAR)
        assert (scene.stands("retention"), now(asked).state) == (0, "done")

    @pytest.mark.parametrize(
        ("score", "given_back", "income", "state"), [("95", 8, 0, "approved"), ("50", 0, 8, "done")]
    )
    def test_all_or_nothing(self, scene, score, given_back, income, state):
        self.kept(scene)
        asked = decide(self.assess(scene, score), scene.hal, at=NEXT_YEAR)
        assert (asked.amount, scene.stands("other_income"), asked.state) == (given_back, income, state)

    def test_refusals(self, scene):
        with pytest.raises(CannotAsk, match="Nothing is kept back"):
            self.assess(scene)
        scene.terms("10")
        asked = decide(ask(scene, scene.settlement(4)), scene.head)
        for words, more in (
            ("between 0 and 100", {"score": Decimal(101)}),
            ("year is not over", {"at": NOON}),
            ("not done yet", {}),
        ):
            with pytest.raises(CannotAsk, match=words):
                self.assess(scene, **more)
        scene.pay(*orders_of(asked))
        self.assess(scene)
        with pytest.raises(CannotAsk, match="asked for already"):
            self.assess(scene)

    def test_nothing_is_kept_back_of_a_year_that_is_assessed(self, scene):
        self.kept(scene)
        waiting = ask(scene, _further(scene))
        assert waiting.retained == 2
        decide(waiting, scene.head, "refuse")
        self.assess(scene)
        assert ask(scene, waiting.settlement).retained == 0

    def test_the_database_takes_no_other_figure(self, scene):
        self.kept(scene)
        with pytest.raises(DatabaseError, match="what was kept"), transaction.atomic():
            Assessment.objects.create(
                number="X", book=scene.book, provider=scene.office.clinic, year=2010, score=90, retained=9, amount=9,
                on=NEXT_YEAR.date(), paper="x", proposed_by=scene.acc, proposed_at=NEXT_YEAR,
            )  # fmt: skip


def _further(scene: Scene):
    """A second settlement of the clinic."""
    from claims.tests.documents import visit

    document = scene.office.approved(visit(scene.office.insured("99"), "R99", "50", day="2010-02-05"))
    return scene.office.settle(document)


def test_every_duty_has_its_part(appoint):
    """Whoever asks is the accountant alone; whoever decides never has the right to ask."""
    from office import access

    for model in ("assessment", "premium", "prepayment", "providerpayment", "recovery", "retentionterm", "riskmove"):
        having = {duty for duty in Duty if access.grants(duty, f"funds.add_{model}")}
        assert having == {Duty.FUND_ACCOUNTANT}
