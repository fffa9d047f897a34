"""The next year is drafted from the one before (结转): papers change a figure or two, the tables stay.

The copy is a draft like any other: it needs its own paper, and two people confirm it.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from enrollment.models import FundYear
from enrollment.selectors import fund_years as selectors
from enrollment.services import fund_year_lines as lines
from enrollment.services.fund_year_lines import OfWages, Rate, Subsidy
from enrollment.services.fund_years import CannotDraft, Header, draft_fund_year
from office import trail
from office.models import Person

ONE_DAY = timedelta(days=1)


def following(fund_year: FundYear) -> dict[str, object]:
    """The head of the year after, as far as it follows from this one: the same days a year later, no paper yet."""
    return {
        "year": fund_year.year + 1,
        "start": later(fund_year.period.lower, 1),
        "end": later(fund_year.period.upper, 1) - ONE_DAY,
        "collect_from": later(fund_year.collection.lower, 1),
        "collect_until": later(fund_year.collection.upper, 1) - ONE_DAY,
        "basis": fund_year.basis,
    }


@transaction.atomic
def copy_fund_year(*, fund_year: FundYear, header: Header, by: Person, at: datetime) -> FundYear:
    """Draft a later year with the contributions, subsidies, people and targets of a confirmed one; subsidies are due as
    many years later. Raises CannotDraft."""
    if fund_year.state != FundYear.State.CONFIRMED:
        raise CannotDraft(_("A confirmed year is copied: this one is %s.") % fund_year.get_state_display())
    if header.year <= fund_year.year:
        raise CannotDraft(_("A copy is of a later year."))
    drafted = draft_fund_year(scheme=fund_year.scheme, header=header, by=by, at=at)
    parts = selectors.parts_of(fund_year)
    if parts.rates:
        rates = {one.category: Rate(one.own, one.assisted, one.collective) for one in parts.rates}
        lines.set_rates(fund_year=drafted, rates=rates, by=by, at=at)
    if parts.wages:
        wages = {one.group: OfWages(one.employer, one.person, one.floor, one.ceiling) for one in parts.wages}
        lines.set_wage_rates(fund_year=drafted, rates=wages, by=by, at=at)
    years = header.year - fund_year.year
    subsidies = {
        (one.level, one.instalment): Subsidy(one.per_head, later(one.due_on, years)) for one in parts.subsidies
    }
    lines.set_subsidies(fund_year=drafted, subsidies=subsidies, by=by, at=at)
    heads = {one.division: one.heads for one in parts.populations if one.heads}
    lines.set_populations(fund_year=drafted, heads=heads, by=by, at=at)
    targets = {(one.division, one.sub_group): one.heads for one in parts.targets}
    lines.set_targets(fund_year=drafted, targets=targets, by=by, at=at)
    trail.record("fund-year.copied", drafted, by=by, at=at, right="enrollment.add_fundyear", copied=fund_year.pk)
    return drafted


def later(day: date, years: int) -> date:
    """The same day of a later year; of 29 February the 28th where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
