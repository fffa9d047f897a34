"""Files for the bank and from it, and to whom is paid: rules as tables, without a database."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from funds.rules import bank_files, camt, iso20022, paying, statements
from funds.rules.bank_files import AnswerOf, BadBankFile, FileOf, InstructionOf
from funds.rules.paying import AccountOf, Known

pytestmark = pytest.mark.rules

DAY = date(2010, 3, 1)
NOON = datetime(2010, 3, 1, 4, tzinfo=UTC)
PAID = AnswerOf("ZF2010-00001-0001", "paid", Decimal("950.00"), DAY, "B1")
BACK = AnswerOf("ZF2010-00001-0002", "returned", Decimal("12.50"), DAY, "B2", "户名不符")
FILE = FileOf(
    "ZF2010-00001", DAY, "海原县合管办", "6228450000000001",
    [
        InstructionOf(
            "ZF2010-00001-0001", "马<小>兰 & 子", "农信社", "6228480000001234", Decimal("950.00"), "报销 T1\x07"
        )
    ],
    "2010-03-01T12:00:00+08:00",
)  # fmt: skip
TWO_LINES = "<TxsSummry><TtlNtries><NbOfNtries>2</NbOfNtries></TtlNtries></TxsSummry>"
OTHER_SUM = "<TxsSummry><TtlNtries><Sum>x</Sum></TtlNtries></TxsSummry>"
HEAD = "支付号,结果,金额,日期,银行流水号,原因\n"


def account(number: str = "1", hours: int | None = 0) -> AccountOf:
    return AccountOf("马", "农信社", number, None if hours is None else NOON + timedelta(hours=hours))


class TestToWhom:
    @pytest.mark.parametrize(
        ("known", "number", "stop"),
        [
            pytest.param(Known(), "", "no_account", id="nobody knows an account"),
            pytest.param(Known(account("1", None), account("1")), "1", "", id="that of the approval is in force"),
            pytest.param(Known(None, account("1")), "1", "", id="there was none then"),
            pytest.param(Known(account("1", None), account("2")), "", "changed", id="it changed after the approval"),
            pytest.param(Known(account("1"), account("2"), account("2", 1)), "2", "", id="two confirmed it for this"),
            pytest.param(Known(account("1"), account("3", 2), account("2", 1)), "", "changed", id="it changed again"),
            pytest.param(Known(account("1"), account("2", 2), account("2", 1)), "2", "", id="to what they confirmed"),
            pytest.param(Known(account("1"), None, account("2", 1)), "2", "", id="the household has none any more"),
            pytest.param(Known(account("1"), account("1"), change_waits=True), "", "change_waits", id="a change waits"),
            pytest.param(Known(account("1"), account("1"), None, account("1", 1)), "", "came_back", id="it came back"),
            pytest.param(
                Known(account("1"), account("1"), account("1", 0), account("1", 1)), "", "came_back", id="before"
            ),
            pytest.param(
                Known(account("1"), account("1"), account("2", 2), account("1", 1)), "2", "", id="confirmed after it"
            ),
        ],
    )  # fmt: skip
    def test_an_account_or_what_stops_it(self, known, number, stop):
        found, why = paying.account(known)
        assert ((found.number if found else ""), why) == (number, stop)


class TestTables:
    def test_written_and_read(self):
        written = bank_files.write(FILE).decode("utf-8-sig").splitlines()
        assert written[0] == "批次,ZF2010-00001,日期,2010-03-01,付款账号,6228450000000001"
        assert written[2].startswith("1,ZF2010-00001-0001,马<小>兰 & 子,农信社,6228480000001234,950.00,")
        assert written[-1] == "合计,1,,,,950.00,"
        content = bank_files.write_answers([PAID, BACK])
        assert bank_files.read(content) == [PAID, BACK]
        assert bank_files.read(content.decode("utf-8-sig").encode("gb18030")) == [PAID, BACK]
        assert bank_files.read(f"某银行回单\n{HEAD}X,已付,\"1,234.50\",2010/03/01\n合计,1,1234.5".encode()) == [
            AnswerOf("X", "paid", Decimal("1234.50"), DAY)
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("content", "code"),
        [
            (b"", "no_header"),
            ("支付号,结果\n".encode(), "no_header"),
            (HEAD.encode(), "no_total"),
            (f"{HEAD}X,成功,1,2010-03-01,,\n".encode(), "no_total"),
            (f"{HEAD}合计,0,1\n".encode(), "no_lines"),
            (f"{HEAD}X,成功,1,2010-03-01,,\n合计,2,1\n".encode(), "other_total"),
            (f"{HEAD}X,成功,1,2010-03-01,,\n合计,1,2\n".encode(), "other_total"),
            (f"{HEAD}X,成功,1,2010-03-01,,\n合计,all,1\n".encode(), "bad_line"),
            (f"{HEAD}X,成功,1,2010-03-01,,\n合计\n".encode(), "bad_line"),
            (f"{HEAD},成功,1,2010-03-01,,\n合计,1,1\n".encode(), "bad_line"),
            (f"{HEAD}X,也许,1,2010-03-01,,\n合计,1,1\n".encode(), "bad_line"),
            (f"{HEAD}X,成功,一,2010-03-01,,\n合计,1,1\n".encode(), "bad_line"),
            (f"{HEAD}X,成功,0,2010-03-01,,\n合计,1,1\n".encode(), "bad_line"),
            (f"{HEAD}X,成功,1,明天,,\n合计,1,1\n".encode(), "bad_line"),
            (b"\xff\xfe\xff", "not_text"),
            (b"\0\0", "not_text"),
            (f'{HEAD}"X,成功'.encode(), "not_text"),
            (b"x" * (bank_files.LARGEST + 1), "too_large"),
            (b"a\n" * (bank_files.MOST_LINES + 1), "too_many"),
        ],
    )
    def test_what_is_not_taken(self, content, code):
        with pytest.raises(BadBankFile) as refusal:
            bank_files.read(content)
        assert refusal.value.code == code
        assert str(refusal.value)


def entry(
    amount: str = "950.00",
    mark: str = "DBIT",
    more: str = "",
    day: str = "2010-03-01",
    ccy: str = "CNY",
    ref: str = "B1",
) -> str:
    return (
        f'<Ntry><Amt Ccy="{ccy}">{amount}</Amt><CdtDbtInd>{mark}</CdtDbtInd><BookgDt><Dt>{day}</Dt></BookgDt>'
        f"<AcctSvcrRef>{ref}</AcctSvcrRef><NtryDtls>{more or details()}</NtryDtls></Ntry>"
    )


def details(number: str = "ZF2010-00001-0001", more: str = "") -> str:
    return f"<TxDtls><Refs><EndToEndId>{number}</EndToEndId></Refs>{more}</TxDtls>"


def statement(*entries: str, message: str = "BkToCstmrStmt", report: str = "Stmt", summary: str = "") -> bytes:
    space = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"
    inner = f"<{message}><{report}>{summary}{''.join(entries)}</{report}></{message}>"
    return f'<?xml version="1.0"?><Document xmlns="{space}">{inner}</Document>'.encode()


class TestMessages:
    def test_pain_001(self):
        written = iso20022.write(FILE)
        tree = iso20022.read_xml(written)
        head = tree.first("CstmrCdtTrfInitn/GrpHdr")
        assert (head.text_at("MsgId"), head.text_at("NbOfTxs"), head.text_at("CtrlSum")) == (
            "ZF2010-00001",
            "1",
            "950.00",
        )
        payment = tree.first("CstmrCdtTrfInitn/PmtInf/CdtTrfTxInf")
        assert payment.text_at("PmtId/EndToEndId") == "ZF2010-00001-0001"
        assert (payment.text_at("Cdtr/Nm"), payment.text_at("RmtInf/Ustrd")) == ("马<小>兰 & 子", "报销 T1")
        assert payment.first("Amt/InstdAmt").attributes == {"Ccy": "CNY"}
        assert tree.text_at("CstmrCdtTrfInitn/PmtInf/DbtrAcct/Id/Othr/Id") == "6228450000000001"
        assert tree.first("Nothing/There") is None
        unknown = iso20022.read_xml(iso20022.write(FileOf("Z", DAY, "x", "", FILE.lines)))
        assert unknown.text_at("CstmrCdtTrfInitn/PmtInf/DbtrAcct/Id/Othr/Id") == "NOTPROVIDED"

    def test_what_left_and_what_came_back(self):
        told = statement(
            entry(),
            entry("12.50", "CRDT", details("ZF2010-00001-0002", "<RtrInf><AddtlInf>户名不符</AddtlInf></RtrInf>")),
            entry("5.00", "CRDT", details("ZF2010-00001-0003", "<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>")),
            entry("6.00", "CRDT", details("ZF2010-00001-0004")),
            entry("30.00", "DBIT", details("A", "<AmtDtls><TxAmt><Amt Ccy='CNY'>10</Amt></TxAmt></AmtDtls>")
                  + details("B", "<AmtDtls><TxAmt><Amt Ccy='CNY'>20</Amt></TxAmt></AmtDtls>") + details("NOTPROVIDED")),
            summary="<TxsSummry><TtlNtries><NbOfNtries>5</NbOfNtries><Sum>1003.50</Sum></TtlNtries></TxsSummry>",
        )  # fmt: skip
        found = iso20022.read_answers(told)
        assert [(one.number[-4:], one.outcome, one.amount, one.reason) for one in found] == [
            ("0001", "paid", Decimal(950), ""), ("0002", "returned", Decimal("12.50"), "户名不符"),
            ("0003", "returned", Decimal(5), "AC04"), ("0004", "returned", Decimal(6), "RETURNED"),
            ("A", "paid", Decimal(10), ""), ("B", "paid", Decimal(20), ""),
        ]  # fmt: skip
        note = statement(entry(), message="BkToCstmrDbtCdtNtfctn", report="Ntfctn")
        assert iso20022.read_answers(note) == [AnswerOf("ZF2010-00001-0001", "paid", Decimal(950), DAY, "B1")]

    @pytest.mark.parametrize(
        ("content", "code"),
        [
            (b"<a>", "not_xml"),
            (b"<?xml version='1.0' encoding='no-such'?><a/>", "not_xml"),
            (b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "not_xml"),
            (b"<a>" * 60 + b"</a>" * 60, "not_xml"),
            (b"<Document><Other/></Document>", "other_xml"),
            (b" " * (bank_files.LARGEST + 1), "too_large"),
            (statement(), "no_lines"),
            (statement(entry(more=details("NOTPROVIDED"))), "no_lines"),
            (statement(entry(day="")), "bad_line"),
            (statement(entry("many")), "bad_line"),
            (statement(entry("NaN")), "bad_line"),
            (statement(entry("1.005")), "bad_line"),
            (statement(entry(ccy="USD")), "currency"),
            (statement("<Ntry><CdtDbtInd>DBIT</CdtDbtInd></Ntry>"), "missing"),
            (statement(entry(), summary=TWO_LINES), "other_total"),
            (statement(entry(), summary=OTHER_SUM.replace(">x<", ">2<")), "other_total"),
        ],
    )  # fmt: skip
    def test_what_is_not_taken(self, content, code):
        with pytest.raises(BadBankFile) as refusal:
            iso20022.read_answers(content)
        assert refusal.value.code == code

    def test_more_lines_than_a_person_can_oversee(self, monkeypatch):
        monkeypatch.setattr(iso20022, "MOST_LINES", 1)
        with pytest.raises(BadBankFile, match="more than 1 lines"):
            iso20022.read_answers(statement(entry(), entry()))


def bal(code: str, amount: str, day: str = "2010-03-01", mark: str = "CRDT") -> str:
    kind = f"<Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>"
    return f'<Bal>{kind}<Amt Ccy="CNY">{amount}</Amt><CdtDbtInd>{mark}</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>'


ACCOUNT = "<Id>DZ-1</Id><Acct><Id><Othr><Id>6228450000000001</Id></Othr></Id></Acct>"
SPAN = "<FrToDt><FrDtTm>2010-03-01T00:00:00</FrDtTm><ToDtTm>2010-03-31T00:00:00</ToDtTm></FrToDt>"
BALANCES = bal("OPBD", "1000.00") + bal("CLBD", "37.50", "2010-03-31")


class TestStatements:
    def test_whose_from_when_and_every_movement(self):
        together = "".join(
            details(number, f"<AmtDtls><TxAmt><Amt Ccy='CNY'>{amount}</Amt></TxAmt></AmtDtls>{more}")
            for number, amount, more in (
                ("A", "10", ""),
                ("NOTPROVIDED", "20", "<RltdPties><Cdtr><Nm>马</Nm></Cdtr></RltdPties>"),
            )
        )
        told = statement(
            entry(), entry("30.00", "DBIT", together, ref="B2"), entry("17.50", "CRDT", "<TxDtls></TxDtls>", ref="B3"),
            summary=ACCOUNT + SPAN + BALANCES + "<TxsSummry><TtlNtries><NbOfNtries>3</NbOfNtries></TtlNtries>"
            "<TtlCdtNtries><Sum>17.50</Sum></TtlCdtNtries><TtlDbtNtries><Sum>980.00</Sum></TtlDbtNtries></TxsSummry>",
        )  # fmt: skip
        found = camt.read(told)
        statements.check(found)
        assert (found.account_number, found.number, found.first, found.last) == (
            "6228450000000001", "DZ-1", DAY, date(2010, 3, 31),
        )  # fmt: skip
        assert [(one.amount, one.reference, one.bank_id, one.party) for one in found.lines] == [
            (Decimal(-950), "ZF2010-00001-0001", "B1", ""), (Decimal(-10), "A", "B2/1", ""),
            (Decimal(-20), "", "B2/2", "马"), (Decimal("17.50"), "", "B3", ""),
        ]  # fmt: skip

    def test_its_days_are_those_of_its_balances_where_it_names_none(self):
        found = camt.read(statement(summary=ACCOUNT + BALANCES))
        assert (found.first, found.last, found.opening, found.closing, found.came_in) == (
            DAY, date(2010, 3, 31), 1000, Decimal("37.50"), None,
        )  # fmt: skip
        assert camt.read(statement(summary=ACCOUNT + bal("PRCD", "5", mark="DBIT") + bal("CLBD", "1"))).opening == -5

    @pytest.mark.parametrize(
        ("content", "code"),
        [
            (b"<a>", "unreadable"),
            (b"<Document><Other/></Document>", "unreadable"),
            (statement(message="BkToCstmrDbtCdtNtfctn", report="Ntfctn"), "unreadable"),
            (b"<Document><BkToCstmrStmt><Stmt/><Stmt/></BkToCstmrStmt></Document>", "several"),
            (statement(summary=SPAN + BALANCES), "no_account"),
            (statement(summary=ACCOUNT + SPAN), "no_balance"),
            (statement(summary=ACCOUNT), "no_days"),
            (statement(summary=ACCOUNT + BALANCES + TWO_LINES), "count_differs"),
            (statement(summary=ACCOUNT + BALANCES + OTHER_SUM.replace("TtlNtries", "TtlCdtNtries")), "unreadable"),
            (statement(entry("x"), summary=ACCOUNT + BALANCES), "unreadable"),
        ],
    )  # fmt: skip
    def test_what_is_no_statement(self, content, code):
        with pytest.raises(statements.BadStatement) as refusal:
            camt.read(content)
        assert refusal.value.code == code
