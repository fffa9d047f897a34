"""`manage.py assess`: answers, lists, faults; standard output is JSON always where JSON is asked for."""

import json
import subprocess
import sys
from io import BytesIO, StringIO, TextIOWrapper

import pytest
from django.core.management import call_command
from django.utils import translation

from claims.rules import plans, shipped
from claims.tests.plan_texts import SOUND, case, changed, claim


def assess(*words, given=None, monkeypatch=None):
    out, err = StringIO(), StringIO()
    if given is not None:
        monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(given)))
    status = 0
    try:
        call_command("assess", *map(str, words), stdout=out, stderr=err)
    except SystemExit as end:
        status = end.code
    return status, out.getvalue(), err.getvalue()


@pytest.fixture
def written(tmp_path):
    def write(tree, name="case.json"):
        (tmp_path / name).write_text(json.dumps(tree), encoding="utf-8")
        return tmp_path / name

    return write


def test_a_case_is_answered_as_json(written):
    status, out, err = assess(written(case()), "--json")
    assert (status, err) == (0, "")
    assert json.loads(out)["claims"][0]["fund_pays"] == "420.00"


@pytest.mark.parametrize(("tongue", "words"), [("zh-hans", "起付线 160.00"), ("en", "Deductible 160.00")])
def test_a_case_is_answered_for_people_in_their_language(written, tongue, words):
    with translation.override(tongue):
        status, out, _err = assess(written(case()))
    assert status == 0
    assert words in out


def test_a_list_is_answered_in_its_order_with_the_faults_in_their_places(written):
    status, out, _err = assess(written([case(), case(plan="none-such"), case()]), "--json")
    answers = json.loads(out)
    assert status == 2
    assert [set(each) for each in answers] == [{"claims", "counters"}, {"errors"}, {"claims", "counters"}]
    assert answers[1]["errors"] == ["plan: There is no plan “none-such”; assess --list names the shipped ones."]


def test_faults_are_told_one_a_line_on_standard_error(written):
    stay = claim(tier="9", referred="x")
    with translation.override("zh-hans"):
        status, out, err = assess(written(case(stay)))
    assert (status, out) == (2, "")
    assert [line.split(":")[0] for line in err.splitlines()] == ["claims[0].tier", "claims[0].referred"]
    assert "整数" in err
    with translation.override("en"):
        assert "whole number" in assess(written(case(stay)))[2]


def test_faults_are_json_where_json_is_asked_for(written):
    status, out, err = assess(written(case(claim(tier="9"))), "--json")
    assert (status, err) == (2, "")
    assert json.loads(out)["errors"][0].startswith("claims[0].tier: ")


@pytest.mark.parametrize("given", [b"", b"{", b"\xff\xfe", b"[1]", b'"x"', b'{"a": 1, "a": 1}', b"[" * 100_000])
def test_what_is_no_case_is_refused_in_words(given, monkeypatch):
    status, out, _err = assess("-", "--json", given=given, monkeypatch=monkeypatch)
    assert status == 2
    assert "errors" in out


def test_standard_input_may_begin_with_a_byte_order_mark(monkeypatch):
    status, _out, _err = assess(
        "-", "--json", given=b"\xef\xbb\xbf" + json.dumps(case()).encode(), monkeypatch=monkeypatch
    )
    assert status == 0


def test_a_missing_file_and_no_file_are_refused_in_words(tmp_path):
    assert assess(tmp_path / "none.json", "--json")[0] == 2
    assert assess("--json")[0] == 2


def test_a_plan_may_be_a_file_beside_the_case(written, tmp_path):
    (tmp_path / "mine.yaml").write_text(plans.written(SOUND), encoding="utf-8")
    assert assess(written(case(plan="./mine.yaml")))[0] == 0


def test_a_plan_s_file_that_cannot_be_read_is_named(written, tmp_path):
    assert "plan: " in assess(written(case(plan="./none.yaml")), "--json")[1]
    (tmp_path / "bad.yaml").write_text(plans.written(changed("layers", 0, "pay", 0, "ratio", to="7")), encoding="utf-8")
    assert "plan.layers[0].pay[0].ratio: " in assess(written(case(plan="bad.yaml")), "--json")[1]


def test_a_shipped_plan_is_named_by_its_code(written, monkeypatch, tmp_path):
    (tmp_path / "mine-2010.yaml").write_text(plans.written(SOUND), encoding="utf-8")
    monkeypatch.setattr(shipped, "FOLDER", tmp_path)
    shipped.plan.cache_clear()
    status, out, _err = assess(written(case(plan="mine-2010")), "--json")
    assert (status, json.loads(out)["claims"][0]["fund_pays"]) == (0, "420.00")
    with translation.override("en"):
        assert assess("--list") == (0, "mine-2010\tTest plan\n", "")
    with translation.override("zh-hans"):
        assert assess("--list")[1] == "mine-2010\t测试方案\n"
    assert json.loads(assess("--list", "--json")[1]) == {"mine-2010": SOUND["name"]}
    shipped.plan.cache_clear()


def test_neither_a_database_nor_an_environment_is_needed(written):
    words = [sys.executable, "manage.py", "assess", str(written(case())), "--json"]
    done = subprocess.run(words, capture_output=True, check=False, env={}, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["counters"]["inpatient.year"] == "420.00"
