"""The words of a claim that are no choices of its model: whom it is paid to, which papers it needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from claims.rules import papers

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

#: What the payee is to the patient, by the code that stands on the claim.
RELATIONS: dict[str, StrPromise] = {
    "self": _("the patient himself"),
    "household": _("account of the household"),
    "provider": _("the hospital, which has paid in advance"),
}


def relation(code: str) -> str:
    """What the payee is to the patient, in words."""
    return str(RELATIONS.get(code, code))


def paper(code: str) -> str:
    """A paper in the reader's language; the code where no list has it."""
    found = papers.by_code(code)
    if found is None:
        return code
    return found.zh if (get_language() or "zh").startswith("zh") else found.en
