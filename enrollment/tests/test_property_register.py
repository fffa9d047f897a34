"""Random histories of the register keep what must always hold."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import NOON, proof_of
from enrollment.models import Coverage, Household, Member, MemberMerge, PayeeAccount
from enrollment.services import households, members, merges, payee_accounts
from enrollment.services.identity import Entry
from enrollment.services.keeping import CannotKeep
from enrollment.tests import factories
from enrollment.tests.keeping import NEXT_VILLAGE, entry, fresh
from office import deciding
from office.models import Act, Person
from office.services import requests, rounds

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

NAMES = ("马大山", "田秀英", "单小兰", "解文")
RELATIONS = ("head", "spouse", "son", "daughter", "parent", "other")

Step = tuple[str, int, int, int]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            (
                *("household", "child", "grown", "correct", "death", "away", "back", "go", "split", "head", "move"),
                *("end", "double", "account", "vote", "vote", "withdraw"),
            )
        ),
        st.integers(0, 30),
        st.integers(0, 30),
        st.integers(0, 30),
    ),
    min_size=12,
    max_size=40,
)


class Register:
    """A clerk and a checker at work; each step is one act, done or refused."""

    def __init__(self, clerk: Person, checker: Person) -> None:
        self.clerk, self.checker = clerk, checker
        self.villages = [factories.division(), factories.division(NEXT_VILLAGE)]
        self.at: datetime = NOON
        self.done = 0

    @property
    def by(self) -> dict[str, Any]:
        return {"by": self.clerk, "at": self.at}

    @property
    def today(self) -> date:
        return self.at.date()

    def member(self, number: int) -> Member:
        found = list(Member.objects.order_by("pk"))
        return found[number % len(found)]

    def home(self, number: int) -> Household:
        found = list(Household.objects.order_by("pk"))
        return found[number % len(found)]

    def person(self, one: int, other: int, *, grown: bool) -> Entry:
        born = date(1960 + one, 1 + other % 12, 1) if grown else date(2009, 1 + one % 12, 1)
        who: dict[str, Any] = {"name": NAMES[one % len(NAMES)], "relation": RELATIONS[other % len(RELATIONS)]}
        if grown:
            return entry(**who, id_number=self.number(born, other), birth_date=None, sex="")
        return entry(**who, birth_date=born)

    @staticmethod
    def number(born: date, order: int) -> str:
        seventeen = f"640522{born:%Y%m%d}{order:03d}"
        return seventeen + factories.id_numbers.check_digit(seventeen)

    def step(self, what: str, *numbers: int) -> None:
        act: Callable[[int, int, int], object] = getattr(self, what)
        try:
            with transaction.atomic():
                act(*numbers)
        except (CannotKeep, rounds.CannotVote, rounds.CannotOpen, requests.CannotRequest):
            return
        self.done += 1

    def household(self, one: int, other: int, third: int) -> None:
        head = self.person(one, other, grown=True)
        households.add_household(village=self.villages[third % 2], head=head, on=self.today, **self.by)

    def child(self, one: int, other: int, third: int) -> None:
        who = self.person(other, third, grown=False)
        members.add_member(household=self.home(one), entry=who, joined="born", on=self.today, **self.by)

    def grown(self, one: int, other: int, third: int) -> None:
        who = self.person(other, third, grown=True)
        members.add_member(household=self.home(one), entry=who, joined="came", on=self.today, **self.by)

    def correct(self, one: int, other: int, third: int) -> None:
        who = self.member(one)
        corrected = self.person(other, third, grown=other % 2 == 0)
        members.correct_member(member=who, seen_version=who.version, entry=corrected, **self.by)

    def death(self, one: int, other: int, third: int) -> None:
        members.note_death(member=self.member(one), on=self.today, new_head=self.member(other), **self.by)

    def away(self, one: int, other: int, third: int) -> None:
        named = self.member(other)
        members.note_moved_away(member=self.member(one), on=self.today, reason="x", new_head=named, **self.by)

    def back(self, one: int, other: int, third: int) -> None:
        relation = RELATIONS[other % len(RELATIONS)]
        members.note_return(member=self.member(one), on=self.today, relation=relation, reason="x", **self.by)

    def go(self, one: int, other: int, third: int) -> None:
        members.move_member(
            member=self.member(one),
            household=self.home(other),
            relation="other",
            on=self.today,
            new_head=self.member(third),
            **self.by,
        )

    def split(self, one: int, other: int, third: int) -> None:
        head = self.member(one)
        beside = [self.member(other)] if self.member(other).household == head.household else []
        households.split_household(
            household=head.household,
            members=[head, *beside],
            head=head,
            new_head=self.member(third),
            village=self.villages[third % 2],
            on=self.today,
            **self.by,
        )

    def head(self, one: int, other: int, third: int) -> None:
        head = self.member(one)
        households.change_head(household=head.household, head=head, **self.by)

    def move(self, one: int, other: int, third: int) -> None:
        home = self.home(one)
        households.move_household(
            household=home,
            seen_version=home.version,
            village=self.villages[other % 2],
            address=str(third),
            on=self.today,
            **self.by,
        )

    def end(self, one: int, other: int, third: int) -> None:
        households.end_household(household=self.home(one), on=self.today, **self.by)

    def double(self, one: int, other: int, third: int) -> None:
        merges.propose_merge(double=self.member(one), kept=self.member(other), reason="x", **self.by)

    def account(self, one: int, other: int, third: int) -> None:
        number = f"{10_000_000 + other}"
        payee_accounts.propose(household=self.home(one), holder="x", bank="x", number=number, reason="x", **self.by)

    def vote(self, one: int, other: int, third: int) -> None:
        opened = self._asked(one)
        if opened is None:
            raise CannotKeep("nothing waits")
        rounds.vote(
            round=opened,
            choice="approve" if other % 4 else "refuse",
            reason="x",
            hash_seen=opened.subject_hash,
            by=self.checker,
            at=self.at,
            proof=proof_of(self.checker, at=self.at),
        )

    def withdraw(self, one: int, other: int, third: int) -> None:
        opened = self._asked(one)
        if opened is None:
            raise CannotKeep("nothing waits")
        requests.withdraw(asked=deciding.subject_of(opened), **self.by)

    @staticmethod
    def _asked(number: int) -> Any:
        found = list(deciding.matter_of("enrollment.membermerge").family.round.objects.filter(state="open"))
        return found[number % len(found)] if found else None


def check_heads() -> None:
    """Where somebody lives there is one head, and he lives there; nobody else is called head."""
    for home in Household.objects.all():
        living = list(home.members.living())
        heads = [one for one in living if one.is_head]
        assert len(heads) == (1 if living else 0), home
        assert all((one.relation == "head") == one.is_head for one in living), home
        assert home.ended_on is None or not living, home


def check_numbers() -> None:
    """A number is one person's, a household's number one household's."""
    numbers = [one.id_number for one in Member.objects.exclude(state="merged") if one.id_number]
    assert len(numbers) == len(set(numbers))
    assert Household.objects.count() == len(set(Household.objects.values_list("number", flat=True)))


def check_doubles() -> None:
    """A double points to a record that is none."""
    for one in Member.objects.filter(state="merged").select_related("merged_into"):
        assert one.merged_into is not None
        assert one.merged_into.state != "merged"
        assert not one.is_head
        assert MemberMerge.objects.filter(double=one, kept=one.merged_into, state="merged").exists()


def check_accounts() -> None:
    """A household has one account in force at most, and one change at most."""
    for state in ("confirmed", "proposed"):
        found = list(PayeeAccount.objects.filter(state=state).values_list("household", flat=True))
        assert len(found) == len(set(found))


def check_coverage() -> None:
    """Who died or moved away is not covered on the next day. (That households are whole: test_property_coverage.py.)"""
    for one in Coverage.objects.standing().select_related("member"):
        since = one.member.state_on
        if one.member.state in {"dead", "moved_away"} and since is not None:
            assert one.period.upper <= since + timedelta(days=1)


#: What holds after every step; what coverage promises of whole households joins here.
CHECKS = [check_heads, check_numbers, check_doubles, check_accounts, check_coverage]


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(steps=STEPS)
def test_whatever_happens(ada, ben, steps):
    with transaction.atomic():
        register = Register(ada, ben)
        year = factories.fund_year()
        for home in ("1", "2"):
            first = factories.member(factories.household(home))
            factories.member(first.household, "马小宝", date(2005, 1, 1), relation="son", id_number=None)
        for one in Member.objects.all():
            factories.pay(one, year)
        counted = (0, 0, 0, 0)
        for step in steps:
            register.at += timedelta(days=1)
            before = (Member.objects.in_bulk(), Household.objects.in_bulk())
            register.step(*step)
            for check in CHECKS:
                check()
            now = (Member.objects.count(), Household.objects.count(), Coverage.objects.count(), Act.objects.count())
            assert all(after >= earlier for after, earlier in zip(now, counted, strict=True)), "nothing is deleted"
            counted = now
            for one in [*before[0].values(), *before[1].values()]:
                assert fresh(one).version >= one.version
        transaction.set_rollback(True)
