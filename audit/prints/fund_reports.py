"""The report from the books as people read it: participation, money raised, money used; on the page and on paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from audit import report_words
from audit.rules.report_figures import ORDER, SIGNS, Compared, books_of
from audit.selectors.fund_reports import OfScheme
from enrollment.prints.bulletin import issuer
from funds.indicator_words import BASES
from funds.rules import indicators
from funds.rules.indicators import Facts, Payer
from office import printing
from office.rules import money

HALF = "half"


@dataclass(frozen=True)
class Section:
    """A part of the report: its heading and a paragraph for each scheme."""

    title: str
    paragraphs: Sequence[str]


@dataclass(frozen=True)
class Row:
    """A figure: as the text states it, as the books have it, what lies between, and why."""

    scheme: str
    figure: str
    unit: str
    report: str
    books: str
    difference: str
    tone: str
    why: str


def title(year: int, span: str) -> str:
    """What the report is called."""
    called = _("Fund report, first half of %(year)s") if span == HALF else _("Fund report of %(year)s")
    return called % {"year": year}


def sections(parts: Sequence[OfScheme]) -> list[Section]:
    """Participation, money raised, money used, each in sentences whose numbers come from the books."""
    return [
        Section(_("1. Participation"), [_of(one, _people(one)) for one in parts]),
        Section(_("2. Money raised"), [_of(one, _raised(one.facts)) for one in parts]),
        Section(_("3. Money used"), [_of(one, _used(one.facts)) for one in parts]),
    ]


def _of(part: OfScheme, sentences: str) -> str:
    return _("%(scheme)s: %(sentences)s") % {"scheme": part.scheme.name, "sentences": sentences}


def _people(part: OfScheme) -> str:
    facts = part.facts
    rate = indicators.one_of(indicators.of(facts), "participation_rate").value
    told = {"should": f"{facts.should}", "enrolled": f"{facts.enrolled}", "rate": rate}
    if rate is None:
        return _("%(enrolled)s people are enrolled.") % told
    if not facts.enrolled:
        return _("%(should)s people should enroll; the register does not hold them one by one.") % told
    if part.kind == "ncms":
        return (
            pgettext(
                "rural scheme",
                "%(should)s people should enroll, %(enrolled)s are enrolled, participation %(rate)s%%.",
            )
            % told
        )
    return _("%(should)s people should enroll, %(enrolled)s are enrolled, participation %(rate)s%%.") % told


def _raised(facts: Facts) -> str:
    told = {"due": wan(facts.due), "received": wan(facts.received)}
    rate = indicators.one_of(indicators.of(facts), "arrival_rate", "due").value
    sentence = _("%(received)s ten thousand yuan were received.") % told
    if rate is not None:
        sentence = _("%(due)s ten thousand yuan are due, %(received)s were received, %(rate)s%% of what is due.") % (
            told | {"rate": rate}
        )
    payers = [_of_payer(name, one) for name, one in facts.payers.items()]
    if payers:
        joined = pgettext("between parts of a sentence", "; ").join(payers)
        sentence += _(" Subsidies, in ten thousand yuan: %(payers)s.") % {"payers": joined}
    return sentence


def _of_payer(name: str, share: Payer) -> str:
    told = {"payer": BASES[name], "arrived": wan(share.arrived), "due": wan(share.due)}
    if not share.due:
        return _("%(payer)s %(arrived)s") % told
    return _("%(payer)s %(arrived)s of %(due)s") % told


def _used(facts: Facts) -> str:
    known = books_of(facts)
    told = {
        "stays": facts.stays.times,
        "stays_total": wan(facts.stays.total),
        "stays_paid": wan(facts.stays.fund_pays),
        "each": known["paid_per_stay"],
        "ratio": known["actual_ratio"],
        "visits": facts.visits.times,
        "visits_paid": wan(facts.visits.fund_pays),
        "received": wan(facts.received),
        "spent": wan(facts.spent),
        "surplus": wan(facts.received - facts.spent),
        "rate": known["use_rate"],
        "cumulative": wan(facts.cumulative),
    }
    found = []
    if facts.stays.times:
        found.append(
            _(
                "%(stays)s stays cost %(stays_total)s ten thousand yuan in all, %(stays_paid)s were paid, "
                "%(each)s yuan for a stay, actual ratio %(ratio)s%%."
            )
            % told
        )
    if facts.visits.times:
        found.append(_("For %(visits)s visits %(visits_paid)s ten thousand yuan were paid.") % told)
    rate = _(" (use rate %(rate)s%%)") % told if told["rate"] is not None else ""
    found.append(
        _("Of %(received)s ten thousand yuan received %(spent)s were spent, %(surplus)s are left%(rate_words)s.")
        % (told | {"rate_words": rate})
    )
    if facts.cumulative:
        found.append(_("The cumulative surplus is %(cumulative)s ten thousand yuan.") % told)
    return ("" if (get_language() or "").startswith("zh") else " ").join(found)


def wan(amount: Decimal) -> str:
    """An amount in ten thousand yuan, without a comma, as reports print it."""
    return money.wan(amount).replace(",", "")


def rows(parts: Sequence[OfScheme], compared: Sequence[Compared]) -> list[Row]:
    """Every figure of the books, with what the text states of it beside."""
    stated = {(one.stated.scheme, one.stated.code): one for one in compared}
    found = []
    for part in parts:
        books = books_of(part.facts)
        for code in ORDER:
            one = stated.get((part.kind, code))
            if one is not None or books[code]:
                found.append(_row(part, code, books[code], one))
    return found


def _row(part: OfScheme, code: str, books: Decimal | None, one: Compared | None) -> Row:
    figure, unit = str(report_words.FIGURES[code]), str(report_words.UNITS[UNIT_OF[code]])
    shown = number(code, books)
    if one is None:
        return Row(part.scheme.name, figure, unit, "—", shown, "—", "", "")
    tone, why = report_words.WHYS[one.why]
    difference = "—" if not one.difference else f"{number(code, one.difference)}"
    stated = number(code, one.stated.quantity.value)
    return Row(part.scheme.name, figure, unit, stated, shown, difference, tone, str(why))


UNIT_OF = {one.code: one.unit for one in SIGNS}
COUNTS = frozenset({"should", "enrolled", "stays", "visits"})


def number(code: str, value: Decimal | None) -> str:
    """A figure as tables show it: counts whole, amounts and rates with two places."""
    if value is None:
        return "—"
    return f"{value:,.0f}" if code in COUNTS else f"{value:,.2f}"


def printed(parts: Sequence[OfScheme], compared: Sequence[Compared], *, year: int, span: str, at: datetime) -> bytes:
    """The report as PDF. Raises CannotPrint."""
    last: date = max(one.last for one in parts)
    data = {
        "office": issuer(),
        "title": title(year, span),
        "until": _("Until the end of %(month)s; money of the pool funds alone, own accounts apart.")
        % {"month": f"{last:%Y-%m}"},
        "sections": [{"title": one.title, "paragraphs": list(one.paragraphs)} for one in sections(parts)],
        "heading": _("Figures"),
        "header": [
            _("scheme"),
            pgettext("comparison", "figure"),
            _("unit"),
            _("report"),
            pgettext("comparison", "books"),
            _("difference"),
            pgettext("comparison", "why"),
        ],
        "rows": [
            [one.scheme, one.figure, one.unit, one.report, one.books, one.difference, one.why]
            for one in rows(parts, compared)
        ],
    }
    return printing.render("audit/print/report.typ", data, at=at)
