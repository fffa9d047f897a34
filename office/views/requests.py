"""What administrators ask for and others decide: a one-time code, acting for somebody who is away."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from office import access, deciding, trail
from office.access import Request
from office.forms import DelegationForm, ResetRequestForm
from office.models import Delegation, Person
from office.pages import shown_once, stepup
from office.pages.forms import FormPage
from office.proof import Proof
from office.rules import duties
from office.services import requests


@permission_required("office.add_resetrequest", raise_exception=True)
@stepup.with_proof
def ask_for_code(request: Request, shown: Proof, pk: int) -> HttpResponse:
    """Ask for a one-time code; its first half is shown to this person once."""
    person = get_object_or_404(Person, pk=pk)
    title = _("One-time code for %(person)s") % {"person": person}
    page = FormPage(request, title=title, submit=_("Ask for it"), cancel_url=reverse("office:person", args=[pk]))
    form = ResetRequestForm(page.data)
    if page.is_sent and form.is_valid():
        try:
            asked, half = requests.propose_reset(
                person=person, by=request.user, at=timezone.now(), proof=shown, **form.cleaned_data
            )
        except requests.CannotRequest as refusal:
            page.refuse(form, None, refusal, act="reset.proposed")
        else:
            shown_once.keep(
                request, _("The first half of the one-time code: %(half)s. It is shown this once.") % {"half": half}
            )
            return redirect(deciding.page_of(deciding.rounds_of(asked).latest("pk")))
    return page.render(form)


@stepup.with_proof
def delegate(request: Request, shown: Proof) -> HttpResponse:
    """Let somebody decide in my place."""
    page = FormPage(request, title=_("Let somebody act for me"), submit=_("Save"), cancel_url=reverse("office:me"))
    form = DelegationForm(page.data, person=request.user, duties=_delegable(request.user), but=())
    if page.is_sent and form.is_valid():
        try:
            requests.delegate(by=request.user, at=timezone.now(), proof=shown, **form.cleaned_data)
        except requests.CannotDelegate as refusal:
            page.refuse(form, None, refusal, act="delegation.given")
        else:
            messages.success(request, _("From the first day on both names stand under each decision."))
            return redirect("office:me")
    return page.render(form)


@permission_required("office.add_delegation", raise_exception=True)
@stepup.with_proof
def ask_for_delegation(request: Request, shown: Proof, pk: int) -> HttpResponse:
    """Ask that somebody act for a person who fell ill and cannot say so himself."""
    person = get_object_or_404(Person, pk=pk)
    title = _("Somebody acts for %(person)s") % {"person": person}
    page = FormPage(request, title=title, submit=_("Ask for it"), cancel_url=reverse("office:person", args=[pk]))
    form = DelegationForm(page.data, person=person, duties=_delegable(person), but=(request.user,))
    if page.is_sent and form.is_valid():
        try:
            asked = requests.propose_delegation(
                person=person, by=request.user, at=timezone.now(), proof=shown, **form.cleaned_data
            )
        except requests.CannotDelegate as refusal:
            page.refuse(form, None, refusal, act="delegation.proposed")
        else:
            return redirect(deciding.page_of(deciding.rounds_of(asked).latest("pk")))
    return page.render(form)


@require_POST
def end_delegation(request: Request, pk: int) -> HttpResponse:
    """I am back."""
    found = get_object_or_404(Delegation.objects.filter(person=request.user), pk=pk)
    try:
        requests.end_delegation(delegation=found, by=request.user, at=timezone.now())
    except requests.CannotDelegate as refusal:
        messages.error(request, str(refusal))
        trail.refused("delegation.ended", found, by=request.user, at=timezone.now(), reason=str(refusal))
    else:
        messages.success(request, _("Nobody acts for you any more."))
    return redirect("office:me")


def _delegable(person: Person) -> list[str]:
    """A person's duties of today in which he decides: those can be left to somebody else."""
    return [one.duty for one in access.duties_of(person) if duties.is_given_by_two(one.duty)]
