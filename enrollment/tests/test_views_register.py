"""The register's reading pages: who sees what, what stands on them, what they cost."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.utils import timezone

from conftest import NOON, sign_in
from enrollment.models import Account, AccountEntry, Coverage, HouseholdException, Member, MemberMerge, PayeeAccount
from enrollment.selectors import register
from enrollment.tests import factories
from enrollment.views import register as views
from office import attachments, sheets
from office.models import Act, Body, Duty
from office.rules import days

pytestmark = pytest.mark.django_db

HTMX = {"HTTP_HX_REQUEST": "true"}


def today() -> date:
    return days.business_day(timezone.now())


def text(answer) -> str:
    return answer.content.decode()


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


def stranger() -> Member:
    """Somebody of another township."""
    return factories.member(factories.household("9", factories.division("640522101201")), "李明")


class TestSearchPage:
    def test_it_asks_and_answers(self, as_ada):
        lan = factories.member()
        page = text(as_ada.get("/register/"))
        assert "autofocus" in page
        assert f"/register/members/{lan.pk}/" not in page
        assert f"/register/members/{lan.pk}/" in text(as_ada.post("/register/", {"q": "马小兰"}))

    def test_a_part_of_the_page_is_enough_for_htmx(self, as_ada):
        lan = factories.member(factories.household("6405220001"))
        part = text(as_ada.post("/register/", {"q": "马小兰"}, **HTMX))
        assert f"/register/members/{lan.pk}/" in part
        assert "<html" not in part
        assert f"/register/households/{lan.household_id}/" in text(
            as_ada.post("/register/", {"q": "6405220001"}, **HTMX)
        )

    def test_whole_numbers_are_not_on_it(self, as_ada):
        lan = factories.member()
        found = text(as_ada.post("/register/", {"q": lan.id_number}, **HTMX))
        assert lan.masked_id in found
        assert lan.id_number not in found

    def test_it_says_why_nobody_is_found(self, as_ada):
        said = {q: text(as_ada.post("/register/", {"q": q}, **HTMX)) for q in ("m", "123", "李明")}
        assert len(set(said.values())) == 3

    def test_it_says_when_there_are_more(self, as_ada):
        of = factories.household()
        for _time in range(51):
            factories.member(of)
        assert "<strong>" in text(as_ada.post("/register/", {"q": "马小兰"}, **HTMX)).split("found-list")[0]

    def test_a_township_finds_its_own(self, as_li):
        ours, theirs = factories.member(), stranger()
        found = text(as_li.post("/register/", {"q": "640522"}, **HTMX))
        assert f"/members/{ours.pk}/" in found
        assert f"/members/{theirs.pk}/" not in found

    def test_it_costs_the_same_for_many(self, as_ada, django_assert_num_queries):
        of = factories.household("6405220001")
        for _time in range(20):
            factories.member(of)
        for typed, count in (("", 4), ("马小兰", 5), ("640522", 6)):
            as_ada.post("/register/", {"q": typed})
            with django_assert_num_queries(count):
                as_ada.post("/register/", {"q": typed})

    def test_home_leads_to_it(self, as_ada):
        assert 'action="/register/"' in text(as_ada.get("/"))

    def test_home_of_others_does_not(self, as_sam):
        assert 'action="/register/"' not in text(as_sam.get("/"))


class TestMemberList:
    def rows(self, client, query="") -> list[list[object]]:
        return [
            list(row) for row in sheets.rows(client.get(f"/register/members/?as=xlsx{query}").content, "a.xlsx")[1:]
        ]

    def names(self, client, query="") -> list[str]:
        return [str(row[0]) for row in self.rows(client, query)]

    def test_numbers_are_masked_on_the_page_and_in_the_export(self, as_ada):
        lan = factories.member()
        (row,) = self.rows(as_ada)
        assert row[1] == lan.masked_id
        page = text(as_ada.get("/register/members/"))
        assert lan.masked_id in page
        assert lan.id_number not in page + str(row)
        assert Act.objects.filter(name="list.exported", kind=Act.Kind.READ).exists()

    def test_it_is_narrowed(self, as_ada, year):
        here, there = factories.member(), stranger()
        Member.objects.filter(pk=there.pk).update(category="low_income")
        factories.pay(here, year)
        away = factories.member(here.household, "王文")
        Member.objects.filter(pk=away.pk).update(state="dead", state_on=today())
        place = here.household.village
        for query, found in {
            "&name=马": ["马小兰"],
            f"&township={place.parent_id}": ["马小兰", "王文"],
            f"&village={place.pk}": ["马小兰", "王文"],
            "&category=low_income": ["李明"],
            "&state=dead": ["王文"],
            f"&year={today().year}&covered=True": ["马小兰"],
            f"&year={today().year}&covered=False": ["李明", "王文"],
            f"&year={today().year - 1}&covered=True": [],
            "&covered=True": ["马小兰", "李明", "王文"],
            "&village=0": ["马小兰", "李明", "王文"],
        }.items():
            assert sorted(self.names(as_ada, query)) == sorted(found), query

    def test_by_itself_it_shows_the_living(self, as_ada):
        of = factories.household()
        factories.member(of)
        Member.objects.filter(pk=factories.member(of, "王文").pk).update(state="dead", state_on=today())
        page = text(as_ada.get("/register/members/"))
        assert "马小兰" in page
        assert "王文" not in page

    def test_a_township_sees_its_own_and_is_offered_its_own_villages(self, as_li):
        factories.member()
        other = stranger()
        assert self.names(as_li) == ["马小兰"]
        page = text(as_li.get("/register/members/"))
        assert "李旺镇" in page
        assert other.household.village.name not in page

    def test_many_cost_no_more_questions(self, as_ada, django_assert_num_queries):
        of = factories.household()
        for _time in range(60):
            factories.member(of)
        as_ada.get("/register/members/")
        with django_assert_num_queries(6):
            as_ada.get("/register/members/")


class TestHouseholdList:
    def numbers(self, client, query="") -> list[str]:
        sheet = sheets.rows(client.get(f"/register/households/?as=xlsx{query}").content, "a.xlsx")
        return [str(row[0]) for row in sheet[1:]]

    def test_heads_and_heads_counted(self, as_ada):
        of = factories.household()
        factories.member(of)
        Member.objects.filter(pk=factories.member(of, "王文").pk).update(state="dead", state_on=today())
        sheet = sheets.rows(as_ada.get("/register/households/?as=xlsx").content, "a.xlsx")
        assert list(sheet[1][:3]) == ["0001", "马小兰", 1]
        assert "马小兰" in text(as_ada.get("/register/households/"))

    def test_it_is_narrowed(self, as_ada, year):
        here, there = factories.member(), stranger()
        factories.pay(here, year)
        Member.objects.filter(pk=there.pk).update(category="low_income")
        factories.household("0002", ended_on=today())
        place = there.household.village
        for query, found in {
            "&number=00": ["0001", "0002"],
            f"&township={place.parent_id}": ["9"],
            f"&village={place.pk}": ["9"],
            "&category=low_income": ["9"],
            "&state=ended": ["0002"],
            "&state=current": ["0001", "9"],
            f"&year={today().year}&covered=True": ["0001"],
            f"&year={today().year}&covered=False": ["9", "0002"],
        }.items():
            assert sorted(self.numbers(as_ada, query)) == sorted(found), query

    def test_a_township_sees_its_own(self, as_li):
        factories.member()
        stranger()
        assert self.numbers(as_li) == ["0001"]

    def test_many_cost_no_more_questions(self, as_ada, django_assert_num_queries):
        for number in range(60):
            factories.member(factories.household(f"{number:04d}"))
        as_ada.get("/register/households/")
        with django_assert_num_queries(6):
            as_ada.get("/register/households/")


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
        with django_assert_num_queries(11):
            as_ada.get(f"/register/households/{home.pk}/")
        for _time in range(8):
            one = factories.member(home)
            factories.pay(one, year)
            account_of(home, year, member=one)
        with django_assert_num_queries(11):
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
        with django_assert_num_queries(10):
            as_ada.get(f"/register/members/{lan.pk}/")
        for before in range(1, 5):
            factories.pay(lan, factories.fund_year(year.scheme, year.year - before))
        with django_assert_num_queries(10):
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


class TestOnDay:
    """Covered on that day, and why not."""

    def cover(self, who, year, begin=None, end=None, **more) -> Coverage:
        period = DateRange(begin or year.period.lower, end or year.period.upper)
        given = {"reason": "go_live", "noted_by": factories.tess(), "noted_at": NOON, **more}
        return Coverage.objects.create(member=who, scheme=year.scheme, fund_year=year, period=period, **given)

    def on(self, who, day=date(2010, 6, 1)) -> register.OnDay:
        return register.on_day(who, register.coverages_of(who), day)

    def test_covered(self):
        lan = factories.member()
        one = self.cover(lan, factories.fund_year())
        assert self.on(lan).covering == [one]
        assert self.on(lan, date(2010, 12, 31)).covering == [one]

    def test_what_is_void_covers_nobody(self):
        lan = factories.member()
        self.cover(lan, factories.fund_year(), void_reason="x")
        assert self.on(lan).why == "never"

    @pytest.mark.parametrize(
        ("day", "why"), [(date(2009, 12, 31), "later"), (date(2011, 1, 1), "earlier"), (date(1970, 2, 28), "not_born")]
    )
    def test_outside_of_the_year(self, day, why):
        lan = factories.member()
        self.cover(lan, factories.fund_year())
        assert self.on(lan, day).why == why

    def test_ended(self):
        lan = factories.member()
        self.cover(lan, factories.fund_year(), end=date(2010, 3, 2), ended_because="left")
        told = self.on(lan)
        assert (told.why, told.told_by.ended_because) == ("ended", "left")

    @pytest.mark.parametrize(("state", "why"), [("dead", "dead"), ("moved_away", "moved_away")])
    def test_gone(self, state, why):
        lan = factories.member()
        Member.objects.filter(pk=lan.pk).update(state=state, state_on=date(2010, 3, 1))
        lan.refresh_from_db()
        assert self.on(lan).why == why

    @pytest.mark.parametrize("case", ["dead", "moved_away", "later", "ended", "earlier", "not_born", "never"])
    def test_each_is_said_on_the_page(self, as_ada, year, case):
        lan = factories.member()
        before = factories.fund_year(year.scheme, today().year - 1)
        soon = today() + timedelta(days=1)
        match case:
            case "dead" | "moved_away":
                Member.objects.filter(pk=lan.pk).update(state=case, state_on=today())
            case "not_born":
                Member.objects.filter(pk=lan.pk).update(birth_date=soon)
            case "later":
                after = factories.fund_year(year.scheme, today().year + 1)
                self.cover(lan, after)
            case "ended":
                self.cover(lan, before, end=date(before.year, 3, 1), ended_because="left")
            case "earlier":
                self.cover(lan, before)
        page = as_ada.get(f"/register/members/{lan.pk}/")
        assert page.context["on_day"].why == case
        assert "notice-waiting" in text(page)


class TestButtons:
    """Buttons lead to pages that exist and open to this person."""

    def labels(self, client, monkeypatch, address) -> list[str]:
        known = views.reverse

        def reverse(name, args=()):
            return (
                f"/there/{name}"
                if name not in {"enrollment:member_move"} and name.startswith("enrollment:")
                else known(name, args=args)
            )

        monkeypatch.setattr(views, "reverse", reverse)
        return [way["url"].split(":")[1] for way in client.get(address).context["ways"]]

    @pytest.mark.parametrize(
        ("state", "names"),
        [
            ("living", ["member_correct", "member_away", "member_death", "merge_propose"]),
            ("moved_away", ["member_correct", "member_return", "member_death", "merge_propose"]),
            ("dead", ["member_correct", "merge_propose"]),
        ],
    )
    def test_of_a_member(self, as_ada, monkeypatch, state, names):
        lan = factories.member()
        if state != "living":
            Member.objects.filter(pk=lan.pk).update(state=state, state_on=today())
        assert self.labels(as_ada, monkeypatch, f"/register/members/{lan.pk}/") == names

    def test_of_a_double(self, as_ada, monkeypatch):
        home = factories.household()
        lan, double = factories.member(home), factories.member(home, "马晓兰")
        merge(double, lan)
        assert self.labels(as_ada, monkeypatch, f"/register/members/{double.pk}/") == []

    def test_of_a_household(self, as_ada, monkeypatch):
        names = ["member_add", "household_move", "household_split", "household_head", "payee_account_propose"]
        assert self.labels(as_ada, monkeypatch, f"/register/households/{factories.household().pk}/") == names

    def test_none_for_those_who_only_read(self, as_dan, monkeypatch):
        assert self.labels(as_dan, monkeypatch, f"/register/members/{factories.member().pk}/") == []


def merge(double: Member, kept: Member) -> None:
    asked = MemberMerge.objects.create(
        double=double, kept=kept, reason="x", proposed_by=factories.tess(), proposed_at=NOON
    )
    factories.decide("enrollment.membermerge", asked.pk, voter=factories.head())
    MemberMerge.objects.filter(pk=asked.pk).update(state="merged")
    Member.objects.filter(pk=double.pk).update(state="merged", merged_into=kept, state_on=today(), is_head=False)
