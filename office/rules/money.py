"""Money is yuan as Decimal with two places, never a float (docs/rules/money-and-days.md)."""

import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Final

from office.rules import gettext_noop

FEN: Final = Decimal("0.01")
WAN: Final = Decimal(10_000)
LARGEST: Final = Decimal("9999999999999.99")

REFUSALS: Final = {
    "empty": gettext_noop("Enter an amount."),
    "not_an_amount": gettext_noop("“{text}” is not an amount: write it like 12345.60."),
    "grouping": gettext_noop("In “{text}” the commas are not at the thousands: write 12,345.60 or 12345.60."),
    "decimals": gettext_noop("“{text}” has more than two places after the point: fen is the last."),
    "too_large": gettext_noop("“{text}” is too large: at most 12 digits before the point."),
    "negative": gettext_noop("“{text}” is negative: write the amount without the minus sign."),
    "out_of_range": gettext_noop("{amount} is larger than amounts can be written in capitals."),
}


class CannotCount(ValueError):
    """A text or value that is no amount of money; `code` is stable, `sentence` is translatable."""

    def __init__(self, code: str, **params: str) -> None:
        self.code = code
        self.sentence = REFUSALS[code]
        self.params = params
        super().__init__(self.sentence.format(**params))


def yuan(value: Decimal | int | str) -> Decimal:
    """The value in yuan, rounded half up to the fen.

    A float (or bool) raises TypeError: it has already lost what it was. NaN, Infinity and text
    that is no number raise CannotCount.
    """
    if isinstance(value, bool) or not isinstance(value, Decimal | int | str):
        raise TypeError(f"Money is a Decimal, never a {type(value).__name__}.")
    try:
        rounded = Decimal(value).quantize(FEN, ROUND_HALF_UP)
    except InvalidOperation as fault:
        raise CannotCount("not_an_amount", text=str(value)) from fault
    if not rounded.is_finite():
        raise CannotCount("not_an_amount", text=str(value))
    return rounded + 0  # adding zero turns -0.00 into 0.00


# What a Chinese input method gives for the keys of an amount; other look-alikes (½, ², ①) stay
# and are refused, because their value is not what it seems.
KEYS = str.maketrans("０１２３４５６７８９，．。￥－−", "0123456789,..¥--")
AMOUNT = re.compile(r"(?P<minus>-?)¥? *(?P<whole>[0-9][0-9,]*|)(?:\.(?P<part>[0-9]*))? *元?")
GROUPED = re.compile(r"[0-9]*|[0-9]{1,3}(?:,[0-9]{3})+")
MOST_WHOLE_DIGITS = 12
MOST_DECIMALS = 2


def parse(text: str, *, signed: bool = False) -> Decimal:
    """The amount in yuan that a clerk typed, such as 12345.6, 12,345.60 or １２，３４５．６元.

    Nothing is rounded and nothing is guessed: whatever is not plainly an amount to the fen
    raises CannotCount. A minus sign is taken only where the caller allows it (corrections).
    """
    typed = text.strip()
    if not typed:
        raise CannotCount("empty")
    found = AMOUNT.fullmatch(typed.translate(KEYS).strip())
    if not found or not (found["whole"] or found["part"]):
        raise CannotCount("not_an_amount", text=typed)
    code = _fault(found["whole"], found["part"] or "")
    if found["minus"] and not signed:
        code = "negative"
    if code:
        raise CannotCount(code, text=typed)
    whole = found["whole"].replace(",", "") or "0"
    return yuan(f"{found['minus']}{whole}.{found['part'] or '0'}")


def _fault(whole: str, part: str) -> str:
    """The code of what is wrong with the digits before and after the point, or nothing."""
    if not GROUPED.fullmatch(whole):
        return "grouping"
    if len(part) > MOST_DECIMALS:
        return "decimals"
    if len(whole.replace(",", "").lstrip("0")) > MOST_WHOLE_DIGITS:
        return "too_large"
    return ""


def shown(amount: Decimal | int | str) -> str:
    """The amount in yuan as pages and prints show it: 12,345.60, negative -12,345.60."""
    return f"{yuan(amount):,.2f}"


def wan(amount: Decimal | int | str) -> str:
    """The amount in 万元 (ten thousand yuan) with two places, rounded once, half up: 1,234.56."""
    return f"{(yuan(amount) / WAN).quantize(FEN, ROUND_HALF_UP) + 0:,.2f}"


def fen(amount: Decimal | int | str) -> int:
    """The amount as whole fen, for sums and shares that must come out even."""
    return int(yuan(amount).scaleb(2))


def from_fen(count: int) -> Decimal:
    """The amount in yuan of so many whole fen; anything but an int raises TypeError."""
    if isinstance(count, bool) or not isinstance(count, int):
        raise TypeError(f"Fen are whole numbers, never a {type(count).__name__}.")
    return yuan(Decimal(count).scaleb(-2))


DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("仟", "佰", "拾", "")
FOUR_PLACES = 10**4
EIGHT_PLACES = 10**8


def capitals(amount: Decimal | int | str) -> str:
    """The amount in Chinese capitals (大写), without the word 人民币 that forms carry in print.

    By the rules for filling in bills and settlement vouchers (正确填写票据和结算凭证的基本规定,
    annex 1 of 支付结算办法, 银发〔1997〕393号). Where they allow two readings, the one they name
    first is written. Above 9,999,999,999,999.99 raises CannotCount.
    """
    exact = yuan(amount)
    if abs(exact) > LARGEST:
        raise CannotCount("out_of_range", amount=shown(exact))
    sign = "负" if exact < 0 else ""
    whole, part = divmod(abs(fen(exact)), 100)
    if not part:
        return f"{sign}{_whole(whole) or '零'}元整"
    units = f"{_whole(whole)}元" if whole else ""
    return sign + units + _part(whole, *divmod(part, 10))


def _part(whole: int, jiao: int, fen_digit: int) -> str:
    """角 and 分 after whole yuan; 零 stands for a 0 at 角, or at 元 before 角."""
    skipped = whole and (not jiao or whole % 10 == 0)
    words = "零" if skipped else ""
    if jiao:
        words += f"{DIGITS[jiao]}角"
    if fen_digit:
        words += f"{DIGITS[fen_digit]}分"
    return words


def _whole(number: int) -> str:
    """A whole number in capitals, nothing for 0: 亿 and 万 cut it into groups of four digits."""
    if number >= EIGHT_PLACES:
        return _joined(number, EIGHT_PLACES, "亿")
    if number >= FOUR_PLACES:
        return _joined(number, FOUR_PLACES, "万")
    return _four(number)


def _joined(number: int, size: int, word: str) -> str:
    """The part above 亿 or 万 and the part below it, with one 零 where the lower begins with 0."""
    high, low = divmod(number, size)
    gap = "零" if 0 < low < size // 10 else ""
    return f"{_whole(high)}{word}{gap}{_whole(low)}"


def _four(number: int) -> str:
    """A number below 10,000 in capitals: zeros inside are read once, zeros at the end never."""
    digits = f"{number:04d}".rstrip("0")
    words = "".join(
        DIGITS[int(digit)] + (place if digit != "0" else "") for digit, place in zip(digits, PLACES, strict=False)
    )
    return re.sub("零+", "零", words).lstrip("零")
