"""Made-up rosters as files: CSV in UTF-8 or GB18030, or a workbook, with the list of what must be found beside it.

From the shell: `python -m demo.roster.files roster.csv --seed 1 --scale 0.01`.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Sequence
from pathlib import Path

import xlsxwriter

from demo.roster.made import Roster


def write_csv(roster: Roster, path: Path, encoding: str = "utf-8") -> None:
    """Write the rows as CSV, as a spreadsheet program saves it."""
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows(roster.rows())


def write_xlsx(roster: Roster, path: Path) -> None:
    """Write the rows as the first sheet of a workbook, every cell as text, row by row."""
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for at, line in enumerate(roster.rows()):
            for place, value in enumerate(line):
                if value:
                    sheet.write_string(at, place, value)


def write_seeded(roster: Roster, path: Path) -> None:
    """Write what must be found in the rows that were written last: row, column, code."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("row", "column", "code"))
        writer.writerows(sorted(roster.seeded))


def main(words: Sequence[str]) -> None:
    """Write a roster and, beside it, what must be found in it."""
    parser = argparse.ArgumentParser(description="Write a roster of people who do not exist.")
    parser.add_argument("path", type=Path, help="a .csv or .xlsx file")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--county", choices=("640522", "340523"), default="640522")
    parser.add_argument("--year", type=int, default=2009)
    parser.add_argument("--faulty", type=float, default=0.01)
    parser.add_argument("--encoding", choices=("utf-8", "utf-8-sig", "gb18030"), default="utf-8")
    said = parser.parse_args(words)
    roster = Roster(said.seed, scale=said.scale, county=said.county, year=said.year, faulty=said.faulty)
    if said.path.suffix == ".xlsx":
        write_xlsx(roster, said.path)
    else:
        write_csv(roster, said.path, said.encoding)
    write_seeded(roster, said.path.with_suffix(".faults.csv"))


if __name__ == "__main__":
    main(sys.argv[1:])
