"""Pages of somebody's coverage: covered on a day and why, a contribution, a newborn, leaving, going over, a mistake."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from enrollment.forms import fields
from enrollment.forms.coverage import (
    DayForm,
    ExceptionForm,
    LeaveForm,
    NewbornForm,
    TransferForm,
    VoidForm,
)
from enrollment.models import FundYear, HouseholdException, Member
from enrollment.selectors import register, wholeness
from enrollment.selectors.coverage import coverage_on
from enrollment.services import coverage
from enrollment.services.coverage import CannotCover, CannotEndCoverage, CannotExcept
from enrollment.views import keeping
from office.access import Request
from office.pages import guard
from office.pages.forms import FormPage
from office.ways import Way

VIEW = "enrollment.view_coverage"
ADD = "enrollment.add_coverage"
CHANGE = "enrollment.change_coverage"
EXCEPT = "enrollment.add_householdexception"
TEMPLATE = "components/form_page.html"


@permission_required(VIEW, raise_exception=True)
def of_member(request: Request, pk: int) -> HttpResponse:
    """Whether somebody is covered on a day and why, all his coverages, and what can be done about them."""
    found = keeping.member_of(request, pk, VIEW)
    form = DayForm(request.GET or None)
    day = (form.cleaned_data["on"] if form.is_valid() else None) or fields.today()
    context = {
        "member": found,
        "answered": found.merged_into or found,
        "on_day": coverage_on(found, day),
        "coverages": register.coverages_of(found),
        "exceptions": HouseholdException.objects.filter(member=found).select_related(
            "fund_year__scheme", "member", "noted_by"
        ),
        "ways": _ways(request, found),
        "form_guard": guard.field(request),
    }
    return render(request, "enrollment/coverage.html", context)


@permission_required(ADD, raise_exception=True)
def newborn(request: Request, pk: int) -> HttpResponse:
    """A child is covered from birth."""
    found = keeping.member_of(request, pk, ADD)
    page = _page(request, found, _("Cover %(name)s from birth"), _("Cover"))
    form = NewbornForm(page.data, member=found)

    def cover() -> FundYear:
        year: FundYear = form.cleaned_data["fund_year"]
        coverage.cover_newborn(member=found, fund_year=year, by=request.user, at=timezone.now())
        return year

    return _answer(page, form, "coverage.begun", found, cover)


@permission_required(CHANGE, raise_exception=True)
def transfer(request: Request, pk: int) -> HttpResponse:
    """Somebody goes over to another basic scheme."""
    found = keeping.member_of(request, pk, CHANGE)
    page = _page(request, found, _("%(name)s goes over to another scheme"), _("Go over"))
    form = TransferForm(page.data, member=found)

    def go_over() -> FundYear:
        year: FundYear = form.cleaned_data["to"]
        coverage.transfer(member=found, to=year, on=form.cleaned_data["on"], by=request.user, at=timezone.now())
        return year

    return _answer(page, form, "coverage.begun", found, go_over)


@permission_required(CHANGE, raise_exception=True)
def leave(request: Request, pk: int) -> HttpResponse:
    """Somebody leaves a scheme before its year is over; `?coverage=` may say which."""
    found = keeping.member_of(request, pk, CHANGE)
    page = _page(request, found, _("%(name)s leaves a scheme"), _("Leave"))
    form = LeaveForm(page.data, member=found, initial={"coverage": request.GET.get("coverage")})

    def end() -> None:
        typed = form.cleaned_data
        coverage.leave_scheme(coverage=typed["coverage"], on=typed["on"], by=request.user, at=timezone.now())

    return _answer(page, form, "coverage.ended", found, end)


@permission_required(CHANGE, raise_exception=True)
def void(request: Request, pk: int) -> HttpResponse:
    """A coverage was noted by mistake; `?coverage=` may say which."""
    found = keeping.member_of(request, pk, CHANGE)
    page = _page(request, found, _("A coverage of %(name)s is a mistake"), _("Make it void"))
    form = VoidForm(page.data, member=found, initial={"coverage": request.GET.get("coverage")})

    def make_void() -> None:
        typed = form.cleaned_data
        coverage.void(coverage=typed["coverage"], reason=typed["reason"], by=request.user, at=timezone.now())

    return _answer(page, form, "coverage.voided", found, make_void)


@permission_required(EXCEPT, raise_exception=True)
def exception(request: Request, pk: int) -> HttpResponse:
    """Somebody is left out although his household enrolls."""
    found = keeping.member_of(request, pk, EXCEPT)
    page = _page(request, found, _("Leave %(name)s out of the household's enrollment"), _("Note it"))
    form = ExceptionForm(page.data)

    def note() -> None:
        typed = form.cleaned_data
        coverage.note_exception(
            member=found, fund_year=typed["fund_year"], reason=typed["reason"], by=request.user, at=timezone.now()
        )

    return _answer(page, form, "exception.noted", found, note)


def _page(request: Request, found: Member, title: str, submit: str) -> FormPage:
    back = reverse("enrollment:coverage", args=[found.pk])
    return FormPage(request, title=title % {"name": found.name}, submit=submit, cancel_url=back, template=TEMPLATE)


def _answer(
    page: FormPage, form: forms.Form, act: str, found: Member, do: Callable[[], FundYear | None]
) -> HttpResponse:
    """The form, or what came of it; whoever is now neither covered nor excepted in the household is named."""
    if page.is_sent and form.is_valid():
        try:
            year = do()
        except (CannotCover, CannotEndCoverage, CannotExcept) as refusal:
            page.refuse(form, None, refusal, act=act)
        else:
            messages.success(page.request, _("Noted for %(name)s.") % {"name": found.name})
            if year is not None and year.scheme.insures == year.scheme.Insures.HOUSEHOLD:
                _name_left_out(page.request, found, year)
            return redirect("enrollment:coverage", found.pk)
    return page.render(form)


def _name_left_out(request: Request, found: Member, year: FundYear) -> None:
    left_out = wholeness.left_out(found.household, year)
    if left_out:
        names = "、".join(one.name for one in left_out)
        messages.warning(
            request, _("The household is not whole: %(names)s neither enrolled nor excepted.") % {"names": names}
        )


def _is_newborn(found: Member) -> bool:
    """Whether somebody was born in this year or the last, so that his birth may still be noted."""
    return found.birth_date.year >= fields.today().year - 1


def _ways(request: Request, found: Member) -> list[Way]:
    """What this person may do about somebody's coverage."""
    if found.state != Member.State.LIVING:
        wanted = [(_("A mistake"), "coverage_void", CHANGE, "")]
    else:
        wanted = [
            *([(_("Newborn"), "coverage_newborn", ADD, "")] if _is_newborn(found) else []),
            (_("Goes over"), "coverage_transfer", CHANGE, ""),
            (_("Leaves the scheme"), "coverage_leave", CHANGE, ""),
            (_("A mistake"), "coverage_void", CHANGE, ""),
            (_("Leave out"), "exception_note", EXCEPT, ""),
        ]
    ways = [
        Way(label, reverse(f"enrollment:{name}", args=[found.pk]), key)
        for label, name, right, key in wanted
        if request.user.has_perm(right)
    ]
    return [*keeping.way_to_pay(request, found), *ways]
