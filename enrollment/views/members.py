"""Pages on which members are added, corrected, die, move away, return, and move to another household."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from enrollment.forms.members import (
    AddMemberForm,
    CorrectMemberForm,
    DeathForm,
    LeavingForm,
    MoveMemberForm,
    ReturnForm,
)
from enrollment.models import Member
from enrollment.services import members
from enrollment.views import keeping
from office.access import Request


@permission_required(members.ADD, raise_exception=True)
def add_member(request: Request, pk: int) -> HttpResponse:
    """Somebody comes into a household."""
    found = keeping.household_of(request, pk, members.ADD)
    title = _("Add a member to household %(number)s") % {"number": found.number}
    page = keeping.page_of(request, found, title=title, submit=_("Add"))
    form = AddMemberForm(page.data)

    def add() -> Member:
        typed = form.cleaned_data
        when = {"joined": typed["joined"], "on": typed["on"]}
        return members.add_member(household=found, entry=form.entry(), by=request.user, at=timezone.now(), **when)

    added = keeping.sent(page, form, "member.added", add)
    if added is not None:
        messages.success(request, _("%(name)s is in the register.") % {"name": added.name})
        return redirect("enrollment:member", added.pk)
    return page.render(form, members=keeping.living_in(found))


@permission_required(members.CHANGE, raise_exception=True)
def correct(request: Request, pk: int) -> HttpResponse:
    """What stands of somebody was wrong."""
    found = keeping.member_of(request, pk, members.CHANGE)
    page = keeping.page_of(request, found, title=_("Correct %(name)s") % {"name": found.name}, submit=_("Save"))
    form = CorrectMemberForm(page.data, instance=found)

    def save() -> Member:
        return members.correct_member(
            member=found, seen_version=form.seen_version, entry=form.entry(), by=request.user, at=timezone.now()
        )

    if keeping.sent(page, form, "member.corrected", save) is not None:
        messages.success(request, _("It is saved."))
        return redirect("enrollment:member", pk)
    return page.render(form)


@permission_required(members.CHANGE, raise_exception=True)
def death(request: Request, pk: int) -> HttpResponse:
    """Somebody died."""
    found = keeping.member_of(request, pk, members.CHANGE)
    here = keeping.living_in(found.household)
    page = keeping.page_of(request, found, title=_("Death of %(name)s") % {"name": found.name}, submit=_("Note it"))
    form = DeathForm(page.data, member=found, household=here)

    def save() -> bool:
        members.note_death(member=found, by=request.user, at=timezone.now(), **form.cleaned_data)
        return True

    if keeping.sent(page, form, "member.died", save):
        messages.success(
            request, _("The death of %(name)s is noted; coverage ended on that day.") % {"name": found.name}
        )
        return redirect("enrollment:member", pk)
    return page.render(form, members=here)


@permission_required(members.CHANGE, raise_exception=True)
def away(request: Request, pk: int) -> HttpResponse:
    """Somebody moved out of the county."""
    found = keeping.member_of(request, pk, members.CHANGE)
    here = keeping.living_in(found.household)
    page = keeping.page_of(request, found, title=_("%(name)s moves away") % {"name": found.name}, submit=_("Note it"))
    form = LeavingForm(page.data, member=found, household=here)

    def save() -> bool:
        members.note_moved_away(member=found, by=request.user, at=timezone.now(), **form.cleaned_data)
        return True

    if keeping.sent(page, form, "member.left", save):
        messages.success(request, _("%(name)s has moved away; coverage ended on that day.") % {"name": found.name})
        return redirect("enrollment:member", pk)
    return page.render(form, members=here)


@permission_required(members.CHANGE, raise_exception=True)
def come_back(request: Request, pk: int) -> HttpResponse:
    """Somebody is back, or it was another one who died."""
    found = keeping.member_of(request, pk, members.CHANGE)
    page = keeping.page_of(request, found, title=_("%(name)s is back") % {"name": found.name}, submit=_("Note it"))
    form = ReturnForm(page.data, initial={"relation": found.relation})

    def save() -> bool:
        members.note_return(member=found, by=request.user, at=timezone.now(), **form.cleaned_data)
        return True

    if keeping.sent(page, form, "member.returned", save):
        messages.success(
            request, _("%(name)s lives here again. Coverage that ended is not restored.") % {"name": found.name}
        )
        return redirect("enrollment:member", pk)
    return page.render(form, members=keeping.living_in(found.household))


@permission_required(members.CHANGE, raise_exception=True)
def move(request: Request, pk: int) -> HttpResponse:
    """Somebody belongs to another household."""
    found = keeping.member_of(request, pk, members.CHANGE)
    here = keeping.living_in(found.household)
    title = _("%(name)s goes to another household") % {"name": found.name}
    page = keeping.page_of(request, found, title=title, submit=_("Note it"))
    form = MoveMemberForm(page.data, person=request.user, member=found, household=here)

    def save() -> bool:
        members.move_member(member=found, by=request.user, at=timezone.now(), **form.cleaned_data)
        return True

    if keeping.sent(page, form, "member.moved", save):
        messages.success(request, _("%(name)s belongs to the other household now.") % {"name": found.name})
        return redirect("enrollment:member", pk)
    return page.render(form, members=here)
