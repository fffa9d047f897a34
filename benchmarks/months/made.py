"""The office of such a month: clinics and hospitals that pay in advance, insured people, those who work at it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db import transaction

from claims.models import Disease, Provider, ProviderAccount
from claims.services import provider_accounts
from claims.tests.deciding import decide
from claims.tests.documents import VISITS
from claims.tests.factories import adopted
from claims.tests.taking_in import YEAR
from conftest import NOON
from enrollment.models import Coverage, Household, Member
from enrollment.tests import factories as register
from office.models import Body, Duty, Person
from office.tests.factories import give, tess

VISITS_A_MONTH: Final = 35_000
STAYS_A_MONTH: Final = 2_300
PEOPLE: Final = 20_000
A_REGISTER: Final = 200  # visits
A_LIST: Final = 250  # stays
TOGETHER: Final = 2_000
WORK: Final = {
    "ian": Duty.INTAKE_CLERK,
    "fay": Duty.FIRST_CHECKER,
    "sue": Duty.SECOND_CHECKER,
    "ann": Duty.FUND_ACCOUNTANT,
    "amy": Duty.ACCOUNTING_HEAD,
    "hal": Duty.OFFICE_HEAD,
}


@dataclass(frozen=True)
class Size:
    """How much of a county's month."""

    scale: float

    @property
    def visits(self) -> int:
        return round(VISITS_A_MONTH * self.scale)

    @property
    def stays(self) -> int:
        return round(STAYS_A_MONTH * self.scale)

    @property
    def people(self) -> int:
        return max(round(PEOPLE * self.scale), self.stays)

    @property
    def registers(self) -> int:
        return -(-self.visits // A_REGISTER)

    @property
    def lists(self) -> int:
        return -(-self.stays // A_LIST)


def make(size: Size) -> None:
    """The office on the day before the month's papers come."""
    county = Body.objects.filter(kind=Body.Kind.COUNTY_CENTRE).first() or Body.objects.create(
        code="640522", name="海原县合管中心", kind=Body.Kind.COUNTY_CENTRE
    )
    for name, duty in WORK.items():
        if not Person.objects.filter(username=name).exists():
            give(Person.objects.create_person(username=name, full_name=name, password=f"{name}-pass"), duty, county)
    scheme = register.scheme()
    year = register.fund_year(scheme)
    adopted(VISITS, scheme)
    Disease.objects.get_or_create(code="J18", defaults={"name": "肺炎"})
    for number in range(size.registers):
        _provider(f"C{number:04d}", "village", 1)
    for number in range(size.lists):
        _provider(f"H{number:04d}", "county", 2)
    _people(size.people, year)


def _provider(code: str, level: str, tier: int) -> None:
    provider = Provider.objects.create(
        code=code, name=f"机构{code}", level=level, tier=tier, region="county", changed_by=tess(), changed_at=NOON
    )
    provider.agreements.create(
        scheme=register.scheme(),
        number=f"A-{code}",
        period=YEAR,
        is_instant=True,
        changed_by=tess(),
        changed_at=NOON,
    )
    by, head = Person.objects.get(username="amy"), Person.objects.get(username="hal")
    provider_accounts.propose(
        provider=provider, holder=provider.name, bank="农行", number="62284800001", document="1号", by=by, at=NOON
    )
    decide(ProviderAccount.objects.get(provider=provider), head)


@transaction.atomic
def _people(count: int, year: Any) -> None:
    """One person a household, each insured for the year."""
    noted = {"changed_by": tess(), "changed_at": NOON}
    village = register.division()
    homes = Household.objects.bulk_create(
        (Household(number=f"{n:06d}", village=village, registered_on=date(2008, 1, 1), **noted) for n in range(count)),
        TOGETHER,
    )
    who: Callable[[int, Household], Member] = lambda number, home: Member(  # noqa: E731
        household=home,
        name=f"马{number}",
        is_head=True,
        relation="head",
        sex="F",
        birth_date=date(1970, 3, 1),
        **noted,
    )
    people = Member.objects.bulk_create((who(number, home) for number, home in enumerate(homes)), TOGETHER)
    Coverage.objects.bulk_create(
        (
            Coverage(
                member=one,
                scheme=year.scheme,
                fund_year=year,
                period=year.period,
                reason="go_live",
                noted_by=tess(),
                noted_at=NOON,
            )
            for one in people
        ),
        TOGETHER,
    )
