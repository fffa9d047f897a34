"""The people of an engagement: named, taken off, its lead replaced, with the changed notice on paper."""

from __future__ import annotations

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from audit.forms.engagements import LeadForm, MemberForm, TakeOffForm
from audit.models import Engagement, ReplacedLead
from audit.prints import engagements as prints
from audit.services import engagements as services
from audit.services.auditing import PLAN
from audit.views.engagements import VIEW, address_of, engagement_of
from audit.views.pages import form_view
from office.access import Request
from office.pages.downloads import paper


@permission_required(PLAN, raise_exception=True)
def name_member(request: Request, pk: int) -> HttpResponse:
    """Name somebody for an engagement."""
    found = engagement_of(request, pk)

    def do(form: MemberForm) -> tuple[str, str]:
        person = form.cleaned_data["person"]
        services.name_member(engagement=found, person=person, by=request.user, at=timezone.now())
        return address_of(found), _("%(name)s is named.") % {"name": person}

    return form_view(
        request,
        title=_("Name somebody for %(number)s") % {"number": found},
        submit=pgettext("audit", "Name"),
        back=address_of(found),
        form=lambda page: MemberForm(page.data, engagement=found),
        do=do,
    )


@permission_required(PLAN, raise_exception=True)
def take_off(request: Request, pk: int) -> HttpResponse:
    """Take somebody off an engagement."""
    found = engagement_of(request, pk)

    def do(form: TakeOffForm) -> tuple[str, str]:
        services.take_off(engagement=found, by=request.user, at=timezone.now(), **form.cleaned_data)
        return address_of(found), _("%(name)s works on it no more.") % {"name": form.cleaned_data["person"]}

    return form_view(
        request,
        title=_("Take somebody off %(number)s") % {"number": found},
        submit=pgettext("audit", "Take off"),
        back=address_of(found),
        form=lambda page: TakeOffForm(page.data, engagement=found),
        do=do,
    )


@permission_required(PLAN, raise_exception=True)
def replace_lead(request: Request, pk: int) -> HttpResponse:
    """Say who leads an engagement from now on."""
    found = engagement_of(request, pk)

    def do(form: LeadForm) -> tuple[str, str]:
        services.replace_lead(engagement=found, by=request.user, at=timezone.now(), **form.cleaned_data)
        told = _("%(name)s leads it now: print the changed notice and serve it.")
        return address_of(found), told % {"name": form.cleaned_data["lead"]}

    return form_view(
        request,
        title=_("Replace the lead of %(number)s") % {"number": found},
        submit=pgettext("audit", "Replace"),
        back=address_of(found),
        form=lambda page: LeadForm(page.data, engagement=found, by=request.user),
        do=do,
    )


@permission_required(VIEW, raise_exception=True)
def print_changed_notice(request: Request, pk: int) -> HttpResponse:
    """The changed notice (审计组组长变更通知) on paper."""
    seen = Engagement.objects.visible_to(request.user, VIEW)
    known = ReplacedLead.objects.select_related("engagement__body", "before", "lead")
    found = get_object_or_404(known.filter(engagement__in=seen), pk=pk)
    name = f"{found.engagement.number}-changed-notice-{found.pk}.pdf"
    back = address_of(found.engagement)
    return paper(request, lambda: prints.changed_notice(found, at=timezone.now()), name=name, back=back)
