"""Balances of household and personal accounts that an office brings along."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from django.db.models import Q
from django.db.models.functions import Coalesce

from enrollment.models import Account, AccountEntry, GoLiveProtocol, Member, Scheme
from enrollment.rules import go_live
from enrollment.rules.faults import Fault, Level, in_order
from enrollment.rules.go_live import Column, Line
from enrollment.services import accounts
from enrollment.services.go_live_files import Brought, Found, in_pieces
from enrollment.services.go_live_owners import fault_of_owner, households_of, members_of
from office.models import Person
from office.sentences import said


class Balances:
    """What each household, or each person, has left."""

    def __init__(self, brought: Brought) -> None:
        self.brought = brought
        self.of_households = brought.fund_year.scheme.account == Scheme.Account.HOUSEHOLD
        self.column = Column.HOUSEHOLD if self.of_households else Column.ID_NUMBER
        self.lines: list[Line] = []
        self.owners: Mapping[int, tuple[int, str]] = {}

    def read(self) -> Found:
        """Read and judge every row."""
        columns = go_live.HOUSEHOLD_BALANCES if self.of_households else go_live.PERSONAL_BALANCES
        self.lines = self.brought.lines(columns)
        if self.of_households:
            self.owners = households_of(self.lines)
        else:
            self.owners = {number: (one.pk, one.name) for number, one in members_of(self.lines).items()}
        self.brought.step(50, 100, said("Comparing with the register"))
        faults = [fault for line in self.lines for fault in line.faults]
        faults += go_live.named_twice((number, pk) for number, (pk, _name) in self.owners.items())
        faults += filter(None, map(self._fault_of, self.lines))
        faults += self._opened_already()
        errors = len({fault.row for fault in faults})
        total = sum((line.balance for line in self.lines if line.balance is not None), Decimal(0))
        return Found(len(self.lines), in_order(faults), errors, total)

    def write(self, protocol: GoLiveProtocol, by: Person) -> Mapping[str, int]:
        """Write every row."""
        balances = {self.owners[line.number][0]: line.balance or Decimal(0) for line in self.lines}
        opened = accounts.open_balances(
            scheme=self.brought.fund_year.scheme,
            balances=balances,
            on=protocol.as_of,
            reference=f"go-live {protocol.pk}",
            by=by,
            at=self.brought.at,
        )
        self.brought.step(100, 100, said("Writing"))
        return {"accounts": opened}

    def _fault_of(self, line: Line) -> Fault | None:
        owner = self.owners.get(line.number)
        return fault_of_owner(line, owner[1] if owner else None, self.column)

    def _opened_already(self) -> Iterator[Fault]:
        """A balance is brought along once; one that a double has is the person's own."""
        rows = {pk: number for number, (pk, _name) in self.owners.items()}
        owner = "household" if self.of_households else Coalesce("member__merged_into", "member")
        known = Account.objects.filter(scheme=self.brought.fund_year.scheme, entries__kind=AccountEntry.Kind.OPENING)
        for piece in in_pieces(sorted(rows)):
            of_people = Q(member__in=Member.objects.records_of(piece))
            theirs = Q(household__in=piece) if self.of_households else of_people
            for pk, day in dict(known.filter(theirs).values_list(owner, "entries__on")).items():
                yield Fault(rows[pk], self.column, "opened_already", Level.ERROR, "", day.isoformat())
