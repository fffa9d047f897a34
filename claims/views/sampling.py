"""The sample of a register or list (抽查): drawn by a seed, then answered row by row."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from claims.forms.documents import DrawForm, SampleForm
from claims.models import SampledRow
from claims.rules import sampling as rules
from claims.selectors import bulk
from claims.services import sampling as services
from claims.services.documents import CHECK, CannotKeepDocument
from claims.views.documents import document_of, form_page, sent
from office.access import Request
from office.pages.forms import FormPage


@permission_required(CHECK, raise_exception=True)
def draw(request: Request, pk: int) -> HttpResponse:
    """Draw rows of a document that is handed in, to be asked about."""
    found = document_of(request, pk, CHECK)
    figures = bulk.figures_of(found)
    page = form_page(request, found, _("Draw a sample of %(number)s"), _("Draw it"))
    form = DrawForm(page.data, initial={"size": rules.usual_size(figures.visits)})
    given: dict[str, Any] = {"document": found, "by": request.user, "at": timezone.now()}
    done = sent(page, form, lambda: services.draw(**form.cleaned_data, **given))
    if done is None:
        return page.render(form)
    words = {"rows": done.size, "all": done.population, "seed": done.seed}
    messages.success(request, _("%(rows)s of %(all)s rows are drawn, by the seed %(seed)s.") % words)
    return redirect("claims:document_sample", pk)


@permission_required(CHECK, raise_exception=True)
def sample(request: Request, pk: int) -> HttpResponse:
    """The rows that were drawn, each with its answer; those that are answered now are saved together."""
    found = document_of(request, pk, CHECK)
    drawn = bulk.sample_of(found)
    if drawn is None:
        return redirect("claims:document_draw", pk)
    told = ("row__member__household__village", "row__disease", "asked_by")
    rows = list(drawn.rows.select_related(*told).order_by("row__position"))
    page = FormPage(
        request,
        title=_("Sample of %(number)s") % {"number": found},
        submit=_("Save the answers"),
        cancel_url=reverse("claims:bulk_document", args=[pk]),
        template="claims/document/sample.html",
    )
    form = SampleForm(page.data, sampled=rows)
    if page.is_sent and form.is_valid() and _answered(form, request):
        left = sum(not one.outcome for one in SampledRow.objects.filter(sample=drawn))
        if left:
            open_rows = ngettext("%(rows)s row is open.", "%(rows)s rows are open.", left)
            messages.success(request, open_rows % {"rows": left})
            return redirect(request.path)
        messages.success(request, _("The sample is answered."))
        return redirect("claims:bulk_document", pk)
    return page.render(form, document=found, drawn=drawn)


def _answered(form: SampleForm, request: Request) -> bool:
    """Whether all that was answered is written; what the service refuses stays on the form with the reason."""
    for one, outcome, words in form.answers():
        try:
            services.answer(
                sampled=one,
                outcome=outcome,
                words=words,
                asked_on=form.cleaned_data["asked_on"],
                by=request.user,
                at=timezone.now(),
            )
        except CannotKeepDocument as refusal:
            form.add_error(f"o-{one.pk}", str(refusal))
            return False
    return True
