"""How pages say the states of payments: {% load paying %}."""

from __future__ import annotations

from django import template

register = template.Library()

#: How a state looks; what is not here is being worked on.
TONES = {
    "made": "waiting",
    "asked": "waiting",
    "with_head": "waiting",
    "proposed": "waiting",
    "ordered": "waiting",
    "waiting": "waiting",
    "approved": "running",
    "unknown": "failed",
    "returned": "failed",
    "refused": "failed",
    "stopped": "failed",
    "paid": "done",
    "over": "done",
    "arrived": "done",
    "confirmed": "done",
    "void": "",
    "cancelled": "",
    "withdrawn": "",
}


@register.filter
def payment_tone(state: str) -> str:
    """How a state of a payment, a batch, an order or a request looks."""
    return TONES.get(state, "running")
