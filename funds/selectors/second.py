"""Whose burden of a year is heavy (年度自付), and how far a run of second compensation has come."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, Greatest

from claims.models import Approval, Claim
from enrollment.models import Division, Household, Member, PayeeAccount
from funds.models import Book, PaymentOrder, SecondAppeal, SecondLine, SecondRun

NOTHING: Final = Decimal(0)
#: States of claims that stand as they were approved.
STANDING: Final = (Claim.State.APPROVED, Claim.State.PAYABLE, Claim.State.PAYING, Claim.State.PAID)


@dataclass(frozen=True)
class Burden:
    """A person's burden of a year: what he paid himself of what the plans cover, of so many claims."""

    member: Member
    burden: Decimal
    claims: int


def burdens(book: Book, year: int, above: Decimal, people: Iterable[int] | None = None) -> list[Burden]:
    """The people whose burden of a plan year is above so much, the heaviest first; doubles count for whom they were
    merged into. What the catalogue does not cover is nobody's burden here (合规自付)."""
    found = Approval.objects.filter(
        year=year, claim__scheme=book.scheme_id, claim__state__in=STANDING, reversal__isnull=True
    )
    kept = found.annotate(kept=Coalesce("person__merged_into", "person"))
    if people is not None:
        kept = kept.filter(kept__in=list(people))
    own = Greatest(F("patient_pays") - F("own_items"), NOTHING)
    sums = kept.order_by().values("kept").annotate(burden=Sum(own), claims=Count("pk")).filter(burden__gt=above)
    rows = {number: (burden, claims) for number, burden, claims in sums.values_list("kept", "burden", "claims")}
    members = Member.objects.filter(pk__in=rows).select_related("household__village")
    told = [Burden(one, *rows[one.pk]) for one in members]
    return sorted(told, key=lambda one: (-one.burden, one.member.pk))


def heads_of(households: Iterable[Household]) -> dict[int, str]:
    """The names of heads by household."""
    numbers = {one.pk for one in households}
    found = Member.objects.filter(household__in=numbers, is_head=True, state=Member.State.LIVING)
    return dict(found.values_list("household", "name"))


def villages_without_slip(run: SecondRun) -> QuerySet[Division]:
    """Villages with people on the list whose slip has not come back."""
    back = run.notices.exclude(slip_by="").values("village")
    return Division.objects.filter(pk__in=run.lines.order_by().values("village")).exclude(pk__in=back).order_by("code")


def open_appeals(run: SecondRun) -> QuerySet[SecondAppeal]:
    """Appeals that wait for their answer."""
    return run.appeals.filter(result="")


def to_order(run: SecondRun) -> QuerySet[SecondLine]:
    """People who are granted something and for whom no payment stands, with the account of their household."""
    ordered = PaymentOrder.objects.filter(subject_type="funds.secondline").exclude(state=PaymentOrder.State.CANCELLED)
    numbers = {int(one) for one in ordered.values_list("subject_id", flat=True)}
    return (
        run.lines.filter(granted__gt=NOTHING, is_paid=False).exclude(pk__in=numbers).select_related("member__household")
    )


def orders_before(lines: Iterable[SecondLine]) -> dict[int, int]:
    """How many orders of payment were cancelled before, by line."""
    numbers = [str(one.pk) for one in lines]
    found = PaymentOrder.objects.filter(subject_type="funds.secondline", subject_id__in=numbers).order_by()
    counted = found.values("subject_id").annotate(orders=Count("pk"))
    return {int(number): orders for number, orders in counted.values_list("subject_id", "orders")}


def with_account(lines: QuerySet[SecondLine]) -> QuerySet[SecondLine]:
    """Those whose household has an account that two people confirmed, and none that waits for that."""
    accounts = PayeeAccount.objects.filter(household=OuterRef("member__household"))
    confirmed = Exists(accounts.filter(state=PayeeAccount.State.CONFIRMED))
    changing = Exists(accounts.filter(state=PayeeAccount.State.PROPOSED))
    return lines.filter(confirmed).exclude(changing)


@dataclass(frozen=True)
class Figures:
    """A run in sums: people, burden, what the bands give, what is granted, what is paid."""

    people: int
    burden: Decimal
    entitled: Decimal
    granted: Decimal
    paid: Decimal
    paid_people: int


def figures_of(run: SecondRun) -> Figures:
    """A run in sums, in one statement."""
    sums: dict[str, Any] = run.lines.aggregate(
        people_=Count("pk"),
        burden_=Sum("burden", default=NOTHING),
        entitled_=Sum("entitled", default=NOTHING),
        granted_=Sum("granted", default=NOTHING),
        paid_=Sum("granted", filter=Q(is_paid=True), default=NOTHING),
        paid_people_=Count("pk", filter=Q(is_paid=True)),
    )
    return Figures(**{name.rstrip("_"): value for name, value in sums.items()})


def villages_of(run: SecondRun) -> list[dict[str, Any]]:
    """The villages of a run with people, sum, notice and slip, by code."""
    sums = run.lines.order_by("village__code").values("village", "village__name", "village__parent__name")
    notices = {one.village_id: one for one in run.notices.all()}
    return [
        {**row, "notice": notices.get(row["village"])} for row in sums.annotate(people=Count("pk"), sum=Sum("granted"))
    ]
