"""Referrals (转诊审批): asked for on the form of the county hospital, decided by somebody of the county office."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.deciding import CLAIMS
from claims.models import Disease, Provider, Referral, TimeLimit
from claims.selectors import before as selectors
from claims.services import before
from enrollment.models import Member, Scheme
from enrollment.services.keeping import CannotKeep
from office import deciding, trail, words
from office.deciding import Matter
from office.models import Body, Duty, Person
from office.models.rounds import Outcome
from office.rules import days
from office.rules.rounds import Required
from office.selectors import working_days
from office.services import rounds

RIGHT = "claims.add_referral"
LOOK_AHEAD = timedelta(days=120)  # a working-day limit ends within it; the form allows no longer one
BY_THE_OFFICE = Required(
    rule="claims.referral-by-the-county-office",
    version="1",
    duties=(Duty.FIRST_CHECKER, Duty.SECOND_CHECKER, Duty.OFFICE_HEAD),
)


@dataclass(frozen=True)
class Form:
    """The referral form as the hospital filled it in. `holds` is for how many days, where it is not the scheme's own
    number; an emergency has the day of admission."""

    member: Member
    origin: Provider
    destination: Provider
    disease: Disease
    reason: str
    doctor: str
    diagnosis: str = ""
    admitted_on: date | None = None
    holds: int | None = None


@transaction.atomic
def ask(*, form: Form, by: Person, at: datetime) -> Referral:
    """Ask the county office to refer a patient to a hospital outside. Raises CannotKeep."""
    today = days.business_day(at)
    desk = before.desk_of(by, RIGHT)
    _refuse_hospitals(form, desk, today)
    first = form.admitted_on or today
    before.refuse_days(first, first, at=at, field="admitted_on")
    scheme = before.insured_by(form.member, first)
    asked = Referral.objects.create(
        number=before.next_number(Referral, "ZZ", today),
        scheme=scheme,
        member=form.member,
        body=desk,
        origin=form.origin,
        destination=form.destination,
        disease=form.disease,
        diagnosis=form.diagnosis.strip(),
        reason=before.said(form.reason, "reason"),
        doctor=before.said(form.doctor, "doctor"),
        is_emergency=form.admitted_on is not None,
        admitted_on=form.admitted_on,
        asked_on=today,
        due_on=_last_day(scheme, form.admitted_on) if form.admitted_on else None,
        valid=DateRange(first, first + timedelta(days=_holds(form, scheme, first))),
        proposed_by=by,
        proposed_at=at,
    )
    trail.record(
        "referral.asked",
        asked,
        by=by,
        at=at,
        right=RIGHT,
        member=form.member,
        destination=form.destination.code,
        emergency=asked.is_emergency,
        late=asked.is_late,
    )
    rounds.open_round(subject=asked, by=by, at=at)
    return asked


def register() -> None:
    """Called once when the app is ready."""
    deciding.register(
        Matter(
            model=Referral,
            family=CLAIMS,
            title=gettext_lazy("Referral"),
            content=content,
            rows=rows,
            decided=_decided,
            required=lambda asked: BY_THE_OFFICE,
            page="claims:referral",
        )
    )


def content(asked: Referral) -> Mapping[str, object]:
    """What a vote on a referral is about."""
    return {
        "number": asked.number,
        "member": asked.member_id,
        "from": asked.origin.code,
        "to": asked.destination.code,
        "disease": asked.disease.code,
        "diagnosis": asked.diagnosis,
        "reason": asked.reason,
        "doctor": asked.doctor,
        "admitted": asked.admitted_on,
        "asked": asked.asked_on,
        "due": asked.due_on,
        "holds-from": asked.valid.lower,
        "holds-to": asked.valid.upper,
    }


def rows(asked: Referral) -> Sequence[tuple[str, str]]:
    """What a voter reads, and what the form on paper says."""
    member = asked.member
    told = [
        (_("patient"), f"{member.name} · {member.get_sex_display()} · {member.birth_date.isoformat()}"),
        (_("household"), f"{member.household.village} {member.household.number}"),
        (_("scheme"), asked.scheme.name),
        (_("referred from"), asked.origin.name),
        (_("referred to"), f"{asked.destination.name} · {asked.destination.get_level_display()}"),
        (_("diagnosis"), f"{asked.disease} {asked.diagnosis}".strip()),
        (_("reason of the referral"), asked.reason),
        (_("doctor"), asked.doctor),
        (_("asked for on"), asked.asked_on.isoformat()),
        (_("days of validity"), words.period(asked.valid)),
    ]
    if asked.admitted_on is not None:
        told.append((_("emergency, admitted there on"), asked.admitted_on.isoformat()))
    if asked.due_on is not None:
        until = asked.due_on.isoformat()
        told.append((_("to be filed until"), _("%(day)s: filed late") % {"day": until} if asked.is_late else until))
    return told


def _refuse_hospitals(form: Form, desk: Body, today: date) -> None:
    own = before.own_hospital(desk)
    if own is not None and form.origin != own:
        raise CannotKeep(_("A hospital's desk refers its own patients: from %(own)s.") % {"own": own}, "origin")
    if form.destination.region != Provider.Region.OUTSIDE:
        raise CannotKeep(_("Inside the county no referral is needed."), "destination")
    if form.origin.region == Provider.Region.OUTSIDE:
        raise CannotKeep(_("A hospital of the county refers."), "origin")
    for field, one in (("origin", form.origin), ("destination", form.destination)):
        if one.closed_on is not None and one.closed_on <= today:
            raise CannotKeep(_("%(provider)s is closed.") % {"provider": one}, field)


def _holds(form: Form, scheme: Scheme, day: date) -> int:
    most = selectors.limit_of(scheme, TimeLimit.Kind.REFERRAL_HOLDS, day)
    if form.holds is None and most is None:
        raise CannotKeep(_("Say for how many days it holds: no paper of the scheme does."), "holds")
    if form.holds is not None and most is not None and form.holds > most:
        raise CannotKeep(_("A referral holds for %(days)s days at most.") % {"days": most}, "holds")
    return form.holds or most or 0


def _last_day(scheme: Scheme, admitted_on: date) -> date | None:
    """Until when an emergency is to be filed: so many working days after the admission."""
    within = selectors.limit_of(scheme, TimeLimit.Kind.EMERGENCY_FILED, admitted_on)
    if within is None:
        return None
    try:
        return working_days(admitted_on, admitted_on + LOOK_AHEAD).after(admitted_on, within)
    except days.CalendarUnknown as unknown:
        raise CannotKeep(_(unknown.sentence).format(**unknown.params), "admitted_on") from unknown


def _decided(asked: Referral, outcome: str, by: Person, at: datetime) -> str:
    approved = outcome == Outcome.APPROVED
    asked.state = Referral.State.APPROVED if approved else Referral.State.REFUSED
    asked.save(update_fields=["state"])
    trail.record("referral.decided", asked, by=by, at=at, outcome=outcome, member=asked.member)
    return ""
