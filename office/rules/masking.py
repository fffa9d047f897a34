"""How numbers that point to a person are hidden where nobody needs them whole: pages, lists, slips.

Whoever needs one whole asks for it, and that is an act (个人信息保护法: as little as the purpose needs).
"""

from __future__ import annotations

import re
from typing import Final

FRONT: Final = 6  # the division of an ID number, the bank of an account
TAILS: Final = {18: 4, 15: 3}  # of 15 digits three: the fourth from the end still belongs to the birth date
MOBILE: Final = 11  # digits of a mobile number
MOBILE_FRONT: Final = 3
PHONE_TAIL: Final = 4
SHORTEST: Final = 13  # a division's code has twelve digits, a telephone eleven: they stay legible in running text
DIGIT: Final = re.compile(r"[0-9０-９]")
RUN: Final = re.compile(rf"[0-9０-９](?:[ \-\u3000]?[0-9０-９]){{{SHORTEST - 1},}}[XxＸｘ]?")
WHOLE: Final = re.compile(r"[0-9]{15}|[0-9]{17}[0-9Xx]")


def masked(number: str) -> str:
    """An ID number as lists show it: the division and the end stay, the birth date and what is between are stars.

    Of what is none, too short or too long or with other characters in it, every digit is a star.
    """
    if WHOLE.fullmatch(number) is None:
        return DIGIT.sub("*", number)
    tail = TAILS[len(number)]
    return f"{number[:FRONT]}{'*' * (len(number) - FRONT - tail)}{number[-tail:]}"


def masked_account(number: str) -> str:
    """An account number: its last four digits."""
    return f"**** {number[-4:]}"


def masked_phone(number: str) -> str:
    """A telephone number: its last four digits, and of a mobile one the first three; the digits between are stars."""
    found = list(DIGIT.finditer(number))
    is_mobile = len(found) == MOBILE and found[0].group() in "1１"
    front = MOBILE_FRONT if is_mobile else 0
    hidden = {one.start() for one in found[front:-PHONE_TAIL]}
    return "".join("*" if place in hidden else sign for place, sign in enumerate(number))


def masked_within(text: str) -> str:
    """A text in which every number that is long enough for an ID number or an account is masked."""
    return RUN.sub(lambda found: masked(found.group()), text)
