"""What one person may read once and nobody stores: half a one-time code. Sealed in his session until the next page."""

from __future__ import annotations

from cryptography.fernet import InvalidToken
from django.http import HttpRequest

from office.sealing import box

SESSION_KEY = "shown_once"
BOX = "office.shown_once"


def keep(request: HttpRequest, told: str) -> None:
    """Lay it ready for the next page."""
    if told:
        request.session[SESSION_KEY] = box(BOX).encrypt(told.encode()).decode()


def take(request: HttpRequest) -> str:
    """What is laid ready; given once."""
    try:
        return box(BOX).decrypt(request.session.pop(SESSION_KEY, "").encode()).decode()
    except InvalidToken:
        return ""
