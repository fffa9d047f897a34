"""What every page of the register asks of the database: as much for a village as for a township of villages.

The table names every page that shows something; one that is added without its figure fails here.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from conftest import NOON, sign_in
from enrollment.models import GoLiveProtocol, Household, HouseholdException, RosterImport
from enrollment.services import accounts, go_live_jobs, roster_jobs
from enrollment.tests import doors, factories, rosters
from office import attachments, jobs
from office.models import Duty, Person
from office.rules import days
from office.tests.factories import tess

pytestmark = pytest.mark.django_db

FEW, MANY = 2, 9
AS = (Duty.TOWNSHIP_CLERK, Duty.FUND_ACCOUNTANT, Duty.SYSTEM_ADMINISTRATOR)

#: Pages of collecting have theirs beside their own tests (test_views_*.py).
COLLECTING = tuple(
    f"enrollment:{of}"
    for of in (
        *("assistance", "blank_sheet", "bulletin", "campaign", "collection", "deadline", "entry", "household_pay"),
        *("member_pay", "receipt", "refund", "remind", "sheet", "subsidy"),
    )
)

#: Statements of a page opened for the second time, by the first of the duties above that opens it.
COSTS: dict[str, int] = {
    "enrollment:account": 6,
    "enrollment:accounts": 6,
    "enrollment:add_scheme": 4,
    "enrollment:coverage": 9,
    "enrollment:coverage_leave": 7,
    "enrollment:coverage_newborn": 7,
    "enrollment:coverage_transfer": 7,
    "enrollment:coverage_void": 7,
    "enrollment:divisions": 7,
    "enrollment:double_enrollment": 8,
    "enrollment:exception_note": 7,
    "enrollment:exceptions": 7,
    "enrollment:fund_year": 13,
    "enrollment:fund_year_copy": 5,
    "enrollment:fund_year_draft": 5,
    "enrollment:fund_year_header": 5,
    "enrollment:fund_year_paper": 5,
    "enrollment:fund_year_population_file": 5,
    "enrollment:fund_year_populations": 8,
    "enrollment:fund_year_rates": 7,
    "enrollment:fund_year_subsidies": 7,
    "enrollment:fund_year_targets": 8,
    "enrollment:fund_year_village_populations": 9,
    "enrollment:fund_years": 6,
    "enrollment:go_live": 5,
    "enrollment:go_live_job": 6,
    "enrollment:go_live_new": 6,
    "enrollment:go_live_print": 6,
    "enrollment:go_live_protocol": 8,
    "enrollment:household": 13,
    "enrollment:household_add": 5,
    "enrollment:household_end": 6,
    "enrollment:household_files": 6,
    "enrollment:household_head": 7,
    "enrollment:household_move": 7,
    "enrollment:household_split": 10,
    "enrollment:households": 6,
    "enrollment:member": 12,
    "enrollment:member_add": 6,
    "enrollment:member_away": 7,
    "enrollment:member_correct": 5,
    "enrollment:member_death": 7,
    "enrollment:member_files": 6,
    "enrollment:member_move": 7,
    "enrollment:member_return": 6,
    "enrollment:members": 6,
    "enrollment:merge_propose": 10,
    "enrollment:new_roster": 6,
    "enrollment:not_whole": 11,
    "enrollment:participation": 14,
    "enrollment:participation_print": 11,
    "enrollment:payee_account_propose": 7,
    "enrollment:roster_imports": 6,
    "enrollment:roster_job": 6,
    "enrollment:schemes": 5,
    "enrollment:search": 4,
    "enrollment:station": 7,
}


def test_every_page_that_shows_something_has_its_figure():
    assert set(COSTS) == {door for door in doors.DOORS if not door.startswith(COLLECTING)} - doors.POST_ONLY


class World:
    """A register of so many villages, households, people and papers; `address` leads to a page about one of them."""

    def __init__(self, many: int) -> None:
        self.many = many
        self.villages = [factories.division(f"640522{100 + number}201") for number in range(many)]
        self.extra = [factories.division(f"640522100{301 + number}") for number in range(many)]
        self.scheme = factories.scheme(account="household")
        this_year = days.business_day(timezone.now()).year
        self.year = next(iter([factories.fund_year(self.scheme, this_year - number) for number in range(many)]))
        residents = factories.scheme("residents", insures="person", account="personal")
        self.residents = factories.fund_year(residents, this_year)
        self.draft = next(iter([factories.draft_year(self.scheme, this_year + 1 + number) for number in range(many)]))
        self.homes = [self.household(number) for number in range(many)]
        self.person = self.homes[0].members.get(is_head=True)
        self.account = self.fill_accounts()
        self.exceptions = [self.leave_out(number) for number in range(many)]
        self.double()
        self.papers()
        self.protocol = self.bring_along()

    def household(self, number: int) -> Household:
        """A household of many: one is not insured."""
        home = factories.household(f"home-{number}", self.villages[number])
        people = [factories.member(home, born=date(1980 + one, 1, 1)) for one in range(self.many + 1)]
        for one in people[:-1]:
            factories.pay(one, self.year)
        child = factories.member(home, "小宝", born=self.year.period.lower)
        factories.brought_along(child, self.residents)
        return home

    def fill_accounts(self) -> int:
        found = [accounts.account_of(scheme=self.scheme, owner=home) for home in self.homes]
        found += [accounts.account_of(scheme=self.residents.scheme, owner=one) for one in self.homes[0].members.all()]
        for number in range(self.many):
            for one in found:
                accounts.credit(
                    account=one, amount=Decimal(8), on=NOON.date(), reference=f"r{number}", by=tess(), at=NOON
                )
        return found[0].pk

    def leave_out(self, number: int) -> int:
        member = factories.member(self.homes[number], f"马{number}", born=date(1950, 1, 1))
        given = {"reason": "参军", "noted_by": tess(), "noted_at": NOON}
        return HouseholdException.objects.create(member=member, fund_year=self.year, **given).pk

    def double(self) -> None:
        """The same names in the same village once more."""
        beside = factories.household("beside", self.villages[0])
        for one in self.homes[0].members.filter(coverages__fund_year=self.year).order_by("pk"):
            factories.pay(factories.member(beside, one.name, one.birth_date), self.year)

    def papers(self) -> None:
        """Imports, files, decisions, protocols."""
        for number in range(self.many):
            RosterImport.objects.create(
                fund_year=self.year, name="a", sha256=f"{number:064d}", rows=1, good=1, held=0, written=1,
                written_by=tess(), written_at=NOON,
            )  # fmt: skip
            for subject in (self.homes[0], self.person):
                attachments.keep_made(
                    subject=subject,
                    name=f"{number}.pdf",
                    content=b"x",
                    media_type="application/pdf",
                    by=tess(),
                    at=NOON,
                )

    def bring_along(self) -> GoLiveProtocol:
        """What the office began with, waiting to be signed."""
        file = attachments.keep_made(
            subject=self.year, name="a.csv", content=b"x", media_type="text/csv", by=tess(), at=NOON
        )
        given = {"as_of": NOON.date(), "file": file, "sha256": file.sha256, "rows": 1, "total": 0}
        return GoLiveProtocol.objects.create(
            kind="register", fund_year=self.year, proposed_by=tess(), proposed_at=NOON, **given
        )


def roster_job(world: World, by: Person) -> int:
    """A checked roster with as many faults as the world is large."""
    faulty = [rosters.line(number, f"h{number}") for number in range(world.many)]
    text = "\n".join([",".join(rosters.HEADER), *(",".join(map(str, line)) for line in faulty)])
    upload = SimpleUploadedFile("花名册.csv", text.encode())
    asked = roster_jobs.ask_for_check(fund_year=world.year, upload=upload, by=by, at=NOON)
    jobs.run(asked.pk)
    return asked.pk


def go_live_job(world: World, by: Person) -> int:
    lines = "\n".join(f"1101051949123100{number:02d},无" for number in range(world.many))
    upload = SimpleUploadedFile("参保.csv", f"身份证号,姓名\n{lines}\n".encode())
    asked = go_live_jobs.ask_for_check(
        kind="coverage", fund_year=world.year, as_of=NOON.date(), upload=upload, by=by, at=NOON
    )
    jobs.run(asked.pk)
    return asked.pk


OF_HOUSEHOLDS = ("household", "household_", "member_add", "payee_account_propose")
OF_PEOPLE = ("member", "member_", "merge_propose", "coverage", "coverage_", "exception_note")
OF_DRAFTS = ("fund_year", "fund_year_")
OF_NOTHING = {"household_add", "fund_year_draft"}


def belongs(name: str, kinds: tuple[str, ...]) -> bool:
    """Whether an address is one of these, or begins as one that ends with a dash."""
    return name in kinds or any(kind.endswith("_") and name.startswith(kind) for kind in kinds)


def arguments(name: str, world: World, by: Person) -> list[object]:
    """What the address of a page needs."""
    special: dict[str, Callable[[], list[object]]] = {
        "account": lambda: [world.account],
        "fund_year_village_populations": lambda: [world.draft.pk, world.villages[0].parent_id],
        "fund_year_copy": lambda: [world.year.pk],
        "go_live_job": lambda: [go_live_job(world, by)],
        "go_live_print": lambda: [world.protocol.pk],
        "go_live_protocol": lambda: [world.protocol.pk],
        "roster_job": lambda: [roster_job(world, by)],
        "station": lambda: [world.villages[0].parent_id],
    }
    if name in special:
        return special[name]()
    if name in OF_NOTHING:
        return []
    for kinds, pk in ((OF_HOUSEHOLDS, world.homes[0].pk), (OF_PEOPLE, world.person.pk), (OF_DRAFTS, world.draft.pk)):
        if belongs(name, kinds):
            return [pk]
    return []


@pytest.mark.parametrize("many", [FEW, MANY])
def test_a_page_asks_the_same_of_few_and_of_many(many, appoint):
    people = {duty: appoint(duty.replace("_", "-"), duty) for duty in AS}
    clients = {duty: sign_in(Client(), person) for duty, person in people.items()}
    world = World(many)
    counted = {}
    for door in sorted(COSTS):
        duty = next(one for one in AS if one in doors.DOORS[door])
        where = reverse(door, args=arguments(door.partition(":")[2], world, people[duty]))
        clients[duty].get(where)
        with CaptureQueriesContext(connection) as asked:
            answer = clients[duty].get(where)
        assert answer.status_code == 200, where
        counted[door] = len(asked)
    assert counted == COSTS
