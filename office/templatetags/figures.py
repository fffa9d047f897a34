"""How pages show money, days and figures that were kept: {% load figures %}."""

from decimal import Decimal

from django import template

from office import sentences, words
from office.rules import money as rules

register = template.Library()
register.filter("period", words.period)
register.filter("until", words.until)
register.filter("told", sentences.shown)

Amount = Decimal | int | str | None


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
