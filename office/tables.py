"""The office's lists."""

from __future__ import annotations

from collections.abc import Iterable

import django_tables2 as tables
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from office import deciding, trail
from office.models import Act, Appointment, Body, Job, Person, Printer, WorkingDay
from office.models.rounds import Round
from office.pages.columns import Fragment

WHOLE = {"td": {"class": "text-nowrap"}}
NOTHING = "—"
HASH_LENGTH = 64


class JobTable(tables.Table):
    title = tables.Column(linkify=("office:job", [tables.A("pk")]))
    state = Fragment("office/_job_state.html", verbose_name=_("state"))

    class Meta:
        model = Job
        fields = ("title", "state", "asked_at", "finished_at", "attempts")
        empty_text = _("No job was asked for yet.")


class WorkingDayTable(tables.Table):
    day = tables.DateColumn(format="Y-m-d")
    weekday = tables.DateColumn(accessor="day", format="l", verbose_name=_("weekday"), orderable=False)
    is_working = Fragment("office/_working.html", verbose_name=_("working day"))
    change = Fragment(
        "office/_change_day.html",
        verbose_name="",
        orderable=False,
        exclude_from_export=True,
    )

    class Meta:
        model = WorkingDay
        fields = ("day", "weekday", "is_working", "reason", "source", "changed_by", "changed_at")
        empty_text = _("The working-day table has no day like that.")

    def value_weekday(self, record: WorkingDay) -> str:
        return date_format(record.day, "l")


class PrinterTable(tables.Table):
    name = tables.Column(linkify=("office:printer", [tables.A("pk")]))

    class Meta:
        model = Printer
        fields = ("name", "body")
        empty_text = _("No printer is known yet.")


class BodyTable(tables.Table):
    change = Fragment("office/_rename_body.html", verbose_name="", orderable=False, exclude_from_export=True)

    class Meta:
        model = Body
        fields = ("code", "name", "kind", "change")
        empty_text = _("No body like that is known.")


class PersonTable(tables.Table):
    """People, each with `duties_today`."""

    username = tables.Column(verbose_name=_("user name"), linkify=("office:person", [tables.A("pk")]), attrs=WHOLE)
    full_name = tables.Column(verbose_name=_("Full name"), attrs=WHOLE)
    duties = tables.Column(accessor="duties_today", verbose_name=_("duties today"), orderable=False)
    body = tables.Column(accessor="duties_today", verbose_name=_("body"), orderable=False)
    left_on = tables.DateColumn(format="Y-m-d", attrs=WHOLE)

    class Meta:
        model = Person
        fields = ("username", "full_name", "duties", "body", "left_on")
        empty_text = _("Nobody like that works here.")

    def render_duties(self, record: Person) -> str:
        return self.value_duties(record) or NOTHING

    def render_body(self, record: Person) -> str:
        return self.value_body(record) or NOTHING

    def value_duties(self, record: Person) -> str:
        return _each(one.get_duty_display() for one in _duties_today(record))

    def value_body(self, record: Person) -> str:
        return _each(str(one.body) for one in _duties_today(record))


class RoundTable(tables.Table):
    """Rounds of any app."""

    subject = tables.Column(accessor="pk", verbose_name=_("subject"), orderable=False, linkify=deciding.page_of)
    state = Fragment("office/_round_state.html", verbose_name=_("state"), orderable=False)
    opened_at = tables.DateTimeColumn(format="Y-m-d H:i", order_by="pk", attrs=WHOLE)  # as they were opened
    closed_at = tables.DateTimeColumn(format="Y-m-d H:i", orderable=False, attrs=WHOLE)
    maker = tables.Column(orderable=False)
    who_decides = tables.Column(verbose_name=_("who decides"), orderable=False)

    class Meta:
        sequence = ("subject", "state", "maker", "who_decides", "opened_at", "closed_at")
        empty_text = _("Nothing was decided here yet.")

    def before_render(self, request: HttpRequest) -> None:
        self.subjects = deciding.subjects_of(row.record for row in self.paginated_rows)

    def render_subject(self, record: Round) -> str:
        return deciding.words_of(record.subject_type, self.subjects[record.subject_type, record.subject_id])

    def value_state(self, record: Round) -> str:
        return str(record.get_outcome_display() or record.get_state_display())

    def value_subject(self, record: Round) -> str:
        return deciding.words_of(record.subject_type, deciding.subject_of(record))


class ActTable(tables.Table):
    at = tables.DateTimeColumn(verbose_name=_("time"), format="Y-m-d H:i:s", attrs=WHOLE)
    duty = tables.Column(verbose_name=_("duty"), attrs={"td": {"class": "cell-name"}})
    name = tables.Column(verbose_name=_("act"), attrs={"td": {"class": "cell-words"}})
    kind = tables.Column(verbose_name=_("kind"), attrs=WHOLE)
    address = tables.Column(verbose_name=pgettext_lazy("network", "address"), attrs=WHOLE)
    subject = Fragment("office/_act_subject.html", verbose_name=_("subject"), orderable=False, attrs=WHOLE)
    by = Fragment("office/_act_person.html", verbose_name=_("by"), attrs=WHOLE)

    class Meta:
        model = Act
        fields = ("at", "by", "duty", "name", "kind", "subject", "reason", "facts", "address")
        orderable = False
        empty_text = _("No act like that is in the trail.")

    def render_name(self, value: str) -> str:
        return trail.words_for(value)

    def value_name(self, record: Act) -> str:
        return trail.words_for(record.name)

    def value_subject(self, record: Act) -> str:
        return f"{record.subject_type} {record.subject_id}".strip()

    def render_facts(self, record: Act) -> str:
        told = trail.facts_in_words(record.facts, record.subject_type)
        return format_html_join("; ", '<span class="quiet">{}</span> {}', ((name, _short(one)) for name, one in told))

    def value_facts(self, record: Act) -> str:
        return "; ".join(f"{name} {one}" for name, one in trail.facts_in_words(record.facts, record.subject_type))


def _duties_today(person: Person) -> list[Appointment]:
    found: list[Appointment] = person.duties_today  # type: ignore[attr-defined]  # the list fetches them along
    return found


def _each(words: Iterable[str]) -> str:
    """Several things in one cell, each named once."""
    return " · ".join(dict.fromkeys(words))


def _short(value: object) -> str:
    """A fact on the page; long hashes by their first letters."""
    text = str(value)
    return f"{text[:12]}…" if len(text) == HASH_LENGTH else text
