"""Vendored files are what SOURCES says, to the byte, and nothing in static/ or templates/ names another host."""

import functools
import hashlib
import re
import sys
from pathlib import Path

VENDOR = Path("static/vendor")
WORDS = {"SOURCES", "LICENSE.tabler", "LICENSE.tabler-icons"}
OUTSIDE = re.compile(r"""(?:src|href|action|url\()\s*=?\s*["'(]?\s*(?:https?:)?//""", re.IGNORECASE)


def main() -> int:
    faults = []
    sources = (VENDOR / "SOURCES").read_text(encoding="utf-8")
    for file in sorted(path for path in VENDOR.rglob("*") if path.is_file() and path.name not in WORDS):
        named = str(file.relative_to(VENDOR))
        if hashlib.sha256(file.read_bytes()).hexdigest() not in sources and _folder_hash(file) not in sources:
            faults.append(f"{named}: its SHA-256 does not stand in SOURCES")
        if file.suffix in {".js", ".css"} and b"sourceMappingURL" in file.read_bytes():
            faults.append(f"{named}: names a source map that is not there")
    for file in [
        *Path("templates").rglob("*.html"),
        *Path("static/css").rglob("*"),
        *Path("static/js").rglob("*"),
    ]:
        if file.is_file() and (found := OUTSIDE.search(file.read_text(encoding="utf-8"))):
            faults.append(f"{file}: asks another host: {found.group()}")
    print("\n".join(faults))
    return 1 if faults else 0


@functools.cache
def _hash_of(folder: Path) -> str:
    """The sum of a folder: of its list of files with their sums, as SOURCES says."""
    files = sorted((str(path.relative_to(folder)), path) for path in folder.rglob("*") if path.is_file())
    listed = "".join(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {name}\n" for name, path in files)
    return hashlib.sha256(listed.encode()).hexdigest()


def _folder_hash(file: Path) -> str:
    folder = VENDOR / file.relative_to(VENDOR).parts[0]
    return _hash_of(folder) if folder.is_dir() else "no folder"


if __name__ == "__main__":
    sys.exit(main())
