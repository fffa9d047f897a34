"""The lists of the campaign: bulletins, reminders, what collecting cost."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from enrollment.models import Bulletin, CollectionCost, Reminder
from enrollment.selectors import reminders
from enrollment.tables.coverage import FIGURE, WHOLE
from office.pages.columns import Fragment
from office.rules import money


class BulletinTable(tables.Table):
    number = tables.Column(linkify=("enrollment:bulletin", [tables.A("pk")]), attrs=FIGURE)
    fund_year = tables.Column(orderable=False, attrs=WHOLE)
    as_of = tables.DateColumn(format="Y-m-d", attrs=WHOLE)
    enrolled = tables.Column(
        accessor="figures__whole__enrolled", verbose_name=_("enrolled"), orderable=False, attrs=FIGURE
    )
    rate = tables.Column(
        accessor="figures__whole__rate", verbose_name=_("rate in percent"), orderable=False, attrs=FIGURE
    )
    collected = tables.Column(
        accessor="figures__whole__collected", verbose_name=_("collected, yuan"), orderable=False, attrs=FIGURE
    )
    remark = tables.Column(orderable=False)
    made_by = tables.Column(accessor="made_by__full_name", verbose_name=_("made by"), orderable=False)
    made_at = tables.DateTimeColumn(format="Y-m-d H:i", attrs=WHOLE)

    class Meta:
        model = Bulletin
        fields = ("number", "fund_year", "as_of", "enrolled", "rate", "collected", "remark", "made_by", "made_at")
        empty_text = _("No bulletin was made yet.")

    def render_enrolled(self, value: int) -> str:
        return f"{value:,}"

    def render_collected(self, value: str) -> str:
        return money.shown(value)


class ReminderTable(tables.Table):
    township = tables.Column(
        accessor="township__name",
        verbose_name=_("township"),
        linkify=("enrollment:reminder", [tables.A("pk")]),
        orderable=False,
        attrs=WHOLE,
    )
    state = Fragment("enrollment/_reminder_state.html", verbose_name=_("state"), orderable=False)
    deadline = tables.Column(orderable=False, attrs=WHOLE)
    rate = tables.Column(attrs=FIGURE)
    text = tables.Column(orderable=False)
    answer_by = tables.DateColumn(format="Y-m-d", attrs=WHOLE)
    sent_at = tables.DateTimeColumn(format="Y-m-d H:i", attrs=WHOLE)
    answer = tables.Column(orderable=False)
    answered_at = tables.DateTimeColumn(format="Y-m-d H:i", attrs=WHOLE)

    class Meta:
        model = Reminder
        fields = ("township", "state", "deadline", "rate", "text", "answer_by", "sent_at", "answer", "answered_at")
        empty_text = _("No township was reminded.")

    def before_render(self, request: HttpRequest) -> None:
        late = reminders.late([row.record for row in self.paginated_rows], timezone.now())
        for row in self.paginated_rows:
            row.record.late = late.get(row.record.pk, 0)

    def value_state(self, record: Reminder) -> str:
        if record.answered_at is not None:
            return _t("answered")
        return _t("deadline void") if record.deadline.void_reason else _t("waiting for an answer")


class CostTable(tables.Table):
    on = tables.DateColumn(format="Y-m-d", attrs=WHOLE)
    township = tables.Column(verbose_name=_("township"), orderable=False, empty_values=(), attrs=WHOLE)
    fund_year = tables.Column(orderable=False, attrs=WHOLE)
    kind = tables.Column(orderable=False)
    note = tables.Column(orderable=False)
    amount = tables.Column(verbose_name=_("amount, yuan"), attrs=FIGURE)
    person_days = tables.Column(orderable=False, attrs=FIGURE)
    noted_by = tables.Column(accessor="noted_by__full_name", verbose_name=_("noted by"), orderable=False)
    void = Fragment("enrollment/_cost_void.html", verbose_name=_("state"), orderable=False)

    class Meta:
        model = CollectionCost
        fields = ("on", "township", "fund_year", "kind", "note", "amount", "person_days", "noted_by", "void")
        empty_text = _("Nothing was noted yet.")

    def render_amount(self, value: Any) -> str:
        return money.shown(value)

    def render_township(self, record: CollectionCost) -> str:
        return self.value_township(record)

    def value_township(self, record: CollectionCost) -> str:
        return record.township.name if record.township else _t("the county itself")

    def value_void(self, record: CollectionCost) -> str:
        return record.void_reason
