"""The how-to of each duty (docs/clerks): one page a duty, in both languages, with its picture; what it quotes of the
screens stands on the screens."""

from __future__ import annotations

import re
from pathlib import Path

import polib
import pytest

from office.models import Duty
from tests.journeys import JOURNEYS

DOCS = Path(__file__).parent.parent / "docs"
CLERKS = DOCS / "clerks"
CATALOGUE = DOCS.parent / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
QUOTED = re.compile(r"「([^」]+)」")
LINE = re.compile(r"^\| \[[^\]]+\]\((\w+)\.md\) \| ([^|]+) \| (\d+) \| (\d+) \| \d+ \| (\d+) \|$", re.MULTILINE)
PICTURE = re.compile(r"!\[[^\]]*\]\(([^)]+)\)")


@pytest.fixture(scope="module")
def said() -> set[str]:
    """Everything that the screens say in Chinese."""
    return {text for one in polib.pofile(str(CATALOGUE)) for text in (one.msgstr, *one.msgstr_plural.values())}


@pytest.mark.parametrize("duty", Duty.values)
def test_each_duty_has_its_page(duty: str, said: set[str]) -> None:
    page = (CLERKS / f"{duty}.md").read_text()
    assert "## 中文" in page
    assert "## English" in page
    assert [one for one in QUOTED.findall(page) if one not in said] == []
    pictures = PICTURE.findall(page)
    assert pictures
    assert [one for one in pictures if not (CLERKS / one).is_file()] == []
    assert f"({duty}.md)" in (CLERKS / "README.md").read_text()


def test_the_table_of_journeys_is_that_of_the_last_run() -> None:
    """Each duty with work has its line, within the limit that is stated today; and people are led there."""
    lines = LINE.findall((CLERKS / "journeys.md").read_text())
    assert [duty for duty, *_rest in lines] == list(JOURNEYS)
    for duty, work, keys, clicks, limit in lines:
        journey = JOURNEYS[duty]
        assert work == f"{journey.chinese} · {journey.english}"
        assert (int(clicks), int(limit)) == (0, journey.keys)
        assert 0 < int(keys) <= journey.keys
    assert "(journeys.md)" in (CLERKS / "README.md").read_text()
    assert "(clerks/journeys.md)" in (DOCS / "measured.md").read_text()
