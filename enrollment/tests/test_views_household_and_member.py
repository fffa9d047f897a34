"""The pages of one household and one person: what stands on them, who sees it, what they cost."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import resolve

from conftest import NOON, sign_in
from enrollment.models import Account, AccountEntry, HouseholdException, Member, MemberMerge, PayeeAccount
from enrollment.tests import factories
from enrollment.tests.factories import brought_along as cover
from enrollment.tests.test_views_register import HTMX, stranger, text, today
from office import attachments
from office.models import Act, Body, Duty

pytestmark = pytest.mark.django_db


@pytest.fixture
def year():
    """This year of a scheme."""
    return factories.fund_year(factories.scheme(name="新农合"), year=today().year)


@pytest.fixture
def station():
    station = Body.objects.create(code="2", name="李旺镇站", kind=Body.Kind.TOWNSHIP_STATION)
    factories.division(factories.TOWNSHIP, "李旺镇", station)
    return station


@pytest.fixture
def as_li(appoint, station) -> Client:
    """Of one township."""
    return sign_in(Client(), appoint("li", Duty.TOWNSHIP_CLERK, body=station))


@pytest.fixture
def as_acc(appoint) -> Client:
    """May look people up, but sees no whole ID numbers."""
    return sign_in(Client(), appoint("acc", Duty.FUND_ACCOUNTANT))


@pytest.fixture
def as_dan(dan) -> Client:
    return sign_in(Client(), dan)


def account_of(of, year, **whose) -> Account:
    account = Account.objects.create(scheme=year.scheme, **whose)
    AccountEntry.objects.create(
        account=account,
        on=today(),
        kind="credit",
        amount=Decimal("12.50"),
        balance_after=Decimal("12.50"),
        reference="a",
        by=factories.tess(),
        at=NOON,
    )
    return account


def file_of(subject) -> None:
    attachments.keep_made(
        subject=subject, name="户口本.pdf", content=b"x", media_type="application/pdf", by=factories.tess(), at=NOON
    )


class TestHousehold:
    @pytest.fixture
    def home(self, year):
        home = factories.household(address="山门村3组")
        head, son, wife = (factories.member(home, name) for name in ("马文", "马小明", "李兰"))
        factories.pay(head, year, receipt="0001")
        who = {"noted_by": factories.tess(), "noted_at": NOON}
        HouseholdException.objects.create(member=son, fund_year=year, reason="外地参军", **who)
        Member.objects.filter(pk=wife.pk).update(state="moved_away", state_on=today())
        PayeeAccount.objects.create(
            household=home,
            holder="马文",
            bank="农村信用社",
            number="6224123412341234",
            reason="x",
            proposed_by=factories.tess(),
            proposed_at=NOON,
        )
        account_of(home, year, household=home)
        file_of(home)
        return home

    def test_everything_of_it(self, as_ada, home):
        page = text(as_ada.get(f"/register/households/{home.pk}/"))
        said = [
            "马文",
            "马小明",
            "李兰",
            "山门村3组",
            "新农合",
            "¥20.00",
            "外地参军",
            "**** 1234",
            "12.50",
            "户口本.pdf",
        ]
        for words in said:
            assert words in page, words
        assert "6224123412341234" not in page
        assert home.members.first().id_number not in page

    def test_nothing_is_offered_for_one_that_ended(self, as_ada):
        gone = factories.household(ended_on=today())
        assert today().isoformat() in text(as_ada.get(f"/register/households/{gone.pk}/"))

    def test_another_townships_is_not_there(self, as_li):
        ours, theirs = factories.member(), stranger()
        assert as_li.get(f"/register/households/{ours.household_id}/").status_code == 200
        assert as_li.get(f"/register/households/{theirs.household_id}/").status_code == 404

    def test_those_who_read_the_trail_go_on_to_it(self, as_dan, as_ada, home):
        assert f"/history/enrollment.household/{home.pk}/" in text(as_dan.get(f"/register/households/{home.pk}/"))
        assert as_dan.get(f"/history/enrollment.household/{home.pk}/").status_code == 200

    def test_many_cost_no_more_questions(self, as_ada, home, year, django_assert_num_queries):
        as_ada.get(f"/register/households/{home.pk}/")
        with django_assert_num_queries(13):
            as_ada.get(f"/register/households/{home.pk}/")
        for _time in range(8):
            one = factories.member(home)
            factories.pay(one, year)
            account_of(home, year, member=one)
        with django_assert_num_queries(13):
            as_ada.get(f"/register/households/{home.pk}/")


class TestMember:
    def test_everything_of_one(self, as_ada, year):
        home = factories.household()
        lan, double = factories.member(home), factories.member(home, "马晓兰")
        factories.pay(lan, year, receipt="00012345")
        account_of(home, year, member=lan)
        who = {"noted_by": factories.tess(), "noted_at": NOON}
        HouseholdException.objects.create(member=lan, fund_year=year, reason="外地参军", **who)
        merge(double, lan)
        file_of(lan)
        page = text(as_ada.get(f"/register/members/{lan.pk}/"))
        for words in (
            "notice-done",
            "新农合",
            "00012345",
            "20.00",
            "12.50",
            "马晓兰",
            "外地参军",
            "户口本.pdf",
            lan.masked_id,
        ):
            assert words in page, words
        assert lan.id_number not in page
        assert f"/register/members/{lan.pk}/" in text(as_ada.get(f"/register/members/{double.pk}/"))

    def test_another_townships_is_not_there(self, as_li):
        ours, theirs = factories.member(), stranger()
        assert as_li.get(f"/register/members/{ours.pk}/").status_code == 200
        for address in (f"/register/members/{theirs.pk}/", f"/register/members/{theirs.pk}/id-number/"):
            assert as_li.get(address).status_code in {404, 405}
        assert as_li.post(f"/register/members/{theirs.pk}/id-number/").status_code == 404

    def test_those_who_read_the_trail_go_on_to_it(self, as_dan, as_ada):
        lan = factories.member()
        ways = (f"/history/enrollment.member/{lan.pk}/", f"subject_type=enrollment.member&amp;subject_id={lan.pk}")
        assert all(way in text(as_dan.get(f"/register/members/{lan.pk}/")) for way in ways)

    def test_the_others_are_not_led_there(self, as_ada):
        lan = factories.member()
        assert "/history/" not in text(as_ada.get(f"/register/members/{lan.pk}/"))

    def test_many_years_cost_no_more_questions(self, as_ada, year, django_assert_num_queries):
        lan = factories.member()
        factories.pay(lan, year)
        as_ada.get(f"/register/members/{lan.pk}/")
        with django_assert_num_queries(12):
            as_ada.get(f"/register/members/{lan.pk}/")
        for before in range(1, 5):
            factories.pay(lan, factories.fund_year(year.scheme, year.year - before))
        with django_assert_num_queries(12):
            as_ada.get(f"/register/members/{lan.pk}/")


class TestIdNumber:
    def test_it_is_shown_in_its_place(self, as_ada):
        lan = factories.member()
        part = text(as_ada.post(f"/register/members/{lan.pk}/id-number/", **HTMX))
        assert lan.id_number in part
        assert "<html" not in part
        assert Act.objects.get(name="id-number.shown").subject_id == str(lan.pk)

    def test_and_on_the_whole_page_without_scripts(self, as_ada):
        lan = factories.member()
        page = text(as_ada.post(f"/register/members/{lan.pk}/id-number/"))
        assert lan.id_number in page
        assert "<html" in page

    def test_none_is_said_in_words(self, as_ada):
        child = factories.member(id_number=None)
        assert "field-error" in text(as_ada.post(f"/register/members/{child.pk}/id-number/", **HTMX))

    def test_it_is_offered_to_those_who_may(self, as_ada, as_acc):
        lan = factories.member()
        address = f"/register/members/{lan.pk}/id-number/"
        assert address not in text(as_acc.get(f"/register/members/{lan.pk}/"))
        assert as_acc.post(address).status_code == 403
        assert not Act.objects.filter(name="id-number.shown").exists()


class TestCoveredToday:
    """Covered today, or not and why, stands at the top."""

    @pytest.mark.parametrize("case", ["dead", "moved_away", "not_begun", "ended", "not_renewed", "not_born", "never"])
    def test_each_is_said_on_the_page(self, as_ada, year, case):
        lan = factories.member()
        before = factories.fund_year(year.scheme, today().year - 1)
        soon = today() + timedelta(days=1)
        match case:
            case "dead" | "moved_away":
                Member.objects.filter(pk=lan.pk).update(state=case, state_on=today())
            case "not_born":
                Member.objects.filter(pk=lan.pk).update(birth_date=soon)
            case "not_begun":
                after = factories.fund_year(year.scheme, today().year + 1)
                cover(lan, after)
            case "ended":
                cover(lan, before, end=date(before.year, 3, 1), ended_because="left")
            case "not_renewed":
                cover(lan, before)
        page = as_ada.get(f"/register/members/{lan.pk}/")
        assert page.context["on_day"].why == case
        assert "notice-waiting" in text(page)


class TestButtons:
    """Buttons lead to pages that exist and open to this person."""

    def labels(self, client, address) -> list[str | None]:
        return [resolve(way.url.split("?")[0]).url_name for way in client.get(address).context["ways"]]

    @pytest.mark.parametrize(
        ("state", "names"),
        [
            (
                "living",
                [
                    "household_pay",
                    "coverage",
                    "member_correct",
                    "member_move",
                    "member_away",
                    "member_death",
                    "merge_propose",
                    "member_files",
                ],
            ),
            (
                "moved_away",
                ["coverage", "member_correct", "member_return", "member_death", "merge_propose", "member_files"],
            ),
            ("dead", ["coverage", "member_correct", "member_return", "merge_propose", "member_files"]),
        ],
    )
    def test_of_a_member(self, as_ada, state, names):
        lan = factories.member()
        if state != "living":
            Member.objects.filter(pk=lan.pk).update(state=state, state_on=today())
        assert self.labels(as_ada, f"/register/members/{lan.pk}/") == names

    def test_of_a_double(self, as_ada):
        home = factories.household()
        lan, double = factories.member(home), factories.member(home, "马晓兰")
        merge(double, lan)
        assert self.labels(as_ada, f"/register/members/{double.pk}/") == ["coverage"]

    def test_of_a_household(self, as_ada):
        names = [
            "household_pay",
            "member_add",
            "household_move",
            "household_split",
            "household_head",
            "payee_account_propose",
            "household_files",
            "household_end",
            "household_year",
        ]
        assert self.labels(as_ada, f"/register/households/{factories.household().pk}/") == names

    def test_none_for_those_who_only_read(self, as_dan):
        assert self.labels(as_dan, f"/register/members/{factories.member().pk}/") == ["coverage"]


def merge(double: Member, kept: Member) -> None:
    asked = MemberMerge.objects.create(
        double=double, kept=kept, reason="x", proposed_by=factories.tess(), proposed_at=NOON
    )
    factories.decide("enrollment.membermerge", asked.pk, voter=factories.head())
    MemberMerge.objects.filter(pk=asked.pk).update(state="merged")
    Member.objects.filter(pk=double.pk).update(state="merged", merged_into=kept, state_on=today(), is_head=False)
