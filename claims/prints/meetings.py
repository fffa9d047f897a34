"""The committee on paper: notice of a meeting, attendance, agenda to vote by hand, minutes (会议纪要)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from claims.models import Cut, Invitee, Meeting
from claims.selectors import agenda as sheets
from enrollment.prints.bulletin import issuer
from office import printing
from office.models.rounds import Choice, Outcome
from office.rules import money

TEMPLATE = "claims/print/meeting.typ"


def notice(found: Meeting, *, at: datetime) -> bytes:
    """The notice by which members are called (会议通知). Raises CannotPrint."""
    called = sheets.called_to(found)
    items = sheets.items_of(found)
    total, proposed = sheets.totals_of(items)
    header = [_("member"), _("role"), _("received on"), _("signature")]
    data = _data(
        _("Notice of a committee meeting"),
        found.number,
        facts=[
            *_when(found),
            (_("claims"), str(len(items))),
            (_("total cost"), money.shown(total)),
            (_("proposed payment"), money.shown(proposed)),
        ],
        sections=[
            _section(
                _("Called are"), header, [[one.person.full_name, one.get_role_display(), "", ""] for one in called]
            )
        ],
        says=_("Whoever is a relative of an applicant, or took part in a claim before, withdraws from it."),
        labels=[_("Secretary"), _("Notice given on")],
    )
    return printing.render(TEMPLATE, data, at=at)


def attendance(found: Meeting, *, at: datetime) -> bytes:
    """The sheet on which those who come sign (签到表). Raises CannotPrint."""
    header = [_("member"), _("role"), _("is there"), _("signature"), _("remark")]
    rows = [[one.person.full_name, one.get_role_display(), _there(one), "", ""] for one in sheets.called_to(found)]
    data = _data(
        _("Attendance of a committee meeting"),
        found.number,
        facts=_when(found),
        sections=[_section("", header, rows)],
        labels=[_("Chair"), _("Secretary")],
    )
    return printing.render(TEMPLATE, data, at=at)


def agenda(found: Meeting, *, at: datetime) -> bytes:
    """The agenda, a row a claim, with room for each member's vote by hand. Raises CannotPrint."""
    called = sheets.called_to(found)
    items = sheets.items_of(found)
    total, proposed = sheets.totals_of(items)
    header = [
        _("no."), _("claim"), _("patient"), _("diagnosis"), _("provider"), _("total, yuan"), _("proposed, yuan"),
        *(one.person.full_name for one in called),
    ]  # fmt: skip
    rows = [
        [
            one.position,
            one.claim.number,
            one.claim.member.name,
            one.claim.disease.name,
            one.claim.provider.name,
            money.shown(one.claim.total),
            _yuan(one.claim.proposed),
            *_withdrawn(one, called),
        ]
        for one in items
    ]
    data = _data(
        _("Agenda of a committee meeting"),
        found.number,
        facts=_when(found),
        sections=[],
        labels=[_("Chair"), _("Secretary"), _("Date")],
    ) | {
        "flipped": True,
        "header": header,
        "rows": rows,
        "total": ["", _("total"), "", "", "", money.shown(total), money.shown(proposed), *("" for _one in called)],
        "plain": 7,
        "after": _("Mark: √ agree, △ agree with cuts, × refuse, □ return, … defer, ○ abstain; say why on the back."),
    }
    return printing.render("claims/print/agenda.typ", data, at=at)


def minutes(found: Meeting, *, at: datetime) -> bytes:
    """The minutes exactly as they were frozen, with their hash. Raises CannotPrint."""
    frozen = found.minutes
    text = frozen.text
    roles = dict(Invitee.Role.choices)
    came = [
        [one["person"], str(roles.get(one["role"], one["role"])), _("is there") if one["present"] else _("absent")]
        for one in text["called"]
    ]
    sections = [_section(_("Called and present"), [_("member"), _("role"), _("attendance")], came)]
    sections += [_of_claim(one) for one in text["claims"]]
    granted = sum((Decimal(one["fund_pays"]) for one in text["claims"] if one["fund_pays"]), Decimal(0))
    data = _data(
        _("Minutes of a committee meeting"),
        frozen.number,
        facts=[
            (_("meeting"), text["meeting"]),
            (_("held on"), f"{text['held_on']} {text['begins_at']}"),
            (_("place of the meeting"), text["place"]),
            *([(_("led by"), text["led_by"])] if text.get("led_by") else []),
            (_("claims"), str(len(text["claims"]))),
            (_("granted together"), _("%(amount)s yuan") % {"amount": money.shown(granted)}),
            ("SHA-256", frozen.sha256),
        ],
        sections=sections,
        labels=[_("Chair"), _("Members"), _("Secretary")],
    )
    return printing.render(TEMPLATE, data, at=at)


def _of_claim(one: Mapping[str, Any]) -> dict[str, Any]:
    """What the minutes say of a claim: amounts, outcome, withdrawals, votes, cuts."""
    choices, reasons = dict(Choice.choices), dict(Cut.Reason.choices)
    outcome = (
        str(Outcome(one["outcome"]).label)
        if one["outcome"]
        else _("not decided: %(why)s") % {"why": one["not_decided"]}
    )
    words = [
        _("Total cost %(total)s yuan, proposed %(asked)s yuan.")
        % {"total": money.shown(Decimal(one["total"])), "asked": money.shown(Decimal(one["asked"] or 0))},
        _("Outcome: %(outcome)s.") % {"outcome": outcome},
    ]
    if one["fund_pays"]:
        words.append(_("The funds pay %(amount)s yuan.") % {"amount": money.shown(Decimal(one["fund_pays"]))})
    words += [_("%(person)s withdrew: %(reason)s") % other for other in one["recused"]]
    words += [
        _("Cut, line %(line)s %(item)s: %(amount)s yuan, %(reason)s.")
        % {**other, "reason": reasons.get(other["reason"], other["reason"])}
        for other in one["cuts"]
    ]
    dissent = {other["person"] for other in one["dissent"]}
    rows = [
        [
            other["person"],
            str(choices.get(other["choice"], other["choice"])),
            _("dissent") if other["person"] in dissent else "",
            other["reason"],
        ]
        for other in one["votes"]
    ]
    title = f"{one['position']}. {one['claim']} {one['patient']}"
    header = [_("member"), _("vote"), _("dissent"), _("reason")]
    return {"title": title, "text": "\n".join(words), "header": header if rows else [], "rows": rows}


def _data(
    title: str,
    number: object,
    *,
    facts: Sequence[tuple[str, object]],
    sections: Sequence[Mapping[str, Any]],
    labels: Sequence[str],
    says: str = "",
) -> dict[str, Any]:
    return {
        "office": issuer(),
        "title": title,
        "number": number,
        "facts": [[label, value] for label, value in facts],
        "sections": list(sections),
        "labels": list(labels),
        "says": says,
    }


def _section(title: str, header: Sequence[str], rows: Sequence[Sequence[object]]) -> dict[str, Any]:
    return {"title": title, "text": "", "header": list(header), "rows": [list(one) for one in rows]}


def _when(found: Meeting) -> list[tuple[str, object]]:
    return [
        (_("held on"), f"{found.held_on.isoformat()} {found.begins_at:%H:%M}"),
        (_("place of the meeting"), found.place),
        (_("notice given on"), found.notice_on.isoformat()),
    ]


def _there(one: Invitee) -> str:
    if one.is_present is None:
        return ""
    return _("yes") if one.is_present else _("absent")


def _withdrawn(item: Any, called: Sequence[Invitee]) -> list[str]:
    """A dash under whoever has no voice in a claim."""
    voices = {one.person_id for one in item.round.seats.all() if not one.recusal}
    return ["" if one.person_id in voices else "—" for one in called]


def _yuan(amount: Decimal | None) -> str:
    return "" if amount is None else money.shown(amount)
