"""The report of a half-year or a year from the books, scheme by scheme; what a given text states beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from audit.models import ReportText
from audit.rules import report_figures
from audit.rules.report_figures import Compared
from enrollment.models import Scheme
from funds.rules.indicators import Facts
from funds.selectors import indicators
from funds.selectors.indicators import OfYear

JUNE: Final = 6


@dataclass(frozen=True)
class OfScheme:
    """A scheme's part of a report: until which month, and everything it is measured by."""

    scheme: Scheme
    kind: str
    last: date
    facts: Facts


def of_span(year: int, span: str, today: date) -> list[OfScheme]:
    """Every scheme of which something is known in a year, as far as the span goes. Raises UnknownYear."""
    return [_of_scheme(_until(one, span)) for one in indicators.of_all(year, today)]


def _until(asked: OfYear, span: str) -> OfYear:
    if span != ReportText.Span.HALF:
        return asked
    return replace(asked, last=min(asked.last, date(asked.year, JUNE, 1)))


def _of_scheme(asked: OfYear) -> OfScheme:
    kind = report_figures.scheme_of(asked.scheme.name) or asked.scheme.code
    return OfScheme(asked.scheme, kind, asked.last, indicators.facts(asked))


def facts_by_kind(parts: Sequence[OfScheme]) -> Mapping[str, Facts]:
    """What the schemes are measured by, by the words a report calls them; the first of each."""
    found: dict[str, Facts] = {}
    for one in parts:
        found.setdefault(one.kind, one.facts)
    return found


def text_of(year: int, span: str) -> ReportText | None:
    """The newest text that was given in of a span."""
    return ReportText.objects.filter(year=year, span=span).first()


def beside(text: str, parts: Sequence[OfScheme], place: str) -> list[Compared]:
    """What a text states of a place, beside the books."""
    return report_figures.compare(report_figures.stated_in(text, place), facts_by_kind(parts))
