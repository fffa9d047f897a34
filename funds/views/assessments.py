"""Assessments of providers' years: the list, one, the form that enters a score."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from funds.filters.settling import AssessmentFilter
from funds.forms.settling import AssessmentForm
from funds.services import assessments as services
from funds.services.assessments import SUBJECT
from funds.tables.settling import AssessmentTable
from funds.views.asked import AskedList, one, tried
from funds.views.pages import form_page
from office.access import Request

VIEW = "funds.view_assessment"
KNOWN = ("provider",)


class AssessmentList(AskedList):
    permission_required = VIEW
    page_title = gettext_lazy("Assessments of providers")
    subject = SUBJECT
    known = KNOWN
    table_class = AssessmentTable
    filterset_class = AssessmentFilter
    new_url = "funds:assessment_new"
    new_label = gettext_lazy("Enter an assessment")


@permission_required(VIEW, raise_exception=True)
def assessment(request: Request, pk: int) -> HttpResponse:
    """One assessment."""
    return one(request, SUBJECT, pk, back=(_("Assessments of providers"), reverse("funds:assessments")), known=KNOWN)


@permission_required(SUBJECT.right, raise_exception=True)
def ask(request: Request) -> HttpResponse:
    """Enter the score of a provider's year."""
    page = form_page(
        request, title=_("Enter an assessment"), submit=_("Ask for it"), cancel_url=reverse("funds:assessments")
    )
    form = AssessmentForm(page.data)
    asked = tried(page, form, lambda: services.propose(**form.cleaned_data, by=request.user, at=timezone.now()))
    if asked is None:
        return page.render(form)
    messages.success(request, _("%(number)s waits to be decided.") % {"number": asked})
    return redirect("funds:assessment", asked.pk)
