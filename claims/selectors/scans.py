"""The papers of a claim as one leafs through them: which page lies open, how near one looks, which comes next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from django.utils.http import urlencode

from office import pictures
from office.models import Attachment

NEAREST: Final = max(pictures.WIDTHS)
A_TURN: Final = 90
LONGEST: Final = 18  # digits of a number in an address


@dataclass(frozen=True)
class View:
    """How a page is looked at."""

    paper: int
    page: int = 1
    near: int = 1
    turn: int = 0

    @property
    def query(self) -> str:
        """As an address says it."""
        return urlencode({"paper": self.paper, "page": self.page, "near": self.near, "turn": self.turn})


@dataclass(frozen=True)
class Scans:
    """What of a claim's papers is shown: the open page, and the ways from it; a way is None where it leads nowhere."""

    files: list[Attachment]
    open: Attachment | None = None
    pages: int = 0
    now: View | None = None
    is_damaged: bool = False

    @property
    def place(self) -> int:
        """Which of the papers is open, counted from one."""
        return self.files.index(self.open) + 1 if self.open else 0

    @property
    def following(self) -> View | None:
        if self.now is None or self.open is None:
            return None
        if self.now.page < self.pages:
            return View(self.open.pk, self.now.page + 1, self.now.near)
        rest = self.files[self.place :]
        return View(rest[0].pk, near=self.now.near) if rest else None

    @property
    def preceding(self) -> View | None:
        if self.now is None or self.open is None:
            return None
        if self.now.page > 1:
            return View(self.open.pk, self.now.page - 1, self.now.near)
        before = self.files[: self.place - 1]
        return View(before[-1].pk, near=self.now.near) if before else None

    @property
    def nearer(self) -> View | None:
        return replace(self.now, near=self.now.near + 1) if self.now and self.now.near < NEAREST else None

    @property
    def farther(self) -> View | None:
        return replace(self.now, near=self.now.near - 1) if self.now and self.now.near > 1 else None

    @property
    def turned(self) -> View | None:
        return replace(self.now, turn=(self.now.turn + A_TURN) % 360) if self.now else None


def scans_of(files: Iterable[Attachment], asked: Mapping[str, str]) -> Scans:
    """Those of a claim's files that can be looked at, with the page that an address asks for; the first one where it
    asks for none."""
    kept = [one for one in files if pictures.can_draw(one)]
    if not kept:
        return Scans([])
    opened = next((one for one in kept if one.pk == _number(asked, "paper", 0)), kept[0])
    try:
        pages = pictures.pages_of(opened)
    except pictures.CannotDraw:
        return Scans(kept, opened, 1, View(opened.pk), is_damaged=True)
    now = View(
        opened.pk,
        min(max(_number(asked, "page", 1), 1), pages),
        min(max(_number(asked, "near", 1), 1), NEAREST),
        _number(asked, "turn", 0) // A_TURN * A_TURN % 360,
    )
    return Scans(kept, opened, pages, now)


def _number(asked: Mapping[str, str], name: str, default: int) -> int:
    typed = asked.get(name, "")
    return int(typed) if typed.isdecimal() and len(typed) <= LONGEST else default
