"""The indicators of a year and the rows behind each; how a fund stands and what is to come, in pictures."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.models import Kind, Provider
from claims.selectors import month_sums
from enrollment.models import Scheme
from funds import overview_blocks
from funds.forms.figures import YearForm
from funds.indicator_words import BASES, NAMES, PARTS, UNITS
from funds.rules import indicators as rules
from funds.rules import year_chart
from funds.rules.indicators import Facts, Indicator
from funds.selectors import behind as rows_behind
from funds.selectors import figures, indicators, outlook
from funds.selectors.indicators import OfYear, UnknownYear
from funds.selectors.outlook import Outlook
from funds.views.pages import VIEW, book_of
from office.access import Request
from office.rules import bars, days

ALL = "all"


@permission_required(VIEW, raise_exception=True)
def indicators_page(request: Request) -> HttpResponse:
    """The indicators of a year of a scheme, or of all funds together, each on its basis with its two numbers."""
    today = days.business_day(timezone.now())
    known = indicators.years(today)
    form = YearForm({"year": str(known[0]) if known else "", **request.GET.dict()}, years=known)
    context: dict[str, Any] = {"page_title": _("Indicators"), "form": form}
    if form.is_valid():
        scheme, year = form.cleaned_data["scheme"], int(form.cleaned_data["year"])
        context |= {"scheme": scheme.code if scheme else ALL, "year": year}
        try:
            context["lines"] = [_line(one) for one in rules.of(_facts(_asked(scheme, year)))]
        except UnknownYear:
            context["is_unknown"] = True
    return render(request, "funds/figures/indicators.html", context)


@permission_required(VIEW, raise_exception=True)
def behind(request: Request, scheme: str, year: int, code: str) -> HttpResponse:
    """The rows behind one indicator."""
    if code not in rules.CODES:
        raise Http404
    of = None if scheme == ALL else get_object_or_404(Scheme, code=scheme)
    try:
        asked = _asked(of, year)
    except UnknownYear as fault:
        raise Http404 from fault
    title = _("%(indicator)s, %(scheme)s %(year)s") % {
        "indicator": NAMES[code],
        "scheme": of or _("all funds together"),
        "year": year,
    }
    back = f"{reverse('funds:indicators')}?year={year}" + (f"&scheme={of.code}" if of else "")
    context: dict[str, Any] = {"page_title": title, "back": back, "code": code, "year": year, "scheme": of}
    if of is None:
        each = [(one.scheme, indicators.facts(one)) for one in asked]
        context["funds"] = [
            {"scheme": one, "lines": [_line(each) for each in rules.of(facts) if each.code == code]}
            for one, facts in each
        ]
    else:
        context["lines"] = [_line(one) for one in rules.of(_facts(asked)) if one.code == code]
        context |= _rows(asked[0], code, request)
    return render(request, "funds/figures/behind.html", context)


def _asked(scheme: Scheme | None, year: int) -> list[OfYear]:
    today = days.business_day(timezone.now())
    return [indicators.of_scheme(scheme, year, today)] if scheme else indicators.of_all(year, today)


def _facts(asked: list[OfYear]) -> Facts:
    return sum((indicators.facts(one) for one in asked), Facts())


def _line(one: Indicator) -> dict[str, Any]:
    """An indicator as a page shows it."""
    part, whole = PARTS[one.code]
    return {
        "code": one.code,
        "name": NAMES[one.code],
        "basis": BASES[one.basis],
        "value": _number(one.value),
        "unit": UNITS[one.unit],
        "part": part,
        "numerator": _number(one.numerator),
        "whole": whole,
        "denominator": _number(one.denominator),
        "is_over": rules.is_over(one),
    }


def _number(value: Decimal | int | None) -> str:
    if value is None:
        return "—"
    return f"{value:,}" if isinstance(value, int) else f"{value:,.2f}"


def _rows(asked: OfYear, code: str, request: Request) -> dict[str, Any]:
    found = rows_behind.of(asked, code, request.user)
    levels, regions, kinds = dict(Provider.Level.choices), dict(Provider.Region.choices), dict(Kind.choices)
    return {
        "behind": found,
        "fund_year": asked.fund_year,
        "book": asked.book,
        "month": f"{asked.last:%Y-%m}",
        "payers": [(BASES[payer], one) for payer, one in found.payers],
        "groups": [
            {"kind": kinds[one.kind], "code": one.kind, "level": levels[one.level], "region": regions[one.region],
             "it": one.granted}
            for one in found.groups
        ],
    }  # fmt: skip


@permission_required(VIEW, raise_exception=True)
def outlook_page(request: Request, book: str) -> HttpResponse:
    """How a fund stood when the last month ended, what it warns of, and what is to come."""
    found, today = book_of(book), days.business_day(timezone.now())
    told = outlook.told(found, today)
    context: dict[str, Any] = {"page_title": _("Outlook: %(book)s") % {"book": found}, "book": found, "told": told}
    if told is not None:
        context |= _pictures(told) | {
            "warnings": [overview_blocks.warning(one) for one in told.raised],
            "days_left": told.days_left(today),
        }
    return render(request, "funds/figures/outlook.html", context)


def _pictures(told: Outlook) -> dict[str, Any]:
    asked = told.asked
    spent = figures.spent_by_month(told.moved)
    months = [asked.first.replace(month=number) for number in range(1, asked.months + 1)]
    actual = [spent.get(month, Decimal(0)) for month in months]
    coming = list(told.projection.coming.values()) if told.projection else []
    groups = month_sums.of_months(asked.scheme, asked.first, asked.last)
    return {
        "chart": year_chart.chart(actual, told.planned, coming),
        "months": _months(told, spent),
        "sources": _sources(told),
        "sources_picture": _sources_picture(told),
        "kinds_picture": _bars(dict(Kind.choices), [(one.kind, one.granted.fund_pays) for one in groups]),
        "levels_picture": _bars(dict(Provider.Level.choices), [(one.level, one.granted.fund_pays) for one in groups]),
        "kinds": _sums(dict(Kind.choices), [(one.kind, one.granted) for one in groups]),
        "levels": _sums(dict(Provider.Level.choices), [(one.level, one.granted) for one in groups]),
    }


def _months(told: Outlook, spent: dict[Any, Decimal]) -> list[dict[str, Any]]:
    """Every month of the year: what the budget gives for it, what was spent or is foretold, added up."""
    coming = told.projection.coming if told.projection else {}
    found, sum_ = [], Decimal(0)
    for number in range(1, indicators.DECEMBER + 1):
        month = told.asked.first.replace(month=number)
        is_over = number <= told.asked.months
        amount = spent.get(month, Decimal(0)) if is_over else coming.get(month)
        sum_ += amount or 0
        found.append({
            "month": month, "is_over": is_over, "planned": told.planned / 12, "amount": amount, "sum": sum_,
        })  # fmt: skip
    return found


def _sources(told: Outlook) -> list[dict[str, Any]]:
    """Income by source, what of it payers owe beside it."""
    sums: dict[str, Decimal] = {}
    for one in told.moved:
        if one.is_income:
            sums[str(one.account)] = sums.get(str(one.account), Decimal(0)) + one.amount
    return [{"name": name, "amount": amount} for name, amount in sorted(sums.items())]


def _sources_picture(told: Outlook) -> bars.Picture:
    """What arrived of each payer, the mark at what was due."""
    sums: dict[str, tuple[Decimal, Decimal]] = {}
    for one in told.owed:
        due, arrived = sums.get(one.label, (Decimal(0), Decimal(0)))
        sums[one.label] = (due + one.due, arrived + one.arrived)
    rows = [(name[:11], f"{arrived:,.0f}", arrived) for name, (_due, arrived) in sums.items()]
    return bars.picture(rows, [due for due, _arrived in sums.values()])


def _bars(names: dict[str, Any], amounts: list[tuple[str, Decimal]]) -> bars.Picture:
    sums: dict[str, Decimal] = {}
    for code, amount in amounts:
        sums[code] = sums.get(code, Decimal(0)) + amount
    return bars.picture([(str(names[code])[:11], f"{amount:,.0f}", amount) for code, amount in sums.items()])


def _sums(names: dict[str, Any], granted: list[tuple[str, month_sums.Granted]]) -> list[dict[str, Any]]:
    sums: dict[str, month_sums.Granted] = {}
    for code, one in granted:
        sums[code] = sums.get(code, month_sums.Granted()) + one
    return [{"name": names[code], "it": one} for code, one in sums.items()]
