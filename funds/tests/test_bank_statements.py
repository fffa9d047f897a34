"""Statements of banks: read from tables, whole or refused, each kept once, in their order; voided while untouched."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from PIL import Image

from conftest import NOON
from funds.models import BankAccount, Statement, StatementLine
from funds.rules import statement_tables
from funds.rules import statements as rules
from funds.rules.statements import BadStatement, StatementOf
from funds.services import bank_accounts, bank_statements
from funds.services.reconciling import CannotReconcile
from funds.tests.banking import FEBRUARY, Bank, cashier, line, stated, vote, written
from office import sheets
from office.models import Act

HEAD = ["账号,{number}", "起止日期,2010-01-01,2010-01-31", "期初余额,100.00"]
COLUMNS = "交易日期,流水号,收入,支出,余额,对方户名,对方账号,业务编号,摘要"
LINES = ["2010-01-05,B1,300.00,,400.00,县财政局,6200,ZF2010-1,拨款", "20100106,B2,,150.5,249.50,马一,,ZF2010-2,补偿"]
FOOT = ["合计,,300.00,150.50", "期末余额,249.50", "总笔数,2笔"]


def table(*changes: tuple[str, str], number: str = "6228 4500-0000") -> str:
    """The text of a statement, with changes."""
    text = "\n".join([*HEAD, "", COLUMNS, *LINES, *FOOT]).format(number=number)
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return text


def read(text: str) -> StatementOf:
    found = statement_tables.read(sheets.rows(text.encode(), "x.csv"))
    rules.check(found)
    return found


@pytest.mark.rules
class TestReading:
    def test_takes_what_a_bank_prints(self):
        found = read(table())
        assert (found.account_number, found.first, found.last) == ("622845000000", date(2010, 1, 1), date(2010, 1, 31))
        assert (found.opening, found.closing, found.sum_in, found.sum_out) == (
            100, Decimal("249.50"), 300, Decimal("150.50"),
        )  # fmt: skip
        assert (found.count, found.came_in, found.went_out) == (2, 300, Decimal("150.50"))
        first, second = found.lines
        assert (first.amount, first.reference, first.bank_id, first.balance) == (300, "ZF2010-1", "B1", 400)
        assert (second.on, second.amount, second.party, second.words) == (
            date(2010, 1, 6), Decimal("-150.50"), "马一", "补偿",
        )  # fmt: skip

    def test_takes_the_newest_first_and_what_states_no_totals(self):
        turned = "\n".join([*HEAD, COLUMNS, *LINES[::-1], "期末余额,249.50"]).format(number="62284500")
        assert [one.bank_id for one in read(turned).lines] == ["B2", "B1"]
        days = table(("起止日期,2010-01-01,2010-01-31", "起始日期：,2010/1/1\n截止日期：,2010年1月31日"))
        assert read(days).last == date(2010, 1, 31)
        bare = "账号,62284500\n起止日期,2010-01-01,2010-01-31\n期初余额,5\n日期,收入,支出\n期末余额,5\n"
        assert read(bare).lines == []
        assert read(bare.replace("期末余额,5", "2010-01-02,1,\n期末余额,6")).lines[0].balance is None

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            (("账号,", "甲号,"), "no_account"),
            (("账号,6228 4500-0000", "账号,——"), "no_account"),
            (("起止日期", "日子"), "no_days"),
            (("起止日期,2010-01-01,2010-01-31", "起止日期,2010-01-01"), "bad_day"),
            (("起止日期,2010-01-01,2010-01-31", "起止日期,2010-01-31,2010-01-01"), "days_turned"),
            (("期初余额", "余"), "no_balance"),
            (("期末余额", "余"), "both_sides"),
            (("收入", "进"), "no_columns"),
            (("20100106", "2010-13-06"), "bad_day"),
            (("20100106", "2010-02-01"), "outside"),
            (("150.5,249.50,马", "一百,249.50,马"), "bad_amount"),
            ((",,150.5,", ",3,150.5,"), "both_sides"),
            (("B2", "B1"), "twice"),
            (("总笔数,2笔", "总笔数,3笔"), "count_differs"),
            (("总笔数,2笔", "总笔数,两笔"), "bad_amount"),
            (("合计,,300.00", "合计,,300.01"), "in_differs"),
            (("300.00,150.50\n", "300.00,150.51\n"), "out_differs"),
            (("期末余额,249.50", "期末余额,249.51"), "closing_differs"),
            (("400.00", "401.00"), "balance_differs"),
            (("补偿", "补" * 201), "too_long"),
            ((LINES[1] + "\n", ""), "count_differs"),
        ],
    )  # fmt: skip
    def test_refuses_what_is_cut_altered_or_no_statement(self, change, code):
        with pytest.raises(BadStatement) as refused:
            read(table(change))
        assert refused.value.code == code, refused.value
        assert "%(" not in str(refused.value)

    def test_refuses_a_line_of_nothing_and_too_many(self, monkeypatch):
        whole = StatementOf("1", date(2010, 1, 1), date(2010, 1, 2), Decimal(0), Decimal(0), [line(1, "0")])
        with pytest.raises(BadStatement, match="no amount"):
            rules.check(whole)
        monkeypatch.setattr(rules, "MOST_LINES", 1)
        monkeypatch.setattr(statement_tables, "MOST_LINES", 1)
        with pytest.raises(BadStatement, match="more than 1 lines"):
            read(table())
        with pytest.raises(BadStatement, match="more than 1 lines"):
            rules.check(StatementOf("1", date(2010, 1, 1), date(2010, 1, 2), Decimal(0), Decimal(3),
                                    [line(1, "1"), line(1, "2")]))  # fmt: skip


pytestmark = [pytest.mark.usefixtures("in_english")]


@pytest.fixture
def bank(appoint) -> Bank:
    return Bank.of(appoint)


def send(bank: Bank, text: str | bytes, name: str = "对账单.csv", by=None) -> Statement:
    content = text.encode() if isinstance(text, str) else text
    upload = SimpleUploadedFile(name, content)
    return bank_statements.take_in(upload=upload, by=by or bank.counter.acc, at=FEBRUARY)


@pytest.mark.django_db
class TestBankAccounts:
    def test_is_in_force_when_a_second_confirms_and_follows_the_one_before(self, bank):
        counter = bank.counter
        assert (bank.at.state, str(bank.at)) == ("confirmed", f"海原县农村信用社 {bank.at.masked_number}")
        other = bank_accounts.propose(stated=stated(bank.account, "62284599990001"), by=counter.acc, at=NOON)
        vote(other, counter.head, "refuse")
        assert other.state == "refused"
        third = bank_accounts.propose(stated=stated(bank.account, "6228 4599-9900 02"), by=counter.acc, at=NOON)
        assert dict(bank_accounts.rows(third))["account number"] == "6228 4599 9900 02"
        vote(third, counter.head)
        bank.at.refresh_from_db()
        assert (third.state, third.number, bank.at.state) == ("confirmed", "62284599990002", "replaced")
        assert "****" in dict(bank_accounts.rows(third))["account number"]

    @pytest.mark.parametrize(
        ("more", "sentence"),
        [
            ({"number": "12"}, "8 to 32 digits"),
            ({"code": "12"}, "twelve digits"),
            ({"since": date(2910, 1, 1)}, "not come yet"),
            ({"holder": " "}, "in words"),
        ],
    )
    def test_refuses_what_is_not_whole(self, bank, more, sentence):
        with pytest.raises(CannotReconcile, match=sentence):
            bank_accounts.propose(stated=stated(bank.account, **more), by=bank.counter.acc, at=NOON)
        assert Act.objects.filter(name="bank-account.proposed", kind="refused").count() == 1

    def test_refuses_cash_a_number_used_elsewhere_two_changes_and_the_cashier(self, bank, appoint):
        book, acc = bank.counter.book, bank.counter.acc
        cash = book.accounts.get(purpose="cash")
        with pytest.raises(CannotReconcile, match="at no bank"):
            bank_accounts.propose(stated=stated(cash), by=acc, at=NOON)
        spending = book.accounts.get(purpose="spending_account")
        with pytest.raises(CannotReconcile, match="another bank account"):
            bank_accounts.propose(stated=stated(spending, bank.at.number), by=acc, at=NOON)
        bank_accounts.propose(stated=stated(spending), by=acc, at=NOON)
        with pytest.raises(CannotReconcile, match="waits to be confirmed"):
            bank_accounts.propose(stated=stated(spending, "62284599990009"), by=acc, at=NOON)
        with pytest.raises(CannotReconcile, match="cashier"):
            bank_accounts.propose(stated=stated(spending), by=cashier(appoint), at=NOON)
        with pytest.raises(DatabaseError, match="lies at a bank"), transaction.atomic():
            BankAccount.objects.create(
                account=cash, holder="x", bank="x", number="12345678", document="x", since=date(2010, 1, 1),
                proposed_by=acc, proposed_at=NOON,
            )  # fmt: skip


@pytest.mark.django_db
class TestTakingIn:
    def test_keeps_it_with_its_lines_and_its_file(self, bank):
        made = send(bank, table(number=bank.at.number))
        assert (made.opening, made.closing, made.line_count, made.last) == (
            100, Decimal("249.50"), 2, date(2010, 1, 31),
        )  # fmt: skip
        assert list(made.lines.values_list("line", "amount", "reference")) == [
            (0, 100, ""), (1, 300, "ZF2010-1"), (2, Decimal("-150.50"), "ZF2010-2"),
        ]  # fmt: skip
        act = Act.objects.get(name="statement.kept")
        assert (act.facts["lines"], act.subject_id) == (2, str(made.pk))

    def test_reads_gb18030_and_workbooks(self, bank):
        made = send(bank, table(number=bank.at.number).encode("gb18030"), "a.csv")
        assert made.lines.get(line=1).party == "县财政局"
        rows = [row.split(",") for row in table(("2010-01-", "2010-02-"), ("201001", "201002"), ("02-31", "02-01"),
                ("100.00", "249.50"), ("B1", "C1"), ("B2", "C2"), ("400", "549"), ("249.50,马", "399.00,马"),
                ("期末余额,249.50", "期末余额,399.00"), number=bank.at.number).replace("20100206", "2010-02-01")
                .replace("2010-02-05", "2010-02-01").splitlines()]  # fmt: skip
        book = sheets.workbook(rows[0] + [""] * 8, [row + [""] * (9 - len(row)) for row in rows[1:]])
        with pytest.raises(CannotReconcile, match=r"balance should be 549\.50"):
            send(bank, book, "b.xlsx")

    @pytest.mark.parametrize(
        ("content", "name", "sentence"),
        [
            (b"", "a.csv", "empty"),
            (b"%PDF-1.4 x", "a.pdf", "breaks off"),
            (b"\x89PNG\r\n\x1a\n", "a.csv", "content is"),
            (b"PK\x03\x04rubbish", "a.xlsx", "damaged"),
            ("账号,12345678\n".encode(), "a.csv", "names the columns"),
        ],
    )
    def test_refuses_what_is_no_statement(self, bank, content, name, sentence):
        with pytest.raises(CannotReconcile, match=sentence):
            send(bank, content, name)
        assert not Statement.objects.exists()
        assert Act.objects.filter(name="statement.kept", kind="refused").count() == 1

    def test_refuses_a_workbook_that_only_looks_like_one(self, bank):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as book:
            book.writestr("[Content_Types].xml", "<Types/>")
            book.writestr("xl/workbook.xml", "<rubbish")
        with pytest.raises(CannotReconcile, match="cannot be opened as a workbook"):
            send(bank, packed.getvalue(), "a.xlsx")

    def test_refuses_a_picture(self, bank):
        drawn = io.BytesIO()
        Image.new("RGB", (2, 2)).save(drawn, "PNG")
        with pytest.raises(CannotReconcile, match="comes as CSV"):
            send(bank, drawn.getvalue(), "a.png")

    def test_refuses_it_twice_and_its_lines_twice(self, bank):
        text = table(number=bank.at.number)
        send(bank, text)
        with pytest.raises(CannotReconcile, match="taken in already, by"):
            send(bank, text)
        with pytest.raises(CannotReconcile, match="B1 stands in the statement"):
            send(bank, text + "\n")
        with pytest.raises(CannotReconcile, match="overlap"):
            bank.keep(line(31, "1.00"), opening="249.50", first=date(2010, 1, 31), last=date(2010, 2, 1))
        assert Statement.objects.count() == 1

    def test_refuses_what_does_not_follow(self, bank):
        bank.keep(line(5, "10.00"))
        february = {"first": date(2010, 2, 1), "last": date(2010, 2, 2)}
        with pytest.raises(CannotReconcile, match=r"with 10\.00, this one begins with 11\.00"):
            bank.keep(opening="11.00", **february)
        with pytest.raises(CannotReconcile, match="not come yet"):
            bank.keep(opening="10.00", first=date(2010, 2, 1), last=date(2010, 2, 28))
        assert bank.keep(opening="10.00", **february).line_count == 0

    def test_refuses_an_unknown_account_the_cashier_and_what_does_not_come_out(self, bank, appoint):
        with pytest.raises(CannotReconcile, match=r"No books have the account .*0000 that"):
            send(bank, table())
        with pytest.raises(CannotReconcile, match="cashier"):
            send(bank, table(number=bank.at.number), by=cashier(appoint))
        with pytest.raises(CannotReconcile, match="it was cut"):
            send(bank, table(("期末余额,249.50", "期末余额,249.51"), number=bank.at.number))

    def test_is_void_while_nothing_is_matched_and_none_follows(self, bank):
        bank.counter.opened("100.00")
        first = bank.keep(opening="100.00")
        second = bank.keep(line(date(2010, 2, 1), "1.00", bank_id="Z"), opening="100.00",
                           first=date(2010, 2, 1), last=date(2010, 2, 1))  # fmt: skip
        given = {"by": bank.counter.acc, "at": FEBRUARY}
        with pytest.raises(CannotReconcile, match="later statement"):
            bank_statements.void(statement=first, reason="错", **given)
        with pytest.raises(CannotReconcile, match="in words"):
            bank_statements.void(statement=second, reason=" ", **given)
        assert bank_statements.void(statement=second, reason="错", **given).state == "void"
        with pytest.raises(CannotReconcile, match="void already"):
            bank_statements.void(statement=second, reason="错", **given)
        assert len(bank.certain()) == 1
        with pytest.raises(CannotReconcile, match="undo their matches"):
            bank_statements.void(statement=first, reason="错", **given)
        again = bank.keep(line(date(2010, 2, 1), "1.00", bank_id="Z"), opening="100.00",
                          first=date(2010, 2, 1), last=date(2010, 2, 2))  # fmt: skip
        assert again.lines.get().bank_id == "Z"


@pytest.mark.django_db
class TestTheDatabase:
    @pytest.fixture
    def kept(self, bank) -> Statement:
        bank.counter.opened("100.00")
        return bank.keep(line(5, "10.00", bank_id="A"), opening="100.00")

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE funds_statementline SET amount = 11",
            "DELETE FROM funds_statementline",
            "UPDATE funds_statement SET closing = 111, came_in = 11",
            "UPDATE funds_statement SET state = 'void'",
            "UPDATE funds_statement SET period = '[2009-01-01,2009-02-01)'",
            """INSERT INTO funds_statementline (statement_id, line, "on", amount, reference, bank_id, party,
            party_account, words) SELECT id, 9, '2010-01-05', 5, '', '', '', '', '' FROM funds_statement""",
        ],
    )  # fmt: skip
    def test_lets_nothing_of_it_change(self, kept, statement):
        with pytest.raises(DatabaseError), transaction.atomic():
            written(statement)
        kept.refresh_from_db()
        assert (kept.state, kept.closing) == ("kept", 110)

    @pytest.mark.parametrize(
        ("more", "lines", "words"),
        [
            ({"sha256": "a" * 64, "opening": 110, "closing": 111, "came_in": 1}, [], "sum of its lines"),
            ({"sha256": "a" * 64, "opening": 111, "closing": 111}, [], "begins where"),
            ({"sha256": "a" * 64, "opening": 110, "closing": 112}, [], "comes_out"),
            ({"sha256": "a" * 64, "opening": 110, "closing": 111, "came_in": 1, "line_count": 1},
             [{"amount": 1, "bank_id": "A"}], "told this movement"),
            ({"sha256": "a" * 64, "opening": 110, "closing": 111, "came_in": 1, "line_count": 1},
             [{"amount": 1, "on": date(2010, 1, 5)}], "of its days"),
        ],
    )  # fmt: skip
    def test_refuses_what_is_not_whole(self, bank, kept, more, lines, words):
        given = {"bank_account": bank.at, "period": (date(2010, 2, 1), date(2010, 2, 2)), "came_in": 0, "went_out": 0,
                 "line_count": 0, "form": "table", "kept_by": bank.counter.acc, "kept_at": NOON}  # fmt: skip

        def write() -> None:
            made = Statement.objects.create(**given | more)
            for place, one in enumerate(lines, 1):
                StatementLine.objects.create(statement=made, line=place, **{"on": date(2010, 2, 1)} | one)
            written()

        with pytest.raises(DatabaseError, match=words), transaction.atomic():
            write()

    def test_refuses_a_statement_of_an_account_nobody_confirmed(self, bank):
        asked = bank_accounts.propose(stated=stated(bank.account, "62284599990001"), by=bank.counter.acc, at=NOON)
        with pytest.raises(DatabaseError, match="two people"), transaction.atomic():
            Statement.objects.create(
                bank_account=asked, period=(date(2010, 2, 1), date(2010, 2, 2)), opening=0, came_in=0, went_out=0,
                closing=0, line_count=0, form="table", sha256="b" * 64, kept_by=bank.counter.acc, kept_at=NOON,
            )  # fmt: skip
