"""The tables of a fund year's draft: contributions, subsidies, populations, targets."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from conftest import NOON
from enrollment.models import ContributionRate, Division, FundYear, Population, SubsidyRate, Target
from enrollment.rules import categories
from enrollment.rules.roster_rows import Due
from enrollment.selectors import fund_years as selectors
from enrollment.services import fund_year_lines as lines
from enrollment.services import fund_years
from enrollment.services.fund_year_lines import Rate, Subsidy
from enrollment.services.fund_years import CannotChange
from enrollment.tests import factories
from enrollment.tests.test_services_fund_years import HEADER, fill, propose, scan
from office import attachments, sheets
from office.models import Act, Duty

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def fay(appoint):
    """Keeps the books."""
    return appoint("fay", Duty.FUND_ACCOUNTANT)


@pytest.fixture
def draft(fay) -> FundYear:
    return fund_years.draft_fund_year(scheme=factories.scheme(), header=HEADER, by=fay, at=NOON)


class TestRates:
    def test_are_entered_and_corrected(self, draft, fay):
        assert lines.set_rates(fund_year=draft, rates={"ordinary": Rate(Decimal(20))}, by=fay, at=NOON) == 1
        rates = {"ordinary": Rate(Decimal(10), Decimal(5), Decimal(5)), "newborn": Rate(Decimal(0))}
        assert lines.set_rates(fund_year=draft, rates=rates, by=fay, at=NOON) == 2
        assert lines.set_rates(fund_year=draft, rates=rates, by=fay, at=NOON) == 0
        assert selectors.rates_of(draft) == {
            categories.Category.ORDINARY: Due(Decimal(20), Decimal(10)),
            categories.Category.NEWBORN: Due(Decimal(0), Decimal(0)),
        }
        assert Act.objects.filter(name="fund-year.changed").count() == 2

    def test_not_over_what_somebody_else_entered(self, draft, fay):
        seen = lines.part_seen(draft, ContributionRate)
        lines.set_rates(fund_year=draft, rates={"ordinary": Rate(Decimal(20))}, by=fay, at=NOON, seen=seen)
        with pytest.raises(CannotChange, match="save once more"):
            lines.set_rates(fund_year=draft, rates={"ordinary": Rate(Decimal(30))}, by=fay, at=NOON, seen=seen)
        assert ContributionRate.objects.get().own == 20

    def test_not_once_it_is_proposed(self, draft, fay):
        propose(fill(draft, fay), fay)
        with pytest.raises(CannotChange):
            lines.set_rates(fund_year=draft, rates={}, by=fay, at=NOON)


def test_subsidies_by_level_and_instalment(draft, fay):
    due = date(2010, 3, 31)
    said = {("central", 1): Subsidy(Decimal(20), due), ("county", 1): Subsidy(Decimal(0), due)}
    assert lines.set_subsidies(fund_year=draft, subsidies=said, by=fay, at=NOON) == 1
    said = {("central", 1): Subsidy(Decimal(0), due), ("province", 2): Subsidy(Decimal("7.5"), due)}
    assert lines.set_subsidies(fund_year=draft, subsidies=said, by=fay, at=NOON) == 2
    assert [str(one.per_head) for one in selectors.parts_of(draft).subsidies] == ["0.00", "7.50"]
    assert selectors.parts_of(draft).subsidy == Decimal("7.5")
    assert SubsidyRate.objects.count() == 2


class TestPopulations:
    @pytest.fixture
    def places(self, db) -> dict[str, Division | None]:
        village = factories.division()
        other = factories.division("640522100202")
        return {"county": village.parent.parent, "township": village.parent, "village": village, "other": other}

    def enter(self, draft, fay, **heads):
        return lines.set_populations(fund_year=draft, heads=heads.pop("of"), by=fay, at=NOON)

    def test_villages_replace_their_township_and_the_other_way_round(self, draft, fay, places):
        self.enter(draft, fay, of={places["township"]: 500})
        assert selectors.heads_by_township(draft) == {places["township"].pk: 500}
        self.enter(draft, fay, of={places["village"]: 200, places["other"]: 100})
        assert selectors.heads_by_township(draft) == {places["township"].pk: 300}
        assert Population.objects.get(division=places["township"]).heads == 0
        self.enter(draft, fay, of={places["village"]: 250})
        assert selectors.parts_of(draft).heads == 350
        self.enter(draft, fay, of={places["township"]: 400})
        assert selectors.parts_of(draft).heads == 400

    def test_not_for_both_at_once_nor_for_the_county(self, draft, fay, places):
        with pytest.raises(CannotChange, match="for itself and by its villages"):
            self.enter(draft, fay, of={places["township"]: 5, places["village"]: 5})
        with pytest.raises(CannotChange, match="the county is their sum"):
            self.enter(draft, fay, of={places["county"]: 5})

    def test_from_a_file_that_is_kept(self, draft, fay, places):
        rows = [("640522100201", 200), ("640522100202", 100)]
        book = SimpleUploadedFile("人口.xlsx", sheets.workbook(["区划代码", "应参合人数"], rows))
        assert lines.bring_in_populations(fund_year=draft, upload=book, by=fay, at=NOON) == 2
        parts = selectors.parts_of(draft)
        assert (parts.heads, [one.name for one in parts.papers]) == (300, ["人口.xlsx"])
        assert "paper" in parts.missing  # a workbook is no scan

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("区划代码,应参合人数\n640522999,5\n", "row 2: “640522999” is no township"),
            ("区划代码,应参合人数\n640522100,many\n", "row 2: “many” is no number"),
            ("区划代码,应参合人数\n640522100,5\n640522100,5\n", "row 3: 640522100 stands there twice"),
            ("区划代码,应参合人数\n" + "x,5\n" * 7, "and 2 more"),
            ("名称,人数\n海城,5\n", "first row must name"),
        ],
    )
    def test_a_faulty_file_is_refused_in_words_and_nothing_is_written(self, draft, fay, places, text, words):
        upload = SimpleUploadedFile("p.csv", text.encode())
        with pytest.raises(CannotChange, match=words):
            lines.bring_in_populations(fund_year=draft, upload=upload, by=fay, at=NOON)
        assert not Population.objects.exists()
        assert not attachments.of(draft).exists()

    def test_a_file_that_is_no_table(self, draft, fay, places):
        with pytest.raises(CannotChange, match="cannot be opened"):
            lines.bring_in_populations(fund_year=draft, upload=scan(), by=fay, at=NOON)
        with pytest.raises(attachments.CannotAttach):
            lines.bring_in_populations(fund_year=draft, upload=scan("x.csv", b""), by=fay, at=NOON)


class TestTargets:
    def test_of_the_county_its_townships_and_sub_groups(self, draft, fay):
        township = factories.division().parent
        said = {(township.parent, ""): 900, (township, ""): 300, (None, "低保"): 40}
        assert lines.set_targets(fund_year=draft, targets=said, by=fay, at=NOON) == 3
        assert lines.set_targets(fund_year=draft, targets={(None, "低保"): 0}, by=fay, at=NOON) == 1
        assert [one.heads for one in selectors.parts_of(draft).targets] == [900, 300, 0]
        assert Target.objects.count() == 3

    @pytest.mark.parametrize("kind", ["both", "neither", "village"])
    def test_of_nothing_else(self, draft, fay, kind):
        village = factories.division()
        of = {"both": (village.parent, "低保"), "neither": (None, ""), "village": (village, "")}[kind]
        with pytest.raises(CannotChange):
            lines.set_targets(fund_year=draft, targets={of: 5}, by=fay, at=NOON)
