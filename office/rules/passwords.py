"""Words of the office that everybody would try first in a password (OWASP ASVS 5.0.0, 6.1.2 and 6.2.11)."""

from __future__ import annotations

from collections.abc import Iterable

#: The product, the funds and the work, as people here type them: in pinyin, by initials, in English, in Chinese.
OFFICE_WORDS = (
    "新农合",
    "合作医疗",
    "医保",
    "农合",
    "xinnonghe",
    "nonghe",
    "hezuoyiliao",
    "yibao",
    "yiliaobaoxian",
    "county-fund",
    "countyfund",
    "county_fund",
    "kuaiji",
    "chuna",
    "zhuren",
    "guanliyuan",
    "administrator",
    "admin",
    "accountant",
    "cashier",
    "auditor",
)


def office_word_in(password: str, words: Iterable[str]) -> str | None:
    """The first of these words that a password is built on, whatever the case; None if it uses none."""
    lower = password.casefold()
    return next((word for word in words if word.casefold() in lower), None)
