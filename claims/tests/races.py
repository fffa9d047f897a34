"""Several acts at one moment, each in a thread with a connection of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable

from django.db import DatabaseError, connections


def at_once(*doing: Callable[[], object], refusals: tuple[type[Exception], ...] = ()) -> list[str]:
    """Everything at the same moment; what was refused, in words."""
    ready = threading.Barrier(len(doing))
    refused: list[str] = []

    def go(act: Callable[[], object]) -> None:
        try:
            ready.wait(20)
            act()
        except refusals as refusal:
            refused.append(str(refusal))
        except DatabaseError as fault:
            refused.append(f"database: {fault}")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=go, args=(one,)) for one in doing]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refused
