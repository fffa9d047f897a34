"""Where a checkout keeps its data: one short folder, chosen once and remembered in the checkout.

Unix socket addresses are at most 107 bytes long and PostgreSQL refuses to run as root, so the data lies outside
the checkout: below /var/lib for root, below the person's own data folder otherwise.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
KEY_FILE = ".embedded-key"
LONGEST_SOCKET_FOLDER = 80


class CannotStart(Exception):
    """The servers did not start (or stop); the message is written for the person at the keyboard."""


@dataclass(frozen=True)
class Place:
    """The folders of one checkout's embedded servers."""

    base: Path

    @property
    def postgres(self) -> Path:
        return self.base / "postgres"

    @property
    def valkey(self) -> Path:
        return self.base / "valkey"

    @property
    def attachments(self) -> Path:
        return self.base / "attachments"

    @property
    def checkpoints(self) -> Path:
        """Where the checkpoints of the trail's seals are kept outside the database."""
        return self.base / "checkpoints"

    @property
    def seal_key(self) -> Path:
        """The file of the key that signs the trail's seals."""
        return self.base / "secrets" / "seal_key"

    @property
    def logs(self) -> Path:
        return self.base / "logs"

    @property
    def copies(self) -> Path:
        """Server programs copied to where the server's account can execute them."""
        return self.base / "programs"

    @property
    def sockets(self) -> Path:
        """Short enough for a socket address, even where the data folder is not."""
        inside = self.base / "run"
        if len(str(inside)) <= LONGEST_SOCKET_FOLDER:
            return inside
        digest = hashlib.sha256(str(self.base).encode()).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"county-fund-{os.getuid()}-{digest}"

    @property
    def valkey_socket(self) -> Path:
        return self.sockets / "valkey.sock"

    def secret(self, name: str, made: Callable[[], str] = lambda: secrets.token_urlsafe(48)) -> str:
        """A secret of this place, made on first use; files of mode 0600 in a folder of mode 0700."""
        folder = self.base / "secrets"
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        file = folder / name
        if not file.exists():
            fresh = folder / f".{name}.{os.getpid()}"
            fresh.touch(mode=0o600)
            fresh.write_text(made())
            with contextlib.suppress(FileExistsError):  # the first of two starters wins
                os.link(fresh, file)
            fresh.unlink()
        return file.read_text()


def here() -> Place:
    """This checkout's place: `FUND_DATA_DIR` when it is set, else the remembered one, else a new one."""
    if named := os.environ.get("FUND_DATA_DIR"):
        return Place(Path(named).resolve())
    remembered = _remembered()
    return remembered or _remember(_parent() / secrets.token_hex(4))


def known() -> Place | None:
    """This checkout's place if it has one already; asking makes none."""
    if named := os.environ.get("FUND_DATA_DIR"):
        return Place(Path(named).resolve())
    return _remembered()


def _remembered() -> Place | None:
    try:
        noted = json.loads((CHECKOUT / KEY_FILE).read_text())
    except FileNotFoundError:
        return None
    # A copied checkout carries the original's note: it gets a place of its own.
    return Place(Path(noted["data"])) if noted["checkout"] == str(CHECKOUT) else None


def _remember(base: Path) -> Place:
    note = CHECKOUT / KEY_FILE
    fresh = note.with_suffix(f".{os.getpid()}")
    fresh.write_text(json.dumps({"checkout": str(CHECKOUT), "data": str(base)}))
    fresh.replace(note)
    return Place(base)


def _parent() -> Path:
    """The folder that holds the places of all of this person's checkouts."""
    if os.getuid() == 0:
        return Path("/var/lib/county-fund")
    home = os.environ.get("XDG_DATA_HOME") or os.path.join(os.environ.get("HOME", ""), ".local/share")
    if os.path.isabs(home) and _can_make(Path(home)):
        return Path(home) / "county-fund"
    return Path(f"/var/tmp/county-fund-{os.getuid()}")  # noqa: S108  kept over a restart, and each person's own


def _can_make(folder: Path) -> bool:
    existing = folder
    while not existing.exists():
        existing = existing.parent
    return os.access(existing, os.W_OK)
