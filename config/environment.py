"""What the surroundings say: every variable the system reads, checked at start, never guessed.

A real office sets them all (docs/production.md). A checkout that sets none uses its embedded servers. Anything in
between is a mistake and is refused with the names that are missing.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from psycopg.conninfo import conninfo_to_dict

from config import database as names
from config.embedded import place, servers

ROLE_OF_URL = {
    "DATABASE_URL": names.RUN_TIME,
    "DATABASE_URL_OWNER": names.OWNER,
    "DATABASE_URL_SEALER": names.SEALER,
    "DATABASE_URL_AUDITOR": names.AUDITOR,
    "DATABASE_URL_BACKUP": names.BACKUP,
}
REQUIRED = (
    *ROLE_OF_URL,
    "REDIS_URL",
    "SECRET_KEY",
    "ATTACHMENTS_DIR",
    "SEAL_KEY_FILE",
    "SEAL_CHECKPOINTS",
    "ALLOWED_HOSTS",
)
SHORTEST_SECRET = 50  # characters, as Django's own deployment check asks


def read() -> Mapping[str, str]:
    """The variables in force: the environment's own, or the embedded servers'."""
    given = {name: os.environ[name] for name in REQUIRED if os.environ.get(name)}
    if not given:
        return _embedded()
    if missing := [name for name in REQUIRED if name not in given]:
        raise ImproperlyConfigured(f"Missing in the environment: {', '.join(missing)} (docs/production.md).")
    if len(given["SECRET_KEY"]) < SHORTEST_SECRET:
        raise ImproperlyConfigured(f"SECRET_KEY is shorter than {SHORTEST_SECRET} characters.")
    return {**given, "PLAIN_HTTP": os.environ.get("PLAIN_HTTP", "")}


def _embedded() -> Mapping[str, str]:
    known = place.known()
    if known is not None and (known.base / "secrets").exists():
        return servers.environment(known)
    # Nothing was started here yet: commands that need no database work, others say that they cannot connect.
    return dict.fromkeys(ROLE_OF_URL, "postgresql://nobody@/none?host=/nonexistent") | {
        "REDIS_URL": "unix:///nonexistent/valkey.sock",
        "SECRET_KEY": secrets.token_urlsafe(48),
        "ATTACHMENTS_DIR": "/nonexistent",
        "SEAL_KEY_FILE": "/nonexistent/seal-key",
        "SEAL_CHECKPOINTS": "/nonexistent",
        "ALLOWED_HOSTS": "127.0.0.1,localhost,[::1]",
        "PLAIN_HTTP": "1",
    }


def is_web() -> bool:
    """Whether this process serves pages (config/wsgi.py says so): its threads share a pool of connections."""
    return os.environ.get("SERVES_PAGES") == "1"


def hosts(text: str, *, plain_http: bool) -> list[str]:
    """The names this office answers to. Without TLS only this very machine is one."""
    names = [name.strip() for name in text.split(",") if name.strip()]
    if plain_http and not set(names) <= {"127.0.0.1", "localhost", "[::1]", "testserver"}:
        raise ImproperlyConfigured("PLAIN_HTTP=1 is for this machine alone: ALLOWED_HOSTS may only name loopback.")
    return names


def database(url: str, *, pool: bool = False) -> dict[str, Any]:
    """One entry of DATABASES from a libpq address."""
    try:
        parts = conninfo_to_dict(url)
    except Exception as refusal:
        raise ImproperlyConfigured("A DATABASE_URL is not a PostgreSQL address (postgresql://…).") from refusal
    taken = {key: str(parts.pop(key, "") or "") for key in ("host", "port", "dbname", "user", "password")}
    options: dict[str, Any] = {key: value for key, value in parts.items() if value is not None}
    if pool:
        options["pool"] = {"min_size": 1, "max_size": 12, "timeout": 10}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": taken["dbname"],
        "USER": taken["user"],
        "PASSWORD": taken["password"],
        "HOST": taken["host"],
        "PORT": taken["port"],
        "CONN_MAX_AGE": 0,
        "OPTIONS": options,
    }


def broker(url: str) -> str:
    """Celery's word for a Redis/Valkey address: a socket is redis+socket there."""
    return "redis+socket://" + urlsplit(url).path if url.startswith("unix:") else url
