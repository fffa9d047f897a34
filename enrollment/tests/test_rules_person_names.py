"""Names: what is kept of them, what is none, and the letters by which they are found."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enrollment.rules import person_names
from enrollment.rules.person_names import Kind

pytestmark = pytest.mark.rules


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("马小明", "马小明"),
        (" 马　小 明\t", "马小明"),
        ("马\u200b小明\ufeff", "马小明"),
        ("买买提•吐尔逊", "买买提·吐尔逊"),
        ("买买提．吐尔逊", "买买提·吐尔逊"),
        ("买买提・吐尔逊", "买买提·吐尔逊"),
        ("买买提.吐尔逊", "买买提·吐尔逊"),
        ("买买提 ‧ 吐尔逊", "买买提·吐尔逊"),
        ("John   Smith ", "John Smith"),
        ("Ｊｏｈｎ　Ｓｍｉｔｈ", "John Smith"),
        ("J. R. Müller", "J. R. Müller"),
        ("e\u0301", "é"),
        ("䶮㛃", "䶮㛃"),
        ("\U0002cdd7\U00030000", "\U0002cdd7\U00030000"),
        ("\ufa0e", "\ufa0e"),  # twelve compatibility ideographs are characters of their own
        ("\ufa12", "晴"),
        ("㈱", "㈱"),  # NFKC would have spelled it out
        ("", ""),
    ],
)
def test_the_name_as_it_is_kept(text, name):
    assert person_names.normalise(text) == name


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("马小明", None),
        ("买买提·吐尔逊", None),
        ("〇", None),
        ("\U0002cdd7\U00030000\U00031350\U0002ebf0㐀", None),
        ("阿卜杜拉·M", None),
        ("John Smith", None),
        ("O'Neill-Ñandú Jr.", None),
        ("", Kind.MISSING),
        ("马" * 51, Kind.LENGTH),
        ("马？明", Kind.CHARACTERS),
        ("马小明（女）", Kind.CHARACTERS),
        ("·马", Kind.CHARACTERS),
        ("马··明", Kind.CHARACTERS),
        ("马1", Kind.CHARACTERS),
        ("？？", Kind.CHARACTERS),
        ("123", Kind.CHARACTERS),
        ("-", Kind.CHARACTERS),
        ("马\ue0c5", Kind.UNREADABLE),
        ("马\ufffd", Kind.UNREADABLE),
    ],
)
def test_what_is_no_name(name, fault):
    assert person_names.fault_of(name) is fault


@pytest.mark.parametrize(
    ("name", "initials"),
    [
        ("马小梅", ("mxm",)),
        ("单小梅", ("sxm", "dxm", "cxm")),
        ("解小梅", ("xxm", "jxm")),
        ("曾小梅", ("zxm", "cxm")),
        ("朴小梅", ("pxm", "bxm")),
        ("万俟小梅", ("mqxm", "msxm", "wqxm", "wsxm")),
        ("买买提·吐尔逊", ("mmttex", "mmdtex")),
        ("䶮㛃", ("yj",)),
        ("马Anna", ("manna",)),
        ("马\U000323af", ("m",)),  # no dictionary reads it yet
        ("John Smith", ("js",)),
        ("Élodie Ñandú Øre", ("en",)),
        ("·", ()),
        ("", ()),
        ("？", ()),
    ],
)
def test_initials_with_the_likely_reading_first(name, initials):
    assert person_names.initials(name)[: len(initials)] == initials
    assert bool(person_names.initials(name)) is bool(initials)


def test_unusual_readings_come_last_and_a_dozen_is_enough():
    found = person_names.initials("解乐单曾查")
    assert found[0] == "xldcc"
    assert len(found) == len(set(found)) == person_names.MOST_INITIALS


@settings(max_examples=80)
@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_any_text_is_told_and_a_kept_name_stays_as_it_is(text):
    name = person_names.normalise(text)
    assert person_names.normalise(name) == name
    person_names.fault_of(name)
    assert all(line.isascii() and line.isalpha() for line in person_names.initials(name))


@pytest.mark.parametrize(("character", "letter"), [("解", "j"), ("糖", "t"), ("C", "c"), ("·", ""), ("2", "")])
def test_a_character_has_its_usual_letter_in_whatever_word(character, letter):
    assert person_names.usual_initial(character) == letter
