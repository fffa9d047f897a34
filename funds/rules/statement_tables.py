"""Statements that come as a table (CSV or workbook, 对账单): a head that says account, days and balances, a row that
names the columns, the lines, and the totals where the bank prints them. Banks name their columns as they like."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

from enrollment.rules import cells
from funds.rules.statements import MOST_LINES, BadStatement, StatementLineOf, StatementOf
from office.rules import money

#: What a row of the head or the foot says, by the words that banks print before it.
HEAD: Final[Mapping[str, tuple[str, ...]]] = {
    "account": ("账号", "户号", "账户", "账户号", "account"),
    "number": ("对账单编号", "对账单号", "编号", "statement"),
    "first": ("起始日期", "开始日期", "from"),
    "last": ("截止日期", "结束日期", "until"),
    "days": ("起止日期", "对账期间", "days"),
    "opening": ("期初余额", "上期余额", "承前余额", "opening"),
    "closing": ("期末余额", "本期余额", "closing"),
    "count": ("总笔数", "笔数", "合计笔数", "count"),
    "came_in": ("收入合计", "贷方合计", "贷方发生额合计", "totalin"),
    "went_out": ("支出合计", "借方合计", "借方发生额合计", "totalout"),
}
#: What a column says. The bank's credit is what came in: it owes more to the account's owner.
COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "on": ("日期", "交易日期", "记账日期", "入账日期", "day", "date"),
    "came_in": ("收入", "收入金额", "贷方发生额", "贷方金额", "贷方", "存入", "in"),
    "went_out": ("支出", "支出金额", "借方发生额", "借方金额", "借方", "支取", "out"),
    "balance": ("余额", "账户余额", "balance"),
    "bank_id": ("流水号", "交易流水号", "银行流水号", "交易序号", "bankid"),
    "reference": ("业务编号", "付款编号", "用途编号", "企业流水号", "客户流水号", "凭证号", "reference"),
    "party": ("对方户名", "对方名称", "对方单位", "户名", "party"),
    "party_account": ("对方账号", "partyaccount"),
    "words": ("摘要", "附言", "用途", "备注", "words"),
}
NEEDED: Final = ("on", "came_in", "went_out")
TOTALS: Final = frozenset({"合计", "总计", "totals"})
BLANK: Final = frozenset("¥￥元, \t-—")


def _by_word(names: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    return {word: name for name, words in names.items() for word in words}


OF_HEAD, OF_COLUMN = _by_word(HEAD), _by_word(COLUMNS)


@dataclass
class _Found:
    """What was read so far."""

    said: dict[str, tuple[int, str]] = field(default_factory=dict)
    also: dict[str, str] = field(default_factory=dict)  # the second day of a row of both
    places: dict[str, int] = field(default_factory=dict)
    lines: list[StatementLineOf] = field(default_factory=list)


def read(table: Iterable[Sequence[object]]) -> StatementOf:
    """A statement out of the rows of a table. Raises BadStatement."""
    found = _Found()
    for number, row in enumerate(table, start=1):
        told = [cells.text(cell) for cell in row]
        if not any(told):
            continue
        if (word := _word(told[0])) in OF_HEAD and len(told) > 1:
            found.said[OF_HEAD[word]] = (number, told[1])
            found.also[OF_HEAD[word]] = told[2] if len(told) > 2 else ""  # noqa: PLR2004
        elif not found.places:
            found.places = _columns(told)
        elif word in TOTALS:
            found.said |= {name: (number, told[found.places[name]]) for name in ("came_in", "went_out")}
        else:
            found.lines.append(_line(number, told, found.places))
            if len(found.lines) > MOST_LINES:
                raise BadStatement("too_many", most=f"{MOST_LINES:,}")
    return _statement(found)


def _word(cell: str) -> str:
    return cells.plain(cell).rstrip(":：").lower()


def _columns(told: Sequence[str]) -> dict[str, int]:
    """Where which column stands, if this row names them; the first of two of a kind."""
    places: dict[str, int] = {}
    for place, cell in enumerate(told):
        if (name := OF_COLUMN.get(_word(cell))) is not None:
            places.setdefault(name, place)
    return places if all(name in places for name in NEEDED) else {}


def _line(number: int, told: Sequence[str], places: Mapping[str, int]) -> StatementLineOf:
    said = {name: told[place] if place < len(told) else "" for name, place in places.items()}
    came_in, went_out = (_amount(number, said[name]) for name in ("came_in", "went_out"))
    if bool(came_in) == bool(went_out):
        raise BadStatement("both_sides", row=number)
    balance = said.get("balance", "")
    texts = {name: said.get(name, "") for name in ("reference", "bank_id", "party", "party_account", "words")}
    return StatementLineOf(
        on=_day(number, said["on"]),
        amount=came_in - went_out,
        balance=_amount(number, balance) if balance else None,
        **texts,
    )


def _statement(found: _Found) -> StatementOf:
    said = {name: value for name, (row, value) in found.said.items()}
    if not (account := "".join(one for one in cells.plain(said.get("account", "")) if one.isdigit())):
        raise BadStatement("no_account")
    if not found.places:
        raise BadStatement("no_columns")
    first, last = _days(found)
    if "opening" not in said or "closing" not in said:
        raise BadStatement("no_balance")
    opening, closing = (_amount(*found.said[name]) for name in ("opening", "closing"))
    return StatementOf(
        account_number=account,
        first=first,
        last=last,
        opening=opening,
        closing=closing,
        lines=found.lines,
        number=said.get("number", "")[:60],
        count=_count(*found.said["count"]) if "count" in found.said else None,
        **{name: _amount(*found.said[name]) for name in ("came_in", "went_out") if name in found.said},
    )


def _days(found: _Found) -> tuple[date, date]:
    if "days" in found.said:
        number, first = found.said["days"]
        return _day(number, first), _day(number, found.also["days"])
    if "first" not in found.said or "last" not in found.said:
        raise BadStatement("no_days")
    return _day(*found.said["first"]), _day(*found.said["last"])


def _day(number: int, said: str) -> date:
    found = cells.day(said)
    if found is None:
        raise BadStatement("bad_day", row=number, value=said[:40])
    return found


def _amount(number: int, said: str) -> Decimal:
    """An amount as a bank prints it; an empty cell, or a dash, is nothing."""
    if not set(said) - BLANK:
        return Decimal(0)
    try:
        return money.parse(said.replace("￥", "").replace("¥", ""), signed=True)
    except money.CannotCount as refusal:
        raise BadStatement("bad_amount", row=number, value=said[:40]) from refusal


def _count(number: int, said: str) -> int:
    plain = cells.plain(said).removesuffix("笔")
    if not (plain.isascii() and plain.isdigit() and len(plain) <= 9):  # noqa: PLR2004
        raise BadStatement("bad_amount", row=number, value=said[:40])
    return int(plain)
