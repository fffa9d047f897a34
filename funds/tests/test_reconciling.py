"""Lines of the bank are matched with the books, the sheet brings both to one sum, cash is counted by two, and what a
closing of the month asks of that."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from conftest import NOON
from funds.models import Match, MatchedEntry, MatchedLine
from funds.rules import matching
from funds.rules import reconciling as rules
from funds.rules.matching import Item
from funds.selectors import bank_statements as selectors
from funds.services import matches
from funds.services.reconciling import CannotReconcile
from funds.tests.banking import FEBRUARY, LAST, Bank, cashier, line, written
from funds.tests.factories import JANUARY
from office.models import Act

pytestmark = [pytest.mark.usefixtures("in_english")]


def item(pk: int, amount: int, on: int = 5, number: str = "", group: int = 0) -> Item:
    return Item(pk, date(2010, 1, on), Decimal(amount), number, group)


@pytest.mark.rules
class TestCertain:
    @pytest.mark.parametrize(
        ("lines", "entries", "expected"),
        [
            pytest.param([item(1, -5, 9, "ZF1")], [item(2, -5, 3, "ZF1")], [("number", 1, 2)], id="number, other day"),
            pytest.param([item(1, -5, 9, "ZF1")], [item(2, -6, 9, "ZF1")], [], id="number, other amount"),
            pytest.param([item(1, -5)], [item(2, -5)], [("amount", 1, 2)], id="amount and day"),
            pytest.param([item(1, -5, 5)], [item(2, -5, 6)], [], id="another day"),
            pytest.param([item(1, -5)], [item(2, 5)], [], id="other way"),
            pytest.param([item(1, -5), item(3, -5)], [item(2, -5)], [], id="two lines of one sum"),
            pytest.param([item(1, -5)], [item(2, -5), item(4, -5)], [], id="two entries of one sum"),
            pytest.param([item(1, -5, 5, "A")], [item(2, -5, 5, "B")], [], id="numbers contradict"),
            pytest.param([item(1, -5, 5, "A")], [item(2, -5)], [("amount", 1, 2)], id="one has a number"),
            pytest.param(
                [item(1, -5, 5, "A"), item(3, -5)], [item(2, -5, 5, "A"), item(4, -5)],
                [("number", 1, 2), ("amount", 3, 4)], id="the number first",
            ),
            pytest.param([item(1, -5, 5, "A"), item(3, -5, 6, "A")], [item(2, -5, 5, "A")], [("amount", 1, 2)],
                         id="a number twice is settled by the day"),
        ],
    )  # fmt: skip
    def test_is_what_only_one_of_each_side_says(self, lines, entries, expected):
        found = matching.certain(lines, entries)
        assert [(one.how, one.line.pk, one.entry.pk) for one in found] == expected


@pytest.mark.rules
class TestProposals:
    @pytest.mark.parametrize(
        ("lines", "entries", "expected"),
        [
            pytest.param([item(1, -5, 9)], [item(2, -5, 5)], [("near", [1], [2])], id="some days apart"),
            pytest.param([item(1, -5, 20)], [item(2, -5, 5)], [], id="too far apart"),
            pytest.param([], [item(1, 5, 5, group=7), item(2, -5, 9, group=7)], [("lifted", [], [1, 2])],
                         id="taken back"),
            pytest.param([item(1, -9, 6)], [item(2, -5, group=7), item(3, -4, group=7), item(4, -1, group=8)],
                         [("together", [1], [2, 3])], id="one line for a posting"),
            pytest.param([item(1, -9, 6)], [item(2, -5), item(3, -4), item(4, 9)], [("together", [1], [2, 3])],
                         id="one line for a day"),
            pytest.param([item(1, -9, 20)], [item(2, -5), item(3, -4)], [], id="a day too far"),
            pytest.param([item(1, 5), item(2, 4)], [item(3, 9, 6)], [("apart", [1, 2], [3])], id="one entry for a day"),
            pytest.param([item(1, -9, 6)], [item(2, -5, 5), item(3, -4, 6), item(4, -2, 7)],
                         [("together", [1], [2, 3])], id="two of several"),
            pytest.param([item(1, -9, 6)], [item(2, -5, 5), item(3, -4, 6), item(4, -3, 7), item(5, -6, 8)], [],
                         id="two ways: nobody guesses"),
            pytest.param([item(1, -9, 6), item(9, -9, 7)], [item(2, -5, 5), item(3, -4, 6)],
                         [("together", [1], [2, 3])], id="each in one proposal"),
        ],
    )  # fmt: skip
    def test_are_what_a_person_is_asked(self, lines, entries, expected):
        found = matching.proposals(lines, entries)
        assert [(one.why, [i.pk for i in one.lines], [i.pk for i in one.entries]) for one in found] == expected
        assert all(len(one.items) > 1 for one in found)

    def test_do_not_try_too_many(self):
        many = [item(place, -place, 1 + place % 4) for place in range(1, matching.MOST_TRIED + 2)]
        assert matching.proposals([item(99, -3, 2)], many)[0].why == "near"
        assert matching.proposals([item(99, -49, 4)], many) == []


@pytest.mark.rules
def test_a_sheet_brings_both_sides_to_one_sum():
    kept = rules.Open(3, date(2010, 1, 9), Decimal("4.00"), "B9", "利息")
    sheet = rules.Sheet(
        LAST, Decimal(100), Decimal(92), [kept, rules.Open(4, LAST, Decimal(-2), "", "手续费")],
        [rules.Open(5, LAST, Decimal(30), "记-0001", ""), rules.Open(6, LAST, Decimal(-20), "记-0002", "ZF1")],
    )  # fmt: skip
    assert (sheet.bank_in, sheet.bank_out, sheet.book_in, sheet.book_out) == (4, 2, 30, 20)
    assert (sheet.book_adjusted, sheet.statement_adjusted, sheet.apart) == (102, 102, 0)
    assert rules.opened(sheet.content["lines"])[0] == kept
    assert sheet.sha256 == rules.Sheet(LAST, Decimal("100.00"), Decimal(92), sheet.lines, sheet.entries).sha256
    assert sheet.sha256 != rules.Sheet(LAST, Decimal(101), Decimal(92), sheet.lines, sheet.entries).sha256


@pytest.fixture
def bank(appoint) -> Bank:
    """A thousand in the special account, in the books and at the bank since the first of January."""
    found = Bank.of(appoint)
    found.counter.opened("1000.00")
    return found


@pytest.mark.django_db
class TestMatching:
    def test_the_number_first_then_amount_and_day_then_a_person(self, bank):
        bank.paid_out("ZF1 首批", "100.00")
        bank.paid_out("ZF2", "50.00", 6)
        bank.paid_out("ZF3", "30.00", 7)
        bank.paid_out("ZF4", "20.00", 7)
        bank.keep(
            line(8, "-100.00", "ZF1"), line(6, "-50.00"), line(8, "-50.00", "合并付款"), line(9, "-50.00"),
            opening="1000.00",
        )  # fmt: skip
        made = bank.certain()
        assert [(one.how, one.amount, one.last_on) for one in made] == [
            ("number", -100, date(2010, 1, 8)), ("amount", 1000, JANUARY), ("amount", -50, date(2010, 1, 6)),
        ]  # fmt: skip
        assert bank.certain() == []
        lines, entries = selectors.open_lines(bank.account), selectors.open_entries(bank.account)
        asked = matching.proposals(selectors.line_items(lines), selectors.entry_items(entries))
        assert [(one.why, one.lines[0].pk) for one in asked] == [("together", lines[0].pk)]
        held = matches.match(
            account=bank.account, lines=[one.pk for one in asked[0].lines],
            entries=[one.pk for one in asked[0].entries],
            by=bank.counter.acc, at=FEBRUARY, proposed=True,
        )  # fmt: skip
        assert (held.how, held.entries.count(), str(held)) == ("proposed", 2, "proposed, confirmed by a person -50.00")
        assert list(lines.all()) == [lines.last()]
        assert Act.objects.filter(name="statement.matched", kind="done").count() == 2

    def test_each_is_undone_alone(self, bank):
        bank.paid_out("ZF1", "100.00")
        bank.keep(line(8, "-100.00", "ZF1"), opening="1000.00")
        paid, opening = bank.certain()
        undone = matches.undo(match=paid, reason="认错", by=bank.counter.acc, at=FEBRUARY)
        opening.refresh_from_db()
        assert (undone.state, opening.state) == ("undone", "held")
        assert selectors.open_lines(bank.account).get().reference == "ZF1"
        assert {str(one) for one in (paid.lines.get(), paid.entries.get())} == {
            "2010-01-08 -100.00", "1002 财政专户存款 credit 100.00",
        }  # fmt: skip
        with pytest.raises(CannotReconcile, match="undone already"):
            matches.undo(match=paid, reason="认错", by=bank.counter.acc, at=FEBRUARY)
        again = bank.match(selectors.open_lines(bank.account), selectors.open_entries(bank.account))
        assert (again.how, again.state) == ("person", "held")

    def test_entries_lift_each_other_without_the_bank(self, bank):
        wrong = bank.paid_out("ZF1", "100.00")
        bank.counter.reverse(wrong, on=date(2010, 1, 9))
        bank.keep(opening="1000.00")
        bank.certain()
        asked = matching.proposals([], selectors.entry_items(selectors.open_entries(bank.account)))
        assert [one.why for one in asked] == ["lifted"]
        assert bank.match([], selectors.open_entries(bank.account)).amount == 0

    def test_whoever_registered_learns_of_it(self, bank, monkeypatch):
        heard = []
        monkeypatch.setattr(matches, "_matched", [])
        monkeypatch.setattr(matches, "_undone", [])
        matches.tell(
            matched=lambda some, by, at: heard.append(("matched", len(some))),
            undone=lambda some, by, at: heard.append(("undone", some[0].pk)),
        )
        bank.keep(opening="1000.00")
        (made,) = bank.certain()
        bank.certain()
        matches.undo(match=made, reason="x", by=bank.counter.acc, at=FEBRUARY)
        assert heard == [("matched", 1), ("undone", made.pk)]

    def test_refuses_what_is_not_the_same_money(self, bank, appoint):
        bank.paid_out("ZF1", "100.00")
        bank.keep(line(8, "-99.00", "ZF1"), opening="1000.00")
        bank.certain()
        lines, entries = list(selectors.open_lines(bank.account)), list(selectors.open_entries(bank.account))
        with pytest.raises(CannotReconcile, match=r"-99\.00, in the books -100\.00: 1\.00 apart"):
            bank.match(lines, entries)
        with pytest.raises(CannotReconcile, match="at least"):
            bank.match(lines, [])
        taken = MatchedLine.objects.get().line
        with pytest.raises(CannotReconcile, match="matched meanwhile"):
            bank.match([taken], entries)
        with pytest.raises(CannotReconcile, match="cashier"):
            bank.certain(by=cashier(appoint))
        with pytest.raises(CannotReconcile, match="in words"):
            matches.undo(match=Match.objects.get(), reason="", by=bank.counter.acc, at=FEBRUARY)
        assert Act.objects.filter(name="statement.matched", kind="refused").count() == 4

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE funds_match SET amount = 1",
            "UPDATE funds_match SET state = 'undone'",
            """UPDATE funds_match SET state = 'undone', undone_by_id = made_by_id, undone_at = now(),
            undone_because = 'x'""",
            "UPDATE funds_matchedline SET is_live = false",
            "UPDATE funds_matchedentry SET is_live = false",
            "DELETE FROM funds_matchedentry",
            "DELETE FROM funds_match",
            """INSERT INTO funds_matchedentry (match_id, entry_id, is_live) SELECT m.id, e.id, true FROM funds_match m,
            funds_entry e JOIN funds_posting p ON p.id = e.posting_id WHERE p.key = 'ZF1'""",
        ],
    )  # fmt: skip
    def test_the_database_keeps_a_match_whole(self, bank, statement):
        bank.paid_out("ZF1", "100.00")
        bank.keep(opening="1000.00")
        (made,) = bank.certain()
        with pytest.raises(DatabaseError), transaction.atomic():
            written(statement)
        made.refresh_from_db()
        assert (made.state, made.lines.get().is_live, made.entries.get().is_live) == ("held", True, True)

    @pytest.mark.parametrize(
        ("amount", "words"), [(1000, "same money"), (900, "same money")], ids=["one entry too many", "another sum"]
    )
    def test_the_database_refuses_two_sides_that_differ(self, bank, amount, words):
        bank.paid_out("ZF1", "100.00")
        bank.keep(opening="1000.00")

        def write() -> None:
            made = Match.objects.create(
                account=bank.account, how="person", amount=amount, last_on=date(2010, 1, 5), made_by=bank.counter.acc,
                made_at=NOON,
            )  # fmt: skip
            MatchedLine.objects.create(match=made, line=selectors.open_lines(bank.account).get())
            for one in selectors.open_entries(bank.account):
                MatchedEntry.objects.create(match=made, entry=one)
            written()

        with pytest.raises(DatabaseError, match=words), transaction.atomic():
            write()
