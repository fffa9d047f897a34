"""Prints: PDF/A-2b by typst, with Chinese text, the office's footer and pre-printed forms.

A print is a template below a templates folder and the data it shows (docs/printing.md). The data
goes in as JSON, so that nothing a person typed is ever read as a program.
"""

import json
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, cast

import pylopdf_fonts_zh_cn
import typst
from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from office.rules import money
from office.rules.days import SHANGHAI

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class CannotPrint(Exception):
    """Nothing was printed; the message is written for the person who asked."""


Footer = Callable[[datetime], str]

footers: list[Footer] = []


def register_footer(footer: Footer) -> Footer:
    """Let an app print a short text (such as a seal's code) at the foot of every A4 print.

    The callable is given the time of the print; "" prints nothing. Usable as a decorator.
    """
    footers.append(footer)
    return footer


@dataclass(frozen=True)
class Stamp:
    """A mark that an app puts on a kind of paper: lines of text beside a picture that a phone reads (SVG)."""

    lines: Sequence[str]
    picture: str


Stamping = Callable[[datetime], "Stamp | None"]

stampings: dict[str, Stamping] = {}


def register_stamp(paper: str, stamping: Stamping) -> None:
    """Let an app put a mark on a kind of paper, such as "daily-cash"; None puts none."""
    stampings[paper] = stamping


def stamp_of(paper: str, at: datetime) -> dict[str, object] | None:
    """The mark of a kind of paper at a time, as its template takes it; None where there is none."""
    found = stampings[paper](at) if paper in stampings else None
    return {"lines": list(found.lines), "picture": found.picture} if found else None


def render(template: str, data: Mapping[str, object], *, at: datetime) -> bytes:
    """The PDF of a print template such as "office/print/job_report.typ", as of a time.

    Decimals are printed as yuan (1,234.50), dates as 2010-03-01, times as of Asia/Shanghai. The
    same template, data, language and time give the same bytes. A naive time raises ValueError, a
    float TypeError; what cannot be printed raises CannotPrint.
    """
    if at.utcoffset() is None:
        raise ValueError("A time without a zone cannot stand on a print.")
    folder = _folder_of(template)
    try:
        printed: bytes = typst.compile(
            folder / template,
            root=folder,
            font_paths=_fonts(),
            ignore_system_fonts=True,
            sys_inputs={"data": json.dumps(_plain(data)), "house": json.dumps(_house(at))},
            pdf_standards=["a-2b"],
            timestamp=int(at.timestamp()),
        )
    except typst.TypstError as fault:
        raise CannotPrint(_reason(fault)) from fault
    return printed


def _folder_of(template: str) -> Path:
    """The templates folder that holds the template; it is also all that the template may read."""
    folders = cast("list[Path]", settings.TEMPLATES[0]["DIRS"])
    for folder in (one.resolve() for one in folders):
        path = (folder / template).resolve()
        if path.is_relative_to(folder) and path.is_file():
            return folder
    raise CannotPrint(_("The print template {template} is missing.").format(template=template))


@cache
def _fonts() -> typst.Fonts:
    """The font pack alone, so that every machine prints the same pages."""
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[Path(pylopdf_fonts_zh_cn.__file__).parent],
    )


def _house(at: datetime) -> dict[str, object]:
    """What every A4 print shows around its own content, in the active language."""
    return {
        "lang": (get_language() or settings.LANGUAGE_CODE).split("-")[0],
        "page": _("Page {page} of {pages}"),
        "printed": _("Printed {time}").format(time=_text(at)),
        "number": _("No. {number}"),
        "footers": [text for footer in footers if (text := footer(at))],
        "in_capitals": _("In capitals, RMB"),
        "signatures": [_("Prepared by"), _("Checked by"), _("Person in charge")],
    }


def _plain(value: object) -> object:
    """The value as JSON can carry it."""
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return [_plain(inner) for inner in value]
    if value is None or isinstance(value, bool | int):
        return value
    return _text(value)


def _text(value: object) -> str:
    """A figure, day, time or text as prints show it."""
    if isinstance(value, Decimal):
        return money.shown(value)
    if isinstance(value, datetime):
        return value.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str | Promise):
        return "".join(letter for letter in str(value) if _is_seen(letter))
    raise TypeError(f"A print cannot show a {type(value).__name__}.")


def _is_seen(letter: str) -> bool:
    """Control and direction marks have no shape, and could make a name read as another."""
    return letter in "\n\t" or unicodedata.category(letter) not in {"Cc", "Cf", "Cs"}


NO_SHAPE = re.compile(r'the text `"(.+?)"` could not be displayed')
TOO_WIDE = "assertion failed: too wide: "


def _reason(fault: typst.TypstError) -> str:
    """Why typst refused, as a sentence for the person who asked for the print."""
    if missing := NO_SHAPE.findall(fault.diagnostic):
        sentence = _("The print font has no shape for {letters}: write it with another character.")
        return sentence.format(letters=" ".join(dict.fromkeys(missing)))
    if fault.message.startswith(TOO_WIDE):
        text = fault.message.removeprefix(TOO_WIDE)
        return _("“{text}” is too wide for its place on the form.").format(text=text)
    return _("The print template is at fault; tell the administrator: {reason}").format(reason=fault.message)


@dataclass(frozen=True)
class Spot:
    """A place on a pre-printed form where one value is typed.

    Measured from the form's upper left corner: x_mm to the left end of the place, y_mm down to the
    line the letters stand on. The text is aligned within width_mm and must fit into it.
    """

    name: str
    x_mm: Decimal
    y_mm: Decimal
    width_mm: Decimal
    size_pt: Decimal = Decimal(11)
    align: Literal["left", "center", "right"] = "left"


@dataclass(frozen=True)
class PreprintedForm:
    """A form that a printing house made; the office prints only the values into it."""

    code: str
    title: "StrOrPromise"
    width_mm: Decimal
    height_mm: Decimal
    spots: tuple[Spot, ...]


preprinted: dict[str, PreprintedForm] = {}


def register_preprinted(form: PreprintedForm) -> PreprintedForm:
    """Make a form known by its code; a code that is taken raises ValueError."""
    if form.code in preprinted:
        raise ValueError(f"There is a pre-printed form {form.code} already.")
    preprinted[form.code] = form
    return form


def fill(
    form: PreprintedForm,
    values: Mapping[str, object],
    *,
    dx_mm: Decimal,
    dy_mm: Decimal,
    at: datetime,
) -> bytes:
    """The page that is printed onto a pre-printed form: the values alone, at their spots.

    The printer's offsets move everything right (dx_mm) and down (dy_mm). Exactly the form's spots
    must have values ("" leaves one blank); a text wider than its spot, measured in the print font,
    or a place off the paper raises CannotPrint.
    """
    return fill_each(form, [values], dx_mm=dx_mm, dy_mm=dy_mm, at=at)


def fill_each(
    form: PreprintedForm,
    many: Sequence[Mapping[str, object]],
    *,
    dx_mm: Decimal,
    dy_mm: Decimal,
    at: datetime,
) -> bytes:
    """Several of one form, a page for each in the order given; what cannot stand on one of them prints none."""
    named = {spot.name for spot in form.spots}
    if wrong := sorted({name for values in many for name in named ^ set(values)}):
        sentence = _("The values do not match the places of the form “{form}”: {names}.")
        raise CannotPrint(sentence.format(form=form.title, names=", ".join(wrong)))
    if not all(_is_on_paper(form, spot, dx_mm, dy_mm) for spot in form.spots):
        raise CannotPrint(_("With these offsets part of the form would fall off the paper."))
    pages = [
        [_placed(spot, dx_mm, dy_mm) | {"text": _one_line(values[spot.name])} for spot in form.spots] for values in many
    ]
    return render("office/print/preprinted.typ", _sheet(form) | {"pages": pages}, at=at)


def _one_line(value: object) -> str:
    return " ".join(str(_plain(value)).split())


MM_PER_PT = Decimal("25.4") / 72


def _is_on_paper(form: PreprintedForm, spot: Spot, dx_mm: Decimal, dy_mm: Decimal) -> bool:
    left, baseline = spot.x_mm + dx_mm, spot.y_mm + dy_mm
    top = baseline - spot.size_pt * MM_PER_PT
    return left >= 0 and top >= 0 and left + spot.width_mm <= form.width_mm and (baseline <= form.height_mm)


def _placed(spot: Spot, dx_mm: Decimal, dy_mm: Decimal) -> dict[str, object]:
    """Measures go in as text: a Decimal would be printed as yuan."""
    return {
        "x": str(spot.x_mm + dx_mm),
        "y": str(spot.y_mm + dy_mm),
        "width": str(spot.width_mm),
        "size": str(spot.size_pt),
        "align": spot.align,
    }


def _sheet(form: PreprintedForm) -> dict[str, object]:
    return {"title": form.title, "width": str(form.width_mm), "height": str(form.height_mm)}


def _spot(name: str, x: int, y: int, width: int, align: Literal["left", "right"] = "left") -> Spot:
    return Spot(name, Decimal(x), Decimal(y), Decimal(width), align=align)


ALIGNMENT: Final = register_preprinted(
    PreprintedForm(
        code="alignment",
        title=gettext_lazy("A4 sheet"),
        width_mm=Decimal(210),
        height_mm=Decimal(297),
        spots=(_spot("upper_left", 20, 20, 60), _spot("lower_right", 130, 277, 60, "right")),
    )
)

RECEIPT: Final = register_preprinted(
    PreprintedForm(
        code="receipt",
        title=gettext_lazy("Official receipt"),
        width_mm=Decimal(190),
        height_mm=Decimal(95),
        spots=(
            _spot("number", 140, 18, 40, "right"),
            _spot("date", 30, 28, 40),
            _spot("household_head", 40, 40, 50),
            _spot("village", 115, 40, 65),
            _spot("people", 40, 50, 20, "right"),
            _spot("amount_figures", 115, 50, 45, "right"),
            _spot("amount_capitals", 45, 62, 130),
            _spot("collector", 130, 80, 45),
            _spot("note", 30, 88, 60),
        ),
    )
)


def alignment(form: PreprintedForm, *, printer: str, dx_mm: Decimal, dy_mm: Decimal, at: datetime) -> bytes:
    """The alignment page (套打校准页) of a form on a printer: a millimetre grid to measure against.

    Grid and places are moved by the printer's present offsets, as the form's values would be.
    """
    lines = [
        _("Form: {form}, {width} × {height} mm").format(form=form.title, width=form.width_mm, height=form.height_mm),
        _("Printer: {printer}").format(printer=printer),
        _("Offsets now: {dx} mm to the right, {dy} mm down").format(dx=dx_mm, dy=dy_mm),
        _(
            "Each number should be the distance in millimetres from the edge of the paper. "
            "If 21.5 is measured at 20, lower the offset by 1.5."
        ),
    ]
    data = _sheet(form) | {
        "title": _("Alignment page for pre-printed forms"),
        "dx": str(dx_mm),
        "dy": str(dy_mm),
        "lines": lines,
        "spots": [_placed(spot, Decimal(0), Decimal(0)) for spot in form.spots],
    }
    return render("office/print/alignment.typ", data, at=at)
