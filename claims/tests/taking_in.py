"""What intake needs to take a claim in: a provider under agreement, a disease, an insured patient with an account."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange

from claims.models import Agreement, AskedPaper, Claim, Disease, Provider
from claims.rules.papers import shipped
from claims.selectors.intake_content import Bill, Content, Line
from claims.services import intake
from claims.tests import factories as plans
from conftest import NOON
from enrollment.models import Household, Member, PayeeAccount
from enrollment.tests import factories
from office.models import Person
from office.tests.factories import tess

#: Every paper of the lists, and what a checker may ask for in words.
ALL_PAPERS = frozenset(paper.code for one in shipped() for paper in one.papers) | {AskedPaper.OTHER}
YEAR = DateRange(date(2010, 1, 1), date(2011, 1, 1))


def provider(code: str = "H1", name: str = "海原县人民医院", *, agreed: bool = True, **more: Any) -> Provider:
    """A county hospital with an agreement for the year."""
    given = {"name": name, "level": "county", "tier": 2, "region": "county", "changed_by": tess(), "changed_at": NOON}
    known = Provider.objects.filter(code=code).first() or Provider.objects.create(code=code, **{**given, **more})
    if agreed:
        Agreement.objects.get_or_create(
            provider=known, scheme=factories.scheme(),
            defaults={"number": f"A-{code}", "period": YEAR, "changed_by": tess(), "changed_at": NOON},
        )  # fmt: skip
    return known


def disease(code: str = "J18", name: str = "肺炎") -> Disease:
    return Disease.objects.get_or_create(code=code, defaults={"name": name})[0]


def insured(number: str = "0001", *, has_account: bool = True, **more: Any) -> Member:
    """Somebody covered in 2010 whose household is paid to an account; the plan of the year is adopted."""
    year = factories.FundYear.objects.confirmed().filter(year=2010).first() or factories.fund_year()
    if not plans.BenefitPlan.objects.adopted().exists():
        plans.adopted()
    who = factories.member(factories.household(number), **more)
    factories.brought_along(who, year)
    if has_account:
        pay_to(who.household, who.name)
    return who


def pay_to(home: Household, holder: str = "马小兰", number: str = "6228480000001234") -> PayeeAccount:
    """An account that two people have confirmed."""
    asked = PayeeAccount.objects.create(
        household=home,
        holder=holder,
        bank="农信社",
        number=number,
        reason="first",
        proposed_by=tess(),
        proposed_at=NOON,
    )
    factories.decide("enrollment.payeeaccount", asked.pk, voter=factories.head())
    asked.state = PayeeAccount.State.CONFIRMED
    asked.save(update_fields=["state"])
    return asked


def content(member: Member | None = None, lines: int = 1, **more: Any) -> Content:
    """A stay of ten days in January for 3,000 yuan, with all papers."""
    each = Decimal(3000 // lines)
    costs = [Line("西药", "A", "drug", each) for _number in range(lines - 1)]
    costs.append(Line("西药", "A", "drug", 3000 - each * (lines - 1)))
    given: dict[str, Any] = {
        "member": member or Member.objects.filter(household__payee_accounts__isnull=False).first() or insured(),
        "provider": provider(),
        "disease": disease(),
        "kind": "inpatient",
        "admitted_on": date(2010, 1, 11),
        "discharged_on": date(2010, 1, 21),
        "lines": costs,
        "invoices": [Bill("064001", "00000001", sum((one.amount for one in costs), Decimal(0)), date(2010, 1, 21))],
        "papers": ALL_PAPERS,
        "is_referred": True,
    }
    return Content(**{**given, **more})


def bill(number: str, amount: int | Decimal = 3000, type_code: str = "064001", on: date = date(2010, 1, 21)) -> Bill:
    return Bill(type_code, number, Decimal(amount), on)


def entered(by: Person, member: Member | None = None, number: str = "00000001", **more: Any) -> Claim:
    """A claim as intake takes it in."""
    asked = content(member, **{"invoices": [bill(number)], **more})
    return intake.enter_claim(content=asked, by=by, at=NOON)
