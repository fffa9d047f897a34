"""Pages on which households are added, moved, split, get another head, end, and get their papers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from enrollment.forms.households import (
    AddHouseholdForm,
    EndHouseholdForm,
    FileForm,
    HeadForm,
    MoveHouseholdForm,
    SplitForm,
)
from enrollment.models import Household, Member
from enrollment.services import files, households
from enrollment.views import keeping
from office import attachments
from office.access import Request
from office.pages.forms import FormPage


@permission_required(households.ADD, raise_exception=True)
def add_household(request: Request) -> HttpResponse:
    """A household comes into the register, with its head."""
    page = FormPage(
        request,
        title=_("Add a household"),
        submit=_("Add"),
        cancel_url=reverse("office:home"),
        template=keeping.TEMPLATE,
    )
    form = AddHouseholdForm(page.data, person=request.user)

    def add() -> Household:
        typed = form.cleaned_data
        where = {name: typed[name] for name in ("village", "address", "number", "on")}
        return households.add_household(head=form.entry(), by=request.user, at=timezone.now(), **where)

    added = keeping.sent(page, form, "household.added", add)
    if added is not None:
        messages.success(request, _("Household %(number)s is in the register.") % {"number": added.number})
        return redirect("enrollment:household", added.pk)
    return page.render(form)


@permission_required(households.CHANGE, raise_exception=True)
def move(request: Request, pk: int) -> HttpResponse:
    """A household lives somewhere else."""
    found = keeping.household_of(request, pk, households.CHANGE)
    page = keeping.page_of(request, found, title=_("Move household %(number)s") % _number(found), submit=_("Note it"))
    form = MoveHouseholdForm(page.data, instance=found, person=request.user)

    def save() -> Household:
        typed = form.cleaned_data
        where = {name: typed[name] for name in ("village", "address", "on")}
        return households.move_household(
            household=found, seen_version=form.seen_version, by=request.user, at=timezone.now(), **where
        )

    if keeping.sent(page, form, "household.moved", save) is not None:
        messages.success(request, _("Household %(number)s has moved.") % _number(found))
        return redirect("enrollment:household", pk)
    return page.render(form, members=keeping.living_in(found))


@permission_required(households.CHANGE, raise_exception=True)
def split(request: Request, pk: int) -> HttpResponse:
    """Some members become a household of their own."""
    found = keeping.household_of(request, pk, households.CHANGE)
    members = keeping.living_in(found)
    page = keeping.page_of(request, found, title=_("Split household %(number)s") % _number(found), submit=_("Split"))
    initial = {"village": found.village_id, "address": found.address}
    form = SplitForm(page.data, person=request.user, members=members, initial=initial)
    made = keeping.sent(
        page,
        form,
        "household.split",
        lambda: households.split_household(
            household=found, by=request.user, at=timezone.now(), **_chosen(form.cleaned_data)
        ),
    )
    if made is not None:
        messages.success(request, _("Household %(number)s is in the register.") % _number(made))
        return redirect("enrollment:household", made.pk)
    return page.render(form, members=members)


@permission_required(households.CHANGE, raise_exception=True)
def change_head(request: Request, pk: int) -> HttpResponse:
    """Somebody else is head of a household."""
    found = keeping.household_of(request, pk, households.CHANGE)
    members = keeping.living_in(found)
    page = keeping.page_of(request, found, title=_("Head of household %(number)s") % _number(found), submit=_("Save"))
    form = HeadForm(page.data, members=members)

    def save() -> Member:
        head: Member = form.cleaned_data["head"]
        households.change_head(household=found, head=head, by=request.user, at=timezone.now())
        return head

    head = keeping.sent(page, form, "member.head-changed", save)
    if head is not None:
        messages.success(
            request, _("%(name)s is head of the household. Check what the others are to him.") % _name(head)
        )
        return redirect("enrollment:household", pk)
    return page.render(form, members=members)


@permission_required(households.CHANGE, raise_exception=True)
def end(request: Request, pk: int) -> HttpResponse:
    """Nobody is left in a household."""
    found = keeping.household_of(request, pk, households.CHANGE)
    page = keeping.page_of(
        request, found, title=_("End household %(number)s") % _number(found), submit=_("End the household")
    )
    form = EndHouseholdForm(page.data)

    def save() -> bool:
        households.end_household(household=found, by=request.user, at=timezone.now(), **form.cleaned_data)
        return True

    if keeping.sent(page, form, "household.ended", save):
        messages.success(request, _("Household %(number)s has ended.") % _number(found))
        return redirect("enrollment:household", pk)
    return page.render(form, members=keeping.living_in(found))


@permission_required(households.CHANGE, raise_exception=True)
def household_files(request: Request, pk: int) -> HttpResponse:
    """The household's papers, and a field for one more."""
    return _files(request, keeping.household_of(request, pk, households.CHANGE))


@permission_required("enrollment.change_member", raise_exception=True)
def member_files(request: Request, pk: int) -> HttpResponse:
    """A member's papers, and a field for one more."""
    return _files(request, keeping.member_of(request, pk, "enrollment.change_member"))


def _files(request: Request, subject: Household | Member) -> HttpResponse:
    title = _("Files of %(subject)s") % {"subject": subject}
    page = keeping.page_of(request, subject, title=title, submit=_("Keep the file"), template="enrollment/files.html")
    form = FileForm(page.data, page.files)

    def keep() -> object:
        upload = form.cleaned_data["file"]
        return files.keep_file(subject=subject, upload=upload, by=request.user, at=timezone.now())

    if keeping.sent(page, form, "attachment.kept", keep) is not None:
        messages.success(request, _("The file is kept."))
        return redirect(request.path)
    return page.render(form, files=attachments.of(subject).select_related("added_by"))


def _chosen(typed: dict[str, Any]) -> dict[str, Any]:
    """What the service asks for of a split: the members as a list."""
    return typed | {"members": list(typed["members"])}


def _number(household: Household) -> dict[str, str]:
    return {"number": household.number}


def _name(member: Member) -> dict[str, str]:
    return {"name": member.name}
