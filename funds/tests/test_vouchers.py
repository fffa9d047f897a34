"""Vouchers made by hand: made by one, checked by another, entered, sent back, mended, withdrawn, taken back; and what
neither service nor database lets pass."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from conftest import NOON
from enrollment.tests import factories as register
from funds.models import Account, Posting, Voucher
from funds.rules.postings import Line, credit, debit
from funds.selectors import balances
from funds.selectors import vouchers as selectors
from funds.services import books, vouchers
from funds.services.books import CannotOpen
from funds.services.postings import CannotPost
from funds.services.vouchers import CannotKeepVoucher, VoucherOf
from funds.tests.factories import JANUARY, Counter, pair
from office.models import Act

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

FEBRUARY = date(2010, 2, 1)
SWEPT = pair("special_account", "spending_account", "40.00")


@pytest.fixture
def counter(appoint) -> Counter:
    return Counter.of(appoint)


def stated(*lines: Line, kind: str = "interest", on: date = JANUARY, summary: str = "一月利息") -> VoucherOf:
    return VoucherOf(kind, on, summary, lines or pair("special_account", "interest_income", "12.50"), attachments=2)


def note(counter: Counter, *lines: Line, **more) -> Voucher:
    return vouchers.note(book=counter.book, stated=stated(*lines, **more), by=counter.acc, at=NOON)


def enter(counter: Counter, voucher: Voucher) -> Voucher:
    return vouchers.enter(voucher=voucher, by=counter.head, at=NOON)


class TestMadeAndChecked:
    def test_it_is_entered_when_another_has_checked_it_and_not_before(self, counter):
        made = note(counter)
        assert (made.state, str(made), Posting.objects.count()) == ("noted", "制-0001", 0)
        assert list(selectors.waiting()) == [made]
        done = enter(counter, made)
        posting = done.posting
        assert (posting.made_by, posting.checked_by, posting.attachments) == (counter.acc, counter.head, 2)
        assert (posting.key, posting.summary, posting.kind) == ("voucher:ncms:1", "一月利息", "interest")
        assert balances.stands(counter.book, "interest_income") == Decimal("12.50")
        assert list(Act.objects.filter(name__startswith="voucher.").order_by("pk").values_list("name", flat=True)) == [
            "voucher.noted", "voucher.entered",
        ]  # fmt: skip
        with pytest.raises(CannotKeepVoucher, match="entered"):
            enter(counter, made)

    def test_sent_back_it_is_mended_by_its_maker_and_checked_again(self, counter):
        made = note(counter)
        with pytest.raises(CannotKeepVoucher, match="Say why"):
            vouchers.send_back(voucher=made, reason=" ", by=counter.head, at=NOON)
        back = vouchers.send_back(voucher=made, reason="金额不对", by=counter.head, at=NOON)
        assert (back.state, back.reason, back.checked_by) == ("returned", "金额不对", counter.head)
        with pytest.raises(CannotKeepVoucher, match="stays one of its event"):
            vouchers.mend(voucher=made, stated=stated(*SWEPT, kind="swept"), by=counter.acc, at=NOON)
        with pytest.raises(CannotKeepVoucher, match="nobody else"):
            vouchers.mend(voucher=made, stated=stated(), by=counter.head, at=NOON)
        new = stated(*pair("special_account", "interest_income", "13.00"))
        mended = vouchers.mend(voucher=made, stated=new, by=counter.acc, at=NOON)
        assert (mended.state, mended.reason, mended.checked_by) == ("noted", "", None)
        with pytest.raises(CannotKeepVoucher, match="to be checked"):
            vouchers.mend(voucher=made, stated=new, by=counter.acc, at=NOON)
        enter(counter, mended)
        assert balances.stands(counter.book, "interest_income") == Decimal("13.00")

    def test_withdrawn_it_is_over(self, counter):
        made = note(counter)
        with pytest.raises(CannotKeepVoucher, match="nobody else"):
            vouchers.withdraw(voucher=made, reason="x", by=counter.head, at=NOON)
        gone = vouchers.withdraw(voucher=made, reason="重复", by=counter.acc, at=NOON)
        assert gone.state == "withdrawn"
        for refused in (
            lambda: vouchers.withdraw(voucher=made, reason="x", by=counter.acc, at=NOON),
            lambda: enter(counter, made),
        ):
            with pytest.raises(CannotKeepVoucher, match="withdrawn"):
                refused()

    def test_whoever_made_it_does_not_check_it(self, counter):
        made = note(counter)
        for refused in (
            lambda: vouchers.enter(voucher=made, by=counter.acc, at=NOON),
            lambda: vouchers.send_back(voucher=made, reason="x", by=counter.acc, at=NOON),
        ):
            with pytest.raises(CannotKeepVoucher, match="does not check"):
                refused()
        assert Act.objects.filter(kind="refused").count() == 2

    def test_what_the_books_refuse_leaves_the_voucher_to_be_checked(self, counter):
        made = note(counter, *SWEPT, kind="swept")
        with pytest.raises(CannotPost, match="not so much"):
            enter(counter, made)
        made.refresh_from_db()
        assert (made.state, Posting.objects.count()) == ("noted", 0)


@pytest.mark.parametrize(
    ("lines", "more", "sentence"),
    [
        ((), {"summary": " "}, "in words"),
        ((), {"on": date(2910, 1, 1)}, "not come yet"),
        ((), {"on": date(2009, 12, 31)}, "kept since"),
        ((debit("cash", Decimal(1)),), {}, "two lines"),
        (pair("special_account", "interest_income", "0.001"), {}, "whole fen"),
        ((debit("cash", Decimal(2)), credit("interest_income", Decimal(1))), {}, "1.00 apart"),
        (pair("special_account", "treasury", "1"), {}, "treasury"),
        (pair("special_account", "pool", "1"), {}, "no account for this: pool"),
        (pair("pool_spending", "spending_account", "1"), {"kind": "paid"}, "page of its own"),
    ],
)
def test_what_is_no_voucher_is_refused_when_it_is_made(counter, lines, more, sentence):
    with pytest.raises(CannotKeepVoucher, match=sentence):
        note(counter, *lines, **more)
    assert not Voucher.objects.exists()
    assert Act.objects.filter(name="voucher.noted", kind="refused").count() == 1


class TestOpening:
    LINES = pair("special_account", "general_pool", "500.00")

    def test_is_of_the_first_day_and_there_once(self, counter):
        with pytest.raises(CannotKeepVoucher, match="first day"):
            note(counter, *self.LINES, kind="opening", on=date(2010, 1, 2))
        made = note(counter, *self.LINES, kind="opening")
        with pytest.raises(CannotKeepVoucher, match="there already"):
            note(counter, *self.LINES, kind="opening")
        done = enter(counter, made)
        assert done.posting.key == "opening:ncms:1"
        back = vouchers.note_reversal(posting=done.posting, on=JANUARY, reason="数字不对", by=counter.acc, at=NOON)
        enter(counter, back)
        assert balances.stands(counter.book, "special_account") == 0
        again = note(counter, *pair("special_account", "general_pool", "501.00"), kind="opening")
        assert enter(counter, again).posting.key == "opening:ncms:3"


class TestTakenBack:
    def test_in_red_by_a_voucher_that_another_checks(self, counter):
        posting = enter(counter, note(counter)).posting
        with pytest.raises(CannotKeepVoucher, match="not taken back before"):
            vouchers.note_reversal(posting=posting, on=date(2009, 12, 31), reason="x", by=counter.acc, at=NOON)
        with pytest.raises(CannotKeepVoucher, match="Say why"):
            vouchers.note_reversal(posting=posting, on=FEBRUARY, reason=" ", by=counter.acc, at=NOON)
        back = vouchers.note_reversal(posting=posting, on=FEBRUARY, reason="错账", by=counter.acc, at=NOON)
        assert (back.kind, back.reverses) == ("reversal", posting)
        assert "waits already" in selectors.not_taken_back(posting)
        with pytest.raises(CannotKeepVoucher, match="waits already"):
            vouchers.note_reversal(posting=posting, on=FEBRUARY, reason="x", by=counter.acc, at=NOON)
        vouchers.send_back(voucher=back, reason="不用", by=counter.head, at=NOON)
        with pytest.raises(CannotKeepVoucher, match="sent back"):
            vouchers.mend(voucher=back, stated=stated(), by=counter.acc, at=NOON)
        vouchers.withdraw(voucher=back, reason="不用", by=counter.acc, at=NOON)
        again = vouchers.note_reversal(posting=posting, on=FEBRUARY, reason="错账", by=counter.acc, at=NOON)
        reversal = enter(counter, again).posting
        assert reversal.reverses == posting
        assert "错账" in reversal.summary
        assert balances.stands(counter.book, "interest_income") == 0
        assert "taken back already" in selectors.not_taken_back(posting)
        assert "No" not in selectors.not_taken_back(reversal)
        with pytest.raises(CannotKeepVoucher, match="A reversal is not taken back"):
            vouchers.note_reversal(posting=reversal, on=FEBRUARY, reason="x", by=counter.acc, at=NOON)

    def test_where_it_came_from_when_that_was_no_voucher(self, counter):
        posting = counter.opened()
        slip = counter.enter("slip:1", "interest", *pair("special_account", "interest_income", "1.00"))
        assert "taken back there" in selectors.not_taken_back(slip)
        assert posting.key == "opening"  # entered past the vouchers, so it is no voucher's either
        assert "taken back there" in selectors.not_taken_back(posting)


class TestTheDatabase:
    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"lines": []}, "sent back"),
            ({"on": FEBRUARY}, "sent back"),
            ({"state": "entered"}, "its own posting|entered_has"),
            ({"state": "returned"}, "says_why"),
        ],
    )
    def test_lets_no_voucher_change_past_its_steps(self, counter, change, words):
        made = note(counter)
        with pytest.raises(DatabaseError, match=words), transaction.atomic():
            Voucher.objects.filter(pk=made.pk).update(**change)

    def test_lets_nobody_enter_it_as_a_posting_of_others(self, counter):
        made, other = note(counter), counter.opened()
        with pytest.raises(DatabaseError, match="its own posting"), transaction.atomic():
            Voucher.objects.filter(pk=made.pk).update(
                state="entered", posting=other, checked_by=counter.head, checked_at=NOON
            )
        with pytest.raises(DatabaseError, match="does not go"), transaction.atomic():
            Voucher.objects.filter(pk=made.pk).update(checked_by=counter.acc)
        with pytest.raises(DatabaseError, match="checked_by_another"), transaction.atomic():
            Voucher.objects.filter(pk=made.pk).update(state="returned", reason="x", checked_by=counter.acc)
        done = enter(counter, made)
        with pytest.raises(DatabaseError, match="sent back"), transaction.atomic():
            Voucher.objects.filter(pk=done.pk).update(reason="x")
        with pytest.raises(DatabaseError, match="does not go"), transaction.atomic():
            Voucher.objects.create(
                book=counter.book, number=9, kind="interest", on=JANUARY, summary="x", state="returned", reason="x",
                made_by=counter.acc, made_at=NOON,
            )  # fmt: skip


class TestBooks:
    def test_of_a_scheme_are_opened_once_and_with_a_month(self, counter, appoint):
        given = {"chart": books.shipped("residents"), "by": counter.acc, "at": NOON}
        with pytest.raises(CannotOpen, match="open already"):
            books.open_book(scheme=counter.book.scheme, begins_on=JANUARY, **given)
        other = register.scheme("residents", insures="person")
        with pytest.raises(CannotOpen, match="begin with a month"):
            books.open_book(scheme=other, begins_on=date(2010, 1, 2), **given)
        made = books.open_book(scheme=other, begins_on=JANUARY, pays="finance", collects="finance", **given)
        assert (made.code, made.pays, made.collects) == ("residents", "finance", "finance")
        with pytest.raises(books.BadChart):
            books.shipped("../etc")

    @pytest.mark.parametrize(
        ("purpose", "code", "name", "sentence"),
        [
            ("interest_income", "4005", " ", "Name the account"),
            ("interest_income", "4x", "利息", "four to twelve digits"),
            ("interest_income", "4006", "利息", "Another account"),
            ("subsidy_central", "4103", "中央", "begins with that of its account"),
            ("subsidy_central", "4004", "中央", "Another account"),
            ("subsidy_income", "4100", "补助", "Its sub-accounts"),
        ],
    )
    def test_an_account_keeps_a_code_that_fits(self, counter, purpose, code, name, sentence):
        account = Account.objects.get(book=counter.book, purpose=purpose)
        with pytest.raises(CannotOpen, match=sentence):
            books.rename_account(account=account, code=code, name=name, by=counter.acc, at=NOON)

    def test_an_account_gets_the_code_of_the_countys_chart_though_it_has_entries(self, counter):
        enter(counter, note(counter))
        account = Account.objects.get(book=counter.book, purpose="interest_income")
        new = books.rename_account(account=account, code="4105", name="存款利息收入", by=counter.acc, at=NOON)
        assert str(new) == "4105 存款利息收入"
        child = Account.objects.get(book=counter.book, purpose="subsidy_central")
        new = books.rename_account(account=child, code="40049", name="中央", by=counter.acc, at=NOON)
        assert new.code == "40049"
        assert Act.objects.filter(name="account.changed").count() == 2
