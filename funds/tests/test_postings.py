"""Entering: what comes into books, what is refused by the service with its sentence and by the database without it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from conftest import NOON
from funds.models import Account, Balance, Entry, Period, Posting
from funds.rules.postings import credit, debit
from funds.selectors import balances, verifying
from funds.services import postings
from funds.services.postings import CannotPost, ToldDifferently
from funds.tests.factories import JANUARY, Counter, pair, past_triggers
from office.models import Act

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def counter(appoint) -> Counter:
    return Counter.of(appoint)


def stands(counter: Counter, purpose: str) -> Decimal:
    return balances.stands(counter.book, purpose)


class TestEntering:
    def test_moves_the_balances_and_counts_by_month(self, counter):
        counter.opened("1000.00")
        request = counter.enter("r1", "requested", *pair("spending_account", "special_account", "300.00"))
        paid = counter.enter(
            "p1", "paid", debit("pool_spending", Decimal("120.50")), debit("household_spending", Decimal("9.50")),
            credit("spending_account", Decimal("130.00")), on=date(2010, 2, 1),
        )  # fmt: skip
        assert (request.number, paid.number, str(paid)) == (2, 1, "记-0001")
        assert [stands(counter, one) for one in ("special_account", "spending_account", "pool_spending")] == [
            700, 170, Decimal("120.50"),
        ]  # fmt: skip
        whole = balances.identity(counter.book, date(2010, 2, 1))
        assert (whole.held, whole.owned, whole.holds) == (870, 870, True)
        rows = {
            one.account.purpose: one for one in balances.standings(counter.book, date(2010, 2, 1), date(2010, 2, 1))
        }
        month = rows["spending_account"]
        assert (month.opening, month.debit, month.credit, month.closing) == (300, 0, 130, 170)

    def test_an_event_told_twice_is_one_posting(self, counter):
        first = counter.opened()
        assert counter.opened() == first
        with pytest.raises(ToldDifferently, match="other figures"):
            counter.opened("1000.01")
        assert Posting.objects.count() == 1
        assert Act.objects.filter(name="posting.entered", kind="refused").count() == 1

    def test_a_month_left_out_is_begun_with_the_next(self, counter):
        counter.opened()
        counter.enter("r", "requested", *pair("spending_account", "special_account", "1.00"), on=date(2010, 2, 28))
        assert list(Period.objects.values_list("month", "state")) == [
            (date(2010, 1, 1), "open"), (date(2010, 2, 1), "open"),
        ]  # fmt: skip

    def test_taken_back_it_stands_in_red_and_the_turnover_is_that_of_what_holds(self, counter):
        posting = counter.opened("500.00")
        back = counter.reverse(posting, on=date(2010, 2, 3))
        assert back.reverses == posting
        assert set(back.entries.values_list("side", "is_red")) == {("debit", True), ("credit", True)}
        february = Balance.objects.get(account__purpose="special_account", month=date(2010, 2, 1))
        assert (february.debit, february.credit) == (-500, 0)
        assert stands(counter, "special_account") == 0
        assert counter.reverse(posting, on=date(2010, 2, 3)) == back
        with pytest.raises(CannotPost, match=r"no reversal|taken back|other figures"):
            counter.reverse(posting, on=date(2010, 2, 4))


class TestRefused:
    @pytest.mark.parametrize(
        ("kind", "lines", "sentence"),
        [
            ("requested", (debit("spending_account", Decimal(5)), credit("special_account", Decimal(4))), "1.00 apart"),
            ("requested", (debit("spending_account", Decimal(5)),), "two lines"),
            ("requested", pair("spending_account", "special_account", "0.001"), "whole fen"),
            ("requested", pair("special_account", "spending_account", "5"), "No such event"),
            ("requested", pair("spending_account", "special_account", "1000.01"), "not so much on 1002"),
            ("paid", pair("pool_spending", "income_account", "5"), "No such event"),
            ("paid", pair("pool_spending", "treasury", "5"), "no account for this: treasury"),
        ],
    )
    def test_with_its_sentence(self, counter, kind, lines, sentence):
        counter.opened("1000.00")
        with pytest.raises(CannotPost, match=sentence):
            counter.enter("x", kind, *lines)
        assert Posting.objects.count() == 1
        assert Act.objects.get(name="posting.entered", kind="refused").reason

    def test_by_whom_and_when(self, counter):
        stated = counter.stated("x", "opening", *pair("special_account", "general_pool", "5"))
        with pytest.raises(CannotPost, match="does not check"):
            postings.post(stated=stated, by=counter.acc, checked_by=counter.acc, at=NOON)
        with pytest.raises(CannotPost, match="kept since"):
            counter.enter("x", "opening", *pair("special_account", "general_pool", "5"), on=date(2009, 12, 31))
        with pytest.raises(CannotPost, match="not come yet"):
            counter.enter("x", "opening", *pair("special_account", "general_pool", "5"), on=date(2910, 1, 1))

    def test_without_words(self, counter):
        posting = counter.opened()
        with pytest.raises(CannotPost, match="in words"):
            counter.enter(" ", "requested", *pair("spending_account", "special_account", "5"))
        with pytest.raises(CannotPost, match="Say why"):
            counter.reverse(posting, reason=" ")
        assert balances.stands(counter.book, "special_account", date(2009, 12, 1)) == 0

    def test_in_words_where_only_the_database_sees_it(self, counter, monkeypatch):
        """What a service sees first, seen too late: the month closed meanwhile, taken back twice."""
        posting = counter.opened()
        back = counter.reverse(posting)

        def again(kind: str, reverses: Posting) -> None:
            mirror = pair("general_pool", "special_account", "1000.00")
            stated = counter.stated("again", kind, *mirror)
            with transaction.atomic():
                postings._post(stated, counter.acc, counter.head, NOON, reverses)

        for kind in ("reversal", "requested"):
            with pytest.raises(CannotPost, match="taken back already"):
                again(kind, posting)
        with pytest.raises(DatabaseError, match="no reversal"):
            again("reversal", back)
        period = Period.objects.get()
        Period.objects.filter(pk=period.pk).update(state="closing")
        monkeypatch.setattr(postings, "_month", lambda book, on: period)
        with pytest.raises(CannotPost, match="This month is not open"):
            counter.enter("x", "requested", *pair("spending_account", "special_account", "5"))

    @pytest.mark.django_db(transaction=True)
    @pytest.mark.parametrize("state", ["closing", "closed", "reopening"])
    def test_in_a_month_that_is_not_open(self, counter, state):
        counter.opened()
        past_triggers(f"UPDATE funds_period SET state = '{state}'")
        with pytest.raises(CannotPost, match="2010-01 is"):
            counter.enter("x", "requested", *pair("spending_account", "special_account", "5"))
        with pytest.raises(DatabaseError, match="not open"), transaction.atomic():
            written(counter, pair("spending_account", "special_account", "5"), "requested")

    def test_money_that_would_be_gone_in_an_earlier_month(self, counter):
        counter.opened("100.00")
        counter.enter("a", "requested", *pair("spending_account", "special_account", "100.00"), on=date(2010, 2, 1))
        with pytest.raises(CannotPost, match="not so much on 1002"):
            counter.enter("b", "risk_fund", *pair("risk_deposit", "special_account", "1.00"))


def written(counter: Counter, lines, kind: str, **more) -> Posting:
    """Past the service, as any SQL could."""
    period = Period.objects.get(book=counter.book, month=JANUARY)
    given = {
        "book": counter.book, "period": period, "number": 0, "key": f"sql {Posting.objects.count()}", "kind": kind,
        "sha256": "0" * 64, "on": JANUARY, "summary": "x", "made_by": counter.acc, "checked_by": counter.head,
        "made_at": NOON,
    }  # fmt: skip
    posting = Posting.objects.create(**given | more)
    accounts = {one.purpose: one for one in Account.objects.filter(book=counter.book)}
    Entry.objects.bulk_create(
        Entry(
            posting=posting, line=place, account=accounts[one.account], side=one.side, amount=one.amount,
            is_red=posting.reverses_id is not None,
        )
        for place, one in enumerate(lines, 1)
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    return posting


class TestTheDatabase:
    @pytest.fixture
    def opened(self, counter) -> Posting:
        return counter.opened("1000.00")

    @pytest.mark.parametrize(
        ("kind", "lines", "words"),
        [
            ("requested", (debit("spending_account", Decimal(5)), credit("special_account", Decimal(4))), "not credit"),
            ("requested", (), "not credit"),
            ("requested", pair("special_account", "spending_account", "5"), "no such event"),
            ("requested", pair("spending_account", "special_account", "1001"), "would stand at"),
        ],
    )
    def test_refuses_what_does_not_balance(self, counter, opened, kind, lines, words):
        with pytest.raises(DatabaseError, match=words), transaction.atomic():
            written(counter, lines, kind)
        assert Posting.objects.get() == opened

    def test_refuses_a_reversal_that_is_no_mirror(self, counter, opened):
        for lines in (pair("general_pool", "special_account", "999"), pair("special_account", "general_pool", "1000")):
            with pytest.raises(DatabaseError, match="mirror"), transaction.atomic():
                written(counter, lines, "reversal", reverses=opened)

    def test_refuses_one_person_alone(self, counter, opened):
        with pytest.raises(DatabaseError, match="made_and_checked"), transaction.atomic():
            written(counter, pair("spending_account", "special_account", "5"), "requested", checked_by=counter.acc)

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE funds_posting SET summary = 'y'",
            "DELETE FROM funds_posting",
            "UPDATE funds_entry SET amount = 1",
            "DELETE FROM funds_entry",
            "UPDATE funds_balance SET debit = 0",
            "INSERT INTO funds_balance (account_id, month, debit, credit) SELECT id, now(), 1, 0 FROM funds_account",
            "DELETE FROM funds_balance",
            "UPDATE funds_flow SET kind = 'paid'",
            "UPDATE funds_account SET kind = 'liability', place = '' WHERE code = '1002'",
            "UPDATE funds_period SET state = 'closed'",
            "UPDATE funds_period SET state = 'closed' WHERE state = 'closing'",
            "TRUNCATE funds_entry",
            "UPDATE funds_book SET begins_on = '2010-01-02'",
        ],
    )
    def test_lets_nobody_write_past_the_postings(self, counter, opened, statement):
        if "'closing'" in statement:
            Period.objects.update(state="closing")
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
        assert stands(counter, "special_account") == 1000

    @pytest.mark.django_db(transaction=True)
    def test_adds_no_line_to_what_is_entered(self, counter, opened):
        account = Account.objects.get(book=counter.book, purpose="special_account")
        with pytest.raises(DatabaseError, match="come with their posting"), transaction.atomic():
            Entry.objects.create(posting=opened, line=3, account=account, side="debit", amount=1)


MONTH_OF_NOTHING = """
    INSERT INTO claims_monthsum (scheme_id, month, kind, level, region, times, total, cut, struck, eligible, own_items,
        fund_pays, patient_pays, ceilings, floors)
    SELECT scheme_id, '2010-01-01', 'inpatient', 'county', 'inside', 1, 9, 0, 0, 0, 0, 9, 0, 0, 0 FROM funds_book"""
YEAR_OF_NOBODY = """
    INSERT INTO enrollment_yearsum (fund_year_id, coverages, own, assisted, collective) VALUES (1, 0, 1, 0, 0)"""


class TestVerifying:
    def test_finds_nothing_where_nothing_is_wrong(self, counter):
        counter.reverse(counter.opened())
        out = StringIO()
        call_command("verify_books", "--json", stdout=out)
        assert out.getvalue().startswith('{"ok": true, "rows": 8, "faults": []}')

    @pytest.mark.parametrize(
        ("statement", "reason"),
        [
            ("UPDATE funds_entry SET amount = amount + 1 WHERE side = 'debit'", "debit is not credit"),
            ("DELETE FROM funds_entry WHERE line = 2", "fewer than two lines"),
            ("UPDATE funds_posting SET number = 9 WHERE number = 2", "gap"),
            ("UPDATE funds_posting SET \"on\" = '2010-02-01'", "not of the month"),
            ("UPDATE funds_entry SET is_red = false", "mirror"),
            ("DELETE FROM funds_flow", "no such event"),
            ("UPDATE funds_posting SET kind = 'requested' WHERE kind = 'opening'", "no such event"),
            ("UPDATE funds_balance SET debit = debit + 1", "sum of its entries"),
            ("UPDATE funds_balance SET credit = 5000 FROM funds_account a WHERE a.id = account_id AND never_negative",
             "below zero"),
            ("UPDATE funds_balance SET debit = debit + 1", "differ"),
            ("UPDATE funds_account SET is_entered_on = false WHERE code = '1002'", "holds no entries"),
            ("UPDATE funds_posting SET summary = 'other words'", "hash"),
            ("INSERT INTO funds_period (book_id, month, state) SELECT id, '2010-02-01', 'closed' FROM funds_book",
             "earlier month"),
            (MONTH_OF_NOTHING, "decided about claims"),
            (YEAR_OF_NOBODY, "its coverages and contributions"),
        ],
    )  # fmt: skip
    @pytest.mark.django_db(transaction=True)
    def test_finds_what_is_broken_past_every_trigger(self, counter, statement, reason):
        counter.reverse(counter.opened())
        past_triggers(statement)
        found = [one.reason for one in verifying.broken()]
        assert any(reason in one for one in found), found
        with pytest.raises(SystemExit, match="1"):
            call_command("verify_books", stdout=StringIO())
