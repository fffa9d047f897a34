"""What the pages of publicity, objections and appeals ask of the database: as much for many rows as for few."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.models import Appeal, Claim, Objection, PublicityEntry, PublicityList
from claims.tests import doors_public, public
from claims.tests.before import somebody
from claims.tests.public import Office
from enrollment.models import Household
from enrollment.tests.collecting import in_english
from office.models import Duty

pytestmark = pytest.mark.django_db

#: Statements of a page opened for the second time by somebody who may open it.
COSTS: dict[str, int] = {
    "claims:appeal": 13,
    "claims:appeal_answer": 5,
    "claims:appeal_file": 7,
    "claims:appeals": 5,
    "claims:household_year": 8,
    "claims:household_year_print": 9,
    "claims:objection": 5,
    "claims:objection_answer": 5,
    "claims:objection_print": 4,
    "claims:objection_take": 5,
    "claims:objections": 5,
    "claims:publicity": 6,
    "claims:publicity_list": 7,
    "claims:publicity_make": 7,
    "claims:publicity_post": 5,
    "claims:publicity_print": 7,
    "claims:publicity_slip": 5,
    "claims:publicity_void": 5,
    "claims:publicity_workbook": 5,
}

#: The same of what waits for the papers desk.
WORKLISTS: dict[str, int] = {
    "claims.appeals-to-answer": 6,
    "claims.notices-to-issue": 6,
    "claims.notices-to-serve": 6,
}

PAGES = sorted(set(doors_public.DOORS) - doors_public.POST_ONLY)
LISTS = {"claims:publicity", "claims:objections", "claims:appeals"}


def test_every_page_that_shows_something_has_its_figure():
    assert set(COSTS) == set(PAGES)


@pytest.fixture
def office(county) -> Office:
    made = Office.of(county)
    made.more()
    return made


def of(name: str) -> list[int]:
    """The first of what a page names."""
    model = next((one for one, names in doors_public.OF.items() if name.removeprefix("claims:") in names), None)
    if model is None:
        return []
    found = model.objects.order_by("pk")
    return [(found.filter(members__in=Claim.objects.values("member")) if model is Household else found).first().pk]


def asked(name: str) -> int:
    """Statements of the page, opened for the second time."""
    duty = sorted(doors_public.DOORS[name] - {Duty.TOWNSHIP_CLERK})[0]
    client = in_english(somebody(f"opens-{duty}".replace("_", "-"), duty))
    address = reverse(name, args=of(name)) + ("?year=2010" if name in LISTS else "")
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
    assert answer.status_code in {200, 302}
    return len(queries)


def waits(office: Office) -> dict[str, int]:
    """Statements of each worklist on a page of its own, opened for the second time."""
    client, found = in_english(office.lin), {}
    for name in WORKLISTS:
        address = reverse("office:worklist", args=[name])
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        found[name] = len(queries)
    return found


def test_every_page_asks_as_much_of_many_as_of_few(office):
    public.refused(office.desk)
    few = {name: asked(name) for name in PAGES}
    few_waiting = waits(office)
    public.cut_claim(office.desk, member=office.desk.member("700"))
    public.refused(office.desk, member=office.desk.member("701"))
    office.more()
    office.more()
    assert (PublicityList.objects.count(), PublicityEntry.objects.count()) == (6, 9)
    assert (Objection.objects.count(), Appeal.objects.count()) == (6, 6)
    assert {name: asked(name) for name in PAGES} == few
    assert few == COSTS
    assert waits(office) == few_waiting == WORKLISTS
