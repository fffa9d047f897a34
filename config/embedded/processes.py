"""Starting a program so that it cannot outlive who started it."""

from __future__ import annotations

import ctypes
import os
import pwd
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

PR_SET_PDEATHSIG = 1
ROOT = 0
SERVER_ACCOUNT = "nobody"  # PostgreSQL refuses root; an account without a passwd entry does not work either

_libc = ctypes.CDLL(None, use_errno=True)


def end_with_parent(how: signal.Signals) -> Callable[[], None]:
    """For a child, before it becomes its program: be sent this signal when the parent dies, however it dies."""

    def tie() -> None:
        _libc.prctl(PR_SET_PDEATHSIG, int(how))

    return tie


def start(
    command: Sequence[str | Path],
    *,
    log: Path,
    ends: signal.Signals | None = None,
    as_server: bool = False,
    environment: Mapping[str, str] | None = None,
    folder: Path | str = "/",
    keeps: Sequence[int] = (),
) -> subprocess.Popen[bytes]:
    """Start a program in a session of its own, its output in a log file.

    With `ends` it receives that signal when this process dies; without, it goes on by itself.
    With `as_server`, root gives up its rights first. `keeps` are the open files that it is given.
    """
    account = _account(as_server=as_server)
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as out:
        return subprocess.Popen(  # noqa: S603  our own commands only
            [str(word) for word in command],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            cwd=folder,
            env=dict(environment) if environment is not None else None,
            start_new_session=True,
            pass_fds=keeps,
            preexec_fn=end_with_parent(ends) if ends else None,  # noqa: PLW1509  runs one system call
            user=account.pw_uid if account else None,
            group=account.pw_gid if account else None,
            extra_groups=[] if account else None,
        )


def run(command: Sequence[str | Path], *, as_server: bool = False) -> subprocess.CompletedProcess[str]:
    """Run a short program to its end and give back what it printed."""
    account = _account(as_server=as_server)
    return subprocess.run(  # noqa: S603  our own commands only
        [str(word) for word in command],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        cwd="/",
        check=False,
        user=account.pw_uid if account else None,
        group=account.pw_gid if account else None,
        extra_groups=[] if account else None,
    )


def give_to_server(path: Path) -> None:
    """Make a folder or file the server account's own."""
    if os.getuid() == ROOT:
        account = pwd.getpwnam(SERVER_ACCOUNT)
        os.chown(path, account.pw_uid, account.pw_gid)


def server_can_reach(path: Path) -> bool:
    """Whether the account that runs the servers may execute what lies at this path."""
    if os.getuid() != ROOT:
        return os.access(path, os.X_OK)
    return all(step.stat().st_mode & 0o001 for step in (path, *path.parents))


def _account(*, as_server: bool) -> pwd.struct_passwd | None:
    """The account to become: only root can become another, and only a server must."""
    return pwd.getpwnam(SERVER_ACCOUNT) if as_server and os.getuid() == ROOT else None
