"""A real office: what must be told, what is refused at start, and that the files of docs/production fit the code."""

from __future__ import annotations

import configparser
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from django.conf import settings

from config import environment

CHECKOUT = Path(__file__).resolve().parent.parent
PRODUCTION = CHECKOUT / "docs/production"
UNITS = sorted(PRODUCTION.glob("*.service"))
BARE = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "FUND_DATA_DIR": "/nonexistent"}
FULL = {
    **BARE,
    **{name: f"postgresql://{role}:word@127.0.0.1/county_fund" for name, role in environment.ROLE_OF_URL.items()},
    "REDIS_URL": "redis://:word@127.0.0.1:6379/0",
    "SECRET_KEY": "Jq3n-0fXy8Zk_2vLw7Rb4Tg9Hs1Dc6Pm5Na-EuKiQoYxVt8dWb4F",
    "ATTACHMENTS_DIR": "/var/lib/county-fund/attachments",
    "SEAL_KEY_FILE": "/var/lib/county-fund/seals/key",
    "SEAL_CHECKPOINTS": "/var/lib/county-fund/seals/checkpoints",
    "ALLOWED_HOSTS": "fund.county.lan",
}
#: Read by the libraries and programs below ours.
OF_OTHERS = {"PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE"}


def python(surroundings: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *words], cwd=CHECKOUT, env=surroundings, capture_output=True, text=True, check=False,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip


def manage(surroundings: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return python(surroundings, "manage.py", *words)


def last_line(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode != 0
    return done.stderr.strip().splitlines()[-1]


class TestStart:
    def test_a_full_environment_passes_djangos_check_for_deployment(self):
        done = manage(FULL, "check", "--deploy", "--fail-level", "WARNING")
        assert done.returncode == 0, done.stderr

    @pytest.mark.parametrize("name", environment.REQUIRED)
    def test_a_missing_variable_is_refused_by_its_name(self, name):
        lacking = {key: value for key, value in FULL.items() if key != name}
        assert f"Missing in the environment: {name} (" in last_line(manage(lacking, "check"))

    def test_all_missing_ones_are_named_at_once(self):
        said = last_line(manage({**BARE, "DATABASE_URL": FULL["DATABASE_URL"]}, "check"))
        assert all(name in said for name in environment.REQUIRED if name != "DATABASE_URL")

    @pytest.mark.parametrize(
        ("told", "reason"),
        [
            ({"SECRET_KEY": "x" * (environment.SHORTEST_SECRET - 1)}, "SECRET_KEY is shorter than"),
            ({"PLAIN_HTTP": "1"}, "ALLOWED_HOSTS may only name loopback"),
            ({"PLAIN_HTTP": "1", "ALLOWED_HOSTS": "127.0.0.1,fund.county.lan"}, "ALLOWED_HOSTS may only name loopback"),
            ({"DATABASE_URL": "no address"}, "not a PostgreSQL address"),
        ],
        ids=["short key", "plain http", "plain http and loopback", "address"],
    )
    def test_what_does_not_fit_is_refused_in_words(self, told, reason):
        assert reason in last_line(manage(FULL | told, "check"))

    def test_pages_are_served_to_a_told_environment_only(self):
        assert "DATABASE_URL is not set" in last_line(python(BARE, "-c", "import config.wsgi"))
        assert python(FULL, "-c", "import config.wsgi").returncode == 0

    @pytest.mark.parametrize("words", [("help",), ("check",)], ids=" ".join)
    def test_commands_without_a_database_need_no_environment(self, words):
        done = manage(BARE, *words)
        assert done.returncode == 0, done.stderr

    def test_cookies_and_addresses_are_for_tls(self):
        asked = "from django.conf import settings as s; print(s.SESSION_COOKIE_NAME, s.SECURE_SSL_REDIRECT, s.DEBUG)"
        done = python({**FULL, "DJANGO_SETTINGS_MODULE": "config.settings"}, "-c", asked)
        assert done.stdout.split() == ["__Host-county_session", "True", "False"]


class TestAssets:
    def test_every_asset_that_is_named_is_there(self, tmp_path):
        told = {**FULL, "STATIC_ROOT": str(tmp_path), "DJANGO_SETTINGS_MODULE": "config.settings"}
        done = manage(told, "collectstatic", "--noinput", "--verbosity", "0")
        assert done.returncode == 0, done.stderr
        named = sorted(_named_in_templates())
        asked = (
            "import django, sys; django.setup();"
            "from django.contrib.staticfiles.storage import staticfiles_storage as kept;"
            "[print(kept.url(name)) for name in sys.argv[1:]]"
        )
        urls = python(told, "-c", asked, *named)
        assert urls.returncode == 0, urls.stderr
        for url in urls.stdout.split():
            assert (tmp_path / url.removeprefix("/static/")).is_file()


def _named_in_templates() -> set[str]:
    named = set()
    for template in [*(CHECKOUT / "templates").rglob("*.html"), *CHECKOUT.glob("*/templates/**/*.html")]:
        named |= set(re.findall(r"""{%\s*static\s+["']([^"']+)["']""", template.read_text()))
    return named


def variables_of_the_code() -> set[str]:
    """Every variable that the system reads: those it must be told, and those that config asks for."""
    asked = re.compile(r"""os\.environ(?:\.get\(|\[)\s*["']([A-Z_]+)["']""")
    code = [path.read_text() for path in (CHECKOUT / "config").rglob("*.py")]
    return set(environment.REQUIRED) | {name for text in code for name in asked.findall(text)}


def variables_of_the_example() -> dict[str, str]:
    lines = (PRODUCTION / "environment.example").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def unit(path: Path) -> configparser.ConfigParser:
    parsed = configparser.ConfigParser(interpolation=None)
    parsed.optionxform = str  # type: ignore[assignment,method-assign]
    parsed.read(path)
    return parsed


class TestFiles:
    def test_the_example_names_what_must_be_told_and_nothing_unknown(self):
        told = variables_of_the_example()
        assert set(environment.REQUIRED) <= set(told) <= variables_of_the_code()
        assert "PLAIN_HTTP" not in told

    def test_systemd_and_a_shell_read_the_example_alike(self):
        assert all(re.fullmatch(r"'[^'\\]*'", value) for value in variables_of_the_example().values())

    def test_the_example_names_the_roles_of_the_code(self):
        for name, role in environment.ROLE_OF_URL.items():
            assert f"//{role}:" in variables_of_the_example()[name]

    @pytest.mark.parametrize("path", [*UNITS, PRODUCTION / "closed.conf"], ids=lambda path: path.name)
    def test_units_set_only_variables_that_are_known(self, path):
        given = unit(path)["Service"].get("Environment", "").split()
        assert {one.partition("=")[0] for one in given} <= variables_of_the_code() | OF_OTHERS

    @pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
    def test_units_start_programs_that_are_installed(self, path):
        program, *words = unit(path)["Service"]["ExecStart"].split()
        inside = Path(program).relative_to("/opt/county-fund/.venv/bin")
        assert (Path(sys.executable).parent / inside).exists()
        assert all((CHECKOUT / word).exists() for word in words if word.endswith(".py"))

    @pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
    def test_units_write_nowhere_but_where_they_must(self, path):
        places = unit(path)["Service"]["ReadWritePaths"].split()
        assert len(places) == 1
        assert unit(PRODUCTION / "closed.conf")["Service"]["ProtectSystem"] == "strict"

    def test_services_of_the_composition_set_only_variables_that_are_known(self):
        services = yaml.safe_load((PRODUCTION / "compose.yaml").read_text())["services"]
        ours = {name: one for name, one in services.items() if "build" in one}
        assert set(ours) == {"setup", "web", "worker", "sealer", "beat"}
        for one in ours.values():
            assert one["env_file"] == "environment"
            assert set(one.get("environment", {})) <= variables_of_the_code()

    def test_the_composition_shows_only_nginx_to_the_network(self):
        services = yaml.safe_load((PRODUCTION / "compose.yaml").read_text())["services"]
        assert {name for name, one in services.items() if "ports" in one} == {"web"}  # nginx is in its network
        assert services["nginx"]["network_mode"] == "service:web"
        assert "127.0.0.1:8000" in services["web"]["command"]


class TestNginx:
    """The system takes a page for one over TLS if X-Forwarded-Proto says so: nginx must never pass on the browser's."""

    def text(self) -> str:
        return re.sub(r"#.*", "", (PRODUCTION / "nginx.conf").read_text())

    def blocks(self, opening: str) -> list[str]:
        """What stands between the braces of every block that begins so."""
        found, text = [], self.text()
        for start in re.finditer(rf"{opening}\s*{{", text):
            depth, end = 1, start.end()
            while depth:
                depth += {"{": 1, "}": -1}.get(text[end], 0)
                end += 1
            found.append(text[start.end() : end - 1])
        return found

    def test_the_settings_trust_exactly_what_nginx_sets(self):
        asked = "from django.conf import settings as s; print(*s.SECURE_PROXY_SSL_HEADER)"
        done = python({**FULL, "DJANGO_SETTINGS_MODULE": "config.settings"}, "-c", asked)
        assert done.stdout.split() == ["HTTP_X_FORWARDED_PROTO", "https"]

    def test_every_way_to_the_pages_sets_the_headers(self):
        ways = [block for block in self.blocks(r"location [^{]*?") if "proxy_pass" in block]
        assert len(ways) == self.text().count("proxy_pass") == 1
        for way in ways:
            assert "proxy_set_header X-Forwarded-Proto $scheme;" in way
            assert "proxy_set_header X-Forwarded-For $remote_addr;" in way
            assert "proxy_set_header Host $host;" in way

    def test_plain_http_never_reaches_the_pages(self):
        for server in self.blocks("server"):
            if "proxy_pass" in server:
                assert re.findall(r"listen ([^;]+);", server) == ["443 ssl http2"]

    def test_the_largest_attachment_passes(self):
        largest = re.search(r"client_max_body_size (\d+)m;", self.text())
        assert largest
        assert int(largest.group(1)) * 1024 * 1024 > settings.ATTACHMENT_LARGEST

    def test_no_question_with_a_name_in_it_is_logged(self):
        assert "$uri" in self.text()
        assert not re.search(r"log_format[^;]*\$(request\b|request_uri|args|query_string|http_referer)", self.text())

    def test_tls_is_new_and_every_cipher_keeps_old_talk_secret(self):
        [served] = [server for server in self.blocks("server") if "proxy_pass" in server]
        assert "ssl_protocols TLSv1.2 TLSv1.3;" in served
        assert "ssl_ciphers ECDHE+AESGCM:ECDHE+CHACHA20;" in served
        assert "ssl_prefer_server_ciphers on;" in served

    def test_it_serves_no_folder_keeps_no_page_and_names_no_version(self):
        assert "server_tokens off;" in self.text()
        assert not re.search(r"\b(root|alias|autoindex|proxy_cache\w*|dav_methods)\b", self.text())

    def test_what_it_says_itself_has_the_headers_of_the_pages(self):
        own = self.blocks(r"location @\w+ ")
        assert len(own) == 2
        for block in own:
            for header in ("Strict-Transport-Security", "Content-Security-Policy", "X-Content-Type-Options"):
                assert re.search(rf"add_header {header} [^;]*.* always;", block)


def test_nothing_leaves_the_machine_and_nothing_is_asked_elsewhere():
    closed = unit(PRODUCTION / "closed.conf")["Service"]
    assert (closed["IPAddressDeny"], closed["IPAddressAllow"]) == ("any", "localhost")
    composed = yaml.safe_load((PRODUCTION / "compose.yaml").read_text())
    assert composed["networks"]["inside"] == {"internal": True}
    assert {name for name, one in composed["services"].items() if "outside" in one.get("networks", [])} == {"web"}
