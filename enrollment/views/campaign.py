"""The campaign of a fund year (筹资工作): how far it has come, as picture, tables and workbook; and its deadlines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from enrollment.forms.campaign import CampaignForm, DeadlineForm, ReasonForm
from enrollment.models import CampaignDeadline, Division, FundYear
from enrollment.prints import campaign as prints
from enrollment.rules import campaign as rules
from enrollment.rules import campaign_chart
from enrollment.selectors import campaign as selectors
from enrollment.services import campaign
from enrollment.views import keeping
from enrollment.views.participation import GRADES
from office import sheets, trail
from office.access import Request
from office.pages.forms import FormPage
from office.rules import days

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Asked:
    """Which year, township and day, and the figures."""

    fund_year: FundYear
    township: Division | None
    day: date
    found: selectors.Campaign

    @property
    def query(self) -> str:
        """The same question as an address says it."""
        return f"fund_year={self.fund_year.pk}{self.within}&as_of={self.day.isoformat()}"

    @property
    def within(self) -> str:
        """The township as an address says it."""
        return f"&township={self.township.pk}" if self.township else ""

    @property
    def place(self) -> str:
        """What a line stands for."""
        return _("village") if self.township else _("township")


@permission_required(selectors.RIGHT, raise_exception=True)
def page(request: Request) -> HttpResponse:
    """The picture and the tables; with ?as=xlsx the tables as a workbook."""
    asked, form = _asked(request)
    if asked is None:
        return render(request, "enrollment/campaign.html", {"page_title": _("Campaign"), "form": form})
    if request.GET.get("as") == "xlsx":
        return _workbook(request, asked)
    found = asked.found
    deadlines = selectors.deadlines_of(asked.fund_year)
    shown: dict[str, Any] = {
        "page_title": _("Campaign"),
        "asked": asked,
        "form": form,
        "lines": [
            {"rank": rank, "line": line, "words": GRADES[line.grade], "pk": found.places[line.code]}
            for rank, line in found.ranked
        ],
        "whole": found.whole,
        "with_collectors": found.whole.so_far.cash - found.whole.way.handed_in,
        "days": list(reversed(found.days)),
        "deadlines": _told(deadlines, asked),
        "picture": _picture(deadlines, asked),
        "export_url": f"{request.path}?{asked.query}&as=xlsx",
        "address": f"{request.path}?fund_year={asked.fund_year.pk}&as_of={asked.day.isoformat()}",
    }
    return render(request, "enrollment/campaign.html", shown)


@permission_required(campaign.SET, raise_exception=True)
def set_deadline(request: Request) -> HttpResponse:
    """By a day, so many percent; `?fund_year=` may say of which year."""
    back = reverse("enrollment:campaign")
    page = FormPage(request, title=_("Set a deadline"), submit=_("Set it"), cancel_url=back)
    usual = request.GET.get("fund_year") or selectors.usual_year(days.business_day(timezone.now()))
    form = DeadlineForm(page.data, initial={"fund_year": usual})

    def save() -> CampaignDeadline:
        return campaign.set_deadline(**form.cleaned_data, by=request.user, at=timezone.now())

    done = keeping.sent(page, form, "deadline.set", save)
    if done is None:
        return page.render(form)
    messages.success(request, _("The deadline is set."))
    return redirect(f"{back}?fund_year={done.fund_year_id}")


@permission_required(campaign.SET, raise_exception=True)
def void_deadline(request: Request, pk: int) -> HttpResponse:
    """A deadline holds no more."""
    found = get_object_or_404(CampaignDeadline.objects.standing().select_related("fund_year__scheme"), pk=pk)
    back = f"{reverse('enrollment:campaign')}?fund_year={found.fund_year_id}"
    page = FormPage(
        request, title=_("Make void: %(deadline)s") % {"deadline": found}, submit=_("Make it void"), cancel_url=back
    )
    form = ReasonForm(page.data)

    def save() -> bool:
        campaign.void_deadline(deadline=found, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now())
        return True

    if keeping.sent(page, form, "deadline.voided", save) is None:
        return page.render(form)
    messages.success(request, _("The deadline is void."))
    return redirect(back)


def _asked(request: Request) -> tuple[Asked | None, CampaignForm]:
    today = days.business_day(timezone.now())
    sent = CampaignForm(request.GET, person=request.user, right=selectors.RIGHT)
    sent.is_valid()
    fund_year = sent.cleaned_data.get("fund_year") or selectors.usual_year(today)
    township = sent.cleaned_data.get("township")
    day = min(sent.cleaned_data.get("as_of") or today, today)
    initial = {"fund_year": fund_year, "township": township, "as_of": day}
    form = CampaignForm(person=request.user, right=selectors.RIGHT, initial=initial)
    if fund_year is None:
        return None, form
    if township is not None:
        return Asked(fund_year, township, day, selectors.of_villages(fund_year, day, township)), form
    return Asked(fund_year, None, day, selectors.of_townships(fund_year, day, request.user)), form


def _told(deadlines: list[CampaignDeadline], asked: Asked) -> list[dict[str, Any]]:
    """Each deadline with how many places are behind it on the day."""
    return [
        {
            "deadline": one,
            "is_past": one.on <= asked.day,
            "behind": sum(rules.is_behind(line.rate, one.rate) for _rank, line in asked.found.ranked),
        }
        for one in deadlines
    ]


def _picture(deadlines: list[CampaignDeadline], asked: Asked) -> campaign_chart.Picture:
    window = asked.fund_year.collection
    return campaign_chart.picture(
        asked.found.days,
        asked.found.whole,
        window=(window.lower, window.upper - ONE_DAY),
        today=asked.day,
        deadlines=[(one.on, one.rate) for one in deadlines],
    )


def _workbook(request: Request, asked: Asked) -> HttpResponse:
    rows = [prints.cells(rank, line.name, line) for rank, line in asked.found.ranked]
    rows.append(prints.cells(None, _("together"), asked.found.whole))
    trail.read(
        "list.exported", None, by=request.user, at=timezone.now(), list=request.path, rows=len(rows), query=asked.query
    )
    response = HttpResponse(sheets.workbook(prints.columns(asked.place), rows), content_type=sheets.XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="campaign-{asked.day.isoformat()}.xlsx"'
    return response
