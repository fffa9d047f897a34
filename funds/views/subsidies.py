"""Subsidies owed: due, arrived and owed of a year by payer and instalment; letters that ask for them."""

from __future__ import annotations

from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enrollment.models import FundYear
from enrollment.selectors import fund_years
from funds.filters.slips import LetterFilter
from funds.forms.money_in import LetterForm, OwedForm
from funds.models import Book, SubsidyLetter
from funds.prints import slips as prints
from funds.selectors import money_in as selectors
from funds.services import subsidy_letters
from funds.services.subsidy_letters import RIGHT, CannotWrite
from funds.tables.slips import LetterTable
from funds.views.pages import FundsList, book_of, form_page
from office.access import Request
from office.pages.downloads import paper
from office.rules import days

VIEW = "funds.view_subsidyletter"


@permission_required(VIEW, raise_exception=True)
def owed(request: Request) -> HttpResponse:
    """What each payer owes of a year, by instalment."""
    today = days.business_day(timezone.now())
    asked = OwedForm(request.GET)
    asked.is_valid()
    year = asked.cleaned_data.get("fund_year") or fund_years.usual_year(today)
    book = Book.objects.filter(scheme=year.scheme_id).first() if year else None
    found = selectors.owed(year) if year and book else []
    due, arrived, still = selectors.together(found)
    context = {
        "page_title": _("Subsidies owed"),
        "form": OwedForm(initial={"fund_year": year}),
        "year": year,
        "book": book,
        "rows": [(one, one.is_overdue(today)) for one in found],
        "payers": {one.payer: one.label for one in found if one.owed > 0},
        "due": due,
        "arrived": arrived,
        "owed": still,
    }
    return render(request, "funds/in/owed.html", context)


@permission_required(RIGHT, raise_exception=True)
def write(request: Request, book: str, year: int, payer: str) -> HttpResponse:
    """A letter to one payer."""
    found = book_of(book)
    of = get_object_or_404(FundYear.objects.confirmed().select_related("scheme"), pk=year, scheme=found.scheme)
    if payer not in selectors.Payer.values:
        raise Http404
    page = form_page(
        request,
        title=_("Letter to %(payer)s for %(year)s") % {"payer": selectors.Payer(payer).label, "year": of},
        submit=_("Make it"),
        cancel_url=f"{reverse('funds:owed')}?fund_year={of.pk}",
    )
    form = LetterForm(page.data)
    if page.is_sent and form.is_valid():
        try:
            subsidy_letters.write(
                book=found, fund_year=of, payer=payer, by=request.user, at=timezone.now(), **form.cleaned_data
            )
        except CannotWrite as refusal:
            page.refuse(form, refusal.field, refusal, act="subsidy-letter.made")
        else:
            return redirect("funds:subsidy_letters")
    return page.render(form, book=found)


class LetterList(FundsList):
    permission_required = VIEW
    page_title = gettext_lazy("Letters for subsidies")
    queryset = SubsidyLetter.objects.select_related("fund_year__scheme", "made_by").order_by("-pk")
    table_class = LetterTable
    filterset_class = LetterFilter


@permission_required(VIEW, raise_exception=True)
def print_letter(request: Request, pk: int) -> HttpResponse:
    """The letter on paper."""
    found = get_object_or_404(SubsidyLetter.objects.select_related("fund_year__scheme"), pk=pk)
    return paper(
        request,
        lambda: prints.letter(found, at=timezone.now()),
        name=f"subsidy-letter-{pk}.pdf",
        back=reverse("funds:subsidy_letters"),
    )
