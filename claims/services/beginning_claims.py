"""Claims that were taken in before this system began and are not paid yet: they are entered as intake enters them, and
take their whole route."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from claims.models import Disease, Provider
from claims.rules import beginning as rules
from claims.rules.beginning import Unpaid
from claims.selectors import intake as selectors
from claims.selectors.intake_content import Bill, Content, Line, Look
from claims.services import intake
from claims.services.beginning_files import found_of, owners_of, table_of
from enrollment.models import GoLiveProtocol, Member
from enrollment.services.go_live_files import Brought, CannotBring, Found
from enrollment.services.go_live_owners import Owner
from office.models import Person
from office.sentences import said

if TYPE_CHECKING:
    from claims.rules.columns import Row


class UnpaidClaims:
    """Claims with their invoices and costs, in the order of the file."""

    def __init__(self, brought: Brought) -> None:
        self.brought = brought
        self.looks: list[Look] = []

    def read(self) -> Found:
        """Read every row, and ask of every claim what intake asks."""
        today = self.brought.today
        rows, claims = table_of(self.brought, lambda: rules.read_claims(self.brought.file.table(), today))
        owners = owners_of([one.who for one in claims])
        people = Member.objects.select_related("household", "merged_into").in_bulk(
            {owner.pk for owner in owners.values()}
        )
        providers = {one.code: one for one in Provider.objects.filter(code__in={one.provider for one in claims})}
        diseases = {one.code: one for one in Disease.objects.filter(code__in={one.disease for one in claims})}
        for done, one in enumerate(claims, start=1):
            known = _known(one, owners, people, providers, diseases)
            if known is not None:
                self._look(one, *known)
            self.brought.step(40 + 20 * done // len(claims), 100, said("Checking claims"))
        return found_of(rows, sum((look.claim.total for look in self.looks), Decimal(0)))

    def write(self, protocol: GoLiveProtocol, by: Person) -> Mapping[str, int]:
        """Enter every claim. Raises CannotBring."""
        try:
            intake.enter_brought(looks=self.looks, by=by, at=self.brought.at)
        except intake.CannotEnter as refusal:
            raise CannotBring(str(refusal)) from refusal
        self.brought.step(100, 100, said("Writing"))
        return {"claims": len(self.looks)}

    def _look(self, one: Unpaid, member: Member, provider: Provider, disease: Disease) -> None:
        content = self._content(one, member, provider, disease)
        look = selectors.look(content, by=None, at=self.brought.at)
        if one.has_papers:
            look.content = replace(content, papers=frozenset(paper.code for paper in look.papers))
        for fault in look.faults:
            one.who.row.fault("old", "claim_refused", fault.sentence)
        self.looks.append(look)

    def _content(self, one: Unpaid, member: Member, provider: Provider, disease: Disease) -> Content:
        return Content(
            member=member,
            provider=provider,
            disease=disease,
            kind=one.kind,
            admitted_on=one.admitted_on,
            discharged_on=one.discharged_on,
            lines=_lines(one),
            invoices=[Bill(each.type_code, each.number, each.amount, each.issued_on) for each in one.invoices],
            scheme=self.brought.fund_year.scheme,
            settled_on=one.settled_on,
            hospital_number=one.hospital_number,
            is_referred=one.is_referred,
            is_emergency=one.is_emergency,
            delivery=one.delivery,
            other_payers=one.other_payers,
            note=_("Taken in before as %(number)s") % {"number": one.old},
        )


def _lines(one: Unpaid) -> list[Line]:
    """The costs of all invoices, put together by class and group."""
    sums: dict[tuple[str, str], Decimal] = {}
    for each in one.invoices:
        for item_class, group, amount in each.costs:
            sums[item_class, group] = sums.get((item_class, group), Decimal(0)) + amount
    return [
        Line(rules.GROUP_NAMES[group], item_class, group, amount)
        for (item_class, group), amount in sorted(sums.items())
    ]


def _known(
    one: Unpaid,
    owners: Mapping[int, Owner],
    people: Mapping[int, Member],
    providers: Mapping[str, Provider],
    diseases: Mapping[str, Disease],
) -> tuple[Member, Provider, Disease] | None:
    """Whom, where and what a claim is of; what the office does not know is told with its row."""
    row: Row = one.who.row
    owner = owners.get(row.number)
    provider, disease = providers.get(one.provider), diseases.get(one.disease)
    if provider is None:
        row.fault("provider", "provider_unknown")
    if disease is None:
        row.fault("disease", "disease_unknown")
    if owner is None or provider is None or disease is None or row.is_wrong:
        return None
    return people[owner.pk], provider, disease
