"""The tables of a fund year's draft: contributions or rates of wages, subsidies, populations, targets.

Nothing is taken away: a line that was entered by mistake is set to 0. Whoever saves says what he saw (`part_seen`), so
that two people do not overwrite each other unseen.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enrollment.models import ContributionRate, Division, FundYear, Population, Scheme, SubsidyRate, Target, WageRate
from enrollment.rules import populations
from enrollment.rules.faults import Fault
from enrollment.services.fund_years import CannotChange, locked_draft, note_change
from office import attachments, sheets, trail
from office.models import Person

MOST_TOLD = 5
HUNDRED = Decimal(100)
FAULTS = {
    "division_unknown": gettext_lazy("row %(row)s: “%(value)s” is no township or village of this county"),
    "code_twice": gettext_lazy("row %(row)s: %(value)s stands there twice"),
    "heads_format": gettext_lazy("row %(row)s: “%(value)s” is no number of people"),
}
UNREADABLE = {
    "columns_missing": gettext_lazy("The first row must name the columns 区划代码 (code) and 应参合人数 (people)."),
    "too_long": gettext_lazy("The file has more than 5,000 rows: a county has fewer divisions."),
}


@dataclass(frozen=True)
class Rate:
    """What is contributed for one person for the year, in yuan, by who pays it."""

    own: Decimal
    assisted: Decimal = Decimal(0)
    collective: Decimal = Decimal(0)


@dataclass(frozen=True)
class Subsidy:
    """What a level of government adds for one person in an instalment, in yuan, and by when."""

    per_head: Decimal
    due_on: date


@dataclass(frozen=True)
class OfWages:
    """What is contributed of the monthly base, in percent by who pays it; the base's bounds are in yuan."""

    employer: Decimal
    person: Decimal
    floor: Decimal
    ceiling: Decimal


#: A target is for the county or a township, or for a named sub-group of the county.
TargetOf = tuple[Division | None, str]
Key = tuple[Any, ...]


@transaction.atomic
def set_rates(
    *, fund_year: FundYear, rates: Mapping[str, Rate], by: Person, at: datetime, seen: str | None = None
) -> int:
    """Enter the contributions by category. Gives how many lines changed. Raises CannotChange."""
    current = _as_seen(fund_year, ContributionRate, seen)
    if current.scheme.contribution != Scheme.Contribution.FIXED:
        raise CannotChange(_("In this scheme a rate of wages is contributed."))
    wanted: dict[Key, dict[str, object]] = {
        (category,): {"own": rate.own, "assisted": rate.assisted, "collective": rate.collective}
        for category, rate in rates.items()
    }
    return _bring(current, ContributionRate, wanted, by, at)


@transaction.atomic
def set_wage_rates(
    *, fund_year: FundYear, rates: Mapping[str, OfWages], by: Person, at: datetime, seen: str | None = None
) -> int:
    """Enter which part of wages is contributed, by group. Gives how many lines changed. Raises CannotChange."""
    current = _as_seen(fund_year, WageRate, seen)
    if current.scheme.contribution != Scheme.Contribution.WAGES:
        raise CannotChange(_("In this scheme a sum a head is contributed."))
    for group, rate in rates.items():
        label = WageRate.Group(group).label
        if rate.employer + rate.person > HUNDRED:
            raise CannotChange(_("%(group)s: more than the whole wage would be contributed.") % {"group": label})
        if rate.ceiling < rate.floor:
            raise CannotChange(_("%(group)s: the highest base is below the least.") % {"group": label})
    wanted: dict[Key, dict[str, object]] = {(group,): asdict(rate) for group, rate in rates.items()}
    return _bring(current, WageRate, wanted, by, at)


@transaction.atomic
def set_subsidies(
    *,
    fund_year: FundYear,
    subsidies: Mapping[tuple[str, int], Subsidy],
    by: Person,
    at: datetime,
    seen: str | None = None,
) -> int:
    """Enter what each level of government adds, by (level, instalment). Gives how many lines changed."""
    current = _as_seen(fund_year, SubsidyRate, seen)
    wanted: dict[Key, dict[str, object]] = {
        key: {"per_head": subsidy.per_head, "due_on": subsidy.due_on} for key, subsidy in subsidies.items()
    }
    return _bring(current, SubsidyRate, wanted, by, at)


@transaction.atomic
def set_populations(
    *, fund_year: FundYear, heads: Mapping[Division, int], by: Person, at: datetime, seen: str | None = None
) -> int:
    """Enter how many people should enroll. A township is said for itself or by its villages: what is said now sets the
    other to 0. Gives how many lines changed. Raises CannotChange."""
    current = _as_seen(fund_year, Population, seen)
    if any(one.level == Division.Level.COUNTY for one in heads):
        raise CannotChange(_("Say how many people should enroll by township or by village; the county is their sum."))
    whole = {one.pk for one, people in heads.items() if one.level == Division.Level.TOWNSHIP and people}
    in_parts = {one.parent_id for one, people in heads.items() if one.level == Division.Level.VILLAGE and people}
    if both := whole & in_parts:
        name = next(one.name for one in heads if one.pk in both)
        raise CannotChange(_("%(township)s stands there for itself and by its villages.") % {"township": name})
    replaced = Population.objects.filter(fund_year=current, heads__gt=0).exclude(division__in=list(heads))
    stale = replaced.filter(
        models.Q(division__parent__in=whole, division__level=Division.Level.VILLAGE)
        | models.Q(division__in=[pk for pk in in_parts if pk is not None])
    )
    wanted: dict[Key, dict[str, object]] = {(pk,): {"heads": 0} for pk in stale.values_list("division", flat=True)}
    wanted |= {(one.pk,): {"heads": people} for one, people in heads.items()}
    return _bring(current, Population, wanted, by, at)


@transaction.atomic
def bring_in_populations(*, fund_year: FundYear, upload: UploadedFile[Any], by: Person, at: datetime) -> int:
    """Enter the populations from a workbook or CSV, which is kept with the draft: all rows, or with a fault none.

    Raises CannotChange, CannotAttach.
    """
    current = locked_draft(fund_year)
    kept = attachments.keep(subject=current, upload=upload, by=by, at=at)
    places = Division.objects.exclude(level=Division.Level.COUNTY).in_bulk(field_name="code")
    try:
        read = populations.read(sheets.rows(kept.path.read_bytes(), kept.name), known=places.keys())
    except sheets.CannotRead as refusal:
        raise CannotChange(str(refusal)) from refusal
    except populations.CannotReadPopulations as refusal:
        raise CannotChange(str(UNREADABLE[refusal.code])) from refusal
    if read.faults:
        raise CannotChange(_told(read.faults))
    return set_populations(
        fund_year=current, heads={places[code]: heads for code, heads in read.heads.items()}, by=by, at=at
    )


@transaction.atomic
def set_targets(
    *, fund_year: FundYear, targets: Mapping[TargetOf, int], by: Person, at: datetime, seen: str | None = None
) -> int:
    """Enter what the level above wants enrolled. Gives how many lines changed. Raises CannotChange."""
    current = _as_seen(fund_year, Target, seen)
    for division, sub_group in targets:
        if (division is None) == (not sub_group):
            raise CannotChange(_("A target is for a division or for a sub-group of the county."))
        if division is not None and division.level == Division.Level.VILLAGE:
            raise CannotChange(_("Targets are set for the county and its townships."))
    wanted: dict[Key, dict[str, object]] = {
        (division.pk if division else None, sub_group): {"heads": heads}
        for (division, sub_group), heads in targets.items()
    }
    return _bring(current, Target, wanted, by, at)


#: By which fields a line of a table is known, and what it says.
KEYS: dict[type[models.Model], tuple[str, ...]] = {
    ContributionRate: ("category",),
    WageRate: ("group",),
    SubsidyRate: ("level", "instalment"),
    Population: ("division_id",),
    Target: ("division_id", "sub_group"),
}
VALUES: dict[type[models.Model], tuple[str, ...]] = {
    ContributionRate: ("own", "assisted", "collective"),
    WageRate: ("employer", "person", "floor", "ceiling"),
    SubsidyRate: ("per_head", "due_on"),
    Population: ("heads",),
    Target: ("heads",),
}
NAMES = {
    ContributionRate: "rates",
    WageRate: "wages",
    SubsidyRate: "subsidies",
    Population: "populations",
    Target: "targets",
}


def part_seen(fund_year: FundYear, part: type[models.Model]) -> str:
    """A table of a fund year as a reader saw it, in a word."""
    fields = (*KEYS[part], *VALUES[part])
    lines = part._default_manager.filter(fund_year=fund_year).order_by("pk").values_list(*fields)
    return trail.hash_of({str(number): " ".join(map(str, line)) for number, line in enumerate(lines)})


def _as_seen(fund_year: FundYear, part: type[models.Model], seen: str | None) -> FundYear:
    current = locked_draft(fund_year)
    if seen is not None and seen != part_seen(current, part):
        raise CannotChange(_("Somebody changed these lines while you were editing them: save once more to keep yours."))
    return current


def _bring(fund_year: FundYear, part: Any, wanted: Mapping[Key, Mapping[str, object]], by: Person, at: datetime) -> int:
    """Write the lines that differ from what stands there; one that would say nothing is not begun."""
    keys, values = KEYS[part], VALUES[part]
    known = {tuple(getattr(one, name) for name in keys): one for one in part.objects.filter(fund_year=fund_year)}
    fresh = [
        part(fund_year=fund_year, **dict(zip(keys, key, strict=True)), **line)
        for key, line in wanted.items()
        if key not in known and _says_something(part, line.values())
    ]
    changed = [
        _with(known[key], line)
        for key, line in wanted.items()
        if key in known and any(getattr(known[key], name) != value for name, value in line.items())
    ]
    part.objects.bulk_create(fresh)
    part.objects.bulk_update(changed, values)
    if fresh or changed:
        note_change(fund_year, NAMES[part], by=by, at=at, added=len(fresh), changed=len(changed))
    return len(fresh) + len(changed)


def _says_something(part: type[models.Model], values: Collection[object]) -> bool:
    """Contributions of 0 are said; elsewhere 0 is as good as no line."""
    return part in {ContributionRate, WageRate} or any(value for value in values if not isinstance(value, date))


def _with(record: Any, values: Mapping[str, object]) -> Any:
    for name, value in values.items():
        setattr(record, name, value)
    return record


def _told(faults: Iterable[Fault]) -> str:
    """The first faults in one sentence."""
    told = [str(FAULTS[one.code]) % {"row": one.row, "value": one.value} for one in faults]
    more = len(told) - MOST_TOLD
    said = "; ".join(told[:MOST_TOLD])
    if more > 0:
        said = _("%(faults)s; and %(more)s more") % {"faults": said, "more": more}
    return _("Nothing was written: %(faults)s.") % {"faults": said}
