"""What providers are owed for their registers and lists: the list, one made, one with its claims, on paper."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models import QuerySet, Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_POST

from claims.filters.documents import SettlementFilter
from claims.models import BulkDocument, Settlement
from claims.prints import documents as prints
from claims.services import document_settling as services
from claims.services.document_settling import SETTLE
from claims.services.documents import CannotKeepDocument
from claims.tables.documents import SettlementTable
from claims.views.documents import document_of
from office.access import Request
from office.pages import records
from office.pages.downloads import paper
from office.pages.lists import ListPage
from office.pages.records import Action, Page, Table
from office.rules import days, money

VIEW = "claims.view_settlement"
TOLD = ("document__body", "provider", "scheme", "made_by")


class SettlementList(ListPage):
    permission_required = VIEW
    page_title = gettext_lazy("Settlements")
    table_class = SettlementTable
    filterset_class = SettlementFilter

    def get_queryset(self) -> QuerySet[Any]:
        return seen_by(self.request).select_related("document", "provider", "scheme").order_by("-pk")

    def default_filter(self) -> dict[str, str]:
        return {"year": str(days.business_day(timezone.now()).year)}

    def totals(self, found: QuerySet[Any]) -> list[tuple[str, str]]:
        sums = found.order_by().aggregate(
            all=Sum("total", default=0), off=Sum("deducted", default=0), paid=Sum("fund_pays", default=0)
        )
        return [
            *super().totals(found),
            (_("Total cost, yuan"), money.shown(sums["all"])),
            (_("Deducted, yuan"), money.shown(sums["off"])),
            (_("The funds pay, yuan"), money.shown(sums["paid"])),
        ]


@require_POST
@permission_required(SETTLE, raise_exception=True)
def settle(request: Request, pk: int) -> HttpResponse:
    """Settle an approved document in one sum."""
    found = document_of(request, pk)
    try:
        made = services.settle(document=found, by=request.user, at=timezone.now())
    except CannotKeepDocument as refusal:
        messages.error(request, str(refusal))
        return redirect("claims:bulk_document", pk)
    messages.success(request, _("%(number)s is made: print it and have it signed.") % {"number": made})
    return redirect("claims:settlement", made.pk)


@permission_required(VIEW, raise_exception=True)
def settlement(request: Request, pk: int) -> HttpResponse:
    """One settlement with its claims and its hash."""
    found = settlement_of(request, pk)
    header, rows = prints.claims_of(found)
    page = Page(
        subject=found,
        title=_("Settlement %(number)s") % {"number": found},
        back=(_("Settlements"), reverse("claims:settlements")),
        state=("done", pgettext("settlement", "settled")),
        facts=prints.settlement_facts(found),
        tables=[Table(_("Claims of it"), header, rows, _("No claim is settled with it."), prints.OF_CLAIMS)],
        actions=[
            Action(_("Print"), reverse("claims:settlement_print", args=[pk]), "Alt+P", first=True),
            Action(_("The register or list"), reverse("claims:bulk_document", args=[found.document_id]), "Alt+B"),
            Action(_("Deductions"), reverse("claims:document_deductions", args=[found.document_id]), "Alt+L"),
        ],
        notices=[] if _is_genuine(found) else [_("Its claims are not those that were settled: the hash differs.")],
    )
    return records.shown(request, page)


@permission_required(VIEW, raise_exception=True)
def print_page(request: Request, pk: int) -> HttpResponse:
    """The settlement on A4, to be signed by both sides."""
    found = settlement_of(request, pk)
    back = reverse("claims:settlement", args=[pk])
    return paper(request, lambda: prints.settlement(found, at=timezone.now()), name=f"{found.number}.pdf", back=back)


def _is_genuine(found: Settlement) -> bool:
    """Whether its parts are still those that were settled."""
    parts = found.parts.select_related("part__approval__claim").order_by("pk")
    return services.hash_of([one.part for one in parts]) == found.sha256


def seen_by(request: Request) -> QuerySet[Settlement]:
    """Settlements of documents that this person sees."""
    return Settlement.objects.filter(document__in=BulkDocument.objects.visible_to(request.user, VIEW))


def settlement_of(request: Request, pk: int) -> Settlement:
    """One of them."""
    return get_object_or_404(seen_by(request).select_related(*TOLD), pk=pk)
