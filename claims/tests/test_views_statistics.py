"""Statistics on the page: figures of a span, its sheet made once, corrected with a reason, printed, as a workbook."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override
from pypdf import PdfReader

from claims.models import StatisticsSheet
from claims.prints import statistics as prints
from claims.rules import statistics as rules
from claims.tests import doors_statistics
from claims.tests.figures import TOWNSHIPS, House
from claims.tests.test_services_statistics import THEN, move
from conftest import NOON, sign_in
from office import sheets
from office.models import Act, Duty

pytestmark = pytest.mark.django_db

#: Statements of a page opened for the second time by who makes the sheets.
COSTS = {
    "claims:statistics": 6,
    "claims:statistics_correct": 6,
    "claims:statistics_new": 10,
    "claims:statistics_print": 6,
    "claims:statistics_sheet": 5,
    "claims:statistics_workbook": 4,
}
FEBRUARY = "month:2010-02-01"


@pytest.fixture(autouse=True)
def _in_march(time_machine) -> None:
    """When February is the last month that is over."""
    time_machine.move_to(NOON)


@pytest.fixture
def house(appoint) -> House:
    return House.of(appoint)


@pytest.fixture
def ann(appoint) -> Client:
    client = sign_in(Client(), appoint("ann", Duty.FUND_ACCOUNTANT))
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def text(answer) -> str:
    return answer.content.decode()


def make(client: Client, house: House, span: str = FEBRUARY):
    return client.post(reverse("claims:statistics_make"), {"scheme": house.desk.scheme.pk, "span": span}, follow=True)


def corrected(client: Client, house: House, appoint) -> StatisticsSheet:
    """A sheet of February whose only patient is then registered elsewhere, and the sheet that corrects it."""
    claim = house.approved(THEN)
    make(client, house)
    move(house, appoint, claim, TOWNSHIPS[1])
    client.post(reverse("claims:statistics_correct", args=[StatisticsSheet.objects.get().pk]), {"reason": "乡镇有误"})
    return StatisticsSheet.objects.get(corrects__isnull=False)


def test_figures_of_a_span_become_its_sheet(ann, house):
    house.approved(THEN)
    page = text(ann.get(reverse("claims:statistics_new")))
    assert "2010-02" in page  # the last month that is over comes first
    assert "Make the sheet" in page
    for words in (
        "by level of institution",
        "county hospital",
        "1,000 up to below 3,000",
        "township-100000",
        "1,900.00",
    ):
        assert words in page, words
    made = text(make(ann, house))
    assert "Sheet TJ2010-00001 is made" in made
    again = text(ann.get(reverse("claims:statistics_new"), {"scheme": house.desk.scheme.pk, "span": FEBRUARY}))
    assert "To sheet TJ2010-00001" in again
    assert "Make the sheet" not in again
    assert "is of this span already" in text(make(ann, house))
    assert Act.objects.filter(kind="refused", name="statistics.made").exists()
    listed = text(ann.get(reverse("claims:statistics") + "?stage="))
    assert "TJ2010-00001" in listed
    assert "in force" in listed


@pytest.mark.parametrize("span", ["month:2010-03-01", "quarter:2010-01-01", "year:2010-01-01"])
def test_of_a_span_that_is_not_over_no_sheet_is_made(ann, house, span):
    house.approved(NOON - timedelta(minutes=5))
    page = text(ann.get(reverse("claims:statistics_new"), {"scheme": house.desk.scheme.pk, "span": span}))
    assert "its sheet is made after that" in page
    assert "1,900.00" in page
    assert "Make the sheet" not in page
    make(ann, house, span)
    assert not StatisticsSheet.objects.exists()


@pytest.mark.parametrize("span", ["x", "month:2010-02-02", "month:x", ""])
def test_what_is_no_span_makes_nothing(ann, house, span):
    assert make(ann, house, span).status_code == 200
    assert not StatisticsSheet.objects.exists()
    ann.get(reverse("claims:statistics_new"), {"scheme": house.desk.scheme.pk, "span": span})


def test_without_a_scheme_or_a_claim_there_is_nothing_to_see(ann):
    assert ann.get(reverse("claims:statistics_new")).status_code == 200
    assert "No sheet like that was made." in text(ann.get(reverse("claims:statistics") + "?stage="))


def test_a_correction_says_what_it_changes_and_why(ann, house, appoint):
    claim = house.approved(THEN)
    make(ann, house)
    sheet = StatisticsSheet.objects.get()
    where = reverse("claims:statistics_correct", args=[sheet.pk])
    assert "Nothing has changed" in text(ann.get(where))
    assert ann.post(where, {"reason": "why"}).status_code == 422
    move(house, appoint, claim, TOWNSHIPS[1])
    assert "What a correction would change" in text(ann.get(where))
    assert ann.post(where, {"reason": ""}).status_code == 422
    made = text(ann.post(where, {"reason": "乡镇有误"}, follow=True))
    for words in ("What this sheet corrects", "乡镇有误", "TJ2010-00001", "township-101000"):
        assert words in made, words
    old = text(ann.get(reverse("claims:statistics_sheet", args=[sheet.pk])))
    assert "TJ2010-00002" in old
    assert "Correct it" not in old
    listed = text(ann.get(reverse("claims:statistics"), {"stage": "corrected"}))
    assert "TJ2010-00001" in listed
    assert "corrected" in listed


def test_paper_and_workbook(ann, house, appoint):
    made = corrected(ann, house, appoint)
    pdf = ann.get(reverse("claims:statistics_print", args=[made.pk]))
    words = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf.content)).pages)
    for part in ("TJ2010-00002", "乡镇有误", "Stays in hospital", "1,900.00", made.sha256[:20]):
        assert part in words, part
    with override("en"):
        book = ann.get(reverse("claims:statistics_workbook", args=[made.pk]))
    header, *rows = sheets.rows(book.content, "x.xlsx")
    assert header[3] == "times (2010)"
    assert header[-1] == "policy-scope ratio, percent (2009)"
    assert rows[0][:6] == ["Stays in hospital", "all together", "all together", 1.0, 100.0, 1900.0]
    empty = doors_statistics.made()
    empty_pdf = prints.paper(StatisticsSheet(figures=rules.kept([]), **known(empty)), at=NOON)
    assert empty_pdf.startswith(b"%PDF")


def known(sheet: StatisticsSheet) -> dict[str, object]:
    names = ("number", "scheme", "span", "first", "last", "made_on", "made_by", "sha256")
    return {name: getattr(sheet, name) for name in names}


def test_a_sheet_whose_figures_were_touched_says_so(ann, house, monkeypatch):
    make(ann, house)
    sheet = StatisticsSheet.objects.get()
    where = reverse("claims:statistics_sheet", args=[sheet.pk])
    assert "not those that were given out" not in text(ann.get(where))
    monkeypatch.setattr("claims.services.statistics._hash", lambda sheet: "0" * 64)
    assert "not those that were given out" in text(ann.get(where))


def test_words():
    rows = [rules.Row("stay", "disease", f"A{number}", "病", rules.Sums(1), rules.Sums()) for number in range(25)]
    with override("en"):
        [part] = prints.parts(rows)
        assert [line.name for line in part.groups[0].lines][-2:] == ["A19 病", "5 others"]
        assert prints.span_words("quarter", date(2010, 7, 1)) == "2010, quarter 3"
        assert prints.span_words("year", date(2010, 1, 1)) == "the year 2010"
        assert prints.band_words("stay", 100_000) == "100,000 and more"
        assert prints.figure_words("total_before") == "total cost, yuan, a year before"
        assert prints.shown(None) == "—"


def test_every_page_asks_as_much_of_many_as_of_few(ann, house, appoint):
    pages = sorted(set(doors_statistics.DOORS) - doors_statistics.POST_ONLY)
    assert pages == sorted(COSTS)
    first = corrected(ann, house, appoint)

    def asked(name: str) -> int:
        of_one = name.removeprefix("claims:statistics_") in doors_statistics.OF_ONE
        address = reverse(name, args=[first.pk] if of_one else [])
        ann.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert ann.get(address).status_code == 200
        return len(queries)

    few = {name: asked(name) for name in pages}
    house.play(5, claims=6)
    for month in (10, 11, 12):
        make(ann, house, f"month:2009-{month}-01")
    assert StatisticsSheet.objects.count() == 5
    assert {name: asked(name) for name in pages} == few
    assert few == COSTS
