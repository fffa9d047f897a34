"""The sample sheet (审计抽样表) on paper, with the script that draws it again; the same items for a workbook."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from django.utils.translation import gettext as _

from audit import sample_words
from audit.models import Sample, SampleItem
from audit.selectors import sampling as selectors
from enrollment.prints.bulletin import issuer
from office import printing
from office.rules import money

SCRIPT = Path(__file__).parents[1] / "redraw.py"
WAYS = {"money": "money", "strata": "strata"}


def command(sample: Sample) -> str:
    """How the script is called for a sample."""
    more = str(sample.size)
    if sample.method == Sample.Method.STRATA:
        more = f"{','.join(map(str, sample.bounds))} {','.join(map(str, sample.shares))}"
    return f"python redraw.py {sample.population}.csv {sample.seed} {WAYS.get(sample.method, 'simple')} {more}"


def sheet(sample: Sample, facts: Sequence[tuple[str, object]], *, at: datetime) -> bytes:
    """The plan, the seed, every item with its result, what follows, and how to draw it again. Raises CannotPrint."""
    items = _known(sample)
    rows = [
        [
            str(one.position),
            one.row.number,
            one.row.day.isoformat(),
            money.shown(one.amount),
            _kind(one),
            str(one.get_outcome_display()) if one.outcome else "",
            money.shown(one.error) if one.outcome else "",
            _people(one),
        ]
        for one in items
    ]
    data = {
        "office": issuer(),
        "title": _("Audit sample"),
        "number": sample.number,
        "facts": [[label, str(value)] for label, value in [*facts, ("SHA-256", sample.population.sha256)]],
        "items_title": _("Items"),
        "header": [
            _("no."),
            _("number"),
            _("day"),
            _("amount, yuan"),
            _("drawn"),
            _("result of examining"),
            _("error, yuan"),
            _("examined, second look"),
        ],
        "rows": rows,
        "found_title": _("What was found"),
        "found": sample_words.found(sample),
        "again_title": _("Drawn again") if sample.seed else "",
        "again": _(
            "The rows of the population are fetched from its page; the file's SHA-256 is the one above. With the script"
            " below, on any computer with Python, this line prints the same items in the same order:"
        ),
        "command": command(sample) if sample.seed else "",
        "script": SCRIPT.read_text(encoding="utf-8") if sample.seed else "",
        "labels": [_("Drawn by"), _("Examined by"), _("Second look by")],
    }
    return printing.render("audit/print/sample.typ", data, at=at)


def table(sample: Sample) -> tuple[list[str], list[list[object]]]:
    """Header and rows of the workbook."""
    header = [
        _("no."),
        _("number"),
        _("person or payee"),
        _("day"),
        _("amount, yuan"),
        _("stratum"),
        _("drawn"),
        _("state"),
        _("result of examining"),
        _("right amount, yuan"),
        _("error, yuan"),
        _("what is wrong"),
        _("work paper"),
        _("examined by"),
        _("second look by"),
        _("remark"),
    ]
    items = _known(sample)
    who = selectors.who_of(sample.population, [one.row.subject_id for one in items])
    rows: list[list[object]] = [
        [
            one.position,
            one.row.number,
            who.get(one.row.subject_id, ""),
            one.row.day,
            one.amount,
            one.stratum,
            _kind(one),
            str(one.get_state_display()),
            str(one.get_outcome_display()) if one.outcome else "",
            one.right_amount,
            one.error if one.outcome else None,
            one.why,
            one.paper,
            str(one.examined_by or ""),
            str(one.looked_by or ""),
            one.remark,
        ]
        for one in items
    ]
    return header, rows


def _known(sample: Sample) -> list[SampleItem]:
    return list(sample.items.select_related("row", "examined_by", "looked_by").order_by("position"))


def _kind(one: SampleItem) -> str:
    if one.reason:
        return one.reason
    return _("for certain") if one.is_certain else _("by chance")


def _people(one: SampleItem) -> str:
    return " / ".join(str(person) for person in (one.examined_by, one.looked_by) if person)
