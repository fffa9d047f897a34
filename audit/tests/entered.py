"""Postings by every door of the books, each through its services, for tests of what stands behind them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from claims.tests.deciding import now
from claims.tests.documents import visit
from claims.tests.taking_in import pay_to
from conftest import NOON, proof_of
from enrollment.models import Contribution, Member, Scheme
from enrollment.services import refunds
from enrollment.tests import factories as register
from funds.models import Account, Book, CashCount, CashMove, Flow, PaymentItem, PaymentOrder, Posting, PostingKind
from funds.rules import vouchers as voucher_rules
from funds.rules.postings import Line, credit, debit
from funds.selectors import balances
from funds.selectors import vouchers as voucher_selectors
from funds.services import (
    assessments,
    books,
    cash,
    cash_counts,
    fund_requests,
    noting,
    premiums,
    prepayments,
    provider_payments,
    recoveries,
    risk_fund,
    second_paying,
    slips,
    vouchers,
)
from funds.services.cash import ReceiverOf
from funds.services.noting import SlipOf
from funds.services.postings import CannotPost
from funds.services.premiums import PremiumOf
from funds.services.recoveries import RecoveryOf
from funds.services.vouchers import VoucherOf
from funds.tests import paying
from funds.tests import slips as slip_tests
from funds.tests.factories import JANUARY, Counter, pair
from funds.tests.paying import TODAY, said
from funds.tests.settling import NEXT_YEAR, Scene, decide, orders_of
from funds.tests.test_second_runs import LATER, draw_up, proposed
from office import deciding
from office.models import Duty
from office.services import rounds

Kind = PostingKind
Found = Iterator[tuple[str, Posting]]


def _voucher(counter: Counter, kind: str, lines: Any, on: date = JANUARY, at: Any = NOON, **more: Any) -> Posting:
    stated = VoucherOf(kind, on, "手工凭证", lines, **more)
    made = vouchers.note(book=counter.book, stated=stated, by=counter.acc, at=at)
    return vouchers.enter(voucher=made, by=counter.head, at=at).posting


def _of_any_flow(counter: Counter, kind: str) -> Posting:
    """One yuan by the first allowed pair of accounts that has as much."""
    for flow in Flow.objects.filter(book=counter.book, kind=kind).select_related("debit", "credit"):
        try:
            return _voucher(counter, kind, pair(flow.debit.purpose, flow.credit.purpose, "1.00"))
        except CannotPost:
            continue
    raise AssertionError(kind)


def by_hand(appoint: Any) -> Found:
    """Vouchers made by hand: of the opening, of each event without a door of its own, of the year's end, in red."""
    counter = Counter.of(appoint)
    scheme = register.scheme("employees", insures="person")
    employees = Counter(_books_of(scheme, counter), counter.acc, counter.head)
    yield "opening", opened(counter)
    _voucher(employees, Kind.OPENING, pair("special_account", "general_pool", "1000"))
    for kind in voucher_rules.BY_HAND:
        knows = Flow.objects.filter(book=counter.book, kind=kind).exists()
        yield kind, _of_any_flow(counter if knows else employees, kind)
    wrong = _of_any_flow(counter, Kind.INTEREST)
    red = vouchers.note_reversal(posting=wrong, on=JANUARY, reason="重复入账", by=counter.acc, at=NOON)
    yield "reversal", vouchers.enter(voucher=red, by=counter.head, at=NOON).posting
    yield "cash_difference of a count", _difference(counter, appoint)
    lines = voucher_selectors.closing_lines(counter.book, 2010)
    yield "year_closed", _voucher(counter, Kind.YEAR_CLOSED, lines, on=date(2010, 12, 31), at=NEXT_YEAR)


def _books_of(scheme: Scheme, counter: Counter) -> Book:
    """Books of a scheme in which money comes from employers, other levels and other offices."""
    chart = books.shipped("employees")
    return books.open_book(scheme=scheme, chart=chart, begins_on=JANUARY, by=counter.acc, at=NOON)


def opened(counter: Counter) -> Posting:
    """The opening of the books by a voucher that another checked."""
    return _voucher(counter, Kind.OPENING, _opening())


def _opening() -> list[Line]:
    stands = {"special_account": 1000, "income_account": 100, "spending_account": 100, "cash": 100}
    return [*(debit(one, Decimal(amount)) for one, amount in stands.items()), credit("general_pool", Decimal(1300))]


def posted(posting: Posting | None) -> Posting:
    """What was entered, where it was."""
    assert posting is not None
    return posting


def _difference(counter: Counter, appoint: Any) -> Posting:
    account = Account.objects.get(book=counter.book, purpose="cash")
    stands = balances.stands(counter.book, "cash")
    cashier = appoint("cas", Duty.CASHIER)
    pieces = {Decimal(1): int(stands) + 2}
    counted = cash_counts.note(account=account, on=TODAY, pieces=pieces, explanation="长款", by=cashier, at=NOON)
    cash_counts.confirm(count=counted, by=counter.head, at=NOON)
    count = CashCount.objects.select_related("account").get(pk=counted.pk)
    lines = voucher_rules.of_difference(count.difference, "cash", "长款")
    return _voucher(counter, Kind.CASH_DIFFERENCE, lines, on=TODAY, count=count)


def by_slip(appoint: Any) -> Found:
    """Slips of money in, of every kind, and one that was taken back."""
    till = slip_tests.Till.of(appoint)
    next_year, boss = slip_tests.year_of(2011), appoint("chief", Duty.OFFICE_HEAD)

    def entered(slip: Any, at: Any = NOON) -> Posting:
        return posted(till.check(slip, at=at).posting)

    yield "collected", entered(till.deposit(till.sheet(5)))
    yield "collected of wages", entered(_fee(till))
    yield "collected by the collective", entered(till.note("collective", "10"))
    yield "assisted", entered(till.note("assistance", "10"))
    yield "subsidised", entered(till.note("subsidy", "10", payer="central"))
    yield "interest", entered(till.note("interest", "10"))
    yield "interest passed up", entered(_passed_up(till))
    yield "other_income", entered(till.note("other", "10", words="捐赠"))
    yield "transferred", entered(till.note("transfer", "10"))
    yield "reversal", _taken_back(till)
    sheet = till.sheet(1, next_year)
    paid = Contribution.objects.get(entry__sheet=sheet)
    asked = refunds.propose(contribution=paid, reason="外出务工", by=till.clerk, at=NOON)
    opened = deciding.rounds_of(asked).get()
    rounds.vote(round=opened, choice="approve", hash_seen=opened.subject_hash, by=boss, at=NOON, proof=proof_of(boss))
    yield "collected_ahead", entered(till.deposit(sheet, number="3", fund_year=next_year))
    yield "refunded", entered(till.give_back(now(asked), fund_year=next_year, number="退1"))
    till.check(till.deposit(till.sheet(2, next_year), number="4", fund_year=next_year))
    (turned,) = noting.turn_all(day=date(2011, 1, 3), by=till.counter.acc, at=NEXT_YEAR).slips
    yield "year_turned", entered(turned, at=NEXT_YEAR)


def _fee(till: slip_tests.Till) -> Any:
    wages = register.scheme("employees", insures="person", contribution="wages")
    book, year = _books_of(wages, till.counter), register.fund_year(wages)
    told = SlipOf(book, "fee", "税1", TODAY, "income_account", Decimal(800), year, to_accounts=Decimal(200))
    return noting.note(book=book, told=told, by=till.counter.acc, at=NOON)


def _taken_back(till: slip_tests.Till) -> Posting:
    wrong = till.check(till.note("other", "11", number="2", words="误记"))
    slips.ask_back(slip=wrong, on=TODAY, reason="误记", by=till.counter.acc, at=NOON)
    slips.take_back(slip=now(wrong), by=till.counter.head, at=NOON)
    return Posting.objects.get(reverses=wrong.posting)


def _passed_up(till: slip_tests.Till) -> Any:
    till.check(till.note("interest", "5", number="2", account="spending_account"))
    return till.note("transfer", "5", number="2", account="spending_account")


def by_payment(appoint: Any) -> Found:
    """Money asked of finance, payments of claims: answered, come back, paid again, in cash."""
    till = paying.Till.of(appoint)
    asked = fund_requests.ask(book=till.book, month=TODAY, lines=[("住院", Decimal(9000))], by=till.acc, at=NOON)
    till.vote(asked, till.fin)
    arrived = fund_requests.note_arrival(request=now(asked), on=TODAY, slip="1", by=till.acc, at=NOON)
    yield "requested", posted(arrived.posting)
    first, second = till.claim(), till.claim()
    one, two = till.payments(till.sent(first, second))
    till.answer(said(one), said(two))
    yield "paid", now(one).posting
    till.answer(said(one, "returned"))
    yield "returned", now(one).return_posting
    till.confirm(first, number="6228480000777777")
    [again] = till.payments(till.sent(first))
    till.answer(said(again))
    yield "paid_again", now(again).posting
    window = [till.claim(amounts=(amount,), payee_kind="member", payee_name="马小兰") for amount in ("1000", "600")]
    batch = till.released(*window, place="cash")
    cash.fetch(batch=batch, slip="1", on=TODAY, by=till.cas, at=NOON)
    yield "paid: cash fetched", CashMove.objects.get(kind="fetched").posting
    receiver = ReceiverOf("马小兰", "本人", "身份证")
    cash.pay_out(payment=till.payments(batch)[0], receiver=receiver, on=TODAY, by=till.cas, at=NOON)
    yield "paid at the window", now(till.payments(batch)[0]).posting
    cash.bring_back(batch=now(batch), slip="2", on=TODAY, by=till.cas, at=NOON)
    yield "paid: cash brought back", CashMove.objects.get(kind="brought_back").posting


def by_decision(appoint: Any) -> Found:
    """What is asked for and decided: paid by an order, or entered at once."""
    scene = Scene.of(appoint)
    prepaid = decide(_prepayment(scene), scene.hal)
    yield "prepaid", _paid(scene, prepaid)
    at_once = provider_payments.propose(settlement=scene.settlement(1), by=scene.acc, at=NOON)
    decide(at_once, scene.head)
    yield "prepayment_settled at once", Posting.objects.get(key=f"settlement:{at_once.number}")
    scene.terms("10")
    members = [scene.office.insured(str(number)) for number in range(11, 15)]
    document = scene.office.approved(*(visit(one, one.name, "50") for one in members))
    settled = provider_payments.propose(settlement=scene.office.settle(document), by=scene.acc, at=NOON)
    yield "prepayment_settled", _paid(scene, decide(settled, scene.head))
    premium = PremiumOf(
        year=2010, heads=30, per_head=Decimal(5), insurer="人寿", bank="农行", account="6228480000001111",
        paper="合同1", share=Decimal(50),
    )  # fmt: skip
    insured = premiums.propose(book=scene.book, stated=premium, by=scene.acc, at=NOON)
    yield "premium", _paid(scene, decide(insured, scene.hal))
    for source, kind in (("person", "recovered"), ("insurer", "premium of an insurer")):
        back = RecoveryOf(
            source, "马一", Decimal(7), TODAY, 2010, Account.objects.get(book=scene.book, purpose="special_account"),
            f"单{kind}",
        )  # fmt: skip
        asked = decide(recoveries.propose(book=scene.book, stated=back, by=scene.acc, at=NOON), scene.head)
        yield kind, Posting.objects.get(key=f"recovery:{asked.number}")
    moved = risk_fund.propose(
        book=scene.book, kind="extracted", year=2010, amount=Decimal(10), raised=Decimal(5000), on=TODAY, paper="9号",
        by=scene.acc, at=NOON,
    )  # fmt: skip
    yield "risk_fund", Posting.objects.get(key=f"risk-fund:{decide(moved, scene.head).number}")
    score = assessments.propose(
        book=scene.book, provider=scene.office.clinic, year=2010, score=Decimal(75), paper="考核表", by=scene.acc,
        at=NEXT_YEAR,
    )  # fmt: skip
    asked = decide(score, scene.hal, at=NEXT_YEAR)
    yield "retention_released to the fund", Posting.objects.get(key=f"assessment:{asked.number}:forfeited")
    yield "retention_released", _paid(scene, asked, NEXT_YEAR)


def by_second_run(appoint: Any) -> Found:
    """A list of second compensation, paid by orders."""
    scene = Scene.of(appoint)
    scene.enter("s", "subsidised", *pair("special_account", "subsidy_central", "2000"))
    people = scene.office.people(2)
    scene.office.approved(*(visit(who, who.name, "400") for who in people))
    run = decide(proposed(scene, draw_up(scene)), scene.hal, at=LATER)
    who = Member.objects.get(pk=people[0].pk)
    pay_to(who.household, who.name, "6228480000000001")
    second_paying.order(run=run, by=scene.acc, at=LATER)
    yield "paid: second compensation", _paid(scene, run.lines.get(member=who), LATER)


def _prepayment(scene: Scene) -> Any:
    given: dict[str, Any] = {"provider": scene.office.clinic, "year": 2010, "amount": Decimal(30), "paper": "1号"}
    return prepayments.propose(book=scene.book, by=scene.acc, at=NOON, **given)


def _paid(scene: Scene, asked: Any, at: Any = NOON) -> Posting:
    [order] = orders_of(asked)
    scene.pay(order, at=at)
    return _posting_of(order)


def _posting_of(order: PaymentOrder) -> Posting:
    posting = PaymentItem.objects.get(order=order, part=None).payment.posting
    assert posting is not None
    return posting
