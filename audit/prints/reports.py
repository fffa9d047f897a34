"""The report of an engagement (审计报告): page, paper and workbook read the frozen content, choices in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from audit.models import AuditReport, Engagement, Rectification
from audit.prints.papers import LEFT, RIGHT, Part, Printed, filled, lines, render
from office.rules import money

Content = Mapping[str, Any]


def report(found: AuditReport) -> bytes:
    """The report on A4, as of the moment at which it was drawn up: the same bytes each time. Raises CannotPrint."""
    content = found.content
    labels = [
        _("Drawn up by %(name)s") % {"name": found.made_by},
        _("Issued by %(name)s") % {"name": found.issued_by or ""},
        _("Date"),
    ]
    printed = Printed(
        title=_("Audit report"),
        number=found.number,
        to=_("%(body)s:") % {"body": content["engagement"]["body"]},
        facts=[*([label, str(value)] for label, value in facts(content)), ["SHA-256", found.sha256]],
        parts=[
            Part(_("Scope"), says=lines(content["engagement"]["scope"])),
            Part(_("Opinion on the whole"), says=lines(content["opinion"])),
            *_sums(content),
            *(_finding(place, one) for place, one in enumerate(content["findings"], start=1)),
            *_measures(content),
            *([Part(_("Advice"), says=lines(content["advice"]))] if content["advice"] else []),
        ],
        labels=labels,
    )
    return render(printed, found.made_at)


def facts(content: Content) -> list[tuple[str, object]]:
    """What an audit was of, label by label."""
    told = content["engagement"]
    rows: list[tuple[str, object]] = [
        (_("engagement"), f"{told['number']} {told['title']}"),
        (_("kind"), Engagement.Kind(told["kind"]).label),
        (_("done by"), Engagement.DoneBy(told["done_by"]).label),
        (_("basis"), told["basis"]),
        (_("audited body"), told["body"]),
        (_("whose office ends"), told["leaver"]),
        (_("scheme"), told["scheme"] or _("all schemes")),
        (_("period"), f"{told['since']} – {told['until']}"),
        (_("notice served on"), told["notice_on"]),
        (_("fieldwork from"), told["fieldwork_from"]),
        (pgettext("engagement", "lead"), told["lead"]),
        (_("auditors"), "、".join(told["members"])),
        (_("work papers, evidence sheets"), f"{told['papers']} / {told['sheets']}"),
    ]
    return [(label, value) for label, value in rows if value]


def sums_of(content: Content) -> tuple[str, ...]:
    """Which amounts a report tells of each finding: reports of the first form say nothing of money that was waived."""
    return ("amount", "to_recover", "recovered", *(["waived"] if "waived" in content else []))


def finding_columns(content: Content) -> list[str]:
    """The columns of the findings."""
    amounts = {
        "amount": _("about, yuan"),
        "to_recover": _("to be recovered, yuan"),
        "recovered": _("recovered, yuan"),
        "waived": _("waived, yuan"),
    }
    return [_("number"), _("title"), _("who is responsible"), *(amounts[name] for name in sums_of(content))]


def measure_columns() -> list[str]:
    """The columns of the measures."""
    return [
        pgettext("audit", "finding"),
        _("number"),
        _("measure"),
        _("who carries it out"),
        pgettext("audit", "due on"),
        _("state then"),
    ]


def finding_rows(content: Content) -> list[list[str]]:
    """The findings, a row each."""
    return [
        [
            one["number"],
            one["title"],
            one["responsible"],
            *(money.shown(Decimal(one[name])) for name in sums_of(content)),
        ]
        for one in content["findings"]
    ]


def measure_rows(content: Content) -> list[list[str]]:
    """The measures of all findings, a row each, as they stood when the report was drawn up."""
    return [
        [of["number"], one["number"], one["measure"], one["responsible"], one["due_on"], _state(one)]
        for of in content["findings"]
        for one in of["measures"]
    ]


def _state(measure: Mapping[str, str]) -> str:
    return str(Rectification.State(measure["state"]).label)


def _sums(content: Content) -> list[Part]:
    if not content["findings"]:
        return [Part(pgettext("audit", "Findings"), says=[_("Nothing was found.")])]
    sums = [money.shown(Decimal(content[name])) for name in sums_of(content)]
    return [
        Part(
            pgettext("audit", "Findings"),
            header=finding_columns(content),
            rows=finding_rows(content),
            sides=[LEFT, LEFT, LEFT, *[RIGHT] * len(sums)],
            widths=[1.6, 2.6, 1.6, *[1.3] * len(sums)],
            total=["", _("together"), "", *sums],
        )
    ]


def _finding(place: int, one: Mapping[str, Any]) -> Part:
    rows = [
        (_("number"), one["number"]),
        (_("rule and article"), one["rule"]),
        (_("cause"), one["cause"]),
        (_("who is responsible"), one["responsible"]),
        (_("provider"), one["provider"]),
        (_("insured person"), one["person"]),
        (pgettext("audit", "evidence"), "、".join([*one["sheets"], *one["cited"]])),
    ]
    said = [
        _("Answer of %(name)s on %(day)s (%(agrees)s): %(words)s")
        % {
            "name": answer["by"],
            "day": answer["on"],
            "agrees": _("agrees") if answer["agrees"] else _("does not agree"),
            "words": answer["words"],
        }
        for answer in one["answers"]
    ]
    title = _("Finding %(place)s: %(title)s") % {"place": place, "title": one["title"]}
    return Part(title, facts=filled(rows), says=[*lines(one["fact"]), *said])


def _measures(content: Content) -> list[Part]:
    rows = measure_rows(content)
    part = Part(
        _("Measures"), header=measure_columns(), rows=rows, sides=[LEFT] * 6, widths=[1.75, 1.7, 2.8, 1.5, 1.3, 1.1]
    )
    return [part] if rows else []


def workbook_header(content: Content) -> list[str]:
    """The columns of the workbook."""
    return [
        _("engagement"),
        *finding_columns(content),
        _("rule and article"),
        _("measure"),
        _("measure in words"),
        _("who carries it out"),
        pgettext("audit", "due on"),
        _("state then"),
    ]


def workbook_rows(content: Content) -> Iterable[Sequence[object]]:
    """A row for each measure; a finding without one has a row of its own. Its amounts stand in its first row alone, so
    that a column's sum is right."""
    for one in content["findings"]:
        amounts = [Decimal(one[name]) for name in sums_of(content)]
        head = [content["engagement"]["number"], one["number"], one["title"], one["responsible"]]
        for place, measure in enumerate(one["measures"] or [None]):
            told = ["", "", "", None, ""] if measure is None else _measure(measure)
            yield [*head, *(amounts if place == 0 else [None] * len(amounts)), one["rule"], *told]


def _measure(measure: Mapping[str, str]) -> list[object]:
    due = date.fromisoformat(measure["due_on"])
    return [measure["number"], measure["measure"], measure["responsible"], due, _state(measure)]
