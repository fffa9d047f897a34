"""Passwords, lock-out, one-time codes, sessions, leaving: what is refused and what happens."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth import authenticate
from django.contrib.sessions.models import Session
from django.db import IntegrityError, ProgrammingError, connection, transaction

from conftest import NOON, proof_of, sign_in, with_factor
from office.models import OneTimeCode, Person, SignIn, SignInTry
from office.rules import lockout
from office.services import factors, sessions, signing_in, tries
from office.tests.factories import one_time_code

pytestmark = pytest.mark.django_db

DESK = "10.0.0.7"
NEW = "a new and long password"
PASSWORD, FACTOR = OneTimeCode.Kind.PASSWORD, OneTimeCode.Kind.FACTOR


def check(username="ada", password="ada-password", at=NOON, address=DESK) -> Person:
    return signing_in.check(username=username, password=password, address=address, at=at)


def fail(times: int, at=NOON, username="ada", address=DESK) -> None:
    for _each in range(times):
        with pytest.raises(sessions.CannotSignIn):
            check(username, "wrong", at, address)


class TestLockOut:
    def test_four_wrong_passwords_do_not_close_a_name(self, ada):
        fail(4)
        assert check() == ada

    def test_five_close_it_even_for_the_right_password(self, ada):
        fail(5)
        with pytest.raises(tries.TooManyTries) as refusal:
            check()
        assert refusal.value.until == NOON + timedelta(minutes=15)

    def test_from_anywhere(self, ada):
        for number in range(5):
            fail(1, address=f"10.0.0.{number}")
        with pytest.raises(tries.TooManyTries):
            check(address="10.0.0.99")

    def test_it_opens_after_fifteen_minutes(self, ada):
        fail(5)
        assert check(at=NOON + timedelta(minutes=15)) == ada

    def test_a_right_one_makes_the_wrong_ones_forgotten(self, ada):
        fail(4)
        check()
        fail(4)
        assert check() == ada

    def test_trying_on_while_closed_does_not_keep_it_closed(self, ada):
        fail(5)
        for _each in range(10):
            with pytest.raises(tries.TooManyTries):
                check(at=NOON + timedelta(minutes=14))
        assert check(at=NOON + timedelta(minutes=15)) == ada

    def test_other_names_stay_open(self, ada, ben):
        fail(5)
        assert check("ben", "ben-password") == ben

    def test_a_name_that_nobody_has_closes_as_well_and_is_not_kept(self, ada):
        fail(5, username="my secret password")
        with pytest.raises(tries.TooManyTries):
            check("my secret password", "wrong")
        assert not SignInTry.objects.filter(name__contains="secret").exists()

    def test_an_address_bears_thirty(self, ada):
        for number in range(lockout.TRIES_OF_AN_ADDRESS):
            fail(1, username=f"name{number}")
        with pytest.raises(tries.TooManyTries):
            check()
        assert check(address="10.0.0.8") == ada
        assert check(at=NOON + timedelta(minutes=15)) == ada

    def test_tries_are_only_added(self, ada):
        fail(1)
        for forbidden in ("UPDATE office_signintry SET succeeded = true", "DELETE FROM office_signintry"):
            with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(forbidden)


class TestChangePassword:
    def change(self, ada, old="ada-password", new=NEW, **more) -> None:
        signing_in.change_password(person=ada, old=old, new=new, at=NOON, **more)

    def test_the_new_one_is_good_and_the_old_one_is_not(self, ada):
        self.change(ada)
        assert authenticate(username="ada", password=NEW) == ada
        assert authenticate(username="ada", password="ada-password") is None

    @pytest.mark.parametrize(
        ("old", "new", "field"),
        [
            ("wrong", NEW, "old_password"),
            ("ada-password", "ada-password", "new_password"),
            ("ada-password", "short", "new_password"),
            ("ada-password", "bartholomew-1990", "new_password"),
            ("ada-password", "qwerty123456", "new_password"),
            ("ada-password", "my-XinNongHe-2010", "new_password"),
            ("ada-password", "海原县合管中心 2010-2010", "new_password"),
        ],
        ids=["wrong old", "the same", "too short", "like the name", "a common one", "an office word", "a body"],
    )
    def test_refused_in_words(self, ada, old, new, field):
        ada.full_name = "Bartholomew 1990"
        with pytest.raises(signing_in.CannotChangePassword) as refusal:
            self.change(ada, old, new)
        assert refusal.value.field == field
        assert refusal.value.reasons
        assert authenticate(username="ada", password="ada-password") == ada

    @pytest.mark.parametrize("new", ["x" * 200, "Ärger 与 ünruhe ٣", "  blanks at both ends  ", "all in small letters"])
    def test_any_composition_and_length_is_taken_as_it_is_typed(self, ada, new):
        self.change(ada, new=new)
        assert authenticate(username="ada", password=new) == ada
        for other in (new.strip(), new.lower(), new[:72]):
            assert (other == new) == (authenticate(username="ada", password=other) == ada)

    def test_the_other_sessions_end(self, ada, client):
        from django.test import Client

        here, there = sign_in(client, ada), sign_in(Client(), ada)
        self.change(ada, session_key=here.session.session_key)
        assert there.get("/").status_code == 302
        assert SignIn.objects.get(ended_at__isnull=False).ended_because == SignIn.End.CHANGED

    def test_guessing_the_old_one_closes_the_name(self, ada):
        for _each in range(5):
            with pytest.raises(signing_in.CannotChangePassword):
                self.change(ada, old="wrong")
        with pytest.raises(tries.TooManyTries):
            self.change(ada)


class TestOneTimeCode:
    def issue(self, person, kind=PASSWORD) -> str:
        return one_time_code(person, kind)

    def reset(self, code, at=NOON, username="ada", new=NEW) -> None:
        signing_in.reset_password(username=username, code=code, new=new, address=DESK, at=at)

    def test_a_new_password_with_it(self, ada, ben):
        self.reset(self.issue(ada))
        assert authenticate(username="ada", password=NEW) == ada

    def test_it_is_read_with_small_letters_and_gaps(self, ada, ben):
        self.reset(self.issue(ada).lower().replace("-", " "))

    def test_it_can_be_read_aloud_and_only_its_hash_is_kept(self, ada, ben):
        code = self.issue(ada)
        assert len(code.replace("-", "")) == 10
        assert not set(code) & set("01OIL")
        assert code.replace("-", "") not in OneTimeCode.objects.get().hash

    def test_once(self, ada, ben):
        code = self.issue(ada)
        self.reset(code)
        with pytest.raises(signing_in.CannotUseCode):
            self.reset(code)

    def test_of_two_at_once_one_gets_it(self, ada, ben):
        self.issue(ada)
        code = OneTimeCode.objects.get()
        signing_in._use(code, NOON)
        with pytest.raises(signing_in.CannotUseCode, match="已使用"):
            signing_in._use(code, NOON)

    def test_for_a_day(self, ada, ben):
        code = self.issue(ada)
        with pytest.raises(signing_in.CannotUseCode):
            self.reset(code, at=NOON + timedelta(hours=24))
        self.reset(code, at=NOON + timedelta(hours=23, minutes=59))

    def test_a_later_one_ends_it(self, ada, ben):
        first, second = self.issue(ada), self.issue(ada)
        with pytest.raises(signing_in.CannotUseCode):
            self.reset(first)
        self.reset(second)

    def test_it_is_one_persons_and_for_one_thing(self, ada, ben):
        with pytest.raises(signing_in.CannotUseCode):
            self.reset(self.issue(ada), username="ben")
        with pytest.raises(signing_in.CannotUseCode):
            self.reset(self.issue(ada, kind=FACTOR))
        with pytest.raises(signing_in.CannotUseCode):
            self.reset("AAAAA-AAAAA", username="nobody")

    def test_a_refused_password_does_not_use_it(self, ada, ben):
        code = self.issue(ada)
        with pytest.raises(signing_in.CannotChangePassword):
            self.reset(code, new="short")
        self.reset(code)

    def test_after_five_wrong_ones_the_right_one_is_not_looked_at(self, ada, ben):
        code = self.issue(ada)
        for _each in range(5):
            with pytest.raises(signing_in.CannotUseCode):
                self.reset("AAAAA-AAAAA")
        with pytest.raises(tries.TooManyTries):
            self.reset(code)

    def test_one_half_opens_nothing(self, ada, ben):
        code = self.issue(ada)
        for half in (code[:5], code[6:], code[6:] + code[:5], code[:5] * 2):
            with pytest.raises(signing_in.CannotUseCode):
                self.reset(half)

    def test_it_comes_from_a_decided_request_alone(self, ada, ben, client):
        sign_in(client, ben)
        with pytest.raises(IntegrityError, match="two people"), transaction.atomic():
            OneTimeCode.objects.create(person=ada, kind=PASSWORD, hash="x", issued_at=NOON)

    def test_a_used_code_does_not_come_back(self, ada, ben):
        self.reset(self.issue(ada))
        with pytest.raises(IntegrityError):
            OneTimeCode.objects.update(used_at=None)


class TestLostFactor:
    def reset(self, code, password="sam-password") -> None:
        signing_in.reset_factor(username="sam", password=password, code=code, address=DESK, at=NOON)

    @pytest.fixture
    def code(self, sam):
        return one_time_code(sam, FACTOR)

    def test_it_ends_and_so_do_all_sessions(self, sam, code, client):
        sign_in(client, sam)
        self.reset(code)
        assert factors.live(sam) is None
        assert client.get("/").status_code == 302

    def test_the_password_is_asked_as_well(self, sam, code):
        with_factor(sam, at=NOON)
        with pytest.raises(sessions.CannotSignIn):
            self.reset(code, password="wrong")
        assert factors.live(sam)

    def test_where_there_is_none_nothing_is_lost(self, sam, code):
        self.reset(code)
        assert factors.live(sam) is None


class TestSessions:
    def test_leaving_ends_all_sessions_and_nobody_signs_in_again(self, ada, sam, client):
        sign_in(client, ada)
        signing_in.leave(person=ada, on=NOON.date(), by=sam, at=NOON, proof=proof_of(sam))
        assert client.get("/").status_code == 302
        assert not Session.objects.exists()
        assert SignIn.objects.get().ended_because == SignIn.End.LEFT
        assert authenticate(username="ada", password="ada-password") is None
        with pytest.raises(signing_in.CannotLeave):
            signing_in.leave(person=ada, on=NOON.date(), by=sam, at=NOON, proof=proof_of(sam))

    def test_who_has_just_left_begins_no_session(self, ada, sam):
        signing_in.leave(person=Person.objects.get(pk=ada.pk), on=NOON.date(), by=sam, at=NOON, proof=proof_of(sam))
        with pytest.raises(sessions.CannotSignIn):
            sessions.begin(person=ada, session_key="k", address=None, browser="", at=NOON)

    @pytest.mark.parametrize(
        ("seen", "why"),
        [
            (timedelta(minutes=29, seconds=59), None),
            (timedelta(minutes=30), SignIn.End.IDLE),
        ],
    )
    def test_idle(self, seen, why):
        session = sessions.marks(NOON - timedelta(hours=1)) | {sessions.SEEN: (NOON - seen).isoformat()}
        assert sessions.has_ended(session, NOON) == why

    def test_too_long(self):
        session = sessions.marks(NOON - timedelta(hours=8)) | {sessions.SEEN: NOON.isoformat()}
        assert sessions.has_ended(session, NOON) == SignIn.End.TOO_LONG

    def test_one_that_does_not_say_when_it_began_is_over(self):
        assert sessions.has_ended({}, NOON) == SignIn.End.TOO_LONG

    def test_seeing_one_that_does_not_say_when_it_was_seen(self, ada, client):
        session = sign_in(client, ada).session
        del session[sessions.SEEN]
        sessions.see(session, NOON)
        assert session[sessions.SEEN] == NOON.isoformat()
