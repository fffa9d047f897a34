"""Who somebody is, as a clerk typed it from the card or the household book: read, checked, and found by."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enrollment.models import Category, Member, Relation
from enrollment.models.households import MemberQuerySet
from enrollment.rules import categories, id_numbers, person_names
from enrollment.services import keeping
from enrollment.services.keeping import CannotKeep
from enrollment.services.search_keys import search_keys_of
from office.models import Person

RIGHT = "enrollment.view_member"

ID_WORDS = {
    id_numbers.Kind.EXCEL_NUMBER: gettext_lazy("A spreadsheet cut this number off. Type it from the card."),
    id_numbers.Kind.EXCEL_ZEROS: gettext_lazy("A spreadsheet put zeros at its end. Type the number from the card."),
    id_numbers.Kind.LENGTH: gettext_lazy("An ID number has 18 digits, an old one 15. Count them again."),
    id_numbers.Kind.CHARACTERS: gettext_lazy("An ID number has digits alone, and at most an X at its end."),
    id_numbers.Kind.BIRTH_DATE: gettext_lazy("The birth date in this ID number is no day of the calendar."),
    id_numbers.Kind.FUTURE: gettext_lazy("The birth date in this ID number has not come yet."),
    id_numbers.Kind.CHECK_DIGIT: gettext_lazy("A digit of this ID number is wrong: its last digit does not fit."),
}
NAME_WORDS = {
    person_names.Kind.MISSING: gettext_lazy("Type the name."),
    person_names.Kind.LENGTH: gettext_lazy("A name has at most 50 characters."),
    person_names.Kind.CHARACTERS: gettext_lazy("A name has characters or letters and the dot · alone."),
    person_names.Kind.UNREADABLE: gettext_lazy("A character of this name can be read on one computer only."),
}


@dataclass(frozen=True)
class Entry:
    """A person as typed. A blank ID number is still to be added (待补), None leaves the one that is known."""

    name: str
    id_number: str | None = ""
    sex: str = ""
    birth_date: date | None = None
    relation: str = Relation.OTHER
    category: str = Category.ORDINARY


def read(entry: Entry, *, today: date, known: Member | None = None) -> dict[str, Any]:
    """The fields of a member that an entry gives; `known` is the member whom it corrects. Raises CannotKeep."""
    name = person_names.normalise(entry.name)
    fault = person_names.fault_of(name)
    if fault is not None:
        raise CannotKeep(str(NAME_WORDS[fault]), "name")
    fields = {"name": name, "search_keys": search_keys_of(name), "category": entry.category}
    if entry.id_number is None and known is not None:
        given = known.id_given or known.id_number or ""
    else:
        given = id_numbers.plain(entry.id_number or "")
    if given:
        return fields | _from_number(given, entry, today)
    return fields | _without_number(entry, today, known)


@contextmanager
def given_once(fields: dict[str, Any], by: Person, *, known: Member | None = None) -> Iterator[None]:
    """Save within this: an ID number that is somebody else's already is refused, and whose it is told. The number of a
    double is that of the one who is kept; he alone may take it over (`known` is the member who is corrected)."""
    number = fields["id_number"]
    living = Member.objects.exclude(state=Member.State.MERGED).filter(id_number=number)
    with keeping.refusing("member_id_number_is_one_persons", lambda: _whose(living, by), "id_number"):
        yield
    kept = Member.objects.filter(doubles__id_number=number).exclude(pk__in=[known.pk] if known else [])
    if number and kept.exists():
        raise CannotKeep(_whose(kept, by), "id_number")


def _from_number(given: str, entry: Entry, today: date) -> dict[str, Any]:
    try:
        number = id_numbers.read(given, on=today)
    except id_numbers.IdFault as fault:
        raise CannotKeep(str(ID_WORDS[fault.kind]), "id_number") from fault
    if entry.birth_date not in {None, number.birth_date}:
        told = _("The ID number says %(day)s. One of the two is wrong.") % {"day": number.birth_date.isoformat()}
        raise CannotKeep(told, "birth_date")
    if entry.sex not in {"", number.sex}:
        raise CannotKeep(_("The ID number says the other sex. One of the two is wrong."), "sex")
    return {
        "id_number": number.eighteen,
        "id_given": number.number if len(number.number) == id_numbers.OLD else "",
        "birth_date": number.birth_date,
        "sex": number.sex,
    }


def _without_number(entry: Entry, today: date, known: Member | None) -> dict[str, Any]:
    """Under 16 the number may come later; a member who never had one does not need it for another correction."""
    if entry.birth_date is None:
        raise CannotKeep(_("Without an ID number the birth date is needed."), "birth_date")
    if entry.birth_date > today:
        raise CannotKeep(_("This day has not come yet."), "birth_date")
    if not entry.sex:
        raise CannotKeep(_("Without an ID number the sex is needed."), "sex")
    lacks_one = known is not None and known.id_number is None
    if not lacks_one and not categories.may_lack_id(entry.birth_date, today):
        raise CannotKeep(_("From 16 on everybody has an ID number."), "id_number")
    return {"id_number": None, "id_given": "", "birth_date": entry.birth_date, "sex": entry.sex}


def _whose(found: MemberQuerySet, by: Person) -> str:
    """Whose number it is; of other townships only that it is somebody's there."""
    other = found.visible_to(by, RIGHT).select_related("household").first()
    if other is None:
        return _("Somebody in another township has this ID number. Ask the county office.")
    return _("%(name)s of household %(household)s has this ID number already.") % {
        "name": other.name,
        "household": other.household.number,
    }
