"""Coverages that an office brings along, with what was paid for them where the file says it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q
from django.db.models.functions import Coalesce

from enrollment.models import Contribution, Coverage, GoLiveProtocol, HouseholdException, Member
from enrollment.rules import go_live
from enrollment.rules.faults import Fault, Level, in_order
from enrollment.rules.go_live import Column, Line
from enrollment.rules.roster_rows import Due
from enrollment.services.go_live_files import Brought, Found, in_pieces
from enrollment.services.go_live_owners import Owner, fault_of_owner, members_of
from office.models import Person
from office.sentences import said


class Coverages:
    """Who is covered in the year, since when, and what he paid."""

    def __init__(self, brought: Brought) -> None:
        self.brought = brought
        self.rates = brought.rates()
        self.lines: list[Line] = []
        self.owners: Mapping[int, Owner] = {}

    def read(self) -> Found:
        """Read and judge every row."""
        self.lines = self.brought.lines(go_live.COVERAGE)
        self.owners = members_of(self.lines)
        self.brought.step(50, 100, said("Comparing with the register"))
        faults = [fault for line in self.lines for fault in line.faults]
        faults += go_live.named_twice((number, owner.pk) for number, owner in self.owners.items())
        faults += [fault for line in self.lines for fault in self._faults_of(line)]
        faults += self._covered_already()
        errors = len({fault.row for fault in faults})
        total = sum((line.fee for line in self.lines if line.fee is not None), Decimal(0))
        return Found(len(self.lines), in_order(faults), errors, total)

    def write(self, protocol: GoLiveProtocol, by: Person) -> Mapping[str, int]:
        """Write every row."""
        paid = done = 0
        for piece in in_pieces(self.lines):
            paid += self._write(piece, by)
            done += len(piece)
            self.brought.step(60 + 40 * done // len(self.lines), 100, said("Writing"))
        return {"coverages": len(self.lines), "contributions": paid}

    def _faults_of(self, line: Line) -> Iterator[Fault]:
        owner = self.owners.get(line.number)
        wrong = fault_of_owner(line, owner.name if owner else None, Column.ID_NUMBER)
        if wrong is not None:
            yield wrong
        if owner is None:
            return
        if owner.state != Member.State.LIVING:
            yield Fault(line.number, Column.ID_NUMBER, "not_living", Level.ERROR, line.name)
        if not self.brought.fund_year.holds(self._first_day(line, owner)):
            yield Fault(line.number, Column.FIRST_DAY, "outside_year", Level.ERROR, str(line.first_day or ""))
        yield from self._fee_fault(line, owner)

    def _fee_fault(self, line: Line, owner: Owner) -> Iterator[Fault]:
        rate = self.rates[owner.category]
        if line.fee is not None and not Due(rate.amount, rate.own).takes(line.fee):
            code = "fee_over" if line.fee > rate.amount else "fee_short"
            yield Fault(line.number, Column.FEE, code, Level.ERROR, str(line.fee), f"{rate.amount:.2f}")

    def _covered_already(self) -> Iterator[Fault]:
        """Whoever has a coverage on some of these days, or has paid for the year, is not covered once more; what stands
        under his double is his."""
        year = self.brought.fund_year
        rows = {owner.pk: number for number, owner in self.owners.items()}
        clash = Q(is_basic=True) if year.scheme.is_basic else Q(scheme=year.scheme)
        whose = Coalesce("member__merged_into", "member")
        for piece in in_pieces(sorted(rows)):
            theirs = Member.objects.records_of(piece)
            found = Coverage.objects.standing().filter(clash, member__in=theirs, period__overlap=year.period)
            covered = dict(found.order_by("-pk").values_list(whose, "scheme__code"))
            for pk, scheme in covered.items():
                yield Fault(rows[pk], Column.ID_NUMBER, "covered_already", Level.ERROR, "", scheme)
            paid = Contribution.objects.filter(member__in=theirs, fund_year=year, void_reason="")
            for pk in set(paid.values_list(whose, flat=True)) - set(covered):
                yield Fault(rows[pk], Column.FEE, "paid_already")

    def _first_day(self, line: Line, owner: Owner) -> date:
        year: date = self.brought.fund_year.period.lower
        return max(line.first_day or year, owner.birth_date)

    def _write(self, lines: Sequence[Line], by: Person) -> int:
        year, at = self.brought.fund_year, self.brought.at
        noted = {"noted_by": by, "noted_at": at}
        paid: dict[int, Contribution] = {}
        for line in lines:
            if line.fee is not None:
                owner = self.owners[line.number]
                rate = self.rates[owner.category]
                paid[line.number] = Contribution(
                    fund_year=year,
                    member_id=owner.pk,
                    own=rate.own,
                    assisted=rate.assisted,
                    collective=rate.collective,
                    receipt=line.receipt,
                    **noted,
                )
        Contribution.objects.bulk_create(paid.values())
        Coverage.objects.bulk_create(
            Coverage(
                member_id=self.owners[line.number].pk,
                scheme=year.scheme,
                is_basic=year.scheme.is_basic,
                fund_year=year,
                period=DateRange(self._first_day(line, self.owners[line.number]), year.period.upper),
                reason=Coverage.Reason.GO_LIVE,
                contribution=paid.get(line.number),
                **noted,
            )
            for line in lines
        )
        members = [self.owners[line.number].pk for line in lines]
        HouseholdException.objects.standing().filter(fund_year=year, member__in=members).update(ended_at=at)
        return len(paid)
