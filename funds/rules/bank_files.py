"""What goes to a bank as a table (CSV), and what comes back: instructions out, answers in (docs/rules/payments.md).

Written in UTF-8 with the mark by which Excel knows it; read in UTF-8 or GB18030. The last line of an answer says how
many lines it has and their sum: a file that was cut does not say the right thing.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from office.rules import gettext_noop, money

PAID, RETURNED = "paid", "returned"
MOST_LINES: Final = 50_000
LARGEST: Final = 20 * 1024 * 1024

COLUMNS: Final = ("序号", "支付号", "收款人", "开户行", "账号", "金额", "附言")
ANSWER: Final = ("支付号", "结果", "金额", "日期", "银行流水号", "原因")
TOTAL: Final = "合计"
OUTCOMES: Final[Mapping[str, str]] = {"成功": PAID, "已付": PAID, "失败": RETURNED, "退票": RETURNED, "退回": RETURNED}
BACK: Final[Mapping[str, str]] = {PAID: "成功", RETURNED: "退票"}

#: Why a file is not taken, by code.
REFUSALS: Final[Mapping[str, str]] = {
    "too_large": gettext_noop("The file is too large: {size} bytes."),
    "not_text": gettext_noop("The file is no text in UTF-8 or GB18030."),
    "no_header": gettext_noop("The file has no line with the columns {columns}."),
    "no_total": gettext_noop("The file has no last line with its sum: it was cut."),
    "other_total": gettext_noop("The file says {lines} lines of {sum}, but has {found} of {total}."),
    "bad_line": gettext_noop("Line {line}: {column} is “{value}”."),
    "no_lines": gettext_noop("The file has no line."),
    "too_many": gettext_noop("The file has more than {most} lines."),
    "not_xml": gettext_noop("The file is no XML that can be read: {fault}"),
    "other_xml": gettext_noop("The file is no camt.053 or camt.054: {found}"),
    "missing": gettext_noop("The file has no {what}."),
    "currency": gettext_noop("The file has an amount in {currency}."),
}


class BadBankFile(Exception):
    """A file of the bank that is not taken; `code` and `facts` say why (REFUSALS)."""

    def __init__(self, code: str, **facts: object) -> None:
        self.code = code
        self.facts = facts
        super().__init__(REFUSALS[code].format(**facts))


@dataclass(frozen=True)
class InstructionOf:
    """One payment as the bank is told."""

    number: str
    payee: str
    bank: str
    account: str
    amount: Decimal
    words: str


@dataclass(frozen=True)
class FileOf:
    """What a file for the bank says: of which batch, from which account, on which day, its payments."""

    number: str
    on: date
    debtor: str
    debtor_account: str
    lines: Sequence[InstructionOf]
    made_at: str = ""  # as ISO 8601, for formats that ask for a time

    @property
    def total(self) -> Decimal:
        """The sum of its payments."""
        return sum((one.amount for one in self.lines), Decimal(0))


@dataclass(frozen=True)
class AnswerOf:
    """What a bank says of one payment."""

    number: str
    outcome: str
    amount: Decimal
    on: date
    reference: str = ""
    reason: str = ""


def write(file: FileOf) -> bytes:
    """A file for the bank as a table."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\r\n")
    rows.writerow(["批次", file.number, "日期", file.on.isoformat(), "付款账号", file.debtor_account])
    rows.writerow(COLUMNS)
    for place, one in enumerate(file.lines, start=1):
        rows.writerow([place, one.number, one.payee, one.bank, one.account, f"{one.amount:.2f}", one.words])
    rows.writerow([TOTAL, len(file.lines), "", "", "", f"{file.total:.2f}", ""])
    return out.getvalue().encode("utf-8-sig")


def write_answers(answers: Sequence[AnswerOf]) -> bytes:
    """Answers as a bank would give them as a table: for the demo, and for tests of reading."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\r\n")
    rows.writerow(ANSWER)
    for one in answers:
        rows.writerow(
            [one.number, BACK[one.outcome], f"{one.amount:.2f}", one.on.isoformat(), one.reference, one.reason]
        )
    total = sum((one.amount for one in answers), Decimal(0))
    rows.writerow([TOTAL, len(answers), f"{total:.2f}", "", "", ""])
    return out.getvalue().encode("utf-8-sig")


def read(data: bytes) -> list[AnswerOf]:
    """The answers of a table. Raises BadBankFile."""
    rows = [(place, [cell.strip() for cell in row]) for place, row in enumerate(_rows(data), start=1) if any(row)]
    start = next((at for at, (_place, row) in enumerate(rows) if tuple(row[: len(ANSWER)]) == ANSWER), None)
    if start is None:
        raise BadBankFile("no_header", columns="、".join(ANSWER))
    told = rows[start + 1 :]
    if not told or told[-1][1][0] != TOTAL:
        raise BadBankFile("no_total")
    answers = [_answer(place, row) for place, row in told[:-1]]
    if not answers:
        raise BadBankFile("no_lines")
    _check_total(told[-1], answers)
    return answers


def _rows(data: bytes) -> list[list[str]]:
    if len(data) > LARGEST:
        raise BadBankFile("too_large", size=len(data))
    try:
        rows = list(csv.reader(io.StringIO(_text(data)), strict=True))
    except csv.Error as fault:
        raise BadBankFile("not_text") from fault
    if len(rows) > MOST_LINES:
        raise BadBankFile("too_many", most=MOST_LINES)
    return rows


def _text(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise BadBankFile("not_text")


def _answer(place: int, row: Sequence[str]) -> AnswerOf:
    cells = [*row, *[""] * len(ANSWER)][: len(ANSWER)]
    number, outcome, amount, on, reference, reason = cells
    if not number or len(number) > 60:  # noqa: PLR2004  as long as a bank's own reference
        raise BadBankFile("bad_line", line=place, column=ANSWER[0], value=number[:80])
    if outcome not in OUTCOMES:
        raise BadBankFile("bad_line", line=place, column=ANSWER[1], value=outcome[:80])
    return AnswerOf(
        number=number,
        outcome=OUTCOMES[outcome],
        amount=_amount(place, amount),
        on=_day(place, on),
        reference=reference[:60],
        reason=reason[:200],
    )


def _amount(place: int, text: str) -> Decimal:
    try:
        found = money.parse(text)
    except money.CannotCount as fault:
        raise BadBankFile("bad_line", line=place, column=ANSWER[2], value=text[:80]) from fault
    if found <= 0:
        raise BadBankFile("bad_line", line=place, column=ANSWER[2], value=text[:80])
    return found


def _day(place: int, text: str) -> date:
    try:
        return date.fromisoformat(text.replace("/", "-"))
    except ValueError as fault:
        raise BadBankFile("bad_line", line=place, column=ANSWER[3], value=text[:80]) from fault


def _check_total(last: tuple[int, Sequence[str]], answers: Sequence[AnswerOf]) -> None:
    place, row = last
    said = [*row, "", "", ""]
    total = sum((one.amount for one in answers), Decimal(0))
    if not said[1].isdigit():
        raise BadBankFile("bad_line", line=place, column=TOTAL, value=said[1][:80])
    if int(said[1]) != len(answers) or _amount(place, said[2]) != total:
        raise BadBankFile("other_total", lines=said[1], sum=said[2], found=len(answers), total=f"{total:.2f}")
