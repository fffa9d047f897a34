"""What a page says once after an act lies in a cookie until it is read: sealed, because names of people stand in it."""

from __future__ import annotations

from typing import Any

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage

from office.sealing import box

BOX = "office.notices"


class SealedCookie(CookieStorage):
    """Django's cookie of messages, unreadable to whoever looks into the browser."""

    cookie_name = settings.NOTICES_COOKIE_NAME

    def _encode_parts(self, messages: list[Any], *, encode_empty: bool = False) -> str | None:
        plain = super()._encode_parts(messages, encode_empty=encode_empty)  # type: ignore[misc]  # not in the stubs
        return box(BOX).encrypt(plain.encode()).decode() if plain else plain

    def _decode(self, data: str | None) -> list[Any] | None:
        if not data:
            return None
        try:
            plain = box(BOX).decrypt(data.encode()).decode()
        except (InvalidToken, UnicodeError):
            self.used = True  # forged or of an older version: taken away with the answer
            return None
        found: list[Any] | None = super()._decode(plain)  # type: ignore[misc]
        return found


class Notices(FallbackStorage):
    """The sealed cookie; what is too long for it, in the session."""

    storage_classes = (SealedCookie, SessionStorage)
