"""Identity numbers of 18 and 15 digits."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from enrollment.rules import id_numbers
from enrollment.rules.categories import Sex
from enrollment.rules.id_numbers import IdFault, Kind

pytestmark = pytest.mark.rules

EXAMPLE = "11010519491231002X"  # of the standard itself, as is 440524188001010014


@pytest.mark.parametrize(
    ("text", "number", "birth_date", "sex"),
    [
        (EXAMPLE, EXAMPLE, date(1949, 12, 31), Sex.FEMALE),
        ("440524188001010014", "440524188001010014", date(1880, 1, 1), Sex.MALE),
        ("11010519491231002x", EXAMPLE, date(1949, 12, 31), Sex.FEMALE),
        (" 110105 19491231\u3000002Ｘ\n", EXAMPLE, date(1949, 12, 31), Sex.FEMALE),
        ("'１１０１０５１９４９１２３１００２ｘ", EXAMPLE, date(1949, 12, 31), Sex.FEMALE),
        ("\ufeff110105\u200b19491231002X\u202c", EXAMPLE, date(1949, 12, 31), Sex.FEMALE),
        ("110105491231002", "110105491231002", date(1949, 12, 31), Sex.FEMALE),
        ("642222800229013", "642222800229013", date(1980, 2, 29), Sex.MALE),
    ],
)
def test_a_number_tells_birth_date_and_sex(text, number, birth_date, sex):
    read = id_numbers.read(text)
    assert (read.number, read.birth_date, read.sex) == (number, birth_date, sex)
    assert read.division == number[:6]


def test_both_forms_are_one_person():
    assert id_numbers.read("110105491231002").eighteen == id_numbers.read(EXAMPLE).eighteen == EXAMPLE


@pytest.mark.parametrize(
    ("text", "code", "kind"),
    [
        ("6.4222219800101E+17", "id_format", Kind.EXCEL_NUMBER),
        ("6.42222e17", "id_format", Kind.EXCEL_NUMBER),
        ("６.4E+17", "id_format", Kind.EXCEL_NUMBER),
        ("6E+17", "id_format", Kind.EXCEL_NUMBER),
        ("110105194912310020", "id_check_digit", Kind.CHECK_DIGIT),
        ("110105194912310000", "id_check_digit", Kind.EXCEL_ZEROS),
        ("11010519491231002", "id_format", Kind.LENGTH),
        ("11010519491231002XX", "id_format", Kind.CHARACTERS),
        ("1101051949123100200", "id_format", Kind.LENGTH),
        ("11010549123100X", "id_format", Kind.CHARACTERS),
        ("1101051949l231002X", "id_format", Kind.CHARACTERS),
        ("身份证遗失", "id_format", Kind.CHARACTERS),
        ("", "id_format", Kind.CHARACTERS),
        ("X", "id_format", Kind.CHARACTERS),
        ("110105194913310020", "id_format", Kind.BIRTH_DATE),
        ("110105194902290020", "id_format", Kind.BIRTH_DATE),
        ("110105490229002", "id_format", Kind.BIRTH_DATE),
        ("110105000000002", "id_format", Kind.BIRTH_DATE),
        ("110105187912310020", "id_format", Kind.BIRTH_DATE),
    ],
)
def test_what_is_no_number_says_why(text, code, kind):
    with pytest.raises(IdFault) as fault:
        id_numbers.read(text)
    assert (fault.value.code, fault.value.kind) == (code, kind)


def test_nobody_is_born_after_the_day_of_the_import():
    newborn = "64052220081231001" + id_numbers.check_digit("64052220081231001")
    assert id_numbers.read(newborn, on=date(2008, 12, 31)).birth_date == date(2008, 12, 31)
    with pytest.raises(IdFault) as fault:
        id_numbers.read(newborn, on=date(2008, 12, 30))
    assert (fault.value.code, fault.value.kind) == ("id_format", Kind.FUTURE)


births = st.dates(date(1900, 1, 1), date(2030, 12, 31))
seventeens = st.builds(
    lambda county, born, place: f"{county}{born:%Y%m%d}{place:03d}",
    st.integers(110000, 659999),
    births,
    st.integers(0, 999),
)


@settings(max_examples=60)
@given(seventeens)
def test_every_number_with_its_check_digit_is_read_back(seventeen):
    number = seventeen + id_numbers.check_digit(seventeen)
    read = id_numbers.read(number.lower())
    assert read.number == read.eighteen == number
    assert f"{read.birth_date:%Y%m%d}" == number[6:14]


@settings(max_examples=60)
@given(seventeens, st.integers(0, 17), st.sampled_from("0123456789X"))
def test_one_wrong_digit_is_always_found(seventeen, place, digit):
    number = seventeen + id_numbers.check_digit(seventeen)
    assume(number[place] != digit)
    with pytest.raises(IdFault):
        id_numbers.read(number[:place] + digit + number[place + 1 :])


@settings(max_examples=60)
@given(seventeens, st.integers(0, 16))
def test_two_neighbouring_digits_exchanged_are_always_found(seventeen, place):
    number = seventeen + id_numbers.check_digit(seventeen)
    assume(number[place] != number[place + 1])
    with pytest.raises(IdFault):
        id_numbers.read(number[:place] + number[place + 1] + number[place] + number[place + 2 :])


@settings(max_examples=60)
@given(st.text(max_size=20))
def test_any_text_is_a_number_or_a_fault(text):
    with suppress(IdFault):
        assert len(id_numbers.read(text).eighteen) == 18
