"""Village lists of second compensation as they hang (公示): posted, taken down, their slips back.

Order of locks: the run, the notice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.utils.translation import gettext as _

from claims.services.locks import refusing
from funds.models import SecondNotice, SecondRun
from funds.services import second_runs
from funds.services.asking import CannotAsk
from funds.services.second_runs import SHORTEST, TOGETHER, State
from office import trail
from office.models import Person
from office.rules import days

POST: Final = "funds.add_secondnotice"


@dataclass(frozen=True)
class NoticeOf:
    """Lists that hang: since when, until when, where, by whom; of all villages that have none, or of those named."""

    posted_on: date
    posted_until: date
    place: str
    posted_by: str
    villages: Sequence[int] | None = None


@refusing("second-run.posted", CannotAsk, about="run")
def _post(*, run: SecondRun, notice: NoticeOf, by: Person, at: datetime) -> list[SecondNotice]:
    current = second_runs.locked(run, by, POST, State.DRAWN_UP, State.POSTED)
    if not notice.place.strip() or not notice.posted_by.strip():
        raise CannotAsk(_("Say where the list hangs and who posted it."), "place")
    if notice.posted_on > days.business_day(at) or notice.posted_on < current.drawn_up_on:
        raise CannotAsk(_("The list was drawn up on %(day)s.") % {"day": current.drawn_up_on}, "posted_on")
    if notice.posted_until < notice.posted_on + SHORTEST:
        raise CannotAsk(_("A list hangs %(days)s days at least.") % {"days": SHORTEST.days}, "posted_until")
    there = set(current.lines.order_by().values_list("village", flat=True))
    wanted = there if notice.villages is None else there & set(notice.villages)
    wanted -= set(current.notices.values_list("village", flat=True))
    if not wanted:
        raise CannotAsk(_("The lists of these villages hang already."))
    told = {
        "posted_on": notice.posted_on,
        "posted_until": notice.posted_until,
        "place": notice.place.strip(),
        "posted_by": notice.posted_by.strip(),
        "noted_by": by,
    }
    if current.state == State.DRAWN_UP:
        second_runs.move(current, State.POSTED)
    made = SecondNotice.objects.bulk_create(
        [SecondNotice(run=current, village_id=one, **told) for one in sorted(wanted)], TOGETHER
    )
    trail.record("second-run.posted", current, by=by, at=at, right=POST, villages=len(made), on=notice.posted_on)
    return made


def post(*, run: SecondRun, notice: NoticeOf, by: Person, at: datetime) -> list[SecondNotice]:
    """Note that village lists hang. Raises CannotAsk."""
    done: list[SecondNotice] = _post(run=run, notice=notice, by=by, at=at)
    return done


@refusing("second-notice.slip-noted", CannotAsk, about="notice")
def _note_slip(*, notice: SecondNotice, on: date, slip_by: str, by: Person, at: datetime) -> SecondNotice:
    run = second_runs.locked(notice.run, by, POST, State.POSTED)
    current = SecondNotice.objects.select_for_update(of=["self"]).get(pk=notice.pk)
    if current.slip_by:
        raise CannotAsk(_("This slip was noted already."))
    if not slip_by.strip():
        raise CannotAsk(_("Name who signed the slip."), "slip_by")
    if on < current.posted_until or on > days.business_day(at):
        raise CannotAsk(_("The list hangs until %(day)s.") % {"day": current.posted_until}, "on")
    current.slip_on, current.slip_by, current.slip_noted_by = on, slip_by.strip(), by
    current.save(update_fields=["slip_on", "slip_by", "slip_noted_by"])
    trail.record("second-notice.slip-noted", current, by=by, at=at, right=POST, run=run.pk, on=on)
    return current


def note_slip(*, notice: SecondNotice, on: date, slip_by: str, by: Person, at: datetime) -> SecondNotice:
    """Note that a village's list was taken down and its slip came back. Raises CannotAsk."""
    done: SecondNotice = _note_slip(notice=notice, on=on, slip_by=slip_by, by=by, at=at)
    return done
