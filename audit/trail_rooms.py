"""What the pages of the trail tell the office: where stories are, which further columns are masked."""

from __future__ import annotations

from collections.abc import Mapping

from django.urls import reverse

from audit import fact_words
from audit.selectors import stories
from office import history, trail
from office.rules import masking

MASKS = {
    ("claims.provideraccount", "number"): masking.masked_account,
    ("enrollment.payeeaccount", "number"): masking.masked_account,
    ("funds.payeeconfirmation", "number"): masking.masked_account,
    ("funds.premium", "account"): masking.masked_account,
}


def register() -> None:
    """Called once when the app is ready."""
    trail.register_story(story_address)
    trail.register_facts(facts)
    history.register_masks(MASKS)
    history.register_sight(stories.sees)


def facts(told: Mapping[str, object], kind: str) -> list[tuple[str, str]]:
    """The facts of an act in words."""
    return [(one.label, one.value) for one in fact_words.told(told, kind)]


def story_address(kind: str, number: str) -> str:
    """Where the story of a thing is told; "" for a kind that nobody knows."""
    return reverse("audit:story", args=[kind, number]) if fact_words.model_of(kind) is not None else ""
