"""The acts of engagements by name, as the trail's pages say them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

ACTS_OF_ENGAGEMENTS: dict[str, StrPromise] = {
    "audit-report.drawn-up": _("drew up an audit report"),
    "audit-report.issued": _("issued an audit report"),
    "audit-report.sent-back": _("sent an audit report back"),
    "booked-money.linked": _("linked a posting to a finding"),
    "booked-money.taken-off": _("took a posting off a finding"),
    "demand.made": _("demanded money back"),
    "engagement.changed": _("planned an engagement anew"),
    "engagement.closed": _("closed an engagement"),
    "engagement.given-up": _("gave an engagement up"),
    "engagement.lead-replaced": _("replaced the lead of an engagement"),
    "engagement.member-named": _("named somebody for an engagement"),
    "engagement.member-taken-off": _("took somebody off an engagement"),
    "engagement.noticed": _("served an audit notice"),
    "engagement.opened-again": _("opened an engagement again"),
    "engagement.planned": _("planned an engagement"),
    "evidence.added": _("added evidence"),
    "evidence-sheet.signature-refused": _("noted that a signature was refused"),
    "evidence-sheet.signed": _("noted that an evidence sheet was signed"),
    "evidence-sheet.taken": _("took facts down on an evidence sheet"),
    "evidence-sheet.voided": _("made an evidence sheet void"),
    "finding.answered": _("answered a finding"),
    "finding.changed": _("corrected a finding"),
    "finding.cited": _("named what a finding is about"),
    "finding.closed": _("closed a finding"),
    "finding.drafted": _("drafted a finding"),
    "finding.dropped": _("dropped a finding"),
    "finding.final": _("made a finding final"),
    "finding.opened-again": _("opened a finding again"),
    "finding.sent-for-comment": _("sent a finding for comment"),
    "finding.sheet-added": _("rested a finding on an evidence sheet"),
    "finding.taken-up-again": _("took a finding up again after its answer"),
    "rectification.asked": _("asked for a measure"),
    "rectification.closed": _("closed a measure"),
    "rectification.handed-in": _("handed a measure in"),
    "rectification.opened-again": _("opened a measure again"),
    "rectification.reminded": _("reminded of a measure"),
    "rectification.sent-back": _("sent a measure back"),
    "waiver.decided": _("decided about money that cannot be recovered"),
    "waiver.proposed": _("asked that money that cannot be recovered be waived"),
    "waiver.withdrawn": _("took a waiver back"),
    "work-paper.checked": _("checked a work paper"),
    "work-paper.rewritten": _("rewrote a work paper"),
    "work-paper.sent-back": _("sent a work paper back"),
    "work-paper.written": _("wrote a work paper"),
}
