"""What an office brings along: checked, signed by another person, written exactly as it was signed, or not at all."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from conftest import NOON
from enrollment.models import Account, AccountEntry, Contribution, Coverage, GoLiveProtocol, Household, Member
from enrollment.services import accounts, coverage, go_live, go_live_jobs
from enrollment.services.go_live_files import CannotBring
from enrollment.tests import factories
from office import deciding, jobs, sheets
from office.models import Act, Body, Duty, Job, Person
from office.services import rounds
from office.tests.factories import give, shown_by

DAY = date(2010, 3, 1)
REGISTER = ["户编号", "户主", "姓名", "身份证号", "村代码", "与户主关系"]
STATE = GoLiveProtocol.State


@pytest.fixture
def body(db) -> Body:
    return Body.objects.create(code="640522", name="海原县合管中心", kind=Body.Kind.COUNTY_CENTRE)


@pytest.fixture
def fay(body) -> Person:
    """Keeps the books and brings the files."""
    person = Person.objects.create_person(username="fay", full_name="Fay", password="fay-password")
    give(person, Duty.FUND_ACCOUNTANT, body)
    return person


@pytest.fixture
def head(body) -> Person:
    return factories.head()


@pytest.fixture
def year(body):
    return factories.fund_year()


@pytest.fixture
def village():
    return factories.division()


@pytest.fixture
def accounted(body):
    """A year of a scheme with household accounts."""
    return factories.fund_year(factories.scheme("with", account="household"))


def csv(*rows: list[Any], encoding: str = "utf-8") -> bytes:
    return "".join(",".join(map(str, row)) + "\n" for row in rows).encode(encoding)


def ask(fay, kind, year, content: bytes, name: str = "a.csv") -> Job:
    """The check, done."""
    asked = go_live_jobs.ask_for_check(
        kind=kind, fund_year=year, as_of=DAY, upload=SimpleUploadedFile(name, content), by=fay, at=NOON
    )
    jobs.run(asked.pk)
    asked.refresh_from_db()
    return asked


def bring(fay, kind, year, content: bytes, name: str = "a.csv") -> GoLiveProtocol:
    return go_live_jobs.propose(checked=ask(fay, kind, year, content, name), by=fay, at=NOON)


def vote(protocol: GoLiveProtocol, voter: Person, choice: str = "approve") -> None:
    opened = deciding.rounds_of(protocol).latest("pk")
    rounds.vote(
        round=opened,
        choice=choice,
        hash_seen=opened.subject_hash,
        by=voter,
        at=NOON,
        proof=shown_by(voter),
        reason="seen",
    )
    protocol.refresh_from_db()


def run_writing(protocol: GoLiveProtocol) -> Job:
    job = go_live.write_jobs(protocol)[0]
    jobs.run(job.pk)
    job.refresh_from_db()
    protocol.refresh_from_db()
    return job


def written(fay, head, kind, year, content: bytes, name: str = "a.csv") -> Job:
    protocol = bring(fay, kind, year, content, name)
    vote(protocol, head)
    job = run_writing(protocol)
    assert (job.refusal, protocol.state) == ("", STATE.WRITTEN)
    return job


def faults(job: Job) -> list[tuple[str, str]]:
    if job.faults is None:
        return []
    rows = sheets.rows(job.faults.path.read_bytes(), "x.xlsx")
    return [(sheets.text(row[0]), str(row[5])) for row in rows[1:]]


def people(village) -> list[list[Any]]:
    """A household of two, as a file without fees."""
    numbers = [factories.id_number(date(1970, 3, 1)), factories.id_number(date(1972, 5, 2), female=False)]
    return [
        REGISTER,
        ["H1", "是", "马小兰", numbers[0], village.code, "户主"],
        ["H1", "否", "马大山", numbers[1], village.code, "配偶"],
    ]


def covered(year) -> tuple[Member, list[list[Any]]]:
    """A member without a coverage, and a file that brings one along."""
    person = factories.member()
    return person, [["身份证号", "姓名", "缴费金额", "收据号"], [person.id_number, person.name, 20, "0017"]]


@pytest.mark.django_db
class TestRegister:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
    def test_people_come_in_without_fees(self, fay, head, year, village, encoding):
        job = written(fay, head, "register", year, csv(*people(village), encoding=encoding))
        assert [count for _label, count in job.outcome] == [2, 1, 2, 0]
        household = Household.objects.get(number="H1")
        assert [(one.name, one.is_head) for one in household.members.all()] == [("马小兰", True), ("马大山", False)]
        assert household.members.first().search_keys
        assert not Contribution.objects.exists()
        assert not Coverage.objects.exists()
        assert Act.objects.filter(name="go-live.written").count() == 1

    def test_a_workbook_with_fees_which_are_left_aside(self, fay, head, year, village):
        header, *rows = people(village)
        book = sheets.workbook([*header, "缴费金额"], [[*row, "99"] for row in rows])
        written(fay, head, "register", year, book, "a.xlsx")
        assert Member.objects.count() == 2
        assert not Contribution.objects.exists()

    def test_the_rules_of_the_roster(self, fay, year, village):
        rows = people(village)
        rows[2][4] = "640522999999"
        rows[1][1] = "否"
        job = ask(fay, "register", year, csv(*rows))
        assert faults(job) == [("2", "head_missing"), ("3", "village_unknown")]
        with pytest.raises(CannotBring):
            go_live_jobs.propose(checked=job, by=fay, at=NOON)

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (csv(["姓名", "户主"]), "户编号"),
            (csv([*REGISTER, "姓名"]), "姓名"),
            (csv(REGISTER), ""),
        ],
    )
    def test_what_is_no_register(self, fay, year, content, words):
        job = ask(fay, "register", year, content)
        assert job.state == Job.State.FAILED
        assert words in str(job.refusal)


@pytest.mark.django_db
class TestCoverage:
    def test_with_what_was_paid(self, fay, head, year):
        person, rows = covered(year)
        coverage.note_exception(member=person, fund_year=year, reason="soldier", by=factories.clerk(), at=NOON)
        written(fay, head, "coverage", year, csv(*rows))
        noted = person.coverages.get()
        assert (noted.reason, noted.noted_by, noted.period.lower) == ("go_live", fay, date(2010, 1, 1))
        assert (noted.contribution.amount, noted.contribution.receipt) == (20, "0017")

    def test_without_a_number_and_from_a_day_on(self, fay, head, year):
        home = factories.household("H7")
        person = factories.member(home, id_number=None)
        child = factories.member(home, name="小宝", born=date(2010, 2, 3), id_number=None)
        header = ["身份证号", "姓名", "户编号", "起始日期"]
        rows = [["待补", person.name, "H7", "2010-04-05"], ["", child.name, "H7", ""]]
        written(fay, head, "coverage", year, csv(header, *rows))
        assert person.coverages.get().period.lower == date(2010, 4, 5)
        assert child.coverages.get().period.lower == date(2010, 2, 3)
        assert not Contribution.objects.exists()

    def test_the_sum_of_what_was_paid_stands_in_the_protocol(self, fay, year):
        _person, rows = covered(year)
        assert bring(fay, "coverage", year, csv(*rows)).total == 20

    def test_every_fault(self, fay, year):
        home = factories.household("H8")
        one, two, twin, gone, done = (factories.member(home, name=name) for name in ("一一", "二二", "同", "走", "成"))
        factories.member(home, name="同")
        unpaid = factories.member(home, name="停")
        Member.objects.filter(pk=gone.pk).update(state="moved_away", state_on=DAY)
        factories.pay(done, year)
        left = {"on": date(2010, 1, 31), "by": factories.clerk(), "at": NOON}
        coverage.leave_scheme(coverage=factories.pay(unpaid, year), **left)
        other = factories.fund_year(factories.scheme("other", is_basic=False))
        factories.pay(two, other)
        rows = [
            ["身份证号", "姓名", "户编号", "缴费金额", "起始日期"],
            [one.id_number, "别名", "", 19, ""],
            [two.id_number, two.name, "", 21, "2011-01-01"],
            [two.id_number, two.name, "", "", ""],
            ["", twin.name, "H8", "", ""],
            [gone.id_number, gone.name, "", "", ""],
            [done.id_number, done.name, "", "", ""],
            [unpaid.id_number, unpaid.name, "", "", ""],
            ["x", "甲", "", "", ""],
        ]
        assert faults(ask(fay, "coverage", year, csv(*rows))) == [
            ("2", "fee_short"),
            ("2", "name_mismatch"),
            ("3", "fee_over"),
            ("3", "outside_year"),
            ("3", "owner_twice"),
            ("4", "owner_twice"),
            ("5", "owner_unknown"),
            ("6", "not_living"),
            ("7", "covered_already"),
            ("8", "covered_already"),
            ("9", "id_format"),
        ]

    def test_paid_but_left_is_said_so(self, fay, year):
        person, rows = covered(year)
        noted = factories.pay(person, year)
        Coverage.objects.filter(pk=noted.pk).update(void_reason="x")
        assert faults(ask(fay, "coverage", year, csv(*rows))) == [("2", "paid_already")]

    def test_a_further_scheme_minds_its_own_coverages_alone(self, fay, head, year):
        further = factories.fund_year(factories.scheme("further", is_basic=False))
        person, rows = covered(further)
        factories.pay(person, year)
        written(fay, head, "coverage", further, csv(*rows))
        assert faults(ask(fay, "coverage", further, csv(*rows, ["", "", "", ""]))) == [("2", "covered_already")]

    def test_a_year_that_is_not_ready(self, fay):
        drafted = factories.draft_year(factories.scheme("bare"))
        assert "尚未经双人确认" in str(ask(fay, "coverage", drafted, csv(["姓名"])).refusal)
        drafted.contributionrates.filter(category="student").update(category="former")
        for state in ("proposed", "confirmed"):
            drafted.state = state
            drafted.save(update_fields=["state"])
            if state == "proposed":
                factories.decide("enrollment.fundyear", drafted.pk, voter=factories.head())
        assert "1类人员" in str(ask(fay, "coverage", drafted, csv(["姓名"])).refusal)

    def test_headers(self, fay, year):
        assert "身份证号" in str(ask(fay, "coverage", year, csv(["姓名"])).refusal)
        assert "姓名" in str(ask(fay, "coverage", year, csv(["姓名", "姓名", "身份证号"])).refusal)
        assert ask(fay, "coverage", year, csv(["姓名", "身份证号"])).state == Job.State.FAILED
        assert "中断" in str(ask(fay, "coverage", year, csv(["姓名", "身份证号"], ['"马'])).refusal)


@pytest.mark.django_db
class TestBalances:
    def test_of_households(self, fay, head, accounted):
        one, two, three = (factories.household(number) for number in ("B1", "B2", "B3"))
        factories.member(one)
        known = accounts.account_of(scheme=accounted.scheme, owner=two)
        accounts.credit(account=known, amount=Decimal(5), on=DAY, reference="2009", by=fay, at=NOON)
        rows = [["户编号", "账户余额", "姓名"], ["B1", "12.50", "马小兰"], ["B2", "7", ""], ["B3", "0", ""]]
        job = written(fay, head, "balances", accounted, csv(*rows))
        assert [count for _label, count in job.outcome] == [3, 2]
        found = {one.household: one.balance for one in Account.objects.all()}
        assert found == {one: Decimal("12.50"), two: 12, three: 0}
        entry = AccountEntry.objects.get(account__household=one)
        assert (entry.kind, entry.on, entry.by, entry.balance_after) == ("opening", DAY, fay, Decimal("12.50"))
        assert GoLiveProtocol.objects.get().total == Decimal("19.50")

    def test_of_people(self, fay, head):
        personal = factories.fund_year(factories.scheme("employees", account="personal", insures="person"))
        person = factories.member()
        written(fay, head, "balances", personal, csv(["身份证号", "余额"], [person.id_number, "3"]))
        assert Account.objects.get().member == person
        rows = [["身份证号", "余额"], [person.id_number, "4"], ["", "5"]]
        assert faults(ask(fay, "balances", personal, csv(*rows))) == [("2", "opened_already"), ("3", "owner_missing")]

    def test_faults(self, fay, accounted):
        factories.member(factories.household("B1"))
        rows = [["户编号", "余额", "姓名"], ["B1", "1", "张三"], ["B1", "x", ""], ["B9", "1", ""]]
        assert faults(ask(fay, "balances", accounted, csv(*rows))) == [
            ("2", "owner_twice"),
            ("2", "name_mismatch"),
            ("3", "amount_unreadable"),
            ("3", "owner_twice"),
            ("4", "owner_unknown"),
        ]

    def test_not_where_the_scheme_keeps_none(self, fay, year):
        with pytest.raises(CannotBring):
            ask(fay, "balances", year, csv(["户编号", "余额"], ["1", "1"]))
