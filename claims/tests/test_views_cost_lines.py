"""Cost lines by item of the catalogue: found by code, name or initials in the edition of the day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.test.utils import CaptureQueriesContext

from claims.models import CatalogueEntry, Claim, ClaimLine
from claims.tests import basics, taking_in
from claims.tests.test_views_intake import typed
from conftest import sign_in
from office.models import Duty

pytestmark = [pytest.mark.django_db]

NEW, PREVIEW = "/claims/new/", "/claims/preview/"
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def desk(appoint) -> Client:
    return sign_in(Client(), appoint("ida", Duty.INTAKE_CLERK))


@pytest.fixture
def entries() -> dict[str, CatalogueEntry]:
    """An edition of the day, and one that ended before."""
    taking_in.insured()
    dear = {"item_class": "B", "price_limit": Decimal("12.50"), "unit": "支"}
    basics.edition(("X01", "青霉素钠"), ("X02", "青霉胺"), ("X03", "头孢曲松", dear))
    old = DateRange(date(2008, 1, 1), date(2009, 1, 1))
    basics.edition(("X09", "旧药"), period=old)
    return {one.code: one for one in CatalogueEntry.objects.all()}


def lines(*rows: tuple[object, str, str], **more) -> dict[str, object]:
    """A stay whose costs are lines of the catalogue: an entry or what was typed, quantity, price."""
    given: dict[str, object] = {"lines": str(len(rows)), "c-drug-A": "", "c-exam-B": ""}
    for place, (what, quantity, price) in enumerate(rows):
        is_entry = isinstance(what, CatalogueEntry)
        given |= {f"l{place}-text": what.name if is_entry else what, f"l{place}-quantity": quantity}
        given |= {f"l{place}-price": price} | ({f"l{place}-entry": str(what.pk)} if is_entry else {})
    return typed(**{**given, **more})


class TestTaking:
    def test_class_and_group_are_the_catalogues(self, desk, entries):
        given = lines((entries["X01"], "100", "20.5"), (entries["X03"], "３", "16.6667"), **{"i0-amount": "2200"})
        desk.post(NEW, {**given, "c-exam-A": "100"})
        claim = Claim.objects.get()
        rows = list(
            claim.lines.values_list("name", "item_class", "group", "quantity", "price", "amount", "entry__code")
        )
        assert rows == [
            ("青霉素钠", "A", "drug", Decimal("100.00"), Decimal("20.5000"), Decimal("2050.00"), "X01"),
            ("头孢曲松", "B", "drug", Decimal("3.00"), Decimal("16.6667"), Decimal("50.00"), "X03"),
            ("检查", "A", "exam", None, None, Decimal("100.00"), None),
        ]
        shown = desk.get(f"/claims/{claim.pk}/").content.decode()
        assert "100 × 20.5" in shown

    def test_a_code_or_a_name_that_means_one_is_enough(self, desk, entries):
        desk.post(NEW, lines(("X01", "1", "1000"), ("头孢", "1", "2000")))
        assert list(Claim.objects.get().lines.values_list("entry__code", flat=True)) == ["X01", "X03"]

    def test_entered_anew_it_shows_what_was_typed(self, desk, entries):
        desk.post(NEW, lines((entries["X01"], "2", "1000.5"), ("X03", "1", "999")))
        claim = Claim.objects.get()
        page = desk.get(f"/claims/{claim.pk}/change/").content.decode()
        assert f'name="l0-entry" value="{entries["X01"].pk}"' in page
        assert 'value="1000.5"' in page
        assert "2,001.00" in page
        given = lines((entries["X01"], "3", "1000"), seen="1", member=str(claim.member_id))
        assert desk.post(f"/claims/{claim.pk}/change/", given).status_code == 302
        claim.refresh_from_db()
        assert [one.amount for one in claim.lines.filter(version=2)] == [3000]

    @pytest.mark.parametrize(
        ("row", "words"),
        [
            (("青霉", "1", "3000"), "找到多个"),
            (("旧药", "1", "3000"), "没有找到"),
            (("", "1", "3000"), "必填"),
            (("X01", "", "3000"), "必填"),
            (("X01", "1", "x"), "error"),
            (("X01", "-1", "3000"), "error"),
            (("X01", "0.01", "0.01"), "error"),
        ],
    )
    def test_what_is_wrong_stands_at_its_field(self, desk, entries, row, words):
        answer = desk.post(NEW, lines(row))
        assert answer.status_code == 422
        assert not Claim.objects.exists()
        assert words in answer.content.decode()
        assert f'value="{row[0]}"' in answer.content.decode()

    def test_an_entry_of_another_edition_is_refused_with_its_name(self, desk, entries):
        answer = desk.post(NEW, lines((entries["X09"], "1", "3000")))
        assert answer.status_code == 422
        assert "旧药 不在 2010-01-21 执行的" in answer.content.decode()

    def test_list_and_invoices_are_compared(self, desk, entries):
        answer = desk.post(NEW, lines((entries["X01"], "1", "2999.99")))
        assert answer.status_code == 422
        assert "2,999.99" in answer.content.decode()

    def test_more_lines_without_scripts(self, desk, entries):
        page = desk.post(NEW, lines(("X01", "1", "3000"), add_lines="yes")).content.decode()
        assert 'name="l10-text"' in page
        assert 'name="lines" value="11"' in page
        assert not Claim.objects.exists()

    def test_the_database_holds_quantity_times_price(self, desk, entries):
        desk.post(NEW, lines((entries["X01"], "2", "1500")))
        kept = ClaimLine.objects.get()
        kept.pk, kept.position, kept.quantity = None, 2, Decimal(3)
        with pytest.raises(DatabaseError, match="claim_line_is_quantity_times_price"), transaction.atomic():
            kept.save()


class TestBeside:
    def test_the_benefit_follows_and_a_dear_item_is_told(self, desk, entries):
        page = desk.post(PREVIEW, lines((entries["X03"], "200", "15")), **HTMX).content.decode()
        assert "3,000.00" in page
        assert "头孢曲松 单价超过目录限价" in page

    @pytest.mark.parametrize(("text", "found"), [("X0", 3), ("qmsn", 1), ("头孢", 1), ("旧药", 0), ("", 0)])
    def test_the_field_finds_in_the_edition_of_the_day(self, desk, entries, text, found):
        given = {"l7-text": text, "discharged_on": "2010-01-21", "admitted_on": "2010-01-11"}
        page = desk.post("/claims/find/item/?row=7", given, **HTMX).content.decode()
        assert page.count('name="l7-entry"') == found

    @pytest.mark.parametrize("row", ["", "x", "1000"])
    def test_a_row_that_is_none(self, desk, row):
        assert desk.post(f"/claims/find/item/?row={row}", {}).status_code == 404

    def test_a_hundred_lines_ask_as_much_as_two(self, desk, entries):
        asked = []
        for many in (2, 100):
            given = lines(*[(entries["X01"], "1", str(3000 // many))] * many)
            desk.post(PREVIEW, given, **HTMX)
            with CaptureQueriesContext(connection) as seen:
                assert desk.post(PREVIEW, given, **HTMX).status_code == 200
            asked.append(len(seen))
        assert asked[0] == asked[1]
