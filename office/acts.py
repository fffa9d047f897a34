"""The office's own acts by name, as the trail's pages say them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

ACTS: dict[str, StrPromise] = {
    "delegation.ended": _("ended a delegation"),
    "delegation.given": _("let somebody act for an absent person"),
    "delegation.proposed": _("asked that somebody act for an absent person"),
    "body.added": _("added a body"),
    "body.renamed": _("renamed a body"),
    "duty.ended": _("ended a duty"),
    "duty.given": _("gave a duty"),
    "duty.proposed": _("asked for a duty that two people give"),
    "request.withdrawn": _("took back what was asked for"),
    "reset.proposed": _("asked for a one-time code"),
    "round.attendance-noted": _("noted who is present"),
    "round.closed": _("closed a round"),
    "round.opened": _("opened a round"),
    "round.voided": _("made a round void"),
    "round.voted": _("voted"),
    "attachment.kept": _("kept a file"),
    "attachment.read": _("fetched a file"),
    "office.founded": _("founded the office"),
    "job.asked": _("asked for a job"),
    "job.restarted": _("started a job again"),
    "list.exported": _("exported a list"),
    "page.refused": _("opened a page without the right to"),
    "printer.added": _("added a printer"),
    "printer-offset.set": _("set a printer offset"),
    "one-time-code.issued": _("issued a one-time code"),
    "password.changed": _("changed the password"),
    "password.reset": _("reset the password with a one-time code"),
    "person.added": _("added a person"),
    "person.left": _("noted that a person left"),
    "second-factor.reset": _("reset the second factor with a one-time code"),
    "second-factor.set-up": _("set up a second factor"),
    "second-factor.shown": _("showed the second factor"),
    "sessions.ended": _("ended somebody's sessions"),
    "sign-in.done": _("signed in"),
    "sign-in.ended": _("signed out"),
    "sign-in.try": _("tried to sign in"),
    "trail.read": _("read the trail"),
    "work.ended": _("had done with, or lost, what was taken"),
    "work.handed-over": _("handed work over"),
    "work.prolonged": _("took work for a longer time"),
    "work.put-back": _("put work back"),
    "work.reassigned": _("gave somebody's work to somebody else"),
    "work.taken": _("took work"),
    "working-day.changed": _("changed a working day"),
    "working-days.notice-applied": _("brought in a holiday notice"),
    "working-days.year-added": _("added a year of working days"),
}
