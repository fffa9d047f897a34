"""People: who works here, with what duties, since when and until when."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from office import deciding, desk
from office.access import Request
from office.filters import PersonFilter
from office.forms import DutyForm, EndDutyForm, LastDayForm, PersonForm
from office.models import Appointment, Delegation, Person, SignIn
from office.pages import stepup
from office.pages.forms import FormPage
from office.pages.lists import ListPage
from office.proof import Proof
from office.rules import days, duties
from office.services import factors, people, requests, signing_in
from office.tables import PersonTable


class PersonList(ListPage):
    permission_required = "office.view_person"
    page_title = gettext_lazy("People")
    queryset = Person.objects.all()
    table_class = PersonTable
    filterset_class = PersonFilter

    def get_queryset(self) -> QuerySet[Any]:
        today = Appointment.objects.on(days.business_day(timezone.now())).select_related("body")
        return super().get_queryset().prefetch_related(Prefetch("appointments", today, to_attr="duties_today"))

    def default_filter(self) -> dict[str, str]:
        return {"here": "yes"}

    def page_actions(self) -> list[dict[str, str]]:
        if not self.request.user.has_perm("office.add_person"):
            return []
        return [{"label": _("Add a person"), "url": reverse("office:add_person"), "key": "Alt+N"}]


@permission_required("office.add_person", raise_exception=True)
@stepup.with_proof
def add_person(request: Request, shown: Proof) -> HttpResponse:
    """Somebody comes to work here."""
    page = FormPage(request, title=_("Add a person"), submit=_("Add"), cancel_url=reverse("office:people"))
    form = PersonForm(page.data)
    if page.is_sent and form.is_valid():
        try:
            added = people.add_person(by=request.user, at=timezone.now(), proof=shown, **form.cleaned_data)
        except people.CannotAddPerson as refusal:
            page.refuse(form, "username", refusal, act="person.added")
        else:
            messages.success(request, _("He sets his first password with a one-time code that two people give him."))
            return redirect("office:person", added.pk)
    return page.render(form)


@permission_required("office.view_person", raise_exception=True)
def person(request: Request, pk: int) -> HttpResponse:
    """One person: what he is and was charged with, and where he is signed in."""
    found = get_object_or_404(Person, pk=pk)
    context = {
        "person": found,
        "appointments": found.appointments.select_related("body").order_by("-period", "duty"),
        "going_on": set(_going_on(found).values_list("pk", flat=True)),
        "is_myself": found == request.user,
        "factor": factors.live(found),
        "sessions": _sessions(found),
        "delegations": Delegation.objects.of_person(found),
        "open_work": _open_work(request.user, found),
    }
    return render(request, "office/person.html", context)


@permission_required("office.change_person", raise_exception=True)
@stepup.with_proof
def leave(request: Request, shown: Proof, pk: int) -> HttpResponse:
    """Somebody works here no more."""
    found = get_object_or_404(Person, pk=pk)
    page = _page_of(request, found, _("%(person)s leaves") % {"person": found}, _("Note it"), "office/person_ends.html")
    form = LastDayForm(page.data, initial={"on": days.business_day(timezone.now())})
    if page.is_sent and form.is_valid():
        try:
            signing_in.leave(person=found, by=request.user, at=timezone.now(), proof=shown, **form.cleaned_data)
        except signing_in.CannotLeave as refusal:
            page.refuse(form, None, refusal, act="person.left")
        else:
            messages.success(request, _("%(person)s has left and is signed out everywhere.") % {"person": found})
            return redirect("office:person", pk)
    open_work = desk.open_work_of(found, timezone.now())
    return page.render(form, appointments=_going_on(found), sessions=_sessions(found), open_work=open_work)


@permission_required("office.change_person", raise_exception=True)
@stepup.with_proof
def end_sessions(request: Request, shown: Proof, pk: int) -> HttpResponse:
    """Sign somebody else out everywhere."""
    found = get_object_or_404(Person, pk=pk)
    title = _("End the sessions of %(person)s") % {"person": found}
    page = _page_of(request, found, title, _("End them"), "office/person_ends.html")
    form = forms.Form(page.data)
    if page.is_sent and form.is_valid():
        try:
            count = people.end_sessions(person=found, by=request.user, at=timezone.now(), proof=shown)
        except people.CannotEndSessions as refusal:
            page.refuse(form, None, refusal, act="sessions.ended")
        else:
            messages.success(request, _("Sessions ended: {count}.").format(count=count))
            return redirect("office:person", pk)
    return page.render(form, sessions=_sessions(found))


@permission_required("office.add_appointment", raise_exception=True)
@stepup.with_proof
def give_duty(request: Request, shown: Proof, pk: int) -> HttpResponse:
    """Charge a person with a duty."""
    found = get_object_or_404(Person, pk=pk)
    page = _page_of(request, found, _("Give %(person)s a duty") % {"person": found}, _("Give"))
    form = DutyForm(page.data, initial={"start": days.business_day(timezone.now())})
    if page.is_sent and form.is_valid():
        typed = form.cleaned_data
        who: dict[str, Any] = {"person": found, "by": request.user, "at": timezone.now(), "proof": shown}
        try:
            if duties.is_given_by_two(typed["duty"]):
                asked = requests.propose_duty(**who, **typed)
                return redirect(deciding.page_of(deciding.rounds_of(asked).latest("pk")))
            typed.pop("reason")
            people.give_duty(**who, **typed)
        except requests.CannotRequest as refusal:
            page.refuse(form, None, refusal, act="duty.proposed")
        except people.CannotGiveDuty as refusal:
            page.refuse(form, None, refusal, act="duty.given")
        else:
            return redirect("office:person", pk)
    return page.render(form)


@permission_required("office.change_appointment", raise_exception=True)
@stepup.with_proof
def end_duty(request: Request, shown: Proof, pk: int) -> HttpResponse:
    """A duty ends earlier than it would have."""
    found = get_object_or_404(Appointment.objects.select_related("person", "body"), pk=pk)
    title = _("End a duty of %(person)s: %(duty)s, %(body)s") % {
        "person": found.person,
        "duty": found.get_duty_display(),
        "body": found.body,
    }
    page = _page_of(request, found.person, title, _("End it"))
    form = EndDutyForm(page.data, initial={"on": days.business_day(timezone.now())})
    if page.is_sent and form.is_valid():
        try:
            people.end_duty(appointment=found, by=request.user, at=timezone.now(), proof=shown, **form.cleaned_data)
        except people.CannotEndDuty as refusal:
            page.refuse(form, "on", refusal, act="duty.ended")
        else:
            return redirect("office:person", found.person_id)
    return page.render(form)


def _page_of(
    request: Request, person: Person, title: str, submit: str, template: str = "components/form_page.html"
) -> FormPage:
    """A form page that comes from a person's page and leads back there."""
    back = reverse("office:person", args=[person.pk])
    return FormPage(request, title=title, submit=submit, cancel_url=back, template=template)


def _going_on(person: Person) -> QuerySet[Appointment]:
    """The duties that are not over yet: in force today or later."""
    yesterday = days.business_day(timezone.now()) - people.ONE_DAY
    return person.appointments.beyond(yesterday).select_related("body")


def _sessions(person: Person) -> QuerySet[SignIn]:
    return SignIn.objects.filter(person=person).open_at(timezone.now())


def _open_work(reader: Person, person: Person) -> desk.OpenWork | None:
    """For whoever gives work to others, or notes that somebody leaves."""
    may_see = reader.has_perm("office.reassign_work") or reader.has_perm("office.change_person")
    return desk.open_work_of(person, timezone.now()) if may_see else None
