"""Two people at the same moment: no change is lost, nobody is enrolled, paid or named twice, and who was later is told.

The overlap is forced by a barrier between the look and the writing. With the locks nobody meets anybody there. The
negative control takes the locks out, and the constraint of the database where there is one, and must then find the
harm.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connections
from django.db.models import QuerySet

from conftest import NOON
from enrollment.models import (
    AccountEntry,
    Coverage,
    FundYear,
    GoLiveProtocol,
    Household,
    HouseholdException,
    Member,
    MemberMerge,
    PayeeAccount,
    RosterImport,
)
from enrollment.services import (
    accounts,
    coverage,
    go_live,
    go_live_jobs,
    households,
    keeping,
    members,
    merges,
    payee_accounts,
    rosters,
)
from enrollment.services.identity import Entry
from enrollment.tests import factories
from enrollment.tests.keeping import ID, TODAY, family, fresh
from enrollment.tests.rosters import Send, line, number
from enrollment.tests.rosters import fund_year as roster_year
from office import deciding, jobs, trail
from office.models import Act, Duty, Job, Person
from office.services import requests, rounds
from office.tests.factories import shown_by
from tests import restore, servers

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("in_english")]

PATIENCE = 0.4  # seconds to wait for somebody who is held by a lock
Doing = Callable[[], object]
REFUSALS = (
    keeping.CannotKeep,
    coverage.CannotCover,
    coverage.CannotExcept,
    accounts.CannotDebit,
    rosters.CannotImport,
    go_live.CannotBring,
    rounds.CannotVote,
    requests.CannotRequest,
)


class Place:
    """Two households of a village, and two clerks of the county."""

    def __init__(self, appoint) -> None:
        clerks = [appoint(name, Duty.TOWNSHIP_CLERK) for name in ("ada", "amy")]
        self.by = [{"by": clerk, "at": NOON} for clerk in clerks]
        self.year = factories.fund_year()
        self.other = factories.fund_year(factories.scheme("residents", insures="person"))
        self.home, self.head, self.wife, self.son = family("1")
        self.second, self.uncle, *_others = family("2")
        self.empty = factories.household("3")
        self.double = factories.member(self.second, self.son.name, self.son.birth_date, id_number=None, sex="M")
        self.baby = factories.member(self.home, "马宝", date(2010, 2, 1), category="newborn", id_number=None)
        self.account = accounts.account_of(scheme=factories.scheme("accounted", account="household"), owner=self.home)
        AccountEntry.objects.create(
            account=self.account, kind="credit", amount=30, balance_after=30, reference="2010", on=TODAY, **self.by[0]
        )

    def acts(self, *doing: Callable[..., object]) -> list[Doing]:
        """Each act by a person of his own."""
        return [partial(one, **by) for one, by in zip(doing, self.by, strict=True)]


@pytest.fixture
def place(appoint) -> Place:
    return Place(appoint)


def at_once(*acts: Doing) -> tuple[list[object], list[Exception]]:
    """Everything at the same moment: what came of it, and what was refused."""
    ready = threading.Barrier(len(acts))
    came: list[object] = []
    refused: list[Exception] = []

    def go(act: Doing) -> None:
        try:
            ready.wait(20)
            came.append(act())
        except (*REFUSALS, DatabaseError) as refusal:
            refused.append(refusal)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=go, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return came, refused


def meeting(patched: pytest.MonkeyPatch, module: object, name: str, patience: float) -> None:
    """Whoever comes to a function for the first time waits there for the other one."""
    met = threading.Barrier(2)
    been = threading.local()
    plain = getattr(module, name)

    def late(*words: Any, **more: Any) -> Any:
        if not getattr(been, "here", False):
            been.here = True
            with contextlib.suppress(threading.BrokenBarrierError):
                met.wait(patience)
        return plain(*words, **more)

    patched.setattr(module, name, late)


@contextlib.contextmanager
def unguarded(patched: pytest.MonkeyPatch, *constraints: str) -> Iterator[None]:
    """The same house without any lock on rows, and without some constraints of its database."""
    patched.setattr(QuerySet, "select_for_update", lambda self, *how, **more: self.all())
    with psycopg.connect(servers.owner_dsn(connections["default"].settings_dict["NAME"]), autocommit=True) as owner:
        back = [_take_out(owner, name) for name in constraints]
        try:
            yield
        finally:
            restore.restore()
            for words in back:
                owner.execute(words)


def _take_out(owner: psycopg.Connection[Any], name: str) -> str:
    """Take a constraint, or a table's trigger, out; the words that put it back."""
    table, _dot, trigger = name.partition(".")
    if trigger:
        owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")
        return f"ALTER TABLE {table} ENABLE TRIGGER {trigger}"
    found = owner.execute(
        "SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s", [name]
    ).fetchone()
    if found is None:
        (made,) = owner.execute("SELECT indexdef FROM pg_indexes WHERE indexname = %s", [name]).fetchone() or ("",)
        owner.execute(f"DROP INDEX {name}")
        return str(made)
    owner.execute(f"ALTER TABLE {found[0]} DROP CONSTRAINT {name}")
    return f"ALTER TABLE {found[0]} ADD CONSTRAINT {name} {found[1]}"


def newcomer() -> Entry:
    """A man whose number tells everything else."""
    return Entry(name="马二", id_number=ID)


class Race:
    """Two acts, where they would meet, what must not come of them, and what else keeps them apart."""

    at: tuple[object, str] = (trail, "record")
    guards: tuple[str, ...] = ()
    told = 1  # how many are refused, at least

    def acts(self, place: Place) -> list[Doing]:
        raise NotImplementedError

    def wrong(self, place: Place) -> str:
        """What is wrong afterwards; nothing, if all is well."""
        raise NotImplementedError


def lost(place: Place, *people: Member) -> str:
    """Whether a change of somebody was written over another one: each change counts one version further."""
    for one in people:
        changes = Member.pgh_event_model.objects.filter(pgh_obj_id=one.pk).count() - 1
        if fresh(one).version != 1 + changes:
            return "lost a change"
    return ""


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
    at = (coverage, "_write")
    guards = ("coverages_of_basic_schemes_never_overlap",)

    def acts(self, place):
        paid = partial(coverage.note_contribution, member=place.wife, own=Decimal(20), on=date(2009, 11, 1))
        return place.acts(*(partial(paid, fund_year=year) for year in (place.year, place.other)))

    def wrong(self, place):
        return "" if place.wife.coverages.standing().count() == 1 else "insured twice"


class PaidTwice(Race):
    at = (coverage, "_write")
    guards = ("contribution_once_a_year", "coverages_of_basic_schemes_never_overlap")

    def acts(self, place):
        paid = partial(coverage.note_contribution, member=place.wife, own=Decimal(20), on=date(2009, 11, 1))
        return place.acts(*[partial(paid, fund_year=place.year)] * 2)

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
    """Whoever is dead is not insured any more, however near it was."""

    at = (keeping, "refuse_unseen")
    told = 0

    def acts(self, place):
        paid = {"fund_year": place.year, "own": Decimal(20), "on": date(2009, 11, 1)}
        return place.acts(
            partial(members.note_death, member=place.wife, on=TODAY),
            partial(coverage.note_contribution, member=place.wife, **paid),
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
        meeting(monkeypatch, *run.at, PATIENCE)
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
            meeting(patched, *run.at, 10)
            _came, refused = at_once(*acts)
            assert run.wrong(place) != "", refused


@pytest.mark.parametrize("race", [one for one in RACES if one.guards])
def test_without_locks_the_database_alone_keeps_them_apart(place, monkeypatch, race):
    run: Race = race()
    acts = run.acts(place)
    with monkeypatch.context() as patched, unguarded(patched):
        meeting(patched, *run.at, PATIENCE)
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


class TestDecisions:
    """Rounds over what the register asks two people for."""

    @pytest.fixture
    def voters(self, appoint) -> list[Person]:
        return [appoint(name, Duty.FIRST_CHECKER) for name in ("ben", "bob")]

    def vote(self, asked, voter: Person) -> Doing:
        opened = deciding.rounds_of(asked).get()
        given = {"round": opened, "choice": "approve", "hash_seen": opened.subject_hash, "reason": "x"}
        return partial(rounds.vote, by=voter, at=NOON, proof=shown_by(voter), **given)

    def payee(self, place, number: str = "12345678") -> PayeeAccount:
        words: dict[str, Any] = {"holder": "马大山", "bank": "信用社", "number": number, "reason": "x"}
        return payee_accounts.propose(household=place.home, **words, **place.by[0])

    def test_an_account_is_confirmed_once(self, place, voters):
        asked = self.payee(place)
        _came, refused = at_once(*(self.vote(asked, one) for one in voters))
        assert [type(one) for one in refused] == [rounds.CannotVote]
        assert fresh(asked).state == "confirmed"
        assert Act.objects.filter(name="payee-account.confirmed").count() == 1

    def test_an_account_is_confirmed_or_taken_back(self, place, voters):
        asked = self.payee(place)
        take_back = partial(requests.withdraw, asked=asked, **place.by[0])
        _came, refused = at_once(self.vote(asked, voters[0]), take_back)
        assert len(refused) == 1
        done = Act.objects.filter(name="payee-account.confirmed").count()
        assert (fresh(asked).state, done) in {("confirmed", 1), ("withdrawn", 0)}

    def test_two_doubles_of_one_record_are_merged_side_by_side(self, place, voters):
        third = factories.member(place.second, place.son.name, place.son.birth_date, id_number=None, sex="M")
        asked = [
            merges.propose_merge(double=one, kept=place.son, reason="x", **place.by[0]) for one in (place.double, third)
        ]
        _came, refused = at_once(*(self.vote(*pair) for pair in zip(asked, voters, strict=True)))
        assert refused == []
        assert set(place.son.doubles.all()) == {place.double, third}

    def test_a_double_dies_or_is_merged_and_no_change_is_lost(self, place, voters, monkeypatch):
        asked = merges.propose_merge(double=place.double, kept=place.son, reason="x", **place.by[0])
        meeting(monkeypatch, keeping, "touch", PATIENCE)
        at_once(self.vote(asked, voters[0]), partial(members.note_death, member=place.double, on=TODAY, **place.by[1]))
        found = fresh(place.double)
        assert (found.state, fresh(asked).state) in {("merged", "merged"), ("dead", "proposed")}
        assert lost(place, place.double) == ""


class TestImports:
    """Two rosters at once, of one year and of two."""

    @pytest.fixture
    def send(self, tmp_path, county, ada) -> Send:
        factories.division()
        return Send(tmp_path, roster_year(), ada)

    def importing(self, send: Send, name: str, rows: list[list[object]], year: FundYear | None = None) -> Doing:
        name = f"{name}.csv"
        path: Path = send.file(rows).rename(send.place / name)
        year = year or send.fund_year
        return partial(rosters.import_roster, fund_year=year, path=path, name=name, by=send.by, at=NOON)

    @pytest.mark.parametrize("same", [True, False])
    def test_of_one_year_they_come_one_by_one(self, send, monkeypatch, same):
        rows = [line(0, head=True), line(1)]
        meeting(monkeypatch, rosters, "_write", PATIENCE)
        acts = [self.importing(send, name, [*rows, *more]) for name, more in (("a", []), ("b", [] if same else [[""]]))]
        came, refused = at_once(*acts)
        assert refused == []
        assert sorted(one.written for one in came) == ([0, 2] if same else [2, 2])
        assert (Member.objects.count(), Coverage.objects.count()) == (2, 2)
        assert Member.pgh_event_model.objects.count() == 2

    def test_without_the_lock_one_of_them_is_refused(self, send, monkeypatch):
        monkeypatch.setattr(rosters, "_lock", lambda fund_year: None)
        meeting(monkeypatch, rosters.Writing, "write", 10)
        acts = [self.importing(send, name, [line(0, head=True), *more]) for name, more in (("a", []), ("b", [[""]]))]
        came, refused = at_once(*acts)
        assert (len(came), [type(one) for one in refused]) == (1, [rosters.CannotImport])

    def people_of_two_years(self, send: Send, monkeypatch, patience: float) -> list[Exception]:
        meeting(monkeypatch, rosters.Writing, "write", patience)
        later = roster_year(2011)
        rows = [line(0, head=True), line(1)]
        _came, refused = at_once(self.importing(send, "a", rows), self.importing(send, "b", [*rows, [""]], later))
        return refused

    def test_of_two_years_nobody_comes_in_twice(self, send, monkeypatch):
        refused = self.people_of_two_years(send, monkeypatch, 10)
        assert [type(one) for one in refused] == [rosters.CannotImport]
        assert (Member.objects.count(), Household.objects.count(), RosterImport.objects.count()) == (2, 1, 1)

    def test_without_its_constraints_they_would(self, send, monkeypatch):
        guards = ("member_id_number_is_one_persons", "enrollment_household_number_key")
        with monkeypatch.context() as patched, unguarded(patched, *guards):
            assert self.people_of_two_years(send, patched, 10) == []
            assert Member.objects.count() == 4


class TestGoLive:
    @pytest.fixture
    def signed(self, place, appoint) -> GoLiveProtocol:
        fay = appoint("fay", Duty.FUND_ACCOUNTANT)
        content = f"身份证号,姓名\n{place.wife.id_number},{place.wife.name}\n".encode()
        file = SimpleUploadedFile("a.csv", content)
        asked = go_live_jobs.ask_for_check(
            kind="coverage", fund_year=place.year, as_of=TODAY, upload=file, by=fay, at=NOON
        )
        jobs.run(asked.pk)
        protocol = go_live_jobs.propose(checked=Job.objects.get(pk=asked.pk), by=fay, at=NOON)
        opened = deciding.rounds_of(protocol).get()
        head = factories.head()
        rounds.vote(
            round=opened,
            choice="approve",
            hash_seen=opened.subject_hash,
            by=head,
            at=NOON,
            proof=shown_by(head),
            reason="x",
        )
        return fresh(protocol)

    def writing(self, place, signed) -> tuple[list[object], list[Exception]]:
        write = partial(go_live.write, protocol=signed, step=lambda *how_far: None)
        return at_once(*place.acts(write, write))

    def test_what_was_signed_is_written_once(self, place, signed, monkeypatch):
        meeting(monkeypatch, go_live, "_write", PATIENCE)
        came, refused = self.writing(place, signed)
        assert (came.count(None), refused) == (1, [])
        assert Act.objects.filter(name="go-live.written").count() == Coverage.objects.count() == 1

    def test_without_the_lock_the_later_one_finds_what_does_not_fit(self, place, signed, monkeypatch):
        with monkeypatch.context() as patched, unguarded(patched):
            meeting(patched, go_live, "_write", 10)
            came, refused = self.writing(place, signed)
            assert (len(came), [type(one) for one in refused]) == (1, [go_live.CannotBring])
