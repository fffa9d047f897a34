"""What waits to be paid, to whom, what stops it, and what is reserved (docs/rules/payments.md)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Sum

from claims.models import Claim, ClaimPart, Flag, ProviderAccount
from enrollment.models import PayeeAccount
from funds.models import (
    Book,
    FundsRound,
    FundsVote,
    PayeeConfirmation,
    PayeeKind,
    Paying,
    Payment,
    PaymentBatch,
    PaymentItem,
    PaymentOrder,
    Place,
)
from funds.rules import paying
from funds.rules.paying import AccountOf, Known
from funds.selectors import balances
from office.models import Person
from office.models.rounds import Outcome
from office.models.rounds import State as RoundState

ZERO = Decimal(0)


@dataclass(frozen=True)
class Standing:
    """One part that is to be paid: from where, to whom; or, with `stop`, why not now. `again`: its money came back."""

    part: ClaimPart
    claim: Claim
    place: str
    kind: str
    account: AccountOf | None
    stop: str = ""
    again: bool = False


@dataclass(frozen=True)
class OrderStanding:
    """One order that is to be paid, in the same way."""

    order: PaymentOrder
    account: AccountOf | None
    stop: str = ""
    again: bool = False


def place_of(book: Book) -> str:
    """Where the payments of these books leave, unless something else is said."""
    return Place.SPECIAL if book.pays == Book.Pays.FINANCE else Place.SPENDING


def payable_parts(book: Book) -> QuerySet[ClaimPart]:
    """Parts that these books pay and that are in no payment, the oldest first; what a settlement takes along is not
    among them."""
    live = PaymentItem.objects.filter(part=OuterRef("pk"), is_live=True)
    found = ClaimPart.objects.filter(
        state=ClaimPart.State.PAYABLE,
        fund__in=Paying.objects.filter(book=book).values("fund"),
        approval__claim__document__isnull=True,
        settled_with__isnull=True,
    )
    return found.filter(~Exists(live)).select_related("approval__claim__member__merged_into").order_by("pk")


def open_orders(book: Book) -> QuerySet[PaymentOrder]:
    """Orders of these books that are in no payment, the oldest first."""
    live = PaymentItem.objects.filter(order=OuterRef("pk"), is_live=True)
    return PaymentOrder.objects.filter(~Exists(live), book=book, state=PaymentOrder.State.ORDERED).order_by("pk")


def standings(book: Book, parts: Iterable[ClaimPart], *, part_state: str = ClaimPart.State.PAYABLE) -> list[Standing]:
    """How parts stand now, each with its payee or with what stops it; a fixed number of statements for all of them.

    `part_state` is where the parts are by now: payable before the release, being paid after it.
    """
    found = list(parts)
    claims = {one.approval.claim.pk: one.approval.claim for one in found}
    known = _known(claims.values())
    held = held_claims(claims)
    paid_here = set(Paying.objects.filter(book=book).values_list("fund", flat=True))
    settled = set(
        ClaimPart.objects.filter(pk__in=[one.pk for one in found])
        .filter(Q(settled_with__isnull=False) | Q(approval__claim__document__isnull=False))
        .values_list("pk", flat=True)
    )
    back = _came_back(part__in=[one.pk for one in found])
    told = []
    for part in found:
        claim = part.approval.claim
        last = back.get(part.pk)
        stop = ""
        if part.state != part_state:
            stop = paying.NOT_PAYABLE
        elif claim.pk in held:
            stop = paying.HELD
        elif part.fund not in paid_here:
            stop = paying.OTHER_BOOKS
        elif part.pk in settled:
            stop = paying.WITH_SETTLEMENT
        told.append(_standing(book, part, known[claim.pk], last, stop))
    return told


def held_claims(claims: Iterable[int]) -> set[int]:
    """Which of some claims are held, by number."""
    return set(Flag.objects.holding().filter(claim__in=list(claims)).values_list("claim", flat=True))


def _standing(book: Book, part: ClaimPart, known: Known, last: Payment | None, stop: str) -> Standing:
    claim = part.approval.claim
    again = last is not None and last.posting_id is not None
    if claim.payee_kind == Claim.Payee.MEMBER and known.confirmed is None:
        holder = AccountOf(claim.payee_name, "", "")
        if book.pays == Book.Pays.FINANCE:
            stop = stop or paying.NO_CASH
        return Standing(part, claim, Place.CASH, PayeeKind.MEMBER, None if stop else holder, stop, again)
    account, why = paying.account(_with(known, last))
    stop = stop or why
    return Standing(part, claim, place_of(book), claim.payee_kind, None if stop else account, stop, again)


def _with(known: Known, last: Payment | None) -> Known:
    """What is known, and that the bank gave the last payment back."""
    if last is None or not last.payee_account:
        return known
    back = AccountOf(last.payee_name, last.payee_bank, last.payee_account, last.claimed_at)
    return Known(known.copied, known.in_force, known.confirmed, back, known.change_waits)


def order_standings(orders: Iterable[PaymentOrder]) -> list[OrderStanding]:
    """How orders stand now: paid to the account of their paper, or to the one that two people confirmed since."""
    found = list(orders)
    numbers = [one.pk for one in found]
    confirmed, waiting = _confirmations(order__in=numbers)
    back = _came_back(order__in=numbers, part__isnull=True)
    told = []
    for order in found:
        own = AccountOf(order.payee_name, order.payee_bank, order.payee_account, order.ordered_at)
        last = back.get(order.pk)
        again = last is not None and last.posting_id is not None
        if order.place == Place.CASH:
            told.append(OrderStanding(order, own, again=again))
            continue
        known = Known(own, own, confirmed.get(order.pk), change_waits=order.pk in waiting)
        account, stop = paying.account(_with(known, last))
        told.append(OrderStanding(order, account, stop, again))
    return told


def _known(claims: Iterable[Claim]) -> dict[int, Known]:
    """What is known of the payees of many claims, asked once for all of them."""
    wanted = list(claims)
    homes = {one.pk: (one.member.merged_into or one.member).household_id for one in wanted}
    household = Claim.Payee.HOUSEHOLD
    by_home, home_waits = _accounts(
        PayeeAccount.objects.filter(household__in={homes[one.pk] for one in wanted if one.payee_kind == household}),
        "household_id",
    )
    providers = {one.provider_id for one in wanted if one.payee_kind == Claim.Payee.PROVIDER}
    by_provider, provider_waits = _accounts(ProviderAccount.objects.filter(provider__in=providers), "provider_id")
    confirmed, waiting = _confirmations(claim__in=[one.pk for one in wanted])
    known = {}
    for claim in wanted:
        to_provider = claim.payee_kind == Claim.Payee.PROVIDER
        owner = claim.provider_id if to_provider else homes[claim.pk]
        in_force, waits = (by_provider, provider_waits) if to_provider else (by_home, home_waits)
        copied = AccountOf(claim.payee_name, claim.payee_bank, claim.payee_account) if claim.payee_account else None
        known[claim.pk] = Known(
            copied=copied,
            in_force=in_force.get(owner),
            confirmed=confirmed.get(claim.pk),
            change_waits=owner in waits or claim.pk in waiting,
        )
    return known


def _accounts(
    found: QuerySet[PayeeAccount] | QuerySet[ProviderAccount], owner: str
) -> tuple[dict[int, AccountOf], set[int]]:
    """The accounts in force by their owner, and the owners whose change waits to be confirmed."""
    in_force: dict[int, AccountOf] = {}
    waits: set[int] = set()
    for one in found.filter(state__in=["confirmed", "proposed"]):
        number = getattr(one, owner)
        if one.state == "proposed":
            waits.add(number)
        else:
            in_force[number] = AccountOf(one.holder, one.bank, one.number, one.proposed_at)
    return in_force, waits


def _confirmations(**of: object) -> tuple[dict[int, AccountOf], set[int]]:
    """What two people last confirmed of claims or orders, and of which something waits to be confirmed."""
    state = PayeeConfirmation.State
    found = PayeeConfirmation.objects.filter(state__in=[state.CONFIRMED, state.PROPOSED], **of).order_by("pk")
    confirmed: dict[int, AccountOf] = {}
    waits: set[int] = set()
    for one in found:
        number = one.claim_id or one.order_id or 0
        if one.state == state.PROPOSED:
            waits.add(number)
        else:
            confirmed[number] = AccountOf(one.holder, one.bank, one.number, one.proposed_at)
    return confirmed, waits


def _came_back(**of: object) -> dict[int, Payment]:
    """The last payment of each part, or order, that the bank gave back or that was not fetched."""
    owner = "part" if "part__in" in of else "order"
    ended = PaymentItem.objects.filter(payment__state=Payment.State.RETURNED, is_live=False, **of)
    last = dict(ended.order_by().values_list(owner).annotate(last=Max("payment")))
    payments = Payment.objects.in_bulk(set(last.values()))
    return {number: payments[payment] for number, payment in last.items()}


# ------------------------------------------------------------------ money


def reserving(book: Book, place: str) -> QuerySet[Payment]:
    """Payments for which money of a place is reserved: they may still leave."""
    return Payment.objects.filter(batch__book=book, batch__place=place, state__in=Payment.RESERVING)


def reserved(book: Book, place: str) -> Decimal:
    """The memo of what is reserved. Cash of a batch that was not fetched yet is reserved in the spending account."""
    total = reserving(book, place).aggregate(sum=Sum("amount"))["sum"] or ZERO
    if place == Place.SPENDING:
        waiting = reserving(book, Place.CASH).exclude(batch__cash__kind="fetched")
        total += waiting.aggregate(sum=Sum("amount"))["sum"] or ZERO
    return total


def available(book: Book, place: str) -> Decimal:
    """What can still be reserved in a place; cash is fetched from the spending account."""
    kept = Place.SPENDING if place == Place.CASH else place
    return balances.stands(book, paying.PURPOSES[kept]) - reserved(book, kept)


def unsettled(book: Book) -> QuerySet[Payment]:
    """Payments of which only the bank knows what became."""
    return Payment.objects.filter(batch__book=book, state__in=Payment.UNSETTLED)


def half_done(book: Book, until: date) -> QuerySet[PaymentBatch]:
    """Batches made by a day that are neither over nor given up."""
    state = PaymentBatch.State
    ended = (state.OVER, state.REFUSED, state.VOID)
    return PaymentBatch.objects.filter(book=book, made_on__lte=until).exclude(state__in=ended)


# ------------------------------------------------------------------ a batch


def total_of(batch: PaymentBatch) -> Decimal:
    """What a batch pays: its payments without those that were stopped."""
    kept = batch.payments.exclude(state=Payment.State.STOPPED)
    return kept.aggregate(sum=Sum("amount"))["sum"] or ZERO


def released_by(batches: Iterable[int]) -> Mapping[int, Person]:
    """Who gave each batch free at last."""
    numbers = [str(one) for one in batches]
    approved = FundsRound.objects.filter(
        subject_type="funds.paymentbatch",
        subject_id__in=numbers,
        state=RoundState.CLOSED,
        outcome=Outcome.APPROVED,
    )
    votes = FundsVote.objects.filter(round__in=approved).select_related("voter", "round").order_by("round_id", "pk")
    return {int(one.round.subject_id): one.voter for one in votes}


def parts_of(payments: Sequence[Payment]) -> QuerySet[ClaimPart]:
    """The parts that payments pay, those that their orders take along too."""
    items = PaymentItem.objects.filter(payment__in=[one.pk for one in payments], part__isnull=False)
    found = ClaimPart.objects.filter(pk__in=items.values("part"))
    return found.select_related("approval__claim__member__merged_into").order_by("pk")
