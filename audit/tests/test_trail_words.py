"""The words of stories: every fact, every code, every column, in the language of whoever reads."""

from __future__ import annotations

import ast
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import translation

from audit import column_words, fact_words, seal_words
from audit.selectors import exported, states
from conftest import NOON
from enrollment.models import Member
from enrollment.tests import factories as register
from office.models import Act

pytestmark = pytest.mark.django_db
ZH = column_words.CHINESE
ROOT = Path(__file__).resolve().parents[2]


class TestWords:
    def test_a_fact_of_a_sample_is_called_as_on_its_page(self):
        called = [fact_words.label(key, "audit.sample") for key in ("method", "population", "size")]
        assert called == ["抽样方法", "总体", "样本量"]
        assert fact_words.label("population", "claims.bulkdocument") == "可抽取的就诊数"

    @pytest.mark.parametrize(
        ("table", "words"),
        [
            ("funds_entry", "分录"),
            ("funds_statement", "对账单"),
            ("funds_account", "科目"),
            ("enrollment_member", "参合人员"),
        ],
    )
    def test_what_has_two_meanings_is_called_as_where_it_stands(self, table, words):
        assert seal_words.table_in_words(table) == words

    def test_every_column_has_a_chinese_name(self):
        with translation.override("zh-hans"):
            wrong = [
                f"{model._meta.label}.{field.name}"
                for model in (one.model for one in exported.tables())
                for field in model._meta.concrete_fields
                if not ZH.search(column_words.label(field))
            ]
        assert wrong == []

    def test_every_fact_that_a_service_tells_has_a_name(self):
        with translation.override("zh-hans"):
            wrong = [key for key in facts_of_services() if not ZH.search(fact_words.label(key, ""))]
        assert wrong == []

    def test_the_words_of_a_fact(self):
        def value(key, one, kind="claims.claim"):
            return fact_words.value(key, one, kind)

        assert value("new", True) == "是"
        assert value("new", False) == "否"
        assert value("state", "payable") == "待支付"
        assert value("given_duty", "cashier", "office.person") == "出纳"
        assert value("step", "decision") == "审批"
        assert value("part", "wages", "enrollment.fundyear") == "工资基数标准"
        assert value("worklist", "claims.intake") != "claims.intake"
        assert value("worklist", "none.such") == "none.such"
        assert value("sha256", "a" * 64) == "a" * 12 + "…"
        assert value("body", "office.body:3") == "机构 3"
        assert value("until", "2010-03-01T04:00:00.000000+00:00") == "2010-03-01 12:00:00"
        assert value("until", "2010-03-01T12:00x") == "2010-03-01T12:00x"
        assert value("of", "claims.claim") == "补偿申请"
        assert value("changed", "id_number, name", "enrollment.member") == "身份证号, 名称"
        assert value("query", "642222197003011234") == "642222********1234"
        assert value("query", "subject_type=claims.claim subject_id=35 by=2") == "补偿申请 35 by=2"
        assert value("bound_to", f"{'b' * 64}:944.00") == "b" * 12 + "…:944.00"
        assert value("amount", "17667.20") == "17,667.20"
        assert value("payee_relation", "self") == "本人"
        assert fact_words.label("unheard_of", "") == "unheard_of"
        assert fact_words.kind_words("none.such") == "none.such"
        told = fact_words.told(
            {"scheme": "ncms", "given": "x", "note": "", "step": 5}, "office.factor", {"ncms": "农合"}
        )
        assert [(one.label, one.value) for one in told] == [("险种", "农合")]

    def test_the_words_of_a_value(self):
        told = [
            states.plain("x", one, "claims.claim")
            for one in (True, False, None, NOON, [1, "payable"], {"amount": "1"}, 3, "长" * 300)
        ]
        assert told[:7] == ["是", "否", "—", "2010-03-01 12:00:00", "1 · payable", "金额 1", "3"]
        assert told[7].endswith("…")

    def test_the_words_of_amounts(self):

        assert states.plain("x", Decimal("1234.50"), "") == "1,234.50"
        assert states.plain("x", Decimal("0.1250"), "") == "0.125"

    def test_what_a_row_points_to_by_its_own_name(self, county):
        account = register.member(register.household())
        assert states.name_of(type(county), county, county.pk) == county.name
        assert states.name_of(Act, None, 7) == "业务行为 7"
        assert states.name_of(Act, Act(name=""), 7) == "业务行为 7"
        assert states.name_of(Member, account, account.pk) == account.name

    def test_of_what_keeps_no_history_there_are_no_states(self):
        assert states.of("office.job", ["1"]) == []
        assert states.of("office.body", ["x"]) == []


def facts_of_services() -> set[str]:
    """Every keyword that a service hands to the trail as a fact."""
    own = {"by", "at", "reason", "right", "for_whom", "subject_hash", "proof"}
    found = set()
    for app in fact_words.HOUSE:
        for path in (ROOT / app).rglob("*.py"):
            if "tests" in path.parts or "migrations" in path.parts:
                continue
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                called = getattr(node, "func", None)
                if (
                    isinstance(node, ast.Call)
                    and isinstance(called, ast.Attribute)
                    and called.attr in {"record", "refused", "read"}
                    and getattr(called.value, "id", "") == "trail"
                ):
                    found |= {one.arg for one in node.keywords if one.arg and one.arg not in own}
    return found
