"""The written answers to claims that were refused or cut: issued some days after the decision, then served."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from benchmarks.bulk.made import NULL, Made, line_of, office_day
from benchmarks.bulk.office import Worker
from benchmarks.bulk.streams import Streams

TO_ISSUE: Final = 3  # days, at most
TO_SERVE: Final = 4
NOTICE: Final = "claims.decisionnotice"

#: Writes an act: its name, the claim, by whom, when, its facts, what it is about if not the claim.
Act = Callable[[str, Made, Worker, int, str, tuple[str, int] | None], None]


@dataclass(slots=True)
class Letter:
    """What a decided claim is owed."""

    made: Made
    round: int
    number: int = 0
    issued_at: int = 0


class Letters:
    """Issues and serves them until a moment; what is not served by then stays as it is."""

    def __init__(self, by: Worker, streams: Streams, act: Act, workday: Callable[[int, int], int]) -> None:
        self.by, self.streams, self._act, self._workday = by, streams, act, workday
        self.waiting: list[tuple[int, int, Letter]] = []

    def owe(self, made: Made, round_: int, at: int) -> None:
        """The decision of a round is to be answered."""
        heapq.heappush(self.waiting, (self._workday(at, TO_ISSUE), made.pk, Letter(made, round_)))

    def until(self, moment: int) -> None:
        """What is issued and served until then."""
        while self.waiting and self.waiting[0][0] <= moment:
            at, pk, letter = heapq.heappop(self.waiting)
            if letter.number:
                self._write(letter, "handed_over", at)
                self._act("notice.served", letter.made, self.by, at, '"way": "handed_over"', (NOTICE, letter.number))
                continue
            letter.number, letter.issued_at = self.streams.number("claims_decisionnotice"), at
            facts = f'"number": "{_number(letter)}", "round": {letter.round}'
            self._act("notice.issued", letter.made, self.by, at, facts, None)
            heapq.heappush(self.waiting, (self._workday(at, TO_SERVE), pk, letter))

    def end(self) -> None:
        """Those that reached nobody yet."""
        for _at, _pk, letter in sorted(self.waiting, key=lambda one: one[2].number):
            if letter.number:
                self._write(letter)

    def _write(self, letter: Letter, way: str = "", at: int = 0) -> None:
        service = (way, letter.made.texts["payee_name"], office_day(at), self.by.pk) if way else ("", "", NULL, NULL)
        row = (letter.number, letter.made.pk, letter.round, _number(letter), office_day(letter.issued_at), self.by.pk)
        self.streams.add("claims_decisionnotice", line_of(*row, *service))


def _number(letter: Letter) -> str:
    return f"编造决〔{letter.made.number[:4]}〕{letter.number}号"
