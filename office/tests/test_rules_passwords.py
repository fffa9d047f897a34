"""Words of the office in a password."""

from __future__ import annotations

import pytest

from office.rules import passwords

pytestmark = pytest.mark.rules


@pytest.mark.parametrize(
    ("password", "word"),
    [
        ("XinNongHe-2010!", "xinnonghe"),
        ("我的新农合密码2010年", "新农合"),
        ("the-Station-of-Haicheng", "station"),
        ("four unlike words here", None),
    ],
)
def test_the_word_that_a_password_is_built_on(password, word):
    assert passwords.office_word_in(password, (*passwords.OFFICE_WORDS, "Station")) in {word, word and word.title()}
