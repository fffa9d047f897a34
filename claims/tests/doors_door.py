"""The doors of the hospitals' tokens, and the addresses that open to such a token alone."""

from __future__ import annotations

from collections.abc import Callable

from claims.models import DoorToken
from claims.tests import door
from office.models import Duty

KEEPER = frozenset({Duty.SECURITY_ADMINISTRATOR})
WATCHERS = KEEPER | {Duty.INTERNAL_AUDITOR, Duty.STATE_AUDITOR, Duty.SECURITY_AUDITOR}

DOORS: dict[str, frozenset[str]] = {
    "claims:door_tokens": WATCHERS,
    "claims:door_token": WATCHERS,
    "claims:door_token_give": KEEPER,
    "claims:door_token_revoke": KEEPER,
}

#: The door's document, which everybody may read.
DOCUMENT: dict[str, frozenset[str]] = {"door:openapi-json": frozenset({*Duty, "stranger"})}

#: Addresses for programs: no duty and no session opens them (claims/tests/test_door.py), with what each answers to.
BY_TOKEN: dict[str, tuple[str, list[object]]] = {
    "door:eligibility": ("POST", []),
    "door:preview": ("POST", []),
    "door:claims": ("POST", []),
    "door:claim": ("GET", ["20100000001"]),
}

Arguments = Callable[[str], list[object]]


def addresses() -> dict[str, Arguments]:
    """What each door's address needs."""

    def one(duty: str) -> list[object]:
        return [(DoorToken.objects.first() or door.hospital().token).pk]

    return {"claims:door_token": one, "claims:door_token_revoke": one}
