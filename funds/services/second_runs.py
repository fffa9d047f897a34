"""Second compensation (二次补偿), from the surplus to the list that is decided: drawn up by computer, given out to the
fen, decided by the head of the office once it has hung in the villages (docs/rules/settlements.md).

Order of locks: the rounds of the run, the run, its lines by number; then orders of payment.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.services import before
from claims.services.locks import refusing
from funds.deciding import FUNDS
from funds.models import Book, SecondLine, SecondRun
from funds.rules import second as rules
from funds.rules.second import BadBands, Offer
from funds.selectors import second as selectors
from funds.selectors import surplus
from funds.services.asking import CannotAsk
from office import access, deciding, trail
from office.deciding import Matter
from office.models import Duty, Person
from office.models.rounds import Choice, Outcome
from office.rules import days, money
from office.rules.rounds import Required
from office.services import rounds

MAKE: Final = "funds.add_secondrun"
SHORTEST: Final = timedelta(days=7)
TOGETHER: Final = 1_000
State = SecondRun.State
STATES: Final = {Outcome.APPROVED: State.APPROVED, Outcome.RETURNED: State.POSTED, Outcome.REFUSED: State.REFUSED}


@dataclass(frozen=True)
class RunOf:
    """A year's second compensation as its paper states it; without a budget it gives what the surplus allows."""

    year: int
    threshold: Decimal
    bands: Sequence[Sequence[str | None]]
    paper: str
    papers_by: date
    ceiling: Decimal | None = None
    budget: Decimal | None = None
    year_percent: Decimal = Decimal(20)
    cumulative_percent: Decimal = Decimal(25)


@refusing("second-run.drawn-up", CannotAsk, about="book")
def _draw_up(*, book: Book, stated: RunOf, by: Person, at: datetime) -> SecondRun:
    refuse_without(by, MAKE)
    today = days.business_day(at)
    offer = _offer(stated)
    _refuse_times(stated, today)
    Book.objects.select_for_update(no_key=True).get(pk=book.pk)
    left = surplus.of_year(book, stated.year)
    limits = {"year_percent": stated.year_percent, "cumulative_percent": stated.cumulative_percent}
    room = left.room(**limits)
    if not room:
        raise CannotAsk(_("The surplus of %(year)s allows no second compensation.") % {"year": stated.year}, "year")
    budget = room if stated.budget is None else stated.budget
    if not 0 < budget <= room:
        raise CannotAsk(_("At most %(amount)s yuan can be given out.") % {"amount": money.shown(room)}, "budget")
    try:
        with transaction.atomic():
            run = SecondRun.objects.create(
                number=before.next_number(SecondRun, "EB", today),
                book=book,
                year=stated.year,
                paper=" ".join(stated.paper.split()),
                threshold=stated.threshold,
                bands=[[upto, str(ratio)] for upto, ratio in stated.bands],
                ceiling=stated.ceiling,
                income=left.income,
                spending=left.spending,
                cumulative=left.cumulative,
                budget=budget,
                papers_by=stated.papers_by,
                drawn_up_on=today,
                drawn_up_by=by,
                drawn_up_at=at,
                **limits,
            )
    except IntegrityError as refusal:
        raise CannotAsk(_("A second compensation of this year was drawn up already."), "year") from refusal
    people = _list(run, offer)
    trail.record("second-run.drawn-up", run, by=by, at=at, right=MAKE, year=run.year, budget=budget, people=people)
    return run


def draw_up(*, book: Book, stated: RunOf, by: Person, at: datetime) -> SecondRun:
    """Draw up the list of a year: everybody whose burden is above the threshold, with what the bands and the budget
    give. Raises CannotAsk."""
    done: SecondRun = _draw_up(book=book, stated=stated, by=by, at=at)
    return done


def _offer(stated: RunOf) -> Offer:
    try:
        return Offer(stated.threshold, rules.read(stated.bands), stated.ceiling)
    except (BadBands, ArithmeticError, ValueError) as refusal:
        raise CannotAsk(
            _("Bands rise, the last one is open, and each gives more than nothing and at most all."), "bands"
        ) from refusal


def offer_of(run: SecondRun) -> Offer:
    """What a run gives, as its paper states it."""
    return Offer(run.threshold, rules.read(run.bands), run.ceiling)


def _refuse_times(stated: RunOf, today: date) -> None:
    if not stated.paper.strip():
        raise CannotAsk(_("Name the paper."), "paper")
    if stated.year >= today.year:
        raise CannotAsk(_("This year is not over."), "year")
    if stated.papers_by < today + SHORTEST:
        raise CannotAsk(
            _("People have %(days)s days at least to bring their papers.") % {"days": SHORTEST.days}, "papers_by"
        )
    if stated.threshold < 0 or (stated.ceiling is not None and stated.ceiling <= 0):
        raise CannotAsk(_("Threshold and ceiling are amounts."), "threshold")


def _list(run: SecondRun, offer: Offer) -> int:
    found = selectors.burdens(run.book, run.year, run.threshold)
    wanted = {one.member.pk: rules.entitled(one.burden, offer) for one in found}
    granted = rules.distributed(wanted, run.budget)
    heads = selectors.heads_of(one.member.household for one in found)
    lines = [
        SecondLine(
            run=run,
            member=one.member,
            village=one.member.household.village,
            head=heads.get(one.member.household_id, one.member.name),
            burden=one.burden,
            entitled=wanted[one.member.pk],
            granted=granted[one.member.pk],
        )
        for one in found
        if wanted[one.member.pk]
    ]
    if not lines:
        raise CannotAsk(_("Nobody's burden of %(year)s is above the threshold.") % {"year": run.year}, "threshold")
    SecondLine.objects.bulk_create(lines, TOGETHER)
    return len(lines)


@refusing("second-run.proposed", CannotAsk, about="run")
def _propose(*, run: SecondRun, by: Person, at: datetime) -> SecondRun:
    current = locked(run, by, MAKE, State.POSTED)
    if days.business_day(at) <= current.papers_by:
        raise CannotAsk(_("People bring papers and appeal until %(day)s.") % {"day": current.papers_by})
    if selectors.open_appeals(current).exists():
        raise CannotAsk(_("An appeal is not answered."))
    if (missing := selectors.villages_without_slip(current).first()) is not None:
        raise CannotAsk(_("The slip of %(village)s has not come back.") % {"village": missing})
    move(current, State.PROPOSED)
    opened = rounds.open_round(subject=current, by=by, at=at)
    trail.record("second-run.proposed", current, by=by, at=at, right=MAKE, subject_hash=opened.subject_hash)
    return current


def propose(*, run: SecondRun, by: Person, at: datetime) -> SecondRun:
    """The list is whole: the head of the office decides it. Raises CannotAsk."""
    done: SecondRun = _propose(run=run, by=by, at=at)
    return done


@refusing("second-run.voided", CannotAsk, about="run")
def _void(*, run: SecondRun, reason: str, by: Person, at: datetime) -> SecondRun:
    current = locked(run, by, MAKE, State.DRAWN_UP, State.POSTED)
    if not reason.strip():
        raise CannotAsk(_("Say why."), "reason")
    move(current, State.VOID)
    trail.record("second-run.voided", current, by=by, at=at, right=MAKE, reason=reason.strip())
    return current


def void(*, run: SecondRun, reason: str, by: Person, at: datetime) -> SecondRun:
    """Give a list up before it is proposed. Raises CannotAsk."""
    done: SecondRun = _void(run=run, reason=reason, by=by, at=at)
    return done


def locked(run: SecondRun, by: Person, right: str, *states: str) -> SecondRun:
    """A run in one of these states, locked, for somebody who has the right. Raises CannotAsk."""
    refuse_without(by, right)
    current = SecondRun.objects.select_for_update(of=["self"]).select_related("book").get(pk=run.pk)
    if current.state not in states:
        raise CannotAsk(_("This list is %(state)s.") % {"state": current.get_state_display()})
    return current


def refuse_without(by: Person, right: str) -> None:
    """Raises CannotAsk where none of a person's duties gives a right."""
    if not any(access.grants(one.duty, right) for one in access.duties_of(by)):
        raise CannotAsk(_("None of your duties allows this."))


def move(run: SecondRun, state: str) -> None:
    """Bring a run into another state."""
    run.state = state
    run.save(update_fields=["state"])


def _decided(run: SecondRun, outcome: str, by: Person, at: datetime) -> str:
    move(run, STATES[Outcome(outcome)])
    trail.record("second-run.decided", run, by=by, at=at, outcome=outcome)
    return _("Its payments can be ordered now.") if outcome == Outcome.APPROVED else ""


def content(run: SecondRun) -> Mapping[str, object]:
    """What a vote on a list is about: its terms, and every person with what is granted."""
    lines = run.lines.order_by("pk").values_list("member", "burden", "entitled", "granted")
    return {
        "number": run.number,
        "book": run.book_id,
        "year": run.year,
        "paper": run.paper,
        "threshold": run.threshold,
        "bands": str(run.bands),
        "ceiling": str(run.ceiling),
        "budget": run.budget,
        "lines": "\n".join("\x1f".join(map(str, one)) for one in lines),
    }


def rows(run: SecondRun) -> Sequence[tuple[str, str]]:
    """What a voter reads."""
    figures = selectors.figures_of(run)
    return [
        (_("number"), run.number),
        (_("fund year"), str(run.year)),
        (_("paper"), run.paper),
        (_("burden above"), money.shown(run.threshold)),
        (_("people"), f"{figures.people:,}"),
        (_("by the bands"), money.shown(figures.entitled)),
        (_("to be given out"), money.shown(run.budget)),
        (_("granted"), money.shown(figures.granted)),
    ]


def _amount(run: Any) -> Decimal:
    return selectors.figures_of(run).granted


BY_THE_HEAD: Final = Required(rule="funds.second-compensation", version="1", duties=(Duty.OFFICE_HEAD,))


def register() -> None:
    """Called once when the app is ready."""
    deciding.register(
        Matter(
            model=SecondRun,
            family=FUNDS,
            title=gettext_lazy("Second compensation"),
            content=content,
            rows=rows,
            decided=_decided,
            required=lambda run: BY_THE_HEAD,
            barred=lambda run: [run.drawn_up_by],
            amount=_amount,
            choices=(Choice.APPROVE, Choice.REFUSE, Choice.RETURN),
            page="funds:second_run",
            known=("book", "drawn_up_by"),
        )
    )
