"""`manage.py messages [--write]`: whether every text on every screen has its Chinese, and no other has.

Needs Debian's gettext. The catalogue is locale/zh_Hans/LC_MESSAGES/django.po, the compiled file beside it is committed.
"""

import ast
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import polib
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

CATALOGUE = Path("locale/zh_Hans/LC_MESSAGES/django.po")
CODE = ("config", "demo", "audit", "funds", "claims", "enrollment", "office", "templates")

#: Django's own command, which also knows the sentences of office/sentences.py.
EXTRACT = """
import sys
from django.core.management import execute_from_command_line
from django.core.management.commands.makemessages import Command
Command.xgettext_options = [*Command.xgettext_options, "--keyword=said"]
execute_from_command_line(sys.argv)
"""

#: What the code calls the functions that ask for words.
ASKING = {"_", "_t", "gettext", "gettext_lazy", "ngettext", "pgettext", "pgettext_lazy", "said"}

PLACES = re.compile(r"%\(\w+\)[sd]|\{\w+\}")


class Command(BaseCommand):
    help = "Check the Chinese catalogue; with --write bring it up to date and compile it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--write", action="store_true", help="write the catalogue and its compiled file")

    def handle(self, *args: Any, **options: Any) -> None:
        home = Path(settings.LOCALE_PATHS[0]).parent
        file = home / CATALOGUE
        if unseen := _unseen(home):
            raise CommandError("\n".join([*unseen, "gettext finds no words inside an f-string: ask for them outside."]))
        wanted = _extracted(home)
        if options["write"]:
            _write(file, wanted)
        if faults := _faults(file, wanted):
            raise CommandError("\n".join([*faults, "Mend locale/zh_Hans and run: make messages"]))
        self.stdout.write(f"{len(wanted)} messages, all in Chinese.")


def _unseen(home: Path) -> list[str]:
    """Where the code asks for words inside an f-string."""
    code = (file for name in CODE for file in sorted((home / name).rglob("*.py")) if "tests" not in file.parts)
    return [
        f"inside an f-string: {file.relative_to(home)}:{call.lineno}"
        for file in code
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.JoinedStr)
        for call in ast.walk(node)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in ASKING
    ]


def _extracted(home: Path) -> polib.POFile:
    """Every message in the code, found by Django's own makemessages in a copy of it."""
    with tempfile.TemporaryDirectory() as folder:
        for name in CODE:
            shutil.copytree(
                home / name,
                Path(folder) / name,
                ignore=shutil.ignore_patterns("tests", "__pycache__"),
            )
        (Path(folder) / "locale").mkdir()
        command = [sys.executable, "-c", EXTRACT, "makemessages", "-l", "zh_Hans", "--no-location", "--no-wrap"]
        done = subprocess.run(  # noqa: S603  our own command
            command, cwd=folder, env=_bare(), capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise CommandError(done.stderr.strip() or "gettext is missing: apt-get install gettext")
        return polib.pofile(str(Path(folder) / CATALOGUE), wrapwidth=0)


def _bare() -> dict[str, str]:
    """An environment in which Django needs no settings."""
    return {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}


def _write(file: Path, wanted: polib.POFile) -> None:
    """Add what is missing, untranslated; take out what no code says any more; compile."""
    known = polib.pofile(str(file), wrapwidth=0) if file.exists() else wanted
    fresh = polib.POFile(wrapwidth=0)
    fresh.metadata = known.metadata | {
        "Language": "zh_Hans",
        "Plural-Forms": "nplurals=1; plural=0;",
    }
    for entry in sorted(wanted, key=_key):
        said = known.find(entry.msgid, msgctxt=entry.msgctxt or False)
        entry.msgstr = said.msgstr if said else ""
        if entry.msgid_plural:
            entry.msgstr_plural = said.msgstr_plural if said and said.msgstr_plural else {0: ""}
        entry.flags = [flag for flag in entry.flags if flag != "fuzzy"]
        entry.occurrences = []
        fresh.append(entry)
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh.save(str(file))
    fresh.save_as_mofile(str(file.with_suffix(".mo")))


def _faults(file: Path, wanted: polib.POFile) -> list[str]:
    if not file.exists():
        return [f"{file} is missing"]
    known = polib.pofile(str(file))
    said = {_key(entry): entry for entry in known if not entry.obsolete}
    needed = {_key(entry) for entry in wanted}
    compiled = file.with_suffix(".mo")
    in_force = {_key(entry): _words(entry) for entry in polib.mofile(str(compiled))} if compiled.exists() else {}
    return [
        *(f"missing: {key}" for key in sorted(needed - said.keys())),
        *(f"stale, no code says it: {key}" for key in sorted(said.keys() - needed)),
        *(f"not translated: {key}" for key, entry in said.items() if not all(_words(entry))),
        *(f"fuzzy: {key}" for key, entry in said.items() if entry.fuzzy),
        *(f"not compiled: {key}" for key, entry in said.items() if in_force.get(key) != _words(entry)),
        *(f"placeholders differ: {key}" for key, entry in said.items() if not _same_places(entry)),
    ]


def _key(entry: polib.POEntry) -> str:
    return f"{entry.msgctxt}|{entry.msgid}" if entry.msgctxt else str(entry.msgid)


def _words(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def _same_places(entry: polib.POEntry) -> bool:
    """Whether the Chinese has the same %(name)s and {name} as the English."""
    needed = set(PLACES.findall(entry.msgid)) | set(PLACES.findall(entry.msgid_plural or ""))
    return all(set(PLACES.findall(words)) == needed for words in _words(entry) if words)
