"""Somebody's few looks and refusals among very many acts: found by the index over just these, however many looks of
others there are and however much else he did."""

from __future__ import annotations

import json
from importlib import import_module
from typing import Any, Final

import pytest
from django.test import Client
from django.urls import reverse

from audit.tests.sealed import superuser
from conftest import NOON, sign_in
from office import trail
from office.filters import ActFilter, LookFilter, RefusedFilter
from office.models import Act, Person

pytestmark = pytest.mark.django_db(transaction=True)

MANY: Final = 60_000
PAGE: Final = 51
#: One made every second act and never looked; another looks and is refused in one of ten each, a third never does.
ACTS: Final = """
INSERT INTO office_act (kind, name, by_id, subject_type, subject_id, subject_hash, duty, second_factor, reason, facts)
SELECT k.kind, 'posting.entered', CASE WHEN k.kind <> 'done' THEN %(often)s WHEN n %% 2 = 0 THEN %(busy)s END,
    '', '', '', '', false, CASE k.kind WHEN 'refused' THEN 'x' ELSE '' END, '{}'
FROM generate_series(1, %(many)s) n CROSS JOIN LATERAL (
    SELECT CASE n %% 10 WHEN 1 THEN 'read' WHEN 3 THEN 'refused' ELSE 'done' END AS kind) k
"""


@pytest.fixture
def many(ada, ben, dan) -> int:
    """Dan looked once, and was refused once, before all that Ada did and Ben looked at."""
    trail.read("trail.read", None, by=dan, at=NOON)
    trail.refused("posting.entered", None, by=dan, at=NOON, reason="x")
    with superuser() as connection:
        connection.execute(ACTS, {"often": ben.pk, "busy": ada.pk, "many": MANY})
        connection.commit()
        connection.execute("ANALYZE office_act")
    return MANY


def steps(plan: dict[str, Any]) -> list[dict[str, Any]]:
    """A plan and all that it rests on."""
    return [plan, *(one for part in plan.get("Plans", []) for one in steps(part))]


def cost(found: Any) -> tuple[set[str], int, int]:
    """By which indexes of acts a page is found, how many acts come, and how many were passed over."""
    [explained] = json.loads(found.order_by("-pk")[:PAGE].explain(analyze=True, format="json"))
    scans = [one for one in steps(explained["Plan"]) if one["Node Type"].endswith("Scan")]
    passed = sum(one.get("Rows Removed by Filter", 0) for one in scans)
    return {one.get("Index Name", one["Node Type"]) for one in scans}, explained["Plan"]["Actual Rows"], passed


def page(filterset: type[ActFilter], by: Person, **more: str) -> Any:
    return filterset({"by": by.pk, **more}, queryset=Act.objects.all()).qs


class TestThePlan:
    def test_passes_over_nothing_whoever_is_asked_for(self, many, ada, ben, dan):
        for filterset, index in ((LookFilter, "act_read_by"), (RefusedFilter, "act_refused_by")):
            for who, rows in ((ada, 0), (ben, PAGE), (dan, 1)):
                assert cost(page(filterset, who)) == ({index}, rows, 0), (filterset, who)

    def test_the_same_of_the_list_of_all_acts_with_a_kind(self, many, ada, ben):
        for kind, index in (("read", "act_read_by"), ("refused", "act_refused_by")):
            assert cost(page(ActFilter, ada, kind=kind)) == ({index}, 0, 0)
            assert cost(page(ActFilter, ben, kind=kind)) == ({index}, PAGE, 0)

    def test_without_the_count_of_each_persons_looks_it_passes_over_others(self, many, ada):
        """Asked by person and kind apart, as if the two had nothing to do with each other."""
        _indexes, rows, passed = cost(Act.objects.filter(kind="read", by=ada))
        assert rows == 0
        assert passed >= many // 10


class TestTheIndexes:
    """As office makes them (office 0023), in a database where the audit's room had made them before."""

    MADE = "SELECT oid, pg_get_indexdef(oid) FROM pg_class WHERE relname IN ('act_read_by', 'act_refused_by')"
    BEFORE = "CREATE INDEX act_{0}_by ON office_act (by_id, id DESC) WHERE kind = '{0}';"

    def test_stay_where_they_are_so_already_and_take_the_place_of_the_first_ones(self):
        step = import_module("office.migrations.0023_find_rare_acts")
        find = step.of_each(step.FIND)
        with superuser() as connection:  # nothing of it is committed
            made = connection.execute(self.MADE).fetchall()
            connection.execute(find)
            assert connection.execute(self.MADE).fetchall() == made
            connection.execute(step.of_each(step.UNDO))
            connection.execute("".join(self.BEFORE.format(kind) for kind in ("read", "refused")))
            connection.execute(find)
            anew = connection.execute(self.MADE).fetchall()
            assert sorted(words for _oid, words in anew) == sorted(words for _oid, words in made)
            connection.rollback()


class TestThePage:
    def test_says_the_same_as_kind_and_person_together(self, ada, ben, dan):
        for by in (ada, ben, ada):
            trail.read("trail.read", None, by=by, at=NOON)
            trail.refused("posting.entered", None, by=by, at=NOON, reason="x")
            trail.record("body.added", None, by=by, at=NOON)
        trail.read("trail.read", None, by=None, at=NOON)

        def numbers(filterset: type[ActFilter], **asked: Any) -> set[tuple[str, int | None]]:
            return set(filterset(asked, queryset=Act.objects.all()).qs.values_list("kind", "by"))

        assert numbers(LookFilter) == {("read", ada.pk), ("read", ben.pk), ("read", None)}
        assert numbers(LookFilter, by=ada.pk) == {("read", ada.pk)}
        assert numbers(LookFilter, by=ada.pk, kind="done") == set()
        assert numbers(LookFilter, person="a") == {("read", ada.pk)}
        assert numbers(LookFilter, person="a", by=ben.pk) == set()
        assert numbers(LookFilter, person="nobody") == set()
        assert numbers(RefusedFilter, by=ben.pk) == {("refused", ben.pk)}
        assert numbers(ActFilter, by=ben.pk) == {("read", ben.pk), ("refused", ben.pk), ("done", ben.pk)}
        assert numbers(ActFilter, by=ben.pk, kind="done") == {("done", ben.pk)}
        assert numbers(ActFilter, person="e", kind="read") == {("read", ben.pk)}

    @pytest.mark.parametrize("name", ["office:looks", "office:refused_acts", "office:acts"])
    @pytest.mark.parametrize("by", ["1", "99999999999999999999", "x"])
    def test_opens_whatever_is_asked_for(self, dan, name, by):
        assert sign_in(Client(), dan).get(reverse(name), {"by": by}).status_code == 200
