"""What two people decide in the office itself: giving a duty, a way back in, acting for somebody who is away."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from office import deciding, trail, words
from office.deciding import OFFICE, Matter
from office.models import Appointment, Body, Delegation, Duty, DutyRequest, OneTimeCode, Person, ResetRequest
from office.models.rounds import Outcome
from office.proof import Proof
from office.rules import codes, duties
from office.rules.rounds import Required
from office.services import rounds

ONE_DAY = timedelta(days=1)

#: Two administrators: one asks, another one decides.
BY_TWO = Required(rule="office.given-by-two", version="1", duties=(Duty.SECURITY_ADMINISTRATOR,))

#: The head of the office knows the faces of his people, too.
BY_TWO_OR_HEAD = Required(
    rule="office.given-by-two", version="1", duties=(Duty.SECURITY_ADMINISTRATOR, Duty.OFFICE_HEAD)
)


class CannotRequest(Exception):
    """Nothing was asked for; the message is written for whoever asked."""


class CannotDelegate(Exception):
    """Nobody acts for anybody; the message is written for the person."""


@transaction.atomic
def propose_duty(
    *,
    person: Person,
    duty: str,
    body: Body,
    start: date,
    end: date | None = None,
    reason: str,
    by: Person,
    at: datetime,
    proof: Proof | None,
) -> DutyRequest:
    """Ask that a duty be given which two people give. Raises CannotRequest."""
    _refuse_without_proof(proof, by, at)
    _refuse_for(person, by)
    if not duties.is_given_by_two(duty):
        raise CannotRequest(_("This duty is given by one administrator."))
    held = person.appointments.filter(period__overlap=DateRange(start, end))
    if any(one.duty == duty and one.body == body for one in held):
        raise CannotRequest(_("This person has this duty already."))
    clash = next((one for one in held if duties.excludes(one.duty, duty)), None)
    if clash is not None:
        raise CannotRequest(_("This duty and “%(other)s” exclude each other.") % {"other": clash.get_duty_display()})
    asked: DutyRequest = _create(
        DutyRequest(
            person=person,
            duty=duty,
            body=body,
            period=DateRange(start, end),
            reason=reason,
            proposed_by=by,
            proposed_at=at,
        )
    )
    trail.record("duty.proposed", asked, by=by, at=at, proof=proof, person=person.pk, asked_duty=duty, body=body)
    rounds.open_round(subject=asked, by=by, at=at)
    return asked


@transaction.atomic
def propose_reset(
    *, person: Person, kind: str, reason: str, by: Person, at: datetime, proof: Proof | None
) -> tuple[ResetRequest, str]:
    """Ask for a one-time code; gives its first half, shown to whoever asks alone. Raises CannotRequest."""
    _refuse_without_proof(proof, by, at)
    _refuse_for(person, by)
    half = codes.half(secrets.choice)
    asked = _create(
        ResetRequest(
            person=person,
            kind=kind,
            reason=reason,
            first_hash=make_password(half),
            proposed_by=by,
            proposed_at=at,
        )
    )
    trail.record("reset.proposed", asked, by=by, at=at, proof=proof, person=person.pk, kind=kind)
    rounds.open_round(subject=asked, by=by, at=at)
    return asked, half


@transaction.atomic
def delegate(
    *, to: Person, duty: str, start: date, end: date, reason: str, by: Person, at: datetime, proof: Proof | None
) -> Delegation:
    """Let somebody decide in one's place for some days, both included. Raises CannotDelegate."""
    if proof is None or not proof.is_of(by, at=at):
        raise CannotDelegate(_("Show your second factor first."))
    granted = _delegation(by, to, duty, start, end, reason, by, at, Delegation.State.GRANTED)
    trail.record("delegation.given", granted, by=by, at=at, proof=proof, to=to.pk, delegated=duty)
    return granted


@transaction.atomic
def propose_delegation(
    *,
    person: Person,
    to: Person,
    duty: str,
    start: date,
    end: date,
    reason: str,
    by: Person,
    at: datetime,
    proof: Proof | None,
) -> Delegation:
    """Ask that somebody decide for a person who fell ill and cannot say so himself. Raises CannotDelegate."""
    if proof is None or not proof.is_of(by, at=at):
        raise CannotDelegate(_("Show your second factor first."))
    if by in {person, to}:
        raise CannotDelegate(_("Somebody else asks for this."))
    asked = _delegation(person, to, duty, start, end, reason, by, at, Delegation.State.PROPOSED)
    trail.record("delegation.proposed", asked, by=by, at=at, proof=proof, person=person.pk, to=to.pk, delegated=duty)
    rounds.open_round(subject=asked, by=by, at=at)
    return asked


@transaction.atomic
def end_delegation(*, delegation: Delegation, by: Person, at: datetime) -> None:
    """The absent person is back. Raises CannotDelegate."""
    current = Delegation.objects.select_for_update(of=["self"]).get(pk=delegation.pk)
    if by != current.person:
        raise CannotDelegate(_("Whoever delegated ends it."))
    if current.state != Delegation.State.GRANTED:
        raise CannotDelegate(_("This delegation is not in force."))
    current.state = Delegation.State.ENDED
    current.save(update_fields=["state"])
    trail.record("delegation.ended", current, by=by, at=at)


@transaction.atomic
def withdraw(*, asked: Any, by: Person, at: datetime) -> None:
    """Whoever asked takes it back before it is decided. Raises CannotRequest."""
    if by != asked.proposed_by:
        raise CannotRequest(_("Whoever asked for it takes it back."))
    rounds.void(subject=asked, by=by, at=at, reason=_("withdrawn"))
    current = type(asked).objects.select_for_update(of=["self"]).get(pk=asked.pk)
    if current.state != type(asked).State.PROPOSED:
        raise CannotRequest(_("This has been decided already."))
    _move(current, type(asked).State.WITHDRAWN)
    trail.record("request.withdrawn", current, by=by, at=at)


def take_back(asked: Any, by: Person, at: datetime) -> None:
    """How a matter is taken back that says nothing else (office.deciding.Matter)."""
    withdraw(asked=asked, by=by, at=at)


def register() -> None:
    """Called once when the app is ready."""
    deciding.register(
        Matter(
            model=DutyRequest,
            family=OFFICE,
            title=gettext_lazy("Giving of a duty"),
            content=duty_content,
            rows=duty_rows,
            decided=_duty_decided,
            required=_required_for_duty,
            barred=lambda asked: (asked.person,),
        )
    )
    deciding.register(
        Matter(
            model=ResetRequest,
            family=OFFICE,
            title=gettext_lazy("One-time code"),
            content=reset_content,
            rows=reset_rows,
            decided=_reset_decided,
            required=lambda asked: BY_TWO_OR_HEAD,
            barred=lambda asked: (asked.person,),
        )
    )
    deciding.register(
        Matter(
            model=Delegation,
            family=OFFICE,
            title=gettext_lazy("Delegation"),
            content=delegation_content,
            rows=delegation_rows,
            decided=_delegation_decided,
            required=lambda asked: BY_TWO,
            barred=lambda asked: (asked.person, asked.to),
        )
    )


def duty_content(asked: DutyRequest) -> Mapping[str, object]:
    """What a vote on a duty is about."""
    return {
        "person": asked.person_id,
        "duty": asked.duty,
        "body": asked.body_id,
        "from": asked.period.lower,
        "to": asked.period.upper,
        "reason": asked.reason,
    }


def duty_rows(asked: DutyRequest) -> Sequence[tuple[str, str]]:
    """What a voter reads."""
    return [
        (_("person"), f"{asked.person.full_name} ({asked.person.username})"),
        (_("duty"), asked.get_duty_display()),
        (_("body"), str(asked.body)),
        (_("period"), words.period(asked.period)),
        (_("reason"), asked.reason),
    ]


def reset_content(asked: ResetRequest) -> Mapping[str, object]:
    """What a vote on a one-time code is about."""
    return {"person": asked.person_id, "kind": asked.kind, "reason": asked.reason, "half": asked.first_hash}


def reset_rows(asked: ResetRequest) -> Sequence[tuple[str, str]]:
    """What a voter reads."""
    return [
        (_("person"), f"{asked.person.full_name} ({asked.person.username})"),
        (_("one-time code for"), asked.get_kind_display()),
        (_("reason"), asked.reason),
    ]


def delegation_content(asked: Delegation) -> Mapping[str, object]:
    """What a vote on a delegation is about."""
    return {
        "person": asked.person_id,
        "to": asked.to_id,
        "duty": asked.duty,
        "from": asked.period.lower,
        "until": asked.period.upper,
        "reason": asked.reason,
    }


def delegation_rows(asked: Delegation) -> Sequence[tuple[str, str]]:
    """What a voter reads."""
    return [
        (_("for whom"), asked.person.full_name),
        (_("acts for him"), asked.to.full_name),
        (_("duty"), asked.get_duty_display()),
        (_("period"), words.period(asked.period)),
        (_("reason"), asked.reason),
    ]


def _required_for_duty(asked: DutyRequest) -> Required:
    """Two security administrators; where one of them alone is left, the head decides who becomes the other."""
    return BY_TWO_OR_HEAD if asked.duty == Duty.SECURITY_ADMINISTRATOR else BY_TWO


def _duty_decided(asked: DutyRequest, outcome: str, by: Person, at: datetime) -> str:
    if outcome != Outcome.APPROVED:
        return _declined(asked, outcome)
    if _somebody_has_left(asked.person):
        return _too_late(asked)
    _move(asked, DutyRequest.State.GRANTED)
    given = Appointment.objects.create(
        person=asked.person, duty=asked.duty, body=asked.body, period=asked.period, request=asked
    )
    trail.record("duty.given", asked.person, by=by, at=at, given_duty=given.duty, body=given.body, request=asked.pk)
    return ""


def _reset_decided(asked: ResetRequest, outcome: str, by: Person, at: datetime) -> str:
    """The second half of the code is made now; whoever decided reads it out."""
    if outcome != Outcome.APPROVED:
        return _declined(asked, outcome)
    if _somebody_has_left(asked.person):
        return _too_late(asked)
    _move(asked, ResetRequest.State.GRANTED)
    half = codes.half(secrets.choice)
    OneTimeCode.objects.open_for(asked.person, asked.kind).update(ended_at=at)
    issued = OneTimeCode.objects.create(
        person=asked.person, kind=asked.kind, request=asked, hash=make_password(half), issued_at=at
    )
    trail.record("one-time-code.issued", issued, by=by, at=at, kind=issued.kind, person=asked.person_id)
    return _("The second half of the one-time code: %(half)s. It is shown this once.") % {"half": half}


def _delegation_decided(asked: Delegation, outcome: str, by: Person, at: datetime) -> str:
    if outcome != Outcome.APPROVED:
        return _declined(asked, outcome)
    if _somebody_has_left(asked.person, asked.to):
        return _too_late(asked)
    _move(asked, Delegation.State.GRANTED)
    trail.record("delegation.given", asked, by=by, at=at, to=asked.to_id, delegated=asked.duty)
    return ""


def _somebody_has_left(*people: Person) -> bool:
    """Whether one of them works here no more; nobody of them leaves before this is decided."""
    found = Person.objects.select_for_update().filter(pk__in=[one.pk for one in people]).order_by("pk")
    return not all(one.is_active for one in found)


def _too_late(asked: Any) -> str:
    _move(asked, type(asked).State.WITHDRAWN)
    return _("Meanwhile somebody whom this concerns has left: nothing was given.")


def _declined(asked: Any, outcome: str) -> str:
    """Refused is refused; returned or deferred, it waits for another round or is taken back."""
    if outcome == Outcome.REFUSED:
        _move(asked, type(asked).State.REFUSED)
    return ""


def _delegation(  # noqa: PLR0917  in the order of the form
    person: Person, to: Person, duty: str, start: date, end: date, reason: str, by: Person, at: datetime, state: str
) -> Delegation:
    period = DateRange(start, end + ONE_DAY)
    if end < start:
        raise CannotDelegate(_("The last day comes before the first."))
    if not to.is_active or to == person:
        raise CannotDelegate(_("Choose somebody else who works here."))
    if not person.appointments.filter(duty=duty, period__contains=start).exists():
        raise CannotDelegate(_("Only one's own duty is delegated."))
    if any(duties.excludes(one.duty, duty) for one in to.appointments.filter(period__overlap=period)):
        raise CannotDelegate(_("A duty of that person excludes this one."))
    try:
        with transaction.atomic():
            return Delegation.objects.create(
                person=person,
                to=to,
                duty=duty,
                period=period,
                state=state,
                reason=reason,
                proposed_by=by,
                proposed_at=at,
            )
    except IntegrityError as refusal:
        raise CannotDelegate(_("Somebody acts for this person already.")) from refusal


def _create(asked: Any) -> Any:
    try:
        with transaction.atomic():
            asked.save()
    except IntegrityError as refusal:
        raise CannotRequest(_("This is being decided already.")) from refusal
    return asked


def _move(asked: Any, state: str) -> None:
    asked.state = state
    asked.save(update_fields=["state"])


def _refuse_without_proof(proof: Proof | None, by: Person, at: datetime) -> None:
    if proof is None or not proof.is_of(by, at=at):
        raise CannotRequest(_("Show your second factor first."))


def _refuse_for(person: Person, by: Person) -> None:
    if person == by:
        raise CannotRequest(_("Nobody asks for this for himself."))
    if not person.is_active:
        raise CannotRequest(_("This person has left."))
