"""`manage.py found_office`: the example, a real office from a paper, and what it refuses."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from enrollment.models import Division, FundYear, Household, Population, Scheme
from enrollment.rules.categories import Category
from enrollment.selectors import fund_years
from office import deciding
from office.models import Act, Body, Duty, Person

pytestmark = pytest.mark.django_db

PAPER = Path(__file__).parents[2] / "docs/examples/office.yaml"


def found(*arguments: str) -> tuple[int, str, str]:
    """Exit code, what was printed, what was said of a refusal."""
    out, err = StringIO(), StringIO()
    try:
        call_command("found_office", *arguments, stdout=out, stderr=err)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def test_the_example_is_made_once_and_says_the_same_again():
    code, first, _said = found("--example", "--json")
    made = json.loads(first)
    assert (code, made["made"]) == (0, True)
    assert {row["duty"] for row in made["sign_ins"]} == set(Duty.values)
    assert [row["duty"] for row in made["sign_ins"]].count(Duty.SECURITY_ADMINISTRATOR) == 2
    assert [row["duty"] for row in made["sign_ins"]].count(Duty.SYSTEM_ADMINISTRATOR) == 2
    code, again, _said = found("--example", "--json")
    assert (code, json.loads(again)) == (0, made | {"made": False})
    assert "security2" in found("--example")[1]


def test_the_example_has_its_county_schemes_and_open_years_and_no_household():
    made = json.loads(found("--example", "--json")[1])
    levels = [Division.objects.filter(level=level).count() for level in Division.Level]
    assert levels == [1, 21, 162] == [made["divisions"][level] for level in ("county", "township", "village")]
    assert set(Scheme.objects.values_list("code", flat=True)) >= {
        "ncms",
        "residents",
        "employees",
        "injury",
        "maternity",
    }
    assert made["fund_years"] == ["ncms 2009", "ncms 2010"]
    assert not Household.objects.exists()
    stations = Division.objects.filter(station__isnull=False)
    assert set(stations.values_list("name", flat=True)) == {"海城镇", "贾塘乡", "七营镇"}


def test_the_open_years_say_what_the_county_s_report_says_and_two_people_stand_for_them():
    found("--example")
    for year in FundYear.objects.confirmed().order_by("year"):
        parts = fund_years.parts_of(year)
        assert not parts.missing
        assert parts.heads == 386_772
        assert parts.subsidy + fund_years.rates_of(year)[Category.ORDINARY].fee == 100
        by_level = {one.level: 0 for one in parts.subsidies}
        for one in parts.subsidies:
            by_level[one.level] += one.per_head
        assert by_level == {"central": 40, "province": 30, "county": 10}
        assert {due.fee for due in fund_years.rates_of(year).values()} == {20}
        decided = deciding.rounds_of(year).get()
        assert {one.voter.username for one in decided.votes.all()} == {"head"}
        assert (year.proposed_by.username, decided.maker.username) == ("accountant", "accountant")
        assert "假设" in year.paper_number
    assert not Population.objects.filter(division__name__contains="虚拟").exists()


def test_the_example_again_changes_nothing():
    found("--example")
    before = [model.objects.count() for model in (Act, Division, FundYear, Population, Scheme)]
    assert found("--example")[0] == 0
    assert [model.objects.count() for model in (Act, Division, FundYear, Population, Scheme)] == before


def test_the_example_is_not_made_where_people_work(ada):
    code, out, said = found("--example")
    assert (code, out) == (2, "")
    assert said


def test_nor_on_a_real_server(settings):
    settings.PLAIN_HTTP = False
    assert found("--example")[0] == 2
    assert not Person.objects.exists()


def test_a_real_office_prints_each_code_once_and_is_founded_once():
    code, out, _said = found("--file", str(PAPER), "--json")
    made = json.loads(out)
    assert (code, len(made["codes"])) == (0, made["people"])
    assert all(len(row["one_time_code"]) == 11 for row in made["codes"])
    assert Body.objects.count() == made["bodies"]
    assert found("--file", str(PAPER))[0] == 2


@pytest.mark.parametrize(
    "text",
    ["", "bodies: 3", "bodies: [{code: 1}]\npeople: []", "{", "bodies: []\npeople: []", "bodies: [3]\npeople: []"],
    ids=["empty", "no list", "no name", "no YAML", "nobody", "a number"],
)
def test_a_faulty_paper_is_refused_in_a_sentence(tmp_path, text):
    paper = tmp_path / "office.yaml"
    paper.write_text(text)
    code, out, said = found("--file", str(paper))
    assert (code, out) == (2, "")
    assert said.strip()
    assert not Person.objects.exists()


def test_a_paper_that_is_not_there(tmp_path):
    assert found("--file", str(tmp_path / "x.yaml"))[0] == 2


@pytest.mark.parametrize("arguments", [[], ["--example", "--file", "x"]], ids=["neither", "both"])
def test_one_of_the_two_is_said(arguments):
    with pytest.raises(CommandError):
        call_command("found_office", *arguments)
