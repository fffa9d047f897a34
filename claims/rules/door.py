"""A hospital's token as text: what it looks like, what of it is kept, and whether two are the same."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Callable, Sequence
from typing import Final

MARK: Final = "hd"  # by it programs that look for lost secrets find one in a file
ALPHABET: Final = "abcdefghijkmnpqrstuvwxyz23456789"  # 32 letters: five bits each
PREFIX: Final = 8
SECRET: Final = 52  # 260 bits
SHAPE: Final = re.compile(rf"{MARK}_([{ALPHABET}]{{{PREFIX}}})_[{ALPHABET}]{{{SECRET}}}")


def made(choose: Callable[[Sequence[str]], str]) -> str:
    """A token, letter by letter from the system's random source."""
    prefix, secret = ("".join(choose(ALPHABET) for _place in range(length)) for length in (PREFIX, SECRET))
    return written(prefix, secret)


def written(prefix: str, secret: str) -> str:
    """A token from its two pieces."""
    return f"{MARK}_{prefix}_{secret}"


def prefix_of(token: str) -> str:
    """By what a token is looked up; nothing of what is none."""
    found = SHAPE.fullmatch(token)
    return found[1] if found else ""


def hash_of(token: str) -> str:
    """What is kept of a token: it cannot be guessed back from this, because nobody chose it."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def is_the_same(kept: str, token: str) -> bool:
    """Whether this is the token whose hash is kept; as slow for a wrong one as for the right one."""
    return hmac.compare_digest(kept, hash_of(token))


def hash_of_request(method: str, path: str, body: object) -> str:
    """What a key of repetition stands for: method, path, and the body's content, however it is set out."""
    plain = json.dumps(body, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(f"{method} {path} {plain}".encode()).hexdigest()
