"""The lists of leads, screenings and complaints."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.utils.translation import gettext_lazy, pgettext_lazy

from audit.models import Complaint, Lead, Screening
from audit.selectors import leads
from office.pages.columns import Fragment
from office.rules import money

WHOLE = {"td": {"class": "text-nowrap"}}
NUMBER = {"th": {"class": "num"}, "td": {"class": "num"}}


class LeadTable(tables.Table):
    """Leads, each with its evidence in a sentence."""

    number = tables.Column(
        accessor="pk", verbose_name=gettext_lazy("lead"), linkify=("audit:lead", [tables.A("pk")]), attrs=WHOLE
    )
    score = tables.Column(attrs=NUMBER)
    screen = tables.Column(verbose_name=gettext_lazy("found by"), orderable=False, attrs=WHOLE)
    evidence = tables.Column(accessor="pk", verbose_name=pgettext_lazy("lead", "evidence"), orderable=False)
    member = tables.Column(orderable=False, attrs=WHOLE)
    provider = tables.Column(orderable=False)
    money = tables.Column(verbose_name=gettext_lazy("money, yuan"), attrs=NUMBER)
    found_on = tables.DateColumn(format="Y-m-d", attrs=WHOLE)
    state = Fragment("audit/_lead_state.html", verbose_name=gettext_lazy("state"), orderable=False)

    class Meta:
        model = Lead
        fields = ("number", "state", "score", "screen", "evidence", "member", "provider", "money", "found_on")
        empty_text = gettext_lazy("No lead like that was found.")

    def render_number(self, record: Lead) -> str:
        return str(record)

    def value_number(self, record: Lead) -> str:
        return str(record)

    def render_screen(self, record: Lead) -> str:
        return leads.screen_words(record.screen)

    def value_screen(self, record: Lead) -> str:
        return leads.screen_words(record.screen)

    def render_evidence(self, record: Lead) -> str:
        return leads.story_of(record)

    def value_evidence(self, record: Lead) -> str:
        return leads.story_of(record)

    def render_money(self, value: Any) -> str:
        return money.shown(value)

    def value_state(self, record: Lead) -> str:
        return str(record.get_state_display())


class ScreeningTable(tables.Table):
    """Screenings, each with what came of it."""

    first = tables.DateColumn(format="Y-m-d", linkify=("audit:screening", [tables.A("pk")]), attrs=WHOLE)
    last = tables.DateColumn(format="Y-m-d", orderable=False, attrs=WHOLE)
    begun_at = tables.DateTimeColumn(format="Y-m-d H:i", order_by="pk", attrs=WHOLE)
    asked_by = tables.Column(orderable=False, empty_values=(), attrs=WHOLE)
    done = tables.Column(verbose_name=gettext_lazy("screens"), orderable=False, attrs=NUMBER)
    hits = tables.Column(verbose_name=gettext_lazy("hits"), orderable=False, attrs=NUMBER)
    fresh = tables.Column(verbose_name=gettext_lazy("new leads"), orderable=False, attrs=NUMBER)
    seconds = tables.Column(verbose_name=gettext_lazy("seconds"), orderable=False, attrs=NUMBER)

    class Meta:
        model = Screening
        fields = ("first", "last", "begun_at", "asked_by", "done", "hits", "fresh", "seconds")
        empty_text = gettext_lazy("Nothing was screened yet.")

    def render_asked_by(self, record: Screening) -> str:
        return self.value_asked_by(record)

    def value_asked_by(self, record: Screening) -> str:
        return str(record.asked_by or gettext_lazy("by night"))

    def render_done(self, record: Any) -> str:
        return f"{record.done}/{len(record.screens)}"


class ComplaintTable(tables.Table):
    """Complaints, without who made them."""

    number = tables.Column(linkify=("audit:complaint", [tables.A("pk")]), attrs=WHOLE)
    state = Fragment("audit/_complaint_state.html", verbose_name=gettext_lazy("state"), orderable=False)
    channel = tables.Column(orderable=False, attrs=WHOLE)
    about = tables.Column(orderable=False)
    words = tables.Column(orderable=False)
    received_on = tables.DateColumn(format="Y-m-d", attrs=WHOLE)
    answer_by = tables.DateColumn(format="Y-m-d", attrs=WHOLE)
    assigned_to = tables.Column(orderable=False, attrs=WHOLE)

    class Meta:
        model = Complaint
        fields = ("number", "state", "channel", "about", "words", "received_on", "answer_by", "assigned_to")
        empty_text = gettext_lazy("No complaint like that was taken down.")

    def render_words(self, value: str) -> str:
        return f"{value[:LONGEST]}…" if len(value) > LONGEST else value

    def value_words(self, record: Complaint) -> str:
        return record.words

    def value_state(self, record: Complaint) -> str:
        return str(record.get_result_display() or record.get_state_display())


LONGEST = 60  # signs of a complaint that a list shows
