"""What an office brings along of claims: used invoices, year counters, unpaid claims; each file whole or not at all."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import Error, transaction

from claims.models import BenefitCounter, Claim, CounterOpening, Invoice, UsedInvoice
from claims.services import beginning, intake, reversing
from claims.services.intake import CannotEnter
from claims.tests import beginning as files
from claims.tests import taking_in
from claims.tests.deciding import Desk, now
from conftest import NOON
from enrollment.models import FundYear
from enrollment.services import go_live, go_live_jobs
from enrollment.services.go_live_files import CannotBring
from enrollment.tests import factories
from enrollment.tests.test_services_go_live import ask, bring, faults, run_writing
from office.models import Act, Duty, Job
from office.services import rounds
from office.tests.factories import shown_by

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def ann(appoint):
    """Keeps the books and brings the files."""
    return appoint("ann", Duty.FUND_ACCOUNTANT)


@pytest.fixture
def desk(appoint) -> Desk:
    return Desk.of(appoint)


@pytest.fixture
def member(desk):
    return taking_in.insured()


@pytest.fixture
def year(member) -> FundYear:
    return FundYear.objects.confirmed().get()


@pytest.fixture
def written(ann, desk, year):
    return lambda kind, content: files.written(ann, desk.hal, kind, year, content)


def paid(desk: Desk, claim: Claim) -> Decimal:
    """What the basic layer pays of a claim once it went its whole route."""
    intake.hand_on(claim=claim, seen=claim.content_version, by=desk.ian, at=NOON)
    desk.check(now(claim), desk.fay)
    parts = desk.check(now(claim), desk.sue).approval.parts.filter(layer="inpatient")
    return sum((one.amount for one in parts), Decimal(0))


class TestUsedInvoices:
    def test_an_invoice_used_before_is_refused_at_the_counter(self, desk, member, written):
        protocol = written("invoices", files.invoices("00000001", "00000002"))
        assert (protocol.rows, UsedInvoice.objects.filter(protocol=protocol).count()) == (2, 2)
        with pytest.raises(CannotEnter) as refusal:
            taking_in.entered(desk.ian, member)
        assert str(refusal.value) == (
            "Invoice 064001 00000001 was paid before this system began (旧00000001): it serves no claim any more."
        )
        assert Act.objects.filter(kind="refused", name="claim.entered").exists()
        other_year = taking_in.bill("00000001", on=date(2009, 1, 3))
        assert taking_in.entered(desk.ian, member, invoices=[other_year]).state == "entered"

    def test_the_same_file_twice_changes_nothing(self, ann, desk, year, written):
        written("invoices", files.invoices("1"))
        job = ask(ann, "invoices", year, files.invoices("1"))
        assert faults(job) == [("2", "invoice_brought")]
        with pytest.raises(CannotBring):
            go_live_jobs.propose(checked=job, by=ann, at=NOON)
        assert UsedInvoice.objects.count() == 1
        assert written("invoices", files.invoices("2")).rows == 1  # what was forgotten comes in a protocol of its own

    def test_every_fault(self, ann, desk, member, year):
        taking_in.entered(desk.ian, member)
        rows = [["064001", "00000001", 2010, ""], ["064001", "7", 2010, ""], ["064001", "7", "2010", ""]]
        rows += [["064001", "8", "10", ""], ["", "9", 2010, ""], ["064001", "7", 2010, "third"]]
        job = ask(ann, "invoices", year, files.as_csv(files.INVOICES, *rows))
        assert faults(job) == [
            ("2", "invoice_serves"),
            ("3", "invoice_twice"),
            ("4", "invoice_twice"),
            ("5", "year_unreadable"),
            ("6", "text_missing"),
            ("7", "invoice_twice"),
        ]

    @pytest.mark.parametrize(
        ("rows", "words"),
        [
            ([["发票代码"]], "missing: 发票号码、开票年度"),
            ([[*files.INVOICES, "发票号"]], "twice"),
            ([files.INVOICES], "no row"),
        ],
    )
    def test_what_is_no_such_file(self, ann, year, rows, words):
        job = ask(ann, "invoices", year, files.as_csv(*rows))
        assert job.state == Job.State.FAILED
        assert words in str(job.refusal)

    def test_the_database_wants_a_signed_protocol(self, ann, year, written):
        protocol = written("invoices", files.invoices("1"))
        with pytest.raises(Error, match="signed protocol"), transaction.atomic():
            UsedInvoice.objects.create(protocol=protocol, type_code="1", number="1", year=2010)

    def test_an_invoice_that_came_meanwhile_stops_the_writing(self, ann, desk, member, year):
        protocol = files.signed(ann, desk.hal, "invoices", year, files.invoices("00000001"))
        taking_in.entered(desk.ian, member)
        job = run_writing(protocol)
        assert (job.state, protocol.state, UsedInvoice.objects.count()) == (Job.State.FAILED, "signed", 0)


class TestCounters:
    def test_what_was_used_before_counts_in_what_is_paid(self, desk, member, written):
        protocol = written("counters", files.counters(member, "5900"))
        assert protocol.total == 5900
        assert paid(desk, taking_in.entered(desk.ian, member)) == 100  # 1,500 without it; the year gives 6,000
        counter = BenefitCounter.objects.get(name="inpatient.year")
        assert (counter.value, counter.opening.amount, counter.moves.get().amount) == (6000, 5900, 100)

    def test_without_it_the_same_claim_is_paid_in_full(self, desk, member):
        assert paid(desk, taking_in.entered(desk.ian, member)) == 1500

    def test_a_reversal_knows_what_was_used_before(self, desk, member, written):
        """The year gives 6,000: nothing was left for the later claim; without the first it would be paid in full."""
        written("counters", files.counters(member, "4500"))
        first = taking_in.entered(desk.ian, member)
        second = taking_in.entered(
            desk.ian, member, "00000002", admitted_on=date(2010, 2, 1), discharged_on=date(2010, 2, 3)
        )
        assert [paid(desk, one) for one in (first, second)] == [1500, 0]
        back = reversing.void(claim=now(first), reason="why", by=desk.hal, at=NOON, proof=shown_by(desk.hal))
        [later] = back.later
        assert (later["claim"], later["paid"], later["now"]) == (second.number, "300.00", "1650.00")
        assert BenefitCounter.objects.get(name="inpatient.year").value == 4500

    def test_every_fault(self, ann, desk, member, year, written):
        taken = taking_in.insured("0002", name="马大山")
        assert paid(desk, taking_in.entered(desk.ian, taken)) == 1500
        written("counters", files.counters(member, 10))
        rows = [
            [member.id_number, member.name, "inpatient.year", 20],
            [member.id_number, member.name, "inpatient.month", 20],
            [member.id_number, "别人", "inpatient.year", 0],
            [factories.id_number(date(1971, 1, 1)), "谁", "inpatient.year", 20],
            [taken.id_number, taken.name, "inpatient.year", "1.005"],
            [taken.id_number, taken.name, "inpatient.year", "1"],
            [taken.id_number, taken.name, "inpatient.year", "2"],
            ["", taken.name, "stays", "1.5"],
            [f"{member.id_number[:-1]}X"[-17:], member.name, "inpatient.year", 20],
        ]
        assert faults(ask(ann, "counters", year, files.as_csv(files.COUNTERS, *rows))) == [
            ("2", "counter_opened"),
            ("3", "counter_unknown"),
            ("4", "amount_none"),
            ("5", "owner_unknown"),
            ("6", "amount_unreadable"),
            ("7", "year_moved"),
            ("8", "counter_twice"),
            ("8", "year_moved"),
            ("9", "owner_missing"),
            ("9", "amount_not_whole"),
            ("10", "id_format"),
        ]

    def test_another_counter_of_the_same_person_comes_later(self, member, written, monkeypatch):
        names = ["inpatient.year", "stays"]  # of plans that count stays too
        monkeypatch.setattr(beginning.cases, "counters_of", lambda plans: names)
        written("counters", files.counters(member, 10))
        written("counters", files.counters(member, 2, "stays"))
        assert set(CounterOpening.objects.values_list("counter__name", flat=True)) == set(names)

    def test_somebody_without_a_number_is_found_by_household_and_name(self, ann, desk, member, year):
        header = ("户编号", *files.COUNTERS)
        row = [member.household.number, "", member.name, "inpatient.year", 30]
        files.written(ann, desk.hal, "counters", year, files.as_csv(header, row))
        assert CounterOpening.objects.get().counter.member == member

    def test_a_disease_has_a_counter_of_its_own(self):
        assert beginning.rules.fits("chronic.disease.I10", ["chronic.disease", "chronic.year"])
        assert not beginning.rules.fits("chronic.disease", ["chronic.year"])

    def test_whose_year_was_moved_meanwhile_is_not_opened(self, ann, desk, member, year):
        protocol = files.signed(ann, desk.hal, "counters", year, files.counters(member, 10))
        plain = beginning.Counters.read

        def late(self):
            found = plain(self)
            paid(desk, taking_in.entered(desk.ian, member))
            return found

        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(beginning.Counters, "read", late)
            with pytest.raises(CannotBring, match="at the same time"), transaction.atomic():
                go_live.write(protocol=protocol, by=desk.hal, at=NOON, step=lambda *told: None)
        assert not CounterOpening.objects.exists()


class TestUnpaidClaims:
    def test_they_are_entered_and_take_their_route(self, ann, desk, member, written):
        rows = [
            files.claim(member),
            files.claim(member, number="2", 甲类费用=100, 乙类费用="", 自费费用="", 费用类别=""),
        ]
        other = files.claim(member, "旧-2", "3", 入院日期="2010-02-01", 出院日期="2010-02-05", 材料齐全="")
        protocol = written("claims", files.claims(*rows, other))
        assert (protocol.rows, protocol.total) == (3, 6100)
        first, second = Claim.objects.order_by("pk")
        assert (first.state, first.total, first.entered_by, first.note) == (
            "entered",
            3100,
            ann,
            "Taken in before as 旧-1",
        )
        assert [first.number, second.number] == [str(int(first.number)), str(int(first.number) + 1)]
        assert list(first.lines.values_list("item_class", "group", "amount")) == [
            ("A", "drug", 2000), ("A", "other", 100), ("B", "drug", 500), ("C", "drug", 500),
        ]  # fmt: skip
        assert list(first.invoices.order_by("number").values_list("number", "amount")) == [
            ("00000001", 3000),
            ("2", 100),
        ]
        assert Act.objects.filter(name="claim.entered", kind="done").count() == 2
        assert paid(desk, first) == 1300  # half of what the fund covers
        with pytest.raises(intake.CannotHandOn, match="Papers are missing"):
            intake.hand_on(claim=second, seen=1, by=desk.ian, at=NOON)

    def test_its_invoices_are_used(self, desk, member, written):
        written("claims", files.claims(files.claim(member)))
        with pytest.raises(CannotEnter, match="was used already"):
            taking_in.entered(desk.ian, member)

    def test_the_same_file_twice_changes_nothing(self, ann, desk, member, year, written):
        written("claims", files.claims(files.claim(member)))
        again = ask(ann, "claims", year, files.claims(files.claim(member)))
        assert faults(again) == [("2", "claim_refused")]
        assert Claim.objects.count() == 1

    def test_every_fault(self, ann, member, year):
        rows = [
            files.claim(member, "1", "1", 医疗机构编码="X"),
            files.claim(member, "2", "2", 疾病编码="X"),
            files.claim(member, "3", "3", 姓名="别人"),
            files.claim(member, "4", "4", 出院日期="2010-01-01"),
            files.claim(member, "5", "5", 就诊类别="X"),
            files.claim(member, "6", "6", 入院日期="X"),
            files.claim(member, "7", "7", 甲类费用="", 乙类费用="", 自费费用=""),
            files.claim(member, "8", "8", 转诊="也许"),
            files.claim(member, "9", "9"),
            files.claim(member, "9", "9", 就诊类别="门诊"),
            files.claim(member, "10", "10", 费用类别="X"),
        ]
        assert faults(ask(ann, "claims", year, files.claims(*rows))) == [
            ("2", "provider_unknown"),
            ("3", "disease_unknown"),
            ("4", "name_mismatch"),
            ("5", "claim_refused"),
            ("6", "kind_unknown"),
            ("7", "day_unreadable"),
            ("8", "amount_none"),
            ("9", "yes_unknown"),
            ("10", "invoice_twice"),
            ("11", "claim_differs"),
            ("11", "invoice_twice"),
            ("12", "group_unknown"),
        ]

    def test_what_only_some_claims_say(self, member, written):
        more = {"结算日期": "2010-01-22", "他方已付": "100", "住院号": "Z1", "急诊": "否", "分娩方式": ""}
        taking_in.provider()
        taking_in.disease()
        written("claims", files.as_csv([*files.CLAIMS, *more], [*files.claim(member), *more.values()]))
        claim = Claim.objects.get()
        assert (claim.settled_on, claim.other_payers, claim.hospital_number) == (date(2010, 1, 22), 100, "Z1")
        assert (claim.is_referred, claim.is_emergency, claim.delivery) == (True, False, "")

    def test_a_delivery_says_which(self, ann, member, year):
        """Intake refuses it: the plan of this office grants nothing for deliveries, but knows the two kinds."""
        taking_in.provider()
        taking_in.disease()
        rows = [
            [*files.claim(member, str(one), str(one), 就诊类别="分娩"), how] for one, how in enumerate(["顺产", "x"])
        ]
        job = ask(ann, "claims", year, files.as_csv([*files.CLAIMS, "分娩方式"], *rows))
        assert faults(job) == [("2", "claim_refused"), ("3", "delivery_unknown")]

    def test_an_invoice_that_came_meanwhile_stops_the_writing(self, ann, desk, member, year):
        protocol = files.signed(ann, desk.hal, "claims", year, files.claims(files.claim(member)))
        taking_in.entered(desk.ian, member)
        job = run_writing(protocol)
        assert (job.state, protocol.state, Claim.objects.count()) == (Job.State.FAILED, "signed", 1)
        assert Invoice.objects.count() == 1

    def test_who_has_lost_the_duty_meanwhile_brings_nothing(self, ann, desk, member, year):
        protocol = files.signed(ann, desk.hal, "claims", year, files.claims(files.claim(member)))
        ann.appointments.update(period=("2009-01-01", "2009-02-01"))
        job = run_writing(protocol)
        assert (job.state, Claim.objects.count()) == (Job.State.FAILED, 0)


def test_who_signed_is_another_person(ann, member, year):
    protocol = bring(ann, "invoices", year, files.invoices("1"))
    with pytest.raises(rounds.CannotVote):
        files.vote(protocol, ann)
