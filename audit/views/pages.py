"""What the pages of engagements share: forms whose refusals stand at their fields, buttons, cells with links."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

from django.contrib import messages
from django.db import models
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from audit.models import Evidence
from audit.services.auditing import CannotAudit
from office.access import Request
from office.pages.forms import FormPage
from office.pages.records import Action, Page, Table, shown
from office.stale import Stale

__all__ = ["Action", "Page", "Table", "done", "evidence_table", "form_view", "link", "moment", "shown", "state_of"]


def form_view(
    request: Request,
    *,
    title: str,
    submit: str,
    back: str,
    form: Callable[[FormPage], Any],
    do: Callable[[Any], tuple[str, str]],
) -> HttpResponse:
    """A form that leads to one service call: `do` gives the address that follows and what is said there. A refusal
    stands at the field it is about, written as an act by the service; what somebody else changed meanwhile is shown."""
    page = FormPage(request, title=title, submit=submit, cancel_url=back)
    filled = form(page)
    if page.is_sent and filled.is_valid():
        try:
            where, told = do(filled)
        except CannotAudit as refusal:
            filled.add_error(refusal.field if refusal.field in filled.fields else None, str(refusal))
        except Stale as stale:
            page.show_stale(filled, stale)
        else:
            messages.success(request, told)
            return redirect(where)
    return page.render(filled)


def done(request: Request, do: Callable[[], str], back: str) -> HttpResponse:
    """Something done at once by a button; what came of it, or why not, stands on the page it leads to."""
    try:
        told = do()
    except CannotAudit as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, told)
    return redirect(back)


def link(name: str, record: models.Model, words: object = "") -> str:
    """A record's number, which leads to its page."""
    return format_html('<a href="{}">{}</a>', reverse(f"audit:{name}", args=[record.pk]), words or record)


def moment(at: Any) -> str:
    """A time as the office says it."""
    return date_format(localtime(at), "SHORT_DATETIME_FORMAT") if at else "—"


def evidence_table(found: Iterable[Evidence]) -> Table:
    """Files of evidence: what each shows, its own day, that of its upload, its hash."""
    rows = [
        [
            format_html('<a href="{}">{}</a>', reverse("office:attachment", args=[one.attachment_id]), one.attachment),
            one.words,
            one.dated_on,
            one.added_on,
            str(one.added_by),
            format_html('<code title="{}">{}…</code>', one.attachment.sha256, one.attachment.sha256[:12]),
        ]
        for one in found
    ]
    header = [_("file"), _("what it shows"), _("date of the evidence"), _("added on"), _("added by"), "SHA-256"]
    return Table(_("Evidence"), header, rows, _("No file was added yet."))


#: How a state looks, by its name: done, failed; everything else waits.
TONES: Final = {
    **dict.fromkeys(("closed", "checked", "confirmed", "issued", "agreed"), "done"),
    **dict.fromkeys(("void", "dropped", "returned", "refused"), "failed"),
}


def state_of(record: Any) -> tuple[str, str]:
    """A record's state: how it looks, and its words."""
    return TONES.get(record.state, "waiting"), str(record.get_state_display())
