"""What can be wrong with a row of a catalogue or a list of diseases, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

CODES: dict[str, StrPromise] = {
    "class_unknown": _("unknown class"),
    "entry_twice": _("code twice in the file"),
    "group_unfit": _("group of the other catalogue"),
    "group_unknown": _("unknown group of cost"),
    "name_differs": _("another name at the office"),
    "price_unreadable": _("no price"),
    "text_long": _("text too long"),
    "text_missing": _("cell is empty"),
    "text_unreadable": _("unreadable characters"),
    "use_unknown": _("neither in use nor out of use"),
}

#: By code and detail; a detail that is data has the detail "" here and stands in the words.
REASONS: dict[tuple[str, str], StrPromise] = {
    ("class_unknown", ""): _("Write 甲, 乙 or 丙, or A, B, C."),
    ("entry_twice", ""): _("The same code stands in row %(detail)s."),
    ("group_unfit", "drugs"): _("A catalogue of drugs has drugs and herbs alone."),
    ("group_unfit", "services"): _("Drugs and herbs stand in the catalogue of drugs."),
    ("group_unknown", ""): _("Write a group of cost that benefit plans know, such as 检查, 治疗, 手术, 床位, 材料."),
    ("name_differs", ""): _("The office has it as %(detail)s; the name of the file replaces it."),
    ("price_unreadable", ""): _("This is no amount in yuan and whole fen; leave the cell empty where there is none."),
    ("text_long", ""): _("Here stand %(detail)s characters at most."),
    ("text_missing", ""): _("This cell must not be empty."),
    ("text_unreadable", ""): _("A character was lost on the way: write it again."),
    ("use_unknown", ""): _("Write 是 or 否."),
}
