"""Money that cannot be recovered: a waiver is asked for, its page with its evidence and what was voted."""

from __future__ import annotations

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from audit.forms.findings import WaiverForm
from audit.models import Waiver
from audit.selectors.findings import standing_of
from audit.services import waiving as services
from audit.services.auditing import WAIVE
from audit.views.findings import VIEW as FINDING
from audit.views.findings import address_of as finding_address
from audit.views.findings import finding_of
from audit.views.pages import Page, evidence_table, form_view, moment, shown, state_of
from office.access import Request


@permission_required(WAIVE, raise_exception=True)
def new(request: Request, pk: int) -> HttpResponse:
    """Ask that money of a finding be waived."""
    found = finding_of(request, pk)

    def do(form: WaiverForm) -> tuple[str, str]:
        made = services.propose(
            finding=found, stated=form.told(), shown=form.shown(), by=request.user, at=timezone.now()
        )
        return reverse("audit:waiver", args=[made.pk]), _("Waiver %(number)s waits for the head of the office.") % {
            "number": made
        }

    return form_view(
        request,
        title=_("Ask for a waiver of finding %(number)s") % {"number": found},
        submit=pgettext("waiver", "Ask for it"),
        back=finding_address(found),
        form=lambda page: WaiverForm(page.data, page.files, finding=found, owed=standing_of(found).owed),
        do=do,
    )


@permission_required(services.VIEW, raise_exception=True)
def waiver(request: Request, pk: int) -> HttpResponse:
    """One waiver: what is given up and why, its evidence, who agreed to it."""
    seen = Waiver.objects.visible_to(request.user).select_related("finding__engagement", "proposed_by")
    found = get_object_or_404(seen, pk=pk)
    finding = (pgettext("audit", "Findings"), reverse("audit:findings"))
    sees = request.user.has_perm(FINDING)
    page = Page(
        subject=found,
        title=_("Waiver %(number)s") % {"number": found},
        back=finding if sees else (_("Home"), reverse("office:home")),
        state=state_of(found),
        facts=[
            *services.rows(found),
            (pgettext("waiver", "asked for by"), f"{found.proposed_by} · {moment(found.proposed_at)}"),
        ],
        tables=[evidence_table(found.evidence.select_related("attachment", "added_by"))],
        decided=found,
        links={pgettext("audit", "finding"): finding_address(found.finding)} if sees else {},
    )
    return shown(request, page)
