"""Rosters and registers by chance: the database finds what the rules find, and the same again changes nothing."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import F, Q

from conftest import NOON
from enrollment.models import (
    CollectionSheet,
    Coverage,
    Division,
    FundYear,
    Member,
    Receipt,
    ReceiptBook,
    SheetEntry,
)
from enrollment.rules import roster_rows
from enrollment.rules import rosters as rules
from enrollment.rules.categories import Category
from enrollment.rules.roster_rows import Due, Terms
from enrollment.tests import factories
from enrollment.tests.rosters import BORN, HEADER, Send, counted, fund_year, line, number, other_year
from office.tests.factories import tess

pytestmark = pytest.mark.django_db


@pytest.fixture
def year(county) -> FundYear:
    return fund_year()


@pytest.fixture
def village(year) -> Division:
    return factories.division()


@pytest.fixture
def send(tmp_path, year, village, ada) -> Send:
    return Send(tmp_path, year, ada)


class TestRandomRosters:
    """The database finds what the rules find, whatever the rows say."""

    @pytest.mark.parametrize("seed", range(30))
    def test_the_database_judges_as_the_rules_do(self, seed, year, village, tmp_path, ada, send):
        chance = random.Random(seed)
        _register(chance, year)
        lines = [_any_line(chance) for _row in range(chance.randint(5, 80))]
        report = send.check(lines)
        rows, judged = _judged(year, [HEADER, *lines])
        assert [*report.faults] == [*judged.faults]
        assert (report.rows, report.good, report.held) == (len(rows), len(judged.good), len(judged.held))
        send(lines)
        before = counted()
        again = send([*lines, [""] * len(HEADER)])
        assert again.good <= report.good
        if again.good == report.good:
            assert counted() == before

    @pytest.mark.parametrize("seed", range(100, 104))
    def test_an_import_of_the_good_rows_alone_comes_to_the_same(self, seed, year, village, send):
        chance = random.Random(seed)
        _register(chance, year)
        lines = [_any_line(chance) for _row in range(60)]
        _rows, judged = _judged(year, [HEADER, *lines])
        good = [line for at, line in enumerate(lines, start=2) if at in judged.good]
        if good:
            assert send(good).written == len(good)
            before = counted()
            assert send(good[::-1]).written == len(good)
            assert counted() == before


def _register(chance: random.Random, year: FundYear) -> None:
    """A register in which some are dead, some moved away, some in another scheme, and some without a number."""
    residents = other_year("residents", 2010)
    for home in range(4):
        household = factories.household(f"h{home}")
        for place in range(3):
            order = home * 3 + place
            born = BORN + timedelta(days=10_000 + order) if place == 2 else BORN
            who = factories.member(
                household,
                f"马{'一二三四五六七八九'[order % 9]}",
                born,
                id_number=None if place == 2 else number(order),
            )
            fate = chance.random()
            if fate < 0.15:
                Member.objects.filter(pk=who.pk).update(state="dead", state_on=NOON.date(), is_head=False)
            elif fate < 0.25:
                Member.objects.filter(pk=who.pk).update(state="moved_away", state_on=NOON.date())
            elif fate < 0.4:
                factories.pay(who, chance.choice([residents, year]))
    _doubles(chance)


def _doubles(chance: random.Random) -> None:
    """Some of them are doubles of others."""
    known = list(Member.objects.filter(is_head=False, state="living"))
    chance.shuffle(known)
    for double, kept in zip(known[: chance.randrange(4)], known[4:], strict=False):
        factories.merge(double, kept)


def _any_line(chance: random.Random) -> list[object]:
    order = chance.randrange(40)
    child = chance.random() < 0.2
    born = BORN + timedelta(days=10_000 + order)
    cells: dict[str, object] = {}
    if child:
        cells = {"id_number": "", "birth_date": born.isoformat()}
    if chance.random() < 0.3:
        cells |= chance.choice(
            [
                {"name": ""},
                {"id_number": "123"},
                {"id_number": number(order)[:-1] + "?"},
                {"village_code": "1"},
                {"category": "五保", "fee": "0"},
                {"category": "??"},
                {"fee": ""},
                {"fee": "7"},
                {"fee": "200"},
                {"household": ""},
                {"household": "x" * 25},
                {"receipt": "R\\1\t2"},
                {"sex": "男"},
                {"relation": "之子"},
                {"birth_date": "1970-03-01"},
                {"name": "马\\N"},
            ]
        )
    home = f"h{order // 3}" if chance.random() < 0.9 else f"h{chance.randrange(14)}"
    return line(order, home, head=order % 3 == 0 or chance.random() < 0.05, **cells)


def _judged(year: FundYear, table) -> tuple[list[roster_rows.Row], rules.Judgement]:
    """What the rules say, given what the register knows of each row's person."""
    dues = {rate.category: rate for rate in year.contributionrates.all()}
    terms = Terms(
        year.year,
        NOON.date(),
        {kind: Due(dues[kind].amount, dues[kind].own) for kind in Category},
        frozenset({factories.VILLAGE}),
    )
    rows = list(roster_rows.read_rows(table, terms))
    elsewhere: dict[str, str] = {}
    dead, kept = {}, {}
    for row, who in sorted(_matched(rows), key=lambda pair: -pair[1].pk):
        if who.doubles.exists():
            kept[rules.who(row)] = f"# {who.pk}"
        if who.state == "dead":
            dead[rules.who(row)] = who.state_on
        found = Coverage.objects.standing().filter(
            Q(member=who) | Q(member__merged_into=who),
            is_basic=True,
            period__overlap=DateRange(date(2010, 1, 1), date(2011, 1, 1)),
        )
        for one in found.exclude(scheme=year.scheme):
            elsewhere[rules.who(row)] = one.scheme.code
    return rows, rules.judge(rows, rules.Known(elsewhere=elsewhere, dead=dead, kept=kept))


def _matched(rows):
    """Row by row the member of the register, plainly: himself, or the one whose double is meant."""
    nobody = Member.objects.none()
    of_number = lambda row: Member.objects.filter(id_number=row.person) if row.person else nobody  # noqa: E731
    numbered = lambda row: _namesakes(row).filter(id_number=None) if row.person else nobody  # noqa: E731
    unnumbered = lambda row: nobody if row.person or row.id_number else _namesakes(row)  # noqa: E731
    taken: set[int] = set()
    found = {}
    for candidates in (of_number, numbered, unnumbered):
        last = candidates is unnumbered
        for row in rows:
            known = candidates(row).exclude(state="merged")
            free = [one for one in known if candidates is of_number or one.pk not in taken]
            free.sort(key=lambda one: (one.id_number is not None, one.state == "dead", one.pk))
            if free and row.number not in found:
                found[row.number] = (row, free[0])
                taken |= set() if last else {free[0].pk}
        for row in rows:
            doubles = candidates(row).filter(state="merged").order_by("pk")
            if candidates is numbered:
                doubles = doubles.filter(merged_into__id_number=None)
            if doubles and row.number not in found:
                found[row.number] = (row, doubles[0].merged_into)
    return found.values()


def _namesakes(row):
    return Member.objects.filter(household__number=row.household, name=row.name, birth_date=row.birth_date)


class TestReceipts:
    """Where the township has receipts in use, every number on a roster is looked at."""

    @pytest.mark.parametrize("seed", range(200, 212))
    def test_they_are_judged_as_the_rules_do(self, seed, year, village, send):
        chance = random.Random(seed)
        stock, receipts = _stock(chance, year)
        lines = [
            line(order, f"h{chance.randrange(9)}", head=chance.random() < 0.2, receipt=chance.choice(NUMBERS))
            for order in range(60)
        ]
        report = send.check(lines)
        rows, _judged_without = _judged(year, [HEADER, *lines])
        known = rules.Known(stock={factories.TOWNSHIP[:9]: stock}, receipts=receipts)
        assert [*report.faults] == [*rules.judge(rows, known).faults]
        send(lines)
        before = [*counted(), Receipt.objects.count(), CollectionSheet.objects.count()]
        send([*lines, [""] * len(HEADER)])
        assert [*counted(), Receipt.objects.count(), CollectionSheet.objects.count()] == before

    @pytest.mark.parametrize("seed", range(300, 306))
    def test_seeded_faults_are_told_and_no_clean_row(self, seed, year, village, send):
        chance = random.Random(seed)
        factories.receipt_book(first=1, last=500)
        homes = _homes(chance, spoiled=_spoiled(serial=400))
        lines, seeded = [], set()
        for home, (receipt, code) in enumerate(homes):
            for place in range(chance.randint(1, 3)):
                lines.append(line(len(lines), f"h{home}", head=place == 0, receipt=receipt))
                seeded |= {(len(lines) + 1, code)} if code else set()
        report = send.check(lines)
        assert {(fault.row, fault.code) for fault in report.faults} == seeded
        assert send(lines).wrote.receipts == sum(not code for _receipt, code in homes)
        assert Receipt.objects.used().count() == Receipt.objects.filter(amount=F("people") * 20).count() - 1

    def test_one_number_and_one_receipt_on_every_row_is_told_in_time(self, year, village, send):
        factories.receipt_book(first=100, last=101, digits=3)
        report = send.check([line(0, f"h{order}", head=True, receipt="100") for order in range(3_000)])
        assert report.by_code == [("id_twice", "error", 3_000), ("receipt_twice", "error", 3_000)]


NUMBERS = ["100", "101", "102", "103", "999", "x1", "0100", "A07", "a08", "B07", "A7", "1" * 20, "", "", ""]


def _stock(chance: random.Random, year: FundYear) -> tuple[set[str], dict[str, str]]:
    """Two books in use and one that is not received; of their numbers some are void, some were used, also last year."""
    factories.receipt_book(first=100, last=103, digits=3)
    factories.receipt_book(first=1, last=9, digits=2, series="A")
    factories.receipt_book(first=1, last=9, digits=2, series="B", in_use=False)
    receipts = {}
    before = factories.fund_year(year=2009)
    book = ReceiptBook.objects.get(digits=3)
    for serial, of in ((100, year), (101, before), (102, None)):
        if chance.random() < 0.5:
            break
        home = f"h{serial % 9}"
        _written(book, serial, of, home)
        receipts[str(serial)] = home if of == year else ""
    return {*(str(serial) for serial in range(100, 104)), *(f"A{serial:02d}" for serial in range(1, 10))}, receipts


def _written(book: ReceiptBook, serial: int, of: FundYear | None, home: str) -> Receipt:
    """A receipt that a household has for a year, or for none: it was spoiled."""
    entry = None
    if of is not None:
        sheet = factories.sheet(of, number=f"S{serial}")
        entry = SheetEntry.objects.create(
            sheet=sheet, household=factories.household(home), paid_on=NOON, noted_by=tess(), noted_at=NOON
        )
    said = {"amount": 20, "people": 1} if entry else {"amount": 0, "people": 0, "state": "void", "void_reason": "x"}
    return Receipt.objects.create(
        book=book, serial=serial, number=book.number_of(serial), entry=entry, dated=NOON, written_by=tess(),
        written_at=NOON, **said,
    )  # fmt: skip


def _spoiled(serial: int) -> str:
    """The number of a receipt that was spoiled; it stands first in its book."""
    book = factories.receipt_book(first=serial, last=serial, series="V")
    return _written(book, serial, None, "").number


def _homes(chance: random.Random, spoiled: str) -> list[tuple[str, str]]:
    """Household by household its receipt, and the fault that was put into it."""
    homes: list[tuple[str, str]] = []
    for home in range(40):
        sound = [place for place, (_receipt, code) in enumerate(homes) if not code]
        fate = chance.random()
        if fate < 0.1:
            homes.append((f"{9_000 + home:06d}", "receipt_unknown"))
        elif fate < 0.2:
            homes.append((spoiled, "receipt_twice"))
        elif fate < 0.3 and sound:
            other = chance.choice(sound)
            homes[other] = (homes[other][0], "receipt_twice")
            homes.append(homes[other])
        else:
            homes.append((f"{home + 1:06d}", ""))
    return homes
