"""What a claim asks of provider and disease, and finding them: one question each, along an index."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.models import CatalogueEntry, Disease, Provider
from claims.selectors.catalogues import find_entries
from claims.selectors.diseases import Listing, find_diseases, listed
from claims.selectors.providers import ProviderFacts, find_providers, provider_facts, with_schemes
from claims.services.search_keys import keys_of
from claims.tests import basics
from enrollment.tests.factories import scheme

pytestmark = pytest.mark.django_db

DAY = date(2010, 3, 1)
LARGE = 3_000


class TestProviderFacts:
    @pytest.mark.parametrize(
        ("day", "designated"),
        [
            (date(2009, 12, 31), False),
            (date(2010, 1, 1), True),
            (date(2010, 12, 31), True),
            (date(2011, 1, 1), False),
        ],
    )
    def test_designated_on_the_days_of_the_agreement(self, day, designated, django_assert_num_queries):
        one = basics.provider()
        of = scheme()
        basics.agreement(one, of, period=("2010-01-01", "2011-01-01"))
        with django_assert_num_queries(1):
            assert provider_facts(one, of, day) == ProviderFacts("county", 2, "county", designated)

    def test_an_agreement_is_with_one_scheme(self):
        one = basics.provider()
        basics.agreement(one)
        residents = scheme("residents", insures="person")
        assert not provider_facts(one, residents, DAY).designated
        basics.agreement(one, residents)
        assert provider_facts(one, residents, DAY).designated
        assert [each.schemes for each in with_schemes(Provider.objects.all(), DAY)] == ["ncms、residents"]
        assert [each.schemes for each in with_schemes(Provider.objects.all(), date(2008, 1, 1))] == [None]


class TestListed:
    def test_the_lists_of_a_day(self, django_assert_num_queries):
        one = basics.disease()
        of = scheme()
        basics.listed(one, of, period=("2009-01-01", "2010-03-01"))
        basics.listed(one, of, period=("2010-03-01", None), group="高血压", price=Decimal(300))
        basics.listed(one, of, kind="serious", group="重病")
        basics.listed(one, scheme("residents", insures="person"))
        with django_assert_num_queries(1):
            found = listed(one, of, DAY)
        assert found == (Listing("chronic", "高血压", Decimal(300)), Listing("serious", "重病", None))
        assert listed(one, of, date(2010, 2, 28))[0] == Listing("chronic", "慢性病", None)


@pytest.fixture
def many() -> None:
    """As many of each as make reading all of them expensive."""
    basics.provider("H1", "海原县人民医院")
    basics.disease("I10", "原发性高血压")
    made = basics.edition(
        ("YS1", "阿莫西林胶囊"), ("YS2", "阿莫西林"), *((f"Z{number}", f"药品{number}") for number in range(LARGE))
    )
    basics.edition(("YS1", "阿莫西林旧"), of=scheme("old", insures="person"))
    assert made.entries.count() == LARGE + 2
    keys = keys_of("其他疾病")
    Disease.objects.bulk_create(
        Disease(code=f"Z{number}", name=f"其他疾病{number}", search_keys=keys) for number in range(LARGE)
    )
    given = basics.SAID | {"changed_by_id": Provider.objects.get().changed_by_id, "changed_at": "2010-01-01T00:00Z"}
    Provider.objects.bulk_create(
        Provider(**given | {"code": f"Z{number}", "name": f"别院{number}", "search_keys": ["by"]})
        for number in range(LARGE)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE claims_provider, claims_disease, claims_catalogueentry")


WAYS = [
    (
        find_providers,
        ("h1", "海原县", "hyx", "海原县人民医院"),
        "海原县人民医院",
        "claims_provider",
    ),
    (find_diseases, ("i1", "I10", "原发", "yfx", "YFXGXY", "gxy", "高血压"), "原发性高血压", "claims_disease"),
    (
        lambda typed: find_entries(typed, scheme(), DAY),
        ("ys2", "阿莫西林", "amxl", "ＡＭＸＬ"),
        "阿莫西林",
        "claims_catalogueentry",
    ),
]


class TestFinding:
    def test_every_way_is_one_question_along_an_index(self, many):
        of = scheme()
        for find, typed, name, table in WAYS:
            for one in typed:
                with CaptureQueriesContext(connection) as asked:
                    found = find(one)
                questions = [sql["sql"] for sql in asked.captured_queries if table in sql["sql"]]
                assert found[0].name == name, one
                assert len(questions) == 1, one
                assert not list(read_whole(plan_of(questions[0]), table)), one
        assert [one.name for one in find_entries("amxl", of, DAY)] == ["阿莫西林", "阿莫西林胶囊"]

    def test_nothing_typed_finds_nothing(self, many):
        assert [find_providers(""), find_diseases("  "), find_entries("", scheme(), DAY)] == [[], [], []]
        assert find_providers("没有") == []

    def test_what_begins_so_stands_before_what_has_it_within(self):
        for code, name in (("E14", "糖尿病性肾病"), ("E11", "2型糖尿病"), ("R81", "糖尿"), ("N1", "尿病")):
            basics.disease(code, name)
        assert [one.code for one in find_diseases("糖尿")] == ["R81", "E14", "E11"]
        assert [one.code for one in find_diseases("tnb")] == ["E14", "E11"]
        assert [one.code for one in find_diseases("糖尿病肾")] == []

    def test_twenty_at_most(self, many):
        assert len(find_diseases("qt")) == 20
        assert len(find_entries("z", scheme(), DAY)) == 20

    def test_only_the_edition_of_the_day_and_diseases_in_use(self, many):
        assert [one.name for one in find_entries("ys1", scheme("old"), DAY)] == ["阿莫西林旧"]
        assert find_entries("ys1", scheme(), date(2008, 1, 1)) == []
        Disease.objects.filter(code="I10").update(is_used=False)
        assert find_diseases("i10") == []

    def test_all_readings_of_a_character_are_found(self):
        basics.edition(("a", "单硝酸异山梨酯片"))
        for typed in ("dxsy", "sxsy"):
            assert [one.code for one in find_entries(typed, scheme(), DAY)] == ["a"]
        assert CatalogueEntry.objects.called("dx").count() == 1


def plan_of(sql: str) -> dict[str, Any]:
    """The plan where reading a table whole is the last resort: what was just written is not in the index's tree yet."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}")
        plan: dict[str, Any] = cursor.fetchone()[0][0]["Plan"]
        cursor.execute("SET LOCAL enable_seqscan = on")
    return plan


def read_whole(step: dict[str, Any], table: str) -> Iterator[str]:
    """The steps that read the table from end to end."""
    if step["Node Type"] == "Seq Scan" and step["Relation Name"] == table:
        yield step.get("Filter", "nothing")
    for inner in step.get("Plans", ()):
        yield from read_whole(inner, table)
