"""The day of a moment is the day of the office: `.date()` of a moment would tell the day of Greenwich."""

import ast
from pathlib import Path

ROOMS = ("config", "office", "enrollment", "claims", "funds", "audit", "demo", "benchmarks")


def days_of_moments(source: str) -> list[int]:
    """The lines on which `something_at.date()`, `at.date()` or `now().date()` stands."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "date"
        and not node.args
        and ast.unparse(node.func.value).removesuffix("()").rpartition(".")[2].rpartition("_")[2] in {"at", "now"}
    ]


def test_no_program_reads_the_day_of_greenwich():
    wrong = [
        f"{path}:{line}"
        for room in ROOMS
        for path in sorted(Path(room).rglob("*.py"))
        if "tests" not in path.parts
        for line in days_of_moments(path.read_text(encoding="utf-8"))
    ]
    assert wrong == []


def test_it_would_be_seen():
    assert days_of_moments("a = report.written_at.date()\nb = timezone.now().date()\nc = day.date()") == [1, 2]
