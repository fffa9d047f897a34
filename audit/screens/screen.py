"""What a screen is: its sentence, its parameters, its statement, the words of its evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

#: The story that is told where a statement names none.
PLAIN: Final = ""
#: Every screen has it: of more hits than this those of the highest score become leads.
MOST: Final = "most"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number that the auditor may set: what it says, its default, between what it must lie."""

    name: str
    label: StrPromise
    default: Decimal
    least: Decimal
    most: Decimal


@dataclass(frozen=True, slots=True)
class Screen:
    """One test over the claims of some days.

    `sql` selects a row for each hit: `key` names its subjects, `claims` are its claims by number (the most telling
    first), `figures` fill in its story, `money` is concerned, `score` runs from 1 to 100; and whatever of `names` it
    says by itself. It reads the tables that audit/services/screening_tables.py makes, and may take %(first)s and
    %(last)s besides its own parameters. `is_pointed`: whether its claims themselves are in doubt, or a place as a
    whole.
    """

    code: str
    title: StrPromise
    sentence: StrPromise
    stories: Mapping[str, StrPromise]
    sql: str
    parameters: tuple[Parameter, ...] = ()
    names: tuple[str, ...] = ()
    is_pointed: bool = True
    reads_votes: bool = False
    most: int = 2_000

    def parameters_of(self) -> tuple[Parameter, ...]:
        """Its own parameters, then how many leads a run gives at most."""
        return (
            *self.parameters,
            Parameter(MOST, _("leads of a run at most"), Decimal(self.most), ONE, HUNDRED_THOUSAND),
        )


ONE: Final = Decimal(1)
HUNDRED_THOUSAND: Final = Decimal(100_000)


def number(name: str, label: StrPromise, default: int, least: int, most: int) -> Parameter:
    """A parameter of whole numbers."""
    return Parameter(name, label, Decimal(default), Decimal(least), Decimal(most))
