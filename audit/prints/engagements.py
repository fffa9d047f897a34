"""The notice of an audit (审计通知书), its work papers (底稿) and evidence sheets (取证单) on paper."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from audit.models import Engagement, EvidenceSheet, ReplacedLead, WorkPaper
from audit.prints.papers import Part, Printed, day, filled, lines, render
from office.rules import days


def notice(engagement: Engagement, *, at: datetime) -> bytes:
    """The notice that an audit begins, with what the audited have ready. Raises CannotPrint."""
    people, gone = _people(engagement)
    leads = list(engagement.replaced_leads.select_related("before", "lead"))
    on = engagement.notice_on or days.business_day(at)
    begins = day(engagement.fieldwork_from) if engagement.fieldwork_from else "______"
    printed = Printed(
        title=_("Notice of audit"),
        number=engagement.number,
        to=_("%(body)s:") % {"body": engagement.body.name},
        before=[
            _("By %(basis)s, an audit (%(kind)s) of your office takes place from %(day)s on.")
            % {"basis": engagement.basis, "kind": engagement.get_kind_display(), "day": begins},
            _("Please have books, vouchers, claims and papers ready, answer truly, and support the auditors' work."),
        ],
        facts=filled(
            [
                (_("title"), engagement.title),
                (_("done by"), engagement.get_done_by_display()),
                (_("whose office ends"), engagement.leaver),
                (_("scheme"), engagement.scheme or _("all schemes")),
                (_("period"), f"{engagement.since} – {engagement.until}"),
                (pgettext("engagement", "lead"), leads[0].before if leads else engagement.lead),
                (_("auditors"), "、".join(people)),
                (_("leads since"), "、".join(f"{one.lead.full_name}（{day(one.on)}）" for one in leads)),
                (_("taken off since"), "、".join(gone)),
            ]
        ),
        parts=[Part(_("Scope"), says=lines(engagement.scope))],
        after=[_("Whoever is named here audits nothing that he entered, checked or decided himself.")],
        sender=engagement.get_done_by_display(),
        day=day(on),
        labels=[_("Served by"), pgettext("audit", "Received by"), _("Date")],
    )
    return render(printed, at)


def changed_notice(replaced: ReplacedLead, *, at: datetime) -> bytes:
    """What the audited are told when somebody else leads. Raises CannotPrint."""
    engagement = replaced.engagement
    printed = Printed(
        title=_("Changed notice of audit"),
        number=engagement.number,
        to=_("%(body)s:") % {"body": engagement.body.name},
        before=[
            _("From %(day)s on %(lead)s leads the audit of which you were given notice, in the place of %(before)s.")
            % {"day": day(replaced.on), "lead": replaced.lead.full_name, "before": replaced.before.full_name},
            _("All else that the notice says stays as it is."),
        ],
        facts=filled(
            [
                (_("title"), engagement.title),
                (_("period"), f"{engagement.since} – {engagement.until}"),
                (_("notice served on"), engagement.notice_on and day(engagement.notice_on)),
                (_("lead before"), replaced.before),
                (_("new lead"), replaced.lead),
            ]
        ),
        sender=engagement.get_done_by_display(),
        day=day(replaced.on),
        labels=[_("Served by"), pgettext("audit", "Received by"), _("Date")],
    )
    return render(printed, at)


def _people(engagement: Engagement) -> tuple[list[str], list[str]]:
    """Who works on it, and who was taken off after the notice was served, with the day."""
    members = list(engagement.members.select_related("person", "taken_off"))
    off = {one.pk: one.taken_off for one in members if hasattr(one, "taken_off")}
    since = engagement.notice_on
    gone = [
        f"{one.person.full_name}（{day(off[one.pk].on)}）"
        for one in members
        if one.pk in off and since is not None and off[one.pk].on >= since
    ]
    return [one.person.full_name for one in members if one.pk not in off], gone


def work_paper(paper: WorkPaper, *, at: datetime) -> bytes:
    """A work paper with the list of its evidence. Raises CannotPrint."""
    rows = [
        [str(place), one.words, one.attachment.name, str(one.dated_on), one.attachment.sha256[:16]]
        for place, one in enumerate(paper.evidence.select_related("attachment"), start=1)
    ]
    printed = Printed(
        title=_("Work paper of an audit"),
        number=paper.number,
        facts=filled(
            [
                (_("engagement"), f"{paper.engagement} {paper.engagement.title}"),
                (_("audited body"), paper.engagement.body),
                (_("title"), paper.title),
                (_("what it is of"), paper.subject_words),
                (_("state"), paper.get_state_display()),
                (pgettext("work paper", "remark of the check"), paper.remark),
            ]
        ),
        parts=[
            Part(pgettext("audit", "What was done"), says=lines(paper.procedure)),
            Part(_("What was found"), says=lines(paper.facts)),
            Part(pgettext("audit", "Conclusion"), says=lines(paper.conclusion)),
            *([_evidence(rows)] if rows else []),
        ],
        labels=[
            _("Written by %(name)s") % {"name": paper.made_by},
            _("Checked by %(name)s") % {"name": paper.checked_by or ""},
            _("Date"),
        ],
    )
    return render(printed, at)


def _evidence(rows: list[list[str]]) -> Part:
    header = [_("no."), _("what it shows"), _("file"), _("date of the evidence"), "SHA-256"]
    sides = ["center", "left", "left", "left", "left"]
    return Part(_("Evidence"), header=header, rows=rows, sides=sides, widths=[0.5, 2.4, 2, 1.3, 1.6])


def evidence_sheet(sheet: EvidenceSheet, *, at: datetime) -> bytes:
    """An evidence sheet, with room for what the person concerned says and signs. Raises CannotPrint."""
    rows = [
        [str(place), one.words, one.attachment.name, str(one.dated_on), one.attachment.sha256[:16]]
        for place, one in enumerate(sheet.evidence.select_related("attachment"), start=1)
    ]
    blank = "____________________________________________________________"
    printed = Printed(
        title=_("Evidence sheet"),
        number=sheet.number,
        facts=filled(
            [
                (_("engagement"), f"{sheet.engagement} {sheet.engagement.title}"),
                (_("audited body"), sheet.engagement.body),
                (_("title"), sheet.title),
                (_("taken down on"), sheet.dated_on),
                (pgettext("audit", "taken down by"), sheet.taken_by),
            ]
        ),
        parts=[
            Part(_("Facts"), says=lines(sheet.facts)),
            *([_evidence(rows)] if rows else []),
            Part(
                _("What the person or body concerned says"),
                says=[sheet.words or blank, *([] if sheet.words else [blank])],
            ),
        ],
        after=[_("The facts above agree with what happened.")],
        labels=[_("Signature (seal)"), _("Date"), _("Auditors")],
    )
    return render(printed, at)
