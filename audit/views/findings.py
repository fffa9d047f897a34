"""Findings: the list, one with all that belongs to it; drafted, sent, settled, closed, opened again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import permission_required
from django.db.models import QuerySet, Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy
from django.views.decorators.http import require_POST

from audit.filters.engagements import FindingFilter
from audit.forms.engagements import WhyForm
from audit.forms.findings import AnswerForm, ChangeForm, CiteForm, FindingForm, RestForm
from audit.models import Finding
from audit.prints import findings as prints
from audit.selectors.findings import with_money
from audit.services import findings as services
from audit.services.auditing import ANSWER, CHECK, DRAFT
from audit.tables.engagements import FindingTable
from audit.views import finding_page
from audit.views.engagements import address_of as engagement_address
from audit.views.engagements import engagement_of
from audit.views.pages import done, form_view, shown
from office.access import Request
from office.pages.downloads import paper
from office.pages.lists import ListPage
from office.rules import money

VIEW = "audit.view_finding"


class FindingList(ListPage):
    permission_required = VIEW
    page_title = pgettext_lazy("audit", "Findings")
    table_class = FindingTable
    filterset_class = FindingFilter

    def get_queryset(self) -> QuerySet[Any]:
        seen = with_money(Finding.objects.visible_to(self.request.user))
        return seen.select_related("engagement").order_by("-pk")

    def totals(self, found: QuerySet[Any]) -> list[tuple[str, str]]:
        sums = found.order_by().aggregate(
            amount=Sum("amount", default=0),
            owed=Sum("to_recover", default=0),
            back=Sum("recovered", default=0),
            up=Sum("waived", default=0),
        )
        return [
            *super().totals(found),
            (_("About, yuan"), money.shown(sums["amount"])),
            (_("To be recovered, yuan"), money.shown(sums["owed"])),
            (_("Recovered, yuan"), money.shown(sums["back"])),
            (_("Waived, yuan"), money.shown(sums["up"])),
        ]


def finding_of(request: Request, pk: int, right: str = VIEW) -> Finding:
    """A finding in somebody's sight; else 404."""
    known = Finding.objects.visible_to(request.user, right)
    return get_object_or_404(known.select_related("engagement", "provider", "member", "drafted_by", "closed_by"), pk=pk)


def address_of(finding: Finding) -> str:
    """The page of a finding."""
    return reverse("audit:finding", args=[finding.pk])


@permission_required(VIEW, raise_exception=True)
def finding(request: Request, pk: int) -> HttpResponse:
    """One finding."""
    found = finding_of(request, pk)
    return shown(request, finding_page.page_of(request, found))


@permission_required(DRAFT, raise_exception=True)
def new(request: Request, pk: int) -> HttpResponse:
    """Draft a finding."""
    of = engagement_of(request, pk)

    def do(form: FindingForm) -> tuple[str, str]:
        made = services.draft(engagement=of, stated=form.told(), by=request.user, at=timezone.now())
        return address_of(made), _("Finding %(number)s is drafted: add its evidence, then send it for comment.") % {
            "number": made
        }

    return form_view(
        request,
        title=_("Draft a finding"),
        submit=_("Save"),
        back=engagement_address(of),
        form=lambda page: FindingForm(page.data, person=request.user),
        do=do,
    )


@permission_required(DRAFT, raise_exception=True)
def change(request: Request, pk: int) -> HttpResponse:
    """Correct a draft."""
    found = finding_of(request, pk)

    def do(form: ChangeForm) -> tuple[str, str]:
        stated, seen = form.told(), form.was_seen
        services.change(finding=found, stated=stated, seen=seen, by=request.user, at=timezone.now())
        return address_of(found), _("Saved.")

    names = [*FindingForm.base_fields, "member"]
    return form_view(
        request,
        title=_("Change finding %(number)s") % {"number": found},
        submit=_("Save"),
        back=address_of(found),
        form=lambda page: ChangeForm(
            page.data, record=found, person=request.user, initial={name: getattr(found, name) for name in names}
        ),
        do=do,
    )


@permission_required(DRAFT, raise_exception=True)
def rest_on(request: Request, pk: int) -> HttpResponse:
    """Rest a draft on an evidence sheet."""
    found = finding_of(request, pk)

    def do(form: RestForm) -> tuple[str, str]:
        sheet = form.cleaned_data["sheet"]
        services.rest_on(finding=found, sheet=sheet, by=request.user, at=timezone.now())
        return address_of(found), _("The finding rests on sheet %(number)s.") % {"number": sheet}

    return form_view(
        request,
        title=_("Evidence of finding %(number)s") % {"number": found},
        submit=_("Add"),
        back=address_of(found),
        form=lambda page: RestForm(page.data, finding=found),
        do=do,
    )


@permission_required(DRAFT, raise_exception=True)
def cite(request: Request, pk: int) -> HttpResponse:
    """Name what a draft is about."""
    found = finding_of(request, pk)

    def do(form: CiteForm) -> tuple[str, str]:
        subject = form.cleaned_data["subject"]
        services.cite(finding=found, subject=subject, by=request.user, at=timezone.now())
        return address_of(found), _("%(what)s is cited.") % {"what": subject.words}

    return form_view(
        request,
        title=_("What finding %(number)s is about") % {"number": found},
        submit=_("Add"),
        back=address_of(found),
        form=lambda page: CiteForm(page.data),
        do=do,
    )


def _at_once(
    right: str, service: Callable[..., Any], told: Callable[[Finding], str]
) -> Callable[[Request, int], HttpResponse]:
    """A button that moves a finding."""

    @require_POST
    @permission_required(right, raise_exception=True)
    def view(request: Request, pk: int) -> HttpResponse:
        found = finding_of(request, pk)

        def do() -> str:
            service(finding=found, by=request.user, at=timezone.now())
            found.refresh_from_db()
            return told(found)

        return done(request, do, address_of(found))

    return view


send = _at_once(
    DRAFT,
    services.send_for_comment,
    lambda one: _("Sent for comment: the office may answer until %(day)s.") % {"day": one.comment_until},
)
settle = _at_once(DRAFT, services.settle, lambda one: _("The finding is final: ask for its measures now."))
take_up_again = _at_once(DRAFT, services.take_up_again, lambda one: _("It is a draft again."))
close = _at_once(CHECK, services.close, lambda one: _("Finding %(number)s is closed.") % {"number": one})


@permission_required(ANSWER, raise_exception=True)
def answer(request: Request, pk: int) -> HttpResponse:
    """What the audited office says."""
    found = finding_of(request, pk)

    def do(form: AnswerForm) -> tuple[str, str]:
        agrees, words = form.cleaned_data["agrees"] == "yes", form.cleaned_data["words"]
        services.answer(finding=found, agrees=agrees, words=words, by=request.user, at=timezone.now())
        return address_of(found), _("Your answer is with the auditors.")

    return form_view(
        request,
        title=_("Answer finding %(number)s") % {"number": found},
        submit=pgettext("audit", "Answer"),
        back=address_of(found),
        form=lambda page: AnswerForm(page.data),
        do=do,
    )


@permission_required(DRAFT, raise_exception=True)
def drop(request: Request, pk: int) -> HttpResponse:
    """Drop a finding that does not hold."""
    return _with_reason(request, pk, _("Drop finding %(number)s"), _("Drop it"), services.drop)


@permission_required(CHECK, raise_exception=True)
def reopen(request: Request, pk: int) -> HttpResponse:
    """Open a closed finding again."""
    return _with_reason(
        request, pk, _("Open finding %(number)s again"), pgettext("audit", "Open it again"), services.reopen
    )


def _with_reason(request: Request, pk: int, title: str, submit: str, service: Callable[..., Any]) -> HttpResponse:
    found = finding_of(request, pk)

    def do(form: WhyForm) -> tuple[str, str]:
        service(finding=found, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now())
        return address_of(found), _("Done.")

    return form_view(
        request,
        title=title % {"number": found},
        submit=submit,
        back=address_of(found),
        form=lambda page: WhyForm(page.data),
        do=do,
    )


@permission_required(VIEW, raise_exception=True)
def print_finding(request: Request, pk: int) -> HttpResponse:
    """The draft for comment (征求意见稿), or the finding as it is final, on A4."""
    found = finding_of(request, pk)
    name = f"{found.number}.pdf"
    return paper(request, lambda: prints.finding(found, at=timezone.now()), name=name, back=address_of(found))
