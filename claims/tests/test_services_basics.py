"""Keeping providers, agreements and lists: who may, what is refused in which words, what the trail says."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from claims.models import Agreement, ListedDisease, Provider
from claims.services import agreements, diseases, providers
from claims.services.agreements import CannotAgree
from claims.services.providers import CannotKeepProvider
from claims.tests import basics
from claims.tests.basics import SAID
from conftest import NOON
from enrollment.tests import factories
from enrollment.tests.factories import scheme
from office.models import Act, Body, Duty
from office.stale import Stale

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

TODAY = date(2010, 3, 1)


@pytest.fixture
def kim(appoint):
    """Keeps what plans look up."""
    return appoint("kim", Duty.ACCOUNTING_HEAD)


@pytest.fixture
def ida(appoint):
    """Takes claims in."""
    return appoint("ida", Duty.INTAKE_CLERK)


def last_act() -> tuple[str, str]:
    act = Act.objects.latest("pk")
    return act.name, act.duty


class TestProviders:
    def test_made_known_with_what_is_searched(self, kim):
        added = providers.add_provider(said=SAID | {"code": "ｈ 9", "name": " 海原县人民医院 "}, by=kim, at=NOON)
        assert (added.code, added.name, added.version) == ("H9", "海原县人民医院", 1)
        assert "hyx" in added.search_keys
        assert last_act() == ("provider.added", Duty.ACCOUNTING_HEAD)

    def test_whoever_takes_claims_in_makes_known_only_what_is_outside(self, ida):
        with pytest.raises(CannotKeepProvider, match="made known by those who keep"):
            providers.add_provider(said=SAID, by=ida, at=NOON)
        outside = providers.add_provider(said=SAID | {"region": "outside"}, by=ida, at=NOON)
        assert outside.region == "outside"

    @pytest.mark.parametrize(
        ("more", "field", "words"),
        [
            ({"code": " "}, "code", "a code and a name"),
            ({"name": None}, "name", "a code and a name"),
            ({"tier": 4}, "tier", "tier 1, 2 or 3"),
        ],
    )
    def test_what_is_refused(self, kim, more, field, words):
        with pytest.raises(CannotKeepProvider, match=words) as refused:
            providers.add_provider(said=SAID | more, by=kim, at=NOON)
        assert refused.value.field == field

    def test_outside_there_is_no_desk_and_no_township(self, kim, county):
        outside = SAID | {"region": "outside"}
        desk = Body.objects.create(code="d", name="d", kind=Body.Kind.HOSPITAL)
        with pytest.raises(CannotKeepProvider, match="has no desk here"):
            providers.add_provider(said=outside | {"body": desk}, by=kim, at=NOON)
        with pytest.raises(CannotKeepProvider, match="none of its townships"):
            providers.add_provider(said=outside | {"division": factories.division()}, by=kim, at=NOON)
        with pytest.raises(CannotKeepProvider, match="hospital's or a clinic's"):
            providers.add_provider(said=SAID | {"body": county}, by=kim, at=NOON)

    def test_a_code_and_a_desk_belong_to_one(self, kim):
        desk = Body.objects.create(code="d", name="d", kind=Body.Kind.HOSPITAL)
        providers.add_provider(said=SAID | {"body": desk}, by=kim, at=NOON)
        with pytest.raises(CannotKeepProvider, match="of this code already"):
            providers.add_provider(said=SAID, by=kim, at=NOON)
        with pytest.raises(CannotKeepProvider, match="belongs to another") as refused:
            providers.add_provider(said=SAID | {"code": "H2", "body": desk}, by=kim, at=NOON)
        assert refused.value.field == "body"
        assert Provider.objects.count() == 1

    def test_correcting_says_what_changed(self, kim):
        one = basics.provider()
        changed = providers.change_provider(
            provider=one, said=SAID | {"name": "海原县中医院", "tier": 1}, seen_version=1, by=kim, at=NOON
        )
        assert (changed.version, changed.changed_by) == (2, kim)
        assert "hyxzyy" in changed.search_keys
        facts = Act.objects.get(name="provider.changed").facts
        facts.pop("given")
        assert facts == {"called": "海原县人民医院 -> 海原县中医院", "tier": "2 -> 1"}
        with pytest.raises(Stale):
            providers.change_provider(provider=one, said=SAID, seen_version=1, by=kim, at=NOON)

    def test_closing_waits_for_the_agreements_and_can_be_taken_back(self, kim):
        one = basics.provider()
        agreed = basics.agreement(one)
        with pytest.raises(CannotKeepProvider, match="runs beyond this day"):
            providers.close_provider(provider=one, on=TODAY, by=kim, at=NOON)
        agreements.end_agreement(agreement=agreed, last=date(2010, 2, 28), because="停业", by=kim, at=NOON)
        with pytest.raises(CannotKeepProvider, match="has not come yet"):
            providers.close_provider(provider=one, on=date(2010, 3, 2), by=kim, at=NOON)
        with pytest.raises(CannotKeepProvider, match="runs beyond this day"):
            providers.close_provider(provider=one, on=date(2010, 2, 28), by=kim, at=NOON)
        closed = providers.close_provider(provider=one, on=TODAY, by=kim, at=NOON)
        assert (closed.closed_on, last_act()[0]) == (TODAY, "provider.closed")
        assert not Provider.objects.open_on(TODAY).exists()
        assert Provider.objects.open_on(date(2010, 2, 28)).exists()
        with pytest.raises(CannotKeepProvider, match="closed since 2010-03-01"):
            providers.close_provider(provider=one, on=TODAY, by=kim, at=NOON)
        with pytest.raises(CannotAgree, match="closed since"):
            agreements.sign_agreement(provider=one, scheme=scheme(), number="2", first=TODAY, by=kim, at=NOON)
        assert providers.reopen_provider(provider=one, by=kim, at=NOON).closed_on is None
        with pytest.raises(CannotKeepProvider, match="is not closed"):
            providers.reopen_provider(provider=one, by=kim, at=NOON)


class TestAgreements:
    def test_signed_with_its_last_day(self, kim):
        signed = agreements.sign_agreement(
            provider=basics.provider(),
            scheme=scheme(),
            number=" 海合管协 1号 ",
            first=TODAY,
            last=date(2010, 12, 31),
            by=kim,
            at=NOON,
        )
        assert (signed.number, signed.period.upper) == ("海合管协 1号", date(2011, 1, 1))
        assert last_act() == ("agreement.signed", Duty.ACCOUNTING_HEAD)

    @pytest.mark.parametrize(
        ("more", "field", "words"),
        [
            ({"number": " "}, "number", "has a number"),
            ({"last": date(2010, 2, 28)}, "last", "before the first"),
            ({"first": date(2009, 6, 1)}, "first", "has an agreement with this scheme"),
        ],
    )
    def test_what_is_refused(self, kim, more, field, words):
        one = basics.provider()
        basics.agreement(one)
        asked = {"number": "2号", "first": TODAY} | more
        with pytest.raises(CannotAgree, match=words) as refused:
            agreements.sign_agreement(provider=one, scheme=scheme(), by=kim, at=NOON, **asked)
        assert refused.value.field == field
        assert Agreement.objects.count() == 1

    def test_ended_early_with_the_reason(self, kim):
        agreed = basics.agreement(basics.provider())
        ended = agreements.end_agreement(agreement=agreed, last=TODAY, because=" 冒名住院 ", by=kim, at=NOON)
        assert (ended.period.upper, ended.ended_because) == (date(2010, 3, 2), "冒名住院")
        assert Act.objects.get(name="agreement.ended").reason == "冒名住院"

    @pytest.mark.parametrize(
        ("last", "because", "field", "words"),
        [
            (date(2008, 12, 31), "x", "last", "begins on 2009-01-01 only"),
            (date(2010, 12, 31), "x", "last", "by then anyway"),
            (TODAY, " ", "because", "why it ends early"),
        ],
    )
    def test_what_does_not_end(self, kim, last, because, field, words):
        agreed = basics.agreement(basics.provider(), period=("2009-01-01", "2011-01-01"))
        with pytest.raises(CannotAgree, match=words) as refused:
            agreements.end_agreement(agreement=agreed, last=last, because=because, by=kim, at=NOON)
        assert refused.value.field == field


class TestLists:
    def test_on_a_list_and_off_it_with_another_price(self, kim):
        one = basics.disease()
        asked = {"disease": one, "scheme": scheme(), "group": " 高血压 ", "document": "1号", "by": kim, "at": NOON}
        listed = diseases.list_disease(kind="case_paid", first=TODAY, price=Decimal(100), **asked)
        assert (listed.group, last_act()) == ("高血压", ("disease.listed", Duty.ACCOUNTING_HEAD))
        ended = diseases.end_listing(listed=listed, last=date(2010, 3, 31), by=kim, at=NOON)
        assert (ended.period.upper, last_act()[0]) == (date(2010, 4, 1), "listed-disease.ended")
        later = diseases.list_disease(
            kind="case_paid", first=date(2010, 4, 1), last=date(2010, 4, 30), price=Decimal(90), **asked
        )
        assert later.period.upper == date(2010, 5, 1)

    @pytest.mark.parametrize(
        ("more", "field", "words"),
        [
            ({"kind": "case_paid"}, "price", "has a price"),
            ({"price": Decimal(0)}, "price", "more than nothing"),
            ({"last": date(2010, 2, 28)}, "last", "before the first"),
            ({"group": " "}, "group", "by which paper"),
            ({"document": " "}, "document", "by which paper"),
            ({"first": date(2009, 6, 1)}, "first", "on this list already"),
        ],
    )
    def test_what_is_refused(self, kim, more, field, words):
        one = basics.disease()
        basics.listed(one)
        asked = {"kind": "chronic", "group": "慢性病", "document": "1号", "first": TODAY} | more
        with pytest.raises(diseases.CannotList, match=words) as refused:
            diseases.list_disease(disease=one, scheme=scheme(), by=kim, at=NOON, **asked)
        assert refused.value.field == field
        assert ListedDisease.objects.count() == 1

    def test_what_is_out_of_use_is_put_on_no_list(self, kim):
        asked = {"kind": "chronic", "group": "慢性病", "document": "1号", "first": TODAY}
        with pytest.raises(diseases.CannotList, match="not in use"):
            diseases.list_disease(disease=basics.disease(is_used=False), scheme=scheme(), by=kim, at=NOON, **asked)

    @pytest.mark.parametrize(
        ("last", "words"), [(date(2008, 12, 31), "from 2009-01-01 only"), (date(2010, 12, 31), "by then anyway")]
    )
    def test_what_is_not_taken_off(self, kim, last, words):
        listed = basics.listed(basics.disease(), period=("2009-01-01", "2011-01-01"))
        listed.refresh_from_db()
        with pytest.raises(diseases.CannotList, match=words):
            diseases.end_listing(listed=listed, last=last, by=kim, at=NOON)
