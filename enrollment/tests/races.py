"""Two people at the same moment: how they are made to meet, and the house without its locks."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connections
from django.db.models import QuerySet

from conftest import NOON
from enrollment.models import AccountEntry, Member
from enrollment.services import accounts, coverage, go_live, keeping, rosters, sheets
from enrollment.tests import factories
from enrollment.tests.keeping import TODAY, family, fresh
from office.models import Duty
from office.services import requests, rounds
from tests import restore, servers

PATIENCE = 0.4  # seconds to wait for somebody who is held by a lock
Doing = Callable[[], object]
REFUSALS = (
    keeping.CannotKeep,
    sheets.CannotCollect,
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


def meeting(
    patched: pytest.MonkeyPatch, module: object, name: str, patience: float, *others: tuple[object, str]
) -> None:
    """Whoever comes to a function, or to one of some `others`, for the first time waits there for the other one."""
    met = threading.Barrier(2)
    been = threading.local()

    def waiting(plain: Callable[..., Any]) -> Callable[..., Any]:
        def late(*words: Any, **more: Any) -> Any:
            if not getattr(been, "here", False):
                been.here = True
                with contextlib.suppress(threading.BrokenBarrierError):
                    met.wait(patience)
            return plain(*words, **more)

        return late  # a function, so that it can stand for a method too

    for where, what in ((module, name), *others):
        patched.setattr(where, what, waiting(getattr(where, what)))


def both_look(patched: pytest.MonkeyPatch, module: object, name: str, patience: float) -> None:
    """Both have looked by a function before either goes on with what he saw, unless one waits for the other."""
    met = threading.Barrier(2)
    look = getattr(module, name)

    def looked(*words: Any, **more: Any) -> Any:
        found = look(*words, **more)
        with contextlib.suppress(threading.BrokenBarrierError):
            met.wait(patience)
        return found

    patched.setattr(module, name, looked)


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


def lost(place: Place, *people: Member) -> str:
    """Whether a change of somebody was written over another one: each change counts one version further."""
    for one in people:
        changes = Member.pgh_event_model.objects.filter(pgh_obj_id=one.pk).count() - 1
        if fresh(one).version != 1 + changes:
            return "lost a change"
    return ""
