"""Findings sent for comment (征求意见稿), letters that demand money (追回通知书), the register of rectification
(整改销号台账) on paper."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from audit.models import Demand, Finding, Rectification
from audit.prints.papers import CENTER, LEFT, RIGHT, Part, Printed, day, filled, lines, render
from audit.rules.engagements import days_left
from audit.selectors.findings import recovered
from office.rules import days, money

State = Finding.State


def finding(found: Finding, *, at: datetime) -> bytes:
    """A finding on paper: while it is out for comment with the last day for comments. Raises CannotPrint."""
    commenting = found.state == State.COMMENTING and found.comment_until is not None
    until = day(found.comment_until) if found.comment_until else ""
    asks = _("Please send your comments in writing by %(day)s; without any it is taken that you agree.") % {
        "day": until
    }
    printed = Printed(
        title=_("Finding sent for comment") if commenting else _("Finding of an audit"),
        number=found.number,
        to=_("%(body)s:") % {"body": found.engagement.body.name} if commenting else "",
        before=[asks] if commenting else [],
        facts=filled(
            [
                (_("engagement"), f"{found.engagement} {found.engagement.title}"),
                (_("title"), found.title),
                (_("state"), found.get_state_display()),
                (_("rule and article"), found.rule),
                (_("cause"), found.cause),
                (_("who is responsible"), found.responsible),
                (_("provider"), found.provider),
                (_("insured person"), found.member),
                (_("amount it is about, yuan"), money.shown(found.amount) if found.amount else ""),
                (_("to be recovered, yuan"), money.shown(found.to_recover) if found.to_recover else ""),
                (_("recovered by the books, yuan"), money.shown(recovered(found)) if found.to_recover else ""),
            ]
        ),
        parts=[Part(_("Fact"), says=lines(found.fact)), _rests_on(found), *_answers(found), *_measures(found)],
        labels=[_("Auditors"), _("Audited body (seal)"), _("Date")],
    )
    return render(printed, at)


def _rests_on(found: Finding) -> Part:
    sheets = [f"{one.sheet} {one.sheet.title}" for one in found.sheets.select_related("sheet")]
    return Part(_("Evidence"), says=[*sheets, *found.citations.values_list("words", flat=True)])


def _answers(found: Finding) -> list[Part]:
    told = found.answers.select_related("answered_by")
    rows = [
        [
            str(one.answered_on),
            str(one.answered_by),
            pgettext("finding", "agrees") if one.agrees else _("does not agree"),
            one.words,
        ]
        for one in told
    ]
    header = [
        pgettext("audit", "answered on"),
        pgettext("audit", "answered by"),
        _("the office"),
        pgettext("audit", "answer"),
    ]
    part = Part(_("Answers of the office"), header=header, rows=rows, sides=[LEFT] * 4, widths=[1.2, 1.2, 1, 4])
    return [part] if rows else []


def _measures(found: Finding) -> list[Part]:
    rows = [
        [str(one), one.measure, one.responsible, str(one.due_on), str(one.get_state_display())]
        for one in found.rectifications.order_by("pk")
    ]
    header = [_("number"), _("measure"), _("who carries it out"), pgettext("audit", "due on"), _("state")]
    part = Part(_("Measures"), header=header, rows=rows, sides=[LEFT] * 5, widths=[1.6, 3.4, 1.6, 1.3, 1.1])
    return [part] if rows else []


def demand(letter: Demand, *, at: datetime) -> bytes:
    """The letter that demands money back, as it was written. Raises CannotPrint."""
    found = letter.finding
    printed = Printed(
        title=_("Demand for money of the fund"),
        number=letter.number,
        to=_("%(body)s:") % {"body": letter.payer},
        before=[
            _("An audit (%(engagement)s) found: %(title)s. This breaks %(rule)s.")
            % {"engagement": found.engagement.title, "title": found.title, "rule": found.rule},
            _("Please pay the sum below into the special fiscal account of the fund by %(day)s.")
            % {"day": day(letter.pay_by)},
        ],
        amount=[money.capitals(letter.amount), money.shown(letter.amount)],
        facts=filled([(pgettext("audit", "finding"), found.number), (_("pay by"), letter.pay_by)]),
        after=[_("Write the number of this letter on the bank's slip, and hand a copy of the slip in.")],
        sender=str(found.engagement.body),
        day=day(letter.made_on),
        labels=[_("Served by"), pgettext("audit", "Received by"), _("Date")],
    )
    return render(printed, at)


def register(rows: Sequence[Rectification], *, at: datetime) -> bytes:
    """The register of rectification, as the list is filtered. Raises CannotPrint."""
    today = days.business_day(at)
    told = [_row(place, one, max(-days_left(one.due_on, today), 0)) for place, one in enumerate(rows, start=1)]
    closed = sum(one.state == Rectification.State.CLOSED for one in rows)
    late = sum(one.state == Rectification.State.OPEN and one.due_on < today for one in rows)
    header = [
        _("no."),
        _("number"),
        pgettext("audit", "finding"),
        _("problem"),
        _("measure"),
        _("who carries it out"),
        pgettext("audit", "due on"),
        _("days overdue"),
        _("state"),
        pgettext("audit", "checked by"),
    ]
    printed = Printed(
        title=_("Register of rectification"),
        number="",
        facts=[
            [_("as of"), day(today)],
            [_("measures"), f"{len(rows):,}"],
            [pgettext("audit", "closed"), f"{closed:,}"],
            [_("overdue"), f"{late:,}"],
        ],
        parts=[
            Part(
                _("Measures"),
                header=header,
                rows=told,
                sides=[CENTER, LEFT, LEFT, LEFT, LEFT, LEFT, LEFT, RIGHT, LEFT, LEFT],
                widths=[0.6, 1.85, 1.9, 2.5, 3.2, 1.8, 1.5, 0.9, 1.2, 1.4],
            )
        ],
        labels=[pgettext("audit", "Made by"), _("Checked by"), _("Office head")],
        flipped=True,
    )
    return render(printed, at)


def _row(place: int, one: Rectification, late: int) -> list[str]:
    return [
        str(place),
        one.number,
        one.finding.number,
        one.finding.title,
        one.measure,
        one.responsible,
        str(one.due_on),
        str(late) if late and one.state == Rectification.State.OPEN else "",
        str(one.get_state_display()),
        str(one.checked_by or ""),
    ]
