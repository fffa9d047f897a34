"""Codes that change with time, by the vectors of RFC 6238, and how long wrong tries close a name."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from office.rules import lockout, totp

pytestmark = pytest.mark.rules

RFC_SECRET = b"12345678901234567890"
NOON = datetime(2010, 3, 1, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
        (20000000000, "65353130"),
    ],
)
def test_the_vectors_of_rfc_6238(seconds, code):
    step = totp.step_of(datetime.fromtimestamp(seconds, UTC))
    assert totp.code_at(RFC_SECRET, step, digits=8) == code
    assert totp.code_at(RFC_SECRET, step) == code[2:]


@pytest.mark.parametrize(("offset", "counts"), [(0, True), (-1, True), (1, True), (-2, False), (2, False)], ids=str)
def test_neighbouring_steps_count_and_farther_ones_do_not(offset, counts):
    step = totp.step_of(NOON) + offset
    found = totp.matching_step(RFC_SECRET, totp.code_at(RFC_SECRET, step), NOON)
    assert found == (step if counts else None)


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "-12345", "１２３４５６７"])
def test_what_is_no_code_matches_nothing(typed):
    assert totp.matching_step(RFC_SECRET, typed, NOON) is None


def test_gaps_and_full_width_digits_are_read():
    assert totp.plain(" 12 34\u300056") == "123456"
    assert totp.plain("１２３４５６") == "123456"


def test_the_secret_is_written_and_read_in_base32():
    assert totp.written(RFC_SECRET) == "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    assert totp.read(totp.written(b"odd length")) == b"odd length"


def test_the_address_for_the_picture():
    said = totp.address(RFC_SECRET, name="ada", issuer="医保基金")
    assert said.startswith("otpauth://totp/%E5%8C%BB")
    assert "secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ" in said


def at(*minutes: float) -> list[datetime]:
    return [NOON + timedelta(minutes=one) for one in minutes]


@pytest.mark.parametrize(
    ("tries", "minute", "until"),
    [
        pytest.param(at(0, 1, 2, 3), 4, None, id="four are not enough"),
        pytest.param(at(0, 1, 2, 3, 4), 4, 19, id="the fifth closes"),
        pytest.param(at(0, 1, 2, 3, 4), 18.9, 19, id="for fifteen minutes"),
        pytest.param(at(0, 1, 2, 3, 4), 19, None, id="and no longer"),
        pytest.param(at(0, 1, 2, 3, 15), 16, 30, id="within fifteen minutes, the last included"),
        pytest.param(at(0, 1, 2, 3, 15.1), 16, None, id="slower tries do not close"),
        pytest.param(at(0, 14, 15, 16, 17, 18), 19, 33, id="any five of them"),
    ],
)
def test_how_long_a_name_is_closed(tries, minute, until):
    assert lockout.closed_until(tries, at(minute)[0]) == (at(until)[0] if until is not None else None)
