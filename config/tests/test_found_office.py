"""`manage.py found_office`: the example, a real office from a paper, and what it refuses."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from office.models import Body, Duty, Person

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
