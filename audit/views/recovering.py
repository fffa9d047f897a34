"""Money of findings: letters that demand it, and the postings that stand for it."""

from __future__ import annotations

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from audit.forms.engagements import WhyForm
from audit.forms.findings import DemandForm, LinkForm
from audit.models import BookedMoney, Demand, Finding
from audit.prints import findings as prints
from audit.selectors.findings import standing_of
from audit.services import recovering as services
from audit.services.auditing import DEMAND
from audit.views.findings import VIEW, address_of, finding_of
from audit.views.pages import form_view
from office.access import Request
from office.pages.downloads import paper


@permission_required(DEMAND, raise_exception=True)
def demand(request: Request, pk: int) -> HttpResponse:
    """Write a letter that demands money back."""
    found = finding_of(request, pk)

    def do(form: DemandForm) -> tuple[str, str]:
        made = services.demand(finding=found, by=request.user, at=timezone.now(), **form.cleaned_data)
        return address_of(found), _("Letter %(number)s is written: print it and have it served.") % {"number": made}

    return form_view(
        request,
        title=_("Demand money of finding %(number)s") % {"number": found},
        submit=_("Write the letter"),
        back=address_of(found),
        form=lambda page: DemandForm(page.data, finding=found, owed=standing_of(found).owed),
        do=do,
    )


@permission_required(VIEW, raise_exception=True)
def print_demand(request: Request, pk: int) -> HttpResponse:
    """The letter (追回通知书) on A4."""
    seen = Finding.objects.visible_to(request.user)
    found = get_object_or_404(Demand.objects.select_related("finding__engagement").filter(finding__in=seen), pk=pk)
    name = f"{found.number}.pdf"
    return paper(request, lambda: prints.demand(found, at=timezone.now()), name=name, back=address_of(found.finding))


@permission_required(DEMAND, raise_exception=True)
def link(request: Request, pk: int) -> HttpResponse:
    """Say which posting stands for a finding."""
    found = finding_of(request, pk)

    def do(form: LinkForm) -> tuple[str, str]:
        posting = form.cleaned_data["posting"]
        services.link(finding=found, posting=posting, by=request.user, at=timezone.now())
        return address_of(found), _("%(posting)s stands for the finding.") % {"posting": posting}

    return form_view(
        request,
        title=_("Link a posting to finding %(number)s") % {"number": found},
        submit=_("Link it"),
        back=address_of(found),
        form=lambda page: LinkForm(page.data, finding=found),
        do=do,
    )


@permission_required(DEMAND, raise_exception=True)
def take_off(request: Request, pk: int) -> HttpResponse:
    """Take a posting off a finding."""
    seen = Finding.objects.visible_to(request.user)
    found = get_object_or_404(BookedMoney.objects.select_related("finding", "posting").filter(finding__in=seen), pk=pk)

    def do(form: WhyForm) -> tuple[str, str]:
        services.take_off(link=found, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now())
        return address_of(found.finding), _("The posting is taken off.")

    return form_view(
        request,
        title=_("Take %(posting)s off finding %(number)s") % {"posting": found.posting, "number": found.finding},
        submit=pgettext("audit", "Take it off"),
        back=address_of(found.finding),
        form=lambda page: WhyForm(page.data),
        do=do,
    )
