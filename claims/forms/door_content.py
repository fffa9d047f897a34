"""A claim as a hospital's program sent it, made into what intake enters: codes become what they stand for."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from claims import plan_words
from claims.door_words import CannotAnswer, Field
from claims.forms.door import ClaimAsked, CostLine
from claims.models import CatalogueEntry, Disease, Provider
from claims.rules.bills import amount_of
from claims.selectors import door as selectors
from claims.selectors import picking
from claims.selectors.intake_content import Bill, Content, Line
from enrollment.models import Member, Scheme

SAME = (
    *("kind", "admitted_on", "discharged_on", "settled_on", "hospital_number", "department", "diagnosis"),
    *("is_referred", "is_emergency", "is_tcm", "delivery", "ground", "employment", "other_payers", "phone", "note"),
)


def content_of(asked: ClaimAsked, provider: Provider) -> Content:
    """The claim, of the token's own hospital. Raises CannotAnswer with everything that is wrong."""
    member = selectors.patient(asked.patient.id_number, asked.patient.name)
    faults = list(selectors.strange_days(_days(asked)))
    disease = Disease.objects.filter(code=asked.disease, is_used=True).first()
    if disease is None:
        faults.append(Field("disease", _("The office has no disease in use that is called so.")))
    scheme = Scheme.objects.filter(code=asked.scheme).first() if asked.scheme is not None else None
    if scheme is None and asked.scheme is not None:
        faults.append(Field("scheme", _("The office has no scheme with this code.")))
    known = {} if faults else _entries(asked, member, scheme)
    faults += _wrong_lines(asked, known) if not faults else []
    if faults or disease is None:
        raise CannotAnswer("claim_refused", errors=faults)
    return Content(
        **{name: getattr(asked, name) for name in SAME},
        member=member,
        provider=provider,
        disease=disease,
        scheme=scheme,
        payee_kind=asked.payee,
        lines=_lines(asked, known),
        invoices=[Bill(one.type_code, one.number, one.amount, one.issued_on) for one in asked.invoices],
        papers=frozenset(asked.papers),
    )


def _days(asked: ClaimAsked) -> Iterator[tuple[str, Any]]:
    for name in ("admitted_on", "discharged_on", "settled_on"):
        yield name, getattr(asked, name)
    for place, one in enumerate(asked.invoices):
        yield f"invoices.{place}.issued_on", one.issued_on


def _entries(asked: ClaimAsked, member: Member, scheme: Scheme | None) -> dict[str, CatalogueEntry]:
    """The catalogue's entries of the day of discharge, by their codes; nothing is asked where no line names one."""
    codes = [one.code for one in asked.lines if one.code is not None]
    if not codes:
        return {}
    of = scheme or picking.scheme_of(member, asked.admitted_on)
    return picking.items_by_code(codes, of, asked.discharged_on)


def _wrong_lines(asked: ClaimAsked, known: dict[str, CatalogueEntry]) -> list[Field]:
    found = ((place, _wrong(one, known.get(one.code or ""))) for place, one in enumerate(asked.lines))
    return [Field(f"lines.{place}", sentence) for place, sentence in found if sentence]


def _wrong(line: CostLine, entry: CatalogueEntry | None) -> str:
    """What is wrong with one line; nothing where it agrees with the catalogue, or names no entry."""
    if (line.code is None) != (line.quantity is None) or (line.code is None) != (line.price is None):
        return _("Code, quantity and price go together.")
    if line.code is None:
        return ""
    if entry is None:
        return _("The catalogue in force on the day of discharge has no such code.")
    if (line.group, line.item_class) != (entry.group, entry.item_class):
        return _("The catalogue has this code under group %(group)s and class %(item_class)s.") % {
            "group": entry.group,
            "item_class": entry.item_class,
        }
    if line.amount != amount_of(line.quantity or Decimal(0), line.price or Decimal(0)):
        return _("The amount is quantity times price, to the fen.")
    return ""


def _lines(asked: ClaimAsked, known: dict[str, CatalogueEntry]) -> list[Line]:
    """The cost lines; those of the catalogue are called as it calls them, others without a name as their group."""
    with translation.override("zh-hans"):
        groups = {one.group: str(plan_words.GROUPS[one.group]) for one in asked.lines}
    lines = []
    for one in asked.lines:
        entry = known.get(one.code or "")
        name = entry.name if entry else one.name or groups[one.group]
        more = (entry.pk, one.quantity, one.price) if entry else ()
        lines.append(Line(name, one.item_class, one.group, one.amount, *more))
    return lines
