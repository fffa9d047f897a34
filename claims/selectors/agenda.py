"""The one sheet of a meeting: every claim of its agenda with what it asks, who may vote, who withdrew, how it ended."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F, Sum
from django.utils.translation import gettext as _

from claims.models import AgendaItem, Approval, ClaimLine, Cut, Flag, Invitee, Meeting
from office.models import Person
from office.models.rounds import Outcome
from office.rules.rounds import CARRIED_BY

TONES: Mapping[str, str] = {
    Outcome.APPROVED: "done",
    Outcome.REFUSED: "failed",
    Outcome.RETURNED: "waiting",
    Outcome.DEFERRED: "waiting",
}


@dataclass(frozen=True)
class Cell:
    """What stands under a member's name: a word, and how it looks."""

    words: str
    tone: str = ""


@dataclass(frozen=True)
class Row:
    """A claim of the agenda."""

    item: AgendaItem
    cut: Decimal  # by earlier steps
    cells: Sequence[Cell]
    voices: int  # who is there and may vote
    said: Sequence[str]  # who withdrew, what was said against it, what was cut
    pays: Decimal | None
    held: str = ""

    @property
    def has_quorum(self) -> bool:
        """Whether enough are there who may vote."""
        return self.voices >= self.item.round.quorum

    @property
    def is_open(self) -> bool:
        """Whether it still waits for an outcome."""
        return bool(self.item.round.state == "open")

    @property
    def outcome(self) -> str:
        """What came of it, in words."""
        if self.item.round.state == "void":
            return _("taken off: %(reason)s") % {"reason": self.item.round.void_reason}
        return str(Outcome(self.item.round.outcome).label) if self.item.round.outcome else ""

    @property
    def tone(self) -> str:
        """How the outcome looks."""
        return TONES.get(self.item.round.outcome, "")


def items_of(meeting: Meeting) -> list[AgendaItem]:
    """The agenda with all that its sheet shows."""
    found = meeting.agenda.select_related(
        "claim__member", "claim__provider", "claim__disease", "claim__scheme", "round"
    )
    told = found.prefetch_related("round__seats__person", "round__votes__voter").order_by("position")
    return list(told)


def called_to(meeting: Meeting) -> list[Invitee]:
    """Who was called, the chair first."""
    return list(meeting.invitees.select_related("person").order_by("role", "pk"))


def rows_of(items: Sequence[AgendaItem], called: Sequence[Invitee]) -> list[Row]:
    """The sheet, a row a claim; a member's vote is shown once the claim is decided."""
    before, carried = cuts_before(items), _cuts_that_count(items)
    numbers = [one.claim_id for one in items]
    pays = dict(Approval.objects.filter(claim__in=numbers).values_list("claim", "fund_pays"))
    held = dict(Flag.objects.holding().filter(claim__in=numbers).values_list("claim", "reason"))
    return [
        Row(
            item=one,
            cut=sum((before.get(one.claim_id) or {}).values(), Decimal(0)),
            cells=[_cell(one, member) for member in called],
            voices=sum(seat.is_present and not seat.recusal for seat in one.round.seats.all()),
            said=[*_withdrew(one), *_dissent(one), *carried.get(one.round_id, [])],
            pays=pays.get(one.claim_id) if one.round.outcome == Outcome.APPROVED else None,
            held=held.get(one.claim_id, ""),
        )
        for one in items
    ]


def totals_of(items: Sequence[AgendaItem]) -> tuple[Decimal, Decimal]:
    """What the claims cost together, and what is proposed for them."""
    total = sum((one.claim.total for one in items), Decimal(0))
    return total, sum((one.claim.proposed or Decimal(0) for one in items), Decimal(0))


def cuts_before(items: Iterable[AgendaItem]) -> Mapping[int, Mapping[int, Decimal]]:
    """By claim and line, what earlier steps cut of it."""
    rows = Cut.objects.filter(
        claim__in=[one.claim_id for one in items], counts=True, line__version=F("claim__content_version")
    ).exclude(round__in=[one.round_id for one in items])
    found: dict[int, dict[int, Decimal]] = defaultdict(dict)
    for claim, line, amount in rows.order_by().values_list("claim", "line").annotate(all=Sum("amount")):
        found[claim][line] = amount
    return found


def lines_of(items: Sequence[AgendaItem]) -> Mapping[int, Sequence[ClaimLine]]:
    """By claim, the lines of its version, each with `left`: what was not cut yet."""
    before = cuts_before(items)
    rows = ClaimLine.objects.filter(
        claim__in=[one.claim_id for one in items], version=F("claim__content_version")
    ).order_by("position")
    found: dict[int, list[ClaimLine]] = defaultdict(list)
    for line in rows:
        line.left = line.amount - (before.get(line.claim_id) or {}).get(line.pk, Decimal(0))  # type: ignore[attr-defined]
        found[line.claim_id].append(line)
    return found


def _cell(item: AgendaItem, member: Invitee) -> Cell:
    seat = next((one for one in item.round.seats.all() if one.person_id == member.person_id), None)
    if seat is None:
        return Cell(_("no seat"))
    if seat.recusal:
        return Cell(_("withdrew"), "waiting")
    vote = next((one for one in item.round.votes.all() if one.voter_id == member.person_id), None)
    if vote is None:
        return Cell(_("absent")) if not seat.is_present else Cell("—")
    if item.round.state == "open":
        return Cell(_("voted"), "running")
    return Cell(str(vote.get_choice_display()), "failed" if _is_dissent(item, vote.choice) else "")


def _is_dissent(item: AgendaItem, choice: str) -> bool:
    speaking = CARRIED_BY.get(item.round.outcome)
    return speaking is not None and choice not in speaking


def _withdrew(item: AgendaItem) -> list[str]:
    return [
        _("%(person)s withdrew: %(reason)s") % {"person": one.person, "reason": one.recusal}
        for one in item.round.seats.all()
        if one.recusal
    ]


def _dissent(item: AgendaItem) -> list[str]:
    if item.round.state != "closed":
        return []
    return [
        _("%(person)s, %(vote)s: %(reason)s")
        % {"person": one.voter, "vote": one.get_choice_display(), "reason": one.reason or "—"}
        for one in item.round.votes.all()
        if _is_dissent(item, one.choice)
    ]


def _cuts_that_count(items: Iterable[AgendaItem]) -> Mapping[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    rows = Cut.objects.filter(round__in=[one.round_id for one in items], counts=True).select_related("line")
    for one in rows.order_by("line__position"):
        words = {"line": one.line.name, "amount": f"{one.amount:,.2f}", "reason": one.get_reason_code_display()}
        found[one.round_id].append(_("%(line)s: %(amount)s yuan cut, %(reason)s") % words)
    return found


def has_to_confirm(called: Sequence[Invitee], person: Person) -> bool:
    """Whether somebody is there and has not confirmed his sheet."""
    return any(one.person_id == person.pk and one.is_present and one.confirmed_at is None for one in called)
