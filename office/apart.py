"""Reads an old workbook (.xls) in a process of its own: a damaged one may take its reader with it, or all its memory.

The workbook comes from standard input, the rows of its first sheet go to standard output as office.sheets takes them.
"""

from __future__ import annotations

import pickle
import resource
import sys
from io import BytesIO

from python_calamine import CalamineWorkbook

MOST_MEMORY = 2 * 1024**3  # bytes; 65,536 full rows take a tenth of it


def main() -> None:
    """Read, and say nothing where it cannot be read: whoever asked sees how this process ended."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    book = CalamineWorkbook.from_filelike(BytesIO(sys.stdin.buffer.read()))
    pickle.dump(book.get_sheet_by_index(0).to_python(), sys.stdout.buffer)


if __name__ == "__main__":
    main()
