"""Two people at the same moment: no change is lost, nobody is enrolled, paid or named twice, and who was later is told.

The overlap is forced by a barrier between the look and the writing. With the locks nobody meets anybody there. The
negative control takes the locks out, and the constraint of the database where there is one, and must then find the
harm.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import partial

import pytest

from enrollment.models import HouseholdException, Member, MemberMerge, PayeeAccount
from enrollment.services import (
    accounts,
    contributions,
    coverage,
    households,
    keeping,
    members,
    merges,
    payee_accounts,
    sheets,
)
from enrollment.services.identity import Entry
from enrollment.services.sheets import Paid
from enrollment.tests import factories
from enrollment.tests.keeping import ID, TODAY, fresh
from enrollment.tests.races import PATIENCE, REFUSALS, Doing, Place, at_once, lost, meeting, unguarded
from enrollment.tests.rosters import number
from office import trail

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("in_english")]


@pytest.fixture
def place(appoint) -> Place:
    return Place(appoint)


def newcomer() -> Entry:
    """A man whose number tells everything else."""
    return Entry(name="马二", id_number=ID)


class Race:
    """Two acts, where they would meet, what must not come of them, and what else keeps them apart."""

    at: tuple[object, str] = (trail, "record")
    others: tuple[tuple[object, str], ...] = ()  # where the other one is met, if not there
    guards: tuple[str, ...] = ()
    told = 1  # how many are refused, at least

    def acts(self, place: Place) -> list[Doing]:
        raise NotImplementedError

    def wrong(self, place: Place) -> str:
        """What is wrong afterwards; nothing, if all is well."""
        raise NotImplementedError


class MoveAndDeath(Race):
    at = (keeping, "touch")
    told = 0  # whoever has moved may die afterwards

    def acts(self, place):
        move = {"household": place.second, "relation": "other", "on": TODAY}
        return place.acts(
            partial(members.move_member, member=place.son, **move),
            partial(members.note_death, member=place.son, on=TODAY),
        )

    def wrong(self, place):
        return lost(place, place.son)


class TwoMoves(Race):
    at = (keeping, "touch")
    told = 0

    def acts(self, place):
        return place.acts(
            *(
                partial(members.move_member, member=place.son, household=home, relation="other", on=TODAY)
                for home in (place.second, place.empty)
            )
        )

    def wrong(self, place):
        return lost(place, place.son)


class TwoHeads(Race):
    at = (keeping, "name_head")
    told = 0

    def acts(self, place):
        return place.acts(
            *(partial(households.change_head, household=place.home, head=one) for one in (place.wife, place.son))
        )

    def wrong(self, place):
        heads = Member.objects.living().filter(household=place.home, is_head=True).count()
        return lost(place, place.head, place.wife, place.son) or ("" if heads == 1 else f"{heads} heads")


class ComesAndEnds(Race):
    def acts(self, place):
        return place.acts(
            partial(households.end_household, household=place.empty, on=TODAY),
            partial(members.add_member, household=place.empty, entry=newcomer(), joined="came", on=TODAY),
        )

    def wrong(self, place):
        lived_in = Member.objects.living().filter(household=place.empty).exists()
        return "somebody lives in what has ended" if lived_in and fresh(place.empty).ended_on else ""


class OneNumberTwice(Race):
    guards = ("member_id_number_is_one_persons",)

    def acts(self, place):
        added = partial(members.add_member, entry=newcomer(), joined="came", on=TODAY)
        return place.acts(*(partial(added, household=home) for home in (place.home, place.second)))

    def wrong(self, place):
        return "" if Member.objects.filter(id_number=ID).count() == 1 else "two people of one number"


class ChainOfDoubles(Race):
    def acts(self, place):
        return place.acts(
            partial(merges.propose_merge, double=place.double, kept=place.son, reason="x"),
            partial(merges.propose_merge, double=place.son, kept=place.uncle, reason="x"),
        )

    def wrong(self, place):
        asked = MemberMerge.objects.filter(state="proposed")
        return "a chain" if asked.filter(double__in=asked.values("kept")).exists() else ""


class OneDoubleOfTwo(Race):
    guards = ("merge_one_at_a_time",)

    def acts(self, place):
        return place.acts(
            *(
                partial(merges.propose_merge, double=place.double, kept=kept, reason="x")
                for kept in (place.son, place.wife)
            )
        )

    def wrong(self, place):
        return "" if MemberMerge.objects.filter(double=place.double, state="proposed").count() == 1 else "two at a time"


class TwoPayeeChanges(Race):
    guards = ("payee_account_one_change_at_a_time",)

    def acts(self, place):
        asked = partial(payee_accounts.propose, household=place.home, holder="马大山", bank="信用社", reason="x")
        return place.acts(*(partial(asked, number=number) for number in ("12345678", "87654321")))

    def wrong(self, place):
        return "" if PayeeAccount.objects.filter(state="proposed").count() == 1 else "two changes"


class TwoSchemes(Race):
    at = (coverage, "first_day_of")
    guards = ("coverages_of_basic_schemes_never_overlap",)

    def acts(self, place):
        opened = [factories.sheet(year, number=f"S{year.pk}") for year in (place.year, place.other)]
        paid = partial(sheets.enter, household=place.home, paid=[Paid(place.wife.pk)], on=date(2009, 11, 1))
        return place.acts(*(partial(paid, sheet=sheet) for sheet in opened))

    def wrong(self, place):
        return "" if place.wife.coverages.standing().count() == 1 else "insured twice"


class PaidTwice(Race):
    at = (coverage, "first_day_of")
    guards = ("contribution_once_a_year", "coverages_of_basic_schemes_never_overlap", "coverage_paid_once_a_year")

    def acts(self, place):
        opened = [factories.sheet(place.year, number=number) for number in ("S1", "S2")]
        paid = partial(sheets.enter, household=place.home, paid=[Paid(place.wife.pk)], on=date(2009, 11, 1))
        return place.acts(*(partial(paid, sheet=sheet) for sheet in opened))

    def wrong(self, place):
        return "" if place.wife.contributions.filter(void_reason="").count() == 1 else "paid twice"


class NewbornTwice(Race):
    at = (coverage, "_write")
    guards = ("coverages_of_basic_schemes_never_overlap",)

    def acts(self, place):
        factories.pay(place.wife, place.year)
        return place.acts(*[partial(coverage.cover_newborn, member=place.baby, fund_year=place.year)] * 2)

    def wrong(self, place):
        return "" if place.baby.coverages.standing().count() == 1 else "insured twice"


class DiesAndPays(Race):
    """Whoever is dead is not insured any more, however near it was.

    They meet when both have looked: the one whose coverages end, the other who lives and pays.
    """

    at = (contributions, "cover_together")
    others = ((trail, "record"),)
    told = 0

    def acts(self, place):
        paid = {"sheet": factories.sheet(place.year), "paid": [Paid(place.wife.pk)], "on": date(2009, 11, 1)}
        return place.acts(
            partial(members.note_death, member=place.wife, on=TODAY),
            partial(sheets.enter, household=place.home, **paid),
        )

    def wrong(self, place):
        after = place.wife.coverages.standing().filter(period__contains=date(2010, 4, 1))
        return "insured after death" if after.exists() else ""


class ExceptedTwice(Race):
    guards = ("exception_once",)

    def acts(self, place):
        return place.acts(*[partial(coverage.note_exception, member=place.wife, fund_year=place.year, reason="x")] * 2)

    def wrong(self, place):
        return "" if HouseholdException.objects.standing().count() == 1 else "excepted twice"


class OneClaimTwice(Race):
    at = (accounts, "_book")
    told = 0  # both are given the same entry
    guards = ("account_entry_once_for_a_reference", "enrollment_accountentry.entry_adds_up")

    def acts(self, place):
        used = {"account": place.account, "amount": Decimal(10), "on": TODAY, "reference": "claim 7"}
        return place.acts(*[partial(accounts.debit, **used)] * 2)

    def wrong(self, place):
        place.account.refresh_from_db()
        booked = place.account.entries.filter(kind="debit").count()
        return "" if (booked, place.account.balance) == (1, 20) else f"booked {booked} times"


RACES = [
    MoveAndDeath, TwoMoves, TwoHeads, ComesAndEnds, OneNumberTwice, ChainOfDoubles, OneDoubleOfTwo, TwoPayeeChanges,
    TwoSchemes, PaidTwice, NewbornTwice, DiesAndPays, ExceptedTwice, OneClaimTwice,
]  # fmt: skip


@pytest.mark.parametrize("race", RACES)
class TestTwoAtOnce:
    def test_nothing_goes_wrong_and_the_later_one_is_told(self, place, monkeypatch, race):
        run: Race = race()
        meeting(monkeypatch, *run.at, PATIENCE, *run.others)
        came, refused = at_once(*run.acts(place))
        assert run.wrong(place) == ""
        assert [one for one in refused if not isinstance(one, REFUSALS)] == []
        assert len(refused) >= run.told
        assert len(came) + len(refused) == 2

    def test_without_locks_and_guards_it_goes_wrong(self, place, monkeypatch, race):
        """The negative control."""
        run: Race = race()
        acts = run.acts(place)
        with monkeypatch.context() as patched, unguarded(patched, *run.guards):
            meeting(patched, *run.at, 10, *run.others)
            _came, refused = at_once(*acts)
            assert run.wrong(place) != "", refused


@pytest.mark.parametrize("race", [one for one in RACES if one.guards])
def test_without_locks_the_database_alone_keeps_them_apart(place, monkeypatch, race):
    run: Race = race()
    acts = run.acts(place)
    with monkeypatch.context() as patched, unguarded(patched):
        meeting(patched, *run.at, PATIENCE, *run.others)
        _came, refused = at_once(*acts)
        assert (run.wrong(place), len(refused)) == ("", 1)


class TestWithoutAnyHarm:
    """Where the lock alone spares the later one a refusal, the control is that without it he is refused."""

    def numbers(self, place) -> tuple[list[object], list[Exception]]:
        given = {"village": place.home.village, "on": TODAY}
        heads = [Entry(name=f"马{one}", id_number=number(order)) for order, one in enumerate("甲乙")]
        return at_once(*place.acts(*(partial(households.add_household, head=one, **given) for one in heads)))

    def test_two_households_of_a_village_get_two_numbers(self, place, monkeypatch):
        meeting(monkeypatch, households, "_next_number", PATIENCE)
        came, refused = self.numbers(place)
        assert (len({one.number for one in came}), refused) == (2, [])

    def test_without_the_lock_of_the_village_one_of_them_gets_none(self, place, monkeypatch):
        meeting(monkeypatch, keeping, "refusing", 10)
        with monkeypatch.context() as patched, unguarded(patched):
            came, refused = self.numbers(place)
        assert (len(came), [type(one) for one in refused]) == (1, [keeping.CannotKeep])
