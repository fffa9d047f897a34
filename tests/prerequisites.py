"""Says in a sentence what this machine lacks. Runs on any Python 3, before anything is installed."""

import sys


def missing():
    """The first thing that stands in the way, or nothing."""
    if sys.version_info[:2] != (3, 11):
        found = ".".join(map(str, sys.version_info[:2]))
        return f"This system runs on Python 3.11; {sys.executable} is {found}. Say which one: make PYTHON=python3.11 …"
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        return "Python's venv is missing; on Debian: apt-get install python3-venv"
    if sys.platform != "linux":
        return "The embedded servers are tied to Linux; elsewhere set DATABASE_URL* and REDIS_URL (docs/production.md)."
    return ""


if __name__ == "__main__":
    sys.exit(missing() or 0)
