"""Appeals: the list, one filed against a claim, its page with both calculations, the written answer."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from claims.filters.public import AppealFilter
from claims.forms.meetings import NoticeForm
from claims.forms.public import AppealForm
from claims.models import Appeal, AppealGrant, DecisionNotice
from claims.prints import appeals as prints
from claims.selectors import appeals as selectors
from claims.services import appeals as services
from claims.services import notices
from claims.services.appeals import RIGHT, VIEW
from claims.services.notices import CannotNotice
from claims.tables.public import AppealTable
from claims.views import before
from claims.views.claims import claim_of
from enrollment.services.keeping import CannotKeep
from office import trail
from office.access import Request
from office.pages import records
from office.pages.forms import FormPage
from office.pages.lists import ListPage
from office.pages.records import Action, Page, Table
from office.rules import days

TONES = {"received": "waiting", "won": "done", "lost": "failed"}
TOLD = ("claim__member__household__village", "claim__provider", "claim__scheme", "claim__disease", "body", "entered_by")


class AppealList(ListPage):
    permission_required = VIEW
    page_title = gettext_lazy("Appeals")
    table_class = AppealTable
    filterset_class = AppealFilter

    def get_queryset(self) -> QuerySet[Any]:
        seen = Appeal.objects.visible_to(self.request.user)
        return seen.select_related("claim__member", "body").order_by("-pk")

    def default_filter(self) -> dict[str, str]:
        return {"year": str(days.business_day(timezone.now()).year)}


@permission_required(RIGHT, raise_exception=True)
def file(request: Request, pk: int) -> HttpResponse:
    """Take an appeal down against a claim."""
    found = claim_of(request, pk, RIGHT)
    cuts = [] if found.state == found.State.REFUSED else selectors.cuts_of(found)
    page = FormPage(
        request,
        title=_("Appeal against claim %(number)s") % {"number": found.number},
        submit=_("Take it down"),
        cancel_url=reverse("claims:claim", args=[pk]),
        template="claims/public/file.html",
    )
    form = AppealForm(page.data, cuts=cuts, initial={"by_name": found.member.name})
    given: dict[str, Any] = {"claim": found, "by": request.user, "at": timezone.now()}
    taken = before.sent(page, form, "appeal.received", lambda: services.receive(filed=form.filed(), **given))
    if taken is None:
        return page.render(form, claim=found, window=selectors.window_of(found), cuts=cuts)
    messages.success(
        request,
        _("%(number)s is taken down; two others decide it until %(day)s.") % {"number": taken, "day": taken.answer_by},
    )
    return redirect("claims:appeal", taken.pk)


@permission_required(VIEW, raise_exception=True)
def appeal(request: Request, pk: int) -> HttpResponse:
    """One appeal: what is asked back, who may decide, what came of it."""
    found = _appeal(request, pk)
    grant = AppealGrant.objects.filter(appeal=found).first()
    answer = selectors.answer_to(found)
    waits = answer is None and found.state != Appeal.State.WITHDRAWN
    is_late = waits and found.answer_by < days.business_day(timezone.now())
    page = Page(
        subject=found,
        title=_("Appeal %(number)s") % {"number": found},
        back=(_("Appeals"), reverse("claims:appeals")),
        state=(TONES.get(found.state, ""), found.get_state_display()),
        facts=[
            *services.rows(found),
            (_("phone"), found.phone or "—"),
            (_("entered by"), f"{found.entered_by} · {found.body}"),
            (_("decided by nobody of"), "、".join(one.full_name for one in selectors.barred(found))),
        ],
        tables=_tables(found, grant),
        actions=_ways(request, found, answer),
        notices=[_("Overdue: it was to be answered until %(day)s.") % {"day": found.answer_by}] if is_late else [],
        decided=found,
        links={_("number of the claim"): reverse("claims:claim", args=[found.claim_id])},
    )
    return records.shown(request, page)


@require_POST
@permission_required(RIGHT, raise_exception=True)
def withdraw(request: Request, pk: int) -> HttpResponse:
    """Whoever filed it takes it back."""
    found = _appeal(request, pk, RIGHT)
    try:
        services.withdraw(appeal=found, by=request.user, at=timezone.now())
    except CannotKeep as refusal:
        messages.error(request, str(refusal))
        trail.refused("appeal.withdrawn", found, by=request.user, at=timezone.now(), reason=str(refusal))
    else:
        messages.success(request, _("It is taken back."))
    return redirect("claims:appeal", pk)


@permission_required(notices.RIGHT, raise_exception=True)
def answer(request: Request, pk: int) -> HttpResponse:
    """Issue the written answer to a decided appeal; its service is noted as of every notice."""
    found = _appeal(request, pk)
    page = FormPage(
        request,
        title=_("Answer to appeal %(number)s") % {"number": found},
        submit=_("Issue the answer"),
        cancel_url=reverse("claims:appeal", args=[pk]),
    )
    form = NoticeForm(page.data, initial={"on": days.business_day(timezone.now())})
    if page.is_sent and form.is_valid():
        try:
            given: dict[str, Any] = {"appeal": found, "by": request.user, "at": timezone.now()}
            issued = notices.answer_appeal(**form.cleaned_data, **given)
        except CannotNotice as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, _("The answer is issued: print it and have it served."))
            return redirect("claims:notice_serve", issued.pk)
    return page.render(form)


def _appeal(request: Request, pk: int, right: str = VIEW) -> Appeal:
    seen = Appeal.objects.visible_to(request.user, right)
    return get_object_or_404(seen.select_related(*TOLD), pk=pk)


def _tables(found: Appeal, grant: AppealGrant | None) -> list[Table]:
    header = [_("line"), _("item"), _("cut, yuan"), _("asked back, yuan"), _("reason")]
    tables = []
    if rows := prints.restored(found):
        tables.append(Table(_("Cuts that are asked back"), header, rows, figures=(2, 3)))
    if grant is not None:
        header = [_("fund and layer"), _("granted before, yuan"), _("added, yuan"), _("together, yuan")]
        tables.append(Table(_("What the appeal adds"), header, prints.added(grant), figures=(1, 2, 3)))
        header = [_("whose part"), _("yuan")]
        tables.append(Table(_("Who pays the cost now"), header, prints.together(grant), figures=(1,)))
    return tables


def _ways(request: Request, found: Appeal, answer: DecisionNotice | None) -> list[Action]:
    ways = []
    may_answer = request.user.has_perm(notices.RIGHT)
    if found.state in {Appeal.State.WON, Appeal.State.LOST} and answer is None and may_answer:
        ways.append(
            Action(_("Issue the answer"), reverse("claims:appeal_answer", args=[found.pk]), "Alt+R", first=True)
        )
    if answer is not None and request.user.has_perm("claims.view_decisionnotice"):
        ways.append(Action(_("Print the answer"), reverse("claims:notice_print", args=[answer.pk]), "Alt+P"))
        if not answer.way and may_answer:
            ways.append(Action(_("Note its service"), reverse("claims:notice_serve", args=[answer.pk]), "Alt+S"))
    if found.state == Appeal.State.RECEIVED and request.user.has_perm(RIGHT):
        ways.append(Action(_("Take it back"), reverse("claims:appeal_withdraw", args=[found.pk]), posts=True))
    return ways
