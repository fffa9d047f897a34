"""What our own code does nowhere, or only where it is listed: code made of text, shells, markup that is trusted."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from office.rules import files

ROOT = Path(__file__).parents[1]
APPS = ("office", "enrollment", "claims", "funds", "audit", "config")


def found(pattern: str, *, ending: str, under: tuple[str, ...]) -> set[str]:
    """The files in which the pattern stands, tests and migrations left out."""
    looked_for = re.compile(pattern)
    files = [path for folder in under for path in (ROOT / folder).rglob(f"*{ending}")]
    ours = [path for path in files if not {"tests", "migrations", "vendor"} & set(path.parts[len(ROOT.parts) :])]
    assert ours
    return {str(path.relative_to(ROOT)) for path in ours if looked_for.search(path.read_text(encoding="utf-8"))}


def python(pattern: str) -> set[str]:
    return found(pattern, ending=".py", under=APPS)


def scripts(pattern: str) -> set[str]:
    return found(pattern, ending=".js", under=("static/js",))


def templates(pattern: str) -> set[str]:
    return found(pattern, ending=".html", under=("templates",))


def test_no_code_is_made_of_text():
    assert python(r"(?<![\w.])(?:eval|exec|compile|__import__)\(") == set()
    assert scripts(r"\beval\(|new Function\b|set(?:Timeout|Interval)\(\s*[\"'`]|\.constructor\(") == set()
    assert templates(r"\son\w+\s*=\s*[\"']|javascript:|\bhx-on\b|hx-vals\s*=\s*[\"']js:") == set()


def test_no_page_is_made_of_text():
    assert python(r"(?<!\w)(?:Template|from_string|render_string)\(") == set()


def test_no_shell_is_asked():
    assert python(r"shell\s*=\s*True|os\.(?:system|popen|spawn\w*)\(|getoutput\(") == set()


def test_queries_are_not_made_of_text_but_where_it_is_our_own():
    assert python(r"\.raw\(|\.extra\(|(?<!\w)RawSQL\(") == {"office/models/acts.py"}
    assert python(r"execute\(\s*f[\"']|S608") == {
        "audit/services/populations.py",  # values apart
        "enrollment/services/roster_staging.py",  # names of our own tables
    }


def test_markup_is_trusted_where_it_is_listed_alone():
    assert templates(r"\|\s*safe\b|autoescape\s+off|\|\s*safeseq\b") == {"templates/components/field.html"}  # our helps
    assert python(r"(?<!\w)mark_safe\(") == {"enrollment/tables/coverage.py"}  # "<br>"
    assert python(r"(?<!\w)SafeString\(") == {"audit/views/seals.py", "office/views/me.py"}  # codes drawn as SVG


def test_scripts_write_text_and_no_markup():
    assert scripts(r"insertAdjacentHTML|outerHTML\s*=|document\.write|createContextualFragment") == set()
    assert scripts(r"innerHTML\s*=") == {"static/js/intake.js"}  # a row of the page's own pattern


def test_scripts_keep_nothing_and_listen_to_no_other_window():
    assert scripts(r"localStorage|sessionStorage|indexedDB|document\.cookie|postMessage|\"message\"|caches\.") == set()


def test_scripts_share_no_names_and_alter_no_prototypes():
    assert scripts(r"__proto__|\.prototype\b|Object\.assign|setPrototypeOf") == set()
    assert scripts(r"(?m)^\s*var\s") == set()


def test_weak_sums_and_guessable_chance_are_used_nowhere():
    assert python(r"\bmd5\b") == set()
    assert python(r"\bsha1\b") == {"office/rules/totp.py"}  # what authenticators know (docs/security.md)
    assert python(r"(?m)^\s*(?:import random|from random import)") == set()


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_package_is_pinned_and_hashed(name):
    text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.strip().startswith("#")]
    assert len(lines) > 20
    assert [line for line in lines if not re.match(r"^[\w.\[\],-]+==\S+ .*--hash=sha256:[0-9a-f]{64}", line)] == []


def test_the_limits_of_files_stand_in_docs_security():
    told = (ROOT / "docs/security.md").read_text(encoding="utf-8").partition("## Files that people send")[2]
    told = " ".join(told.partition("\n## ")[0].split())
    for words in (
        f"at most {files.LARGEST // files.MEGABYTE} MB,",
        f"{files.MOST_PIXELS // 1_000_000} million pixels",
        f"{files.MOST_PIXELS_IN_ALL // 1_000_000} million in all",
        f"{files.MOST_INFLATED // files.MEGABYTE} MB, {files.MOST_ENTRIES} files and {files.MOST_RATIO} times its size",
    ):
        assert words in told
