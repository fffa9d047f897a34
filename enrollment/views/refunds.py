"""Refunds: asked for from a contribution, listed; the decision pages are the office's."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models import QuerySet, Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enrollment.filters.collection import RefundFilter
from enrollment.forms.collection import ReasonForm
from enrollment.models import Contribution, Household, Refund
from enrollment.selectors import contributions
from enrollment.services import refunds
from enrollment.tables.collection import RefundTable
from enrollment.views import keeping
from office import deciding
from office.access import Request
from office.pages.lists import ListPage
from office.rules import money


class RefundList(ListPage):
    permission_required = "enrollment.view_refund"
    page_title = gettext_lazy("Refunds")
    queryset = contributions.refunds_with_rounds()
    table_class = RefundTable
    filterset_class = RefundFilter

    def totals(self, found: QuerySet[Refund]) -> list[tuple[str, str]]:
        sums = found.order_by().aggregate(amount=Sum("amount", default=0))
        return [*super().totals(found), (_("amount, yuan"), money.shown(sums["amount"]))]


@permission_required(refunds.RIGHT, raise_exception=True)
def propose(request: Request, pk: int) -> HttpResponse:
    """A household wants back what it paid for somebody; `pk` is the contribution's."""
    homes = Household.objects.visible_to(request.user, refunds.RIGHT)
    seen = Contribution.objects.filter(member__household__in=homes).select_related(
        "member__household__village__parent", "fund_year__scheme"
    )
    paid = get_object_or_404(seen, pk=pk)
    title = _("Refund of %(amount)s yuan for %(name)s, %(year)s") % {
        "amount": money.shown(paid.own),
        "name": paid.member.name,
        "year": paid.fund_year,
    }
    page = keeping.page_of(request, paid.member.household, title=title, submit=_("Ask for it"))
    form = ReasonForm(page.data)
    asked = keeping.sent(
        page,
        form,
        "refund.proposed",
        lambda: refunds.propose(contribution=paid, by=request.user, at=timezone.now(), **form.cleaned_data),
    )
    if asked is not None:
        messages.success(request, _("Somebody else decides it; then it is paid out."))
        return redirect(deciding.page_of(deciding.rounds_of(asked).latest("pk")))
    return page.render(form)
