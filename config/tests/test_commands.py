"""The commands of the house: roles on a server of the office's own, messages, what `make ready` did."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import polib
import psycopg
import pytest
from django.core.management import CommandError, call_command
from psycopg import sql

from config import database
from config.management.commands import make_ready, messages
from demo import example
from demo.models import DemoSignIn
from office.models import Person
from tests import servers


class TestCreateRoles:
    @pytest.fixture
    def elsewhere(self, settings, monkeypatch):
        """A database that is not there yet."""
        name = "test_created_by_command"
        monkeypatch.setitem(settings.DATABASES["default"], "NAME", name)
        yield name
        with psycopg.connect(servers.superuser_dsn(), autocommit=True) as superuser:
            superuser.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))

    def run(self) -> str:
        out = StringIO()
        call_command("create_roles", "--superuser", servers.superuser_dsn(), stdout=out)
        return out.getvalue()

    def test_it_makes_roles_and_database_and_changes_nothing_the_second_time(self, elsewhere):
        assert "created" in self.run()
        assert "created" not in self.run()
        with psycopg.connect(servers.superuser_dsn()) as superuser:
            found = superuser.execute("SELECT rolname, rolsuper FROM pg_roles WHERE rolname LIKE 'fund_%'").fetchall()
            owner = superuser.execute(
                "SELECT pg_get_userbyid(datdba), datctype FROM pg_database WHERE datname = %s", [elsewhere]
            ).fetchone()
        assert set(found) == {(role, False) for role in database.ROLES}
        assert owner == (database.OWNER, "C.UTF-8")

    def test_an_address_with_another_role_is_refused(self, elsewhere, monkeypatch):
        monkeypatch.setenv("DATABASE_URL_SEALER", "postgresql://somebody:secret@/x")
        with pytest.raises(CommandError, match="DATABASE_URL_SEALER"):
            self.run()

    def test_a_server_that_does_not_answer_is_said(self, elsewhere):
        with pytest.raises(CommandError):
            call_command("create_roles", "--superuser", "postgresql://postgres@/postgres?host=/nonexistent")


class TestMessages:
    def test_the_catalogue_is_whole(self):
        out = StringIO()
        call_command("messages", stdout=out)
        assert "all in Chinese" in out.getvalue()

    def test_words_that_gettext_would_not_find_are_told(self, tmp_path):
        for name, line in (
            ("office", "f\"{_('amount')}: {one}\""),
            ("office/tests", "f\"{_('x')}\""),
            ("audit", "_('y')"),
        ):
            (tmp_path / name).mkdir(parents=True, exist_ok=True)
            (tmp_path / name / "one.py").write_text(f"ONE = 1\nTWO = {line}\n")
        assert messages._unseen(tmp_path) == ["inside an f-string: office/one.py:2"]

    @pytest.fixture
    def catalogue(self, tmp_path):
        """Writes a catalogue and its compiled file; gives the faults against one wanted message."""

        def faults(entries: list[polib.POEntry], wanted: list[polib.POEntry], *, compiled: bool = True) -> str:
            file = tmp_path / "django.po"
            said = polib.POFile()
            said.metadata = {"Content-Type": "text/plain; charset=UTF-8"}
            said.extend(entries)
            said.save(str(file))
            if compiled:
                said.save_as_mofile(str(file.with_suffix(".mo")))
            asked = polib.POFile()
            asked.extend(wanted)
            return "\n".join(messages._faults(file, asked))

        return faults

    def test_each_fault_is_found(self, catalogue):
        save = polib.POEntry(msgid="Save %(name)s", msgstr="保存 %(name)s")
        assert catalogue([save], [save]) == ""
        assert "missing: Save" in catalogue([], [save])
        assert "stale" in catalogue([save], [])
        assert "not translated" in catalogue([polib.POEntry(msgid="Save %(name)s", msgstr="")], [save])
        assert "placeholders differ" in catalogue([polib.POEntry(msgid="Save %(name)s", msgstr="保存")], [save])
        fuzzy = polib.POEntry(msgid="Save %(name)s", msgstr="保存 %(name)s", flags=["fuzzy"])
        assert "fuzzy" in catalogue([fuzzy], [save])

    def test_a_catalogue_that_was_not_compiled_is_found(self, catalogue, tmp_path):
        save = polib.POEntry(msgid="Save", msgstr="保存")
        assert "not compiled" in catalogue([save], [save], compiled=False)
        assert "is missing" in messages._faults(tmp_path / "nowhere.po", polib.POFile())[0]

    def test_writing_keeps_what_is_said_adds_what_is_new_and_drops_what_is_gone(self, tmp_path):
        file = tmp_path / "django.po"
        known = polib.POFile()
        known.metadata = {"Content-Type": "text/plain; charset=UTF-8"}
        known.extend([polib.POEntry(msgid="Save", msgstr="保存"), polib.POEntry(msgid="Gone", msgstr="没了")])
        known.save(str(file))
        wanted = polib.POFile()
        plural = polib.POEntry(msgid="row", msgid_plural="rows", msgstr_plural={0: "", 1: ""})
        wanted.extend([polib.POEntry(msgid="Save"), polib.POEntry(msgid="New"), plural])
        messages._write(file, wanted)
        assert {entry.msgid: entry.msgstr for entry in polib.pofile(str(file))} == {
            "New": "",
            "Save": "保存",
            "row": "",
        }
        assert Path(file.with_suffix(".mo")).exists()


@pytest.mark.django_db
def test_make_ready_makes_the_demo_in_an_empty_database(monkeypatch):
    """Of the demo only its office: the whole of it is made in demo/tests/test_county.py."""
    monkeypatch.setattr(make_ready, "call_command", lambda *words, **options: None)  # the tests have migrated
    monkeypatch.setattr(make_ready.county, "load", lambda at: not Person.objects.exists() and bool(example.found(at)))
    monkeypatch.setenv("DEMO", "0")
    call_command("make_ready")
    assert not DemoSignIn.objects.exists()
    monkeypatch.delenv("DEMO")
    call_command("make_ready", stderr=StringIO())
    call_command("make_ready")
    assert DemoSignIn.objects.count() == len(example.ADMINISTRATORS) + len(example.COLLEAGUES)
    assert str(DemoSignIn.objects.first())


@pytest.mark.django_db
def test_make_ready_makes_the_year_that_is_asked_for_and_lets_it_go_on(monkeypatch):
    monkeypatch.setattr(make_ready, "call_command", lambda *words, **options: None)
    monkeypatch.setattr(make_ready.sealed, "seal", lambda at: None)
    made: list[float] = []
    monkeypatch.setattr(make_ready.load, "load", lambda scale, say: made.append(scale))
    monkeypatch.setenv("DEMO", "2009")
    call_command("make_ready", stderr=StringIO())
    call_command("make_ready", stderr=StringIO())  # nothing of it is there: it goes on
    assert made == [0.01, 0.01]


@pytest.mark.django_db
def test_make_ready_makes_no_year_in_another_county_and_knows_what_it_can_make(ada, monkeypatch):
    monkeypatch.setattr(make_ready, "call_command", lambda *words, **options: None)
    monkeypatch.setenv("DEMO", "2009")
    with pytest.raises(CommandError, match="Somebody works in this database"):
        call_command("make_ready")
    monkeypatch.setenv("DEMO", "1999")
    with pytest.raises(CommandError, match="DEMO is 0, 1 or 2009"):
        call_command("make_ready")
