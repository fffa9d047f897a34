"""The way of claims through the office, moment by moment, as `claims/services` would have led them."""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import cache
from random import Random
from typing import Final

from benchmarks.bulk.drawn import Case
from benchmarks.bulk.letters import Letters
from benchmarks.bulk.made import (
    A_DAY,
    EPOCH,
    NULL,
    SHANGHAI,
    Made,
    Round,
    Rows,
    iso,
    line_of,
    moment_of,
)
from benchmarks.bulk.office import Office, Worker
from benchmarks.bulk.streams import Streams
from benchmarks.bulk.valued import Valued
from claims.rules import routes
from claims.rules.routes import Figures
from claims.services import checking
from office.rules.rounds import Required

YEAR_IS_OVER: Final = 75  # days after which nothing of a plan year is approved any more
PUBLIC_FOR: Final = 8  # days
LATE: Final = 57_600  # the last moment of a day at which somebody decides
LEAST_CUT: Final = 20  # yuan of a line of which a twentieth is cut
UNLIMITED: Final = ("first_check", "second_check")  # limits are for stays
SUBJECT: Final = "claims.claim"


class Passage:
    """Leads claims on until a moment; what is not over by then stays where it is."""

    def __init__(self, office: Office, rows: Rows, streams: Streams, end: int) -> None:
        self.office, self.rows, self.streams, self.end = office, rows, streams, end
        self.chance = Random(2)  # noqa: S311 -- repeatable on purpose
        self.waiting: list[tuple[int, int, Made]] = []
        self.transaction = 1_000
        self.letters = Letters(office.secretary, streams, self._act_on, self._workday)

    def lead(self, cases: Iterable[Case]) -> None:
        """All of them to their ends."""
        for case in cases:
            made = self.rows.entered(case)
            self._until(made.entered_at)
            self._enter(made)
            self.rows.counters(date.fromordinal(case.entered - YEAR_IS_OVER).year)
        self._until(self.end)
        for _at, _number, made in sorted(self.waiting, key=lambda one: one[1]):
            self._stays(made)
        self.letters.end()
        self.rows.counters(date.max.year)
        self.streams.end()

    def _until(self, moment: int) -> None:
        while self.waiting and self.waiting[0][0] <= moment:
            at, _number, made = heapq.heappop(self.waiting)
            self.letters.until(at)
            self.transaction += 1
            MOVES[made.state](self, made, at)
        self.letters.until(moment)

    def _wait(self, made: Made, at: int) -> None:
        heapq.heappush(self.waiting, (at, made.pk, made))

    def _never(self, made: Made) -> None:
        """Nobody goes on with it before the end."""
        self._wait(made, self.end + 1)

    def _stays(self, made: Made) -> None:
        opened = made.round
        if opened is not None:
            self._write_round(made, opened, "open", "", NULL)
        self.rows.ended(made)

    def _workday(self, after: int, days: int) -> int:
        """A moment some days later at which people work."""
        day = (after + SHANGHAI) // A_DAY + EPOCH + 1 + int(self.chance.random() * days)
        day += {6: 2, 0: 1}.get(day % 7, 0)
        return moment_of(day, 30_600 + int(self.chance.random() * (LATE - 30_600)))

    # Intake

    def _enter(self, made: Made) -> None:
        case, texts = made.case, made.texts
        self.transaction += 1
        made.proposed = self.rows.valuing.value(case).fund_pays
        made.route = self._route(made)
        facts = f'"number": "{made.number}", "version": 1, "scheme": {texts["scheme_id"]}, "member": {case.person}, '
        facts += f'"provider": {case.place.pk}, "total": "{texts["total"]}", "proposed": "{made.proposed}"'
        self._act("claim.entered", made, made.clerk, made.entered_at, facts)
        if case.fate == "missing":
            self._never(made)
            return
        self._wait(made, made.entered_at + (3_600 if case.fate == "void" else 60 + int(self.chance.random() * 1_200)))

    def _hand_on(self, made: Made, at: int) -> None:
        if made.case.fate == "void":
            made.state, made.since = "void", at
            self._act("claim.voided", made, made.clerk, at, f'"number": "{made.number}"', reason="申请人撤回（编造）")
            self.rows.ended(made)
            return
        made.proposed = self.rows.valuing.value(made.case).fund_pays
        made.route = self._route(made)
        self._step(made, made.route[0], at)
        self._act("claim.handed-on", made, made.clerk, at, f'"step": "{made.route[0]}", "amount": "{made.proposed}"')

    def _route(self, made: Made) -> tuple[str, ...]:
        case = made.case
        if case.kind != "inpatient":
            return UNLIMITED
        figures = Figures(case.kind, case.place.region, Decimal(made.total), made.proposed)
        return tuple(one.stage.value for one in routes.route(self.office.limits[case.scheme], figures))

    # Steps

    def _step(self, made: Made, step: str, at: int) -> None:
        """A claim comes into a step; whoever decides there opens its round."""
        made.state, made.since = step, at
        if step == "verification":
            made.verifier = self.chance.choice(self.office.first)
            made.asked_at = 0
            self._wait(made, self._workday(at, 1))
            return
        number = self.streams.number("claims_claimsround")
        barred = {made.clerk.pk} | ({made.verifier.pk} if made.verifier else set())
        told = f"{{{','.join(map(str, sorted(barred)))}}}" if step != "first_check" else "{}"
        made.round = Round(number, step, self.rows.hash(made), made.proposed, at, told, step == "committee")
        facts = f'"step": "{step}", "amount": "{made.proposed}"'
        self._act("round.opened", made, made.clerk, at, facts, subject_hash=made.round.hash)
        if step == "committee":
            self._never(made)
        else:
            self._wait(made, self._workday(at, 3 if step == "first_check" else 2))

    def _verified(self, made: Made, at: int) -> None:
        """The hospital is called; another day it answers."""
        by = made.verifier
        if by is None:
            raise AssertionError("somebody verifies")
        if not made.asked_at:
            made.asked_at = at
            self._act("claim.verification-asked", made, by, at, '"way": "phone"')
            self._wait(made, self._workday(at, 3))
            return
        made.answered_at = at
        self._act("claim.verification-answered", made, by, at, '"outcome": "genuine"')
        self._step(made, "second_check", at)

    def _first(self, made: Made, at: int) -> None:
        self._decide(made, self._other_than(self.office.first, made.verifier), at)

    def _second(self, made: Made, at: int) -> None:
        self._decide(made, self.chance.choice(self.office.second), at)

    def _head(self, made: Made, at: int) -> None:
        self._decide(made, self.chance.choice(self.office.heads), at)

    def _other_than(self, some: Iterable[Worker], one: Worker | None) -> Worker:
        return self.chance.choice([each for each in some if each != one])

    def _decide(self, made: Made, by: Worker, at: int) -> None:
        """One person's decision, and what comes of it."""
        step, fate = made.state, made.case.fate
        is_first = step == "first_check"
        if is_first and fate in {"refused", "returned"}:
            self._send_away(made, by, at)
            return
        if is_first and fate == "cut":
            made.cut = (0, made.case.lines[0][3] // 20) if made.case.lines[0][3] >= LEAST_CUT else None
        choice, reason = ("cut", f"超限价 {made.cut[1]}.00") if is_first and made.cut else ("approve", "")
        decided = self._vote(made, by, at, choice, reason, "approved")
        valued = None if is_first and not made.cut else self.rows.valuing.value(made.case, made.cut)
        if valued is not None:
            made.proposed = valued.fund_pays
            made.route = self._route(made)
        following = routes.after(made.route, step)
        if following or valued is None:
            self._step(made, following, at)
        else:
            self._approve(made, valued, by, at)
            if made.cut:
                self.letters.owe(made, decided, at)
        told = f'"step": "{step}", "state": "{made.state}", "amount": "{made.proposed}"'
        self._act("claim.checked", made, by, at, told)

    def _approve(self, made: Made, valued: Valued, by: Worker, at: int) -> None:
        sha = self.rows.approved(made, valued, by, at)
        made.state = "approved" if made.case.kind == "injury" else "payable"
        patient, year = valued.figures.rpartition("\t")[2], date.fromordinal(made.case.discharged).year
        facts = f'"fund_pays": "{valued.fund_pays}", "patient_pays": "{patient}", '
        facts += f'"person": {made.case.person}, "year": {year}'
        self._act("claim.approved", made, by, at, facts, subject_hash=sha)
        self._pay_later(made, at)

    def _send_away(self, made: Made, by: Worker, at: int) -> None:
        step, outcome = made.state, made.case.fate
        is_refused = outcome == "refused"
        words = "不属补偿范围（编造）" if is_refused else "请补交诊断证明（编造）"
        decided = self._vote(made, by, at, "refuse" if is_refused else "return", words, outcome)
        made.state, made.since = outcome, at
        self._act("claim.checked", made, by, at, f'"step": "{step}", "state": "{outcome}"')
        if is_refused:
            self.rows.ended(made)
            self.letters.owe(made, decided, at)
        else:
            self._never(made)

    def _vote(self, made: Made, by: Worker, at: int, choice: str, reason: str, outcome: str) -> int:
        """The one vote of a step closes its round; gives the round's number."""
        opened = made.round
        if opened is None:
            raise AssertionError("a vote is given in a round")
        if choice == "cut":
            self.rows.note_cut(made, by, at)
        seat = self._write_round(made, opened, "closed", outcome, iso(at), by)
        number = self.streams.number("claims_claimsvote")
        row = (number, opened.number, seat, by.pk, choice, "", reason, opened.hash, iso(at), self.transaction)
        self.streams.add("claims_claimsvote", line_of(*row))
        facts = f'"step": "{opened.step}", "choice": "{choice}"'
        self._act("round.voted", made, by, at, facts, subject_hash=opened.hash, reason=reason)
        closed = f'"step": "{opened.step}", "outcome": "{outcome}", "votes": 1, "present": 1'
        self._act("round.closed", made, by, at, closed, subject_hash=opened.hash)
        made.round = None
        return opened.number

    def _write_round(
        self, made: Made, opened: Round, state: str, outcome: str, closed_at: str, by: Worker | None = None
    ) -> int:
        """A round with its seats; gives the number of the last seat."""
        members = self.office.committee if opened.by_seats else [(by, "member")] if by else []
        asked = required_of(opened.step, len(members))
        row = (opened.number, opened.step, SUBJECT, made.pk, opened.hash, opened.amount, asked)
        told = (*row, made.clerk.pk, opened.barred, iso(opened.opened_at), state, outcome, closed_at, "")
        self.streams.add("claims_claimsround", line_of(*told))
        seat = 0
        for one, role in members:
            if one is None:
                raise AssertionError("somebody sits there")
            seat = self.streams.number("claims_claimsseat")
            self.streams.add("claims_claimsseat", line_of(seat, opened.number, one.pk, role, "t", ""))
        return seat

    # Paying

    def _pay_later(self, made: Made, at: int) -> None:
        made.since = at
        if made.state == "approved":
            self._wait(made, self._workday(at, 1) + PUBLIC_FOR * A_DAY)
        elif made.parts:
            self._wait(made, self._workday(at, 5))
        else:
            made.state = "paid"
            self.rows.ended(made)

    def _publicised(self, made: Made, at: int) -> None:
        made.state = "payable"
        self._pay_later(made, at)
        self._act("claim.payable", made, self.office.cashier, at, "")

    def _paying(self, made: Made, at: int) -> None:
        made.state, made.since = "paying", at
        self._act("claim.paying", made, self.office.cashier, at, "")
        self._wait(made, self._workday(at, 2))

    def _paid(self, made: Made, at: int) -> None:
        made.state, made.since = "paid", at
        self._act("claim.paid", made, self.office.cashier, at, "")
        self.rows.ended(made)

    def _act_on(
        self, name: str, made: Made, by: Worker, at: int, facts: str, about: tuple[str, int] | None = None
    ) -> None:
        """An act of its own transaction, about something else than the claim."""
        self.transaction += 1
        self._act(name, made, by, at, facts, about=about)

    def _act(
        self,
        name: str,
        made: Made,
        by: Worker,
        at: int,
        facts: str,
        *,
        subject_hash: str = "",
        reason: str = "",
        about: tuple[str, int] | None = None,
    ) -> None:
        moment = iso(at)
        told = f'{{{facts}{", " if facts else ""}"given": "{moment}"}}'
        subject = about or (SUBJECT, made.pk)
        row = (moment, self.transaction, "done", name, *subject, subject_hash, by.pk, by.duty, by.body)
        self.streams.add("office_act", line_of(*row, by.has_factor, reason, told))


MOVES: Final = {
    "entered": Passage._hand_on,
    "first_check": Passage._first,
    "verification": Passage._verified,
    "second_check": Passage._second,
    "head": Passage._head,
    "approved": Passage._publicised,
    "payable": Passage._paying,
    "paying": Passage._paid,
}


@cache
def required_of(step: str, members: int) -> str:
    """What a step's round asks for, as columns."""
    asked: Required = checking.committee_of(members) if step == "committee" else checking.ALONE[step]
    duties = f"{{{','.join(asked.duties)}}}"
    told = (asked.rule, asked.version, duties, asked.count, asked.quorum, asked.majority, asked.by_seats)
    return "\t".join(map(str, (*told, asked.own_code)))
