"""What is wrong with a row, in words: for the pages, the files of faulty rows and the commands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from enrollment.rules.faults import Fault

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

CODES: dict[str, StrPromise] = {
    "amount_unreadable": _("no amount"),
    "birth_date_mismatch": _("birth date does not fit"),
    "category_unknown": _("unknown category of person"),
    "code_format": _("no division's code"),
    "code_twice": _("division twice in the file"),
    "covered_already": _("covered already"),
    "day_unreadable": _("no day"),
    "dead": _("dead in the register"),
    "fee_over": _("paid too much"),
    "fee_short": _("paid too little"),
    "head_missing": _("household without a head"),
    "head_twice": _("household with several heads"),
    "id_check_digit": _("wrong check digit of the ID number"),
    "id_format": _("no ID number"),
    "id_in_other_scheme": _("insured in another basic scheme"),
    "id_missing": _("ID number missing"),
    "id_twice": _("person twice in the file"),
    "level_mismatch": _("level does not fit the code"),
    "level_unknown": _("unknown level of division"),
    "name_mismatch": _("another name in the register"),
    "name_missing": _("name missing or unreadable"),
    "not_living": _("belongs to no household any more"),
    "opened_already": _("balance brought along already"),
    "outside_year": _("outside the fund year"),
    "owner_missing": _("nobody is named"),
    "owner_twice": _("twice in the file"),
    "owner_unknown": _("not in the register"),
    "paid_already": _("paid already"),
    "parent_mismatch": _("code does not lie in its parent"),
    "parent_unknown": _("unknown parent"),
    "receipt_twice": _("receipt of two households"),
    "receipt_unknown": _("receipt not issued to the township"),
    "sex_mismatch": _("sex does not fit"),
    "village_unknown": _("unknown village"),
}

#: By code and detail; a detail that is data (a row, an amount, a day) has the detail "" here and stands in the words.
REASONS: dict[tuple[str, str], StrPromise] = {
    ("amount_unreadable", ""): _("This is no amount in yuan and whole fen."),
    ("birth_date_mismatch", ""): _("The ID number says %(detail)s."),
    ("birth_date_mismatch", "unreadable"): _("This is no date: write it as 1980-01-31."),
    ("birth_date_mismatch", "future"): _("This day lies after the end of the year, or has not come yet."),
    ("category_unknown", ""): _("The office does not know this category of people."),
    ("code_format", ""): _("A code has 6, 9 or 12 digits."),
    ("code_twice", ""): _("The same code stands in row %(detail)s."),
    ("covered_already", ""): _("The register has a coverage in the scheme %(detail)s on some of these days."),
    ("day_unreadable", ""): _("This is no date: write it as 2010-01-31."),
    ("dead", ""): _("The register has this person as dead since %(detail)s."),
    ("fee_over", ""): _("The contribution is %(detail)s yuan."),
    ("fee_short", ""): _("The contribution is %(detail)s yuan."),
    ("fee_short", "unreadable"): _("This is no amount: write the yuan in digits, or nothing if nobody paid."),
    ("head_missing", ""): _("Nobody in this household is marked as its head."),
    ("head_missing", "household_missing"): _("The household number is missing, or longer than 24 characters."),
    ("head_twice", ""): _("Several people are marked as head: rows %(detail)s."),
    ("id_check_digit", "check_digit"): _("One digit of the number is wrong: compare it with the card."),
    ("id_check_digit", "excel_zeros"): _("A spreadsheet rounded this number: type it again, as text."),
    ("id_format", "excel_number"): _("A spreadsheet made a figure of this number and lost its end: type it as text."),
    ("id_format", "length"): _("An ID number has 18 or 15 places."),
    ("id_format", "characters"): _("An ID number has digits only, and X at most as its last place."),
    ("id_format", "birth_date"): _("The birth date in this number does not exist."),
    ("id_format", "future"): _("By this number the person is not born yet."),
    ("id_in_other_scheme", ""): _("This person is insured in the same time in the scheme %(detail)s."),
    ("id_missing", ""): _("An ID number is needed from 16 on, and by whoever has no birth date."),
    ("id_missing", "by_name"): _("Without an ID number the person is looked for by name and village."),
    ("id_missing", "village"): _("Without an ID number the village must be given."),
    ("id_missing", "warning"): _("The ID number is still to come: the person is under 16."),
    ("id_twice", ""): _("The same person stands in row %(detail)s."),
    ("level_mismatch", ""): _("By its code this is a %(detail)s."),
    ("level_unknown", ""): _("The level is county, township or village."),
    ("name_mismatch", ""): _("The register says %(detail)s."),
    ("name_missing", ""): _("The name is missing."),
    ("name_missing", "missing"): _("The name is missing."),
    ("name_missing", "length"): _("A name has 50 characters at most."),
    ("name_missing", "characters"): _("This is no name."),
    ("name_missing", "unreadable"): _("A character of the name was lost on the way: write it again."),
    ("not_living", ""): _("By the register this person died or moved away."),
    ("opened_already", ""): _("A balance as of %(detail)s is in the account already."),
    ("outside_year", ""): _("The coverage would begin outside the fund year."),
    ("owner_missing", ""): _("Give the ID number, or the household number and the name."),
    ("owner_twice", ""): _("Row %(detail)s is about the same one."),
    ("owner_unknown", "list"): _("The register has nobody like that, or several."),
    ("owner_unknown", ""): _("The register has nobody like that, or several: bring the register along first."),
    ("paid_already", ""): _("A contribution for this year is noted already."),
    ("parent_mismatch", ""): _("By its code it lies in %(detail)s."),
    ("parent_unknown", ""): _("Neither the file nor the office has this division."),
    ("receipt_twice", ""): _("Another household has this receipt: rows %(detail)s."),
    ("receipt_twice", "error"): _("This receipt is void, or the office has it for somebody else."),
    ("receipt_unknown", ""): _("This number is in no receipt book that the township uses."),
    ("sex_mismatch", ""): _("The ID number says otherwise."),
    ("sex_mismatch", "unreadable"): _("Write 男 or 女, M or F."),
    ("village_unknown", ""): _("The office has no village with this code among those you work for."),
    ("village_unknown", "missing"): _("The village code is missing."),
    ("village_unknown", "out_of_sight"): _(
        "The register has this person or household in a township that you do not work for."
    ),
}


def register(codes: Mapping[str, StrPromise], reasons: Mapping[tuple[str, str], StrPromise]) -> None:
    """What other apps' files can have wrong with them, in words."""
    CODES.update(codes)
    REASONS.update(reasons)


def name_of(code: str) -> str:
    """A code in a few words."""
    return str(CODES.get(code, code))


def reason(fault: Fault) -> str:
    """Why a row cannot be taken, or what is still missing in it, as a sentence."""
    words = REASONS.get((fault.code, fault.detail or fault.level)) or REASONS.get((fault.code, fault.detail))
    return str(words or REASONS[fault.code, ""]) % {"detail": fault.detail}


def told(fault: Fault) -> dict[str, object]:
    """A fault as programs read it."""
    return {
        "row": fault.row,
        "column": str(fault.column),
        "code": fault.code,
        "level": str(fault.level),
        "value": fault.value,
        "reason": reason(fault),
    }
