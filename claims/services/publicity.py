"""Publicity (公示): village lists of a month, made for a scheme in one go, posted, back with their slip, over
(docs/rules/publicity.md).

Order of locks: the scheme's making of lists, claims by number, the list.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.utils.translation import gettext as _

from claims.models import Claim, Flag, PublicityEntry, PublicityList, TimeLimit
from claims.rules.bills import age_on
from claims.selectors import publicity as selectors
from claims.services import before, settling
from claims.services.locks import lock_claims
from enrollment.models import Division, Member, Scheme
from enrollment.services.keeping import CannotKeep
from office import attachments, trail
from office.models import Person
from office.rules import days

MAKE: Final = "claims.add_publicitylist"
POST: Final = "claims.change_publicitylist"
VIEW: Final = "claims.view_publicitylist"
LOCK: Final = "SELECT pg_advisory_xact_lock(hashtextextended('claims.publicity', %s))"
TOGETHER: Final = 1_000
State = PublicityList.State
Timing = PublicityList.Timing
#: What of a claim stands on a list, asked along.
KNOWN: Final = ("member__household", "provider", "approval", "approval__grant")
#: The long fields among that: calculations, and what searches use.
NOT_ASKED: Final = ("approval__answer", "approval__plans", "approval__grant__answer", "member__search_keys")


@dataclass(frozen=True)
class Posting:
    """When, where and by whom a list was put up."""

    on: date
    place: str
    by_name: str


@dataclass(frozen=True)
class Slip:
    """The slip by which a village says that the list hung (公示回执)."""

    on: date
    by_name: str
    photo: UploadedFile[Any]


@transaction.atomic
def make(
    *,
    scheme: Scheme,
    month: date,
    area: Division,
    by: Person,
    at: datetime,
    step: Callable[[int, int], None] = lambda done, total: None,
) -> list[PublicityList]:
    """Make the lists of all villages of an area for a scheme and month, before payment and after it: one for each
    village that has claims to post. Done again it makes what has come since. Raises CannotKeep."""
    month = month.replace(day=1)
    if month > days.business_day(at):
        raise CannotKeep(_("This month has not begun."), "month")
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [scheme.pk])
    made: list[PublicityList] = []
    for timing in Timing.values:
        due = selectors.due(scheme, month, timing, area).select_related(*KNOWN).defer(*NOT_ASKED)
        made += _lists(_by_village(due.order_by("pk")), scheme, month, timing, by, at, step)
    if not made:
        raise CannotKeep(_("No claim of this scheme is to be posted there: all were, or none is approved or paid."))
    return made


def _by_village(claims: Iterable[Claim]) -> dict[int, list[Claim]]:
    found: dict[int, list[Claim]] = defaultdict(list)
    for one in claims:
        found[one.member.household.village_id].append(one)
    return found


def _lists(
    villages: dict[int, list[Claim]],
    scheme: Scheme,
    month: date,
    timing: str,
    by: Person,
    at: datetime,
    step: Callable[[int, int], None],
) -> list[PublicityList]:
    today = days.business_day(at)
    hangs = selectors.days_for(scheme, TimeLimit.Kind.PUBLICITY, today)
    heads = _heads(claim for claims in villages.values() for claim in claims)
    made, entries = [], []
    for number, (village, claims) in enumerate(sorted(villages.items()), 1):
        one = PublicityList.objects.create(
            number=before.next_number(PublicityList, "GS", today),
            scheme=scheme,
            village_id=village,
            month=month,
            timing=timing,
            days=hangs,
            made_on=today,
            made_by=by,
            made_at=at,
        )
        entries += [entry_of(claim, one, place, heads) for place, claim in enumerate(claims, 1)]
        trail.record(
            "publicity.made", one, by=by, at=at, right=MAKE, village=village, claims=len(claims), timing=timing
        )
        made.append(one)
        step(number, len(villages))
    PublicityEntry.objects.bulk_create(sorted(entries, key=lambda one: one.claim_id), TOGETHER)
    return made


def _heads(claims: Iterable[Claim]) -> dict[int, str]:
    """The names of the heads of the patients' households."""
    homes = {one.member.household_id for one in claims}
    heads = Member.objects.filter(household__in=homes, is_head=True, state=Member.State.LIVING)
    return dict(heads.values_list("household", "name"))


def entry_of(claim: Claim, on: PublicityList, place: int, heads: dict[int, str]) -> PublicityEntry:
    """A claim as a list shows it: no number of a card or account, no illness, no telephone."""
    member, approval = claim.member, claim.approval
    grant = getattr(approval, "grant", None)
    return PublicityEntry(
        list=on,
        position=place,
        claim=claim,
        head=heads.get(member.household_id, member.name),
        patient=member.name,
        sex=member.sex,
        age=age_on(member.birth_date, claim.discharged_on),
        provider=claim.provider.name[:120],
        total=claim.total,
        paid=approval.fund_pays + (grant.fund_adds if grant else Decimal(0)),
        on=claim.state_since if on.timing == Timing.AFTER else approval.approved_on,
    )


@transaction.atomic
def post(*, made: PublicityList, posting: Posting, by: Person, at: datetime) -> PublicityList:
    """Note that a list hangs: from when, where, who put it up. It hangs for its days. Raises CannotKeep."""
    current = _locked(made, State.MADE, by, POST)
    before.refuse_days(current.made_on, posting.on, at=at, field="on")
    current.state = State.POSTED
    current.posted_on, current.posted_until = posting.on, posting.on + timedelta(days=current.days)
    current.place, current.posted_by = before.said(posting.place, "place"), before.said(posting.by_name, "by_name")
    current.noted_by = by
    current.save(update_fields=["state", "posted_on", "posted_until", "place", "posted_by", "noted_by"])
    trail.record("publicity.posted", current, by=by, at=at, right=POST, on=posting.on, until=current.posted_until)
    return current


@transaction.atomic
def void(*, made: PublicityList, reason: str, by: Person, at: datetime) -> PublicityList:
    """A list that does not hang yet is made void; its claims come on another one. Raises CannotKeep."""
    current = _locked(made, State.MADE, by, MAKE)
    current.state, current.void_reason = State.VOID, before.said(reason, "reason")
    current.save(update_fields=["state", "void_reason"])
    trail.record("publicity.voided", current, by=by, at=at, right=MAKE, reason=current.void_reason)
    return current


@transaction.atomic
def note_slip(*, posted: PublicityList, slip: Slip, by: Person, at: datetime) -> PublicityList:
    """The slip came back with its photograph, once the days have run. Raises CannotKeep, CannotAttach."""
    current = _locked(posted, State.POSTED, by, POST)
    if current.slip_by:
        raise CannotKeep(_("The slip of this list is noted already."))
    until = current.posted_until
    if until is None or slip.on < until:
        raise CannotKeep(_("The list hangs until %(day)s: its slip comes after that.") % {"day": until}, "on")
    before.refuse_days(until, slip.on, at=at, field="on")
    current.slip_on, current.slip_by, current.slip_noted_by = slip.on, before.said(slip.by_name, "by_name"), by
    current.slip_photo = attachments.keep(subject=current, upload=slip.photo, by=by, at=at)
    current.save(update_fields=["slip_on", "slip_by", "slip_noted_by", "slip_photo"])
    trail.record("publicity.slip-noted", current, by=by, at=at, right=POST, on=slip.on)
    return current


@transaction.atomic
def close(*, posted: PublicityList, by: Person, at: datetime) -> tuple[PublicityList, list[Claim]]:
    """The days are over: claims that were posted before their payment can be paid, but those that something holds.
    Somebody else than who noted the slip. Gives the list and what still waits. Raises CannotKeep."""
    claims = lock_claims(PublicityEntry.objects.filter(list=posted).values_list("claim", flat=True))
    current = _locked(posted, State.POSTED, by, MAKE)
    if not current.slip_by:
        raise CannotKeep(_("The slip of this list has not come back."))
    if by.pk == current.slip_noted_by_id:
        raise CannotKeep(_("Somebody else than who noted the slip ends the list."))
    current.state = State.OVER
    current.save(update_fields=["state"])
    held = _let_pay(claims, by, at) if current.timing == Timing.BEFORE else []
    trail.record("publicity.over", current, by=by, at=at, right=MAKE, held=len(held))
    return current, held


def _let_pay(claims: Iterable[Claim], by: Person, at: datetime) -> list[Claim]:
    """Locked claims of a list that is over become payable; gives those that a flag still holds."""
    waiting = [one for one in claims if one.state == Claim.State.APPROVED]
    holding = set(Flag.objects.holding().filter(claim__in=waiting).values_list("claim", flat=True))
    settling.let_pay(claims=[one for one in waiting if one.pk not in holding], by=by, at=at)
    return [one for one in waiting if one.pk in holding]


def register() -> None:
    """Called once when the app is ready: whoever sees a list sees the photograph of its slip."""
    attachments.register(
        "claims.publicitylist",
        lambda person, number: (
            person.has_perm(VIEW) and PublicityList.objects.visible_to(person).filter(pk=number).exists()
        ),
    )


def _locked(known: PublicityList, state: str, by: Person, right: str) -> PublicityList:
    """A list in a state, locked, among those that somebody sees."""
    seen = PublicityList.objects.visible_to(by, right).filter(pk=known.pk)
    if not seen.exists():
        raise CannotKeep(_("This village is not among those that your office serves."))
    current = PublicityList.objects.select_for_update(of=["self"]).get(pk=known.pk)
    if current.state != state:
        raise CannotKeep(_("This list is %(state)s.") % {"state": current.get_state_display()})
    return current
