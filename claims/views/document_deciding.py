"""Deciding a register or list: agree, return, refuse, one after the other."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.forms.checking import DecideForm
from claims.models import BulkDocument
from claims.selectors import bulk, document_pages
from claims.services import documents as services
from claims.services.documents import VIEW, CannotKeepDocument
from claims.views.documents import document_of
from office.access import Request
from office.models import Person
from office.models.rounds import Choice
from office.pages.forms import FormPage
from office.pages.stepup import with_proof
from office.proof import Proof
from office.services import rounds
from office.services.rounds import CannotVote

TITLES: Final = {
    Choice.APPROVE: gettext_lazy("Agree to %(number)s"),
    Choice.RETURN: gettext_lazy("Return %(number)s"),
    Choice.REFUSE: gettext_lazy("Refuse %(number)s"),
}


@permission_required(VIEW, raise_exception=True)
def decide(request: Request, pk: int, choice: str) -> HttpResponse:
    """One decision about a document; then the next one that waits opens by itself."""
    if choice not in TITLES:
        raise Http404
    found = document_of(request, pk)
    opened = bulk.round_of(found)
    people = rounds.capacities(round=opened, by=request.user, at=timezone.now()) if opened else []
    if not people and request.method == "GET":
        raise PermissionDenied
    return _deciding(request, found, choice, opened, people)


@with_proof
def _deciding(
    request: Request, shown: Proof, found: BulkDocument, choice: str, opened: Any, people: list[Person]
) -> HttpResponse:
    page = FormPage(
        request,
        title=TITLES[Choice(choice)] % {"number": found},
        submit=str(Choice(choice).label),
        cancel_url=reverse("claims:bulk_document", args=[found.pk]),
        template="claims/document/decide.html",
    )
    seen = opened.subject_hash if opened else ""
    form = DecideForm(page.data, people=people, needs_reason=choice != Choice.APPROVE, initial={"seen": seen})
    if page.is_sent and form.is_valid():
        try:
            _decided(request, shown, found, choice, form)
        except (CannotKeepDocument, CannotVote) as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("claims:bulk_document", document_pages.next_for(request.user, timezone.now()) or found.pk)
    return page.render(form, document=found, figures=bulk.figures_of(found))


def _decided(request: Request, shown: Proof, found: BulkDocument, choice: str, form: DecideForm) -> None:
    typed = form.cleaned_data
    for_whom = typed["for_whom"]
    voted = services.decide(
        document=found,
        choice=choice,
        hash_seen=typed["seen"],
        by=request.user,
        at=timezone.now(),
        proof=shown,
        reason=typed["reason"],
        for_whom=None if for_whom in {None, request.user} else for_whom,
    )
    messages.success(request, f"{found.number}: {voted.told or Choice(choice).label}")


@permission_required(VIEW, raise_exception=True)
def following(request: Request) -> HttpResponse:
    """The document that waits longest for me."""
    number = document_pages.next_for(request.user, timezone.now())
    if number is None:
        messages.info(request, _("No register or list waits for your decision."))
        return redirect("office:home")
    return redirect("claims:bulk_document", number)
