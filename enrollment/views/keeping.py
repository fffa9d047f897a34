"""What the pages that change the register share: where they come from, and what they do when the service refuses."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

from django import forms
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from enrollment.models import Household, Member
from enrollment.services import sheets
from enrollment.services.keeping import CannotKeep
from office.access import Request
from office.pages.forms import EditForm, FormPage
from office.stale import Stale
from office.ways import Way

Done = TypeVar("Done")
TEMPLATE = "enrollment/keeping.html"


def household_of(request: Request, pk: int, right: str) -> Household:
    """A household that this person may change, with its place; else 404."""
    seen = Household.objects.visible_to(request.user, right).select_related("village__parent")
    return get_object_or_404(seen, pk=pk)


def member_of(request: Request, pk: int, right: str) -> Member:
    """A member whom this person may change, with household and place; else 404."""
    seen = Member.objects.visible_to(request.user, right).select_related("household__village__parent")
    return get_object_or_404(seen, pk=pk)


def living_in(household: Household) -> list[Member]:
    """Who lives in a household, its head first."""
    return list(household.members.living().order_by("-is_head", "birth_date", "pk"))


def page_of(request: Request, subject: Household | Member, *, title: str, submit: str, template: str = "") -> FormPage:
    """A form page that comes from a household's or a member's page and leads back there."""
    back = address_of(subject)
    return FormPage(request, title=title, submit=submit, cancel_url=back, template=template or TEMPLATE)


def address_of(subject: Household | Member) -> str:
    """The page of a household or a member."""
    name = "enrollment:member" if isinstance(subject, Member) else "enrollment:household"
    return reverse(name, args=[subject.pk])


def way_to_pay(request: Request, found: Member) -> list[Way]:
    """The button that leads from a member to the counter, where he is paid for together with his household."""
    if found.state != Member.State.LIVING or not request.user.has_perm(sheets.FILL):
        return []
    url = f"{reverse('enrollment:household_pay', args=[found.household_id])}?member={found.pk}"
    return [Way(_("Note a contribution"), url, "Alt+N")]


def sent(page: FormPage, form: forms.BaseForm, act: str, do: Callable[[], Done]) -> Done | None:
    """What the service made of a form that was sent; None where it was not sent, or is shown again with the reason."""
    if not (page.is_sent and form.is_valid()):
        return None
    try:
        return do()
    except CannotKeep as refusal:
        page.refuse(form, refusal.field if refusal.field in form.fields else None, refusal, act=act)
    except Stale as stale:
        page.show_stale(cast("EditForm", form), stale)
    return None
