"""The acts about screenings, leads and complaints by name, as the trail's pages say them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

ACTS: dict[str, StrPromise] = {
    "complaint.answered": _("answered a complaint"),
    "complaint.assigned": _("gave a complaint to somebody"),
    "complaint.file-added": _("added a file to a complaint"),
    "complaint.informant-read": _("looked who made a complaint"),
    "complaint.led": _("made a lead of a complaint"),
    "complaint.noted": _("wrote down what was found about a complaint"),
    "complaint.taken": _("took a complaint down"),
    "lead.cleared": _("cleared a lead"),
    "lead.confirmed": _("confirmed a lead"),
    "lead.held": _("held claims of a lead"),
    "lead.let-go": _("let the claims of a lead go on"),
    "lead.noted": _("wrote down what was found about a lead"),
    "lead.reopened": _("opened a lead again"),
    "screen.set": _("set a screen"),
    "screening.begun": _("began a screening"),
    "screening.screen-ended": _("ended a screen of a screening"),
}
