"""`import_roster` and `import_divisions` as programs call them: what they print, and how they end."""

from __future__ import annotations

import csv
import io
import json

import pytest
from django.core.management import call_command
from django.utils.translation import override

from enrollment.models import Division, Household, RosterImport
from enrollment.tests import factories
from enrollment.tests.rosters import DATA, HEADER, fund_year, line
from office.models import Act

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(tmp_path):
    """Run a command on a file: its exit status, what it printed, what it complained of."""

    def call(command: str, rows, *words: str, name: str = "a.csv"):
        path = tmp_path / name
        if rows is not None:
            with path.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows(rows)
        out, err = io.StringIO(), io.StringIO()
        status = 0
        with override("en"):
            try:
                call_command(command, str(path), *words, stdout=out, stderr=err)
            except SystemExit as end:
                status = int(end.code or 0)
        return status, out.getvalue(), err.getvalue().strip()

    return call


@pytest.fixture
def roster(county, run):
    fund_year()
    factories.division()
    return lambda rows, *words: run("import_roster", rows, "--scheme", "ncms", "--year", "2010", *words)


class TestImportRoster:
    def test_a_dry_run_tells_everything_and_writes_nothing(self, roster):
        rows = [HEADER, line(0, head=True), line(1, name=""), line(3, "h2", head=True)]
        status, out, _err = roster(rows, "--dry-run", "--json")
        assert (status, json.loads(out)) == (
            1,
            {
                "rows": 3,
                "good": 1,
                "held": 1,
                "written": 0,
                "faults": [
                    {
                        "row": 3,
                        "column": "name",
                        "code": "name_missing",
                        "level": "error",
                        "value": "",
                        "reason": "The name is missing.",
                    }
                ],
            },
        )
        assert not Household.objects.exists()

    def test_it_writes_for_somebody_who_may(self, roster, ada):
        child = line(1, id_number="待补", birth_date="2005-01-01")
        status, out, _err = roster([HEADER, line(0, head=True), child], "--by", "ada", "--json")
        said = json.loads(out)
        assert (status, said["written"], [fault["level"] for fault in said["faults"]]) == (0, 2, ["warning"])
        assert RosterImport.objects.get().written_by == ada
        assert Act.objects.filter(name="roster.imported", by=ada).exists()
        again = json.loads(roster([HEADER, line(0, head=True), child], "--by", "ada", "--json")[1])
        assert (again["good"], again["written"]) == (2, 0)

    def test_in_words(self, roster, ada):
        rows = [HEADER, line(0, head=True), line(3, "h2")]
        assert (
            "rows 2 good 1 held 0 written 1 sheets 1 receipts 0\n3 head head_missing: Nobody"
            in roster(rows, "--by", "ada")[1]
        )
        assert "written before" in roster(rows, "--by", "ada")[1]

    @pytest.mark.parametrize(
        ("rows", "words", "sentence"),
        [
            ([HEADER, line(0, head=True)], [], "Say with --by who imports, or check only with --dry-run."),
            ([HEADER, line(0, head=True)], ["--by", "eve"], "eve is nobody who may import rosters."),
            ([HEADER, line(0, head=True)], ["--by", "huang"], "huang is nobody who may import rosters."),
            ([HEADER], ["--dry-run"], "There is no row under the header."),
            ([["a", "b"], ["1", "2"]], ["--dry-run"], "The first row must name the columns; missing: 户编号"),
            ([[*HEADER, "name"]], ["--dry-run"], "The first row names columns twice: 姓名."),
            (None, ["--dry-run"], "is no file."),
        ],
    )
    def test_what_cannot_be_done_ends_with_two(self, roster, ada, rows, words, sentence):
        status, out, err = roster(rows, *words, "--json")
        assert (status, out) == (2, "")
        assert sentence in err

    def test_a_year_that_is_not_open(self, roster, run):
        status, _out, err = run("import_roster", [HEADER], "--scheme", "ncms", "--year", "2011", "--dry-run")
        assert (status, err) == (2, "There is no confirmed fund year 2011 of ncms.")


class TestImportDivisions:
    def test_a_county_comes_in_and_again_changes_nothing(self, run, county):
        with (DATA / "divisions-640522.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
        status, out, _err = run("import_divisions", rows)
        said = json.loads(out)
        assert (status, said["rows"], said["good"], said["written"], said["held"]) == (
            0,
            len(rows) - 1,
            len(rows) - 1,
            len(rows) - 1,
            0,
        )
        assert Division.objects.exclude(search_keys=[]).count() > 100
        assert json.loads(run("import_divisions", rows[:1] + rows[:0:-1], "--json")[1])["written"] == 0
        rows[1][1] = "海原县（新）"
        assert json.loads(run("import_divisions", rows)[1])["written"] == 1

    def test_what_is_wrong_with_it(self, run, ada):
        rows = [["code", "name", "level", "parent"], ["640522", "海原县", "县", ""], ["64", "x", "村", ""]]
        status, out, _err = run("import_divisions", rows, "--by", "ada")
        said = json.loads(out)
        assert (status, said["good"], said["written"]) == (1, 1, 1)
        assert said["faults"] == [
            {
                "row": 3,
                "column": "code",
                "code": "code_format",
                "level": "error",
                "value": "64",
                "reason": "A code has 6, 9 or 12 digits.",
            }
        ]
        assert Act.objects.get(name="divisions.imported").by == ada

    @pytest.mark.parametrize(
        ("rows", "words", "sentence"),
        [
            ([["a"], ["b"]], [], "The first row must name the columns; missing: code, name, level, parent."),
            (None, [], "is no file."),
            ([["code"]], ["--by", "eve"], "Nobody works here under the name eve."),
        ],
    )
    def test_what_cannot_be_read_ends_with_two(self, run, county, rows, words, sentence):
        status, out, err = run("import_divisions", rows, *words)
        assert (status, out) == (2, "")
        assert sentence in err
