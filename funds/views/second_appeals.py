"""Appeals against a list of second compensation: taken down, answered."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from funds.forms.settling import AnswerForm, AppealForm
from funds.models import SecondAppeal
from funds.services import second_appeals as services
from funds.services.second_appeals import ANSWER, RECEIVE
from funds.views.asked import tried
from funds.views.pages import form_page
from funds.views.second_runs import run_of
from office.access import Request


@permission_required(RECEIVE, raise_exception=True)
def appeal(request: Request, pk: int) -> HttpResponse:
    """Take down what somebody says against the list."""
    found = run_of(pk)
    back = reverse("funds:second_run", args=[pk])
    page = form_page(
        request, title=_("Appeal against %(number)s") % {"number": found}, submit=_("Take it down"), cancel_url=back
    )
    form = AppealForm(page.data, person=request.user)
    made = tried(
        page, form, lambda: services.receive_appeal(run=found, **form.cleaned_data, by=request.user, at=timezone.now())
    )
    if made is None:
        return page.render(form, book=found.book)
    messages.success(request, _("Somebody else answers it."))
    return redirect(back)


@permission_required(ANSWER, raise_exception=True)
def answer(request: Request, pk: int, appeal: int) -> HttpResponse:
    """Answer an appeal; upheld, the whole list is given out anew."""
    found = get_object_or_404(SecondAppeal.objects.select_related("run__book", "member"), pk=appeal, run=pk)
    back = reverse("funds:second_run", args=[pk])
    page = form_page(
        request, title=_("Answer the appeal of %(name)s") % {"name": found.by_name}, submit=_("Answer"), cancel_url=back
    )
    form = AnswerForm(page.data)
    answered = tried(
        page, form, lambda: services.answer_appeal(appeal=found, **form.told(), by=request.user, at=timezone.now())
    )
    if answered is None:
        return page.render(form, book=found.run.book, appeal=found)
    messages.success(request, _("The appeal is answered."))
    return redirect(back)
