"""What a step of a claim is about, who belongs to the committee, who took part, who asked the hospital."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Final

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from claims.models import Claim, ClaimLine, ClaimPaper, ClaimsRound, ClaimsVote, Cut, Flag, Invoice
from claims.rules import routes
from claims.selectors.appeals import decided_before
from claims.selectors.written import written
from office import deciding
from office import selectors as office
from office.models import Act, Appointment, Duty, Lease, Person
from office.rules import days
from office.subjects import name_of

#: What of a claim moves while it is decided; everything else is what intake entered.
MOVING: Final = frozenset({"id", "state", "state_since", "route", "proposed"})
#: The acts by which somebody writes what a claim says.
ENTERING: Final = ("claim.entered", "claim.changed")
ENTERED: Final = tuple(one.attname for one in Claim._meta.concrete_fields if one.name not in MOVING)


def content(claim: Claim) -> Mapping[str, object]:
    """What a vote on a claim is about: everything that intake entered, and what earlier steps cut."""
    lines, invoices, papers, cuts = (
        Claim.objects.filter(pk=claim.pk).values_list(*_rows_of(claim)).get()  # one statement for all of it
    )
    return {
        **{name: getattr(claim, name) for name in ENTERED},
        "lines": "\n".join(lines),
        "invoices": "\n".join(invoices),
        "papers": "\n".join(papers),
        "cuts": "\n".join(cuts),
    }


def _rows_of(claim: Claim) -> tuple[ArraySubquery, ...]:
    this = {"claim": OuterRef("pk"), "version": claim.content_version}
    return (
        written(
            ClaimLine.objects.filter(**this).order_by("position"),
            "position",
            "entry_id",
            "name",
            "item_class",
            "group",
            "quantity",
            "price",
            "amount",
        ),
        written(Invoice.objects.filter(**this).order_by("pk"), "type_code", "number", "issued_on", "amount"),
        written(ClaimPaper.objects.filter(**this).order_by("pk"), "paper", "is_there", "answer"),
        written(
            Cut.objects.filter(claim=OuterRef("pk"), line__version=claim.content_version, counts=True)
            .exclude(step=claim.state)
            .order_by("pk"),
            "line_id",
            "step",
            "amount",
            "reason_code",
        ),
    )


def rows(claim: Claim) -> Sequence[tuple[str, str]]:
    """What a voter reads where he decides away from the claim's own page."""
    return [
        (_("number of the claim"), claim.number),
        (_("patient"), str(claim.member)),
        (_("kind of claim"), str(claim.get_kind_display())),
        (_("provider"), str(claim.provider)),
        (_("days of the stay"), f"{claim.admitted_on:%Y-%m-%d} – {claim.discharged_on:%Y-%m-%d}"),
        (_("total cost"), f"{claim.total:,.2f}"),
        (_("proposed payment"), "" if claim.proposed is None else f"{claim.proposed:,.2f}"),
        (_("payee"), claim.payee_name),
    ]


def committee_on(day: date) -> list[tuple[Person, str]]:
    """Who sits in the large-claim committee on a day, with his role; one chair."""
    sitting = Appointment.objects.on(day).filter(duty__in=[Duty.COMMITTEE_CHAIR, Duty.COMMITTEE_MEMBER])
    roles: dict[Person, str] = {}
    for one in sitting.select_related("person").order_by("duty", "person"):
        leads = one.duty == Duty.COMMITTEE_CHAIR and "chair" not in roles.values()
        roles.setdefault(one.person, "chair" if leads else "member")
    return list(roles.items())


def took_part(claim: Claim, but_step: str) -> set[int]:
    """Who voted, or was voted for, in another step of a claim."""
    others = deciding.rounds_of(claim).exclude(step=but_step)
    pairs: Iterable[tuple[int, int | None]] = ClaimsVote.objects.filter(round__in=others).values_list(
        "voter", "for_whom"
    )
    return {person for pair in pairs for person in pair if person is not None}


def standing_in_the_way(claim: Claim) -> tuple[str | None, bool]:
    """Why a claim is held, nothing where it is not; and whether something was cut in the step in which it is."""
    held = Flag.objects.holding().filter(claim=claim).order_by("pk")
    cut = Cut.objects.filter(claim=claim, step=claim.state)
    reason, is_cut = (
        Claim.objects.filter(pk=claim.pk).values_list(Subquery(held.values("reason")[:1]), Exists(cut)).get()
    )
    return reason, is_cut


def barred(claim: Claim) -> Sequence[Person]:
    """Who decides nothing of a claim: whoever entered it or an earlier version of it, after a verification whoever
    asked the hospital or wrote its answer down, and after a won appeal whoever decided before."""
    had_a_hand = Q(pk=claim.entered_by_id)
    if claim.content_version > 1:
        subject_type, subject_id = name_of(claim)
        entered = Act.objects.filter(
            kind=Act.Kind.DONE, name__in=ENTERING, subject_type=subject_type, subject_id=subject_id
        )
        had_a_hand |= Q(pk__in=entered.values("by")) | Q(pk__in=decided_before(claim))
    elif claim.state == Claim.State.FIRST_CHECK:
        return ()  # the maker alone, whom every round knows
    if claim.state != Claim.State.FIRST_CHECK:
        asked = claim.verifications
        had_a_hand |= Q(pk__in=asked.values("asked_by")) | Q(pk__in=asked.values("answered_by"))
    return list(Person.objects.filter(had_a_hand))


def waiting_for(person: Person, day: date) -> QuerySet[ClaimsRound]:
    """The steps of claims that wait for somebody, in his own name or for one who is away, the oldest first."""
    steps = ClaimsRound.objects.filter(subject_type="claims.claim").exclude(step=Claim.State.COMMITTEE)
    return office.rounds_waiting_for(person, steps, day).order_by("opened_at", "pk")


def next_for(person: Person, at: datetime) -> int | None:
    """The claim that waits longest for somebody and that no colleague works on."""
    held = Lease.objects.held(at).filter(subject_type="claims.claimsround").exclude(holder=person)
    taken = {int(one) for one in held.values_list("subject_id", flat=True)}
    found = (
        waiting_for(person, days.business_day(at)).exclude(pk__in=taken).values_list("subject_id", flat=True).first()
    )
    return None if found is None else int(found)


def claims_of(rounds: Sequence[ClaimsRound]) -> dict[str, Claim]:
    """The claims that some rounds are about, by the number that the rounds name."""
    found = Claim.objects.filter(pk__in=[one.subject_id for one in rounds])
    return {str(one.pk): one for one in found.select_related("member", "provider", "disease")}


def small(rounds: Sequence[ClaimsRound]) -> list[tuple[Claim, ClaimsRound]]:
    """Of some rounds those whose claims no limit catches and nothing holds: they may be agreed to together."""
    claims = claims_of(rounds)
    held = set(Flag.objects.holding().filter(claim__in=list(claims.values())).values_list("claim", flat=True))
    pairs = [(claims[one.subject_id], one) for one in rounds if one.subject_id in claims]
    return [(claim, one) for claim, one in pairs if claim.pk not in held and routes.is_under_all(claim.route)]
