"""Members come, are corrected, die, move away, return and move: what is done, and what is refused."""

from __future__ import annotations

from datetime import date

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from enrollment.models import Member
from enrollment.services import members
from enrollment.services.identity import Entry
from enrollment.services.keeping import CannotKeep
from enrollment.tests import factories
from enrollment.tests.keeping import FAR_VILLAGE, ID, OLD_ID, TODAY, act, by, entry, family, fresh, station
from office.models import Duty
from office.stale import Stale

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

YESTERDAY = date(2010, 2, 28)


@pytest.fixture
def clerk(appoint):
    """Keeps the register of one township, at its station."""
    return appoint("lan", Duty.TOWNSHIP_CLERK, body=station())


def refused(words: str = "", field: str | None = None):
    return pytest.raises(CannotKeep, match=words, check=lambda refusal: field is None or refusal.field == field)


def away(member: Member, state: str = "moved_away") -> None:
    """Somebody who is not there any more."""
    Member.objects.filter(pk=member.pk).update(state=state, state_on=YESTERDAY)


def double(member: Member, of: Member) -> Member:
    """Somebody whom two people have found to be another one's double."""
    factories.merge(member, of)
    return fresh(member)


class TestAdd:
    def add(self, home, person, **more):
        given = {"entry": entry(), "joined": "born", "on": TODAY, **more}
        return members.add_member(household=home, **given, **by(person))

    def test_a_newborn(self, ada):
        home, head, _wife, _son = family()
        added = self.add(home, ada)
        assert (added.household, added.is_head, added.relation, added.id_number) == (home, False, "son", None)
        assert added.search_keys == ["mx", "mxb"]
        assert fresh(head).is_head
        assert act("member.added").facts["joined"] == "born"

    def test_nobody_becomes_head_by_a_relation(self, ada):
        assert self.add(family()[0], ada, entry=entry(relation="head")).relation == "other"

    def test_where_nobody_lives_he_is_head(self, ada):
        home = factories.household()
        gone = factories.member(home)
        away(gone, "dead")
        added = fresh(self.add(home, ada, entry=entry(name="马二", id_number=ID, birth_date=None, sex="")))
        assert (added.is_head, added.relation, fresh(gone).is_head) == (True, "head", False)

    def test_a_number_is_one_persons(self, ada):
        home = family()[0]
        self.add(home, ada, entry=entry(id_number=ID, birth_date=None))
        with refused("马小宝 of household 0001", "id_number"):
            self.add(home, ada, entry=entry(id_number=OLD_ID, birth_date=None))
        assert home.members.count() == 4

    def test_whose_number_it_is_in_another_township_is_not_told(self, clerk):
        far = family("2", factories.division(FAR_VILLAGE))[1]
        with refused("^Somebody in another township", "id_number"):
            self.add(family()[0], clerk, entry=entry(id_number=far.id_number, birth_date=None, sex=""), on=TODAY)

    def test_the_number_of_a_double_is_that_of_the_one_who_is_kept(self, ada):
        home, head, wife, _son = family()
        double(factories.member(home, id_number=ID), wife)
        with refused("^田秀英 of household 0001", "id_number"):
            self.add(home, ada, entry=entry(id_number=ID, birth_date=None))
        with refused("^田秀英 of household 0001", "id_number"):
            members.correct_member(
                member=head, seen_version=1, entry=entry(name=head.name, id_number=ID, birth_date=None), **by(ada)
            )
        taken = Entry(name=wife.name, id_number=ID)
        assert members.correct_member(member=wife, seen_version=1, entry=taken, **by(ada)).id_number == ID

    def test_not_before_the_birth_nor_to_come(self, ada):
        with refused("before 2009-12-01", "on"):
            self.add(family()[0], ada, on=date(2009, 11, 30))
        with refused("not come", "on"):
            self.add(family("2")[0], ada, on=date(2010, 3, 2))

    def test_not_into_a_household_that_has_ended(self, ada):
        with refused("has ended"):
            self.add(factories.household(ended_on=TODAY), ada)

    def test_a_clerk_in_his_township_alone(self, clerk):
        self.add(family()[0], clerk)
        with refused("your office"):
            self.add(family("2", factories.division(FAR_VILLAGE))[0], clerk)


class TestCorrect:
    def correct(self, member, person, **more):
        known = {
            "name": member.name,
            "id_number": None,
            "sex": member.sex,
            "birth_date": member.birth_date,
            "relation": member.relation,
            "category": member.category,
        }
        seen = more.pop("seen_version", member.version)
        return members.correct_member(member=member, seen_version=seen, entry=Entry(**{**known, **more}), **by(person))

    def test_name_and_number(self, ada):
        son = family()[3]
        found = self.correct(son, ada, name="单小山", id_number=ID, birth_date=None, category="student")
        assert (found.name, found.id_number, found.birth_date) == ("单小山", ID, date(1974, 5, 6))
        assert {"sx", "sxs"} <= set(fresh(son).search_keys)
        done = act("member.corrected")
        assert done.facts["changed"] == "name search_keys id_number birth_date category"
        assert ID not in str(done.facts)

    def test_a_number_is_taken_away_or_stays(self, ada):
        wife = family()[2]
        assert self.correct(wife, ada, relation="other").id_number == wife.id_number
        young = factories.member(wife.household, "小小", date(2009, 1, 1))
        assert self.correct(young, ada, id_number="").id_number is None

    def test_an_old_number_stays_as_given(self, ada):
        old = factories.member(id_number=ID, id_given=OLD_ID, born=date(1974, 5, 6), sex="M")
        self.correct(old, ada, name="马新名")
        assert fresh(old).id_given == OLD_ID

    def test_the_same_again_is_no_change(self, ada):
        son = family()[3]
        Member.objects.filter(pk=son.pk).update(search_keys=["mx", "mxs"])
        found = self.correct(fresh(son), ada)
        assert found.version == son.version
        assert not Member.objects.filter(version__gt=1).exists()

    def test_the_head_stays_head(self, ada):
        head = family()[1]
        assert self.correct(head, ada, name="马二山", relation="son").relation == "head"

    def test_not_over_what_somebody_else_changed(self, ada):
        son = family()[3]
        self.correct(son, ada, name="马新名")
        with pytest.raises(Stale):
            self.correct(son, ada, name="马别名")

    def test_not_with_somebody_elses_number(self, ada):
        _home, head, wife, _son = family()
        with refused("马大山 of household", "id_number"):
            self.correct(wife, ada, id_number=head.id_number, birth_date=None, sex="")

    def test_not_born_after_the_death(self, ada):
        son = family()[3]
        away(son, "dead")
        with refused("after 2010-02-28", "birth_date"):
            self.correct(fresh(son), ada, birth_date=date(2010, 3, 1))
        self.correct(fresh(son), ada, name="马小石")

    def test_a_double_is_left_alone(self, ada):
        home, head, _wife, _son = family()
        with refused("is a double"):
            self.correct(double(factories.member(home), head), ada)

    def test_a_clerk_in_his_township_alone(self, clerk):
        with refused("your office"):
            self.correct(family("2", factories.division(FAR_VILLAGE))[3], clerk, name="x")


class TestDeath:
    def die(self, member, person, **more):
        members.note_death(member=member, **{"on": YESTERDAY, **more}, **by(person))

    def test_coverage_ends_on_the_day_itself(self, ada):
        son = family()[3]
        covered = factories.pay(son, factories.fund_year())
        self.die(son, ada, reason="病故")
        assert (fresh(son).state, fresh(son).state_on, fresh(son).state_reason) == ("dead", YESTERDAY, "病故")
        found = fresh(covered)
        assert found.period == DateRange(date(2010, 1, 1), TODAY)
        assert found.ended_because == "dead"
        assert act("member.died").reason == "病故"
        assert act("coverage.ended").facts["coverage"] == covered.pk

    def test_coverage_that_has_not_begun_becomes_void_and_what_is_over_stays(self, ada):
        son = family()[3]
        before = factories.pay(son, factories.fund_year(year=2009))
        later = factories.pay(son, factories.fund_year(year=2010))
        self.die(son, ada, on=date(2009, 12, 31))
        assert (fresh(before).ended_because, fresh(before).void_reason) == ("", "")
        assert "died" in fresh(later).void_reason
        assert act("coverage.voided").facts["coverage"] == later.pk

    def test_when_the_head_dies_somebody_else_is_named(self, ada):
        home, head, wife, son = family()
        for named in (None, head, factories.member(factories.household("9"))):
            with refused("Name who", "new_head"):
                self.die(head, ada, new_head=named)
        assert fresh(head).state == "living"
        self.die(head, ada, new_head=wife)
        assert [(one.is_head, one.relation) for one in map(fresh, (head, wife, son))] == [
            (False, "spouse"),
            (True, "head"),
            (False, "son"),
        ]
        assert home.members.living().get(is_head=True) == wife

    def test_the_last_one_stays_head_in_name(self, ada):
        alone = factories.member()
        self.die(alone, ada)
        assert (fresh(alone).is_head, fresh(alone).state) == (True, "dead")

    def test_once_and_not_before_the_birth(self, ada):
        son = family()[3]
        with refused("before 1998-03-03", "on"):
            self.die(son, ada, on=date(1998, 3, 2))
        with refused("not come", "on"):
            self.die(son, ada, on=date(2010, 3, 2))
        self.die(son, ada)
        with refused("dead"):
            self.die(son, ada)

    def test_who_moved_away_dies_elsewhere(self, ada):
        son = family()[3]
        away(son)
        with refused("before 2010-02-28", "on"):
            self.die(son, ada, on=date(2010, 2, 27))
        self.die(son, ada, on=TODAY)
        assert fresh(son).state == "dead"

    def test_a_double_is_left_alone(self, ada):
        home, head, _wife, _son = family()
        found = double(factories.member(home), head)
        with refused("is a double"):
            self.die(found, ada)

    def test_a_clerk_in_his_township_alone(self, clerk):
        with refused("your office"):
            self.die(family("2", factories.division(FAR_VILLAGE))[3], clerk)


class TestAway:
    def leave(self, member, person, **more):
        members.note_moved_away(member=member, **{"on": YESTERDAY, "reason": "迁往银川", **more}, **by(person))

    def test_coverage_ends(self, ada):
        son = family()[3]
        covered = factories.pay(son, factories.fund_year())
        self.leave(son, ada)
        assert (fresh(son).state, fresh(covered).ended_because) == ("moved_away", "moved_away")
        assert act("member.left").reason == "迁往银川"
        with refused("moved away"):
            self.leave(son, ada)

    def test_the_head_goes(self, ada):
        _home, head, _wife, son = family()
        self.leave(head, ada, new_head=son)
        assert (fresh(son).is_head, fresh(head).is_head, fresh(head).relation) == (True, False, "parent")


class TestReturn:
    def come(self, member, person, **more):
        given = {"on": TODAY, "relation": "son", "reason": "返乡", **more}
        members.note_return(member=member, **given, **by(person))

    def test_he_is_back(self, ada):
        son = family()[3]
        away(son)
        self.come(son, ada, relation="other")
        assert (fresh(son).state, fresh(son).state_on, fresh(son).relation) == ("living", TODAY, "other")
        assert act("member.returned").facts["before"] == "moved_away"

    def test_it_was_another_one_who_died(self, ada):
        son = family()[3]
        away(son, "dead")
        self.come(son, ada)
        assert fresh(son).state == "living"

    def test_who_was_head_comes_back_under_the_new_one(self, ada):
        _home, head, wife, _son = family()
        members.note_moved_away(member=head, on=YESTERDAY, reason="x", new_head=wife, **by(ada))
        self.come(head, ada, relation="spouse")
        assert (fresh(head).is_head, fresh(wife).is_head) == (False, True)

    def test_into_an_ended_household_he_comes_as_its_head(self, ada):
        home = factories.household()
        alone, other = factories.member(home), factories.member(home, is_head=False)
        away(alone)
        away(other)
        home.ended_on = TODAY
        home.save()
        self.come(other, ada)
        assert (fresh(home).ended_on, fresh(other).is_head, fresh(other).relation) == (None, True, "head")
        assert not fresh(alone).is_head

    def test_only_who_was_away(self, ada):
        home, head, _wife, son = family()
        with refused("lives here already"):
            self.come(son, ada)
        away(son)
        with refused("before 2010-02-28", "on"):
            self.come(son, ada, on=date(2010, 2, 27))
        with refused("is a double"):
            self.come(double(factories.member(home), head), ada)

    def test_a_clerk_in_his_township_alone(self, clerk):
        with refused("your office"):
            self.come(family("2", factories.division(FAR_VILLAGE))[3], clerk)


class TestMove:
    def move(self, member, to, person, **more):
        given = {"relation": "spouse", "on": TODAY, **more}
        members.move_member(member=member, household=to, **given, **by(person))

    def test_a_daughter_marries(self, ada):
        home, target = family("1")[0], family("2")[0]
        daughter = factories.member(home, "马小红", relation="daughter")
        covered = factories.pay(daughter, factories.fund_year())
        self.move(daughter, target, ada, relation="daughter_in_law")
        found = fresh(daughter)
        assert (found.household, found.relation, found.is_head) == (target, "daughter_in_law", False)
        assert fresh(covered).ended_because == ""
        assert act("member.moved").facts["household"] == f"enrollment.household:{target.pk}"

    def test_the_head_goes_and_names_another(self, ada):
        _home, head, wife, _son = family("1")
        target = family("2")[0]
        with refused("Name who", "new_head"):
            self.move(head, target, ada)
        self.move(head, target, ada, new_head=wife)
        assert (fresh(wife).is_head, fresh(head).is_head) == (True, False)

    def test_into_an_empty_household_as_its_head(self, ada):
        son = family("1")[3]
        target = factories.household("2")
        self.move(son, target, ada)
        assert (fresh(son).is_head, fresh(son).relation) == (True, "head")

    def test_not_where_he_is_nor_into_what_has_ended_nor_before_it_was_there(self, ada):
        home, _head, _wife, son = family("1")
        with refused("belongs to this household already", "household"):
            self.move(son, home, ada)
        with refused("has ended"):
            self.move(son, factories.household("2", ended_on=TODAY), ada)
        with refused("before 2010-02-01", "on"):
            self.move(son, factories.household("3", registered_on=date(2010, 2, 1)), ada, on=date(2010, 1, 31))

    def test_only_who_lives_there(self, ada):
        son = family("1")[3]
        away(son)
        with refused("moved away"):
            self.move(son, family("2")[0], ada)

    def test_somebody_else_was_faster(self, ada, monkeypatch):
        """He comes to another household between the look at his own and its lock."""
        son = family("1")[3]
        target, third = family("2")[0], factories.household("3")
        lock = members.keeping.lock

        def late(*households):
            found = lock(*households)
            Member.objects.filter(pk=son.pk).update(household=third)
            return found

        monkeypatch.setattr(members.keeping, "lock", late)
        with refused("another household meanwhile"):
            self.move(son, target, ada)

    def test_a_clerk_moves_nobody_out_of_sight(self, clerk):
        son, far = family("1")[3], family("2", factories.division(FAR_VILLAGE))[0]
        with refused("your office", "village"):
            self.move(son, far, clerk)
