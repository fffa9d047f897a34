"""Lists of those helped: taken in, replaced, compared with the register by who may see it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter

from conftest import NOON
from enrollment.models import AssistanceLine, AssistanceList, Division, FundYear, Member
from enrollment.selectors import assistance as selectors
from enrollment.selectors.assistance import Kind
from enrollment.services import assistance_lists
from enrollment.services.assistance_lists import CannotList, Paper
from enrollment.tests import factories
from enrollment.tests.keeping import station
from enrollment.tests.rosters import BORN, fund_year, number
from office import attachments
from office.models import Act, Attachment, Duty, Person
from office.tests.factories import tess

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


NAMES = [f"马{figure}" for figure in "零一二三四五六七八九"]


@pytest.fixture
def year(county) -> FundYear:
    return fund_year()


@pytest.fixture
def paper(year) -> Paper:
    return Paper(year, "low_income", "海民发〔2010〕2号", date(2010, 2, 1))


def person(order: int, category: str = "low_income", home: str = "", **more) -> Member:
    number_of = home or f"h{order}"
    found = factories.household(number_of, **({"village": more.pop("village")} if "village" in more else {}))
    return factories.member(found, NAMES[order], BORN, **{"id_number": number(order), "category": category, **more})


def content(*rows: tuple[object, ...]) -> bytes:
    lines = [("姓名", "身份证号", "乡镇", "村"), *rows]
    return "".join(",".join(map(str, line)) + "\n" for line in lines).encode()


def sent(*rows: tuple[object, ...], name: str = "低保.csv", raw: bytes | None = None) -> Attachment:
    return attachments.keep_made(
        subject=tess(), name=name, content=raw or content(*rows), media_type="text/csv", by=tess(), at=NOON
    )


def accept(paper: Paper, by: Person, *rows: tuple[object, ...]) -> AssistanceList:
    return assistance_lists.accept(paper=paper, file=sent(*rows), by=by, at=NOON)


class TestTakingIn:
    def test_good_rows_are_kept_with_who_they_are(self, paper, ada):
        one, two = person(1), person(2, id_number=None)
        made = accept(
            paper,
            ada,
            ("马一", number(1)),
            ("马二", "", "township-100000", "village-100201"),
            ("马九", number(9), "", "山门村"),
            ("", number(5)),
            ("马一", "123"),
        )
        lines = list(made.lines.values_list("row", "name", "id_number", "village", "member"))
        assert lines == [
            (2, "马一", number(1), "", one.pk),
            (3, "马二", "", "township-100000 village-100201", two.pk),
            (4, "马九", number(9), "山门村", None),
        ]
        assert (made.rows, made.brought_by, made.paper_number) == (3, ada, "海民发〔2010〕2号")
        act = Act.objects.get(name="assistance-list.accepted")
        assert (act.facts["rows"], act.facts["found"]) == (3, 2)
        kept = attachments.of(made).get()
        assert attachments.may_read(kept, ada)

    def test_a_number_of_fifteen_digits_is_the_same_person(self, paper, ada):
        person(1)
        made = accept(paper, ada, ("马一", "640522700301001"))
        assert made.lines.get().member.id_number == number(1)

    def test_a_row_that_the_register_does_not_know_is_told(self, year, ada):
        file = sent(("马一", number(1)))
        found = assistance_lists.read(path=file.path, name=file.name, at=NOON)
        assert [(one.code, one.level, one.detail) for one in found.faults] == [("owner_unknown", "warning", "list")]
        assert (found.rows, len(found.good), found.found) == (1, 1, 0)

    @pytest.mark.parametrize(
        ("raw", "words"),
        [
            ("姓名\n马一\n", "missing: 身份证号"),
            ("姓名,身份证号,身份证\n马一,1,1\n", "twice: 身份证号"),
            ("姓名,身份证号\n", "no row"),
        ],
    )
    def test_what_is_no_list(self, paper, ada, raw, words):
        with pytest.raises(CannotList, match=words):
            assistance_lists.accept(paper=paper, file=sent(raw=raw.encode()), by=ada, at=NOON)

    def test_without_a_good_row_there_is_no_list(self, paper, ada):
        with pytest.raises(CannotList, match="No row"):
            accept(paper, ada, ("", number(1)))

    def test_the_same_file_is_taken_in_once(self, paper, ada):
        accept(paper, ada, ("马一", number(1)))
        with pytest.raises(CannotList, match="already"):
            accept(paper, ada, ("马一", number(1)))
        accept(replace(paper, category="disabled"), ada, ("马一", number(1)))

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"category": "ordinary"}, "category"),
            ({"dated": date(2010, 3, 2)}, "paper_date"),
            ({"number": " "}, "paper_number"),
        ],
    )
    def test_a_paper_that_cannot_be(self, paper, ada, change, field):
        with pytest.raises(CannotList) as refusal:
            accept(replace(paper, **change), ada, ("马一", number(1)))
        assert refusal.value.field == field

    def test_only_for_a_confirmed_year(self, paper, ada):
        with pytest.raises(CannotList, match="not confirmed"):
            accept(replace(paper, fund_year=factories.draft_year(year=2011)), ada, ("马一", number(1)))

    def test_a_station_takes_no_list_in(self, paper, appoint):
        with pytest.raises(CannotList, match="whole county"):
            accept(paper, appoint("tom", Duty.TOWNSHIP_CLERK, body=station()), ("马一", number(1)))

    def test_its_file_is_the_countys_alone(self, paper, ada, appoint):
        kept = attachments.of(accept(paper, ada, ("马一", number(1)))).get()
        tom = appoint("tom", Duty.TOWNSHIP_CLERK, body=station())
        assert [attachments.may_read(kept, one) for one in (tom, appoint("vera", Duty.VILLAGE_DOCTOR))] == [False] * 2


def names(found) -> list[str]:
    return [one.name for one in found]


class TestComparing:
    @pytest.fixture
    def made(self, paper, ada) -> AssistanceList:
        """Six on the list: right, of another category, dead, unknown, paid himself, a double."""
        person(1)
        person(2, "ordinary")
        dead = person(3)
        Member.objects.filter(pk=dead.pk).update(state="dead", state_on=date(2010, 1, 1), is_head=False)
        factories.pay(person(5), paper.fund_year)
        person(6)  # has the category, is on no list
        kept, double = person(7), person(8)
        made = accept(paper, ada, *((NAMES[at], number(at), "", "山门村") for at in (1, 2, 3, 4, 5, 8)))
        factories.merge(double, kept)
        return made

    def test_what_each_of_them_is(self, made, ada):
        found = {kind: names(selectors.compared(made, kind, ada)) for kind in Kind}
        assert found == {
            "agreed": ["马一", "马五", "马八"],
            "missing": ["马三", "马四"],
            "otherwise": ["马二"],
            "paid": ["马五"],
        }
        assert names(selectors.unlisted(made, ada)) == ["马六"]
        told = selectors.compared(made, Kind.AGREED, ada)[2]
        assert (told.told["name"], told.told["household"], told.told["category"]) == ("马七", "h7", "low_income")
        assert selectors.compared(made, Kind.PAID, ada)[0].paid == Decimal(20)

    def test_who_came_into_the_register_since_is_found(self, made, ada):
        person(4)
        assert names(selectors.compared(made, Kind.MISSING, ada)) == ["马三"]
        assert "马四" in names(selectors.compared(made, Kind.AGREED, ada))

    def test_a_payment_that_was_made_void_or_is_the_categorys_own_is_none(self, made, paper, ada):
        who = Member.objects.get(name="马五")
        who.contributions.update(void_reason="x")
        assert not selectors.compared(made, Kind.PAID, ada)
        disabled = accept(replace(paper, category="disabled"), ada, ("马一", number(1)))
        factories.pay(Member.objects.get(name="马一"), paper.fund_year)
        assert not selectors.compared(disabled, Kind.PAID, ada)

    def test_a_station_sees_its_own_people_and_unknown_ones_of_its_villages(self, made, appoint):
        his = station()
        tom = appoint("tom", Duty.TOWNSHIP_CLERK, body=his)
        Division.objects.filter(code=factories.TOWNSHIP).update(station=his)
        assert names(selectors.compared(made, Kind.MISSING, tom)) == ["马三"]
        Division.objects.filter(code=factories.VILLAGE).update(name="山门村")
        assert names(selectors.compared(made, Kind.MISSING, tom)) == ["马三", "马四"]
        Division.objects.filter(code=factories.TOWNSHIP).update(station=None)
        assert [*selectors.compared(made, Kind.MISSING, tom), *selectors.unlisted(made, tom)] == []

    def test_the_newest_of_a_category_is_in_force(self, made, paper, ada):
        second = accept(paper, ada, ("马一", number(1)))
        other = accept(replace(paper, category="veteran"), ada, ("马一", number(1)))
        found = selectors.in_force(AssistanceList.objects.order_by("pk"))
        assert [(one.pk, one.is_in_force) for one in found] == [(made.pk, False), (second.pk, True), (other.pk, True)]
        assert AssistanceLine.objects.filter(list=made).exists()


def test_a_workbook_is_a_list_too(paper, ada, tmp_path):
    path: Path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["姓名", "身份证号"])
        sheet.write_row(1, 0, ["马一", number(1)])
    assert assistance_lists.read(path=path, name="a.xlsx", at=NOON).good[0].person == number(1)
