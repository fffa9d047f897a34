"""Claims: the list, one claim's page, and what intake does with it: hand on, make void, print, keep files."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models import Count, Q, QuerySet, Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from claims.filters.claims import ClaimFilter
from claims.forms.claims import FileForm, VoidForm
from claims.models import Approval, AskedPaper, Claim
from claims.prints import claim_sheets, sheet_paper, slips
from claims.selectors import appeals, following, one_claim, scans
from claims.selectors import asking as asking_for
from claims.selectors.intake_words import in_readers_language
from claims.services import intake
from claims.services.intake import ADD, CannotHandOn, CannotVoid
from claims.tables.claims import ClaimTable
from claims.views import asking
from office import attachments, deciding, ways
from office.access import Request
from office.pages import guard
from office.pages.downloads import paper
from office.pages.forms import FormPage
from office.pages.lists import ListPage
from office.rules import days, money

VIEW = "claims.view_claim"
APPEAL = "claims.add_appeal"


class ClaimList(ListPage):
    permission_required = VIEW
    page_title = gettext_lazy("Claims")
    table_class = ClaimTable
    filterset_class = ClaimFilter

    def get_queryset(self) -> QuerySet[Any]:
        found = Claim.objects.visible_to(self.request.user)
        return found.select_related("member", "provider", "disease", "scheme", "body").order_by("-entered_on", "-pk")

    def default_filter(self) -> dict[str, str]:
        return {"year": str(days.business_day(timezone.now()).year)}

    def page_actions(self) -> list[dict[str, str]]:
        if not self.request.user.has_perm(ADD):
            return []
        return [{"label": _("Take a claim in"), "url": reverse("claims:claim_new"), "key": "Alt+N"}]

    def totals(self, found: QuerySet[Any]) -> list[tuple[str, str]]:
        ended = Q(state__in=[Claim.State.REFUSED, Claim.State.VOID, Claim.State.REVERSED])
        sums = found.order_by().aggregate(
            count=Count("pk"),
            total=Sum("total"),
            proposed=Sum("proposed", filter=~ended),
            ended=Count("pk", filter=ended),
        )
        told = [
            (_("Rows"), f"{sums['count']:,}"),
            (_("Total cost, yuan"), money.shown(sums["total"] or Decimal(0))),
            (_("Proposed payment, yuan"), money.shown(sums["proposed"] or Decimal(0))),
        ]
        if sums["ended"]:
            told.append((_("Of them refused, void or reversed, without payment"), f"{sums['ended']:,}"))
        return told


@permission_required(VIEW, raise_exception=True)
def claim(request: Request, pk: int) -> HttpResponse:
    """One claim: what is asked of me, papers and figures, lines, the sheet, the route, the person's year, acts."""
    found = claim_of(request, pk, VIEW)
    may_take_in = request.user.has_perm(ADD) and Claim.objects.visible_to(request.user, ADD).filter(pk=pk).exists()
    shown = one_claim.shown(found)
    worked = shown["worked"]
    approval = Approval.objects.filter(claim=found).first()
    files = list(attachments.of(found).select_related("added_by").order_by("pk"))
    asked = asking_for.asked_of(found)
    sheet = claim_sheets.sheet_of(found, worked, approval)
    shown |= {
        "approval": approval,
        "sheet": sheet,
        "amounts": sheet_paper.amounts(sheet) if sheet else (),
        "no_sheet": in_readers_language(worked.refusal) if worked.refusal else "",
        "may_take_in": may_take_in,
        "is_editable": found.state in Claim.EDITABLE,
        "appeal": getattr(found, "appeal", None),
        "may_appeal": request.user.has_perm(APPEAL) and appeals.may_be_appealed(found, shown["cut"]),
        "is_voidable": found.state in intake.VOIDABLE,
        "scans": scans.scans_of(files, request.GET.dict()),
        "files": files,
        "before": one_claim.before_of(found),
        "followed": [(one, request.user.has_perm(one.right)) for one in following.after(found)],
        "asked_words": next((one.words for one in asked if one.paper == AskedPaper.OTHER), ""),
        "lacking": asking_for.lacking_of(found, asked, shown["papers"]) if found.state in Claim.EDITABLE else (),
        "form_guard": guard.field(request),
        "ways": ways.ways_from(found, request.user),
        **asking.panel(request, found, shown["rounds"]),
    }
    return render(request, "claims/claim/page.html", shown)


@require_POST
@permission_required(ADD, raise_exception=True)
def hand_on(request: Request, pk: int) -> HttpResponse:
    """Intake gives a claim to those who check it."""
    found = claim_of(request, pk, ADD)
    seen = request.POST.get("seen", "")
    try:
        intake.hand_on(claim=found, seen=int(seen) if seen.isdecimal() else 0, by=request.user, at=timezone.now())
    except CannotHandOn as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Handed on to be checked."))
    return redirect("claims:claim", pk)


@permission_required(ADD, raise_exception=True)
def void(request: Request, pk: int) -> HttpResponse:
    """A claim taken in by mistake, or taken back by the patient."""
    found = claim_of(request, pk, ADD)
    title = _("Make claim %(number)s void") % {"number": found.number}
    page = FormPage(request, title=title, submit=_("Make it void"), cancel_url=reverse("claims:claim", args=[pk]))
    form = VoidForm(page.data)
    if page.is_sent and form.is_valid():
        try:
            reason = form.cleaned_data["reason"]
            intake.void_claim(claim=found, reason=reason, by=request.user, at=timezone.now())
        except CannotVoid as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Claim %(number)s is void; its invoices are free.") % {"number": found.number})
            return redirect("claims:claim", pk)
    return page.render(form)


@permission_required(ADD, raise_exception=True)
def files(request: Request, pk: int) -> HttpResponse:
    """The claim's scans and photos, and a field for one more."""
    found = claim_of(request, pk, ADD)
    page = FormPage(
        request,
        title=_("Files of claim %(number)s") % {"number": found.number},
        submit=_("Keep the file"),
        cancel_url=reverse("claims:claim", args=[pk]),
        template="enrollment/files.html",
    )
    form = FileForm(page.data, page.files)
    if page.is_sent and form.is_valid():
        try:
            upload = form.cleaned_data["file"]
            intake.keep_scan(claim=found, upload=upload, by=request.user, at=timezone.now())
        except attachments.CannotAttach as refusal:
            page.refuse(form, "file", refusal, act="attachment.kept")
        else:
            messages.success(request, _("The file is kept."))
            return redirect(request.path)
    return page.render(form, files=attachments.of(found).select_related("added_by"))


@permission_required(VIEW, raise_exception=True)
def slip(request: Request, pk: int) -> HttpResponse:
    """The slip that the papers were received (受理单)."""
    found = claim_of(request, pk, VIEW)
    return _printed(request, found, "slip", slips.received)


@permission_required(VIEW, raise_exception=True)
def approval_sheet(request: Request, pk: int) -> HttpResponse:
    """The sheet of what is or would be paid, with who decided it (补偿审批单)."""
    found = claim_of(request, pk, VIEW)
    worked = one_claim.worked(found)
    made = claim_sheets.sheet_of(found, worked, Approval.objects.filter(claim=found).first())
    if made is None:
        messages.info(request, _("There is no sheet: the plans of its day give nothing for this claim."))
        return redirect("claims:claim", pk)
    rounds = list(deciding.rounds_of(found).prefetch_related("votes__voter"))
    route = one_claim.route_of(found, rounds)
    return _printed(request, found, "sheet", partial(claim_sheets.printed, sheet=made, route=route))


@permission_required(VIEW, raise_exception=True)
def missing(request: Request, pk: int) -> HttpResponse:
    """The notice of everything that is missing (一次性告知)."""
    found = claim_of(request, pk, VIEW)
    lacking = asking_for.lacking(found)
    if not lacking:
        messages.info(request, _("No paper is missing."))
        return redirect("claims:claim", pk)
    return _printed(request, found, "missing", partial(slips.missing, lacking=lacking))


def _printed(request: Request, found: Claim, what: str, make: Any) -> HttpResponse:
    return paper(
        request,
        lambda: make(found, by=request.user, at=timezone.now()),
        name=f"{found.number}-{what}.pdf",
        back=reverse("claims:claim", args=[found.pk]),
    )


def claim_of(request: Request, pk: int, right: str) -> Claim:
    """A claim among those that this person sees."""
    seen = Claim.objects.visible_to(request.user, right)
    told = ("member__household__village__parent", "provider", "disease", "scheme", "body", "entered_by")
    came_before = ("referral", "outside_stay", "admission", "certificate", "injury", "lateness__allowed_by")
    return get_object_or_404(seen.select_related(*told, *came_before, "appeal__grant"), pk=pk)
