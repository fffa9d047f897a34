"""A bank's statement out of camt.053: whose, of which days, its balances, its movements (docs/rules/payments.md)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Final

from funds.rules.bank_files import BadBankFile
from funds.rules.iso20022 import Node, amount_of, day_of, read_xml
from funds.rules.statements import BadStatement, StatementLineOf, StatementOf

#: Balances by their codes: with what the statement begins and with what it ends.
OPENING: Final = ("OPBD", "PRCD")
CLOSING: Final = ("CLBD",)


def read(data: bytes) -> StatementOf:
    """The one statement of a camt.053 document. Raises BadStatement."""
    try:
        return _read(data)
    except BadBankFile as fault:
        raise BadStatement("unreadable", reason=str(fault)) from fault


def _read(data: bytes) -> StatementOf:
    document = read_xml(data)
    found = list(document.all("BkToCstmrStmt/Stmt"))
    if not found:
        raise BadBankFile("other_xml", found=document.name)
    if len(found) > 1:
        raise BadStatement("several", count=len(found))
    told = found[0]
    number = told.text_at("Acct/Id/Othr/Id") or told.text_at("Acct/Id/IBAN")
    if not number:
        raise BadStatement("no_account")
    entries = list(told.all("Ntry"))
    lines = [line for entry in entries for line in _lines(entry)]
    count = told.text_at("TxsSummry/TtlNtries/NbOfNtries")
    if count and count != str(len(entries)):
        raise BadStatement("count_differs", stated=count, counted=len(entries))
    return StatementOf(
        account_number=number,
        first=_day(told, "FrToDt/FrDtTm", OPENING),
        last=_day(told, "FrToDt/ToDtTm", CLOSING),
        opening=_balance(told, OPENING),
        closing=_balance(told, CLOSING),
        lines=lines,
        number=told.text_at("Id")[:60],
        came_in=_sum(told, "TtlCdtNtries"),
        went_out=_sum(told, "TtlDbtNtries"),
    )


def _balances(told: Node, codes: tuple[str, ...]) -> Node | None:
    return next((one for one in told.all("Bal") if one.text_at("Tp/CdOrPrtry/Cd") in codes), None)


def _balance(told: Node, codes: tuple[str, ...]) -> Decimal:
    found = _balances(told, codes)
    if found is None:
        raise BadStatement("no_balance")
    return _signed(found, amount_of(found))


def _day(told: Node, path: str, codes: tuple[str, ...]) -> date:
    """The day that the statement names, or that of its balance."""
    balance = _balances(told, codes)
    text = told.text_at(path)[:10] or (balance.text_at("Dt/Dt") if balance is not None else "")
    try:
        return date.fromisoformat(text)
    except ValueError as fault:
        raise BadStatement("no_days") from fault


def _sum(told: Node, name: str) -> Decimal | None:
    found = told.first(f"TxsSummry/{name}")
    if found is None or not found.text_at("Sum"):
        return None
    try:
        return Decimal(found.text_at("Sum"))
    except ArithmeticError as fault:
        raise BadStatement("unreadable", reason=found.text_at("Sum")[:40]) from fault


def _signed(node: Node, amount: Decimal) -> Decimal:
    """In yuan as the account's owner sees it: what went out is below nothing."""
    return -amount if node.text_at("CdtDbtInd") == "DBIT" else amount


def _lines(entry: Node) -> Iterator[StatementLineOf]:
    """A movement, or each of those that the bank put together and tells apart."""
    whole = _signed(entry, amount_of(entry))
    details = list(entry.all("NtryDtls/TxDtls"))
    amounts = [_own(one) for one in details]
    apart = len(details) > 1 and None not in amounts
    for place, one in enumerate(details if apart else details[:1] or [Node("")]):
        own = amounts[place] if apart else None
        yield StatementLineOf(
            on=day_of(entry),
            amount=whole if own is None else _signed(entry, own),
            reference=_reference(one),
            bank_id=_bank_id(entry, one, place if apart else None),
            party=(one.text_at("RltdPties/Cdtr/Nm") or one.text_at("RltdPties/Dbtr/Nm"))[:120],
            party_account=one.text_at("RltdPties/CdtrAcct/Id/Othr/Id") or one.text_at("RltdPties/DbtrAcct/Id/Othr/Id"),
            words=(one.text_at("RmtInf/Ustrd") or entry.text_at("AddtlNtryInf"))[:200],
        )


def _own(detail: Node) -> Decimal | None:
    found = detail.first("AmtDtls/TxAmt")
    return amount_of(found) if found is not None and found.first("Amt") else None


def _reference(detail: Node) -> str:
    given = detail.text_at("Refs/EndToEndId")
    return "" if given == "NOTPROVIDED" else given[:120]


def _bank_id(entry: Node, detail: Node, place: int | None) -> str:
    own = detail.text_at("Refs/AcctSvcrRef")
    given = entry.text_at("AcctSvcrRef")
    if own or place is None:
        return (own or given)[:60]
    return f"{given}/{place + 1}"[:60] if given else ""
