"""`manage.py assess FILE [--json]`, `manage.py assess --list`: what a plan pays of a case, from the shell.

FILE is a case or a list of cases in JSON, `-` reads it from standard input; a plan may be a shipped plan's code, a file
beside the case, or the document itself. Needs no database. Exit 0 where every case was answered, 2 at any fault.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import get_language

from claims.rules import cases, plans, shipped
from claims.rules.faults import Fault, Faulty
from claims.rules.layers import Plan

FAULTY = 2
LABELS = {
    "total": ("总费用", "total cost"),
    "fund_pays": ("基金支付", "funds pay"),
    "hospital_bears": ("医院承担", "hospital bears"),
    "other_payers": ("其他方已付", "other payers"),
    "patient_pays": ("个人支付", "patient pays"),
    "burden": ("其中合规费用负担", "of it eligible cost"),
}
SUFFIXES = (".yaml", ".yml", ".json")


class Command(BaseCommand):
    help = "What a benefit plan pays of a case, with every step."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", help="the case, JSON; - for standard input")
        parser.add_argument("--json", action="store_true", help="as JSON, faults too")
        parser.add_argument("--list", action="store_true", help="name the shipped plans")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["list"]:
            self._list(as_json=options["json"])
            return
        try:
            if not options["file"]:
                raise Faulty([Fault("", "no_file")])
            told, is_whole = _answered(options["file"])
        except Faulty as faulty:
            told, is_whole = faulty, False
        if options["json"]:
            self.stdout.write(json.dumps(told, ensure_ascii=False, indent=1, default=_refused))
        else:
            self._say(told if isinstance(told, list) else [told])
        if not is_whole:
            sys.exit(FAULTY)

    def _list(self, *, as_json: bool) -> None:
        named = {code: shipped.plan(code) for code in shipped.codes()}
        if as_json:
            self.stdout.write(
                json.dumps({code: plan.name for code, plan in named.items()}, ensure_ascii=False, indent=1)
            )
            return
        for code, plan in named.items():
            self.stdout.write(f"{code}\t{plan.name.get(_tongue(), plan.name.get('zh-hans', ''))}")

    def _say(self, told: list[dict[str, Any] | Faulty]) -> None:
        """The answers for people: every step, then who pays what; faults one a line on standard error."""
        for each in told:
            if isinstance(each, Faulty):
                for fault in each.faults:
                    words = fault.en if _tongue() == "en" else fault.zh
                    self.stderr.write(f"{fault.path}: {words}" if fault.path else words)
                continue
            for claim in each["claims"]:
                self._say_claim(claim)

    def _say_claim(self, claim: dict[str, Any]) -> None:
        is_english = _tongue() == "en"
        language = "en" if is_english else "zh"
        self.stdout.write(claim["id"])
        for layer in claim["layers"]:
            self.stdout.write(f"  {layer['code']} ({layer['fund']}): {layer['pays']}")
            for line in layer["trace"]:
                self.stdout.write(f"    {line['path']}\t{line[language]}")
        for key, labels in LABELS.items():
            self.stdout.write(f"  {labels[is_english]}\t{claim[key]}")


def _tongue() -> str:
    return "en" if (get_language() or "").startswith("en") else "zh-hans"


def _answered(name: str) -> tuple[Any, bool]:
    """The answer, or a list of them in the order of the cases, and whether no case was faulty."""
    text, folder = _text(name)
    tree = cases.read(text)
    find = _finder(folder)
    if not isinstance(tree, list):
        return cases.answer(tree, find=find), True
    told: list[dict[str, Any] | Faulty] = []
    for case in tree:
        try:
            told.append(cases.answer(case, find=find))
        except Faulty as faulty:
            told.append(faulty)
    return told, not any(isinstance(each, Faulty) for each in told)


def _refused(faulty: Faulty) -> dict[str, Any]:
    """A faulty case as JSON has it."""
    return {"errors": [str(fault) for fault in faulty.faults]}


def _text(name: str) -> tuple[str, Path]:
    """The text, and the folder from which it names plans."""
    try:
        if name == "-":
            return sys.stdin.buffer.read().decode("utf-8-sig"), Path.cwd()
        return Path(name).read_text(encoding="utf-8-sig"), Path(name).resolve().parent
    except (OSError, ValueError) as fault:
        raise Faulty([Fault("", "file_unreadable", {"value": name})]) from fault


def _finder(folder: Path) -> Callable[[str], Plan]:
    """Finds a plan by its code among the shipped ones, or as a file beside the case."""

    def find(name: str) -> Plan:
        if shipped.knows(name):
            return shipped.plan(name)
        if "/" not in name and not name.endswith(SUFFIXES):
            raise Faulty([Fault("", "plan_unknown", {"value": name[:60]})])
        try:
            text = (folder / name).read_text(encoding="utf-8-sig")
        except (OSError, ValueError) as fault:
            raise Faulty([Fault("", "plan_unreadable", {"value": name[:60]})]) from fault
        return plans.read(text)

    return find
