"""The lists of engagements, findings, measures and reports."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import django_tables2 as tables
from django.utils import timezone
from django.utils.translation import gettext_lazy, pgettext_lazy

from audit.models import AuditReport, Engagement, Finding, Rectification
from audit.rules.engagements import days_left
from funds.tables.books import FIGURE, WHOLE
from office.pages.columns import Fragment
from office.rules import days, money

NOTHING = "—"
WORDS = {"td": {"class": "cell-words"}}
DAY = {"th": {"class": "head-wraps"}, "td": {"class": "text-nowrap"}}
NARROW = {"th": {"class": "num head-wraps"}, "td": {"class": "num"}}


def number_column(page: str) -> tables.Column:
    """The number, which leads to the record's page."""
    return tables.Column(linkify=(f"audit:{page}", [tables.A("pk")]), attrs=WHOLE)


class StateTable(tables.Table):
    """A list whose rows have a state in words."""

    state = Fragment("audit/_state.html", verbose_name=gettext_lazy("state"), orderable=False)

    def value_state(self, record: Any) -> str:
        return str(record.get_state_display())


class EngagementTable(StateTable):
    """Engagements."""

    number = number_column("engagement")
    kind = tables.Column(attrs=WHOLE)
    done_by = tables.Column(attrs={"td": {"class": "cell-short"}})
    title = tables.Column(attrs=WORDS)
    body = tables.Column(orderable=False)
    scheme = tables.Column(orderable=False, attrs={"td": {"class": "cell-short"}}, default=gettext_lazy("all schemes"))
    since = tables.DateColumn(format="Y-m-d", attrs=DAY)
    until = tables.DateColumn(format="Y-m-d", attrs=DAY)
    lead = tables.Column(orderable=False, attrs=WHOLE)
    found = tables.Column(verbose_name=pgettext_lazy("audit", "findings"), orderable=False, attrs=FIGURE)

    class Meta:
        model = Engagement
        fields = ("number", "state", "kind", "done_by", "title", "body", "scheme", "since", "until", "lead", "found")
        sequence = fields
        empty_text = gettext_lazy("No engagement like that was planned.")


class FindingTable(StateTable):
    """Findings, each with `recovered`, the sum of the ledger, and `waived`, what was given up."""

    number = number_column("finding")
    engagement = tables.Column(linkify=("audit:engagement", [tables.A("engagement_id")]), attrs=WHOLE, orderable=False)
    title = tables.Column(attrs=WORDS)
    responsible = tables.Column(orderable=False, attrs={"th": {"class": "head-wraps"}})
    amount = tables.Column(verbose_name=gettext_lazy("about, yuan"), attrs=NARROW)
    to_recover = tables.Column(verbose_name=gettext_lazy("to be recovered, yuan"), attrs=NARROW)
    recovered = tables.Column(verbose_name=gettext_lazy("recovered, yuan"), attrs=NARROW)
    waived = tables.Column(verbose_name=gettext_lazy("waived, yuan"), attrs=NARROW)
    comment_until = tables.DateColumn(format="Y-m-d", attrs=WHOLE)

    class Meta:
        model = Finding
        fields = (
            "number",
            "state",
            "title",
            "engagement",
            "responsible",
            "amount",
            "to_recover",
            "recovered",
            "waived",
            "comment_until",
        )
        sequence = fields
        empty_text = gettext_lazy("No finding like that.")

    def render_amount(self, value: Any) -> str:
        return money.shown(value)

    render_to_recover = render_recovered = render_waived = render_amount


class RectificationTable(StateTable):
    """Measures (整改销号台账), each with `reminded`, how often the office was reminded of it, and `waived` of its
    finding."""

    number = number_column("rectification")
    finding = tables.Column(linkify=("audit:finding", [tables.A("finding_id")]), attrs=WHOLE, orderable=False)
    problem = tables.Column(
        accessor="finding__title", verbose_name=gettext_lazy("problem"), orderable=False, attrs=WORDS
    )
    measure = tables.Column(orderable=False, attrs=WORDS)
    responsible = tables.Column(attrs={"th": {"class": "head-wraps"}})
    due_on = tables.DateColumn(format="Y-m-d", attrs=WHOLE)
    late = tables.Column(empty_values=(), verbose_name=gettext_lazy("days overdue"), orderable=False, attrs=NARROW)
    turn = tables.Column(attrs=NARROW)
    reminded = tables.Column(verbose_name=gettext_lazy("reminders"), orderable=False, attrs=NARROW)
    checked_by = tables.Column(orderable=False, attrs=WHOLE)
    waived = tables.Column(verbose_name=gettext_lazy("waived, yuan"), orderable=False, attrs=FIGURE)

    class Meta:
        model = Rectification
        fields = (
            "number",
            "state",
            "finding",
            "problem",
            "measure",
            "responsible",
            "due_on",
            "late",
            "turn",
            "reminded",
            "waived",
            "checked_by",
        )
        sequence = fields
        empty_text = gettext_lazy("No measure like that was asked for.")

    def value_late(self, record: Rectification) -> int:
        return overdue_days(record)

    def render_late(self, record: Rectification) -> str:
        return str(overdue_days(record) or NOTHING)

    def render_waived(self, value: Decimal) -> str:
        return money.shown(value) if value else NOTHING


def overdue_days(record: Rectification) -> int:
    """For how many days a measure is overdue; nothing where it is not."""
    left = days_left(record.due_on, days.business_day(timezone.now()))
    return max(-left, 0) if record.state == Rectification.State.OPEN else 0


class AuditReportTable(StateTable):
    """Reports."""

    number = number_column("report")
    engagement = tables.Column(linkify=("audit:engagement", [tables.A("engagement_id")]), attrs=WHOLE, orderable=False)
    title = tables.Column(accessor="engagement__title", verbose_name=gettext_lazy("title"), orderable=False)
    made_by = tables.Column(orderable=False, attrs=WHOLE)
    made_at = tables.DateTimeColumn(attrs=WHOLE)
    issued_by = tables.Column(orderable=False, attrs=WHOLE)
    issued_at = tables.DateTimeColumn(attrs=WHOLE)
    sha256 = tables.Column(orderable=False)

    class Meta:
        model = AuditReport
        fields = ("number", "state", "engagement", "title", "made_by", "made_at", "issued_by", "issued_at", "sha256")
        sequence = fields
        empty_text = gettext_lazy("No report like that was drawn up.")

    def render_sha256(self, value: str) -> str:
        return f"{value[:12]}…"
