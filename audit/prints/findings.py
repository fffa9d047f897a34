"""Findings sent for comment (征求意见稿), letters that demand money (追回通知书), the register of rectification
(整改销号台账) on paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from audit.models import Demand, Finding, Rectification
from audit.prints.papers import CENTER, LEFT, RIGHT, Part, Printed, day, filled, lines, render
from audit.rules.engagements import days_left, still_owed
from audit.selectors.findings import recovered_of, standing_of, waived_of
from office.rules import days, money

State = Finding.State


def finding(found: Finding, *, at: datetime) -> bytes:
    """A finding on paper: while it is out for comment with the last day for comments. Raises CannotPrint."""
    commenting = found.state == State.COMMENTING and found.comment_until is not None
    until = day(found.comment_until) if found.comment_until else ""
    standing = standing_of(found)
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
                (_("recovered by the books, yuan"), money.shown(standing.recovered) if found.to_recover else ""),
                (_("waived, yuan"), money.shown(standing.waived) if standing.waived else ""),
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
    sums = _sums(rows)
    told = [_row(place, one, today, sums) for place, one in enumerate(rows, start=1)]
    total = Money(*(sum(column, Decimal(0)) for column in zip(*sums.values(), strict=True))) if sums else Money()
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
        _("recovered, yuan"),
        _("waived, yuan"),
        _("still to come back, yuan"),
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
            [_("to be recovered, yuan"), money.shown(total.to_recover)],
            [_("recovered by the books, yuan"), money.shown(total.recovered)],
            [_("waived, yuan"), money.shown(total.waived)],
            [_("still to come back, yuan"), money.shown(total.owed)],
        ],
        parts=[
            Part(
                _("Measures"),
                header=header,
                rows=told,
                sides=[CENTER, LEFT, LEFT, LEFT, LEFT, LEFT, LEFT, RIGHT, RIGHT, RIGHT, RIGHT, LEFT, LEFT],
                widths=[0.6, 1.85, 1.9, 2.2, 2.7, 1.5, 1.5, 0.8, 1.35, 1.35, 1.35, 1.2, 1.3],
            )
        ],
        labels=[pgettext("audit", "Made by"), _("Checked by"), _("Office head")],
        flipped=True,
    )
    return render(printed, at)


class Money(NamedTuple):
    """The money of a finding, in yuan."""

    to_recover: Decimal = Decimal(0)
    recovered: Decimal = Decimal(0)
    waived: Decimal = Decimal(0)
    owed: Decimal = Decimal(0)


def _sums(rows: Sequence[Rectification]) -> dict[int, Money]:
    """The money of the findings of these measures, each finding once, by the first of its measures."""
    first = {one.finding_id: one for one in reversed(rows)}
    back, up = recovered_of(first), waived_of(first)
    found = {}
    for number, one in first.items():
        asked, came, given = one.finding.to_recover, back.get(number, Decimal(0)), up.get(number, Decimal(0))
        found[one.pk] = Money(asked, came, given, still_owed(asked, came, given))
    return found


def _row(place: int, one: Rectification, today: date, sums: Mapping[int, Money]) -> list[str]:
    late = max(-days_left(one.due_on, today), 0)
    its = sums.get(one.pk)  # a finding's money stands in the first of its rows alone
    told = [money.shown(value) for value in its[1:]] if its and its.to_recover else ["", "", ""]
    return [
        str(place),
        one.number,
        one.finding.number,
        one.finding.title,
        one.measure,
        one.responsible,
        str(one.due_on),
        str(late) if late and one.state == Rectification.State.OPEN else "",
        *told,
        str(one.get_state_display()),
        str(one.checked_by or ""),
    ]
