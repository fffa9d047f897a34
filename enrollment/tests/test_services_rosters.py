"""Rosters: what is found is what the rules find, what is written is right, and the same again changes nothing."""

from __future__ import annotations

import csv
import random
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

import psycopg
import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange

from conftest import NOON
from demo.roster import files
from demo.roster.made import Roster
from enrollment import fault_words
from enrollment.models import Contribution, Coverage, Division, FundYear, Household, Member, RosterImport
from enrollment.rules import roster_rows
from enrollment.rules import rosters as rules
from enrollment.rules.categories import Category
from enrollment.rules.roster_columns import Column
from enrollment.rules.roster_rows import Due, Terms
from enrollment.selectors import wholeness
from enrollment.services import rosters
from enrollment.services.roster_checks import Stock
from enrollment.tests import factories
from enrollment.tests.rosters import fund_year, make_known, other_year, villages
from office.models import Act, Body, Duty

pytestmark = pytest.mark.django_db

RECEIPTS = {"receipt_twice", "receipt_unknown"}
HEADER = [column.value for column in Column]
TRACKED = (Household, Member, Contribution, Coverage)


@pytest.fixture
def year(county) -> FundYear:
    return fund_year()


@pytest.fixture
def village(year) -> Division:
    return factories.division()


@pytest.fixture
def send(tmp_path, year, village, ada):
    """Import lines: `send([line(...), ...])`; `send.check` only checks."""

    class Send:
        def file(self, lines, name: str = "roster.csv"):
            path = tmp_path / name
            with path.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows([HEADER, *lines])
            return path

        def check(self, lines, *, by=None, **more):
            return rosters.check_roster(
                fund_year=year, path=self.file(lines), name="roster.csv", by=by, at=NOON, **more
            )

        def __call__(self, lines, *, by=ada, fund_year=year, at=NOON, **more):
            return rosters.import_roster(
                fund_year=fund_year, path=self.file(lines), name="roster.csv", by=by, at=at, **more
            )

    return Send()


BORN = date(1970, 3, 1)


def number(order: int, born: date = BORN) -> str:
    seventeen = f"640522{born:%Y%m%d}{order:03d}"
    return seventeen + factories.id_numbers.check_digit(seventeen)


def line(order: int, home: str = "h1", *, head: bool = False, **cells: object) -> list[object]:
    """A row of somebody who is known by a number of his own."""
    given = {
        "household": home,
        "head": "是" if head else "否",
        "name": f"马{'一二三四五六七八九'[order % 9]}",
        "id_number": number(order),
        "village_code": factories.VILLAGE,
        "fee": "20",
        **cells,
    }
    return [given.get(column.value, "") for column in Column]


def counted() -> list[int]:
    """How many records there are, and how many states of them."""
    return [model.objects.count() for model in TRACKED] + [model.pgh_event_model.objects.count() for model in TRACKED]


def told(report) -> list[tuple[int, str, str]]:
    return [(fault.row, fault.column, fault.code) for fault in report.faults]


class TestTruth:
    """The made-up roster: every fault that was put in is found, and no other."""

    @pytest.mark.parametrize("form", ["utf-8.csv", "gb18030.csv", "book.xlsx"])
    def test_exactly_the_seeded_faults_are_found(self, form, tmp_path, ada):
        villages()
        year, roster, path = fund_year(2009), Roster(3, scale=0.01), tmp_path / form
        if form == "book.xlsx":
            files.write_xlsx(roster, path)
        else:
            files.write_csv(roster, path, form.partition(".")[0])
        make_known(roster, year)
        report = rosters.check_roster(fund_year=year, path=path, name=form, by=ada, at=NOON)
        assert told(report) == sorted(one for one in roster.seeded if one[2] not in RECEIPTS)
        assert report.rows == 3868
        assert {fault_words.reason(fault) for fault in report.faults}
        assert RosterImport.objects.count() == Household.objects.count() - 1 == 0

    def test_with_receipts_where_the_townships_have_stock(self, tmp_path):
        villages()
        year, roster, path = fund_year(2009), Roster(4, scale=0.01), tmp_path / "a.csv"
        files.write_csv(roster, path)
        make_known(roster, year)
        stock = [
            Stock(township, block.numbers.start, block.numbers.stop - 1, 8) for township, block in roster.stock.items()
        ]
        report = rosters.check_roster(fund_year=year, path=path, name="a.csv", by=None, at=NOON, stock=stock)
        assert told(report) == sorted(roster.seeded)

    def test_what_is_written_is_what_was_good(self, tmp_path, ada):
        villages()
        year, roster, path = fund_year(2009), Roster(5, scale=0.003), tmp_path / "a.csv"
        files.write_csv(roster, path)
        make_known(roster, year)
        before = Member.objects.count()
        report = rosters.import_roster(fund_year=year, path=path, name="a.csv", by=ada, at=NOON)
        assert report.written == report.good == Member.objects.count() - before == report.wrote.members
        assert report.rows == report.good + report.held + len(
            {fault.row for fault in report.faults if fault.level == "error"}
        )
        assert Coverage.objects.filter(fund_year=year).count() == report.wrote.coverages == report.wrote.contributions
        assert set(Coverage.objects.filter(fund_year=year).values_list("reason", flat=True)) == {"paid", "assisted"}
        assert not wholeness.not_whole(year).exists()
        written = counted()
        second = tmp_path / "b.csv"
        second.write_bytes(path.read_bytes() + b"\r\n")
        again = rosters.import_roster(fund_year=year, path=second, name="b.csv", by=ada, at=NOON)
        assert again.good == report.good
        assert counted() == written
        assert (again.wrote.members, again.wrote.changed_members, again.wrote.coverages) == (0, 0, 0)


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
            again = send([*good[::-1]])
            assert again.wrote is None or counted() == before or again.written == len(good)


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
    elsewhere, dead = {}, {}
    for row, who in _matched(rows):
        if who.state == "dead":
            dead[rules.who(row)] = who.state_on
        found = Coverage.objects.standing().filter(
            member=who, is_basic=True, period__overlap=DateRange(date(2010, 1, 1), date(2011, 1, 1))
        )
        for one in found.exclude(scheme=year.scheme):
            elsewhere[rules.who(row)] = one.scheme.code
    return rows, rules.judge(rows, rules.Known(elsewhere=elsewhere, dead=dead))


def _matched(rows):
    """Row by row the member of the register, plainly."""
    taken: set[int] = set()
    passes = [
        lambda row: Member.objects.filter(id_number=row.person) if row.person else Member.objects.none(),
        lambda row: _namesakes(row).filter(id_number=None) if row.person else Member.objects.none(),
        lambda row: _namesakes(row) if not row.person and not row.id_number else Member.objects.none(),
    ]
    found = {}
    for at, candidates in enumerate(passes):
        for row in rows:
            if row.number in found:
                continue
            free = [one for one in candidates(row) if at == 0 or one.pk not in taken]
            free.sort(key=lambda one: (one.id_number is not None, one.state == "dead", one.pk))
            if free:
                found[row.number] = (row, free[0])
                taken |= {free[0].pk} if at < 2 else set()
    return found.values()


def _namesakes(row):
    return Member.objects.filter(household__number=row.household, name=row.name, birth_date=row.birth_date)


class TestUpdating:
    """What a roster says anew of somebody whom the register knows."""

    def test_a_known_person_comes_into_the_household_of_the_roster(self, send, village):
        old = factories.household("old")
        who = factories.member(old, "马一", BORN, id_number=number(0), relation="head", category="low_income")
        report = send([line(0, "new", head=True, relation="户主")])
        who.refresh_from_db()
        assert (who.household.number, who.is_head, who.category, who.version) == ("new", True, "ordinary", 2)
        assert (report.wrote.households, report.wrote.members, report.wrote.changed_members) == (1, 0, 1)

    def test_another_head_takes_over_and_who_is_not_named_stays(self, send, village):
        home = factories.household("h1")
        first = factories.member(home, "马一", BORN, id_number=number(0))
        second = factories.member(home, "马二", BORN, id_number=number(1), relation="spouse")
        send([line(1, head=True)])
        first.refresh_from_db()
        second.refresh_from_db()
        assert (first.is_head, first.relation, second.is_head, second.relation) == (False, "other", True, "head")

    def test_two_heads_change_places(self, send, village):
        homes = [factories.household("h1"), factories.household("h2")]
        people = [factories.member(home, f"马{at}", BORN, id_number=number(at)) for at, home in enumerate(homes)]
        send([line(0, "h2", head=True), line(1, "h1", head=True)])
        assert [Member.objects.get(pk=one.pk).household.number for one in people] == ["h2", "h1"]

    def test_a_number_that_was_still_to_come_is_added(self, send, village):
        home = factories.household("h1")
        factories.member(home, "马一", BORN, id_number=number(1))
        child = factories.member(home, "小马", BORN, id_number=None)
        send([line(1, head=True, name="马一"), line(2, name="小马")])
        child.refresh_from_db()
        assert (child.id_number, child.id_given) == (number(2), number(2))

    def test_who_moved_away_is_back_and_an_ended_household_lives_again(self, send, village):
        home = factories.household("h1", ended_on=NOON.date())
        who = factories.member(home, "马一", BORN, id_number=number(0))
        Member.objects.filter(pk=who.pk).update(state="moved_away", state_on=NOON.date(), state_reason="x")
        report = send([line(0, head=True)])
        who.refresh_from_db()
        home.refresh_from_db()
        assert (who.state, who.state_on, home.ended_on, report.wrote.moved_households) == ("living", None, None, 1)

    def test_names_are_not_changed_by_a_roster_but_counted(self, send, village):
        who = factories.member(factories.household("h1"), "马老", BORN, id_number=number(0))
        report = send([line(0, head=True, name="马小")])
        who.refresh_from_db()
        assert (who.name, who.version, report.wrote.named_otherwise) == ("马老", 1, 1)

    def test_a_blank_relation_leaves_the_known_one_and_a_roster_without_categories_the_known_one(
        self, send, year, village, tmp_path, ada
    ):
        home = factories.household("h1")
        factories.member(home, "马一", BORN, id_number=number(0))
        who = factories.member(home, "马二", BORN, id_number=number(1), relation="spouse", category="student")
        path = tmp_path / "short.csv"
        rows = [line(0, head=True), line(1)]
        path.write_text(
            "\n".join(",".join(map(str, (row[0], row[1], row[2], row[3], row[7], row[9]))) for row in
                      [["household", "head", "name", "id_number", *[""] * 3, "village_code", "", "fee"], *rows])
        )  # fmt: skip
        report = rosters.import_roster(fund_year=year, path=path, name="short.csv", by=ada, at=NOON)
        who.refresh_from_db()
        assert (who.relation, who.category, report.wrote.changed_members) == ("spouse", "student", 0)

    def test_a_household_moves_to_the_village_of_its_head(self, send, village):
        factories.division("640522100202")
        home = factories.household("h1")
        factories.member(home, "马一", BORN, id_number=number(0))
        send([line(0, head=True, village_code="640522100202")])
        home.refresh_from_db()
        assert home.village.code == "640522100202"


class TestPaying:
    def test_who_pays_is_covered_for_the_year(self, send, year, village):
        send([line(0, head=True, receipt="R1"), line(1, category="五保", fee="0"), line(2, fee="")])
        paid, helped = Contribution.objects.order_by("member")
        assert (paid.own, paid.assisted, paid.receipt) == (20, 0, "R1")
        assert (helped.own, helped.assisted) == (0, 20)
        assert [(one.reason, one.period) for one in Coverage.objects.order_by("member")] == [
            ("paid", year.period),
            ("assisted", year.period),
        ]
        assert [home.number for home in wholeness.not_whole(year)] == ["h1"]

    def test_a_child_born_in_the_year_is_covered_from_birth(self, send, village):
        cells = {"id_number": "", "birth_date": "2010-02-03"}
        send([line(0, head=True), line(1, category="新生儿", **cells), line(2, **cells)])
        born = DateRange(date(2010, 2, 3), date(2011, 1, 1))
        found = Coverage.objects.filter(period=born).order_by("pk").values_list("reason", flat=True)
        assert list(found) == ["newborn", "paid"]

    def test_what_stands_is_left_and_what_is_void_is_made_again(self, send, year, village):
        who = factories.member(factories.household("h1"), "马一", BORN, id_number=number(0))
        factories.pay(who, year)
        assert send([line(0, head=True)]).wrote.contributions == 0
        Coverage.objects.update(void_reason="x")
        Contribution.objects.update(void_reason="x")
        wrote = send([line(0, head=True), line(1)]).wrote
        assert (wrote.contributions, wrote.coverages) == (2, 2)

    def test_a_scheme_that_is_not_basic_does_not_look_at_others(self, send, village, ada):
        factories.pay(
            factories.member(factories.household("h1"), "马一", BORN, id_number=number(0)),
            other_year("residents", 2010),
        )
        extra = factories.fund_year(factories.scheme("critical", is_basic=False))
        assert send([line(0, head=True)]).good == 0
        assert send([line(0, head=True)], fund_year=extra).wrote.coverages == 1

    def test_an_act_and_whose_hands(self, send, ada):
        report = send([line(0, head=True)])
        act = Act.objects.get(name="roster.imported")
        roster = RosterImport.objects.get()
        assert (act.by, act.subject_id, act.facts["written"]) == (ada, str(roster.pk), 1)
        assert (roster.rows, roster.good, roster.held, roster.written) == (1, 1, 0, report.written)


class TestRefusals:
    def test_the_same_file_twice_changes_nothing(self, send):
        first = send([line(0, head=True)])
        before = counted()
        again = send([line(0, head=True)])
        assert (first.written, again.written, again.good) == (1, 0, 1)
        assert again.earlier == RosterImport.objects.get()
        assert counted() == before

    def test_a_file_without_a_good_row_is_not_noted(self, send):
        assert send([line(0)]).written == 0
        assert not RosterImport.objects.exists()

    def test_only_a_confirmed_year_takes_a_roster(self, send, village):
        draft = factories.draft_year(year=2011)
        with pytest.raises(rosters.CannotImport, match="confirmed|确认"):
            send([line(0, head=True)], fund_year=draft)

    def test_every_category_needs_its_contribution(self, send, year, village):
        bare = {one.name: getattr(year, one.name) for one in FundYear._meta.concrete_fields if one.name != "id"}
        empty = FundYear.objects.create(**bare | {"scheme": factories.scheme("sparse"), "state": "draft"})
        FundYear.objects.filter(pk=empty.pk).update(state="proposed")
        factories.decide("enrollment.fundyear", empty.pk, voter=factories.head())
        FundYear.objects.filter(pk=empty.pk).update(state="confirmed")
        empty.refresh_from_db()
        with pytest.raises(rosters.CannotImport, match="student|学生"):
            send([line(0, head=True)], fund_year=empty)

    def test_a_township_sees_its_own_villages_alone(self, send, appoint, village):
        other = factories.division("640522101201")
        station = Body.objects.create(code="s", name="站", kind=Body.Kind.TOWNSHIP_STATION)
        Division.objects.filter(code=factories.TOWNSHIP).update(station=station)
        clerk = appoint("tom", Duty.TOWNSHIP_CLERK, body=station)
        who = factories.member(factories.household("far", other), "马五", BORN, id_number=number(5))
        lines = [
            line(0, "a", head=True),
            line(1, "b", head=True, village_code=other.code),
            line(5, "c", head=True),
            line(6, "far", head=True),
        ]
        report = send(lines, by=clerk)
        assert [(fault.row, fault.code, fault.detail) for fault in report.faults] == [
            (3, "village_unknown", ""),
            (4, "village_unknown", "out_of_sight"),
            (5, "village_unknown", "out_of_sight"),
        ]
        who.refresh_from_db()
        assert (who.household.number, report.written) == ("far", 1)

    def test_two_records_of_one_number_at_the_same_time(self, send, monkeypatch):
        def clash(*args, **kwargs):
            raise rosters.IntegrityError

        monkeypatch.setattr(rosters.Writing, "write", clash)
        with pytest.raises(rosters.CannotImport):
            send([line(0, head=True)])
        assert not RosterImport.objects.exists()

    def test_one_import_at_a_time(self, send, year, monkeypatch):
        monkeypatch.setattr(rosters, "PATIENCE", "50ms")
        with psycopg.connect(**{**connection.get_connection_params(), "autocommit": True}) as other:
            other.execute("SELECT pg_advisory_lock(%s, %s)", [rosters.LOCK_CLASS, year.pk])
            with pytest.raises(rosters.CannotImport):
                send([line(0, head=True)])
        assert send([line(0, head=True)]).written == 1

    def test_a_database_that_goes_is_no_other_import(self, send, monkeypatch):
        class Gone:
            def atomic(self):
                raise rosters.OperationalError

        monkeypatch.setattr(rosters, "transaction", Gone())
        with pytest.raises(rosters.OperationalError):
            rosters._lock(FundYear.objects.get())

    def test_progress_is_told(self, send):
        steps = []
        send([line(order, head=order == 0) for order in range(3)], step=lambda done, total, note: steps.append(done))
        assert steps == sorted(steps)
        assert steps[-1] == 100

    def test_every_fault_has_words(self):
        assert {code for code, _detail in fault_words.REASONS} == set(fault_words.CODES)
        assert Counter(map(fault_words.name_of, fault_words.CODES)).most_common(1)[0][1] == 1
        assert Decimal("20.00")
