"""The corners of the embedded servers that no run of the whole office meets."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
import wsgiref.simple_server
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import environment
from config.embedded import __main__, office, place, postgres, processes, servers, valkey
from config.embedded.place import CannotStart, Place


@pytest.fixture
def here() -> Iterator[Place]:
    """A place outside pytest's folder, which is closed to the servers' account."""
    base = Path(tempfile.mkdtemp(prefix="fund-here-"))
    base.chmod(0o711)
    yield Place(base / "data")
    shutil.rmtree(base)


class TestPlace:
    @pytest.mark.parametrize(
        ("surroundings", "expected"),
        [
            ({"HOME": "{tmp}"}, "{tmp}/.local/share/county-fund"),
            ({"HOME": "/", "XDG_DATA_HOME": "{tmp}/data"}, "{tmp}/data/county-fund"),
            ({"HOME": ""}, "/var/tmp/county-fund-1000"),
            ({}, "/var/tmp/county-fund-1000"),
            ({"HOME": "/proc/nowhere"}, "/var/tmp/county-fund-1000"),
        ],
        ids=["a home", "a data folder", "an empty home", "no home", "a home that cannot be written"],
    )
    def test_where_an_ordinary_persons_data_lies(self, monkeypatch, tmp_path, surroundings, expected):
        monkeypatch.setattr(place.os, "getuid", lambda: 1000)
        monkeypatch.setattr(place.os, "access", lambda path, mode: not str(path).startswith("/proc"))
        for name in ("HOME", "XDG_DATA_HOME"):
            monkeypatch.delenv(name, raising=False)
        for name, value in surroundings.items():
            monkeypatch.setenv(name, value.format(tmp=tmp_path))
        assert str(place._parent()) == expected.format(tmp=tmp_path)

    def test_where_roots_data_lies(self, monkeypatch):
        monkeypatch.setattr(place.os, "getuid", lambda: 0)
        assert str(place._parent()) == "/var/lib/county-fund"

    def test_a_folder_of_somebody_else_is_said(self, here, monkeypatch):
        def refuse(*args, **kwargs):
            raise PermissionError

        monkeypatch.setattr(Path, "mkdir", refuse)
        with pytest.raises(CannotStart, match="belongs to somebody else"):
            servers.prepare(here)


class TestPrograms:
    def test_another_server_can_be_named(self, here, monkeypatch):
        monkeypatch.setenv("PG_BIN", "/opt/pg/bin")
        monkeypatch.setenv("VALKEY_BIN", "/opt/valkey-server")
        assert postgres.programs(here) == Path("/opt/pg/bin")
        assert valkey.program(here) == Path("/opt/valkey-server")

    def test_a_missing_package_is_said(self, here, monkeypatch):
        monkeypatch.delenv("PG_BIN", raising=False)
        monkeypatch.delenv("VALKEY_BIN", raising=False)
        for module in (postgres, valkey):
            monkeypatch.setattr(module.importlib.util, "find_spec", lambda name: None)
        with pytest.raises(CannotStart, match="PG_BIN"):
            postgres.programs(here)
        with pytest.raises(CannotStart, match="VALKEY_BIN"):
            valkey.program(here)

    def test_a_machine_without_a_wheel_is_said(self, here, monkeypatch):
        monkeypatch.setattr(valkey.platform, "machine", lambda: "mips")
        with pytest.raises(CannotStart, match="mips"):
            valkey.program(here)

    def test_a_server_that_cannot_start_is_said_with_its_log(self, here, monkeypatch):
        servers.prepare(here)
        for named in ("PG_BIN", "VALKEY_BIN"):
            monkeypatch.setenv(named, "/bin/false" if named == "VALKEY_BIN" else str(here.base))
        with pytest.raises(CannotStart, match=r"valkey\.log"):
            valkey.start(here, tied=True)
        (here.base / "initdb").write_text("#!/bin/sh\necho no room >&2\nexit 1\n")
        (here.base / "initdb").chmod(0o755)
        with pytest.raises(CannotStart, match="no room"):
            postgres.create(here)
        assert not here.postgres.exists()

    def test_who_can_reach_a_program(self, monkeypatch, tmp_path):
        closed = tmp_path / "closed"
        closed.mkdir(mode=0o700)
        monkeypatch.setattr(processes.os, "getuid", lambda: 0)
        assert not processes.server_can_reach(closed)
        monkeypatch.setattr(processes.os, "getuid", lambda: 1000)
        assert processes.server_can_reach(closed)


class TestOffice:
    @pytest.mark.parametrize("port", ["0", "65536", "abc", "-1"])
    def test_a_port_that_is_none_is_said(self, monkeypatch, port):
        monkeypatch.setenv("PORT", port)
        with pytest.raises(CannotStart, match="PORT"):
            office._listen()

    def test_no_free_port_is_said(self, monkeypatch):
        monkeypatch.delenv("PORT", raising=False)
        with office._listen_at(0) as taken:
            monkeypatch.setattr(office, "FIRST_PORT", taken.getsockname()[1])
            monkeypatch.setattr(office, "PORTS_TRIED", 1)
            with pytest.raises(CannotStart, match="8000"):
                office._listen()

    def test_a_port_is_the_offices_own_from_before_its_programs_start(self, monkeypatch, tmp_path):
        monkeypatch.delenv("PORT", raising=False)
        started: dict[str, object] = {}
        monkeypatch.setattr(processes, "start", lambda command, **more: started.update(more, command=command))
        with office._listen() as door:
            with pytest.raises(OSError, match="in use"):
                office._listen_at(door.getsockname()[1])
            web, *_others = office._programs(Place(tmp_path), {}, door)
            web.again()
            assert f"fd://{door.fileno()}" in started["command"]
            assert started["keeps"] == (door.fileno(),)

    def test_another_program_that_took_the_port_meanwhile_is_never_said_to_be_ready(
        self, monkeypatch, tmp_path, capsys
    ):
        """While the demo is made somebody else begins to answer there, and well."""
        with office._listen_at(0) as free:
            port = free.getsockname()[1]
        monkeypatch.setenv("PORT", str(port))
        monkeypatch.setattr(office.signal, "signal", lambda number, action: None)
        monkeypatch.setattr(servers, "holding", contextlib.nullcontext)
        monkeypatch.setattr(servers, "start", lambda place, **more: {})
        monkeypatch.setattr(servers, "environment", lambda place: {})
        with contextlib.ExitStack() as others:

            def takes_its_time(environment):
                other = others.enter_context(wsgiref.simple_server.make_server("127.0.0.1", port, None))
                other.set_app(lambda surroundings, start: start("200 OK", []) and [b'{"ok": true}'])

            monkeypatch.setattr(office, "_make_ready", takes_its_time)
            with pytest.raises(CannotStart, match=f"Port {port} is in use"):
                office.run(Place(tmp_path))
        assert "READY" not in capsys.readouterr().out

    def test_a_program_that_cannot_live_is_given_up(self):
        child = office.Child("web", lambda: None)
        for _start in range(office.RESTARTS_A_MINUTE):
            child.again()
        with pytest.raises(CannotStart, match="web"):
            child.again()

    def test_an_office_that_does_not_answer_is_said(self, monkeypatch):
        monkeypatch.setattr(office, "READY_SECONDS", 0.3)
        with pytest.raises(CannotStart, match="did not answer"):
            office._wait_for("http://127.0.0.1:1/healthz", [])

    def test_words_that_are_none_are_said(self, capsys):
        assert __main__.main(["dance"]) == 2
        assert "usage" in capsys.readouterr().err

    def test_resetting_or_stopping_what_is_not_there_is_well(self, monkeypatch, tmp_path):
        monkeypatch.setenv("FUND_DATA_DIR", str(tmp_path / "nothing"))
        assert __main__.main(["reset"]) == 0
        assert __main__.main(["down"]) == 0


class TestEnvironment:
    def test_the_address_of_a_server_on_the_network_stays_as_it_is(self):
        assert environment.broker("redis://:secret@10.0.0.2:6379/0") == "redis://:secret@10.0.0.2:6379/0"
        assert environment.broker("unix:///run/valkey.sock") == "redis+socket:///run/valkey.sock"

    def test_an_address_that_is_none_is_said(self):
        with pytest.raises(ImproperlyConfigured, match="PostgreSQL"):
            environment.database("mysql://x y/ z")

    def test_pages_share_a_pool(self):
        assert "pool" in environment.database("postgresql://a@/b", pool=True)["OPTIONS"]
        assert "pool" not in environment.database("postgresql://a@/b")["OPTIONS"]
