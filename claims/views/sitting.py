"""A meeting in session: each member's sheet, the chair's closing, the minutes; its papers."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from claims.forms.meetings import NumberForm, SheetForm
from claims.models import Meeting
from claims.prints import meetings as prints
from claims.selectors import agenda as sheets
from claims.selectors import meetings as selectors
from claims.services import minutes, sitting
from claims.services.meetings import KEEP, CannotMeet
from claims.views.meetings import VIEW, meeting_of, sent
from office.access import Request
from office.models.rounds import Choice
from office.pages import address
from office.pages.downloads import paper
from office.pages.errors import error_page
from office.pages.forms import FormPage
from office.pages.stepup import with_proof
from office.proof import Proof
from office.services import factors
from office.services.tries import TooManyTries

PAPERS: Final = {
    "notice": prints.notice,
    "attendance": prints.attendance,
    "agenda": prints.agenda,
    "minutes": prints.minutes,
}


#: A vote by its key, on the claim in which the cursor stands.
KEYS: Final = {
    Choice.APPROVE: "F2",
    Choice.CUT: "F4",
    Choice.RETURN: "F6",
    Choice.REFUSE: "F7",
    Choice.DEFER: "F8",
    Choice.ABSTAIN: "F9",
}


@sensitive_post_parameters("code")
@permission_required(VIEW, raise_exception=True)
def sheet(request: Request, pk: int) -> HttpResponse:
    """A member's votes on every claim in which he has a voice, confirmed by one code of his own."""
    found = meeting_of(pk)
    called = sheets.called_to(found)
    if not any(one.person_id == request.user.pk for one in called):
        raise PermissionDenied
    own = {one.pk for one in selectors.sheet_for(found, request.user)}
    if request.method == "GET" and (not own or not sheets.has_to_confirm(called, request.user)):
        messages.info(request, _("There is nothing for you to vote on."))
        return redirect("claims:meeting", pk)
    items = [one for one in sheets.items_of(found) if one.pk in own]
    page = FormPage(
        request,
        title=_("My sheet, meeting %(meeting)s") % {"meeting": found},
        submit=_("Confirm the sheet"),
        cancel_url=reverse("claims:meeting", args=[pk]),
        template="claims/meeting/sheet.html",
    )
    form = SheetForm(page.data, items=items, lines=sheets.lines_of(items))
    if page.is_sent and form.is_valid() and (answer := _confirmed(request, found, form)) is not None:
        return answer
    keys = [(choice.value, choice.label, key) for choice, key in KEYS.items()]
    return page.render(form, meeting=found, keys=keys, totals=sheets.totals_of(items))


def _confirmed(request: Request, found: Meeting, form: SheetForm) -> HttpResponse | None:
    """The sheet is confirmed, or the form says why not (None)."""
    now, by, ballots = timezone.now(), request.user, form.ballots()
    try:
        seen = sitting.sheet_hash(meeting=found, ballots=ballots, by=by)
        shown = factors.prove(by, form.cleaned_data["code"], now, seen, address=address.of(request))
        sitting.confirm(meeting=found, ballots=ballots, by=by, at=now, proof=shown)
    except TooManyTries as refusal:
        return error_page(request, 429, reason=str(refusal))
    except factors.CannotProve as refusal:
        form.add_error("code", str(refusal))
    except CannotMeet as refusal:
        form.add_error(None, str(refusal))
    else:
        messages.success(request, _("Your sheet is confirmed: %(claims)s claims.") % {"claims": len(ballots)})
        return redirect("claims:meeting", found.pk)
    return None


@permission_required(VIEW, raise_exception=True)
def decide(request: Request, pk: int) -> HttpResponse:
    """Whoever leads the meeting closes it: every claim gets its outcome at once."""
    found = meeting_of(pk)
    called = sheets.called_to(found)
    if selectors.leader_of(found, called) != request.user:
        raise PermissionDenied
    return _decide(request, found)


@with_proof
def _decide(request: Request, shown: Proof, found: Meeting) -> HttpResponse:
    called = sheets.called_to(found)
    page = FormPage(
        request,
        title=_("Close the decisions of meeting %(meeting)s") % {"meeting": found},
        submit=_("Decide all"),
        cancel_url=reverse("claims:meeting", args=[found.pk]),
        template="claims/meeting/decide.html",
    )
    form = forms.Form(page.data)
    given: dict[str, Any] = {"meeting": found, "by": request.user, "at": timezone.now(), "proof": shown}
    if sent(page, form, lambda: sitting.decide(**given)) is not None:
        messages.success(request, _("Every claim of the agenda has its outcome."))
        return redirect("claims:meeting", found.pk)
    items = [one for one in sheets.items_of(found) if one.round.state == "open"]
    silent = [one for one in called if one.is_present and one.confirmed_at is None]
    return page.render(form, meeting=found, rows=sheets.rows_of(items, called), called=called, silent=silent)


@permission_required(KEEP, raise_exception=True)
def freeze(request: Request, pk: int) -> HttpResponse:
    """Freeze the minutes under their number."""
    found = meeting_of(pk)
    page = FormPage(
        request,
        title=_("Minutes of meeting %(meeting)s") % {"meeting": found},
        submit=_("Freeze the minutes"),
        cancel_url=reverse("claims:meeting", args=[pk]),
    )
    form = NumberForm(page.data)
    given: dict[str, Any] = {"meeting": found, "by": request.user, "at": timezone.now()}
    frozen = sent(page, form, lambda: minutes.freeze(number=form.cleaned_data["number"], **given))
    if frozen is None:
        return page.render(form)
    messages.success(request, _("The minutes are frozen: %(number)s.") % {"number": frozen.number})
    return redirect("claims:meeting", pk)


@permission_required(VIEW, raise_exception=True)
def print_page(request: Request, pk: int, what: str) -> HttpResponse:
    """A paper of the meeting: its notice, who came, the agenda to vote by hand, the minutes."""
    if what not in PAPERS:
        raise Http404
    found = meeting_of(pk)
    back = reverse("claims:meeting", args=[pk])
    if what == "minutes" and not hasattr(found, "minutes"):
        messages.info(request, _("The minutes are not frozen yet."))
        return redirect(back)
    return paper(request, lambda: PAPERS[what](found, at=timezone.now()), name=f"meeting-{pk}-{what}.pdf", back=back)
