"""What may be somebody's name for signing in."""

from __future__ import annotations

import re

USER_NAME = r"[a-z0-9.-]{1,60}"


def is_user_name(text: str) -> bool:
    """Whether a name for signing in is made of lower-case letters, digits, dots and dashes alone."""
    return re.fullmatch(USER_NAME, text) is not None
