"""Answers of the bank: the list, one taken as a file, one with its lines."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from funds.filters.paying import AnswerFilter
from funds.forms.paying import AnswerForm
from funds.models import AnswerLine, BankAnswer
from funds.services import answers
from funds.services.answers import TAKE
from funds.tables.paying import AnswerTable
from funds.views.pages import FundsList, Page, Table, form_page, shown
from funds.views.paying import tried
from office.access import Request
from office.rules import days, money

VIEW = "funds.view_bankanswer"


class AnswerList(FundsList):
    permission_required = VIEW
    page_title = gettext_lazy("Answers of the bank")
    table_class = AnswerTable
    filterset_class = AnswerFilter

    def get_queryset(self) -> QuerySet[Any]:
        doubtful = Count("told", filter=Q(told__verdict__in=AnswerLine.DOUBTFUL))
        return BankAnswer.objects.select_related("book", "taken_by").annotate(doubtful=doubtful).order_by("-pk")

    def default_filter(self) -> dict[str, str]:
        return {"year": str(days.business_day(timezone.now()).year)}

    def page_actions(self) -> list[dict[str, str]]:
        if not self.request.user.has_perm(TAKE):
            return []
        return [{"label": _("Take an answer"), "url": reverse("funds:bank_answer_new"), "key": "Alt+N"}]


@permission_required(TAKE, raise_exception=True)
def take(request: Request) -> HttpResponse:
    """Take what the bank gave back as a file."""
    page = form_page(
        request, title=_("Take an answer of the bank"), submit=_("Take it"), cancel_url=reverse("funds:bank_answers")
    )
    form = AnswerForm(page.data, request.FILES if page.is_sent else None)

    def do() -> BankAnswer:
        sent = form.cleaned_data["file"]
        return answers.take_file(
            book=form.cleaned_data["book"],
            content=sent.read(),
            name=sent.name or "",
            by=request.user,
            at=timezone.now(),
        )

    kept = tried(page, form, do)
    if kept is None:
        return page.render(form)
    doubtful = kept.told.filter(verdict__in=AnswerLine.DOUBTFUL).count()
    messages.success(request, _("Taken: %(lines)s lines.") % {"lines": kept.lines})
    if doubtful:
        messages.warning(request, _("%(count)s lines settle nothing: look into them.") % {"count": doubtful})
    return redirect("funds:bank_answer", kept.pk)


@permission_required(VIEW, raise_exception=True)
def answer(request: Request, pk: int) -> HttpResponse:
    """One answer, line by line, with what came of each; what is to be looked into comes first."""
    found = get_object_or_404(BankAnswer.objects.select_related("book", "taken_by"), pk=pk)
    lines = sorted(found.told.order_by("line"), key=lambda one: (one.verdict not in AnswerLine.DOUBTFUL, one.line))
    doubtful = sum(one.verdict in AnswerLine.DOUBTFUL for one in lines)
    rows = [
        [
            str(one.line), one.number, str(one.get_outcome_display()), money.shown(one.amount), one.on.isoformat(),
            one.reference, one.reason, str(one.get_verdict_display()),
        ]
        for one in lines
    ]  # fmt: skip
    page = Page(
        subject=found,
        title=_("Answer of the bank: %(name)s") % {"name": found},
        back=(_("Answers of the bank"), reverse("funds:bank_answers")),
        state=("failed", _("to look into")) if doubtful else ("done", _("taken")),
        facts=[
            (_("books"), found.book.name),
            (_("format"), found.get_format_display()),
            (_("lines"), f"{found.lines:,}"),
            (_("sum, yuan"), money.shown(found.total)),
            (_("taken by"), f"{found.taken_by} · {found.taken_on.isoformat()}"),
            (_("SHA-256"), found.sha256),
        ],
        tables=[
            Table(
                _("Lines"),
                [
                    _("line"), _("number of the payment"), _("outcome"), _("amount, yuan"), _("day"), _("reference"),
                    _("reason"), _("what came of it"),
                ],
                rows,
                figures=(3,),
            )
        ],
        notices=[_("%(count)s lines settle nothing: look into them.") % {"count": doubtful}] if doubtful else [],
    )  # fmt: skip
    return shown(request, page, book=found.book)
