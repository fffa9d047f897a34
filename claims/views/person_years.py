"""A person's year: everything asked for and granted, what it used, what was cut and why, what waits; on paper too."""

from __future__ import annotations

from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from claims.models import Claim
from claims.prints import person_year as prints
from claims.selectors import person_year as selectors
from claims.selectors.person_year import PersonYear
from claims.views.claims import VIEW
from enrollment.models import Member
from office.access import Request
from office.pages.downloads import paper
from office.rules import days

YEARS = range(1990, 2101)
READ_REGISTER = "enrollment.view_member"


@permission_required(VIEW, raise_exception=True)
def page(request: Request, pk: int) -> HttpResponse:
    """The year of a person; `?year=` says which. A double leads to the record that is kept."""
    person = _person(request, pk)
    if person.pk != pk:
        return redirect("claims:person_year", person.pk)
    found = _year(request, person)
    shown = {
        "found": found,
        "person": person,
        "cuts": prints.cuts(found),
        "counters": prints.counters(found),
        "in_register": request.user.has_perm(READ_REGISTER),
    }
    return render(request, "claims/person/page.html", shown)


@permission_required(VIEW, raise_exception=True)
def print_page(request: Request, pk: int) -> HttpResponse:
    """The year on one plain page."""
    found = _year(request, _person(request, pk))
    return paper(
        request,
        lambda: prints.paper(found, by=request.user, at=timezone.now()),
        name=f"{found.person.pk}-{found.year}.pdf",
        back=reverse("claims:person_year", args=[found.person.pk]),
    )


def _person(request: Request, pk: int) -> Member:
    """The record that is kept of somebody whom this person sees, in the register or by a claim."""
    told = ("household__village__parent", "merged_into__household__village__parent")
    record = get_object_or_404(Member.objects.select_related(*told), pk=pk)
    person = record.merged_into or record
    by = request.user
    if by.has_perm(READ_REGISTER) and Member.objects.visible_to(by).filter(pk=person.pk).exists():
        return person
    if Claim.objects.visible_to(by).of_person(person.pk).exists():
        return person
    raise Http404


def _year(request: Request, person: Member) -> PersonYear:
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and int(asked[:9]) in YEARS else None
    return selectors.of_person(person, year, request.user, days.business_day(timezone.now()))
