"""Lists of those helped (资助对象名单): what civil affairs and others send is read, matched with the register, kept.

The newest list of a category is in force; it replaces the one before as a whole. Nothing in the register changes:
who it knows otherwise is corrected one by one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from enrollment.models import AssistanceLine, AssistanceList, Category, FundYear, Member
from enrollment.rules import assistance as rules
from enrollment.rules.assistance import Column, Known, Line
from enrollment.rules.faults import Fault, Level, in_order
from enrollment.services import roster_files
from office import attachments, trail
from office.models import Attachment, Person
from office.rules import days

RIGHT = "enrollment.add_assistancelist"
VIEW = "enrollment.view_assistancelist"
TOGETHER = 5_000  # rows that are looked up or written in one piece

#: The categories of which somebody else sends a list.
LISTED = (Category.FIVE_GUARANTEES, Category.LOW_INCOME, Category.VETERAN, Category.DISABLED)


class CannotList(Exception):
    """No list came of it; the message is written for who sent it, `field` is what of the form it is about."""

    def __init__(self, sentence: str, field: str | None = None) -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True)
class Reading:
    """A list as it was read: rows without an error, who they are in the register, every fault in order."""

    rows: int
    good: Sequence[Line]
    members: Mapping[int, int]
    faults: Sequence[Fault]
    sha256: str

    @property
    def found(self) -> int:
        """How many of the good rows the register knows."""
        return sum(line.number in self.members for line in self.good)


@dataclass(frozen=True)
class Paper:
    """Which list it is: of which year and category, by which paper of the bureau."""

    fund_year: FundYear
    category: str
    number: str
    dated: date


def read(*, path: Path, name: str, at: datetime) -> Reading:
    """What a file comes to. Writes nothing. Raises CannotList, CannotReadRoster."""
    file = roster_files.opened(path, name)
    try:
        lines = list(rules.read_lines(file.table(), days.business_day(at)))
    except rules.CannotReadList as refusal:
        raise CannotList(_words_of_header(refusal)) from refusal
    if not lines:
        raise CannotList(_("There is no row under the header."))
    members = rules.matched(lines, _known(lines))
    faults = [fault for line in lines for fault in line.faults]
    faults += rules.named_twice(lines, members)
    wrong = {fault.row for fault in faults if fault.level is Level.ERROR}
    good = [line for line in lines if line.number not in wrong]
    faults += [
        Fault(line.number, Column.NAME, "owner_unknown", Level.WARNING, line.name, "list")
        for line in good
        if line.number not in members
    ]
    return Reading(len(lines), good, members, in_order(faults), file.sha256)


@transaction.atomic
def accept(*, paper: Paper, file: Attachment, by: Person, at: datetime) -> AssistanceList:
    """Keep the good rows of a list that was read; from now on it is the one in force. Raises CannotList."""
    refuse_stranger(by)
    refuse_paper(paper, at)
    found = read(path=file.path, name=file.name, at=at)
    if not found.good:
        raise CannotList(_("No row of this list can be taken."))
    made = _made(paper, file, found, by, at)
    for piece in _in_pieces(found.good):
        AssistanceLine.objects.bulk_create(
            AssistanceLine(
                list=made,
                row=line.number,
                name=line.name,
                id_number=line.person,
                village=line.place,
                member_id=found.members.get(line.number),
            )
            for line in piece
        )
    content = file.path.read_bytes()
    attachments.keep_made(subject=made, name=file.name, content=content, media_type=file.media_type, by=by, at=at)
    trail.record(
        "assistance-list.accepted",
        made,
        by=by,
        at=at,
        right=RIGHT,
        fund_year=paper.fund_year,
        category=paper.category,
        paper=paper.number,
        sha256=found.sha256,
        rows=len(found.good),
        found=found.found,
    )
    return made


def refuse_stranger(by: Person) -> None:
    """A list replaces another one as a whole, so that it is the whole county's. Raises CannotList."""
    if by.bodies_in_sight(RIGHT) is not None:
        raise CannotList(_("Lists are of the whole county: the county's office takes them in."))


def refuse_paper(paper: Paper, at: datetime) -> None:
    """A list is of a confirmed year and a category that is helped, by a paper that exists. Raises CannotList."""
    if paper.fund_year.state != FundYear.State.CONFIRMED:
        raise CannotList(_("%(fund_year)s is not confirmed yet.") % {"fund_year": paper.fund_year}, "fund_year")
    if paper.category not in LISTED:
        raise CannotList(_("Nobody sends a list of this category."), "category")
    if paper.dated > days.business_day(at):
        raise CannotList(_("This day has not come yet."), "paper_date")
    if not paper.number.strip():
        raise CannotList(_("Say by which paper."), "paper_number")


def register() -> None:
    """Called once when the app is ready: the files have whole ID numbers of the whole county."""
    attachments.register("enrollment.assistancelist", _reads_files)


def _reads_files(person: Person, number: str) -> bool:
    return person.has_perm(VIEW) and person.bodies_in_sight(VIEW) is None


def _made(paper: Paper, file: Attachment, found: Reading, by: Person, at: datetime) -> AssistanceList:
    try:
        with transaction.atomic():
            return AssistanceList.objects.create(
                fund_year=paper.fund_year,
                category=paper.category,
                paper_number=paper.number.strip(),
                paper_date=paper.dated,
                file=file,
                sha256=found.sha256,
                rows=len(found.good),
                brought_by=by,
                brought_at=at,
            )
    except IntegrityError as refusal:
        raise CannotList(_("This file was taken in already for this year and category.")) from refusal


def _known(lines: Sequence[Line]) -> Iterator[Known]:
    """Everybody in the register who has one of these numbers or names."""
    seen: set[int] = set()
    found = Member.objects.exclude(state=Member.State.MERGED).select_related("household__village__parent")
    for piece in _in_pieces(sorted({line.person for line in lines if line.person})):
        yield from _fresh(found.filter(id_number__in=piece), seen)
    for piece in _in_pieces(sorted({line.name for line in lines if line.village})):
        yield from _fresh(found.filter(name__in=piece), seen)


def _fresh(members: Iterable[Member], seen: set[int]) -> Iterator[Known]:
    for one in members:
        if one.pk not in seen:
            seen.add(one.pk)
            village = one.household.village
            places = (village.code, village.name, f"{village.parent} {village.name}")
            yield Known(one.pk, one.name, one.id_number or "", places)


def _in_pieces(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (values[at : at + TOGETHER] for at in range(0, len(values), TOGETHER))


def _words_of_header(refusal: rules.CannotReadList) -> str:
    columns = "、".join(rules.CHINESE[column][0] for column in refusal.columns)
    if refusal.code == "columns_twice":
        return _("The first row names columns twice: %(columns)s.") % {"columns": columns}
    return _("The first row must name the columns; missing: %(columns)s.") % {"columns": columns}
