"""How pages say the faults of documents, and the codes of claims: {% load claims %}."""

from __future__ import annotations

from django import template
from django.utils.translation import get_language

from claims import claim_words, plan_words
from claims.rules.faults import Fault
from office import trail
from office.rules import masking

register = template.Library()


@register.filter
def said(fault: Fault) -> str:
    """A fault in the reader's language."""
    return fault.zh if (get_language() or "zh").startswith("zh") else fault.en


#: How a claim's state looks; what is not here is being worked on.
TONES = {
    "entered": "waiting",
    "returned": "waiting",
    "approved": "done",
    "payable": "done",
    "paid": "done",
    "refused": "failed",
    "void": "",
    "reversed": "",
}


@register.filter
def tone(state: str) -> str:
    """How a claim's state looks."""
    return TONES.get(state, "running")


@register.filter
def relation(code: str) -> str:
    """What the payee is to the patient."""
    return claim_words.relation(code)


@register.filter
def paper(code: str) -> str:
    """A paper by its code."""
    return claim_words.paper(code)


@register.filter
def group(code: str) -> str:
    """A group of cost items by its code."""
    return plan_words.word(plan_words.GROUPS, code)


@register.filter
def account(number: str) -> str:
    """An account number, masked."""
    return masking.masked_account(number) if number else ""


@register.filter
def act(name: str) -> str:
    """An act by its name, in words."""
    return trail.words_for(name)
