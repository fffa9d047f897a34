"""A month of the fund through the office, each person before his own screen with a factor of his own: sheets paid in
and passed on, a subsidy that arrives, claims paid with a line that comes back and is paid again, the bank's statements
compared, their sheets confirmed by another, the month closed."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count

import pytest
from django.utils import timezone

from claims.tests.deciding import Desk, now
from funds.models import BankAccount, PayeeConfirmation, Period, Reconciliation, Statement
from funds.rules.bank_files import AnswerOf
from funds.selectors import balances
from funds.selectors import bank_statements as selectors
from funds.services import books
from funds.tests import slips
from funds.tests.banking import bank_account
from funds.tests.factories import Counter, pair
from funds.tests.paying import ONE_LAYER, Till
from office.models import Duty
from tests.at_funds import Teller, answered, at, batch_of, carried, checked, handed, noted, together, vote

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FIRST, DAY, LAST = date(2010, 3, 1), date(2010, 3, 10), date(2010, 3, 31)
RATE = ("province", 1, 30, FIRST)
PLACES = ("income_account", "special_account", "spending_account")
#: A day, what came in (above nothing) or went out, and the number it carries.
Line = tuple[date, Decimal, str]


@pytest.fixture
def clock(monkeypatch):
    """Sets the office's clock, which goes on from there."""
    real = timezone.now

    def set_to(moment: str) -> None:
        ahead = datetime.fromisoformat(moment) - real()
        monkeypatch.setattr(timezone, "now", lambda: real() + ahead)

    return set_to


@pytest.fixture
def till(appoint, clock) -> Till:
    """Books since the first of March with 50,000 yuan to spend, their bank accounts, and two claims to pay."""
    clock("2010-03-10T09:00:00+08:00")
    desk = Desk.of(appoint, ONE_LAYER)
    acc = appoint("acc", Duty.FUND_ACCOUNTANT, full_name="田会计")
    head = appoint("head", Duty.ACCOUNTING_HEAD, full_name="马主管")
    chart = books.shipped("ncms")
    book = books.open_book(scheme=desk.scheme, chart=chart, begins_on=FIRST, by=acc, at=timezone.now())
    counter = Counter(book, acc, head)
    counter.enter("opening", "opening", *pair("spending_account", "general_pool", "50000"), on=FIRST)
    for purpose in PLACES:
        bank_account(book, purpose, by=acc, confirmed_by=head)
    cashier = appoint("cas", Duty.CASHIER, full_name="李出纳")
    return Till(desk, counter, cashier, appoint("fin", Duty.FINANCE_REVIEWER), count(1))


def at_bank(till: Till, purpose: str) -> BankAccount:
    found: BankAccount = BankAccount.objects.get(account__book=till.book, account__purpose=purpose)
    return found


def stated(number: str, opening: str, *lines: Line) -> bytes:
    """The statement of March, as a bank's table."""
    closing = Decimal(opening) + sum((amount for _on, amount, _number in lines), Decimal(0))
    rows: list[Sequence[object]] = [
        ["账号", number],
        ["起止日期", FIRST, LAST],
        ["期初余额", opening],
        ["期末余额", closing],
        ["日期", "收入", "支出", "业务编号", "摘要"],
    ]
    for on, amount, reference in lines:
        came_in, went_out = (amount, "") if amount > 0 else ("", -amount)
        rows.append([on, came_in, went_out, reference, "转账"])
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def test_a_month_from_the_first_sheet_to_its_closing(appoint, screens, clock, till):
    money = slips.Till(
        till.counter, appoint("li", Duty.TOWNSHIP_CLERK, body=slips.station()), slips.year_of(2010, RATE)
    )
    claims = till.claim(), till.claim()
    acc, head = at(screens, till.acc), at(screens, till.counter.head)
    brought_in(money, acc, head)
    lines = paid_out(till, acc, head, at(screens, till.desk.hal), at(screens, till.cas))

    clock("2010-04-02T09:00:00+08:00")
    acc, head = at(screens, till.acc), at(screens, till.counter.head)
    for place in ("支出户", "财政专户", "收入户"):
        acc.shows(f"{place}存款")
    acc.fits("month-accountant-home")
    day = (DAY, Decimal(60), "")
    out = (DAY, Decimal(-60), "")
    compared(acc, head, at_bank(till, "income_account"), stated(at_bank(till, "income_account").number, "0", day, out))
    arrived = (DAY, Decimal(10), "")
    special = at_bank(till, "special_account")
    compared(acc, head, special, stated(special.number, "0", day, arrived))
    spending = at_bank(till, "spending_account")
    compared(acc, head, spending, stated(spending.number, "50000", *lines), pictures=True)
    assert [now(one).state for one in claims] == ["paid", "paid"]
    closed(till, acc, head)
    assert balances.stands(till.book, "special_account") == 70
    assert balances.stands(till.book, "spending_account") == 50000 + sum(amount for _on, amount, _number in lines)
    assert balances.identity(till.book, LAST).holds


def brought_in(money: slips.Till, acc: Teller, head: Teller) -> None:
    """A sheet paid in, its money passed on, a part of the province's subsidy: each compared with its paper by
    another."""
    sheet, book = money.sheet(3), money.counter.book
    rate = money.year.subsidyrates.get(level="province")
    money.claim("province", "30", rate)
    with together("money in", acc, head, keys=120):
        acc.opens("funds:slips")
        acc.press("Alt+n")
        acc.ticks(acc.page.get_by_label(str(sheet)))
        checked(head, noted(acc, "存001", "60"), "month-slip")
        acc.opens("funds:slip_note", book.code, "transfer")
        checked(head, noted(acc, "缴拨1", "60"))
        acc.opens("funds:slips")
        acc.press("Alt+m")
        acc.chooses("paid_for", f"{money.year.pk}-province-{rate.pk}")
        checked(head, noted(acc, "拨1", "10"))


def paid_out(till: Till, acc: Teller, head: Teller, hal: Teller, cas: Teller) -> list[Line]:
    """A batch released by two others, one line returned, its payee confirmed, paid again; what the bank will say."""
    with together("a batch", acc, head, hal, cas, keys=45):
        batch = batch_of(acc, "三月住院补偿")
        acc.press("F2")
        vote(head, batch, "month-release")
        vote(hal, batch)
        one, two = carried(cas, batch)
        back = AnswerOf(two.number, "returned", two.amount, DAY, "B2", "户名不符")
        answered(cas, AnswerOf(one.number, "paid", one.amount, DAY, "B1"), back)
        cas.fits("month-answer")
    with together("a payment that came back", acc, head, hal, cas, keys=90):
        acc.opens("funds:payable", till.book.code)
        acc.keys.press("Tab", "Enter")  # skips to the content
        acc.keys.tab_to(acc.page.get_by_role("link", name="确认收款账户"))
        acc.press("Enter")
        acc.types(holder="马新户", bank="农信社", number="6228480000777777", reason="户名更正")
        acc.press("F2")
        vote(head, PayeeConfirmation.objects.get())
        again = batch_of(acc, "退票重付")
        acc.press("F2")
        vote(head, again)
        vote(hal, again)
        [paid] = carried(cas, again)
    return [(DAY, -one.amount, one.number), (DAY + timedelta(days=1), -paid.amount, paid.number)]


def compared(acc: Teller, head: Teller, of: BankAccount, statement: bytes, *, pictures: bool = False) -> None:
    """A statement taken in, its lines matched, the sheet of its last day made, and confirmed by another."""
    with together(f"statement of {of.account}", acc, head, keys=12):
        acc.opens("funds:statements")
        acc.press("Alt+n")
        handed(acc, "对账单.csv", statement)
        kept = Statement.objects.latest("pk")
        if pictures:
            acc.fits("month-statement")
        acc.press("Alt+m")
        if pictures:
            acc.fits("month-matching")
        acc.press("Alt+c")
        acc.shows("银行的全部收付都已入账。")
        assert not selectors.open_lines(kept.bank_account.account).exists()
        if pictures:
            acc.fits("month-matched")
        acc.opens("funds:reconciliations")
        acc.press("Alt+n")
        acc.chooses("account", str(of.account_id))
        acc.press("F2")
        made = Reconciliation.objects.latest("pk")
        if pictures:
            acc.fits("month-sheet")
        vote(head, made, "month-sheet-decision" if pictures else "")
    assert (now(made).state, made.on, made.outstanding) == ("confirmed", LAST, Decimal(0))


def closed(till: Till, acc: Teller, head: Teller) -> None:
    """The month asked for by one and closed by another with a code of his own."""
    with together("closing", acc, head, keys=15):
        acc.opens("funds:month_of", till.book.code, "2010-03")
        acc.fits("month-to-close")
        acc.press("F2")
        period = Period.objects.get(book=till.book, month=FIRST)
        acc.fits("month-closing")
        vote(head, period, "month-closing-decision")
        acc.opens("funds:month_of", till.book.code, "2010-03")
        acc.fits("month-closed")
    assert now(period).state == "closed"
