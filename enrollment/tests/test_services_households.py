"""Households come, move, are split, get another head, end: what is done, and what is refused."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError

from conftest import NOON
from enrollment.models import Household, Member
from enrollment.services import households, identity, keeping
from enrollment.services.keeping import CannotKeep
from enrollment.tests import factories
from enrollment.tests.keeping import (
    FAR_VILLAGE,
    ID,
    NEXT_VILLAGE,
    OLD_ID,
    TODAY,
    act,
    by,
    entry,
    family,
    fresh,
    station,
)
from office.models import Duty
from office.stale import Stale

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def village():
    return factories.division()


@pytest.fixture
def clerk(appoint):
    """Keeps the register of one township, at its station."""
    return appoint("lan", Duty.TOWNSHIP_CLERK, body=station())


def refused(words: str = "", field: str | None = None):
    return pytest.raises(CannotKeep, match=words, check=lambda refusal: field is None or refusal.field == field)


class TestAdd:
    def add(self, village, person, **more):
        given = {"head": entry(name="马大山", id_number=ID, birth_date=None, sex=""), "on": TODAY, **more}
        return households.add_household(village=village, **given, **by(person))

    def test_the_first_of_a_village_begins_with_its_code_and_has_its_head(self, village, ada):
        added = self.add(village, ada, address="三组")
        head = added.members.get()
        assert (added.number, added.address, added.registered_on) == (f"{village.code}0001", "三组", TODAY)
        assert (head.is_head, head.relation, head.name, head.id_number) == (True, "head", "马大山", ID)
        assert (head.birth_date, head.sex, head.id_given) == (date(1974, 5, 6), "M", "")
        assert {"md", "mds"} <= set(head.search_keys)
        done = act("household.added")
        assert (done.by, done.duty, done.facts["village"]) == (ada, Duty.TOWNSHIP_CLERK, village.code)
        assert ID not in str(done.facts)

    def test_the_next_number_follows_the_greatest(self, village, ada):
        factories.household(f"{village.code}0007")
        factories.household(f"{village.code}000800")  # somebody's own way of counting
        factories.household("9")
        assert self.add(village, ada).number == f"{village.code}0008"

    def test_where_the_last_number_is_taken_gaps_are_filled(self, village, ada, monkeypatch):
        monkeypatch.setattr(households, "LAST", 2)
        factories.household(f"{village.code}0002")
        assert self.add(village, ada).number == f"{village.code}0001"
        with refused("no free number", "number"):
            self.add(village, ada, head=entry())

    def test_a_number_of_its_own(self, village, ada):
        assert self.add(village, ada, number=" 海城 12 ").number == "海城12"
        with refused("number already", "number"):
            self.add(village, ada, head=entry(), number="海城12")
        assert Household.objects.count() == Member.objects.count() == 1

    def test_not_on_a_day_to_come(self, village, ada):
        with refused("not come yet", "on"):
            self.add(village, ada, on=TODAY + timedelta(days=1))

    def test_a_clerk_adds_in_his_township_alone(self, village, clerk):
        assert self.add(village, clerk).village == village
        with refused("your office", "village"):
            self.add(factories.division(FAR_VILLAGE), clerk, head=entry())
        with refused("your office", "village"):
            self.add(village.parent, clerk, head=entry())  # a township is no village

    def test_nobody_else_adds(self, village, cleo):
        with refused("your office", "village"):
            self.add(village, cleo)


class TestIdentity:
    """Who somebody is, read from what was typed."""

    def read(self, known=None, **more):
        return identity.read(entry(**more), today=TODAY, known=known)

    def test_an_old_number_is_kept_as_given(self):
        found = self.read(id_number=OLD_ID, birth_date=None, sex="")
        assert (found["id_number"], found["id_given"]) == (ID, OLD_ID)

    def test_full_width_digits_and_blanks_do_not_matter(self):
        assert self.read(id_number="６４０５２２ 19740506 001" + ID[-1], birth_date=None, sex="")["id_number"] == ID

    @pytest.mark.parametrize(
        ("more", "words", "field"),
        [
            ({"name": " "}, "Type the name", "name"),
            ({"name": "马" * 51}, "at most 50", "name"),
            ({"name": "马1"}, "alone", "name"),
            ({"name": "马\ue001"}, "one computer", "name"),
            ({"id_number": "6.4E+17"}, "spreadsheet cut", "id_number"),
            ({"id_number": "640522197405061000"}, "spreadsheet put zeros", "id_number"),
            ({"id_number": ID[:-1]}, "18 digits", "id_number"),
            ({"id_number": "x" * 18}, "digits alone", "id_number"),
            ({"id_number": "640522197413060018"}, "no day", "id_number"),
            ({"id_number": "640522202005060018"}, "not come", "id_number"),
            ({"id_number": ID[:-1] + ("7" if ID[-1] != "7" else "8")}, "does not fit", "id_number"),
            ({"id_number": ID}, "says 1974-05-06", "birth_date"),
            ({"id_number": ID, "birth_date": None, "sex": "F"}, "other sex", "sex"),
            ({"birth_date": None}, "birth date is needed", "birth_date"),
            ({"birth_date": date(2010, 3, 2)}, "not come yet", "birth_date"),
            ({"sex": ""}, "sex is needed", "sex"),
            ({"birth_date": date(1994, 3, 1)}, "From 16 on", "id_number"),
        ],
    )
    def test_what_cannot_be(self, more, words, field):
        with refused(words, field):
            self.read(**more)

    def test_under_sixteen_the_number_may_be_added_later(self):
        assert self.read(birth_date=date(1994, 3, 2))["id_number"] is None

    def test_who_never_had_one_needs_none_for_another_correction(self, db):
        known = factories.member(id_number=None, born=date(1980, 1, 1))
        assert self.read(known=known, id_number=None, birth_date=date(1980, 1, 1))["id_number"] is None

    def test_every_fault_has_its_words(self):
        from enrollment.rules import id_numbers, person_names

        assert set(identity.ID_WORDS) == set(id_numbers.Kind)
        assert set(identity.NAME_WORDS) == set(person_names.Kind)

    def test_another_refusal_of_the_database_is_not_put_in_these_words(self, ada):
        home = family()[0]
        fields = identity.read(entry(), today=TODAY)
        with pytest.raises(IntegrityError), identity.given_once(fields, ada):
            factories.member(home, is_head=True)


class TestMove:
    def move(self, household, person, **more):
        given = {
            "village": household.village,
            "address": "新址",
            "on": TODAY,
            "seen_version": household.version,
            **more,
        }
        return households.move_household(household=household, **given, **by(person))

    def test_to_another_village(self, village, ada):
        home = family()[0]
        moved = self.move(home, ada, village=factories.division(NEXT_VILLAGE))
        assert (moved.village.code, moved.address, moved.number) == (NEXT_VILLAGE, "新址", "0001")
        assert (moved.version, moved.changed_by) == (2, ada)
        assert act("household.moved").facts["before"] == village.code
        assert Household.pgh_event_model.objects.filter(pgh_obj_id=home.pk).count() == 2

    def test_not_over_what_somebody_else_changed(self, ada):
        home = family()[0]
        self.move(home, ada)
        with pytest.raises(Stale):
            self.move(home, ada, address="别处")

    def test_not_to_where_it_is(self, ada):
        with refused("same as before"):
            self.move(family()[0], ada, address="")

    def test_not_before_it_was_there(self, ada):
        with refused("before 2008-01-01", "on"):
            self.move(family()[0], ada, on=date(2007, 12, 31))

    def test_a_clerk_moves_nothing_out_of_sight_nor_in(self, clerk):
        far = factories.division(FAR_VILLAGE)
        with refused("your office", "village"):
            self.move(family()[0], clerk, village=far)
        with refused("your office", "village"):
            self.move(family("2", far)[0], clerk, village=factories.division())

    def test_what_has_ended_stays(self, ada):
        home = factories.household(ended_on=TODAY)
        with refused("has ended on 2010-03-01"):
            self.move(home, ada)


class TestSplit:
    def split(self, home, person, members, head, **more):
        given = {"village": home.village, "on": TODAY, **more}
        return households.split_household(household=home, members=members, head=head, **given, **by(person))

    def test_the_son_goes(self, ada):
        home, head, wife, son = family()
        made = self.split(home, ada, [son], son, number="2")
        son = fresh(son)
        assert (son.household, son.is_head, son.relation) == (made, True, "head")
        assert [one.is_head for one in (fresh(head), fresh(wife))] == [True, False]
        assert act("household.split").facts["members"] == str(son.pk)

    def test_the_head_goes_with_the_son_and_the_wife_stays_as_head(self, ada):
        home, head, wife, son = family()
        made = self.split(home, ada, [head, son], head, new_head=wife, address="新屋")
        assert made.number == f"{home.village.code}0001"
        assert [(one.household, one.is_head, one.relation) for one in map(fresh, (head, wife, son))] == [
            (made, True, "head"),
            (home, True, "head"),
            (made, False, "son"),
        ]

    def test_the_head_goes_under_his_son(self, ada):
        home, head, wife, son = family()
        self.split(home, ada, [head, son], son, new_head=wife)
        assert (fresh(head).is_head, fresh(head).relation, fresh(son).is_head) == (False, "parent", True)

    def test_those_who_stay_have_a_head(self, ada):
        home, head, _wife, son = family()
        for named in (None, son, factories.member(factories.household("9"))):
            with refused("Name who", "new_head"):
                self.split(home, ada, [head, son], head, new_head=named)

    def test_only_some_who_live_there_go(self, ada):
        home, head, wife, son = family()
        other = factories.member(factories.household("9"))
        for members in ([], [other], [son, other]):
            with refused("choose them again", "members"):
                self.split(home, ada, members, son)
        with refused("somebody must stay", "members"):
            self.split(home, ada, [head, wife, son], head)
        with refused("one of those who go", "head"):
            self.split(home, ada, [son], wife)
        assert Household.objects.count() == 2

    def test_a_clerk_splits_in_his_township_alone(self, clerk):
        home, _head, _wife, son = family()
        with refused("your office", "village"):
            self.split(home, clerk, [son], son, village=factories.division(FAR_VILLAGE))


class TestHead:
    def test_the_wife_is_head(self, ada):
        home, head, wife, son = family()
        households.change_head(household=home, head=wife, **by(ada))
        assert [(one.is_head, one.relation) for one in map(fresh, (head, wife, son))] == [
            (False, "spouse"),
            (True, "head"),
            (False, "son"),
        ]
        assert act("member.head-changed").subject_id == str(wife.pk)

    def test_only_somebody_who_lives_there_and_is_not_head(self, ada):
        home, head, wife, _son = family()
        Member.objects.filter(pk=wife.pk).update(state="dead", state_on=TODAY)
        for named in (wife, factories.member(factories.household("9"))):
            with refused("lives in the household", "head"):
                households.change_head(household=home, head=named, **by(ada))
        with refused("head of this household already", "head"):
            households.change_head(household=home, head=head, **by(ada))

    def test_a_clerk_in_his_township_alone(self, clerk):
        home, _head, wife, _son = family("2", factories.division(FAR_VILLAGE))
        with refused("your office"):
            households.change_head(household=home, head=wife, **by(clerk))

    def test_doubles_and_the_dead_stay_as_they_are(self, ada):
        home, _head, wife, son = family()
        Member.objects.filter(pk=son.pk).update(state="dead", state_on=TODAY)
        version = fresh(son).version
        households.change_head(household=home, head=wife, **by(ada))
        assert fresh(son).version == version


class TestEnd:
    def end(self, home, person, on=TODAY):
        households.end_household(household=home, on=on, **by(person))

    def test_nobody_is_left(self, ada):
        home = factories.household()
        gone = factories.member(home)
        with refused("Somebody lives"):
            self.end(home, ada)
        Member.objects.filter(pk=gone.pk).update(state="dead", state_on=date(2010, 2, 1))
        with refused("before 2010-02-01", "on"):
            self.end(home, ada, date(2010, 1, 31))
        self.end(home, ada)
        assert fresh(home).ended_on == TODAY
        assert act("household.ended").facts["on"] == "2010-03-01"
        with refused("has ended"):
            self.end(home, ada)

    def test_one_that_never_had_anybody(self, ada, clerk):
        home = factories.household("2", factories.division(FAR_VILLAGE))
        with refused("your office"):
            self.end(home, clerk)
        with refused("before 2008-01-01", "on"):
            self.end(home, ada, date(2007, 1, 1))


def test_the_order_of_locks_is_by_id(ada, django_assert_num_queries):
    one, other = family("1")[0], family("2")[0]
    with django_assert_num_queries(1):
        assert list(keeping.lock(other.pk, one.pk)) == [one.pk, other.pk]
    assert NOON.date() == TODAY
