"""What the pages before a claim share: whom they are about, and what they do when the service refuses."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django import forms
from django.utils.translation import gettext as _

from enrollment.models import Member
from enrollment.views.keeping import sent
from office.access import Request
from office.attachments import CannotAttach
from office.pages.forms import FormPage

Done = TypeVar("Done")

__all__ = ["about", "of_member", "saved", "sent"]


def saved(
    page: FormPage, form: forms.BaseForm, act: str, do: Callable[[], Done], field: str = "evidence"
) -> Done | None:
    """As `sent`, of a form that brings files along."""
    try:
        return sent(page, form, act, do)
    except CannotAttach as refusal:
        page.refuse(form, field, refusal, act=act)
        return None


def about(member: Member) -> list[tuple[str, object]]:
    """Who somebody is, in the first lines of a page."""
    who = f"{member.name} · {member.get_sex_display()} · {member.birth_date.isoformat()}"
    return [(_("person"), who), (_("household"), f"{member.household.village} · {member.household.number}")]


def of_member(request: Request, right: str = "enrollment.view_member") -> Member | None:
    """The person from whose page somebody comes, if he may see him."""
    number = request.GET.get("member", "")
    if not number.isdecimal() or not request.user.has_perm(right):
        return None
    return Member.objects.visible_to(request.user, right).select_related("household").filter(pk=number).first()
