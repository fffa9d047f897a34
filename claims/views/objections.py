"""Objections to what was posted: the list, one taken down against an entry, the answer, on the page and on paper."""

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

from claims.filters.public import ObjectionFilter
from claims.forms.public import AnswerForm, ObjectionForm
from claims.models import Claim, Objection, PublicityEntry, PublicityList
from claims.prints import publicity as prints
from claims.services import objections as services
from claims.services import reversing
from claims.services.objections import ANSWER, TAKE, VIEW
from claims.tables.public import ObjectionTable
from claims.views import before
from office.access import Request
from office.pages import records
from office.pages.downloads import paper
from office.pages.forms import FormPage
from office.pages.lists import ListPage
from office.pages.records import Action, Page
from office.rules import days

TOLD = ("entry__list__village__parent", "entry__list__scheme", "entry__claim", "received_by", "answered_by", "flag")


class ObjectionList(ListPage):
    permission_required = VIEW
    page_title = gettext_lazy("Objections")
    table_class = ObjectionTable
    filterset_class = ObjectionFilter

    def get_queryset(self) -> QuerySet[Any]:
        seen = Objection.objects.filter(services.seen_by(self.request.user))
        return seen.select_related("entry__list__village", "answered_by").order_by("-pk")

    def default_filter(self) -> dict[str, str]:
        return {"year": str(days.business_day(timezone.now()).year)}


@permission_required(TAKE, raise_exception=True)
def take_down(request: Request, pk: int) -> HttpResponse:
    """Take an objection down against an entry that was posted."""
    seen = PublicityList.objects.visible_to(request.user, TAKE)
    entry = get_object_or_404(PublicityEntry.objects.filter(list__in=seen).select_related("list", "claim"), pk=pk)
    page = FormPage(
        request,
        title=_("Objection to row %(row)s of %(number)s: %(patient)s")
        % {"row": entry.position, "number": entry.list, "patient": entry.patient},
        submit=_("Take it down"),
        cancel_url=reverse("claims:publicity_list", args=[entry.list_id]),
    )
    form = ObjectionForm(page.data)
    given: dict[str, Any] = {"entry": entry, "by": request.user, "at": timezone.now()}
    taken = before.sent(page, form, "objection.taken", lambda: services.take_down(said=form.said(), **given))
    if taken is None:
        return page.render(form)
    held = _("The claim is held until it is answered.") if taken.flag_id else _("The claim is paid or has ended.")
    messages.success(request, _("%(number)s is taken down.") % {"number": taken} + " " + held)
    return redirect("claims:objection", taken.pk)


@permission_required(VIEW, raise_exception=True)
def objection(request: Request, pk: int) -> HttpResponse:
    """One objection with its answer, and the way to what the office then does."""
    found = _objection(request, pk)
    tone = {"upheld": "failed", "dismissed": "done"}.get(found.result, "waiting")
    is_late = not found.result and found.answer_by < days.business_day(timezone.now())
    page = Page(
        subject=found,
        title=_("Objection %(number)s") % {"number": found},
        back=(_("Objections"), reverse("claims:objections")),
        state=(tone, found.get_result_display() if found.result else _("to be answered")),
        facts=[
            *prints.about(found),
            (_("objection by"), found.by_name),
            (_("how to reach"), found.contact or "—"),
            (_("objected on"), found.made_on.isoformat()),
            (_("objection"), found.words),
            (_("taken down by"), found.received_by),
            (_("answer until"), found.answer_by.isoformat()),
            *_answer(found),
        ],
        actions=_ways(request, found),
        notices=_notices(found, is_late=is_late),
        links={_("publicity list"): reverse("claims:publicity_list", args=[found.entry.list_id])},
    )
    return records.shown(request, page)


@permission_required(ANSWER, raise_exception=True)
def answer(request: Request, pk: int) -> HttpResponse:
    """Answer it, by somebody who has no hand in it."""
    found = _objection(request, pk, ANSWER)
    back = reverse("claims:objection", args=[pk])
    page = FormPage(
        request,
        title=_("Answer to %(number)s") % {"number": found},
        submit=_("Answer it"),
        cancel_url=back,
        template="claims/public/answer.html",
    )
    form = AnswerForm(page.data)
    given: dict[str, Any] = {"objection": found, "by": request.user, "at": timezone.now()}
    done = before.sent(page, form, "objection.answered", lambda: services.answer(**form.cleaned_data, **given))
    if done is None:
        return page.render(form, objection=found)
    messages.success(request, _("%(number)s is answered: print the answer.") % {"number": found})
    return redirect(back)


@permission_required(VIEW, raise_exception=True)
def print_page(request: Request, pk: int) -> HttpResponse:
    """The answer on paper."""
    found = _objection(request, pk)
    back = reverse("claims:objection", args=[pk])
    if not found.result:
        messages.info(request, _("There is no answer to print yet."))
        return redirect(back)
    return paper(request, lambda: prints.answer(found, at=timezone.now()), name=f"{found.number}.pdf", back=back)


def _objection(request: Request, pk: int, right: str = VIEW) -> Objection:
    seen = Objection.objects.filter(services.seen_by(request.user, right))
    return get_object_or_404(seen.select_related(*TOLD), pk=pk)


def _answer(found: Objection) -> list[tuple[str, object]]:
    if found.answered_on is None:
        return []
    return [
        (_("answer"), found.answer),
        (_("answered on"), found.answered_on.isoformat()),
        (_("answered by"), found.answered_by),
    ]


def _ways(request: Request, found: Objection) -> list[Action]:
    claim, ways = found.entry.claim, []
    if not found.result and request.user.has_perm(ANSWER) and services.may_answer(found, claim, request.user):
        ways.append(Action(_("Answer"), reverse("claims:objection_answer", args=[found.pk]), "Alt+R", first=True))
    if found.result == Objection.Result.UPHELD and request.user.has_perm(reversing.RIGHT) and _stands(claim):
        words = _("Reverse the claim") if claim.state == Claim.State.PAID else _("Make the claim void")
        ways.append(Action(words, reverse("claims:claim_take_back", args=[claim.pk]), "Alt+V"))
    if request.user.has_perm("claims.view_claim"):
        ways.append(Action(_("To the claim"), reverse("claims:claim", args=[claim.pk]), "Alt+C"))
    if found.result:
        ways.append(Action(_("Print the answer"), reverse("claims:objection_print", args=[found.pk]), "Alt+P"))
    return ways


def _stands(claim: Claim) -> bool:
    return claim.state in (*reversing.BEFORE_PAYMENT, Claim.State.PAID)


def _notices(found: Objection, *, is_late: bool) -> list[str]:
    told = []
    if is_late:
        told.append(_("Overdue: it was to be answered until %(day)s.") % {"day": found.answer_by})
    if found.flag is not None and found.flag.lifted_at is None:
        told.append(_("The claim is held by this objection."))
    if found.result == Objection.Result.UPHELD and _stands(found.entry.claim):
        told.append(_("It is upheld: the approval is to be taken back, or the claim let go with a reason."))
    return told
