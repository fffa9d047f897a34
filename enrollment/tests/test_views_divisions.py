"""The pages of divisions and schemes."""

from __future__ import annotations

import pytest
from django.test import Client

from conftest import sign_in
from enrollment.models import Division, Scheme
from enrollment.services.search_keys import search_keys_of
from enrollment.tests import factories
from office.models import Act, Body, Duty
from office.tests.test_views_rounds import send

pytestmark = pytest.mark.django_db

LIST = "/register/divisions/"


@pytest.fixture
def station(county) -> Body:
    return Body.objects.create(code="haicheng", name="海城站", kind=Body.Kind.TOWNSHIP_STATION)


@pytest.fixture
def places(station) -> dict[str, Division]:
    """Two townships with a village each, the first with its station."""
    factories.division("640522000000", "海原县")
    found = {
        "haicheng": factories.division("640522100000", "海城镇", station=station),
        "jiatang": factories.division("640522208000", "贾塘乡"),
        "shanmen": factories.division("640522100203", "山门村"),
        "jiatang-village": factories.division("640522208201", "贾塘村"),
    }
    for one in found.values():
        one.search_keys = search_keys_of(one.name)
        one.save(update_fields=["search_keys"])
    return found


def names(client: Client, query: str = "") -> set[str]:
    """The divisions that a list shows."""
    page = client.get(f"{LIST}?{query}").content.decode()
    rows = page[page.index("<tbody") :]
    return {name for name in ("海城镇", "贾塘乡", "山门村", "贾塘村") if f">{name}<" in rows or f" {name}" in rows}


class TestList:
    def test_townships_then_the_villages_of_one(self, as_sam, places):
        page = as_sam.get(LIST).content.decode()
        assert f"?township={places['haicheng'].pk}" in page
        assert "海城站" in page
        table = as_sam.get(LIST).context["table"]
        assert [(row.record.name, row.record.villages) for row in table.rows] == [("海城镇", 1), ("贾塘乡", 1)]
        within = as_sam.get(LIST, {"township": places["haicheng"].pk}).context["table"]
        assert [row.record.name for row in within.rows] == ["山门村"]
        assert [row.get_cell_value("name") for row in within.rows] or True

    @pytest.mark.parametrize(
        ("typed", "found"),
        [("山门", ["山门村"]), ("smc", ["山门村"]), ("jt", ["贾塘乡", "贾塘村"]), ("640522208", ["贾塘乡", "贾塘村"])],
    )
    def test_found_by_name_code_or_initials_on_any_level(self, as_sam, places, typed, found):
        table = as_sam.get(LIST, {"name": typed}).context["table"]
        assert [row.record.name for row in table.rows] == found

    def test_by_station(self, as_sam, places, station):
        table = as_sam.get(LIST, {"station": station.pk}).context["table"]
        assert [row.record.name for row in table.rows] == ["海城镇"]

    def test_a_station_sees_its_township_alone(self, places, station, appoint):
        client = sign_in(Client(), appoint("ada", Duty.TOWNSHIP_CLERK, body=station))
        shown = [row.record.name for row in client.get(LIST).context["table"].rows]
        assert shown == ["海城镇"]
        assert not client.get(LIST, {"name": "贾塘"}).context["table"].rows
        within = client.get(LIST, {"township": places["jiatang"].pk})  # no such choice: the list as it begins
        assert [row.record.name for row in within.context["table"].rows if row.record.parent == places["jiatang"]] == []
        assert "贾塘" not in within.content.decode()

    def test_exports_what_it_shows(self, as_sam, places):
        assert as_sam.get(LIST, {"as": "xlsx"}).status_code == 200
        assert "2" in as_sam.get(LIST, {"as": "totals"}).content.decode()

    @pytest.mark.parametrize("villages", [1, 40])
    def test_many_divisions_cost_no_more_questions(self, as_sam, places, villages, django_assert_num_queries):
        for number in range(villages):
            factories.division(f"640522100{300 + number}", f"村{number}")
        with django_assert_num_queries(8):
            as_sam.get(LIST, {"township": places["haicheng"].pk})


class TestStation:
    def test_is_chosen_by_the_system_administrator(self, as_sam, places, station):
        where = f"{LIST}{places['jiatang'].pk}/station/"
        assert send(as_sam, where, body=station.pk).headers["Location"] == LIST
        places["jiatang"].refresh_from_db()
        assert places["jiatang"].station == station
        assert send(as_sam, where, body="").status_code == 302
        assert Act.objects.filter(name="division.stationed", kind="done").count() == 2

    def test_what_changed_meanwhile_is_said_and_saving_again_overwrites(self, as_sam, places, station):
        where = f"{LIST}{places['jiatang'].pk}/station/"
        refused = send(as_sam, where, body="", seen=station.pk)
        assert refused.status_code == 422
        assert Act.objects.filter(name="division.stationed", kind="refused").exists()
        assert f'name="seen" value="{station.pk}"' not in refused.content.decode()

    def test_a_village_has_no_such_page(self, as_sam, places):
        assert as_sam.get(f"{LIST}{places['shanmen'].pk}/station/").status_code == 404


class TestSchemes:
    @pytest.fixture
    def as_fay(self, client, appoint):
        return sign_in(client, appoint("fay", Duty.FUND_ACCOUNTANT))

    def test_added_once_and_listed(self, as_fay):
        typed = {"code": "ncms", "name": "新农合", "insures": "household", "account": "household", "is_basic": "on"}
        typed |= {"contribution": "fixed"}
        assert send(as_fay, "/register/schemes/add/", **typed).headers["Location"] == "/register/schemes/"
        assert send(as_fay, "/register/schemes/add/", **typed).status_code == 422
        assert send(as_fay, "/register/schemes/add/", **typed | {"code": "N C"}).status_code == 422
        assert Act.objects.filter(name="scheme.added").count() == 2
        assert "新农合" in as_fay.get("/register/schemes/?name=农合").content.decode()
        assert Scheme.objects.count() == 1

    def test_seen_without_the_button_by_others(self, client, ben):
        sign_in(client, ben)
        assert "/register/schemes/add/" not in client.get("/register/schemes/").content.decode()
