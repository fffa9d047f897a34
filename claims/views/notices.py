"""Decision notices: the list, one written for a claim, how it was served, the paper."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.filters.meetings import NoticeFilter
from claims.forms.meetings import NoticeForm, ServiceForm
from claims.models import DecisionNotice
from claims.prints import notices as prints
from claims.services import notices
from claims.services.notices import RIGHT, CannotNotice
from claims.tables.meetings import NoticeTable
from claims.views.claims import claim_of
from office.access import Request
from office.pages.downloads import paper
from office.pages.forms import FormPage
from office.pages.lists import ListPage
from office.rules import days

VIEW = "claims.view_decisionnotice"


class NoticeList(ListPage):
    permission_required = VIEW
    page_title = gettext_lazy("Decision notices")
    table_class = NoticeTable
    filterset_class = NoticeFilter

    def get_queryset(self) -> QuerySet[Any]:
        return DecisionNotice.objects.select_related("claim__member", "round", "issued_by").order_by("-pk")

    def default_filter(self) -> dict[str, str]:
        return {"year": str(days.business_day(timezone.now()).year)}


@permission_required(RIGHT, raise_exception=True)
def issue(request: Request, pk: int) -> HttpResponse:
    """Answer a claim in writing."""
    found = claim_of(request, pk, "claims.view_claim")
    page = _page(request, _("Decision notice on %(claim)s") % {"claim": found}, _("Issue the notice"))
    form = NoticeForm(page.data, initial={"on": days.business_day(timezone.now())})
    given: dict[str, Any] = {"claim": found, "by": request.user, "at": timezone.now()}
    issued = _sent(page, form, lambda: notices.issue(**form.cleaned_data, **given))
    if issued is None:
        return page.render(form)
    messages.success(request, _("Notice %(number)s is issued: print it and have it served.") % {"number": issued})
    return redirect("claims:notice_serve", issued.pk)


@permission_required(RIGHT, raise_exception=True)
def serve(request: Request, pk: int) -> HttpResponse:
    """Note how a notice reached its person."""
    found = notice_of(pk)
    if found.way:
        messages.info(request, _("This notice was served already."))
        return redirect("claims:notices")
    page = _page(
        request,
        _("Notice %(number)s: how it was served") % {"number": found},
        _("Note it"),
        "claims/meeting/serve.html",
    )
    given: dict[str, Any] = {"notice": found, "by": request.user, "at": timezone.now()}
    today = days.business_day(timezone.now())
    form = ServiceForm(page.data, initial={"served_on": today, "served_to": found.claim.member.name})
    if _sent(page, form, lambda: notices.serve(service=form.service(), **given)) is None:
        return page.render(form, notice=found)
    messages.success(request, _("It is noted how notice %(number)s was served.") % {"number": found})
    return redirect("claims:notices")


@permission_required(VIEW, raise_exception=True)
def print_page(request: Request, pk: int) -> HttpResponse:
    """The notice on paper, with the proof of service below."""
    found = notice_of(pk)
    back = reverse("claims:notices")
    return paper(request, lambda: prints.notice(found, at=timezone.now()), name=f"notice-{pk}.pdf", back=back)


def notice_of(pk: int) -> DecisionNotice:
    """A notice by its number."""
    told = ("claim__member__household__village__parent", "claim__provider", "claim__disease", "round", "issued_by")
    return get_object_or_404(DecisionNotice.objects.select_related(*told, "served_by"), pk=pk)


def _page(request: Request, title: str, submit: str, template: str = "components/form_page.html") -> FormPage:
    return FormPage(request, title=title, submit=submit, cancel_url=reverse("claims:notices"), template=template)


def _sent(page: FormPage, form: forms.BaseForm, do: Any) -> Any:
    if not (page.is_sent and form.is_valid()):
        return None
    try:
        return do()
    except CannotNotice as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    return None
