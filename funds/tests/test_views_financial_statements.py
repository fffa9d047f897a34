"""The pages of statements and budgets: what is shown, what a sent form does, the paper and the workbook."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from io import BytesIO
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from conftest import sign_in
from funds.models import Budget
from funds.prints import financial_statements as prints
from funds.rules import spans
from funds.tests.factories import Counter, pair
from office.models import Duty

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(appoint) -> SimpleNamespace:
    counter = Counter.of(appoint)
    counter.opened("1000.00")
    counter.enter("s", "subsidised", *pair("special_account", "subsidy_central", "500.00"), on=date(2010, 2, 3))
    return SimpleNamespace(counter=counter, book=counter.book, acc=sign_in(Client(), counter.acc), appoint=appoint)


def get(office, name, *args, **query):
    return office.acc.get(reverse(f"funds:{name}", args=args), query)


class TestStatements:
    def test_the_newest_month_comes_by_itself(self, office):
        page = get(office, "financial_statements", office.book.code).content.decode()
        assert "资产负债表" in page
        assert "500.00" in page
        assert "尚未全部结账" in page

    @pytest.mark.parametrize("span", ["month:2010-01", "quarter:2010-01", "half:2010-01", "year:2010-01"])
    def test_every_span_is_shown_printed_and_written(self, office, span):
        assert get(office, "financial_statements", office.book.code, span=span).status_code == 200
        printed = get(office, "financial_statements_print", office.book.code, span=span)
        assert printed.content[:5] == b"%PDF-"
        written = get(office, "financial_statements_workbook", office.book.code, span=span)
        rows = CalamineWorkbook.from_filelike(BytesIO(written.content)).get_sheet_by_index(0).to_python()
        assert ["收支表", "400401", "中央财政"] in [row[:3] for row in rows]

    def test_a_span_that_is_none_leads_back(self, office):
        for name in ("financial_statements_print", "financial_statements_workbook"):
            assert get(office, name, office.book.code, span="week:2010-01").status_code == 302
        assert "选择" in get(office, "financial_statements", office.book.code, span="x").content.decode()

    @pytest.mark.parametrize(
        ("span", "words"),
        [
            ((spans.MONTH, date(2010, 2, 1)), "2010-02"),
            ((spans.QUARTER, date(2010, 4, 1)), "2010, quarter 2"),
            ((spans.HALF, date(2010, 1, 1)), "2010, first half"),
            ((spans.HALF, date(2010, 7, 1)), "2010, second half"),
            ((spans.YEAR, date(2010, 1, 1)), "the year 2010"),
        ],
    )
    def test_a_span_in_words(self, in_english, span, words):
        assert prints.span_words(*span) == words

    def test_nothing_is_a_dash(self):
        assert prints.shown(None) == "—"


class TestBudgets:
    def test_from_the_first_word_to_the_head(self, office):
        sent = office.acc.post(reverse("funds:budget_draft"), {"book": office.book.pk, "year": 2010, "reason": ""})
        made = Budget.objects.get()
        assert sent.url == reverse("funds:budget_lines", args=[made.pk])
        field = f"account-{made.lines.get(account__purpose='pool_spending').account_id}"
        assert office.acc.post(sent.url, {field: "1,200.50"}).status_code == 302
        assert made.lines.get(account__purpose="pool_spending").amount == Decimal("1200.50")
        assert "1,200.50" in get(office, "budget", made.pk).content.decode()
        office.acc.post(reverse("funds:budget_propose", args=[made.pk]))
        made.refresh_from_db()
        assert made.state == "proposed"
        refused = office.acc.post(reverse("funds:budget_propose", args=[made.pk]), follow=True)
        assert "该事项已在审批中" in refused.content.decode()
        office.acc.post(reverse("funds:budget_withdraw", args=[made.pk]))
        made.refresh_from_db()
        assert made.state == "withdrawn"

    def test_a_refusal_stands_over_the_form(self, office):
        sent = office.acc.post(reverse("funds:budget_draft"), {"book": office.book.pk, "year": 2009, "reason": ""})
        assert "2010-01-01" in sent.content.decode()
        made = office.acc.post(reverse("funds:final_account_make"), {"book": office.book.pk, "year": 2010})
        assert "2010" in made.content.decode()

    def test_who_only_looks_has_no_buttons(self, office):
        office.acc.post(reverse("funds:budget_draft"), {"book": office.book.pk, "year": 2010, "reason": ""})
        looker = sign_in(Client(), office.appoint("hal", Duty.OFFICE_HEAD))
        for name in ("budgets", "final_accounts"):
            page = looker.get(reverse(f"funds:{name}"))
            assert page.status_code == 200
            assert "Alt+N" not in page.content.decode()
        shown = looker.get(reverse("funds:budget", args=[Budget.objects.get().pk])).content.decode()
        assert "F2" not in shown
