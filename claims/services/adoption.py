"""Adopting a benefit plan: proposed with the county's paper by whoever drafted it, decided by somebody else.

Adopting a plan may end an earlier one before its document's last day: the draft names it, both papers are kept, and
the same vote decides both (docs/rules/adoption.md). Order of locks: the plan's rounds, the plan, its scheme, the plan
that is ended.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.deciding import CLAIMS
from claims.models import BenefitPlan
from claims.selectors import plans
from claims.services.plans import RIGHT
from enrollment.models import Scheme
from office import attachments, deciding, trail, words
from office.deciding import CannotWithdraw, Matter
from office.models import Duty, Person
from office.models.rounds import Choice, Outcome
from office.rules.rounds import Required
from office.services import rounds

#: Who drafted a plan, or changed it, never decides it.
ADOPTED_BY = Required(rule="claims.benefit-plan", version="1", duties=(Duty.OFFICE_HEAD, Duty.ACCOUNTING_HEAD))

#: What bars a proposal, in words.
NEEDED = {
    "paper": gettext_lazy("Enter number and date of the county's paper."),
    "scan": gettext_lazy("Add the scan of the paper, as a picture or PDF."),
    "doubts": gettext_lazy("Say of every doubt about the document why it may stay, or correct the document."),
}


class CannotPropose(Exception):
    """The plan stays a draft; the message is written for the accountant."""


@transaction.atomic
def propose(*, plan: BenefitPlan, by: Person, at: datetime) -> Any:
    """Give a draft that is complete to those who decide it; gives its round. Raises CannotPropose."""
    try:
        opened = rounds.open_round(subject=plan, by=by, at=at)
    except rounds.CannotOpen as refusal:
        raise CannotPropose(str(refusal)) from refusal
    current = BenefitPlan.objects.select_related("scheme", "supersedes").get(pk=plan.pk)  # under its round's lock
    if current.state not in {BenefitPlan.State.DRAFT, BenefitPlan.State.PROPOSED}:
        raise CannotPropose(_("This plan is no draft: it is %(state)s.") % {"state": current.get_state_display()})
    if missing := plans.missing(current, plans.papers_of(current), plans.doubts_of(current)):
        raise CannotPropose(" ".join(str(NEEDED[part]) for part in missing))
    if wrong := clash_of(current):
        raise CannotPropose(wrong)
    if current.state == BenefitPlan.State.DRAFT:
        _move(current, BenefitPlan.State.PROPOSED)
    trail.record(
        "benefit-plan.proposed",
        current,
        by=by,
        at=at,
        right=RIGHT,
        subject_hash=opened.subject_hash,
        code=current.code,
        version=current.version,
    )
    return opened


@transaction.atomic
def withdraw(*, plan: BenefitPlan, by: Person, at: datetime) -> None:
    """Whoever had a hand in a plan takes it back before it is decided. Raises CannotWithdraw."""
    rounds.void(subject=plan, by=by, at=at, reason=_("withdrawn"))
    current = BenefitPlan.objects.select_for_update(of=["self"]).get(pk=plan.pk)
    if current.state not in {BenefitPlan.State.DRAFT, BenefitPlan.State.PROPOSED}:
        raise CannotWithdraw(_("This has been decided already."))
    if by not in plans.makers_of(current):
        raise CannotWithdraw(_("Whoever drafted it takes it back."))
    _move(current, BenefitPlan.State.WITHDRAWN)
    trail.record("benefit-plan.withdrawn", current, by=by, at=at, right=RIGHT, code=current.code)


def clash_of(plan: BenefitPlan) -> str:
    """Why a plan's days cannot be its own beside the adopted ones; nothing where they can."""
    ends = plan.supersedes
    if ends is not None and (ends.scheme_id, ends.position) != (plan.scheme_id, plan.position):
        return _("A plan ends one of its own place and scheme.")
    others = list(plans.in_the_way(plan))
    if ends is not None and ends not in others:
        return _("%(other)s has none of these days: this plan does not end it.") % {"other": ends}
    foreign = [one for one in others if one != ends]
    if foreign:
        return _("%(other)s has days of this plan: name it as the one that is ended, or change the days.") % {
            "other": foreign[0]
        }
    if ends is not None and _leaves_days_behind(plan, ends):
        return _("%(other)s applies until later: after this plan some days would have none.") % {"other": ends}
    return ""


def rest_of(ended: BenefitPlan, successor: BenefitPlan) -> DateRange:
    """The days that stay with a plan when another follows it: until the day before, or none."""
    first = successor.in_force.lower
    if first <= ended.applies.lower:
        return DateRange(empty=True)
    return DateRange(ended.applies.lower, first)


def _leaves_days_behind(plan: BenefitPlan, ended: BenefitPlan) -> bool:
    last, until = plan.in_force.upper, ended.applies.upper
    return last is not None and (until is None or until > last)


def _decided(plan: BenefitPlan, outcome: str, by: Person, at: datetime) -> str:
    """Adopted it lays down what is paid; returned it is a draft again; deferred it waits for another round."""
    after = {
        Outcome.APPROVED: BenefitPlan.State.ADOPTED,
        Outcome.REFUSED: BenefitPlan.State.REFUSED,
        Outcome.RETURNED: BenefitPlan.State.DRAFT,
    }.get(Outcome(outcome))
    if after == BenefitPlan.State.ADOPTED:
        _make_room(plan, by, at)
    if after is not None:
        _move(plan, after)
    trail.record("benefit-plan.decided", plan, by=by, at=at, outcome=outcome, code=plan.code, version=plan.version)
    return ""


def _make_room(plan: BenefitPlan, by: Person, at: datetime) -> None:
    """One adoption in a scheme at a time; the plan that this one ends keeps the days before. What has come between the
    proposal and the last vote takes that vote back (CannotVote)."""
    Scheme.objects.select_for_update(no_key=True).get(pk=plan.scheme_id)
    if plan.supersedes_id is not None:
        plan.supersedes = BenefitPlan.objects.select_for_update(of=["self"]).get(pk=plan.supersedes_id)
    if wrong := clash_of(plan):
        raise rounds.CannotVote(wrong)
    ended = plan.supersedes
    if ended is None:
        return
    ended.applies = rest_of(ended, plan)
    ended.save(update_fields=["applies"])
    trail.record("benefit-plan.ended", ended, by=by, at=at, successor=plan.pk, first_day=plan.in_force.lower)


def _move(plan: BenefitPlan, state: str) -> None:
    plan.state = state
    plan.save(update_fields=["state"])


def register() -> None:
    """Called once when the app is ready."""
    deciding.register(
        Matter(
            model=BenefitPlan,
            family=CLAIMS,
            title=gettext_lazy("Benefit plan"),
            content=content,
            rows=rows,
            decided=_decided,
            required=lambda plan: ADOPTED_BY,
            barred=lambda plan: list(plans.makers_of(plan)),
            choices=(Choice.APPROVE, Choice.REFUSE, Choice.RETURN),
            page="claims:plan",
            withdraw=lambda plan, by, at: withdraw(plan=plan, by=by, at=at),
        )
    )
    attachments.register("claims.benefitplan", lambda person, number: person.has_perm("claims.view_benefitplan"))


def content(plan: BenefitPlan) -> Mapping[str, object]:
    """What a vote on a plan is about: its document to the letter, its place, its paper to the byte, what it ends."""
    return {
        "scheme": plan.scheme.code,
        "position": plan.position,
        "kind": plan.kind,
        "code": plan.code,
        "version": plan.version,
        "text": plan.text,
        "sha256": plan.sha256,
        "from": plan.in_force.lower,
        "to": plan.in_force.upper,
        "ends": plan.supersedes_id,
        "paper": plan.paper_number,
        "paper-date": plan.paper_date,
        **{f"accepted:{number}": f"{one['path']} {one['reason']}" for number, one in enumerate(plan.accepted)},
        **{f"scan:{number}": one.sha256 for number, one in enumerate(plans.papers_of(plan))},
    }


def rows(plan: BenefitPlan) -> Sequence[tuple[str, str]]:
    """What a voter reads; the rules themselves stand on the plan's own page."""
    ended = plan.supersedes
    told = [
        (_("scheme"), plan.scheme.name),
        (_("kind of benefit"), str(plan.get_kind_display())),
        (_("place in the order"), str(plan.position)),
        (_("code"), f"{plan.code} · {plan.version}"),
        (_("in force by the document"), words.period(plan.in_force)),
        (_("paper"), f"{plan.paper_number} ({plan.paper_date:%Y-%m-%d})" if plan.paper_date else plan.paper_number),
        (_("scans"), ", ".join(one.name for one in plans.papers_of(plan))),
        (_("SHA-256 of the document"), plan.sha256),
    ]
    if ended is not None:
        told.append((_("ends earlier"), f"{ended}: {words.period(ended.in_force)}"))
    told += [(_("doubt accepted"), f"{one.words} — {one.reason}") for one in plans.doubts_of(plan) if one.reason]
    return told
