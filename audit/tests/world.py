"""People, hospitals and claims among which screens look, made as offices have them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from claims.models import Claim, ClaimLine, Disease, Invoice, Provider
from claims.tests import deciding
from claims.tests.deciding import Desk
from enrollment.models import FundYear, Member
from enrollment.tests import factories as register


def day(month: int, number: int) -> date:
    """A day of 2010."""
    return date(2010, month, number)


def disease(code: str) -> Disease:
    """A disease by its code."""
    return Disease.objects.get_or_create(code=code, defaults={"name": f"病{code}"})[0]


@dataclass
class World:
    """An office with insured people."""

    desk: Desk
    year: FundYear
    count: int = 0

    @classmethod
    def of(cls, appoint: Any) -> World:
        desk = Desk.of(appoint)
        return cls(desk, register.fund_year(desk.scheme))

    def person(self, number: str = "", *, insured: bool = True, **more: Any) -> Member:
        """Somebody with a household of his own, insured in 2010 unless said otherwise."""
        self.count += 1
        home = more.pop("home", None) or register.household(number or f"H{self.count:04}")
        given = {"name": f"马{self.count}", "born": date(1970, 1, 1), "id_number": None, **more}
        who = register.member(home, **given)
        if insured:
            register.brought_along(who, self.year)
        return who

    def stay(
        self, who: Member, first: date, last: date, amounts: Iterable[str] = ("1000", "900"), **more: Any
    ) -> Claim:
        """A stay that intake has entered."""
        given = {"admitted_on": first, "discharged_on": last, "disease": disease("J18.9"), **more}
        return self.desk.claim(who, tuple(amounts), **given)

    def visit(self, who: Member, on: date, amounts: Iterable[str] = ("30",), **more: Any) -> Claim:
        """An outpatient visit."""
        return self.stay(who, on, on, amounts, **{"kind": "outpatient", **more})

    def many(self, who: Member, rows: Iterable[dict[str, Any]]) -> list[Claim]:
        """Many entered claims at once, each as its row says it differs from a stay of a week in February. A row may say
        `lines` (group, amount, what else) and `invoice` (what differs) as well."""
        pattern = self.stay(who, day(2, 1), day(2, 8), **NOT_ASKED_FOR)
        fields = [one.attname for one in Claim._meta.concrete_fields if not one.primary_key]
        claims, lines, invoices = [], [], []
        for row in rows:
            self.count += 1
            costs, bill = row.pop("lines", [("drug", row["total"], {})]), row.pop("invoice", {})
            told = {name: getattr(pattern, name) for name in fields} | {"number": f"M{self.count:07}"} | row
            claims.append(Claim(**told))
            lines += [_line(claims[-1], *one) for one in enumerate(costs, 1)]
            invoices.append(_invoice(claims[-1], bill))
        with transaction.atomic():
            Claim.objects.bulk_create(claims)
            ClaimLine.objects.bulk_create(lines)
            Invoice.objects.bulk_create(invoices)
        return claims

    def one(self, who: Member, **row: Any) -> Claim:
        """One such claim."""
        [claim] = self.many(who, [row])
        return claim


#: The pattern of many claims is none that screens look for: it lies before the days that tests screen.
NOT_ASKED_FOR: dict[str, Any] = {"entered_on": date(2008, 1, 2)}


def _line(claim: Claim, position: int, cost: tuple[str, Any, dict[str, Any]]) -> ClaimLine:
    group, amount, more = cost
    given = {"name": group, "item_class": "A", "group": group, "amount": amount} | more
    return ClaimLine(claim=claim, version=1, position=position, **given)


def _invoice(claim: Claim, bill: dict[str, Any]) -> Invoice:
    given = {"type_code": "T", "number": claim.number, "year": 2010, "amount": claim.total}
    return Invoice(claim=claim, version=1, issued_on=claim.discharged_on, **(given | bill))


def hospital(code: str, **more: Any) -> Provider:
    """A hospital by its code."""
    return deciding.provider(code, **more)
