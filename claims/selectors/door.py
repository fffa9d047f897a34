"""What the hospitals' door asks: whether a token opens it, whom a hospital means, what it may be told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import reduce
from operator import or_
from typing import Any, Final

from django.db.models import Case, CharField, Q, QuerySet, Sum, Value, When
from django.utils.translation import gettext as _

from claims.door_words import CannotAnswer, Field
from claims.models import Agreement, Claim, ClaimPart, DoorToken, Provider
from claims.rules import door as rules
from claims.selectors import invoices, valuing
from claims.selectors.intake_content import Content, Fault, Look
from claims.selectors.intake_words import overlaps_with, used_already
from enrollment.models import Member
from enrollment.rules import id_numbers, person_names, search_words
from office import access, deciding
from office.models import Person
from office.models.rounds import Outcome

ADD: Final = "claims.add_claim"
OF_THE_PERSON: Final = frozenset({"person_left", "duty_ended"})
FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2100, 12, 31)


def token_of(text: str) -> DoorToken | None:
    """The token whose text this is."""
    known = DoorToken.objects.filter(prefix=rules.prefix_of(text)).select_related("provider__body", "acts_for")
    token = known.first()
    kept = token.sha256 if token else rules.hash_of("")
    return token if rules.is_the_same(kept, text) and token else None


def refuse_token(token: DoorToken, at: datetime, day: date) -> None:
    """Raises CannotAnswer where a token opens the door no more."""
    if token.revoked_at is not None:
        raise CannotAnswer("token_revoked")
    if token.ends_at <= at:
        raise CannotAnswer("token_ended")
    if bar := bar_of(token.provider, token.acts_for, day):
        raise bar


def bar_of(provider: Provider, person: Person, day: date) -> CannotAnswer | None:
    """Why this person opens the door for this hospital today no more: he takes claims in there and nowhere else."""
    if provider.closed_on is not None and provider.closed_on <= day:
        return CannotAnswer("provider_closed")
    if not Agreement.objects.on(day).filter(provider=provider).exists():
        return CannotAnswer("no_agreement")
    if not person.is_active:
        return CannotAnswer("person_left")
    if access.bodies_in_sight(person, ADD) != frozenset({provider.body_id}):
        return CannotAnswer("duty_ended")
    return None


def patient(id_number: str, name: str) -> Member:
    """The one person with this whole ID number and this name. Raises CannotAnswer."""
    digits = id_numbers.plain(id_number)
    wanted = (Q(id_number__startswith=prefix) for prefix in search_words.id_prefixes(digits))
    known = Member.objects.filter(reduce(or_, wanted, Q(pk__in=[]))).exclude(state=Member.State.MERGED)
    found = [one for one in known.select_related("household")[:3] if one.name == person_names.normalise(name)]
    if len(found) != 1:
        raise CannotAnswer("person_unknown")
    return found[0]


def strange_days(days: Iterable[tuple[str, date | None]]) -> Iterator[Field]:
    """Days of no calendar of the office."""
    for name, day in days:
        if day is not None and not FIRST_DAY <= day <= LAST_DAY:
            yield Field(name, _("This day lies outside the office's calendar."))


def faults_of(faults: Sequence[Fault], content: Content, by: Person) -> list[Field]:
    """What bars a claim, as this hospital may read it: nothing of claims taken in at other desks."""
    serving = invoices.taken({one.key for one in content.invoices}, but=None)
    seen = Claim.objects.visible_to(by, ADD).filter(number__in=[one.claim for one in serving])
    own = set(seen.values_list("number", flat=True))
    hidden = {
        used_already(one): _("Invoice %(number)s was used already. Ask the office.")
        % {"number": f"{one.type_code} {one.number}"}
        for one in serving
        if one.claim not in own
    }
    return [Field(one.field or "", hidden.get(one.sentence, one.sentence)) for one in faults]


def told_of(look: Look, by: Person) -> list[str]:
    """What has to be told of a claim, as this hospital may read it."""
    seen = set(Claim.objects.visible_to(by, ADD).filter(pk__in=[one.pk for one in look.overlapping]))
    hidden = {overlaps_with(one) for one in look.overlapping if one not in seen}
    return [one for one in look.told if one not in hidden]


def claim_of(token: DoorToken, number: str) -> Claim:
    """A claim of the token's own hospital, taken in at its own desk. Raises CannotAnswer."""
    own = Claim.objects.visible_to(token.acts_for, ADD).filter(provider=token.provider, number=number)
    found = own.select_related("scheme", "approval", "member").first()
    if found is None:
        raise CannotAnswer("claim_unknown")
    return found


def standing(claim: Claim) -> dict[str, Any]:
    """How a claim stands: its state, what was asked, cut, granted and paid, and why it came back."""
    approval = getattr(claim, "approval", None)
    cut = sum(valuing.cut_of(claim).values(), Decimal(0))
    parts = ClaimPart.objects.filter(approval=approval).exclude(state__in=["void", "reversed"])
    paid = parts.filter(state=ClaimPart.State.PAID)
    return {
        "number": claim.number,
        "state": claim.state,
        "state_words": claim.get_state_display(),
        "since": claim.state_since,
        "total": claim.total,
        "cut": approval.cut if approval else cut,
        "proposed": claim.proposed,
        "granted": _sum(parts) if approval else None,
        "paid": _sum(paid),
        "reason": _reason(claim),
    }


def _sum(parts: Any) -> Decimal:
    return parts.aggregate(sum=Sum("amount"))["sum"] or Decimal(0)


def _reason(claim: Claim) -> str:
    """Why it came back or was refused, in the words of whoever decided."""
    if claim.state not in {Claim.State.RETURNED, Claim.State.REFUSED}:
        return ""
    decided = deciding.rounds_of(claim).filter(outcome__in=[Outcome.RETURNED, Outcome.REFUSED])
    last = decided.order_by("-pk").first()
    choice = {Outcome.RETURNED: "return", Outcome.REFUSED: "refuse"}
    votes = last.votes.filter(choice=choice[last.outcome]) if last else None
    return " ".join(votes.order_by("pk").values_list("reason", flat=True)) if votes is not None else ""


def tokens(at: datetime) -> QuerySet[Any]:
    """All tokens, each with `state`: open, ended or revoked at a time."""
    state = Case(
        When(revoked_at__isnull=False, then=Value("revoked")),
        When(ends_at__lte=at, then=Value("ended")),
        default=Value("open"),
        output_field=CharField(),
    )
    people = ("provider", "acts_for", "given_by", "revoked_by")
    return DoorToken.objects.select_related(*people).annotate(state=state)
