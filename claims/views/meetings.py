"""Meetings of the committee as their secretary keeps them: list, call, page, agenda, who came, who withdrew."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from claims.filters.meetings import MeetingFilter
from claims.forms.checking import ReasonForm
from claims.forms.meetings import AgendaForm, AttendanceForm, MeetingForm, RecusalForm
from claims.models import AgendaItem, Flag, Meeting
from claims.selectors import agenda as sheets
from claims.selectors import meetings as selectors
from claims.services import meetings
from claims.services.meetings import KEEP, CannotMeet
from claims.tables.meetings import MeetingTable
from office.access import Request
from office.models import Person
from office.pages import guard
from office.pages.forms import FormPage
from office.pages.lists import ListPage
from office.rules import days

VIEW = "claims.view_meeting"
MORNING = time(9)
State = Meeting.State


class MeetingList(ListPage):
    permission_required = VIEW
    page_title = gettext_lazy("Committee meetings")
    table_class = MeetingTable
    filterset_class = MeetingFilter

    def get_queryset(self) -> QuerySet[Any]:
        came = Count("invitees", filter=Q(invitees__is_present=True), distinct=True)
        return Meeting.objects.select_related("minutes").annotate(
            claims=Count("agenda", distinct=True), called=Count("invitees", distinct=True), came=came
        )

    def default_filter(self) -> dict[str, str]:
        return {"year": str(days.business_day(timezone.now()).year)}

    def page_actions(self) -> list[dict[str, str]]:
        if not self.request.user.has_perm(KEEP):
            return []
        return [{"label": _("Call a meeting"), "url": reverse("claims:meeting_call"), "key": "Alt+N"}]


@permission_required(KEEP, raise_exception=True)
def call(request: Request) -> HttpResponse:
    """Call all who belong to the committee on the day of the meeting."""
    today = days.business_day(timezone.now())
    page = FormPage(
        request,
        title=_("Call a meeting"),
        submit=_("Call the meeting"),
        cancel_url=reverse("claims:meetings"),
        template="claims/meeting/call.html",
    )
    count = Meeting.objects.filter(held_on__year=today.year).count()
    given = {"number": f"{today.year}-{count + 1}", "held_on": today, "begins_at": MORNING, "notice_on": today}
    form = MeetingForm(page.data, initial=given)
    called = sent(page, form, lambda: meetings.call(stated=form.stated(), by=request.user, at=timezone.now()))
    if called is None:
        return page.render(form, members=selectors.membership(today), waiting=selectors.waiting_claims().count())
    messages.success(request, _("The meeting is called. Put claims on its agenda."))
    return redirect("claims:meeting_agenda", called.pk)


@permission_required(VIEW, raise_exception=True)
def meeting(request: Request, pk: int) -> HttpResponse:
    """One meeting: what is asked of me, who is called and came, and every claim of the agenda on one sheet."""
    found = meeting_of(pk)
    called = sheets.called_to(found)
    items = sheets.items_of(found)
    leader = selectors.leader_of(found, called)
    is_member = any(one.person_id == request.user.pk for one in called)
    told = {
        "meeting": found,
        "called": called,
        "rows": sheets.rows_of(items, called),
        "totals": sheets.totals_of(items),
        "leader": leader,
        "minutes": getattr(found, "minutes", None),
        "keeps": request.user.has_perm(KEEP) and not is_member,
        "withdraws": is_member,
        "has_sheet": found.state == State.OPEN and sheets.has_to_confirm(called, request.user),
        "leads": found.state == State.OPEN and leader == request.user,
        "waiting": sum(bool(one.is_present) and one.confirmed_at is None for one in called),
        "form_guard": guard.field(request),
    }
    return render(request, "claims/meeting/page.html", told)


@permission_required(KEEP, raise_exception=True)
def agenda(request: Request, pk: int) -> HttpResponse:
    """Put claims that wait for the committee on a meeting's agenda."""
    found = meeting_of(pk)
    waiting = list(selectors.waiting_claims().select_related("disease"))
    held = dict(Flag.objects.holding().filter(claim__in=waiting).values_list("claim", "reason"))
    page = FormPage(
        request,
        title=_("Agenda of meeting %(meeting)s") % {"meeting": found},
        submit=_("Put them on the agenda"),
        cancel_url=reverse("claims:meeting", args=[pk]),
        template="claims/meeting/agenda.html",
    )
    free = [one for one in waiting if one.pk not in held]
    form = AgendaForm(page.data, waiting=free)
    placed = sent(
        page,
        form,
        lambda: meetings.put_on_agenda(meeting=found, claims=form.chosen(), by=request.user, at=timezone.now()),
    )
    if placed is not None:
        messages.success(request, _("%(claims)s claims are on the agenda.") % {"claims": len(placed)})
        return redirect("claims:meeting", pk)
    chosen = set(form["claims"].value() or []) if form.is_bound else {str(one.pk) for one in free}
    return page.render(form, waiting=waiting, held=held, chosen=chosen, meeting=found)


@permission_required(KEEP, raise_exception=True)
def take_off(request: Request, pk: int) -> HttpResponse:
    """A claim is not decided in this meeting."""
    item = item_of(pk)
    page = _page_of(
        request, item.meeting_id, _("Take %(claim)s off the agenda") % {"claim": item.claim}, _("Take it off")
    )
    form = ReasonForm(page.data)
    given: dict[str, Any] = {"item": item, "by": request.user, "at": timezone.now()}
    return _then(page, form, item.meeting_id, lambda: meetings.take_off(reason=form.cleaned_data["reason"], **given))


@permission_required(KEEP, raise_exception=True)
def cancel(request: Request, pk: int) -> HttpResponse:
    """The meeting is not held, or breaks off."""
    found = meeting_of(pk)
    page = _page_of(request, pk, _("Cancel meeting %(meeting)s") % {"meeting": found}, _("Cancel the meeting"))
    form = ReasonForm(page.data)
    given: dict[str, Any] = {"meeting": found, "by": request.user, "at": timezone.now()}
    return _then(page, form, pk, lambda: meetings.cancel(reason=form.cleaned_data["reason"], **given))


@require_POST
@permission_required(KEEP, raise_exception=True)
def open_meeting(request: Request, pk: int) -> HttpResponse:
    """The meeting begins; who came is noted next."""
    try:
        meetings.open_meeting(meeting=meeting_of(pk), by=request.user, at=timezone.now())
    except CannotMeet as refusal:
        messages.error(request, str(refusal))
        return redirect("claims:meeting", pk)
    return redirect("claims:meeting_attendance", pk)


@permission_required(KEEP, raise_exception=True)
def attendance(request: Request, pk: int) -> HttpResponse:
    """Who of those called is there."""
    found = meeting_of(pk)
    page = _page_of(request, pk, _("Who came to meeting %(meeting)s") % {"meeting": found}, _("Note it"))
    form = AttendanceForm(page.data, called=sheets.called_to(found))
    given: dict[str, Any] = {"meeting": found, "by": request.user, "at": timezone.now()}
    return _then(page, form, pk, lambda: meetings.note_attendance(present=form.there(), **given))


@permission_required(VIEW, raise_exception=True)
def recuse(request: Request, pk: int) -> HttpResponse:
    """A member withdraws from a claim: he himself, or as the secretary notes it."""
    item = item_of(pk)
    seated = list(
        Person.objects.filter(pk__in=item.round.seats.filter(recusal="").values("person")).order_by("full_name")
    )
    people = seated if request.user.has_perm(KEEP) else [one for one in seated if one == request.user]
    if not people:
        raise PermissionDenied
    title = _("Withdraw from %(claim)s, %(patient)s") % {"claim": item.claim, "patient": item.claim.member.name}
    page = _page_of(request, item.meeting_id, title, _("Note the withdrawal"))
    form = RecusalForm(page.data, people=people)
    given: dict[str, Any] = {"item": item, "by": request.user, "at": timezone.now()}
    return _then(page, form, item.meeting_id, lambda: meetings.recuse(**form.cleaned_data, **given))


def sent(page: FormPage, form: forms.BaseForm, do: Callable[[], Any]) -> Any:
    """What the service made of a form that was sent; None where it was not sent, or is shown again with the reason.
    The service has written its refusal down."""
    if not (page.is_sent and form.is_valid()):
        return None
    try:
        return do() or True
    except CannotMeet as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    return None


def meeting_of(pk: int) -> Meeting:
    """A meeting by its number."""
    return get_object_or_404(Meeting.objects.select_related("called_by", "minutes"), pk=pk)


def item_of(pk: int) -> AgendaItem:
    """An item of an agenda by its number."""
    return get_object_or_404(AgendaItem.objects.select_related("meeting", "claim__member", "round"), pk=pk)


def _page_of(request: Request, pk: int, title: str, submit: str) -> FormPage:
    return FormPage(request, title=title, submit=submit, cancel_url=reverse("claims:meeting", args=[pk]))


def _then(page: FormPage, form: forms.BaseForm, pk: int, do: Callable[[], Any]) -> HttpResponse:
    return page.render(form) if sent(page, form, do) is None else redirect("claims:meeting", pk)
