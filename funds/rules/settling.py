"""What a provider is paid of its settlement (结算), what is kept back until its year is assessed (保证金), and what of
that is released (docs/rules/settlements.md). Amounts in yuan, half up to the fen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from funds.rules.postings import Line, credit, debit

ZERO: Final = Decimal(0)
FEN: Final = Decimal("0.01")
HUNDRED: Final = Decimal(100)


@dataclass(frozen=True)
class Split:
    """How a sum owed to a provider is settled: kept back, set off against what was prepaid, and paid."""

    gross: Decimal
    retained: Decimal
    set_off: Decimal

    @property
    def paid(self) -> Decimal:
        return self.gross - self.retained - self.set_off


@dataclass(frozen=True)
class Terms:
    """What is kept back, percent; from which score on all of it is released, and below which nothing."""

    percent: Decimal
    full_score: Decimal = Decimal(90)
    floor_score: Decimal = Decimal(60)


def fen(amount: Decimal) -> Decimal:
    """Half up to the fen."""
    return amount.quantize(FEN, ROUND_HALF_UP)


def split(gross: Decimal, *, percent: Decimal, prepaid: Decimal) -> Split:
    """First so much percent is kept back, then what was prepaid is set off, the rest is paid."""
    retained = fen(gross * percent / HUNDRED)
    return Split(gross, retained, min(max(prepaid, ZERO), gross - retained))


def by_account(parts: Iterable[tuple[str, Decimal]], pays: Mapping[str, str]) -> dict[str, Decimal]:
    """Sums of claim parts by the account of spending that pays them; `pays` is the chart's, by fund. Raises KeyError
    for a fund that these books do not pay."""
    sums: dict[str, Decimal] = {}
    for fund, amount in parts:
        sums[pays[fund]] = sums.get(pays[fund], ZERO) + amount
    return dict(sorted(sums.items()))


def settlement_lines(spent: Mapping[str, Decimal], how: Split) -> list[Line]:
    """The voucher of a settlement but for the bank's line: what is spent, what is set off, what is kept back."""
    lines = [debit(account, amount) for account, amount in spent.items()]
    lines += [credit("prepaid", how.set_off)] if how.set_off else []
    lines += [credit("retention", how.retained)] if how.retained else []
    return lines


def released(retained: Decimal, score: Decimal, terms: Terms) -> Decimal:
    """What an assessment gives back of what was kept: all from the full score on, nothing below the floor, in between
    as many percent as the score has points."""
    if score >= terms.full_score:
        return retained
    if score < terms.floor_score:
        return ZERO
    return fen(retained * score / HUNDRED)


def release_lines(retained: Decimal, given_back: Decimal) -> list[Line]:
    """The voucher of what is forfeited: it becomes other income. Empty where nothing is."""
    forfeited = retained - given_back
    return [debit("retention", forfeited), credit("other_income", forfeited)] if forfeited else []
