"""A register of visits as it is typed: a row of cells for each visit, read into the columns of registers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims import bulk_words
from claims.forms.intake import AmountField
from claims.models import BulkDocument, BulkRow, Disease
from claims.rules import registers
from claims.rules.registers import BEGAN, BOOK, COSTS, DISEASE, ID_NUMBER, NAME, RECEIPT, RECEIPT_TYPE, REGISTER
from claims.selectors import bulk, picking
from enrollment.models import Division, Member
from enrollment.rules import cells, id_numbers

MOST_ROWS: Final = 200
BLANK_ROWS: Final = 20
LONGEST: Final = 80
WHOLE_ID: Final = (15, 18)

PATIENT: Final = "patient"
AMOUNTS: Final = tuple(name for name in registers.SHOWN[REGISTER] if name in COSTS)
CELLS: Final = (BEGAN, PATIENT, DISEASE, RECEIPT, *AMOUNTS)
PICKS: Final = {PATIENT: "member", DISEASE: "disease"}
REPEATED: Final = (BEGAN, DISEASE)
#: Under which cell the fault of a column stands, where it is not its own.
STANDS_AT: Final = {
    **dict.fromkeys((BOOK, ID_NUMBER, NAME, "kind"), PATIENT),
    RECEIPT_TYPE: RECEIPT,
    "ended_on": BEGAN,
    "total": AMOUNTS[0],
}


class HeadForm(forms.Form):
    """What holds for all rows, and what the paper says."""

    receipt_type = forms.CharField(
        label=gettext_lazy("type code of the receipts"),
        required=False,
        max_length=registers.LONGEST_TYPE,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    paper = AmountField(label=gettext_lazy("sum on the paper, yuan"))


@dataclass(frozen=True)
class Cell:
    """One field of a row as the page shows it."""

    key: str
    name: str
    label: str
    value: str = ""
    chosen: str = ""
    faults: Sequence[str] = ()
    takes_focus: bool = False
    pick_name: str = ""
    url: str = ""

    longest: int = LONGEST

    @property
    def is_pick(self) -> bool:
        return self.name in PICKS

    @property
    def is_amount(self) -> bool:
        return self.name in AMOUNTS

    @property
    def is_figures(self) -> bool:
        return self.is_amount or self.name in {BEGAN, RECEIPT}

    @property
    def repeats(self) -> bool:
        return self.name in REPEATED

    @property
    def counts_on(self) -> bool:
        return self.name == RECEIPT


@dataclass(frozen=True)
class Visit:
    """One row of the page."""

    place: int
    cells: Sequence[Cell]

    @property
    def number(self) -> int:
        return self.place + 1

    @property
    def faults(self) -> bool:
        return any(one.faults for one in self.cells)


@dataclass(frozen=True)
class Texts:
    """What stands in a row's cells, who and what was chosen, and what is wrong by cell."""

    said: Mapping[str, str] = field(default_factory=dict)
    chosen: Mapping[str, str] = field(default_factory=dict)
    faults: Mapping[str, Sequence[str]] = field(default_factory=dict)


def visits(some: Sequence[Texts], *, of: BulkDocument, more: int = BLANK_ROWS) -> list[Visit]:
    """The rows of the page, with blank ones after them; the cursor stands at the first fault, or in the first blank
    row."""
    count = min(max(len(some) + more, BLANK_ROWS), max(MOST_ROWS, len(some)))
    wrong = next(((place, name) for place, one in enumerate(some) for name in CELLS if one.faults.get(name)), None)
    at = wrong or (min(len(some), count - 1), BEGAN)
    whole = [*some, *(Texts() for _one in range(count - len(some)))]
    urls = {name: f"{reverse('claims:document_pick', args=[pick])}?of={of.pk}&row=" for name, pick in PICKS.items()}
    return [Visit(place, [_cell(place, name, one, at, urls) for name in CELLS]) for place, one in enumerate(whole)]


def _key(place: int, name: str) -> str:
    """What the field of a cell is called; of one in which something is picked, the field of what is typed."""
    return f"r{place}-{PICKS[name]}_text" if name in PICKS else f"r{place}-{name}"


def _cell(place: int, name: str, texts: Texts, at: tuple[int, str], urls: Mapping[str, str]) -> Cell:
    return Cell(
        key=_key(place, name),
        name=name,
        label=label_of(name),
        value=texts.said.get(name, ""),
        chosen=texts.chosen.get(name, ""),
        faults=texts.faults.get(name, ()),
        takes_focus=(place, name) == at,
        pick_name=f"r{place}-{PICKS[name]}" if name in PICKS else "",
        url=f"{urls[name]}{place}" if name in urls else "",
    )


def label_of(name: str) -> str:
    """What stands over a column."""
    if name == BEGAN:
        return _("day")
    return str(bulk_words.COLUMNS["name" if name == PATIENT else name])


def saved(rows: Iterable[BulkRow]) -> list[Texts]:
    """Rows as they were saved, with their faults."""
    return [_of_row(one) for one in rows]


def _of_row(row: BulkRow) -> Texts:
    said = {name: str(row.given.get(name, "")) for name in CELLS}
    chosen = {}
    if row.member is not None:
        said[PATIENT], chosen[PATIENT] = picking.visitor_label(row.member), str(row.member_id)
    else:
        said[PATIENT] = " ".join(str(row.given[one]) for one in (BOOK, ID_NUMBER, NAME) if row.given.get(one))
    if row.disease is not None:
        said[DISEASE], chosen[DISEASE] = row.disease.name, str(row.disease_id)
    faults: dict[str, list[str]] = {}
    for column, sentence in bulk.faults_of(row):
        place = STANDS_AT.get(column, column)
        faults.setdefault(place if place in CELLS else PATIENT, []).append(sentence)
    return Texts(said, chosen, faults)


def typed(data: Any) -> list[Texts]:
    """The rows that were sent, as they were typed; rows in which nothing was typed are left out. An empty day or
    diagnosis is that of the row above."""
    asked = data.get("rows", "")
    count = min(int(asked[:4]), MOST_ROWS) if asked.isdecimal() else 0
    found: list[Texts] = []
    for place in range(count):
        said = {name: data.get(_key(place, name), "").strip()[:LONGEST] for name in CELLS}
        chosen = {name: data.get(f"r{place}-{pick}", "") for name, pick in PICKS.items()}
        if not any(said.values()):
            continue
        for name in REPEATED:
            if not said[name] and found:
                said[name] = found[-1].said[name]
                chosen[name] = found[-1].chosen.get(name, "")
        found.append(Texts(said, chosen))
    return found


def given(some: Sequence[Texts], *, document: BulkDocument, receipt_type: str) -> list[dict[str, str]]:
    """The same by the columns of registers."""
    members = {str(one.pk): one for one in _known(Member.objects.select_related("household"), some, PATIENT)}
    diseases = {str(one.pk): one for one in _known(Disease.objects.all(), some, DISEASE)}
    place = document.provider.division
    rows = []
    for one in some:
        said = one.said
        disease = diseases.get(one.chosen.get(DISEASE, ""))
        is_that = disease is not None and disease.name == said[DISEASE]
        rows.append(
            {
                **{name: said[name] for name in (RECEIPT, *AMOUNTS)},
                BEGAN: day_of(said[BEGAN], document.month),
                DISEASE: disease.code if disease is not None and is_that else said[DISEASE],
                RECEIPT_TYPE: receipt_type,
                **_who(said[PATIENT], members.get(one.chosen.get(PATIENT, "")), place),
            }
        )
    return rows


def _known(found: Any, some: Sequence[Texts], name: str) -> Any:
    numbers = {one.chosen.get(name, "") for one in some}
    return found.filter(pk__in=[one for one in numbers if one.isdecimal() and len(one) < 19])  # noqa: PLR2004  a bigint


def _who(words: str, chosen: Member | None, place: Division | None) -> dict[str, str]:
    """The patient by household and name: the one that was chosen, or the only one that is meant by what was typed."""
    if chosen is None or picking.visitor_label(chosen) != words:
        found = picking.visitors(words, place=place)
        chosen = Member.objects.select_related("household").get(pk=found[0].pk) if len(found) == 1 else None
    if chosen is not None:
        return {BOOK: chosen.household.number, NAME: chosen.name}
    return _apart(words)


def _apart(words: str) -> dict[str, str]:
    """What nobody answers to, as it was typed: numbers, and what is left as the name."""
    said: dict[str, str] = {}
    names = []
    for word in unicodedata.normalize("NFKC", words).split():
        if not any(map(str.isdigit, word)):
            names.append(word)
        elif len(id_numbers.plain(word)) in WHOLE_ID and ID_NUMBER not in said:
            said[ID_NUMBER] = word
        else:
            said[BOOK] = word
    return said | {NAME: " ".join(names)}


def day_of(words: str, month: date) -> str:
    """A day of the register's month may be typed as 11 or 0111; anything else stays as it is."""
    plain = unicodedata.normalize("NFKC", words).strip()
    if re.fullmatch(r"[0-9]{1,2}", plain):
        with suppress(ValueError):
            return month.replace(day=int(plain)).isoformat()
    if re.fullmatch(r"[0-9]{4}", plain):
        with suppress(ValueError):
            return date(month.year, int(plain[:2]), int(plain[2:])).isoformat()
    return words


def sum_of(some: Sequence[Texts]) -> Decimal:
    """What the amounts come to, as far as they can be read."""
    amounts = (cells.money(one.said.get(name, "")) for one in some for name in AMOUNTS)
    return sum((one for one in amounts if one is not None and one > 0), Decimal(0))
