"""The admission register of a hospital's own desk, the list of people in hospital, bed checks."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.filters.before import AdmissionFilter
from claims.forms.before import AdmissionForm, BedCheckForm, BedForm, DischargeForm, ReasonForm
from claims.models import Admission
from claims.prints import before as prints
from claims.selectors import lists
from claims.services import admissions
from claims.tables.before import AdmissionTable
from claims.views import before
from office.access import Request
from office.pages import records
from office.pages.downloads import paper
from office.pages.forms import FormPage
from office.pages.lists import ListPage
from office.pages.records import Action, Page, Table
from office.rules import days

VIEW = "claims.view_admission"


class AdmissionList(ListPage):
    permission_required = VIEW
    page_title = gettext_lazy("People in hospital")
    queryset = lists.admissions()
    table_class = AdmissionTable
    filterset_class = AdmissionFilter

    def default_filter(self) -> dict[str, str]:
        return {"here": "yes"}

    def page_actions(self) -> list[dict[str, str]]:
        actions = [{"label": _("Print the list of today"), "url": reverse("claims:in_hospital_print"), "key": "Alt+P"}]
        if self.request.user.has_perm(admissions.RIGHT):
            actions.insert(0, {"label": _("Admit"), "url": reverse("claims:admit"), "key": "Alt+N"})
        return actions


@permission_required(admissions.RIGHT, raise_exception=True)
def admit(request: Request) -> HttpResponse:
    """Somebody is admitted."""
    page = FormPage(request, title=_("Admit"), submit=_("Admit"), cancel_url=reverse("claims:admissions"))
    form = AdmissionForm(page.data, person=request.user, member=before.of_member(request))
    noted = before.sent(
        page,
        form,
        "admission.noted",
        lambda: admissions.admit(arrival=admissions.Arrival(**form.cleaned_data), by=request.user, at=timezone.now()),
    )
    if noted is None:
        return page.render(form)
    messages.success(
        request, _("%(name)s is in the register: %(number)s.") % {"name": noted.member.name, "number": noted}
    )
    return redirect("claims:admission", noted.pk)


@permission_required(VIEW, raise_exception=True)
def admission(request: Request, pk: int) -> HttpResponse:
    """One admission with its bed checks."""
    found = _admission(request, pk)
    checks = found.checks.select_related("by")
    rows = [(one.on.isoformat(), one.get_finding_display(), one.words or "—", one.by) for one in checks]
    until = found.discharged_on.isoformat() if found.discharged_on else "—"
    page = Page(
        subject=found,
        title=_("Admission %(number)s") % {"number": found},
        back=(_("People in hospital"), reverse("claims:admissions")),
        state=("done", _("discharged")) if found.discharged_on else ("running", _("in hospital")),
        facts=[
            *before.about(found.member),
            (_("hospital"), found.provider),
            (_("number at the hospital"), found.hospital_number),
            (_("admitted on"), found.admitted_on.isoformat()),
            (_("ward and bed"), f"{found.ward} · {found.bed}"),
            (_("illness"), found.illness),
            (_("injury"), _("yes") if found.is_injury else _("no")),
            (_("doctor"), found.doctor or "—"),
            (_("discharged on"), until),
            (_("entered by"), f"{found.entered_by} · {found.body}"),
        ],
        tables=[
            Table(
                _("Bed checks"),
                [_("day"), _("finding"), _("in words"), _("Bed checked by")],
                rows,
                _("Nobody has checked this bed."),
            )
        ],
        actions=_ways(request, found),
    )
    return records.shown(request, page)


@permission_required(admissions.CHANGE, raise_exception=True)
def move_bed(request: Request, pk: int) -> HttpResponse:
    """Another bed."""
    found = _admission(request, pk)
    start = {"ward": found.ward, "bed": found.bed}
    return _form(
        request,
        found,
        BedForm,
        (_("Another bed for %(name)s"), _("Another bed")),
        "admission.moved",
        admissions.move_bed,
        initial=start,
    )


@permission_required(admissions.CHANGE, raise_exception=True)
def discharge(request: Request, pk: int) -> HttpResponse:
    """The patient left."""
    found = _admission(request, pk)
    said = (_("Discharge %(name)s"), _("Discharge"))
    return _form(request, found, DischargeForm, said, "admission.discharged", admissions.discharge)


@permission_required(admissions.CHANGE, raise_exception=True)
def void(request: Request, pk: int) -> HttpResponse:
    """It was noted by mistake."""
    found = _admission(request, pk)
    return _form(
        request,
        found,
        ReasonForm,
        (_("Make the admission of %(name)s void"), _("Make void")),
        "admission.voided",
        admissions.make_void,
        back=reverse("claims:admissions"),
    )


@permission_required(admissions.CHECK, raise_exception=True)
def check_bed(request: Request, pk: int) -> HttpResponse:
    """Somebody of the office stands at the bed."""
    found = _admission(request, pk)
    said = (_("Bed check: %(name)s"), _("Note it"))
    return _form(request, found, BedCheckForm, said, "admission.bed-checked", admissions.check_bed)


@permission_required(VIEW, raise_exception=True)
def print_list(request: Request) -> HttpResponse:
    """The list of people in hospital today, to be taken along on a bed check; `?provider=` is one hospital's."""
    today = days.business_day(timezone.now())
    found = lists.admissions().visible_to(request.user).in_hospital(today).order_by("provider", "ward", "bed")
    number = request.GET.get("provider", "")
    if number.isdecimal():
        found = found.filter(provider=number)
    back = reverse("claims:admissions")
    return paper(
        request,
        lambda: prints.in_hospital(list(found), today, at=timezone.now()),
        name=f"in-hospital-{today.isoformat()}.pdf",
        back=back,
    )


def _form(
    request: Request,
    found: Admission,
    form_class: Any,
    words: tuple[str, str],
    act: str,
    do: Any,
    back: str = "",
    **more: Any,
) -> HttpResponse:
    """A form about one admission, and what its service does."""
    title, submit = words
    home = reverse("claims:admission", args=[found.pk])
    page = FormPage(request, title=title % {"name": found.member.name}, submit=submit, cancel_url=home)
    form = form_class(page.data, **more)

    def save() -> bool:
        do(admission=found, by=request.user, at=timezone.now(), **form.cleaned_data)
        return True

    if before.sent(page, form, act, save):
        return redirect(back or home)
    return page.render(form)


def _ways(request: Request, found: Admission) -> list[Action]:
    if found.discharged_on is not None:
        return []
    ways = []
    if request.user.has_perm(admissions.CHECK):
        ways.append(Action(_("Check the bed"), reverse("claims:bed_check", args=[found.pk]), "Alt+C", first=True))
    if request.user.has_perm(admissions.CHANGE):
        ways += [
            Action(_("Discharge"), reverse("claims:discharge", args=[found.pk]), "Alt+D"),
            Action(_("Another bed"), reverse("claims:bed_move", args=[found.pk]), "Alt+B"),
            Action(_("Make void"), reverse("claims:admission_void", args=[found.pk])),
        ]
    return ways


def _admission(request: Request, pk: int) -> Admission:
    seen = Admission.objects.standing().visible_to(request.user)
    return get_object_or_404(seen.select_related("member__household__village", "provider", "body", "entered_by"), pk=pk)
