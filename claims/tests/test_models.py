"""What the database itself refuses of benefit plans."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import translation

from claims.models import BenefitPlan
from claims.tests import factories
from enrollment.tests.factories import scheme
from office.models import Person, StateMove

pytestmark = pytest.mark.django_db


def refused(words: str):
    return pytest.raises(IntegrityError, match=words)


def sql(statement: str, *values: Any) -> None:
    """As the run-time role, past every model."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def successor(plan: BenefitPlan, first: str = "2010-07-01", **more) -> BenefitPlan:
    return factories.draft(factories.later(factories.BASIC, first, "2010-12-31"), supersedes=plan, **more)


def test_the_database_knows_the_same_moves():
    found = StateMove.objects.filter(table=BenefitPlan._meta.db_table)
    assert {(one.before, one.after): one.outcome for one in found} == BenefitPlan.MOVES


def test_a_plan_has_the_name_of_the_readers_language():
    plan = factories.draft()
    with translation.override("en"):
        assert str(plan) == "Test county NCMS plan (version 1)"
    with translation.override("zh-hans"):
        assert plan.name == "测试县新农合补偿方案"
    plan.name_en = ""
    with translation.override("en"):
        assert plan.name == "测试县新农合补偿方案"


class TestAdopting:
    def test_nobody_adopts_alone(self):
        plan = factories.draft()
        sql("UPDATE claims_benefitplan SET state = 'proposed' WHERE id = %s", plan.pk)
        with refused("no round has decided"):
            sql("UPDATE claims_benefitplan SET state = 'adopted' WHERE id = %s", plan.pk)

    def test_not_without_a_paper(self):
        plan = factories.draft(paper_number="", paper_date=None)
        with refused("benefit_plan_has_a_paper"):
            sql("UPDATE claims_benefitplan SET state = 'proposed' WHERE id = %s", plan.pk)

    def test_a_refused_round_adopts_nothing(self):
        plan = factories.draft()
        sql("UPDATE claims_benefitplan SET state = 'proposed' WHERE id = %s", plan.pk)
        factories.decide(plan, "refuse")
        with refused("no round has decided"):
            sql("UPDATE claims_benefitplan SET state = 'adopted' WHERE id = %s", plan.pk)

    def test_a_draft_becomes_nothing_but_a_proposal(self):
        plan = factories.draft()
        with refused('does not go from "draft" to "adopted"'):
            sql("UPDATE claims_benefitplan SET state = 'adopted' WHERE id = %s", plan.pk)

    def test_a_plan_does_not_come_adopted(self):
        with refused('does not go from "" to "adopted"'):
            factories.draft(state="adopted")


class TestWhatStays:
    @pytest.mark.parametrize(
        "change",
        [
            "text = 'x'",
            "canonical = 'x'",
            f"sha256 = '{'0' * 64}'",
            "in_force = '[2010-01-01,2012-01-01)', applies = '[2010-01-01,2012-01-01)'",
            "applies = '[2010-01-01,2010-06-01)'",
            "applies = 'empty'",
            "paper_number = 'x'",
            "accepted = '[1]'",
            "position = 2",
            "version = 7",
            "name_zh = 'x'",
            "drafted_at = now()",
        ],
    )
    def test_an_adopted_plan_says_what_it_said(self, change):
        plan = factories.adopted()
        with refused("what was adopted does not change|ends earlier by its decided successor"):
            sql(f"UPDATE claims_benefitplan SET {change} WHERE id = %s", plan.pk)

    @pytest.mark.parametrize("change", ["text = 'x'", "applies = '[2010-01-01,2010-06-01)'", "supersedes_id = NULL"])
    def test_a_proposed_plan_too(self, change):
        plan = factories.draft()
        plan = successor(plan) if "supersedes" in change else plan
        sql("UPDATE claims_benefitplan SET state = 'proposed' WHERE id = %s", plan.pk)
        with refused("what was asked for does not change"):
            sql(f"UPDATE claims_benefitplan SET {change} WHERE id = %s", plan.pk)

    def test_an_adopted_plan_does_not_go_back(self):
        plan = factories.adopted()
        with refused('does not go from "adopted" to "draft"'):
            sql("UPDATE claims_benefitplan SET state = 'draft' WHERE id = %s", plan.pk)

    def test_a_drafts_hash_is_its_documents(self):
        plan = factories.draft()
        with refused("not the hash"):
            sql("UPDATE claims_benefitplan SET canonical = canonical || ' ' WHERE id = %s", plan.pk)
        with refused("not the hash"):
            factories.draft(sha256="0" * 64)

    def test_a_draft_stays_whose_it_is(self):
        plan, other = factories.draft(), Person.objects.create_person(username="x", full_name="X", password="x-123456")
        with refused("stays whose it is"):
            sql("UPDATE claims_benefitplan SET drafted_by_id = %s WHERE id = %s", other.pk, plan.pk)

    @pytest.mark.parametrize("table", ["benefitplan", "benefitplanevent", "claimsround", "claimsvote"])
    def test_nothing_is_deleted(self, table):
        factories.adopted()
        with pytest.raises((IntegrityError, ProgrammingError)):
            sql(f"DELETE FROM claims_{table}")

    def test_every_earlier_state_is_kept(self):
        plan = factories.adopted()
        states = BenefitPlan.pgh_event_model.objects.filter(pgh_obj_id=plan.pk).order_by("pgh_id")
        assert [one.state for one in states] == ["draft", "proposed", "adopted"]


class TestDays:
    def test_adopted_plans_of_one_place_never_overlap(self):
        factories.adopted()
        with refused("adopted_plans_never_overlap"):
            factories.adopted(factories.later(factories.BASIC, "2010-12-31", "2011-12-31"))

    def test_another_place_or_scheme_or_year_has_days_of_its_own(self):
        plans = [
            factories.adopted(),
            factories.adopted(factories.CRITICAL, position=2),
            factories.adopted(of=scheme("other")),
            factories.adopted(factories.later(factories.BASIC, "2011-01-01", "2011-12-31")),
        ]
        assert BenefitPlan.objects.adopted().count() == len(plans)

    def test_a_draft_may_overlap_what_it_will_replace(self):
        factories.adopted()
        assert successor(factories.adopted(of=scheme("other"))).state == "draft"

    def test_a_draft_applies_as_long_as_its_document(self):
        with refused("benefit_plan_is_cut_only_when_adopted"), transaction.atomic():
            factories.draft(applies=DateRange(date(2010, 1, 1), date(2010, 6, 1)))
        with refused("benefit_plan_applies_while_in_force|benefit_plan_is_cut"), transaction.atomic():
            factories.draft(applies=DateRange(date(2009, 1, 1), date(2010, 6, 1)))

    @pytest.mark.parametrize(
        "given",
        [{"position": 0}, {"position": 10}, {"kind": "x"}, {"code": ""}, {"in_force": DateRange(empty=True)}],
    )
    def test_a_draft_is_whole(self, given):
        with refused("benefit_plan_"):
            factories.draft(**given)

    def test_a_version_comes_once(self):
        factories.draft(version=1)
        with refused("benefit_plan_version_once"):
            factories.draft(version=1)


class TestEndingEarlier:
    CUT = "UPDATE claims_benefitplan SET applies = %s WHERE id = %s"
    BY = "what was adopted does not change|ends earlier by its decided successor"

    def proposed(self, plan, **more):
        following = successor(plan, **more)
        sql("UPDATE claims_benefitplan SET state = 'proposed' WHERE id = %s", following.pk)
        return following

    def test_by_the_decided_successor(self):
        plan = factories.adopted()
        following = self.proposed(plan)
        factories.decide(following)
        sql(self.CUT, "[2010-01-01,2010-07-01)", plan.pk)
        sql("UPDATE claims_benefitplan SET state = 'adopted' WHERE id = %s", following.pk)
        assert [str(one) for one in BenefitPlan.objects.applying_on(date(2010, 7, 1)).values_list("pk", flat=True)] == [
            str(following.pk)
        ]

    def test_not_before_it_is_decided(self):
        plan = factories.adopted()
        self.proposed(plan)
        with refused(self.BY):
            sql(self.CUT, "[2010-01-01,2010-07-01)", plan.pk)

    def test_not_by_one_that_was_refused(self):
        plan = factories.adopted()
        factories.decide(self.proposed(plan), "refuse")
        with refused(self.BY):
            sql(self.CUT, "[2010-01-01,2010-07-01)", plan.pk)

    @pytest.mark.parametrize("days", ["[2010-01-01,2010-06-30)", "[2010-02-01,2010-07-01)", "empty"])
    def test_not_on_another_day(self, days):
        plan = factories.adopted()
        factories.decide(self.proposed(plan))
        with refused(self.BY):
            sql(self.CUT, days, plan.pk)

    def test_not_by_a_plan_of_another_place(self):
        plan = factories.adopted()
        factories.decide(self.proposed(plan, position=2))
        with refused(self.BY):
            sql(self.CUT, "[2010-01-01,2010-07-01)", plan.pk)

    def test_not_by_one_that_leaves_days_behind(self):
        plan = factories.adopted()
        text = factories.later(factories.BASIC, "2010-07-01", "2010-09-30")
        short = factories.draft(text, supersedes=plan)
        sql("UPDATE claims_benefitplan SET state = 'proposed' WHERE id = %s", short.pk)
        factories.decide(short)
        with refused(self.BY):
            sql(self.CUT, "[2010-01-01,2010-07-01)", plan.pk)

    def test_nor_is_it_lengthened_again(self):
        plan = factories.adopted()
        following = self.proposed(plan)
        factories.decide(following)
        sql(self.CUT, "[2010-01-01,2010-07-01)", plan.pk)
        with refused(self.BY):
            sql(self.CUT, "[2010-01-01,2011-01-01)", plan.pk)
