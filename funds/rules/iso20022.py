"""ISO 20022 at the bank's door: pain.001 out, camt.053 and camt.054 in (docs/rules/payments.md).

The two packages that were looked at, pain001 0.0.74 and camt053 0.0.23, bring a web server, a template language and
pinned versions of half a dozen other packages with them, and ask for IBAN and BIC, which accounts here have not; what
is needed of the two messages is a page each. Of what comes in, a document type is refused before anything is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final
from xml.parsers import expat
from xml.sax.saxutils import escape

from funds.rules.bank_files import LARGEST, MOST_LINES, PAID, RETURNED, AnswerOf, BadBankFile, FileOf, InstructionOf

PAIN: Final = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.03"
ROOTS: Final = {"BkToCstmrStmt": "Stmt", "BkToCstmrDbtCdtNtfctn": "Ntfctn"}
CURRENCY: Final = "CNY"
DEEPEST: Final = 40
#: What a return says where the bank gives no words.
NO_WORDS: Final = "RETURNED"


# ------------------------------------------------------------------ out


def write(file: FileOf) -> bytes:
    """A file for the bank as pain.001.001.03: each payment's number is its EndToEndId."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<Document xmlns="{PAIN}"><CstmrCdtTrfInitn>',
        f"<GrpHdr><MsgId>{_text(file.number)}</MsgId><CreDtTm>{_text(file.made_at)}</CreDtTm>",
        f"<NbOfTxs>{len(file.lines)}</NbOfTxs><CtrlSum>{file.total:.2f}</CtrlSum>",
        f"<InitgPty><Nm>{_text(file.debtor)}</Nm></InitgPty></GrpHdr>",
        f"<PmtInf><PmtInfId>{_text(file.number)}</PmtInfId><PmtMtd>TRF</PmtMtd><BtchBookg>false</BtchBookg>",
        f"<NbOfTxs>{len(file.lines)}</NbOfTxs><CtrlSum>{file.total:.2f}</CtrlSum>",
        f"<ReqdExctnDt>{file.on.isoformat()}</ReqdExctnDt><Dbtr><Nm>{_text(file.debtor)}</Nm></Dbtr>",
        f"<DbtrAcct>{_account(file.debtor_account)}</DbtrAcct>",
        "<DbtrAgt><FinInstnId><Othr><Id>NOTPROVIDED</Id></Othr></FinInstnId></DbtrAgt>",
        *map(_transaction, file.lines),
        "</PmtInf></CstmrCdtTrfInitn></Document>",
    ]
    return "\n".join(lines).encode()


def _transaction(one: InstructionOf) -> str:
    return (
        f"<CdtTrfTxInf><PmtId><InstrId>{_text(one.number)}</InstrId><EndToEndId>{_text(one.number)}</EndToEndId></PmtId>"
        f'<Amt><InstdAmt Ccy="{CURRENCY}">{one.amount:.2f}</InstdAmt></Amt>'
        f"<CdtrAgt><FinInstnId><Nm>{_text(one.bank)}</Nm></FinInstnId></CdtrAgt>"
        f"<Cdtr><Nm>{_text(one.payee)}</Nm></Cdtr><CdtrAcct>{_account(one.account)}</CdtrAcct>"
        f"<RmtInf><Ustrd>{_text(one.words)}</Ustrd></RmtInf></CdtTrfTxInf>"
    )


def _account(number: str) -> str:
    return f"<Id><Othr><Id>{_text(number or 'NOTPROVIDED')}</Id></Othr></Id>"


def _text(value: str) -> str:
    return escape("".join(sign for sign in value if sign.isprintable()))


# ------------------------------------------------------------------ in


@dataclass
class Node:
    """An element: its name without the namespace, its text, what is in it."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Node] = field(default_factory=list)
    text: str = ""

    def all(self, path: str) -> Iterator[Node]:
        """Every element under a path of names."""
        first, _slash, rest = path.partition("/")
        for child in self.children:
            if child.name == first:
                yield from child.all(rest) if rest else (child,)

    def first(self, path: str) -> Node | None:
        """The first of them."""
        return next(self.all(path), None)

    def text_at(self, path: str) -> str:
        """Its text, or nothing."""
        found = self.first(path)
        return found.text.strip() if found is not None else ""


class _Reading:
    """The tree while it grows."""

    def __init__(self) -> None:
        self.root = Node("")
        self.open_now = [self.root]
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartElementHandler = self.begin
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.words
        self.parser.StartDoctypeDeclHandler = self.refuse

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        """An element opens."""
        if len(self.open_now) > DEEPEST:
            raise BadBankFile("not_xml", fault="too deep")
        node = Node(name.rpartition(" ")[2], attributes)
        self.open_now[-1].children.append(node)
        self.open_now.append(node)

    def end(self, _name: str) -> None:
        """It closes."""
        self.open_now.pop()

    def words(self, text: str) -> None:
        """Text in it."""
        self.open_now[-1].text += text

    def refuse(self, *_given: object) -> None:
        """A document type, and with it every entity."""
        raise BadBankFile("not_xml", fault="DOCTYPE")


def read_xml(data: bytes) -> Node:
    """A document as a tree; a document type, and with it every entity, is refused. Raises BadBankFile."""
    if len(data) > LARGEST:
        raise BadBankFile("too_large", size=len(data))
    reading = _Reading()
    try:
        reading.parser.Parse(data, True)  # noqa: FBT003  expat's own way to say that this is all
    except (expat.ExpatError, ValueError, LookupError) as fault:
        raise BadBankFile("not_xml", fault=str(fault)) from fault
    return reading.root.children[0]


def reports_of(document: Node) -> list[Node]:
    """The statements or notifications of a document. Raises BadBankFile for another message."""
    for message, report in ROOTS.items():
        found = list(document.all(f"{message}/{report}"))
        if found:
            return found
    within = ", ".join(child.name for child in document.children[:3])
    raise BadBankFile("other_xml", found=f"{document.name} {within}".strip())


def read_answers(data: bytes) -> list[AnswerOf]:
    """What camt.053 or camt.054 say of payments: what left by its EndToEndId, and what was given back. Other movements
    of the account are left to the reconciliation. Raises BadBankFile."""
    answers: list[AnswerOf] = []
    for report in reports_of(read_xml(data)):
        _check_entries(report)
        for entry in report.all("Ntry"):
            answers += _answers(entry)
    if not answers:
        raise BadBankFile("no_lines")
    if len(answers) > MOST_LINES:
        raise BadBankFile("too_many", most=MOST_LINES)
    return answers


def _check_entries(report: Node) -> None:
    """Where the bank says how many movements there are and their sum, so it is."""
    entries = list(report.all("Ntry"))
    said = report.text_at("TxsSummry/TtlNtries/NbOfNtries")
    total = report.text_at("TxsSummry/TtlNtries/Sum")
    found = sum((amount_of(one) for one in entries), Decimal(0))
    if (said and said != str(len(entries))) or (total and _decimal(total) != found):
        raise BadBankFile("other_total", lines=said, sum=total, found=len(entries), total=f"{found:.2f}")


def _answers(entry: Node) -> Iterator[AnswerOf]:
    on = day_of(entry)
    outcome = PAID if entry.text_at("CdtDbtInd") == "DBIT" else RETURNED
    details = list(entry.all("NtryDtls/TxDtls"))
    for one in details:
        number = one.text_at("Refs/EndToEndId")
        if not number or number == "NOTPROVIDED":
            continue
        whole = one.first("AmtDtls/TxAmt") or one
        amount = amount_of(whole if whole.first("Amt") else entry)
        reason = one.text_at("RtrInf/AddtlInf") or one.text_at("RtrInf/Rsn/Prtry") or one.text_at("RtrInf/Rsn/Cd")
        yield AnswerOf(
            number=number[:60],
            outcome=outcome,
            amount=amount,
            on=on,
            reference=(one.text_at("Refs/AcctSvcrRef") or entry.text_at("AcctSvcrRef"))[:60],
            reason="" if outcome == PAID else (reason or NO_WORDS)[:200],
        )


def amount_of(node: Node) -> Decimal:
    """An element's amount in yuan. Raises BadBankFile."""
    found = node.first("Amt")
    if found is None:
        raise BadBankFile("missing", what="Amt")
    if found.attributes.get("Ccy", CURRENCY) not in {CURRENCY, "RMB"}:
        raise BadBankFile("currency", currency=found.attributes["Ccy"][:10])
    return _decimal(found.text.strip())


def _decimal(text: str) -> Decimal:
    try:
        found = Decimal(text)
    except InvalidOperation as fault:
        raise BadBankFile("bad_line", line="—", column="Amt", value=text[:80]) from fault
    if not found.is_finite() or found != round(found, 2):
        raise BadBankFile("bad_line", line="—", column="Amt", value=text[:80])
    return found


def day_of(entry: Node) -> date:
    """The day on which a movement is booked. Raises BadBankFile."""
    text = entry.text_at("BookgDt/Dt") or entry.text_at("BookgDt/DtTm")[:10] or entry.text_at("ValDt/Dt")
    try:
        return date.fromisoformat(text)
    except ValueError as fault:
        raise BadBankFile("bad_line", line="—", column="BookgDt", value=text[:80]) from fault
