"""The lists of the committee: its meetings, its decision notices."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from claims.models import DecisionNotice, Meeting
from office.pages.columns import Fragment

WHOLE = {"td": {"class": "text-nowrap"}}
FIGURE = {"th": {"class": "num"}, "td": {"class": "num"}}


class MeetingTable(tables.Table):
    """Meetings, each with how many claims it has, how many were called and came."""

    number = tables.Column(linkify=("claims:meeting", [tables.A("pk")]), attrs=WHOLE)
    state = Fragment("claims/_meeting_state.html", verbose_name=gettext_lazy("state"))
    held_on = tables.DateColumn(format="Y-m-d", attrs=WHOLE)
    begins_at = tables.TimeColumn(format="H:i", orderable=False)
    place = tables.Column(verbose_name=gettext_lazy("place of the meeting"), orderable=False)
    claims = tables.Column(verbose_name=gettext_lazy("claims"), orderable=False, attrs=FIGURE)
    called = tables.Column(verbose_name=gettext_lazy("called to it"), orderable=False, attrs=FIGURE)
    came = tables.Column(verbose_name=gettext_lazy("came"), orderable=False, attrs=FIGURE)
    minutes = tables.Column(accessor="minutes__number", verbose_name=gettext_lazy("minutes"), orderable=False)

    class Meta:
        model = Meeting
        fields = ("number", "state", "held_on", "begins_at", "place", "claims", "called", "came", "minutes")
        empty_text = gettext_lazy("No meeting like that was called.")

    def value_state(self, record: Meeting) -> str:
        return str(record.get_state_display())


class NoticeTable(tables.Table):
    """Decision notices and how they were served."""

    number = tables.Column(linkify=("claims:notice_print", [tables.A("pk")]), attrs=WHOLE)
    claim = tables.Column(linkify=("claims:claim", [tables.A("claim_id")]), orderable=False, attrs=WHOLE)
    member = tables.Column(accessor="claim__member__name", verbose_name=gettext_lazy("patient"), orderable=False)
    outcome = tables.Column(accessor="round__outcome", verbose_name=gettext_lazy("outcome"), orderable=False)
    issued_on = tables.DateColumn(verbose_name=pgettext_lazy("notice", "issued on"), format="Y-m-d", attrs=WHOLE)
    way = Fragment("claims/_notice_state.html", verbose_name=gettext_lazy("way of service"), orderable=False)
    served_to = tables.Column(orderable=False)
    served_on = tables.DateColumn(format="Y-m-d", attrs=WHOLE)

    class Meta:
        model = DecisionNotice
        fields = ("number", "claim", "member", "outcome", "issued_on", "way", "served_to", "served_on")
        empty_text = gettext_lazy("No notice like that was issued.")

    def render_outcome(self, record: Any) -> str:
        return str(record.round.get_outcome_display())

    value_outcome = render_outcome

    def value_way(self, record: Any) -> str:
        return str(record.get_way_display()) if record.way else _("to be served")
