"""The report of an engagement (审计报告): page, paper and workbook read the frozen content, choices in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from audit.models import AuditReport, Engagement, Rectification
from audit.prints.papers import LEFT, RIGHT, Part, Printed, filled, lines, render
from office.rules import money

Content = Mapping[str, Any]


def report(found: AuditReport) -> bytes:
    """The report on A4, as of the moment at which it was drawn up: the same bytes each time. Raises CannotPrint."""
    content = found.content
    labels = [
        _("Drawn up by %(name)s") % {"name": found.made_by},
        _("Issued by %(name)s") % {"name": found.issued_by or ""},
        _("Date"),
    ]
<<<<<<< HEAD
    printed = Printed(
        title=_("Audit report"),
        number=found.number,
        to=_("%(body)s:") % {"body": content["engagement"]["body"]},
        facts=[*([label, str(value)] for label, value in facts(content)), ["SHA-256", found.sha256]],
        parts=[
            Part(_("Scope"), says=lines(content["engagement"]["scope"])),
            Part(_("Opinion on the whole"), says=lines(content["opinion"])),
            *_sums(content),
            *(_finding(place, one) for place, one in enumerate(content["findings"], start=1)),
            *_measures(content),
            *([Part(_("Advice"), says=lines(content["advice"]))] if content["advice"] else []),
||||||| e455bcd7


def _of(part: OfScheme, sentences: str) -> str:
    return _("%(scheme)s: %(sentences)s") % {"scheme": part.scheme.name, "sentences": sentences}


def _people(part: OfScheme) -> str:
    facts = part.facts
    rate = indicators.one_of(indicators.of(facts), "participation_rate").value
    told = {"should": f"{facts.should}", "enrolled": f"{facts.enrolled}", "rate": rate}
    if rate is None:
        return _("%(enrolled)s people are enrolled.") % told
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
    sentence = _("%(due)s ten thousand yuan are due, %(received)s were received.") % told
    if rate is not None:
        sentence = _("%(due)s ten thousand yuan are due, %(received)s were received, %(rate)s%% of what is due.") % (
            told | {"rate": rate}
        )
    payers = [
        _("%(payer)s %(arrived)s of %(due)s") % {"payer": BASES[name], "arrived": wan(one.arrived), "due": wan(one.due)}
        for name, one in facts.payers.items()
    ]
    if payers:
        joined = pgettext("between parts of a sentence", "; ").join(payers)
        sentence += _(" Subsidies, in ten thousand yuan: %(payers)s.") % {"payers": joined}
    return sentence


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
    found.append(
        _("%(spent)s ten thousand yuan were spent in all, %(surplus)s of what was received are left%(rate_words)s.")
        % (told | {"rate_words": _(" (use rate %(rate)s%%)") % told if told["rate"] is not None else ""})
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
    figure = str(report_words.FIGURES[code])
    shown = number(code, books)
    if one is None:
        return Row(part.scheme.name, figure, "—", shown, "—", "", "")
    tone, why = report_words.WHYS[one.why]
    difference = "—" if not one.difference else f"{number(code, one.difference)}"
    return Row(part.scheme.name, figure, number(code, one.stated.quantity.value), shown, difference, tone, str(why))


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
        "header": [_("scheme"), _("figure"), _("report"), _("books"), _("difference"), _("why")],
        "rows": [
            [one.scheme, one.figure, one.report, one.books, one.difference, one.why] for one in rows(parts, compared)
=======


def _of(part: OfScheme, sentences: str) -> str:
    return _("%(scheme)s: %(sentences)s") % {"scheme": part.scheme.name, "sentences": sentences}


def _people(part: OfScheme) -> str:
    facts = part.facts
    rate = indicators.one_of(indicators.of(facts), "participation_rate").value
    told = {"should": f"{facts.should}", "enrolled": f"{facts.enrolled}", "rate": rate}
    if rate is None:
        return _("%(enrolled)s people are enrolled.") % told
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
    sentence = _("%(due)s ten thousand yuan are due, %(received)s were received.") % told
    if rate is not None:
        sentence = _("%(due)s ten thousand yuan are due, %(received)s were received, %(rate)s%% of what is due.") % (
            told | {"rate": rate}
        )
    payers = [
        _("%(payer)s %(arrived)s of %(due)s") % {"payer": BASES[name], "arrived": wan(one.arrived), "due": wan(one.due)}
        for name, one in facts.payers.items()
    ]
    if payers:
        joined = pgettext("between parts of a sentence", "; ").join(payers)
        sentence += _(" Subsidies, in ten thousand yuan: %(payers)s.") % {"payers": joined}
    return sentence


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
    figure = str(report_words.FIGURES[code])
    shown = number(code, books)
    if one is None:
        return Row(part.scheme.name, figure, "—", shown, "—", "", "")
    tone, why = report_words.WHYS[one.why]
    difference = "—" if not one.difference else f"{number(code, one.difference)}"
    return Row(part.scheme.name, figure, number(code, one.stated.quantity.value), shown, difference, tone, str(why))


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
            _("report"),
            pgettext("comparison", "books"),
            _("difference"),
            pgettext("comparison", "why"),
        ],
        "rows": [
            [one.scheme, one.figure, one.report, one.books, one.difference, one.why] for one in rows(parts, compared)
>>>>>>> x/trailpages
        ],
        labels=labels,
    )
    return render(printed, found.made_at)


def facts(content: Content) -> list[tuple[str, object]]:
    """What an audit was of, label by label."""
    told = content["engagement"]
    rows: list[tuple[str, object]] = [
        (_("engagement"), f"{told['number']} {told['title']}"),
        (_("kind"), Engagement.Kind(told["kind"]).label),
        (_("done by"), Engagement.DoneBy(told["done_by"]).label),
        (_("basis"), told["basis"]),
        (_("audited body"), told["body"]),
        (_("whose office ends"), told["leaver"]),
        (_("scheme"), told["scheme"] or _("all schemes")),
        (_("period"), f"{told['since']} – {told['until']}"),
        (_("notice served on"), told["notice_on"]),
        (_("fieldwork from"), told["fieldwork_from"]),
        (_("lead"), told["lead"]),
        (_("auditors"), "、".join(told["members"])),
        (_("work papers, evidence sheets"), f"{told['papers']} / {told['sheets']}"),
    ]
    return [(label, value) for label, value in rows if value]


def finding_columns() -> list[str]:
    """The columns of the findings."""
    return [
        _("number"),
        _("title"),
        _("who is responsible"),
        _("about, yuan"),
        _("to be recovered, yuan"),
        _("recovered, yuan"),
    ]


def measure_columns() -> list[str]:
    """The columns of the measures."""
    return [
        pgettext("audit", "finding"),
        _("number"),
        _("measure"),
        _("who carries it out"),
        pgettext("audit", "due on"),
        _("state then"),
    ]


def finding_rows(content: Content) -> list[list[str]]:
    """The findings, a row each."""
    return [
        [
            one["number"],
            one["title"],
            one["responsible"],
            *(money.shown(Decimal(one[name])) for name in ("amount", "to_recover", "recovered")),
        ]
        for one in content["findings"]
    ]


def measure_rows(content: Content) -> list[list[str]]:
    """The measures of all findings, a row each, as they stood when the report was drawn up."""
    return [
        [of["number"], one["number"], one["measure"], one["responsible"], one["due_on"], _state(one)]
        for of in content["findings"]
        for one in of["measures"]
    ]


def _state(measure: Mapping[str, str]) -> str:
    return str(Rectification.State(measure["state"]).label)


def _sums(content: Content) -> list[Part]:
    if not content["findings"]:
        return [Part(pgettext("audit", "Findings"), says=[_("Nothing was found.")])]
    sums = [money.shown(Decimal(content[name])) for name in ("amount", "to_recover", "recovered")]
    return [
        Part(
            pgettext("audit", "Findings"),
            header=finding_columns(),
            rows=finding_rows(content),
            sides=[LEFT, LEFT, LEFT, RIGHT, RIGHT, RIGHT],
            widths=[1.6, 2.6, 1.6, 1.3, 1.3, 1.3],
            total=["", _("together"), "", *sums],
        )
    ]


def _finding(place: int, one: Mapping[str, Any]) -> Part:
    rows = [
        (_("number"), one["number"]),
        (_("rule and article"), one["rule"]),
        (_("cause"), one["cause"]),
        (_("who is responsible"), one["responsible"]),
        (_("provider"), one["provider"]),
        (_("insured person"), one["person"]),
        (pgettext("audit", "evidence"), "、".join([*one["sheets"], *one["cited"]])),
    ]
    said = [
        _("Answer of %(name)s on %(day)s (%(agrees)s): %(words)s")
        % {
            "name": answer["by"],
            "day": answer["on"],
            "agrees": _("agrees") if answer["agrees"] else _("does not agree"),
            "words": answer["words"],
        }
        for answer in one["answers"]
    ]
    title = _("Finding %(place)s: %(title)s") % {"place": place, "title": one["title"]}
    return Part(title, facts=filled(rows), says=[*lines(one["fact"]), *said])


def _measures(content: Content) -> list[Part]:
    rows = measure_rows(content)
    part = Part(
        _("Measures"), header=measure_columns(), rows=rows, sides=[LEFT] * 6, widths=[1.75, 1.7, 2.8, 1.5, 1.3, 1.1]
    )
    return [part] if rows else []


def workbook_header() -> list[str]:
    """The columns of the workbook."""
    return [
        _("engagement"),
        *finding_columns(),
        _("rule and article"),
        _("measure"),
        _("measure in words"),
        _("who carries it out"),
        pgettext("audit", "due on"),
        _("state then"),
    ]


def workbook_rows(content: Content) -> Iterable[Sequence[object]]:
    """A row for each measure; a finding without one has a row of its own. Its amounts stand in its first row alone, so
    that a column's sum is right."""
    for one in content["findings"]:
        amounts = [Decimal(one[name]) for name in ("amount", "to_recover", "recovered")]
        head = [content["engagement"]["number"], one["number"], one["title"], one["responsible"]]
        for place, measure in enumerate(one["measures"] or [None]):
            told = ["", "", "", None, ""] if measure is None else _measure(measure)
            yield [*head, *(amounts if place == 0 else [None] * 3), one["rule"], *told]


def _measure(measure: Mapping[str, str]) -> list[object]:
    due = date.fromisoformat(measure["due_on"])
    return [measure["number"], measure["measure"], measure["responsible"], due, _state(measure)]
