"""Engagements (审计项目): planned, their people named, the notice served, given up, closed (docs/rules/engagements.md).

Order of locks: the engagement, its findings by number, their measures by number, the postings that stand for them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, Final

from django.utils.translation import gettext as _

from audit.models import Engagement, EngagementMember, Finding, ReplacedLead, TakenOff
from audit.rules import engagements as rules
from audit.selectors.own_work import own_work
from audit.services import auditing
from audit.services.auditing import PLAN, CannotAudit
from claims.services import before
from claims.services.locks import refusing
from enrollment.models import Scheme
from office import access, selectors, trail
from office.models import Body, Person
from office.rules import days
from office.rules.days import CalendarUnknown
from office.services import work

PREFIX: Final = "SJ"
FEWEST: Final = 2  # people who work on an engagement
State = Engagement.State


@dataclass(frozen=True)
class EngagementOf:
    """An engagement as it is planned; `since` and `until` are the period it is of."""

    kind: str
    done_by: str
    title: str
    basis: str
    body: Body
    since: date
    until: date
    scope: str
    plan: str
    lead: Person
    scheme: Scheme | None = None
    leaver: Person | None = None


@refusing("engagement.planned", CannotAudit, about="by")
def _plan(*, stated: EngagementOf, by: Person, at: datetime) -> Engagement:
    auditing.refuse_without(by, PLAN)
    _refuse(stated, days.business_day(at))
    made = Engagement.objects.create(
        number=before.next_number(Engagement, PREFIX, days.business_day(at)), made_by=by, made_at=at, **_fields(stated)
    )
    _name(made, stated.lead, by, at)
    trail.record("engagement.planned", made, by=by, at=at, right=PLAN, number=made.number)
    return made


def plan(*, stated: EngagementOf, by: Person, at: datetime) -> Engagement:
    """Plan an engagement; its lead is the first of its people. Raises CannotAudit."""
    done: Engagement = _plan(stated=stated, by=by, at=at)
    return done


@refusing("engagement.changed", CannotAudit, about="engagement")
def _change(
    *, engagement: Engagement, stated: EngagementOf, seen: Mapping[str, str] | None, by: Person, at: datetime
) -> Engagement:
    auditing.refuse_without(by, PLAN)
    current = auditing.locked(engagement, State.PLANNED)
    auditing.refuse_stale(current, seen)
    _refuse(stated, days.business_day(at))
    if stated.leaver is not None and auditing.is_named(current, stated.leaver):
        raise CannotAudit(_("Nobody audits himself: this person is named for the engagement."), "leaver")
    for name, value in _fields(stated).items():
        setattr(current, name, value)
    current.save()
    if not auditing.is_named(current, stated.lead):
        _refuse_taken_off(current, stated.lead, "lead")
        _name(current, stated.lead, by, at)
    trail.record("engagement.changed", current, by=by, at=at, right=PLAN)
    return current


def change(
    *, engagement: Engagement, stated: EngagementOf, by: Person, at: datetime, seen: Mapping[str, str] | None = None
) -> Engagement:
    """Plan it anew, as long as no notice is out; `seen` is what was on the screen. Raises CannotAudit, and Stale if it
    changed meanwhile."""
    done: Engagement = _change(engagement=engagement, stated=stated, seen=seen, by=by, at=at)
    return done


def _fields(stated: EngagementOf) -> dict[str, Any]:
    told = {one.name: getattr(stated, one.name) for one in fields(stated)}
    return {name: value.strip() if isinstance(value, str) else value for name, value in told.items()}


def _refuse(stated: EngagementOf, today: date) -> None:
    for name in ("title", "basis", "scope", "plan"):
        auditing.said(getattr(stated, name), name)
    if stated.since > stated.until:
        raise CannotAudit(_("The period ends before it begins."), "until")
    if stated.since > today:
        raise CannotAudit(_("This period has not begun yet."), "since")
    if (stated.kind == Engagement.Kind.LEAVING) != (stated.leaver is not None):
        raise CannotAudit(_("Say whose office ends of an audit at leaving office, and of no other."), "leaver")
    if stated.leaver == stated.lead:
        raise CannotAudit(_("Nobody audits himself."), "lead")
    _refuse_person(stated.lead, "lead")


def _refuse_person(person: Person, field: str) -> None:
    if not any(access.grants(one.duty, auditing.WRITE) for one in access.duties_of(person)):
        raise CannotAudit(_("%(name)s has no duty in which one audits.") % {"name": person}, field)


@refusing("engagement.member-named", CannotAudit, about="engagement")
def _name_member(*, engagement: Engagement, person: Person, by: Person, at: datetime) -> EngagementMember:
    auditing.refuse_without(by, PLAN)
    current = auditing.locked(engagement, State.PLANNED, State.NOTICED)
    _refuse_person(person, "person")
    if person.pk == current.leaver_id:
        raise CannotAudit(_("Nobody audits himself."), "person")
    if auditing.is_named(current, person):
        raise CannotAudit(_("%(name)s is named already.") % {"name": person}, "person")
    _refuse_taken_off(current, person, "person")
    return _name(current, person, by, at)


def name_member(*, engagement: Engagement, person: Person, by: Person, at: datetime) -> EngagementMember:
    """Name somebody for an engagement, with how much of his own work lies in its period: he looks at none of that.
    Raises CannotAudit."""
    done: EngagementMember = _name_member(engagement=engagement, person=person, by=by, at=at)
    return done


def _name(engagement: Engagement, person: Person, by: Person, at: datetime) -> EngagementMember:
    own = own_work(person, engagement.since, engagement.until).count()
    named = EngagementMember.objects.create(
        engagement=engagement, person=person, own_work=own, named_by=by, named_at=at
    )
    trail.record("engagement.member-named", engagement, by=by, at=at, right=PLAN, person=person.pk, own_work=own)
    return named


def _refuse_taken_off(engagement: Engagement, person: Person, field: str) -> None:
    if auditing.was_named(engagement, person):
        raise CannotAudit(_("%(name)s was taken off this engagement.") % {"name": person}, field)


@refusing("engagement.member-taken-off", CannotAudit, about="engagement")
def _take_off(*, engagement: Engagement, person: Person, on: date, reason: str, by: Person, at: datetime) -> TakenOff:
    auditing.refuse_without(by, PLAN)
    current = auditing.locked(engagement, State.PLANNED, State.NOTICED)
    auditing.refuse_strangers(current, by)
    member = current.members.there().filter(person=person).first()
    if member is None:
        raise CannotAudit(_("%(name)s does not work on this engagement.") % {"name": person}, "person")
    if person.pk == current.lead_id:
        raise CannotAudit(_("The lead stays: name another lead first."), "person")
    if current.state == State.NOTICED and current.members.there().count() <= FEWEST:
        raise CannotAudit(_("Two people at least work on an engagement: name another one first."), "person")
    if not days.business_day(member.named_at) <= on <= days.business_day(at):
        raise CannotAudit(_("The day lies between that on which he was named and today."), "on")
    made = TakenOff.objects.create(
        member=member, on=on, reason=auditing.said(reason, "reason"), taken_off_by=by, taken_off_at=at
    )
    trail.record(
        "engagement.member-taken-off", current, by=by, at=at, right=PLAN, reason=made.reason, person=person.pk, on=on
    )
    work.end_of_unseen(person=person, by=by, at=at)
    return made


def take_off(*, engagement: Engagement, person: Person, on: date, reason: str, by: Person, at: datetime) -> TakenOff:
    """Take somebody off an engagement, with day and reason: he writes nothing of it any more, what he wrote stays. The
    lead is never taken off, and of two people under way neither is. Raises CannotAudit."""
    done: TakenOff = _take_off(engagement=engagement, person=person, on=on, reason=reason, by=by, at=at)
    return done


@refusing("engagement.lead-replaced", CannotAudit, about="engagement")
def _replace_lead(
    *, engagement: Engagement, lead: Person, on: date, reason: str, by: Person, at: datetime
) -> ReplacedLead:
    auditing.refuse_without(by, PLAN)
    current = auditing.locked(engagement, State.NOTICED)
    if not may_replace_lead(current, by):
        raise CannotAudit(_("Whoever is audited, or was taken off, does not say who leads."))
    _refuse_new_lead(current, lead, by)
    if on < (first := _leads_from(current, lead, at)) or on > days.business_day(at):
        raise CannotAudit(_("The day lies between %(day)s and today.") % {"day": first.isoformat()}, "on")
    why = auditing.said(reason, "reason")
    if not auditing.is_named(current, lead):
        _name(current, lead, by, at)
    made = ReplacedLead.objects.create(
        engagement=current, before=current.lead, lead=lead, on=on, reason=why, replaced_by=by, replaced_at=at
    )
    current.lead = lead
    current.save(update_fields=["lead"])
    trail.record(
        "engagement.lead-replaced", current, by=by, at=at, right=PLAN, reason=why, before=made.before_id, to=lead.pk,
        on=on,
    )  # fmt: skip
    return made


def replace_lead(
    *, engagement: Engagement, lead: Person, on: date, reason: str, by: Person, at: datetime
) -> ReplacedLead:
    """Say that somebody else leads an engagement whose notice is out, from a day on, and why; he is named for it where
    he was not, with how much of his own work lies in its period. Nobody makes himself the lead. Who led before works on
    it still, and can be taken off now. Raises CannotAudit."""
    done: ReplacedLead = _replace_lead(engagement=engagement, lead=lead, on=on, reason=reason, by=by, at=at)
    return done


def may_replace_lead(engagement: Engagement, by: Person) -> bool:
    """Whether somebody who plans audits may say who leads this one: not whoever is audited, nor who was taken off."""
    is_off = auditing.was_named(engagement, by) and not auditing.is_named(engagement, by)
    return by.pk != engagement.leaver_id and not is_off


def _refuse_new_lead(engagement: Engagement, lead: Person, by: Person) -> None:
    if lead.pk == by.pk:
        raise CannotAudit(_("Nobody makes himself the lead: somebody else names you."), "lead")
    if lead.pk == engagement.lead_id:
        raise CannotAudit(_("%(name)s leads it already.") % {"name": lead}, "lead")
    if lead.pk == engagement.leaver_id:
        raise CannotAudit(_("Nobody audits himself."), "lead")
    _refuse_person(lead, "lead")
    if not auditing.is_named(engagement, lead):
        _refuse_taken_off(engagement, lead, "lead")


def _leads_from(engagement: Engagement, lead: Person, at: datetime) -> date:
    """The first day from which somebody can lead: he is named, the notice is out, and so is the last change of it."""
    named = engagement.members.there().filter(person=lead).first()
    last = engagement.replaced_leads.last()
    told = [engagement.notice_on, last.on if last else None, days.business_day(named.named_at if named else at)]
    return max(one for one in told if one is not None)


@refusing("engagement.noticed", CannotAudit, about="engagement")
def _serve(*, engagement: Engagement, served_on: date, fieldwork_from: date, by: Person, at: datetime) -> Engagement:
    auditing.refuse_without(by, PLAN)
    current = auditing.locked(engagement, State.PLANNED)
    auditing.refuse_strangers(current, by)
    if current.members.there().count() < FEWEST or not auditing.is_named(current, current.lead):
        raise CannotAudit(_("Two people at least work on an engagement: name another one."))
    if served_on > days.business_day(at):
        raise CannotAudit(_("This day has not come yet."), "served_on")
    try:
        earliest = rules.earliest_fieldwork(served_on, selectors.working_days(served_on, served_on + rules.REACH))
    except CalendarUnknown as unknown:
        raise CannotAudit(_(unknown.sentence).format(**unknown.params), "served_on") from unknown
    if fieldwork_from < earliest:
        raise CannotAudit(
            _("The notice is served three working days before: fieldwork begins on %(day)s at the earliest.")
            % {"day": earliest.isoformat()},
            "fieldwork_from",
        )
    current.state, current.notice_on, current.fieldwork_from = State.NOTICED, served_on, fieldwork_from
    current.save(update_fields=["state", "notice_on", "fieldwork_from"])
    trail.record(
        "engagement.noticed", current, by=by, at=at, right=PLAN, served_on=served_on, fieldwork_from=fieldwork_from
    )
    return current


def serve_notice(
    *, engagement: Engagement, served_on: date, fieldwork_from: date, by: Person, at: datetime
) -> Engagement:
    """Note that the notice (审计通知书) was served: from now on papers and findings are made. Raises CannotAudit."""
    done: Engagement = _serve(engagement=engagement, served_on=served_on, fieldwork_from=fieldwork_from, by=by, at=at)
    return done


@refusing("engagement.given-up", CannotAudit, about="engagement")
def _give_up(*, engagement: Engagement, reason: str, by: Person, at: datetime) -> Engagement:
    auditing.refuse_without(by, PLAN)
    current = auditing.locked(engagement, State.PLANNED)
    why = auditing.said(reason, "reason")
    _move(current, State.VOID)
    trail.record("engagement.given-up", current, by=by, at=at, right=PLAN, reason=why)
    return current


def give_up(*, engagement: Engagement, reason: str, by: Person, at: datetime) -> Engagement:
    """Give an engagement up before its notice is out. Raises CannotAudit."""
    done: Engagement = _give_up(engagement=engagement, reason=reason, by=by, at=at)
    return done


@refusing("engagement.closed", CannotAudit, about="engagement")
def _close(*, engagement: Engagement, by: Person, at: datetime) -> Engagement:
    auditing.refuse_without(by, PLAN)
    current = auditing.locked(engagement, State.REPORTED)
    left = current.findings.exclude(state__in=[Finding.State.CLOSED, Finding.State.DROPPED]).order_by("pk").first()
    if left is not None:
        raise CannotAudit(_("Finding %(number)s is not closed.") % {"number": left})
    _move(current, State.CLOSED)
    trail.record("engagement.closed", current, by=by, at=at, right=PLAN)
    return current


def close(*, engagement: Engagement, by: Person, at: datetime) -> Engagement:
    """Close an engagement all of whose findings are. Raises CannotAudit."""
    done: Engagement = _close(engagement=engagement, by=by, at=at)
    return done


def open_again(engagement: Engagement, by: Person, at: datetime) -> None:
    """A finding of a closed engagement is opened again: the engagement is followed up again. Inside the caller's
    transaction, the engagement is locked."""
    if engagement.state == State.CLOSED:
        _move(engagement, State.REPORTED)
        trail.record("engagement.opened-again", engagement, by=by, at=at)


def _move(engagement: Engagement, state: str) -> None:
    engagement.state = state
    engagement.save(update_fields=["state"])
