"""The lists of collecting: sheets, receipt books, receipts, refunds."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from enrollment.models import CollectionSheet, Receipt, ReceiptBook, Refund
from office.pages.columns import Fragment
from office.rules import money

WHOLE = {"td": {"class": "text-nowrap"}}
FIGURE = {"th": {"class": "num"}, "td": {"class": "num"}}


class Yuan(tables.Column):
    """An amount whose head names the unit."""

    def __init__(self, **more: Any) -> None:
        super().__init__(orderable=False, attrs=FIGURE, **more)

    def render(self, value: Any) -> str:
        return money.shown(value)


class Figure(tables.Column):
    """A number of things."""

    def __init__(self, **more: Any) -> None:
        super().__init__(orderable=False, attrs=FIGURE, **more)

    def render(self, value: int) -> str:
        return f"{value:,}"


class SheetTable(tables.Table):
    """Sheets with the sums of `selectors.sheets.with_sums`."""

    number = tables.Column(linkify=("enrollment:sheet", [tables.A("pk")]), attrs=WHOLE)
    state = Fragment("enrollment/_sheet_state.html", verbose_name=_("state"), orderable=False)
    township = tables.Column(accessor="village__parent__name", verbose_name=_("township"), orderable=False, attrs=WHOLE)
    village = tables.Column(accessor="village__name", verbose_name=_("village"), orderable=False, attrs=WHOLE)
    collector = tables.Column(orderable=False, attrs=WHOLE)
    origin = tables.Column(orderable=False, attrs=WHOLE)
    opened_on = tables.DateColumn(format="Y-m-d", attrs=WHOLE)
    households = Figure(accessor="said_households", verbose_name=_("households"))
    people = Figure(accessor="said_people", verbose_name=_("people"))
    cash = Yuan(accessor="said_cash", verbose_name=_("cash, yuan"))
    assisted = Yuan(accessor="said_assisted", verbose_name=_("assistance, yuan"))
    collective = Yuan(accessor="said_collective", verbose_name=_("collective, yuan"))

    class Meta:
        model = CollectionSheet
        fields = (
            "number",
            "state",
            "township",
            "village",
            "collector",
            "opened_on",
            "households",
            "people",
            "cash",
            "assisted",
            "collective",
            "origin",
        )
        empty_text = _("No collection sheet like that.")

    def value_state(self, record: CollectionSheet) -> str:
        return str(record.get_state_display())


class BookTable(tables.Table):
    """Books with the counts of `selectors.receipts.with_counts`."""

    numbers = tables.Column(
        accessor="pk",
        verbose_name=_("receipts"),
        orderable=False,
        linkify=("enrollment:receipt_book", [tables.A("pk")]),
    )
    state = Fragment("enrollment/_book_state.html", verbose_name=_("state"), orderable=False)
    township = tables.Column(accessor="township__name", verbose_name=_("township"), orderable=False)
    issued_on = tables.DateColumn(format="Y-m-d", attrs=WHOLE)
    issued = Figure(verbose_name=_("issued"))
    used = Figure(verbose_name=pgettext_lazy("receipt", "used"))
    void = Figure(verbose_name=_("void"))
    left = Figure(verbose_name=_("left"))
    returned = Figure(verbose_name=_("counted back"))
    missing = Figure(verbose_name=_("missing"))

    class Meta:
        model = ReceiptBook
        fields = (
            "numbers",
            "state",
            "township",
            "issued_on",
            "issued",
            "used",
            "void",
            "left",
            "returned",
            "missing",
        )
        empty_text = _("No receipts were issued yet.")

    def render_numbers(self, record: ReceiptBook) -> str:
        return str(record)

    def value_numbers(self, record: ReceiptBook) -> str:
        return str(record)

    def value_state(self, record: ReceiptBook) -> str:
        return str(record.get_state_display())


class ReceiptTable(tables.Table):
    """Every receipt of a book that was used or spoiled, with `head_name`."""

    number = tables.Column(linkify=("enrollment:receipt", [tables.A("pk")]), attrs=WHOLE)
    state = Fragment("enrollment/_receipt_state.html", verbose_name=_("state"), orderable=False)
    dated = tables.DateColumn(format="Y-m-d", attrs=WHOLE, orderable=False)
    household = tables.Column(
        accessor="entry__household__number",
        verbose_name=_("household number"),
        orderable=False,
        linkify=lambda record: _page("household", record.entry.household_id) if record.entry else None,
        attrs=WHOLE,
    )
    head_name = tables.Column(verbose_name=_("head"), orderable=False, attrs=WHOLE)
    people = Figure(verbose_name=_("people"))
    amount = Yuan(verbose_name=_("amount, yuan"))
    sheet = tables.Column(
        accessor="entry__sheet__number",
        verbose_name=_("sheet"),
        orderable=False,
        linkify=lambda record: _page("sheet", record.entry.sheet_id) if record.entry else None,
        attrs=WHOLE,
    )
    printed = Figure(verbose_name=_("printed"))
    void_reason = tables.Column(orderable=False)

    class Meta:
        model = Receipt
        fields = (
            "number",
            "state",
            "dated",
            "household",
            "head_name",
            "people",
            "amount",
            "sheet",
            "printed",
            "void_reason",
        )
        empty_text = _("No receipt of this book was used yet.")

    def value_state(self, record: Receipt) -> str:
        return str(record.get_state_display())


class RefundTable(tables.Table):
    """Refunds with `round`: the number of the last round over each."""

    member = tables.Column(
        accessor="contribution__member__name",
        verbose_name=_("Full name"),
        orderable=False,
        linkify=lambda record: _page("member", record.contribution.member_id),
        attrs=WHOLE,
    )
    state = Fragment("enrollment/_refund_state.html", verbose_name=_("state"), orderable=False)
    village = tables.Column(
        accessor="contribution__member__household__village__name", verbose_name=_("village"), orderable=False
    )
    fund_year = tables.Column(accessor="contribution__fund_year", orderable=False, attrs=WHOLE)
    amount = Yuan(verbose_name=_("amount, yuan"))
    receipt = tables.Column(accessor="contribution__receipt", verbose_name=_("receipt"), orderable=False, attrs=WHOLE)
    reason = tables.Column(orderable=False)
    proposed_by = tables.Column(accessor="proposed_by__full_name", verbose_name=_("entered by"), orderable=False)
    proposed_at = tables.DateTimeColumn(format="Y-m-d H:i", attrs=WHOLE)
    decision = tables.Column(
        accessor="round",
        verbose_name=_("decision"),
        orderable=False,
        exclude_from_export=True,
        linkify=lambda value: reverse("office:decision", args=["enrollment", value]),
    )

    class Meta:
        model = Refund
        fields = (
            "member",
            "state",
            "village",
            "fund_year",
            "amount",
            "receipt",
            "reason",
            "proposed_by",
            "proposed_at",
            "decision",
        )
        empty_text = _("No refund was asked for.")

    def render_decision(self) -> str:
        return str(_("Decision"))

    def value_state(self, record: Refund) -> str:
        return str(record.get_state_display())


def _page(name: str, number: int) -> str:
    return reverse(f"enrollment:{name}", args=[number])
