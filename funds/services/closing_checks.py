"""What is looked at before a month is closed: each part of the funds registers its own checks when the app is ready.

closing_checks.register("unreconciled", gettext_lazy("Every bank account is reconciled"), function)

A function is given the month and says, in sentences, what is not right; nothing where all is. With `may_be_signed`
whoever asks for the closing may give a reason for an exception, which those who decide the closing read and sign.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from funds.models import Period

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

Looks = Callable[[Period], Sequence[str]]


@dataclass(frozen=True)
class Check:
    """One line of the list: its code, what has to be so, and how one looks."""

    code: str
    sentence: StrPromise | str
    faults: Looks
    may_be_signed: bool = False


@dataclass(frozen=True)
class Checked:
    """A check with what it found."""

    check: Check
    faults: Sequence[str]

    @property
    def is_right(self) -> bool:
        return not self.faults


_checks: dict[str, Check] = {}


def register(code: str, sentence: StrPromise | str, faults: Looks, *, may_be_signed: bool = False) -> None:
    """Make a check known; registering it again replaces it."""
    _checks[code] = Check(code, sentence, faults, may_be_signed)


def looked_at(period: Period) -> list[Checked]:
    """Every check with what it finds now, in the order in which they were registered."""
    return [Checked(one, tuple(one.faults(period))) for one in _checks.values()]


def sentences() -> dict[str, StrPromise | str]:
    """What each check asks for, by its code."""
    return {code: one.sentence for code, one in _checks.items()}
