"""What a person sees by the body of his duty: all of the county, or his own station, hospital or bank alone."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.test import Client

from conftest import sign_in
from office import access, sheets
from office.models import Body, Duty, Person, Printer, PrinterOffset
from office.tests.factories import add_printer, give

pytestmark = pytest.mark.django_db

VIEW = "office.view_printer"
CHANGE = "office.change_printeroffset"
KIND = Body.Kind


@pytest.fixture
def bodies(county) -> dict[str, Body]:
    """One body of every kind, each with a printer of its kind's name; the county's is `county`."""
    made: dict[str, Body] = {KIND.COUNTY_CENTRE: county}
    for kind in Body.Kind:
        if kind != KIND.COUNTY_CENTRE:
            made[kind] = Body.objects.create(code=kind, name=kind, kind=kind)
        add_printer(made[kind], kind)
    made["neighbour"] = Body.objects.create(code="n", name="neighbour", kind=KIND.TOWNSHIP_STATION)
    add_printer(made["neighbour"], "neighbour")
    return {str(kind): body for kind, body in made.items()}


def seen(person: Person) -> set[str]:
    person = Person.objects.get(pk=person.pk)
    return set(Printer.objects.visible_to(person).values_list("name", flat=True))


@pytest.fixture
def clerk(appoint, bodies) -> Person:
    """Of a township."""
    return appoint("lan", Duty.TOWNSHIP_CLERK, body=bodies[KIND.TOWNSHIP_STATION])


@pytest.fixture
def desk(appoint, bodies) -> Person:
    """Of the hospital."""
    return appoint("xiu", Duty.HOSPITAL_DESK, body=bodies[KIND.HOSPITAL])


class TestBodiesInSight:
    @pytest.mark.parametrize("kind", Body.Kind)
    def test_by_kind(self, appoint, bodies, kind):
        person = appoint("eve", Duty.INTAKE_CLERK, body=bodies[kind])
        whole = {
            KIND.COUNTY_CENTRE,
            KIND.FINANCE_BUREAU,
            KIND.CIVIL_AFFAIRS_BUREAU,
            KIND.AUDIT_BUREAU,
            KIND.SUPERVISION_COMMITTEE,
            KIND.CITY_CENTRE,
        }
        expected = None if kind in whole else frozenset({bodies[kind].pk})
        assert access.bodies_in_sight(person, VIEW) == expected
        assert person.bodies_in_sight(VIEW) == expected

    def test_several_duties_see_what_each_sees(self, clerk, bodies):
        give(clerk, Duty.HOSPITAL_DESK, bodies[KIND.HOSPITAL])
        assert seen(clerk) == {"township_station", "hospital"}

    def test_one_for_the_county_sees_all(self, clerk, bodies):
        give(clerk, Duty.INTAKE_CLERK, bodies[KIND.COUNTY_CENTRE])
        assert len(seen(clerk)) == len(bodies)

    def test_each_right_by_the_duties_that_grant_it(self, clerk, bodies):
        give(clerk, Duty.INTAKE_CLERK, bodies[KIND.COUNTY_CENTRE])  # sees printers, sets no offset
        mine = Printer.objects.visible_to(Person.objects.get(pk=clerk.pk), right=CHANGE)
        assert [one.name for one in mine] == ["township_station"]

    def test_a_duty_without_the_right_shows_nothing(self, appoint, bodies):
        person = appoint("eve", Duty.VILLAGE_DOCTOR, body=bodies[KIND.CLINIC])
        assert access.bodies_in_sight(person, VIEW) == frozenset()
        assert seen(person) == set()

    def test_a_duty_of_other_days_shows_nothing(self, appoint, bodies):
        person = appoint("eve")
        give(person, Duty.INTAKE_CLERK, bodies[KIND.COUNTY_CENTRE], date(2009, 1, 1), date(2010, 1, 1))
        assert seen(person) == set()

    def test_who_left_sees_nothing(self, ada):
        ada.left_on = date(2010, 1, 1)
        assert access.bodies_in_sight(ada, VIEW) == frozenset()


class TestPages:
    @pytest.fixture(params=["clerk", "desk"])
    def person(self, request) -> Person:
        return request.getfixturevalue(request.param)

    @pytest.fixture
    def at_desk(self, person) -> Client:
        return sign_in(Client(), person)

    def own(self, person) -> Printer:
        return Printer.objects.get(body=person.appointments.get().body)

    def test_the_list(self, at_desk, person):
        page = at_desk.get("/printers/").content.decode()
        assert re.findall(r"/printers/(\d+)/", page) == [str(self.own(person).pk)]

    def test_the_totals(self, at_desk):
        assert ">1<" in at_desk.get("/printers/?as=totals").content.decode().replace("\n", "").replace(" ", "")

    def test_the_export(self, at_desk, person):
        sheet = sheets.rows(at_desk.get("/printers/?as=xlsx").content, "a.xlsx")
        assert [row[0] for row in sheet[1:]] == [self.own(person).name]

    def test_the_filter_does_not_open_others(self, at_desk, bodies):
        page = at_desk.get(f"/printers/?body={bodies['neighbour'].pk}").content.decode()
        assert f"/printers/{Printer.objects.get(name='neighbour').pk}/" not in page

    @pytest.mark.parametrize("door", ["", "receipt/trial/"])
    def test_single_pages(self, at_desk, person, bodies, door):
        assert at_desk.get(f"/printers/{self.own(person).pk}/{door}").status_code == 200
        others = Printer.objects.exclude(body=self.own(person).body)
        assert {at_desk.get(f"/printers/{one.pk}/{door}").status_code for one in others} == {404}

    def test_an_offset_of_another_station_is_not_set(self, clerk, bodies):
        client = sign_in(Client(), clerk)
        neighbour = Printer.objects.get(name="neighbour")
        for ask in (client.get, client.post):
            assert ask(f"/printers/{neighbour.pk}/receipt/offset/").status_code == 404
        assert not PrinterOffset.objects.exists()
        assert client.get(f"/printers/{self.own(clerk).pk}/receipt/offset/").status_code == 200

    def test_the_county_sees_every_one(self, as_sam, bodies):
        for one in Printer.objects.all():
            assert as_sam.get(f"/printers/{one.pk}/").status_code == 200
