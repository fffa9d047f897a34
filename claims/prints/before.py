"""What comes before a claim on paper: referral form, card, minutes, inquiry sheet, list of people in hospital."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from claims.models import ChronicCertificate, ExpertPanel, InjuryInquiry, Referral
from claims.prints.days import shown_days
from claims.services import panels, referrals
from enrollment.prints.bulletin import issuer
from office import deciding, printing
from office.models.rounds import State

TEMPLATE = "claims/print/before.typ"


def referral(found: Referral, *, at: datetime) -> bytes:
    """The referral form, with who decided it. Raises CannotPrint."""
    data = _data(
        _("Referral form"),
        found.number,
        facts=[*referrals.rows(found), (_("state"), found.get_state_display())],
        sections=_votes(found),
        labels=[_("Doctor"), _("Medical office of the hospital"), _("County office")],
    )
    return printing.render(TEMPLATE, data, at=at)


def inquiry(found: InjuryInquiry, *, at: datetime) -> bytes:
    """The sheet of an inquiry, with room for signatures. Raises CannotPrint."""
    member = found.member
    sections: list[dict[str, Any]] = [_words(_("What happened, as stated"), found.statement)]
    for one in found.visits.select_related("first", "second"):
        title = _("Visit on %(day)s by %(first)s and %(second)s") % {
            "day": one.on.isoformat(),
            "first": one.first,
            "second": one.second,
        }
        sections.append(_words(title, f"{one.spoken_to}：{one.words}"))
    concluded = found.conclusions.filter(state__in=["proposed", "confirmed"]).first()
    if concluded is not None:
        liable = concluded.liable_party or _("nobody else")
        said = _("%(conclusion)s. Liable: %(liable)s.") % {"conclusion": concluded, "liable": liable}
        sections += [_words(_("Conclusion"), f"{said} {concluded.words}"), *_votes(concluded)]
    data = _data(
        _("Injury inquiry sheet"),
        found.number,
        facts=[
            (_("injured person"), f"{member.name} · {member.get_sex_display()} · {member.birth_date.isoformat()}"),
            (_("household"), f"{member.household.village} {member.household.number}"),
            (_("injured on"), f"{found.injured_on.isoformat()} · {found.place}"),
            (_("cause stated"), found.get_cause_display()),
            (_("stated by"), f"{found.stated_by} · {found.stated_on.isoformat()}"),
            (_("witnesses"), found.witnesses or "—"),
            (_("proof of the village or the police"), found.proof or "—"),
        ],
        sections=sections,
        labels=[_("Injured person"), _("Visited by"), _("Person in charge")],
    )
    return printing.render(TEMPLATE, data, at=at)


def minutes(found: ExpertPanel, *, at: datetime) -> bytes:
    """The minutes of a panel, to be signed. Raises CannotPrint."""
    rows = [
        [
            one.application.number,
            one.application.member.name,
            str(one.disease),
            one.get_outcome_display(),
            shown_days(one.valid) if one.valid else one.words,
        ]
        for one in panels.findings_of(found)
    ]
    header = [_("application"), _("person"), _("disease"), _("finding"), _("valid, or why not")]
    data = _data(
        _("Minutes of the expert panel"),
        found.pk,
        facts=[
            (_("scheme"), found.scheme.name),
            (_("held on"), found.held_on.isoformat()),
            (_("place of the session"), found.place),
            (_("experts"), "、".join(line.strip() for line in found.experts.splitlines() if line.strip())),
            (_("state"), found.get_state_display()),
        ],
        sections=[{"title": _("Findings"), "text": "", "header": header, "rows": rows}, *_votes(found)],
        labels=[_("Experts"), _("Minutes by"), _("Confirmed by")],
    )
    return printing.render(TEMPLATE, data, at=at)


def in_hospital(found: Sequence[Any], day: date, *, at: datetime) -> bytes:
    """The list of people in hospital on a day, with room for what is found at each bed. Raises CannotPrint."""
    hospitals = list(dict.fromkeys(str(one.provider) for one in found))
    first = 0 if len(hospitals) > 1 else 1  # of one hospital its name stands above the table
    rows = [
        [
            str(one.provider),
            f"{one.ward} {one.bed}",
            one.member.name,
            str(one.member.household.village),
            one.illness,
            one.admitted_on.isoformat(),
            "",
        ][first:]
        for one in found
    ]
    header = [
        *(_("hospital"), _("ward and bed"), _("patient"), _("village"), _("illness"), _("admitted on")),
        _("finding of the check"),
    ][first:]
    data = _data(
        _("People in hospital on %(day)s") % {"day": day.isoformat()},
        None,
        facts=[*((_("hospital"), one) for one in hospitals[:1] if first), (_("people"), str(len(rows)))],
        sections=[{"title": "", "text": "", "header": header, "rows": rows}] if rows else [],
        labels=[_("Bed checked by"), _("Together with"), _("Hospital")],
    )
    return printing.render(TEMPLATE, data, at=at)


def card(found: ChronicCertificate, *, at: datetime) -> bytes:
    """The card of a certificate, to be cut out and laminated. Raises CannotPrint."""
    member = found.member
    data = {
        "office": issuer(),
        "title": _("Chronic-disease certificate"),
        "number": found.number,
        "facts": [
            [_("Full name"), member.name],
            [_("sex"), member.get_sex_display()],
            [_("birth date"), member.birth_date.isoformat()],
            [_("ID number"), member.masked_id or "—"],
            [_("household"), f"{member.household.village} {member.household.number}"],
            [_("scheme"), found.scheme.name],
            [_("disease"), str(found.disease)],
            [_("valid"), shown_days(found.period)],
        ],
        "reviews_title": _("Yearly reviews"),
        "reviews": [[one.on.isoformat(), _("goes on") if one.goes_on else _("ended")] for one in found.reviews.all()],
        "review_by": _("To be reviewed until %(day)s.") % {"day": found.review_by.isoformat()},
        "note": _("Only for the person named on it; show it at every visit."),
    }
    return printing.render("claims/print/certificate_card.typ", data, at=at)


def _data(
    title: str,
    number: object,
    *,
    facts: Sequence[tuple[str, object]],
    sections: Sequence[dict[str, Any]],
    labels: Sequence[str],
) -> dict[str, Any]:
    return {
        "office": issuer(),
        "title": title,
        "number": number,
        "facts": [[label, value] for label, value in facts],
        "sections": list(sections),
        "labels": list(labels),
    }


def _words(title: str, text: str) -> dict[str, Any]:
    return {"title": title, "text": text, "header": [], "rows": []}


def _votes(subject: Any) -> list[dict[str, Any]]:
    """Who decided it, and how."""
    found = deciding.rounds_of(subject).filter(state=State.CLOSED).prefetch_related("votes__voter", "votes__for_whom")
    rows = [
        [
            one.cast_at,
            f"{one.voter} ({one.for_whom})" if one.for_whom else str(one.voter),
            one.get_choice_display(),
            one.reason,
        ]
        for round_ in found
        for one in round_.votes.all()
    ]
    header = [_("time"), _("who decides"), _("vote"), _("reason")]
    return [{"title": _("Decision"), "text": "", "header": header, "rows": rows}] if rows else []
