"""Bulletins of the campaign (通报): the list, a new one, one of them as page, paper and workbook."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enrollment.filters.campaign import BulletinFilter
from enrollment.forms.campaign import BulletinForm
from enrollment.models import Bulletin
from enrollment.prints import bulletin as prints
from enrollment.selectors import campaign as selectors
from enrollment.services import campaign
from enrollment.tables.campaign import BulletinTable
from enrollment.views import keeping
from office import sheets, trail
from office.access import Request
from office.pages.downloads import paper
from office.pages.forms import FormPage
from office.pages.lists import ListPage
from office.rules import days

VIEW = "enrollment.view_bulletin"


class BulletinList(ListPage):
    """Everybody who follows the collection reads all of them: a bulletin goes to every township."""

    permission_required = VIEW
    page_title = gettext_lazy("Bulletins")
    queryset = Bulletin.objects.select_related("fund_year__scheme", "made_by").order_by("-pk")
    table_class = BulletinTable
    filterset_class = BulletinFilter

    def page_actions(self) -> list[dict[str, str]]:
        if not self.request.user.has_perm(campaign.MAKE):
            return []
        return [{"label": _("Make a bulletin"), "url": reverse("enrollment:bulletin_make"), "key": "Alt+N"}]


@permission_required(campaign.MAKE, raise_exception=True)
def make(request: Request) -> HttpResponse:
    """The figures of a day become a bulletin; `?fund_year=` and `?as_of=` may say of what."""
    back = reverse("enrollment:bulletins")
    page = FormPage(request, title=_("Make a bulletin"), submit=_("Make it"), cancel_url=back)
    today = days.business_day(timezone.now())
    usual = request.GET.get("fund_year") or selectors.usual_year(today)
    form = BulletinForm(page.data, initial={"fund_year": usual, "as_of": request.GET.get("as_of") or today})

    def save() -> Bulletin:
        return campaign.make_bulletin(**form.cleaned_data, by=request.user, at=timezone.now())

    done = keeping.sent(page, form, "bulletin.made", save)
    if done is None:
        return page.render(form)
    messages.success(request, _("Bulletin no. %(number)s is made; its figures stay.") % {"number": done.number})
    return redirect("enrollment:bulletin", done.pk)


@permission_required(VIEW, raise_exception=True)
def bulletin(request: Request, pk: int) -> HttpResponse:
    """One bulletin as it was made; with ?as=xlsx its table as a workbook."""
    found = _bulletin(pk)
    if request.GET.get("as") == "xlsx":
        rows = prints.values(found)
        trail.read("list.exported", found, by=request.user, at=timezone.now(), list=request.path, rows=len(rows))
        response = HttpResponse(sheets.workbook(prints.all_columns(), rows), content_type=sheets.XLSX)
        response.headers["Content-Disposition"] = (
            f'attachment; filename="bulletin-{found.fund_year.year}-{found.number}.xlsx"'
        )
        return response
    shown = {
        "bulletin": found,
        "sentences": prints.sentences(found),
        "header": prints.columns(),
        "rows": prints.rows(found),
        "total": prints.total(found),
    }
    return render(request, "enrollment/bulletin.html", shown)


@permission_required(VIEW, raise_exception=True)
def print_page(request: Request, pk: int) -> HttpResponse:
    """The bulletin on paper."""
    found = _bulletin(pk)
    return paper(
        request,
        lambda: prints.sheet(found, at=timezone.now()),
        name=f"bulletin-{found.fund_year.year}-{found.number}.pdf",
        back=reverse("enrollment:bulletin", args=[pk]),
    )


def _bulletin(pk: int) -> Bulletin:
    return get_object_or_404(Bulletin.objects.select_related("fund_year__scheme", "made_by"), pk=pk)
