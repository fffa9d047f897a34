"""Money: the same rows as in docs/rules/money-and-days.md, and the edges around them."""

import re
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from office.rules import money

pytestmark = pytest.mark.rules


class TestYuan:
    @pytest.mark.parametrize(
        ("value", "amount"),
        [
            pytest.param("12345.6", "12345.60", id="text"),
            pytest.param(7, "7.00", id="whole number"),
            pytest.param(Decimal("0.005"), "0.01", id="half a fen goes up"),
            pytest.param(Decimal("0.0049"), "0.00", id="below half a fen goes down"),
            pytest.param(Decimal("2.675"), "2.68", id="a half that floats lose"),
            pytest.param(Decimal("-0.005"), "-0.01", id="negative half goes away from zero"),
            pytest.param(Decimal("-0.004"), "0.00", id="no negative zero"),
        ],
    )
    def test_rounds_half_up_to_the_fen(self, value, amount):
        assert str(money.yuan(value)) == amount

    @pytest.mark.parametrize("value", [1.0, True, None, b"1"])
    def test_refuses_other_types(self, value):
        with pytest.raises(TypeError, match="never a"):
            money.yuan(value)

    @pytest.mark.parametrize("value", ["NaN", "sNaN", "Infinity", "-Infinity", "a", "", "1" * 40])
    def test_refuses_what_is_no_amount(self, value):
        with pytest.raises(money.CannotCount) as refusal:
            money.yuan(value)

        assert refusal.value.code == "not_an_amount"


class TestParse:
    @pytest.mark.parametrize(
        ("text", "amount"),
        [
            pytest.param("12345.6", "12345.60", id="one place"),
            pytest.param("12,345.60", "12345.60", id="grouped"),
            pytest.param("１２，３４５．６", "12345.60", id="full width"),
            pytest.param("12。5", "12.50", id="Chinese full stop"),
            pytest.param("¥12.5", "12.50", id="yen sign"),
            pytest.param("￥ 12.50", "12.50", id="full-width sign and a blank"),
            pytest.param("12元", "12.00", id="word yuan"),
            pytest.param("　20 ", "20.00", id="blanks around"),
            pytest.param(".5", "0.50", id="nothing before the point"),
            pytest.param("5.", "5.00", id="nothing after the point"),
            pytest.param("007", "7.00", id="leading zeros"),
            pytest.param("0", "0.00", id="zero"),
            pytest.param("999,999,999,999.99", "999999999999.99", id="twelve digits"),
        ],
    )
    def test_reads_what_a_clerk_types(self, text, amount):
        assert str(money.parse(text)) == amount

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            pytest.param("", "empty", id="empty"),
            pytest.param("　 ", "empty", id="blanks"),
            pytest.param("12.345", "decimals", id="three places"),
            pytest.param("1,23", "grouping", id="short group"),
            pytest.param("1234,567", "grouping", id="long first group"),
            pytest.param("1,,234", "grouping", id="empty group"),
            pytest.param("1,234,", "grouping", id="comma at the end"),
            pytest.param("1000000000000", "too_large", id="thirteen digits"),
            pytest.param("1e5", "not_an_amount", id="exponent"),
            pytest.param("NaN", "not_an_amount", id="NaN"),
            pytest.param("Infinity", "not_an_amount", id="infinity"),
            pytest.param("12.5万", "not_an_amount", id="wan"),
            pytest.param("一百", "not_an_amount", id="words"),
            pytest.param("12 345", "not_an_amount", id="blank inside"),
            pytest.param("1.2.3", "not_an_amount", id="two points"),
            pytest.param("12²", "not_an_amount", id="superscript"),
            pytest.param("١٢", "not_an_amount", id="other digits"),
            pytest.param("1_000", "not_an_amount", id="underscore"),
            pytest.param("+5", "not_an_amount", id="plus"),
            pytest.param(".", "not_an_amount", id="point alone"),
            pytest.param("¥", "not_an_amount", id="sign alone"),
            pytest.param("5\n6", "not_an_amount", id="two lines"),
            pytest.param("-5", "negative", id="minus"),
        ],
    )
    def test_refuses(self, text, code):
        with pytest.raises(money.CannotCount) as refusal:
            money.parse(text)

        assert refusal.value.code == code
        assert str(refusal.value) == refusal.value.sentence.format(**refusal.value.params)

    @pytest.mark.parametrize("text", ["-5", "－５", "−5.00", "-¥5"])
    def test_takes_a_minus_where_the_caller_allows_it(self, text):
        assert money.parse(text, signed=True) == Decimal("-5.00")


AMOUNTS = st.decimals(-money.LARGEST, money.LARGEST, places=2)


class TestShown:
    @pytest.mark.parametrize(
        ("amount", "text"),
        [("12345.6", "12,345.60"), ("0", "0.00"), ("-1234567.8", "-1,234,567.80")],
    )
    def test_groups_by_thousands(self, amount, text):
        assert money.shown(amount) == text

    @given(st.decimals("-999999999999.99", "999999999999.99", places=2))
    def test_is_read_back_by_parse(self, amount):
        assert money.parse(money.shown(amount), signed=True) == amount


class TestWan:
    @pytest.mark.parametrize(
        ("amount", "text"),
        [
            pytest.param("12345600", "1,234.56", id="even"),
            pytest.param("50", "0.01", id="half goes up"),
            pytest.param("49.99", "0.00", id="below half"),
            pytest.param("-50", "-0.01", id="negative"),
            pytest.param("-1", "0.00", id="no negative zero"),
        ],
    )
    def test_has_two_places(self, amount, text):
        assert money.wan(amount) == text


class TestFen:
    @given(AMOUNTS)
    def test_goes_there_and_back(self, amount):
        assert money.from_fen(money.fen(amount)) == amount

    @pytest.mark.parametrize("count", [1.0, True, "1", Decimal(1)])
    def test_takes_whole_numbers_only(self, count):
        with pytest.raises(TypeError, match="whole numbers"):
            money.from_fen(count)


class TestCapitals:
    @pytest.mark.parametrize(
        ("amount", "words"),
        [
            pytest.param("1409.50", "壹仟肆佰零玖元伍角", id="regulation: 0 inside"),
            pytest.param("6007.14", "陆仟零柒元壹角肆分", id="regulation: several 0 inside"),
            pytest.param("1680.32", "壹仟陆佰捌拾元零叁角贰分", id="regulation: 0 at yuan"),
            pytest.param("107000.53", "壹拾万柒仟元零伍角叁分", id="regulation: 0 at wan and yuan"),
            pytest.param("16409.02", "壹万陆仟肆佰零玖元零贰分", id="regulation: 0 at jiao"),
            pytest.param("325.04", "叁佰贰拾伍元零肆分", id="regulation: 0 at jiao, short"),
        ],
    )
    def test_writes_the_examples_of_the_regulation(self, amount, words):
        assert money.capitals(amount) == words

    @pytest.mark.parametrize(
        ("amount", "words"),
        [
            pytest.param("0", "零元整", id="zero"),
            pytest.param("0.01", "壹分", id="one fen"),
            pytest.param("0.10", "壹角", id="one jiao"),
            pytest.param("0.99", "玖角玖分", id="below one yuan"),
            pytest.param("1", "壹元整", id="one yuan"),
            pytest.param("10", "壹拾元整", id="ten"),
            pytest.param("10.50", "壹拾元零伍角", id="ten and a half"),
            pytest.param("20.05", "贰拾元零伍分", id="two zeros around the point"),
            pytest.param("100", "壹佰元整", id="hundred"),
            pytest.param("1001", "壹仟零壹元整", id="zeros inside four digits"),
            pytest.param("1010", "壹仟零壹拾元整", id="two single zeros"),
            pytest.param("10000", "壹万元整", id="wan"),
            pytest.param("10001", "壹万零壹元整", id="zeros after wan"),
            pytest.param("100100", "壹拾万零壹佰元整", id="zeros around wan"),
            pytest.param("100000000", "壹亿元整", id="yi"),
            pytest.param("100005000", "壹亿零伍仟元整", id="no wan"),
            pytest.param("105000000", "壹亿零伍佰万元整", id="zero after yi"),
            pytest.param("2000000005", "贰拾亿零伍元整", id="only units after yi"),
            pytest.param("1000000000000", "壹万亿元整", id="wan yi"),
            pytest.param("-20", "负贰拾元整", id="negative"),
            pytest.param(
                "9999999999999.99",
                "玖万玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分",
                id="largest",
            ),
        ],
    )
    def test_writes_the_edges(self, amount, words):
        assert money.capitals(amount) == words

    @pytest.mark.parametrize("amount", ["10000000000000", "-10000000000000"])
    def test_refuses_more(self, amount):
        with pytest.raises(money.CannotCount) as refusal:
            money.capitals(amount)

        assert refusal.value.code == "out_of_range"

    @given(AMOUNTS)
    @example(Decimal("1000000000000.01"))
    def test_says_the_amount_and_nothing_else(self, amount):
        words = money.capitals(amount)

        assert read(words) == amount
        assert "零零" not in words
        assert words.endswith("元整") == (amount == int(amount))


def read(words: str) -> Decimal:
    """An independent reader: the last unit below the top one wins, zeros are only ornament."""
    sign = -1 if words.startswith("负") else 1
    figure = words.lstrip("负").removesuffix("整")
    whole, found, part = figure.rpartition("元")
    if not found:
        whole, part = "", figure
    value = Decimal(spoken(whole))
    for digit, unit in re.findall("([壹贰叁肆伍陆柒捌玖])([角分])", part):
        value += VALUE[digit] * {"角": Decimal("0.1"), "分": Decimal("0.01")}[unit]
    return sign * value


VALUE = {word: number for number, word in enumerate("零壹贰叁肆伍陆柒捌玖")}
UNITS = {"亿": 10**8, "万": 10**4, "仟": 1000, "佰": 100, "拾": 10}


def spoken(words: str) -> int:
    for unit, size in UNITS.items():
        high, found, low = words.partition(unit)
        if found:
            return spoken(high) * size + spoken(low)
    return VALUE[words.strip("零") or "零"]
