"""Village lists of second compensation: noted as hanging, their slips, the list on paper."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from enrollment.models import Division
from funds.forms.settling import NoticeForm, SlipForm
from funds.models import SecondNotice
from funds.prints import second_notice as prints
from funds.services import second_notices as services
from funds.services.second_notices import POST, NoticeOf
from funds.views.asked import tried
from funds.views.pages import form_page
from funds.views.second_runs import VIEW, run_of
from office.access import Request
from office.pages.downloads import paper


@permission_required(POST, raise_exception=True)
def post(request: Request, pk: int) -> HttpResponse:
    """Note that the lists of all villages without one hang."""
    found = run_of(pk)
    back = reverse("funds:second_run", args=[pk])
    page = form_page(
        request, title=_("Lists of %(number)s hang") % {"number": found}, submit=_("Save"), cancel_url=back
    )
    form = NoticeForm(page.data)
    made = tried(
        page,
        form,
        lambda: services.post(run=found, notice=NoticeOf(**form.cleaned_data), by=request.user, at=timezone.now()),
    )
    if made is None:
        return page.render(form, book=found.book)
    told = ngettext("The list of %(count)s village hangs.", "The lists of %(count)s villages hang.", len(made))
    messages.success(request, told % {"count": len(made)})
    return redirect(back)


@permission_required(POST, raise_exception=True)
def slip(request: Request, pk: int, notice: int) -> HttpResponse:
    """Note that a village's slip came back."""
    found = get_object_or_404(SecondNotice.objects.select_related("run__book", "village"), pk=notice, run=pk)
    back = reverse("funds:second_run", args=[pk])
    page = form_page(
        request, title=_("Slip of %(village)s") % {"village": found.village}, submit=_("Save"), cancel_url=back
    )
    form = SlipForm(page.data)
    noted = tried(
        page, form, lambda: services.note_slip(notice=found, **form.cleaned_data, by=request.user, at=timezone.now())
    )
    return redirect(back) if noted else page.render(form, book=found.run.book)


@permission_required(VIEW, raise_exception=True)
def print_page(request: Request, pk: int, village: int) -> HttpResponse:
    """A village's list with its slip on paper."""
    found = run_of(pk)
    place = get_object_or_404(Division.objects.select_related("parent"), pk=village)
    return paper(
        request,
        lambda: prints.posted(found, place, at=timezone.now()),
        name=f"{found.number}-{place.code}.pdf",
        back=reverse("funds:second_run", args=[pk]),
    )
