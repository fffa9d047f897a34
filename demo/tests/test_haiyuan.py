"""A county's whole year: the report's totals to the fen, the same for the same seed, begun again where it stopped."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from decimal import Decimal
from io import StringIO
from random import Random
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.db.models import Count, Sum

from audit.models import AuditReport, Engagement, Lead, Sample, SampleItem, ScreenResult
from audit.screens.registry import SCREENS
from audit.selectors import completeness
from claims.models import Approval, BulkDocument, Claim, ClaimPart, Flag, Settlement
from demo.haiyuan import entering, figures, load, other_funds, register, year
from demo.haiyuan.claims import Month
from demo.haiyuan.figures import STAYS, VISITS
from demo.haiyuan.year import Papers, Patient
from enrollment.models import CollectionSheet, Contribution, Coverage, Household, Member
from funds.models import (
    Book,
    Entry,
    FundRequest,
    MatchedEntry,
    Payment,
    PaymentBatch,
    Period,
    Posting,
    ProviderPayment,
    Reconciliation,
    RiskMove,
    Slip,
    Statement,
    Voucher,
)
from funds.selectors import balances, financial_statements, indicators, verifying
from office.models import Person

SCALE, SEED = 0.002, 640522
#: The report of the county.
VISITS_PAID, STAYS_PAID, ALL_STAYS = Decimal(3_931_900), Decimal(30_817_900), 25_566
NONE = Decimal(0)
OPENED, CLOSED = date(2009, 1, 1), date(2009, 12, 1)


def people(count: int = 2_000) -> list[Patient]:
    return [Patient(f"{one:018d}", f"马{one}", date(1930 + one % 79, 3, 1)) for one in range(count)]


class TestTheFigures:
    def test_at_full_scale_are_the_reports(self):
        paid = Decimal(0)
        for group in STAYS:
            costs = figures.spread(group.at(1), group.eligible_at(1), group.least, group.most, Random(group.code))
            assert (len(costs), sum(costs)) == (group.number, group.eligible)
            assert min(costs) > group.deductible
            paid += sum(map(group.pays, costs))
        assert paid == STAYS_PAID
        assert sum(one.number for one in STAYS) == ALL_STAYS
        assert sum(one.number for one in VISITS) == 391_205
        assert sum(one.number * one.average * one.ratio for one in VISITS) == VISITS_PAID

    def test_the_actual_ratio_is_about_as_assumed(self):
        whole = sum(group.eligible * 100 / Decimal(group.share) for group in STAYS)
        assert round(STAYS_PAID / whole * 100) == 42
        assert round(STAYS_PAID / sum(group.eligible for group in STAYS) * 100) == 50

    def test_all_funds_together_are_the_reports(self):
        came = 37_876_900 + sum(one.received for one in other_funds.FUNDS)
        went = STAYS_PAID + VISITS_PAID + sum(one.spent for one in other_funds.FUNDS)
        assert (came, went) == (Decimal(54_098_900), Decimal(47_762_600))
        assert round((came - went) * 100 / came, 2) == Decimal("11.71")

    @pytest.mark.parametrize(("count", "whole"), [(3, 20), (3, 8), (0, 1)])
    def test_a_sum_that_cannot_be_is_none(self, count, whole):
        with pytest.raises(ValueError, match="do not come to"):
            figures.spread(count, whole, 3, 6, Random(1))

    def test_every_sum_that_can_be_is_met(self):
        chance = Random(3)
        for whole in range(9, 19):
            assert sum(figures.spread(3, whole, 3, 6, chance)) == whole

    def test_shares_add_up(self):
        assert figures.shared_out(10, [1, 1, 1]) == [3, 3, 4]


class TestThePapers:
    def test_are_the_same_for_the_same_seed(self):
        first, again, other = (Papers(people(), 0.002, seed) for seed in (1, 1, 2))
        rows = [
            [paper.rows for month in year.months(SCALE) for paper in one.of_month(month)]
            for one in (first, again, other)
        ]
        assert rows[0] == rows[1] != rows[2]

    def test_hold_every_visit_and_stay_once(self):
        papers = [one for month in year.months(SCALE) for one in Papers(people(), SCALE, 1).of_month(month)]
        rows = [row for paper in papers for row in paper.rows]
        assert len({row["receipt"] for row in rows}) == len(rows)
        assert len({paper.name for paper in papers}) == len(papers)
        kinds = Counter("kind" in row for row in rows)
        assert kinds == {
            False: sum(one.at(SCALE) for one in VISITS),
            True: sum(one.at(SCALE) for one in STAYS),
        }

    def test_nobody_visits_a_clinic_while_he_lies_in_hospital(self):
        of = Papers(people(900), SCALE, 1)
        rows = [row for month in year.months(SCALE) for paper in of.of_month(month) for row in paper.rows]
        lying = {row["id_number"]: (row["began_on"], row["ended_on"]) for row in rows if "kind" in row}
        visits = [row for row in rows if "kind" not in row]
        assert not [one for one in visits if _within(lying.get(one["id_number"]), one["began_on"])]
        assert all("2009-01-01" <= row["began_on"] <= "2009-12-24" for row in rows)

    def test_too_few_people_are_told(self):
        with pytest.raises(ValueError, match="people for"):
            Papers(people(10), SCALE, 1)


def _within(stay: tuple[str, str] | None, day: str) -> bool:
    return stay is not None and stay[0] <= day <= stay[1]


@pytest.mark.django_db
class TestTheCommand:
    @pytest.mark.parametrize("scale", ["0.001", "1.5"])
    def test_has_its_scales(self, scale):
        with pytest.raises(CommandError, match="A scale lies between"):
            call_command("load_county", "haiyuan", "--scale", scale)

    def test_loads_where_nobody_works(self, appoint):
        appoint("ian")
        with pytest.raises(CommandError, match="not with this county"):
            call_command("load_county", "haiyuan")

    def test_and_on_this_machine_alone(self, settings):
        settings.PLAIN_HTTP = False
        with pytest.raises(CommandError, match="on this machine alone"):
            call_command("load_county", "haiyuan")


class Stopped(Exception):
    """The machine was switched off."""


@pytest.mark.django_db
def test_a_year_at_five_hundredth(monkeypatch):
    said: list[str] = []
    stop_after(monkeypatch, 12)
    with pytest.raises(Stopped):
        load.load(SCALE, SEED)
    monkeypatch.undo()
    assert 0 < BulkDocument.objects.count() < len(papers())
    load.load(SCALE, SEED, said.append)
    assert len(said) == 7
    the_register_is_whole()
    every_visit_and_stay_is_paid_for()
    book = Book.objects.get(scheme__code="ncms")
    the_books_say_the_same(book)
    the_indicators_follow()
    the_other_funds_are_as_reported()
    the_year_is_audited()
    every_posting_has_its_decision()
    before = counted()
    load.load(SCALE, SEED)
    assert counted() == before
    with pytest.raises(register.AnotherCounty):
        load.load(0.01, SEED)


def the_year_is_audited() -> None:
    """All screens ran, what was drawn was examined by one and looked at by another, the report is out."""
    assert ScreenResult.objects.count() == len(SCREENS)
    sample = Sample.objects.get()
    assert sample.population.items == Claim.objects.filter(approval__isnull=False).count()
    assert (sample.state, sample.items.exclude(outcome="right").count()) == ("concluded", 0)
    report = AuditReport.objects.get()
    assert (report.state, report.engagement.state) == ("issued", "reported")
    assert report.made_by != report.issued_by


def every_posting_has_its_decision() -> None:
    """And every record its last state, every approval its round, every decision its votes."""
    connection.ensure_connection()
    assert completeness.within(connection.connection).faults == []


def stop_after(monkeypatch: pytest.MonkeyPatch, documents: int) -> None:
    advance, done = Month.advance, list[year.Paper]()

    def or_stop(self: Month, paper: year.Paper) -> BulkDocument:
        if len(done) == documents:
            raise Stopped
        done.append(paper)
        return advance(self, paper)

    monkeypatch.setattr(Month, "advance", or_stop)


def papers() -> list[year.Paper]:
    of = Papers(register.patients(), SCALE, SEED)
    return [paper for month in year.months(SCALE) for paper in of.of_month(month)]


def counted() -> dict[str, Any]:
    of_claims = (Claim, BulkDocument, Settlement, Approval, Member, Person)
    of_money = (Posting, Slip, FundRequest, RiskMove, ProviderPayment, PaymentBatch, Payment)
    of_months = (Period, Statement, Reconciliation, Voucher)
    of_audit = (Lead, ScreenResult, Engagement, Sample, SampleItem, AuditReport)
    return {one.__name__: one._default_manager.count() for one in (*of_claims, *of_money, *of_months, *of_audit)}


def the_register_is_whole() -> None:
    assert Member.objects.count() == 774  # 386,772
    assert Coverage.objects.standing().filter(fund_year__year=2009).count() == 741  # 370,296
    assert Coverage.objects.standing().filter(fund_year__year=2010).count() == 750
    assert Household.objects.count() == 190
    of_year = Contribution.objects.filter(fund_year__year=2009)
    sums = of_year.aggregate(own=Sum("own"), assisted=Sum("assisted"))
    assert sums == {"own": Decimal(658 * 20), "assisted": Decimal(83 * 20)}


def every_visit_and_stay_is_paid_for() -> None:
    levels = {"village": "village", "township": "township", "county": "county", "outside": "province"}
    wanted: dict[tuple[str, str], list[Any]] = {}
    for visits in VISITS:
        count = visits.at(SCALE)
        wanted["outpatient", visits.level] = [count, count * visits.average * visits.ratio]
    for group in STAYS:
        of = wanted.setdefault(("inpatient", levels[group.level]), [0, Decimal(0)])
        count = group.at(SCALE)
        of[0] += count
        of[1] += (group.eligible_at(SCALE) - count * group.deductible) * group.ratio
    found = Claim.objects.values_list("kind", "level").annotate(Count("pk"), Sum("approval__fund_pays")).order_by()
    assert {(kind, level): [count, paid] for kind, level, count, paid in found} == wanted
    assert set(Claim.objects.values_list("state", flat=True)) == {"paid"}
    assert not Flag.objects.exists()
    assert not ClaimPart.objects.filter(settled_with__isnull=True).exists()
    assert set(PaymentBatch.objects.values_list("state", flat=True)) == {"over"}
    states = set(CollectionSheet.objects.filter(cash__gt=0).values_list("fund_year__year", "state"))
    assert states == {(2009, "confirmed"), (2010, "confirmed")}


def the_books_say_the_same(book: Book) -> None:
    granted = Approval.objects.aggregate(whole=Sum("fund_pays"))["whole"]
    spent = next(one for one in balances.standings(book, OPENED, CLOSED) if one.account.purpose == "pool_spending")
    assert (spent.debit, spent.closing) == (granted, Decimal(0))
    closing = {one.account.purpose: one.closing for one in balances.standings(book, OPENED, CLOSED)}
    came = 741 * 80 + 741 * 20 + 40 * 31 + Decimal("469.64")
    risk = Decimal(7_410)
    assert closing["risk_fund"] == closing["risk_deposit"] == risk
    assert closing["received_ahead"] == 13_340
    assert closing["household_fund"] == Decimal("2972.60")
    assert closing["general_pool"] == 4_400 + came - granted - (risk - 6_462)
    held = closing["special_account"] + closing["risk_deposit"] - closing["received_ahead"]
    assert held == closing["general_pool"] + risk + closing["household_fund"]
    with connection.cursor() as cursor:  # what the end of a transaction does
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
    assert not list(verifying.broken())
    the_months_are_closed(book)


def the_months_are_closed(book: Book) -> None:
    """With a sheet of every account's last day behind each, and the year brought to its funds by a voucher."""
    assert list(book.periods.order_by("month").values_list("month", "state")) == [
        (date(2009, month, 1), "closed") for month in range(1, 13)
    ]
    assert set(Reconciliation.objects.values_list("state", "book_in", "bank_in")) == {("confirmed", NONE, NONE)}
    assert Reconciliation.objects.filter(account__book=book, account__purpose="special_account").count() == 12
    entries = Entry.objects.filter(account__book=book, account__place__in=["income", "special", "spending"])
    assert not entries.exclude(pk__in=MatchedEntry.objects.values("entry")).exists()
    kinds = set(Voucher.objects.filter(book=book).values_list("kind", "state"))
    assert kinds == {("opening", "entered"), ("year_closed", "entered")}
    of = financial_statements.statements(book, "year", OPENED)
    assert of.sides[0] == of.sides[1]


#: What the report comes to at full scale, and how far from it a five hundredth may be: the few dear stays weigh more.
REPORTED = {
    ("participation_rate", "should_enroll"): ("95.74", "0.01"),
    ("use_rate", "due"): ("93.84", "3"),
    ("use_rate", "received"): ("91.74", "3"),
    ("surplus_rate", "due"): ("6.16", "3"),
    ("surplus_rate", "received"): ("8.26", "3"),
}


def the_indicators_follow() -> None:
    """As the command tells them, near those of the whole county."""
    found = told("--scheme", "ncms")
    for key, (reported, band) in REPORTED.items():
        assert abs(Decimal(found[key]) - Decimal(reported)) <= Decimal(band), (key, found[key])
    granted = Approval.objects.aggregate(whole=Sum("fund_pays"))["whole"]
    due, received = Decimal(74_100), Decimal("75809.64")
    assert found["use_rate", "due"] == f"{round(granted * 100 / due, 2)}"
    assert found["surplus_rate", "received"] == f"{round((received - granted) * 100 / received, 2)}"


def the_other_funds_are_as_reported() -> None:
    """In money, at the scale; all pools together as the command tells them."""
    granted = Approval.objects.aggregate(whole=Sum("fund_pays"))["whole"]
    came, went = Decimal("75809.64"), granted
    for fund in other_funds.FUNDS:
        of_books = Book.objects.get(scheme__code=fund.code)
        facts = indicators.facts(indicators.of_scheme(of_books.scheme, 2009, date(2010, 1, 1)))
        wanted = [entering.scaled(one, SCALE) for one in (fund.received, fund.spent)]
        assert [facts.received, facts.spent] == wanted, fund.code
        own = fund.opened.get("general_pool", NONE) + fund.received - fund.spent
        assert facts.cumulative == entering.scaled(own, SCALE)
        came, went = came + facts.received, went + facts.spent
    found = told()
    assert found["surplus_rate", "received"] == f"{round((came - went) * 100 / came, 2)}"
    assert abs(Decimal(found["surplus_rate", "received"]) - Decimal("11.71")) <= 2


def told(*asked: str) -> dict[tuple[str, str], str]:
    """The indicators of 2009 by the command, by code and basis."""
    out = StringIO()
    call_command("indicators", *asked, "--year", "2009", "--json", stdout=out)
    return {(one["code"], one["basis"]): one["value"] for one in json.loads(out.getvalue())["indicators"]}
