"""How pages show money and private numbers: {% load figures %}."""

from decimal import Decimal

from django import template

from office import words
from office.rules import money as rules

register = template.Library()
register.filter("period", words.period)
register.filter("until", words.until)

Amount = Decimal | int | str | None

SHORTEST_LONG_NUMBER = 11  # digits of a mobile number; identity and account numbers have more


@register.filter
def count(number: int) -> str:
    """How many there are, with its thousands: 386,772."""
    return f"{number:,}"


@register.filter
def yuan(amount: Amount) -> str:
    """An amount in yuan for a column whose head names the unit: 12,345.60; nothing for none."""
    return "" if amount in (None, "") else rules.shown(amount or 0)


@register.filter
def money(amount: Amount) -> str:
    """An amount in yuan with its sign, for running text: ¥12,345.60 or -¥12,345.60."""
    figures = yuan(amount)
    if not figures:
        return ""
    return f"-¥{figures[1:]}" if figures.startswith("-") else f"¥{figures}"


@register.filter
def capitals(amount: Amount) -> str:
    """An amount in Chinese capitals (大写): 壹万贰仟叁佰肆拾伍元陆角."""
    return "" if amount in (None, "") else rules.capitals(amount or 0)


@register.filter
def wan(amount: Amount) -> str:
    """An amount in yuan as 万元 with two places, for summaries whose head says 万元: 1,234.56."""
    return "" if amount in (None, "") else rules.wan(amount or 0)


@register.filter
def masked(number: str | None) -> str:
    """An identity, telephone or account number with its middle hidden: 622****1234.

    A number shorter than a mobile number keeps at most its last quarter, so that what is hidden
    cannot be guessed from what is shown.
    """
    digits = (number or "").strip()
    if not digits:
        return ""
    if len(digits) >= SHORTEST_LONG_NUMBER:
        return f"{digits[:3]}****{digits[-4:]}"
    return f"****{digits[len(digits) - len(digits) // 4 :]}"
