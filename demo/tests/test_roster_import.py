"""The made-up roster through the office's own import: every fault that was put in is found, and no other."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db.models import F, Sum

from conftest import NOON
from demo.roster import files
from demo.roster.made import Roster
from enrollment import fault_words
from enrollment.models import Contribution, Coverage, Division, FundYear, Household, Member, Receipt, RosterImport
from enrollment.rules import id_numbers, roster_rows
from enrollment.rules import rosters as rules
from enrollment.selectors import subsidies, wholeness
from enrollment.services import rosters
from enrollment.tests import factories
from enrollment.tests.rosters import counted, fund_year, other_year, receipt_books, villages

pytestmark = pytest.mark.django_db

RECEIPTS = {"receipt_twice", "receipt_unknown"}


def make_known(roster: Roster, year: FundYear) -> None:
    """The dead, and those in another basic scheme, whom the roster's seeded faults are about."""
    list(roster.rows())
    home = factories.household("known", Division.objects.filter(level="village").first())
    others = {code: other_year(code, year.year) for code in set(roster.elsewhere.values())}
    for number in {*roster.dead, *roster.elsewhere}:
        told = id_numbers.read(number)
        who = factories.member(
            home, "李某", told.birth_date, id_number=number, sex=told.sex, is_head=False, relation="other"
        )
        if number in roster.dead:
            who.state, who.state_on = "dead", roster.dead[number]
            who.save()
        if scheme := roster.elsewhere.get(number):
            factories.pay(who, others[scheme])


def told(report) -> list[tuple[int, str, str]]:
    return [(fault.row, fault.column, fault.code) for fault in report.faults]


def _cash(found, field: str) -> Decimal:
    return found.aggregate(sum=Sum(field))["sum"]


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
        receipt_books(roster.stock)
        report = rosters.check_roster(fund_year=year, path=path, name="a.csv", by=None, at=NOON)
        assert told(report) == sorted(roster.seeded)
        rows = list(roster_rows.read_rows(roster.rows(), roster.terms))
        assert [*report.faults] == [*rules.judge(rows, roster.known).faults]

    def test_what_is_written_is_what_was_good(self, tmp_path, ada):
        villages()
        year, roster, path = fund_year(2009), Roster(5, scale=0.003), tmp_path / "a.csv"
        files.write_csv(roster, path)
        make_known(roster, year)
        receipt_books(roster.stock)
        before = Member.objects.count()
        report = rosters.import_roster(fund_year=year, path=path, name="a.csv", by=ada, at=NOON)
        assert report.written == report.good == Member.objects.count() - before == report.wrote.members
        assert report.rows == report.good + report.held + len(
            {fault.row for fault in report.faults if fault.level == "error"}
        )
        assert Coverage.objects.filter(fund_year=year).count() == report.wrote.coverages == report.wrote.contributions
        assert set(Coverage.objects.filter(fund_year=year).values_list("reason", flat=True)) == {"paid", "assisted"}
        assert not wholeness.not_whole(year).exists()
        paid = Contribution.objects.filter(roster__isnull=False)
        assert report.wrote.sheets == paid.values("entry__sheet__village").distinct().count()
        assert _cash(Receipt.objects.all(), "amount") == _cash(paid.exclude(receipt__startswith="99"), "own") > 0
        assert not paid.exclude(member__household__village=F("entry__sheet__village")).exists()
        written = counted()
        second = tmp_path / "b.csv"
        second.write_bytes(path.read_bytes() + b"\r\n")
        again = rosters.import_roster(fund_year=year, path=second, name="b.csv", by=ada, at=NOON)
        assert again.good == report.good
        assert counted() == written
        assert (again.wrote.members, again.wrote.changed_members, again.wrote.coverages) == (0, 0, 0)


def test_subsidies_agree_to_the_fen_with_what_was_enrolled(tmp_path, ada):
    """A hundredth of 海原: 3,703 enrolled at 100 yuan a head, 413 of them paid for by assistance."""
    villages()
    rates = (("central", 1, 24), ("central", 2, 16), ("province", 1, 30), ("county", 1, 10))
    year, roster, path = fund_year(subsidies=rates), Roster(7, scale=0.01, year=2010, faulty=0), tmp_path / "a.csv"
    files.write_csv(roster, path)
    assert rosters.import_roster(fund_year=year, path=path, name="a.csv", by=ada, at=NOON).written == 3_868
    owed = subsidies.due_by_level(year, NOON.date())
    assert [(one.payer, one.heads, one.due) for one in owed] == [
        ("central", 3_703, 3_703 * 24),
        ("central", 3_703, 3_703 * 16),
        ("province", 3_703, 3_703 * 30),
        ("county", 3_703, 3_703 * 10),
        ("assistance", 413, 413 * 20),
    ]
    assert subsidies.together(owed)[0] + _cash(Contribution.objects.all(), "own") == 3_703 * 100
