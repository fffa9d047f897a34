"""Numbers that point to a person, hidden."""

import pytest

from office.rules import masking

pytestmark = pytest.mark.rules


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("11010519491231002X", "110105********002X"),
        ("11010519491231002x", "110105********002x"),
        ("110105491231002", "110105******002"),
        pytest.param("1101051949123100X", "****************X", id="one digit too few"),
        pytest.param("1101051949123100211", "*******************", id="one digit too many"),
        pytest.param("11010519491231O021", "**************O***", id="a letter among the digits"),
        pytest.param("１１０１０５１９４９１２３１００２１", "*" * 18, id="full width"),
        pytest.param("1949-12-31", "****-**-**", id="a date where the number should stand"),
        ("无", "无"),
        ("", ""),
    ],
)
def test_a_masked_number_never_shows_the_birth_date(number, shown):
    assert masking.masked(number) == shown


def test_of_an_account_the_last_four_digits_are_shown():
    assert masking.masked_account("6228480402564890018") == "**** 0018"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("110105194912310021 在第 3 行", "110105********0021 在第 3 行"),
        ("110105 19491231 0021", "****** ******** ****"),
        ("11010519491231", "*" * 14),
        pytest.param("6228480402564890018", "*" * 19, id="an account"),
        pytest.param("640522100201", "640522100201", id="a village's code stays"),
        pytest.param("13912345678", "13912345678", id="a telephone stays"),
        pytest.param("2010-01-31", "2010-01-31", id="a day stays"),
        ("1,234.50", "1,234.50"),
        ("", ""),
    ],
)
def test_long_numbers_within_a_text_are_masked(text, shown):
    assert masking.masked_within(text) == shown


@pytest.mark.parametrize(
    ("number", "shown"),
    [("13900001234", "139****1234"), ("0955-4010001", "****-***0001"), ("8812", "8812"), ("", "")],
)
def test_of_a_telephone_number_the_last_four_digits_stay_and_with_what_a_mobile_one_begins(number, shown):
    assert masking.masked_phone(number) == shown
