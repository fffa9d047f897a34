"""What stays cost beside agreements and levels; a provider's claims of a year; what claims shows the office's head."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from claims import overview_blocks
from claims.models import Agreement, Claim, Provider, Verification
from claims.rules import costs
from claims.rules.costs import Group
from claims.selectors import costs as selectors
from claims.tests.deciding import Desk, cut, now, provider
from conftest import NOON, sign_in
from office import overview
from office.models import Body, Duty
from office.rules import bars

pytestmark = pytest.mark.django_db

TODAY = NOON.date()
COUNTY = {"level": "county", "region": "county"}


def words(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


@pytest.mark.rules
class TestRanked:
    """docs/rules/providers.md, What stays cost."""

    def ranked(self, *groups: Group, agreed=None) -> list[tuple[int, Decimal, Decimal, Decimal, Decimal]]:
        found = costs.ranked(groups, agreed or {})
        return [(one.provider, one.average, one.against, one.above, one.excess) for one in found]

    def test_against_the_level_and_against_the_agreement(self):
        dear = Group(1, 7, "county", "county", 10, Decimal(30_000))
        cheap = Group(2, 7, "county", "county", 30, Decimal(30_000))
        assert self.ranked(cheap, dear) == [(1, 3000, 1500, 100, 15_000), (2, 1000, 1500, Decimal("-33.3"), -15_000)]
        agreed = {(2, 7): Decimal(900), (1, 8): Decimal(1)}
        assert self.ranked(dear, cheap, agreed=agreed) == [
            (1, 3000, 1500, 100, 15_000),
            (2, 1000, 900, Decimal("11.1"), 3000),
        ]

    def test_schemes_regions_and_levels_apart_and_a_provider_whose_level_changed_once(self):
        found = costs.ranked(
            [
                Group(1, 7, "township", "county", 1, Decimal(500)),
                Group(1, 7, "county", "county", 3, Decimal(3_500)),
                Group(2, 7, "county", "outside", 1, Decimal(9_000)),
                Group(1, 8, "county", "county", 2, Decimal(2_000)),
            ],
            {},
        )
        assert {(one.provider, one.scheme): (one.level, one.count, one.average, one.above) for one in found} == {
            (1, 7): ("county", 4, 1000, Decimal("-14.3")),  # the county level's three stays cost 1,166.67
            (2, 7): ("county", 1, 9000, 0),
            (1, 8): ("county", 2, 1000, 0),
        }

    def test_the_picture(self):
        rows = [("a", "4", Decimal(4)), ("b", "0", Decimal(0)), ("c", "1", Decimal(1))]
        picture = bars.picture(rows, [Decimal(8)] * 3)
        span = bars.RIGHT - bars.LEFT
        assert [one.length for one in picture.bars] == [round(span / 2), 0, round(span / 8)]
        assert {one.mark for one in picture.bars} == {bars.RIGHT}
        assert [one.after - bars.RIGHT for one in picture.bars] == [6, 6, 6]
        assert bars.picture([]).bars == []
        assert bars.picture([("x", "1", Decimal(1)), ("y", "9999", Decimal(9999))]).bars[0].length == 1


@pytest.fixture
def desk(appoint) -> Desk:
    return Desk.of(appoint)


@pytest.fixture
def two(desk) -> tuple[Provider, Provider]:
    """A dear hospital and a cheap one, each with claims: one cut and approved, one that waits, one void."""
    dear, cheap = provider(), provider("P2")
    paid = desk.handed_on(provider=dear)
    desk.check(paid, desk.fay, "cut", cut(paid, 2, "300"))
    desk.check(now(paid), desk.sue)
    desk.claim(desk.member("2"), ["700"], provider=dear, kind="outpatient")
    refused = desk.handed_on(desk.member("3"), ["99"], provider=dear)
    desk.check(refused, desk.fay, "refuse", reason="x")
    desk.claim(desk.member("4"), ["500"], provider=cheap)
    desk.claim(desk.member("5"), ["123"], provider=cheap, admitted_on=date(2009, 1, 1), discharged_on=date(2009, 1, 2))
    return dear, cheap


class TestAProvidersClaims:
    def test_by_kind_beside_its_level(self, desk, two):
        dear, cheap = two
        found = selectors.of_provider(dear, 2010, desk.fay)
        stay, visit = found.kinds
        assert (stay.count, stay.average, stay.of_level, stay.above) == (1, 1900, 1200, Decimal("58.3"))
        assert (stay.eligible, stay.fund_pays, stay.outside) == (1600, 880, Decimal("15.8"))  # 300 of 1,900 cut
        assert (visit.count, visit.approved, visit.outside, visit.above) == (1, 0, None, 0)
        assert (found.whole.count, found.whole.total, found.whole.eligible, found.whole.above) == (2, 2600, 1600, None)
        assert len(found.latest) == 2
        assert selectors.of_provider(cheap, 2009, desk.fay).whole.total == 123
        assert selectors.of_provider(cheap, 2008, desk.fay).kinds == []

    def test_on_its_page_for_whom_it_is(self, desk, two, appoint):
        dear, _cheap = two
        client, cashier = sign_in(Client(), desk.fay), sign_in(Client(), appoint("cas", Duty.CASHIER))
        page = words(client.get(f"/claims/providers/{dear.pk}/", {"year": "2010"}))
        assert "1,900.00" in page
        assert f'href="/claims/all/?provider={dear.code}&amp;since=2010-01-01&amp;until=2010-12-31"' in page
        listed = words(client.get("/claims/all/", {"provider": dear.code.lower(), "since": "2010-01-01"}))
        assert listed.count('href="/claims/people/') == 3  # the refused one too
        assert 'id="of-year"' not in words(cashier.get(f"/claims/providers/{dear.pk}/"))
        hospital = Body.objects.create(code="640522H", name="医院", kind=Body.Kind.HOSPITAL)
        doctor = appoint("doc", Duty.HOSPITAL_DESK, body=hospital)
        assert selectors.of_provider(dear, 2010, doctor).kinds == []  # its desk sees its own claims

    def test_an_agreement_names_an_average(self, appoint, desk):
        client = sign_in(Client(), appoint("kim", Duty.ACCOUNTING_HEAD))
        one = provider()
        where = f"/claims/providers/{one.pk}/agreements/new/"
        typed = {"scheme": desk.scheme.pk, "number": "1号", "first": "2010-01-01", "average": "0"}
        assert client.post(where, typed).status_code == 422
        client.post(where, {**typed, "average": "2600.50"})
        assert Agreement.objects.get().average == Decimal("2600.50")
        assert "2,600.50" in words(client.get(f"/claims/providers/{one.pk}/"))


class TestTheHeadsPage:
    def blocks(self, person) -> dict[str, object]:
        return {one.block.name: one.content for one in overview.blocks_for(person, NOON)}

    def test_hospitals_above_their_average(self, desk, two):
        dear, cheap = two
        shown = overview_blocks.hospitals(desk.hal, NOON)
        [line] = shown["lines"]
        assert (line["provider"], line["it"].average, line["it"].above) == (dear.name, 1900, Decimal("58.3"))
        assert (shown["above"], shown["all"]) == (1, 2)
        agreed = {"scheme": desk.scheme, "number": "1", "changed_by": desk.hal, "changed_at": NOON}
        Agreement.objects.create(provider=cheap, average=400, period=("2010-01-01", "2010-03-01"), **agreed)
        Agreement.objects.create(provider=cheap, average=250, period=("2010-03-01", None), **agreed)  # the last counts
        first, second = overview_blocks.hospitals(desk.hal, NOON)["lines"]
        assert (first["it"].provider, first["it"].above, first["it"].by_agreement) == (cheap.pk, 100, True)
        assert (second["it"].provider, second["it"].by_agreement) == (dear.pk, False)

    def test_claims_by_step_and_what_was_decided(self, desk, two):
        late = desk.claim(desk.member("9"), ["1000"], state_since=TODAY - timedelta(days=12))
        shown = overview_blocks.steps(desk.hal, NOON)
        by_step = {one.state: (one.count, one.total, one.days) for one in shown["steps"]}
        assert by_step == {"entered": (4, 2323, 12), "payable": (1, 1900, 0)}
        assert late.state == "entered"
        today, *before = overview_blocks.lately(desk.hal, NOON)["days"]
        assert (today.approved, today.fund_pays, today.refused, today.returned) == (1, 880, 1, 0)
        assert {(one.approved, one.refused) for one in before} == {(0, 0)}
        assert len(before) == overview_blocks.DAYS - 1
        decided = self.blocks(desk.hal)["office.decided"]["decisions"]
        assert {one["round"].step for one in decided}.isdisjoint({"first_check", "second_check"})

    def test_a_letter_that_nobody_answered(self, desk):
        desk.limit("verification", 100, "total_cost")
        claim = desk.handed_on()
        desk.check(claim, desk.fay)
        assert now(claim).state == Claim.State.VERIFICATION
        given = {"way": "letter", "letter_number": "7", "asked_on": TODAY - timedelta(days=20), "asked_by": desk.fay}
        letter = Verification.objects.create(claim=claim, whom="x", deadline_on=TODAY, **given)
        assert overview.overdue_for(desk.hal, NOON) == []
        [found] = overview.overdue_for(desk.hal, NOON + timedelta(days=1))
        assert (found.late.name, found.waiting.count, found.oldest_days) == ("claims.letters", 1, 1)
        assert found.waiting.items[0].url == f"/claims/{claim.pk}/"
        [at_last] = overview.overdue_for(desk.hal, NOON + timedelta(days=10))
        assert at_last.oldest_days == 10
        letter.outcome, letter.answered_on, letter.answered_by = "no_answer", TODAY, desk.fay
        letter.save()
        assert overview.overdue_for(desk.hal, NOON + timedelta(days=10)) == []

    @pytest.mark.parametrize("language", ["zh-hans", "en"])
    def test_the_page_in_both_languages(self, desk, two, language, time_machine):
        time_machine.move_to(NOON)
        client = sign_in(Client(), desk.hal)
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        page = words(client.get("/overview/"))
        titles = {
            "zh-hans": ["待我办理", "超期事项", "各环节补偿申请", "次均费用超标的医疗机构", "近七天补偿审定"],
            "en": ["What waits for me", "Past their time limit", "Claims by step", "Hospitals above their average"],
        }[language]
        found = [page.index(f">{one}</h2>") for one in titles]
        assert found == sorted(found)
        assert 'href="/claims/all/?state=entered"' in page
        assert two[0].name in page
        assert '<title id="costs-title">' in page

    def test_only_what_a_block_may_say_to_whom(self, desk, appoint):
        assert set(self.blocks(desk.ian)) == {"claims.steps", "claims.costs", "claims.days"}
        assert set(self.blocks(appoint("cas", Duty.CASHIER))) == set()
        of_claims = ["claims.steps", "claims.costs", "claims.days"]
        assert list(self.blocks(desk.hal)) == ["office.waiting", "office.late", *of_claims, "office.decided"]
        assert sign_in(Client(), desk.ian).get("/overview/").status_code == 403


@pytest.mark.parametrize("many", [2, 7])
def test_both_pages_ask_the_same_of_few_and_of_many(desk, many, time_machine):
    time_machine.move_to(NOON)
    for number in range(many):
        where = provider(f"N{number}")
        desk.approved(desk.member(str(number)), provider=where)
        desk.claim(desk.member(f"more{number}"), [f"{number + 1}00"], provider=where)
        for kind in ("outpatient", "injury"):
            desk.claim(desk.member(f"{kind[0]}{number}"), ["70"], provider=provider(), kind=kind)
    client = sign_in(Client(), desk.hal)
    counted = {}
    for page in ("/overview/", f"/claims/providers/{provider().pk}/?year=2010"):
        client.get(page)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(page).status_code == 200
        counted[page.partition("providers")[0]] = len(asked)
    assert counted == {"/overview/": 40, "/claims/": 10}
