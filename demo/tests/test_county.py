"""The demo county: whole, fictitious, and never on top of a real office."""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal
from io import StringIO

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from audit.models import Complaint, ComplaintFile, Lead, LeadHold, TakenOff, Waiver
from audit.selectors import completeness
from claims.models import Agreement, BenefitPlan, Catalogue, CatalogueEntry, Claim, DoorToken, ListedDisease, Provider
from claims.rules import door as rules
from conftest import NOON
from demo import county, door, enrolled, funds_books, signins
from demo.tests.samples import assert_samples_wait_in_every_state
from enrollment.models import (
    Account,
    AccountEntry,
    AssistanceList,
    Bulletin,
    CampaignDeadline,
    CollectionCost,
    CollectionSheet,
    EnrollmentRound,
    FundYear,
    GoLiveProtocol,
    HouseholdException,
    Member,
    Receipt,
    ReceiptBook,
    Refund,
    Reminder,
    RosterImport,
    SubsidyClaim,
)
from enrollment.selectors import assistance, doubles, fund_years, wholeness
from enrollment.services import go_live_jobs, roster_jobs
from funds.models import (
    BankAnswer,
    Book,
    CashCount,
    FundRequest,
    Match,
    Payment,
    PaymentBatch,
    Period,
    Reconciliation,
    Slip,
    SubsidyLetter,
    Voucher,
)
from funds.selectors import identities
from office import access, deciding, desk
from office.models import Attachment, Body, Duty, Job, Person, WorkingDay
from office.rules import totp

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(db, monkeypatch) -> None:
    """The demo with three thousandths of the county's people."""
    monkeypatch.setattr(enrolled, "SCALE", 0.003)
    assert county.load(NOON)


def test_the_demo_is_whole(demo, client):
    """Made once for all that is asked of it: making it takes longer than asking."""
    there_is_a_sign_in_for_every_duty_that_works()
    what_plans_look_up_is_there_and_says_that_it_is_a_demo()
    everybody_and_every_body_says_that_it_is_a_demo()
    the_office_has_work_waiting()
    the_register_has_people_and_work_waiting()
    next_years_collection_is_in_the_middle_of_it()
    somebody_has_taken_work_and_somebody_left_some_behind()
    it_is_made_once_and_never_where_people_work()
    the_sign_ins_as_json()
    the_hospitals_token_opens_the_door()
    the_sign_ins_in_words()
    every_page_of_the_register_has_something_waiting()
    the_other_schemes_years_are_open_and_complete()
    benefit_plans_are_adopted_by_two_one_waits_and_one_is_typed_in()
    lists_of_those_helped_differ_from_the_register_and_subsidies_are_claimed()
    claims_wait_in_every_early_state()
    leads_wait_one_is_held_one_cleared_and_people_complain()
    money_is_waived_somebody_was_taken_off_and_complaints_have_files()
    books_are_open_and_their_vouchers_and_months_wait()
    money_came_in_and_slips_wait()
    money_leaves_and_comes_back()
    assert_samples_wait_in_every_state(NOON.date())
    every_posting_has_its_decision()
    somebody_signs_in(client)


def somebody_signs_in(client) -> None:
    the_sign_ins_as_json_sign_in(client)
    the_sign_in_page_of_a_demo_shows_them(client)


def leads_wait_one_is_held_one_cleared_and_people_complain() -> None:
    assert (
        set(Lead.objects.values_list("state", flat=True)) == {"open"} or Lead.objects.filter(state="cleared").exists()
    )
    found = set(Lead.objects.values_list("screen", flat=True))
    assert {"overlapping_stays", "readmission", "complaint"} <= found
    assert LeadHold.objects.get().lead.screen == "overlapping_stays"
    assert set(Complaint.objects.values_list("state", "is_anonymous")) == {("received", False), ("assigned", True)}


def money_is_waived_somebody_was_taken_off_and_complaints_have_files() -> None:
    assert dict(Waiver.objects.values_list("state", "amount")) == {"agreed": 560, "proposed": 420}
    waiting = Waiver.objects.get(state="proposed")
    assert deciding.rounds_of(waiting).get(state="open").duties == ["office_head"]
    off = TakenOff.objects.get()
    assert (off.member.person.username, off.member.engagement.members.there().count()) == ("inspector2", 2)
    assert set(ComplaintFile.objects.values_list("complaint__is_anonymous", "names_informant")) == {
        (False, True),
        (True, False),
    }


def money_came_in_and_slips_wait() -> None:
    found = set(Slip.objects.values_list("kind", "state"))
    assert {("turn", "entered"), ("deposit", "noted"), ("subsidy", "entered"), ("other", "noted")} <= found
    wages = Slip.objects.filter(book__code="employees").values_list("kind", "state")
    assert Counter(wages) == {("fee", "entered"): 1, ("transfer", "entered"): 1}
    letter = SubsidyLetter.objects.get()
    assert letter.owed == letter.due - letter.arrived > 0


def books_are_open_and_their_vouchers_and_months_wait() -> None:
    assert set(Book.objects.values_list("code", flat=True)) == {*funds_books.OPENINGS, *funds_books.EMPTY}
    states = Counter(Voucher.objects.values_list("book__code", "state"))
    assert states["ncms", "entered"] == states["employees", "returned"] == states["employees", "noted"] == 1
    assert states["residents", "noted"] == 1  # what stood on the first day waits to be checked
    assert Counter(Period.objects.exclude(state="open").values_list("state", flat=True)) == {"closed": 2, "closing": 2}
    assert all(one.identity.holds for one in identities.identities())


def the_hospitals_token_opens_the_door() -> None:
    token = DoorToken.objects.get()
    assert "演示" in token.label
    assert rules.is_the_same(token.sha256, door.text())
    assert (token.provider.code, token.acts_for.username, token.given_by.username) == (
        door.HOSPITAL,
        "hospital",
        "security",
    )
    found = door.example(NOON)
    assert found
    assert Member.objects.get(id_number=found.id_number).name == found.name
    with pytest.raises(CommandError, match="no demo county"):
        call_command("demo_door")  # nobody of the demo of 2010 is insured today


def there_is_a_sign_in_for_every_duty_that_works() -> None:
    shown = signins.shown()
    assert {one.duty_code for one in shown} == set(Duty)
    for one in shown:
        assert authenticate(username=one.username, password=one.password)


def what_plans_look_up_is_there_and_says_that_it_is_a_demo() -> None:
    assert all("演示" in one.name for one in Provider.objects.all())
    assert all("演示" in one.name for one in CatalogueEntry.objects.all())
    assert all("演示" in number for number in Agreement.objects.values_list("number", flat=True))
    assert all("演示" in paper for paper in Catalogue.objects.values_list("document", flat=True))
    assert all("演示" in paper for paper in ListedDisease.objects.values_list("document", flat=True))
    serious = ListedDisease.objects.filter(kind="serious")
    assert serious.values("group").distinct().count() == 20
    assert serious.on(NOON.date()).values("group").distinct().count() == 8
    assert Agreement.objects.exclude(ended_because="").exists()
    assert Provider.objects.filter(closed_on__isnull=False).exists()
    assert Provider.objects.exclude(body=None).count() == 2


def everybody_and_every_body_says_that_it_is_a_demo() -> None:
    assert all("演示" in name for name in Person.objects.values_list("full_name", flat=True))
    assert all("演示" in name for name in Body.objects.values_list("name", flat=True))


def the_office_has_work_waiting() -> None:
    assert Job.objects.filter(name="office.tasks.bring_in_notice").exists()
    assert WorkingDay.objects.filter(day__year=2027, source=WorkingDay.Source.ASSUMED).exists()


def the_register_has_people_and_work_waiting() -> None:
    assert Member.objects.filter(coverages__fund_year__year=2010).count() > 300
    assert Job.objects.filter(name=roster_jobs.CHECK).exists()
    waiting = EnrollmentRound.objects.filter(state="open").values_list("subject_type", flat=True)
    assert Counter(waiting) == Counter(
        {
            "enrollment.fundyear": 1,
            "enrollment.goliveprotocol": 1,
            "enrollment.membermerge": 1,
            "enrollment.payeeaccount": 1,
            "enrollment.refund": 2,
        }
    )
    assert Member.objects.filter(state="dead").exists()
    assert HouseholdException.objects.standing().exists()
    assert all("演示" in one for one in RosterImport.objects.values_list("name", flat=True))


def next_years_collection_is_in_the_middle_of_it() -> None:
    mine = CollectionSheet.objects.filter(opened_by__username="township")
    states = Counter(mine.values_list("state", flat=True))
    assert states["open"] == 2
    assert states["handed_in"] == 1
    assert states["confirmed"] >= 1
    assert set(CollectionSheet.objects.filter(origin="roster").values_list("state", flat=True)) == {"confirmed"}
    assert {one.state for one in ReceiptBook.objects.all()} == {"in_use", "issued"}
    assert Receipt.objects.filter(state="void").exists()
    assert Refund.objects.filter(state="proposed").count() == 2
    assert (CampaignDeadline.objects.count(), Bulletin.objects.count(), CollectionCost.objects.count()) == (2, 1, 3)
    assert Reminder.objects.unanswered().get().township.name == "海城镇"


def somebody_has_taken_work_and_somebody_left_some_behind() -> None:
    [(_worklist, item)] = desk.held_work(NOON)
    assert (item.lease.holder.username, item.lease.given_by.username) == ("security2", "head")
    behind = desk.open_work_of(Person.objects.get(username="former"), NOON)
    assert (len(behind.held), len(behind.left), len(behind.alone)) == (0, 1, 1)


def it_is_made_once_and_never_where_people_work() -> None:
    assert not county.load(NOON)
    with pytest.raises(CommandError, match="people in it"):
        call_command("load_demo")


def money_leaves_and_comes_back() -> None:
    states = set(Payment.objects.values_list("state", flat=True))
    assert states == {"paid", "returned", "unknown", "waiting"}
    assert set(PaymentBatch.objects.values_list("state", flat=True)) == {"asked", "made", "over", "released"}
    assert set(FundRequest.objects.values_list("state", flat=True)) == {"approved", "arrived", "proposed"}
    names = BankAnswer.objects.order_by("pk").values_list("name", flat=True)
    assert list(names) == [
        "试点银行回单（演示）.csv", "银行回单（演示）.csv", "银行回单二（演示）.csv", "银行回单三（演示）.csv",
    ]  # fmt: skip
    assert set(Reconciliation.objects.values_list("state", "bank_out")) == {("proposed", Decimal("0.50"))}
    assert CashCount.objects.get().state == "noted"
    assert Match.objects.filter(how="number").exists()


def every_posting_has_its_decision() -> None:
    """And every record its last state, every approval its round, every decision its votes."""
    assert completeness.within(connection.connection).faults == []


def test_it_is_never_made_on_a_real_server(settings, db):
    settings.PLAIN_HTTP = False
    with pytest.raises(CommandError, match="known to everybody"):
        call_command("load_demo")
    assert not Person.objects.exists()


def the_sign_ins_as_json() -> None:
    out = StringIO()
    call_command("demo_signins", "--json", stdout=out)
    rows = json.loads(out.getvalue())
    more = 8  # two system and two security administrators, the registrar, a station's intake, an auditor, three members
    assert len(rows) == len(Duty) + more
    assert set(rows[0]) == {"user", "password", "totp_secret", "duty", "body"}
    for row in rows:
        person = Person.objects.get(username=row["user"])
        assert bool(row["totp_secret"]) == access.needs_second_factor(person)


def the_sign_ins_as_json_sign_in(client: Client) -> None:
    """With the secret that is printed, at once."""
    out = StringIO()
    call_command("demo_signins", "--json", stdout=out)
    row = next(row for row in json.loads(out.getvalue()) if row["duty"] == Duty.CASHIER)
    assert client.post("/sign-in/", {"username": row["user"], "password": row["password"]}).status_code == 302
    first = totp.step_of(timezone.now())
    page = client.get("/sign-in/code/").content.decode()
    steps = range(first, totp.step_of(timezone.now()) + 1)  # a busy machine may show the page in the next one
    [code] = [one for step in steps if (one := totp.code_at(totp.read(row["totp_secret"]), step)) in page]
    assert client.post("/sign-in/code/", {"code": code}).headers["Location"] == "/"
    assert client.get("/").status_code == 200


def the_sign_ins_in_words() -> None:
    out = StringIO()
    call_command("demo_signins", stdout=out)
    assert "township-2010" in out.getvalue()


def the_sign_in_page_of_a_demo_shows_them(client: Client) -> None:
    page = client.get("/sign-in/").content.decode()
    assert "township-2010" in page
    assert next(one.totp_secret for one in signins.shown() if one.totp_secret) in page


def every_page_of_the_register_has_something_waiting() -> None:
    year = FundYear.objects.confirmed().get(scheme__code="ncms", year=2010)
    assert Account.objects.filter(household__isnull=False).count() > 10
    assert Account.objects.filter(member__isnull=False).exists()
    assert set(AccountEntry.objects.values_list("kind", flat=True)) == {"credit", "debit", "reversal"}
    assert len(doubles.enrolled_twice(2010)) == 2
    assert {one["why"] for home in wholeness.not_whole(year) for one in home.left_out} >= {"void", "newborn"}
    assert GoLiveProtocol.objects.get().state == "proposed"
    assert Job.objects.filter(name=go_live_jobs.CHECK).exists()
    draft = FundYear.objects.get(state="draft")
    assert (draft.scheme.code, draft.year) == ("residents", 2011)
    assert Member.objects.filter(state="moved_away").exists()
    assert Attachment.objects.filter(subject_type="enrollment.household").exists()


def the_other_schemes_years_are_open_and_complete() -> None:
    open_years = FundYear.objects.confirmed().exclude(scheme__code="ncms")
    assert {(one.scheme.code, one.year) for one in open_years} == {
        (code, year) for code in ("employees", "residents") for year in (2009, 2010)
    }
    told: dict[tuple[int, str], tuple[object, ...]] = {}
    for one in open_years:
        parts = fund_years.parts_of(one)
        assert not set(parts.missing) & set(fund_years.NEEDED)
        told |= {(one.year, rate.group): (rate.employer, rate.person) for rate in parts.wages}
    assert told[2009, "active"] == (4, 0)
    assert told[2010, "active"] == (6, 2)
    assert told[2010, "retired"] == (0, 0)


def benefit_plans_are_adopted_by_two_one_waits_and_one_is_typed_in() -> None:
    adopted = BenefitPlan.objects.adopted()
    assert {(one.scheme.code, one.position, one.in_force.lower.year) for one in adopted} == {
        ("ncms", 1, 2009),
        ("ncms", 2, 2009),
        ("ncms", 1, 2010),
        ("residents", 1, 2009),
        ("residents", 1, 2010),
        ("employees", 1, 2009),
        ("employees", 1, 2010),
    }
    for one in adopted:
        [vote] = deciding.rounds_of(one).get().votes.all()
        assert (one.drafted_by.username, vote.voter.username) == ("accountant", "head")
    waiting = BenefitPlan.objects.get(state="proposed")
    assert (waiting.kind, waiting.position) == ("assistance", 3)
    assert BenefitPlan.objects.get(state="draft").code == "haiyuan-ncms-2011"
    assert all("演示" in one.paper_number for one in (*adopted, waiting))


def lists_of_those_helped_differ_from_the_register_and_subsidies_are_claimed() -> None:
    registrar = Person.objects.get(username="registrar")
    for made in AssistanceList.objects.all():
        assert made.rows == made.lines.count() > 3
        assert all(assistance.compared(made, kind, registrar).exists() for kind in ("agreed", "missing", "otherwise"))
        assert assistance.compared(made, "paid", registrar).count() == 3
        assert assistance.unlisted(made, registrar).exists()
    assert AssistanceList.objects.count() == 2
    assert {claim.payer for claim in SubsidyClaim.objects.filter(amount__gt=0)} == {"central", "province"}


def claims_wait_in_every_early_state() -> None:
    """In the states of intake, at the desks of county and hospital."""
    states = Counter(Claim.objects.values_list("state", flat=True))
    assert {name: states[name] for name in ("entered", "first_check", "void", "returned")} == {
        "entered": 6,
        "first_check": 12,
        "void": 2,
        "returned": 2,
    }
    assert {one.body.code for one in Claim.objects.select_related("body")} == {
        "640522",
        "640522-clinic",
        "640522-haicheng",
        "640522-hospital",
    }
    [waiting] = [
        one
        for one in desk.waiting_for(Person.objects.get(username="intake"), NOON.date())
        if "intake" in one.worklist.name
    ]
    assert waiting.waiting.count == 8
