"""What templates must not write: a record's number with a comma at the thousands, where a program reads it."""

import re
from pathlib import Path

ATTRIBUTE = re.compile(r'="[^"{]*(?:\{\{[^}]*\}\}[^"{]*)*\{\{ [\w.]*\b(?:pk|content_version)(?:_id)? \}\}')


def test_numbers_of_records_stand_in_attributes_without_a_comma():
    wrong = [
        f"{path}: {line.strip()}"
        for path in sorted(Path("templates").rglob("*.html"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if ATTRIBUTE.search(line)
    ]
    assert wrong == []
