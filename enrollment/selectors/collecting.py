"""A village's register as it is collected from: household by household, what is due for whom for a fund year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from enrollment.models import (
    Contribution,
    ContributionRate,
    Coverage,
    Division,
    FundYear,
    Household,
    HouseholdException,
    Member,
    Receipt,
    ReceiptBook,
)
from enrollment.rules.collection import Parts


class Standing(StrEnum):
    """How somebody stands to a fund year: it is due, paid, he is insured otherwise, or left out for a reason."""

    DUE = "due"
    PAID = "paid"
    INSURED = "insured"
    LEFT_OUT = "left_out"


@dataclass(frozen=True)
class Due:
    """One member on the way to a fund year: what is laid down for him, and how he stands; `parts` None: nothing is."""

    member: Member
    standing: Standing
    parts: Parts | None = None
    contribution: Contribution | None = None

    @property
    def own(self) -> Decimal:
        """What the household pays itself for him, in yuan."""
        return self.parts.own if self.parts else Decimal(0)


@dataclass(frozen=True)
class Home:
    """One household of the register with what is due for each who lives in it, its head first."""

    household: Household
    dues: list[Due]
    receipts: list[Receipt]

    @property
    def head(self) -> Member | None:
        return next((one.member for one in self.dues if one.member.is_head), None)

    @property
    def to_pay(self) -> list[Due]:
        """Those for whom nothing was paid yet."""
        return [one for one in self.dues if one.standing == Standing.DUE]

    @property
    def paid(self) -> list[Due]:
        """Those for whom was paid."""
        return [one for one in self.dues if one.standing == Standing.PAID]

    @property
    def entries(self) -> list[int]:
        """The numbers of the entries on which something of this household stands."""
        found = (one.contribution.entry_id for one in self.paid if one.contribution)
        return sorted({number for number in found if number is not None})

    @property
    def keys(self) -> str:
        """By what a clerk finds it in a list: its number, its head's name and initials."""
        head = self.head
        return " ".join([self.household.number, *([head.name, *head.search_keys] if head else [])])


def insured_in(fund_year: FundYear) -> QuerySet[Coverage]:
    """Coverages beside which nobody can be covered in a fund year: of a basic scheme any other, else the scheme's."""
    found = Coverage.objects.standing().filter(period__overlap=fund_year.period)
    return found.filter(is_basic=True) if fund_year.scheme.is_basic else found.filter(scheme=fund_year.scheme)


def unpaid_households(fund_year: FundYear, village: Division) -> QuerySet[Household]:
    """Households of a village's register in which somebody has still to pay for a fund year, by number."""
    paid = Contribution.objects.filter(fund_year=fund_year, void_reason="", member=OuterRef("pk"))
    left_out = HouseholdException.objects.standing().filter(fund_year=fund_year, member=OuterRef("pk"))
    insured = insured_in(fund_year).filter(member=OuterRef("pk"))
    living = Member.objects.living().filter(household=OuterRef("pk"))
    due = living.exclude(Exists(paid)).exclude(Exists(left_out)).exclude(Exists(insured))
    return Household.objects.filter(Exists(due), village=village, ended_on__isnull=True).order_by("number")


def homes(fund_year: FundYear, households: Iterable[Household]) -> list[Home]:
    """These households, each with what is due for its members; the same few questions for any number of them."""
    some = list(households)
    members = Member.objects.living().filter(household__in=some).order_by("household", "-is_head", "birth_date", "pk")
    living: dict[int, list[Member]] = defaultdict(list)
    for member in members:
        living[member.household_id].append(member)
    everybody = [one for people in living.values() for one in people]
    rates = rates_of(fund_year)
    paid = {
        one.member_id: one
        for one in Contribution.objects.filter(fund_year=fund_year, void_reason="", member__in=everybody)
    }
    left_out = set(_members(HouseholdException.objects.standing().filter(fund_year=fund_year), everybody))
    insured = set(_members(insured_in(fund_year), everybody))
    receipts = _receipts(paid.values())

    def due(member: Member) -> Due:
        parts = rates.get(member.category)
        if member.pk in paid:
            return Due(member, Standing.PAID, parts, paid[member.pk])
        if member.pk in insured:
            return Due(member, Standing.INSURED, parts)
        return Due(member, Standing.LEFT_OUT if member.pk in left_out else Standing.DUE, parts)

    return [Home(one, [due(member) for member in living[one.pk]], receipts[one.pk]) for one in some]


def rates_of(fund_year: FundYear) -> dict[str, Parts]:
    """What a year lays down for each category."""
    found = ContributionRate.objects.filter(fund_year=fund_year)
    return {one.category: Parts(one.own, one.assisted, one.collective) for one in found}


def books_of(village: Division) -> list[ReceiptBook]:
    """The receipt books from which a village's township writes, in the order of their numbers."""
    return list(ReceiptBook.objects.in_use().filter(township=village.parent_id).order_by("series", "digits", "first"))


def _members(found: QuerySet[Any], everybody: list[Member]) -> QuerySet[Any]:
    return found.filter(member__in=everybody).values_list("member", flat=True)


def _receipts(paid: Iterable[Contribution]) -> dict[int, list[Receipt]]:
    """The receipts that stand for these contributions, by household."""
    entries = {one.entry_id for one in paid if one.entry_id}
    found: dict[int, list[Receipt]] = defaultdict(list)
    used: Any = Receipt.objects.used().filter(entry__in=entries).annotate(home=F("entry__household"))
    for receipt in used.order_by("pk"):
        found[receipt.home].append(receipt)
    return found


def year_collected(today: date) -> FundYear | None:
    """The fund year for which a household most likely pays on a day: the newest that is collected or runs."""
    years = FundYear.objects.confirmed().of_sums().select_related("scheme")
    likely = years.filter(Q(collection__contains=today) | Q(period__contains=today))
    return likely.order_by("-year", "scheme").first()


def found_in(village: Division, typed: str) -> QuerySet[Household]:
    """Households of a village's register by a part of their number, or their head's name or initials."""
    plain = typed.strip()
    heads = Member.objects.living().filter(household=OuterRef("pk"), is_head=True)
    head = heads.filter(Q(name__startswith=plain) | Q(search_keys__contains=[plain.lower()]))
    known = Household.objects.filter(village=village, ended_on__isnull=True)
    return known.filter(Q(number__contains=plain) | Exists(head)).order_by("number")
