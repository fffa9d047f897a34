"""What can be wrong with a row of a catalogue, of a list of diseases or of what an office brings along, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

CODES: dict[str, StrPromise] = {
    "amount_none": _("no amount above nothing"),
    "amount_not_whole": _("no whole number"),
    "claim_differs": _("rows of one claim differ"),
    "claim_refused": _("intake refuses the claim"),
    "class_unknown": _("unknown class"),
    "counter_opened": _("counter opened already"),
    "counter_twice": _("counter twice in the file"),
    "counter_unknown": _("unknown counter"),
    "delivery_unknown": _("unknown kind of delivery"),
    "disease_unknown": _("unknown disease"),
    "entry_twice": _("code twice in the file"),
    "group_unfit": _("group of the other catalogue"),
    "group_unknown": _("unknown group of cost"),
    "invoice_brought": _("invoice brought along already"),
    "invoice_serves": _("invoice serves a claim"),
    "invoice_twice": _("invoice twice in the file"),
    "kind_unknown": _("unknown kind of claim"),
    "name_differs": _("another name at the office"),
    "price_unreadable": _("no price"),
    "provider_unknown": _("unknown provider"),
    "text_long": _("text too long"),
    "text_missing": _("cell is empty"),
    "text_unreadable": _("unreadable characters"),
    "use_unknown": _("neither in use nor out of use"),
    "year_moved": _("year begun here already"),
    "year_unreadable": _("no year"),
    "yes_unknown": _("neither yes nor no"),
}

#: By code and detail; a detail that is data has the detail "" here and stands in the words.
REASONS: dict[tuple[str, str], StrPromise] = {
    ("amount_none", ""): _("Here stands an amount of more than nothing."),
    ("amount_not_whole", ""): _("Stays are counted in whole numbers."),
    ("claim_differs", ""): _("Row %(detail)s of the same claim says something else."),
    ("claim_refused", ""): _("Intake says: %(detail)s"),
    ("class_unknown", ""): _("Write 甲, 乙 or 丙, or A, B, C."),
    ("counter_opened", ""): _("This counter was brought along already, as of %(detail)s."),
    ("counter_twice", ""): _("Row %(detail)s is about the same counter of the same person."),
    ("counter_unknown", ""): _("The plans of the year have these counters: %(detail)s."),
    ("delivery_unknown", ""): _("Write 顺产 or 剖宫产."),
    ("disease_unknown", ""): _("The office does not know this code: bring the disease in first."),
    ("entry_twice", ""): _("The same code stands in row %(detail)s."),
    ("group_unfit", "drugs"): _("A catalogue of drugs has drugs and herbs alone."),
    ("group_unfit", "services"): _("Drugs and herbs stand in the catalogue of drugs."),
    ("group_unknown", ""): _("Write a group of cost that benefit plans know, such as 检查, 治疗, 手术, 床位, 材料."),
    ("invoice_brought", ""): _("This invoice was brought along already."),
    ("invoice_serves", ""): _("Claim %(detail)s rests on this invoice here."),
    ("invoice_twice", ""): _("The same invoice stands in row %(detail)s."),
    ("kind_unknown", ""): _("Write 住院, 住院分娩, 慢性病, 门诊, 意外伤害 or 特殊门诊."),
    ("name_differs", ""): _("The office has it as %(detail)s; the name of the file replaces it."),
    ("price_unreadable", ""): _("This is no amount in yuan and whole fen; leave the cell empty where there is none."),
    ("provider_unknown", ""): _("The office does not know this code: make the provider known first."),
    ("text_long", ""): _("Here stand %(detail)s characters at most."),
    ("text_missing", ""): _("This cell must not be empty."),
    ("text_unreadable", ""): _("A character was lost on the way: write it again."),
    ("use_unknown", ""): _("Write 是 or 否."),
    ("year_moved", ""): _("Claim %(detail)s of this year was approved here: what was used before comes before it."),
    ("year_unreadable", ""): _("Write the year of the invoice in four digits."),
    ("yes_unknown", ""): _("Write 是 or 否."),
}
