"""Codes that change with time (RFC 6238): six digits from a shared secret and the number of the half minute.

The hash is SHA-1, which every authenticator program knows; RFC 6238 builds on HMAC, where SHA-1 still holds.
"""

from __future__ import annotations

import base64
import hmac
import unicodedata
from datetime import datetime
from urllib.parse import quote, urlencode

STEP_SECONDS = 30
DIGITS = 6
NEIGHBOURS = (0, -1, 1)  # clocks differ, and people type slowly
SECRET_BYTES = 20


def step_of(at: datetime) -> int:
    """The number of the half minute, counted from 1970."""
    return int(at.timestamp()) // STEP_SECONDS


def code_at(secret: bytes, step: int, *, digits: int = DIGITS) -> str:
    """The code of one half minute."""
    told = hmac.digest(secret, step.to_bytes(8, "big"), "sha1")
    start = told[-1] & 0x0F
    number = int.from_bytes(told[start : start + 4], "big") & 0x7FFFFFFF
    return str(number % 10**digits).zfill(digits)


def matching_step(secret: bytes, code: str, at: datetime) -> int | None:
    """The half minute that a code belongs to: this one, the one before or the one after; else None."""
    typed = plain(code)
    now = step_of(at)
    found = [now + offset for offset in NEIGHBOURS if hmac.compare_digest(code_at(secret, now + offset), typed)]
    return found[0] if found else None


def plain(code: str) -> str:
    """A code as typed, without gaps and with full-width digits made plain; anything else than digits is no code."""
    typed = "".join(unicodedata.normalize("NFKC", code).split())
    return typed if typed.isascii() and typed.isdigit() else ""


def written(secret: bytes) -> str:
    """The secret in base32, as authenticator programs take it by hand."""
    return base64.b32encode(secret).decode().rstrip("=")


def read(text: str) -> bytes:
    """The secret from its base32."""
    return base64.b32decode(text + "=" * (-len(text) % 8))


def address(secret: bytes, *, name: str, issuer: str) -> str:
    """The otpauth address that the QR code holds."""
    facts = urlencode({"secret": written(secret), "issuer": issuer}, quote_via=quote)
    return f"otpauth://totp/{quote(issuer)}:{quote(name)}?{facts}"
