"""Two records that are one person (合并): one proposes, another confirms; what hangs on the double stays there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enrollment.deciding import ENROLLMENT
from enrollment.models import Member, MemberMerge
from enrollment.selectors import merges
from enrollment.services import keeping
from enrollment.services.keeping import CannotKeep
from office import deciding, trail
from office.deciding import Matter
from office.models import Duty, Person
from office.models.rounds import Outcome
from office.rules import days
from office.rules.money import shown
from office.rules.rounds import Required
from office.services import rounds

RIGHT = "enrollment.add_membermerge"

BY_A_SECOND = Required(rule="enrollment.merge-by-a-second", version="1", duties=(Duty.FIRST_CHECKER, Duty.OFFICE_HEAD))


@keeping.in_sight("member.merge-proposed", "double")
def propose_merge(*, double: Member, kept: Member, reason: str, by: Person, at: datetime) -> MemberMerge:
    """Say that one record is a double of another; somebody else decides. Raises CannotKeep."""
    first, second, everybody = _lock_both(double.pk, kept.pk)
    keeping.refuse_unseen({first.household.village_id, second.household.village_id}, by=by, right=RIGHT)
    _refuse_unlike(first, second, everybody)
    concerned = Q(double__in=[first, second]) | Q(kept=first)
    if MemberMerge.objects.filter(concerned, state=MemberMerge.State.PROPOSED).exists():
        raise CannotKeep(_("A merge of one of these records waits to be decided already."))
    asked = MemberMerge.objects.create(double=first, kept=second, reason=reason, proposed_by=by, proposed_at=at)
    trail.record("member.merge-proposed", asked, by=by, at=at, right=RIGHT, reason=reason, double=first, kept=second)
    rounds.open_round(subject=asked, by=by, at=at)
    return asked


def register() -> None:
    """Called once when the app is ready."""
    deciding.register(
        Matter(
            model=MemberMerge,
            family=ENROLLMENT,
            title=gettext_lazy("Merging of doubles"),
            content=content,
            rows=rows,
            decided=_decided,
            required=lambda asked: BY_A_SECOND,
        )
    )


def content(asked: MemberMerge) -> Mapping[str, object]:
    """What a vote on a merge is about: two people as they were when it was proposed."""
    found: dict[str, object] = {"reason": asked.reason}
    for side, one in (("double", asked.double), ("kept", asked.kept)):
        found |= {
            side: one.pk,
            f"{side}_name": one.name,
            f"{side}_id_number": one.id_number,
            f"{side}_birth_date": one.birth_date,
            f"{side}_household": one.household_id,
        }
    return found


def rows(asked: MemberMerge) -> Sequence[tuple[str, str]]:
    """What a voter reads: both records side by side, and what stays under the double."""
    found = merges.belongings(asked.double)
    coverages = [f"{one.fund_year} · {one.get_reason_display()}" for one in found.coverages if not one.void_reason]
    paid = [f"{one.fund_year} · {shown(one.amount)}" for one in found.contributions if not one.void_reason]
    accounts = [f"{one.scheme} · {shown(one.balance)}" for one in found.accounts]
    return [
        (_("double"), _told(asked.double)),
        (_("kept"), _told(asked.kept)),
        (_("coverage that stays with the double"), "; ".join(coverages) or "—"),
        (_("contributions that stay with the double"), "; ".join(paid) or "—"),
        (_("accounts that stay with the double"), "; ".join(accounts) or "—"),
        (_("reason"), asked.reason),
    ]


def _decided(asked: MemberMerge, outcome: str, by: Person, at: datetime) -> str:
    if outcome == Outcome.APPROVED:
        _merge(asked, by, at)
    elif outcome == Outcome.REFUSED:
        _move(asked, MemberMerge.State.REFUSED)
    return ""


def _merge(asked: MemberMerge, by: Person, at: datetime) -> None:
    """The double points to the record that is kept; whoever is left in its household has a head."""
    double, kept, everybody = _lock_both(asked.double_id, asked.kept_id)
    try:
        _refuse_unlike(double, kept, everybody)
    except CannotKeep as refusal:
        raise rounds.CannotVote(str(refusal)) from refusal
    _move(asked, MemberMerge.State.MERGED)
    before = double.state
    double.state, double.state_on, double.state_reason = Member.State.MERGED, days.business_day(at), asked.reason
    double.merged_into, double.is_head = kept, False
    keeping.touch(double, "state", "state_on", "state_reason", "merged_into", "is_head", by=by, at=at)
    found = merges.belongings(double)
    trail.record(
        "member.merged",
        double,
        by=by,
        at=at,
        reason=asked.reason,
        kept=kept,
        before=before,
        coverages=found.coverages.count(),
        contributions=found.contributions.count(),
        accounts=found.accounts.count(),
    )


def _lock_both(double: int, kept: int) -> tuple[Member, Member, list[Member]]:
    """Both records as they are now and everybody in their households, under the locks of all."""
    homes = dict(Member.objects.filter(pk__in=[double, kept]).values_list("pk", "household"))
    households = keeping.lock(*homes.values())
    everybody = {one.pk: one for one in keeping.lock_members(*households)}
    if double not in everybody or kept not in everybody:
        raise CannotKeep(_("This member has come to another household meanwhile. Open the page again."))
    for one in everybody.values():
        one.household = households[one.household_id]
    return everybody[double], everybody[kept], list(everybody.values())


def _refuse_unlike(double: Member, kept: Member, everybody: Sequence[Member]) -> None:
    """Doubles never chain, and no household loses its head by the way."""
    if double == kept:
        raise CannotKeep(_("Name two different records."))
    if Member.State.MERGED in {double.state, kept.state}:
        raise CannotKeep(_("One of the two is a double already."))
    if double.doubles.exists():
        raise CannotKeep(_("Other records are doubles of this one: keep it and merge the other one into it."))
    left = [one for one in keeping.living(everybody, double.household_id) if one != double]
    if double.is_head and double.state == Member.State.LIVING and left:
        raise CannotKeep(_("%(name)s is head of a household: name another head there first.") % {"name": double.name})


def _told(member: Member) -> str:
    number = member.masked_id or _("without an ID number")
    home = member.household
    state = member.get_state_display()
    return f"{member.name} · {number} · {member.birth_date.isoformat()} · {home.village} {home.number} · {state}"


def _move(asked: MemberMerge, state: str) -> None:
    asked.state = state
    asked.save(update_fields=["state"])
