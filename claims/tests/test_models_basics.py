"""What the database itself refuses of providers, agreements, catalogues, diseases and lists, to the run-time role."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from claims.models import Agreement, Catalogue, Disease, ListedDisease, Provider
from claims.tests import basics
from enrollment.tests.factories import scheme
from office.models import Body

pytestmark = pytest.mark.django_db

YEAR = DateRange(date(2010, 1, 1), date(2011, 1, 1))


def sql(statement: str, *values: Any) -> None:
    """As the run-time role, past every model."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def refused(words: str):
    return pytest.raises(IntegrityError, match=words)


class TestProviders:
    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ("code = ''", "provider_is_named"),
            ("name = ''", "provider_is_named"),
            ("tier = 0", "provider_tier_is_known"),
            ("tier = 4", "provider_tier_is_known"),
            ("level = 'ward'", "provider_level_is_known"),
            ("region = 'moon'", "provider_region_is_known"),
        ],
    )
    def test_what_a_provider_cannot_be(self, change, words):
        one = basics.provider()
        with refused(words):
            sql(f"UPDATE claims_provider SET {change} WHERE id = %s", one.pk)

    def test_a_code_and_a_desk_once(self):
        desk = Body.objects.create(code="d", name="d", kind=Body.Kind.HOSPITAL)
        basics.provider(body=desk)
        with refused("claims_provider_code_key"), transaction.atomic():
            basics.provider()
        with refused("body_id"), transaction.atomic():
            basics.provider("H2", body=desk)
        with refused("provider_with_a_desk_is_inside"):
            sql("UPDATE claims_provider SET region = 'outside' WHERE body_id = %s", desk.pk)


class TestAgreements:
    def test_days_of_a_scheme_are_agreed_once(self):
        one = basics.provider()
        basics.agreement(one)
        basics.agreement(one, scheme("residents", insures="person"))
        with refused("agreements_never_overlap"):
            basics.agreement(one, period=YEAR)

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ("number = ''", "agreement_has_a_number"),
            ("period = 'empty'", "agreement_has_its_days"),
            ("period = '(,2011-01-01)'", "agreement_has_its_days"),
        ],
    )
    def test_what_an_agreement_cannot_be(self, change, words):
        one = basics.agreement(basics.provider())
        with refused(words):
            sql(f"UPDATE claims_agreement SET {change} WHERE id = %s", one.pk)


class TestCatalogues:
    def test_an_edition_only_ends_earlier(self):
        made = basics.edition(("a", "甲"))
        sql("UPDATE claims_catalogue SET period = '[2009-01-01,2010-01-01)' WHERE id = %s", made.pk)
        for change in (
            "period = '[2009-01-01,2012-01-01)'",
            "period = '[2009-02-01,2010-01-01)'",
            "document = 'x'",
            "entries_count = 2",
            "kind = 'services'",
        ):
            with refused("stays what it was and ends earlier at most"):
                sql(f"UPDATE claims_catalogue SET {change} WHERE id = %s", made.pk)

    def test_entries_never_change_and_none_comes_later(self):
        made = basics.edition(("a", "甲"))
        with pytest.raises(ProgrammingError, match="permission denied"):
            sql("UPDATE claims_catalogueentry SET item_class = 'B'")
        with pytest.raises(ProgrammingError, match="permission denied"):
            sql("DELETE FROM claims_catalogueentry")
        with refused("the entries that it says and no more"), transaction.atomic():
            basics.entry_of(made, "b", "乙").save()

    def test_an_edition_comes_with_all_its_entries(self):
        with refused("comes with all its entries"), transaction.atomic():
            basics.edition(("a", "甲"), entries_count=2)
            sql("SET CONSTRAINTS ALL IMMEDIATE")

    def test_editions_never_overlap(self):
        basics.edition()
        basics.edition(kind="services")
        with refused("catalogues_never_overlap"):
            basics.edition(period=YEAR)

    @pytest.mark.parametrize(
        ("more", "words"),
        [
            ({"kind": "herbs"}, "catalogue_kind_is_known"),
            ({"document": ""}, "catalogue_rests_on_a_paper"),
            ({"period": DateRange(None, date(2011, 1, 1))}, "catalogue_has_its_days"),
        ],
    )
    def test_what_an_edition_cannot_be(self, more, words):
        with refused(words):
            basics.edition(**more)

    @pytest.mark.parametrize(
        ("more", "words"),
        [
            ({"item_class": "D"}, "catalogue_entry_is_whole"),
            ({"group": ""}, "catalogue_entry_is_whole"),
            ({"price_limit": -1}, "catalogue_entry_price_is_one"),
        ],
    )
    def test_what_an_entry_cannot_be(self, more, words):
        made = basics.edition(("a", "甲"), ("b", "乙"), entries_count=3)
        with refused(words), transaction.atomic():
            basics.entry_of(made, "c", "丙", **more).save()
        with refused("catalogue_entry_once"), transaction.atomic():
            basics.entry_of(made, "a", "甲").save()
        basics.entry_of(made, "c", "丙").save()


class TestDiseases:
    def test_what_a_disease_on_a_list_cannot_be(self):
        one = basics.listed(basics.disease())
        for change, words in (
            ("kind = 'rare'", "listed_disease_kind_is_known"),
            ("document = ''", "listed_disease_rests_on_a_paper"),
            ("\"group\" = ''", "listed_disease_rests_on_a_paper"),
            ("price = 0", "listed_disease_price_is_one"),
            ("period = 'empty'", "listed_disease_has_its_days"),
        ):
            with refused(words):
                sql(f"UPDATE claims_listeddisease SET {change} WHERE id = %s", one.pk)

    def test_once_on_a_list_at_a_time(self):
        one = basics.disease()
        basics.listed(one)
        basics.listed(one, kind="serious")
        with refused("listed_diseases_never_overlap"):
            basics.listed(one, period=YEAR)

    def test_a_disease_is_named_once(self):
        one = basics.disease()
        with refused("disease_is_named"):
            sql("UPDATE claims_disease SET name = '' WHERE id = %s", one.pk)
        with refused("claims_disease_code_key"):
            basics.disease()


def test_every_earlier_state_is_kept():
    one = basics.provider()
    agreed = basics.agreement(one)
    listed = basics.listed(basics.disease())
    made = basics.edition()
    sql("UPDATE claims_provider SET phone = '1'")
    sql("UPDATE claims_agreement SET number = '2'")
    sql("UPDATE claims_listeddisease SET price = 1")
    sql("UPDATE claims_disease SET is_used = false")
    sql("UPDATE claims_catalogue SET period = '[2009-01-01,2010-01-01)'")
    for kept, name in ((one, "provider"), (agreed, "agreement"), (listed, "listeddisease"), (made, "catalogue")):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM claims_{name}event WHERE pgh_obj_id = %s", [kept.pk])
            assert cursor.fetchone() == (2,), name
        with pytest.raises(ProgrammingError, match="permission denied"):
            sql(f"UPDATE claims_{name}event SET pgh_label = 'x'")


@pytest.mark.parametrize("model", [Provider, Agreement, Catalogue, Disease, ListedDisease])
def test_nothing_is_deleted(model):
    with pytest.raises(ProgrammingError, match="permission denied"):
        sql(f"DELETE FROM {model._meta.db_table}")


def test_everything_says_what_it_is():
    one = basics.disease()
    listed = basics.listed(one)
    made = basics.edition(("a", "甲"))
    assert str(basics.agreement(basics.provider())) == "1号"
    assert [str(one), str(listed)] == ["I10 原发性高血压", "门诊慢性病: I10 原发性高血压"]
    assert str(made) == "ncms 药品 2009-01-01"
    assert str(made.entries.get()) == "a 甲"
