"""A statistics sheet (补偿情况统计表) as it is read: its tables in words, on the page, on paper, in a workbook."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from claims.models import Kind, Provider, StatisticsSheet
from claims.rules import statistics as rules
from claims.rules.statistics import Difference, Row, Sums
from enrollment.prints.bulletin import issuer
from office import printing
from office.rules import money

#: Diseases with a line of their own on the page and on paper; the workbook has all of them.
DISEASES = 20


@dataclass(frozen=True)
class Line:
    """One group: its name, the span's sums, last year's, and those of all stays or all visits."""

    name: str
    this: Sums
    before: Sums
    whole: tuple[Sums, Sums]

    @property
    def cells(self) -> tuple[list[Any], list[Any]]:
        """The figures of the span, and of the year before."""
        return cells(self.this, self.whole[0]), cells(self.before, self.whole[1])


@dataclass(frozen=True)
class Group:
    """One table of a part: by what it tells the claims apart."""

    title: str
    lines: Sequence[Line]


@dataclass(frozen=True)
class Part:
    """Stays, or visits."""

    title: str
    groups: Sequence[Group]


def span_words(span: str, first: date) -> str:
    """A span as people say it."""
    if span == rules.MONTH:
        return f"{first:%Y-%m}"
    if span == rules.YEAR:
        return _("the year %(year)s") % {"year": first.year}
    number = (first.month + 2) // rules.MONTHS[rules.QUARTER]
    return _("%(year)s, quarter %(number)s") % {"year": first.year, "number": number}


def parts(rows: Iterable[Row], diseases: int | None = DISEASES) -> list[Part]:
    """The tables of a sheet; of the diseases those that cost most, the others together."""
    known = list(rows)
    found = []
    for part, title in ((rules.STAY, _("Stays in hospital")), (rules.VISIT, _("Outpatient visits"))):
        of_part = [row for row in known if row.part == part]
        whole = next(((row.this, row.before) for row in of_part if row.table == rules.WHOLE), (Sums(), Sums()))
        groups = [
            Group(table_words(table), _lines([row for row in of_part if row.table == table], table, diseases, whole))
            for table in (rules.WHOLE, *rules.TABLES)
        ]
        if of_part:
            found.append(Part(title, [group for group in groups if group.lines]))
    return found


def _lines(rows: Sequence[Row], table: str, diseases: int | None, whole: tuple[Sums, Sums]) -> list[Line]:
    most = len(rows) if diseases is None or table != "disease" else diseases
    lines = [Line(name_of(row), row.this, row.before, whole) for row in rows[:most]]
    if others := rows[most:]:
        this, before = (sum((getattr(row, when) for row in others), Sums()) for when in ("this", "before"))
        lines.append(Line(_("%(count)s others") % {"count": len(others)}, this, before, whole))
    return lines


def table_words(table: str) -> str:
    """By what a table tells claims apart."""
    return {
        rules.WHOLE: _("all together"),
        "kind": _("by kind of claim"),
        "level": _("by level of institution"),
        "region": _("inside and outside the county"),
        "band": _("by total cost, yuan"),
        "township": _("by township"),
        "disease": _("by disease"),
    }[table]


def name_of(row: Row | Difference) -> str:
    """What a group is called: by its code where the words are the office's, else by the name it had."""
    coded: dict[str, Any] = {"kind": Kind, "level": Provider.Level, "region": Provider.Region}
    if row.table in coded:
        return str(coded[row.table](row.key).label)
    if row.table == "band":
        return band_words(row.part, int(row.key))
    if row.table == "disease":
        return f"{row.key} {row.name}"
    return row.name or table_words(rules.WHOLE)


def band_words(part: str, edge: int) -> str:
    """A band of total cost, in yuan."""
    above = next((one for one in rules.BANDS[part] if one > edge), None)
    if above is None:
        return _("%(amount)s and more") % {"amount": f"{edge:,}"}
    return _("%(amount)s up to below %(above)s") % {"amount": f"{edge:,}", "above": f"{above:,}"}


def columns() -> list[str]:
    """The figures of a line, in their order."""
    return [
        _("times"),
        _("share of times, percent"),
        _("total cost, yuan"),
        _("eligible cost, yuan"),
        _("fund payment, yuan"),
        _("cost each time"),
        _("payment each time"),
        _("actual ratio, percent"),
        _("policy-scope ratio, percent"),
    ]


def cells(sums: Sums, whole: Sums) -> list[Any]:
    """The same of some sums beside those of all; nothing where there is nothing to divide by."""
    share = rules.quotient(Decimal(100 * sums.times), whole.times)
    ratios = [sums.average_cost, sums.average_payment, sums.actual_ratio, sums.policy_ratio]
    return [sums.times, share, sums.total, sums.eligible, sums.fund_pays, *ratios]


def shown(value: Any) -> str:
    """A cell as it is read."""
    if value is None:
        return "—"
    return money.shown(value) if isinstance(value, Decimal) else f"{value:,}"


def years(first: date) -> tuple[str, str]:
    """What the two lines of a group are called."""
    return str(first.year), str(first.year - 1)


def figure_words(figure: str) -> str:
    """A figure of a difference; those of the year before end in `_before`."""
    words = {
        "name": _("name"),
        "times": _("times"),
        "total": _("total cost, yuan"),
        "eligible": _("eligible cost, yuan"),
        "own_items": _("own items"),
        "fund_pays": _("fund payment, yuan"),
        "patient_pays": _("the patient pays"),
    }
    if figure.endswith("_before"):
        return _("%(figure)s, a year before") % {"figure": words[figure.removesuffix("_before")]}
    return words[figure]


def difference_columns() -> list[str]:
    """What stands over the differences of a correction."""
    return [
        pgettext("statistics", "part"),
        pgettext("statistics", "table"),
        pgettext("statistics", "group"),
        _("figure"),
        pgettext("figure", "was"),
        pgettext("figure", "is"),
    ]


def difference_rows(found: Iterable[Difference]) -> list[list[str]]:
    """What a correction changes, in words."""
    part = {rules.STAY: _("Stays in hospital"), rules.VISIT: _("Outpatient visits")}
    return [
        [part[one.part], table_words(one.table), name_of(one), figure_words(one.figure), *map(_read, one[-2:])]
        for one in found
    ]


def _read(kept: str) -> str:
    """An amount of a difference with its thousands; a number or a name as it was kept."""
    whole, point, _fen = kept.rpartition(".")
    return money.shown(Decimal(kept)) if point and whole.lstrip("-").isdecimal() else kept


def facts(sheet: StatisticsSheet) -> list[tuple[str, str]]:
    """What a sheet is of, who made it, what it corrects."""
    told = [
        (_("scheme"), sheet.scheme.name),
        (_("span"), f"{span_words(sheet.span, sheet.first)} · {sheet.first.isoformat()} – {sheet.last.isoformat()}"),
        (_("made"), f"{sheet.made_on.isoformat()} · {sheet.made_by}"),
    ]
    if sheet.corrects is not None:
        told += [(_("corrects"), sheet.corrects.number), (_("corrected because"), sheet.reason)]
    return told


def paper(sheet: StatisticsSheet, *, at: datetime) -> bytes:
    """The sheet on A4. Raises CannotPrint."""
    found = rules.differences_of(sheet.figures)
    data = {
        "office": issuer(),
        "title": _("Statistics of what was granted"),
        "number": sheet.number,
        "facts": [*facts(sheet), ("SHA-256", sheet.sha256)],
        "differences_title": _("What this sheet corrects"),
        "differences_header": difference_columns(),
        "differences": difference_rows(found),
        "year": _("year"),
        "header": columns(),
        "parts": [_printed(part, years(sheet.first)) for part in parts(rules.rows_of(sheet.figures))],
        "empty": _("Nothing was granted in this span, nor in the same one a year before."),
    }
    return printing.render("claims/print/statistics.typ", data, at=at)


def _printed(part: Part, told: tuple[str, str]) -> dict[str, Any]:
    groups = [
        {
            "title": group.title,
            "rows": [
                [name, year, *map(shown, figures)]
                for line in group.lines
                for name, year, figures in zip((line.name, ""), told, line.cells, strict=True)
            ],
        }
        for group in part.groups
    ]
    return {"title": part.title, "groups": groups}


def book_columns(first: date) -> list[str]:
    """What stands over the columns of the workbook: every figure of the span, then of the year before."""
    this, before = years(first)
    return [
        pgettext("statistics", "part"),
        pgettext("statistics", "table"),
        pgettext("statistics", "group"),
        *(f"{name} ({year})" for year in (this, before) for name in columns()),
    ]


def book(rows: Iterable[Row]) -> list[list[Any]]:
    """Every group with a row of its own."""
    return [
        [part.title, group.title, line.name, *line.cells[0], *line.cells[1]]
        for part in parts(rows, diseases=None)
        for group in part.groups
        for line in group.lines
    ]
