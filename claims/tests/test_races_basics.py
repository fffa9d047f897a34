"""Two editions or two agreements for the same days at the same moment: one of them, whichever comes first."""

from __future__ import annotations

from datetime import date
from functools import partial

import pytest

from claims.models import Agreement, Catalogue
from claims.services import agreements, catalogues
from claims.services.agreements import CannotAgree
from claims.services.catalogues import CannotTakeIn, Edition
from claims.tests import basics
from claims.tests.basics import kept, table
from conftest import NOON
from enrollment.tests.factories import scheme
from enrollment.tests.races import PATIENCE, Doing, at_once, meeting, unguarded
from office.models import Duty

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("in_english")]

FIRST = date(2010, 1, 1)


def told(act: Doing) -> object:
    """What came of it, or the sentence by which it was refused."""
    try:
        return act()
    except (CannotTakeIn, CannotAgree) as refusal:
        return refusal


def kinds_of(came: list[object]) -> set[type]:
    """What sorts of things came of it."""
    return {type(one) for one in came}


@pytest.fixture
def two_editions(appoint) -> list[Doing]:
    kim, of = appoint("kim", Duty.ACCOUNTING_HEAD), scheme()
    files = [kept(table(["编码", "名称", "类别"], [code, "药", "甲"])) for code in ("a", "b")]
    edition = Edition(of, "drugs", FIRST, "1号")
    return [partial(catalogues.take_in_edition, edition=edition, file=file, by=kim, at=NOON) for file in files]


def test_one_edition_comes_and_the_other_is_told(two_editions):
    came, refused = at_once(*(partial(told, one) for one in two_editions))
    assert (kinds_of(came), refused) == ({Catalogue, CannotTakeIn}, [])
    assert any("已有自 2010-01-01 起执行的版本" in str(one) for one in came)
    assert Catalogue.objects.get().entries.count() == 1


def test_without_the_lock_the_database_refuses_the_second(two_editions, monkeypatch):
    meeting(monkeypatch, catalogues, "read_edition", PATIENCE)
    with unguarded(monkeypatch):
        _came, refused = at_once(*two_editions)
    assert ["catalogues_never_overlap" in str(one) for one in refused] == [True]


def test_one_agreement_comes_and_the_other_is_told(appoint):
    kim, of, one = appoint("kim", Duty.ACCOUNTING_HEAD), scheme(), basics.provider()
    sign = partial(agreements.sign_agreement, provider=one, scheme=of, first=FIRST, by=kim, at=NOON)
    came, refused = at_once(*(partial(told, partial(sign, number=number)) for number in ("1号", "2号")))
    assert (kinds_of(came), refused) == ({Agreement, CannotAgree}, [])
    assert Agreement.objects.count() == 1
