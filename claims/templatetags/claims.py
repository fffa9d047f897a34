"""How pages say the faults of documents: {% load claims %}."""

from __future__ import annotations

from django import template
from django.utils.translation import get_language

from claims.rules.faults import Fault

register = template.Library()


@register.filter
def said(fault: Fault) -> str:
    """A fault in the reader's language."""
    return fault.zh if (get_language() or "zh").startswith("zh") else fault.en
