"""How findings stand: measures, money by the ledger and money given up, what can be linked, what was taken back."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Final

from django.db.models import Count, DecimalField, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from audit.models import BookedMoney, Engagement, Finding, Rectification, Waiver
from audit.rules.engagements import Standing
from funds.models import Entry, Posting, PostingKind

NOTHING: Final = Decimal(0)
MONEY: Final = DecimalField(max_digits=16, decimal_places=2)


def standing_links() -> QuerySet[BookedMoney]:
    """Postings that stand for findings and were not taken back."""
    return BookedMoney.objects.filter(state=BookedMoney.State.STANDING, posting__reversed_by__isnull=True)


def recovered(finding: Finding) -> Decimal:
    """What came back for a finding: the sum of the ledger, in yuan."""
    return recovered_of([finding.pk]).get(finding.pk, NOTHING)


def recovered_of(findings: Iterable[int]) -> dict[int, Decimal]:
    """The same for several, by number."""
    links = standing_links().filter(finding__in=list(findings), kind=BookedMoney.Kind.RECOVERED)
    debit = Q(posting__entries__side=Entry.Side.DEBIT, posting__entries__is_red=False)
    sums = links.filter(debit).order_by().values_list("finding").annotate(Sum("posting__entries__amount"))
    return dict(sums)


def waived_of(findings: Iterable[int]) -> dict[int, Decimal]:
    """What was given up of several findings, by number: what the head of the office and finance agreed to, in yuan."""
    agreed = Waiver.objects.agreed().filter(finding__in=list(findings))
    return dict(agreed.order_by().values_list("finding").annotate(Sum("amount")))


def with_money(found: QuerySet[Any], finding: str = "pk") -> QuerySet[Any]:
    """Findings, or what points at them by `finding`, with `recovered`, the sum of the ledger, and `waived`."""
    links = standing_links().filter(finding=OuterRef(finding), kind=BookedMoney.Kind.RECOVERED)
    debit = Q(posting__entries__side=Entry.Side.DEBIT, posting__entries__is_red=False)
    back = links.filter(debit).order_by().values("finding").annotate(sum=Sum("posting__entries__amount"))
    agreed = Waiver.objects.agreed().filter(finding=OuterRef(finding))
    up = agreed.order_by().values("finding").annotate(sum=Sum("amount"))
    told: QuerySet[Any] = found.annotate(
        recovered=Coalesce(Subquery(back.values("sum")), Value(NOTHING), output_field=MONEY),
        waived=Coalesce(Subquery(up.values("sum")), Value(NOTHING), output_field=MONEY),
    )
    return told


def standing_of(finding: Finding) -> Standing:
    """How a finding stands."""
    counted = finding.rectifications.aggregate(all=Count("pk"), open=Count("pk", filter=~Q(state="closed")))
    given_up = finding.waivers.aggregate(
        agreed=Sum("amount", filter=Q(state=Waiver.State.AGREED), default=NOTHING),
        waiting=Sum("amount", filter=Q(state__in=Waiver.WAITING), default=NOTHING),
    )
    return Standing(
        measures=counted["all"],
        open_measures=counted["open"],
        amount=finding.amount,
        to_recover=finding.to_recover,
        booked=standing_links().filter(finding=finding).count(),
        recovered=recovered(finding),
        waived=given_up["agreed"],
        waiting=given_up["waiting"],
    )


def unsettled(engagement: Engagement) -> QuerySet[Finding]:
    """Findings of an engagement that are not final yet."""
    return engagement.findings.filter(state__in=Finding.UNSETTLED)


def to_link(finding: Finding) -> QuerySet[Posting]:
    """Money that came back and stands for no finding yet, newest first."""
    taken = BookedMoney.objects.filter(state=BookedMoney.State.STANDING).values("posting")
    found = Posting.objects.filter(kind=PostingKind.RECOVERED, on__gte=finding.engagement.since)
    return found.filter(reversed_by__isnull=True).exclude(pk__in=taken).select_related("book", "period").order_by("-pk")


def postings_called(book: str, month: str, number: int) -> Posting | None:
    """A posting by its books, month (2010-03) and number."""
    found = Posting.objects.filter(book__code=book, number=number).select_related("book", "period")
    return next((one for one in found if f"{one.period.month:%Y-%m}" == month), None)


def taken_back() -> QuerySet[Finding]:
    """Closed findings whose money does not stand in the books any more: a posting that counted was taken back."""
    links = BookedMoney.objects.filter(state=BookedMoney.State.STANDING, posting__reversed_by__isnull=False)
    return Finding.objects.filter(state=Finding.State.CLOSED, pk__in=links.values("finding"))


def closable() -> QuerySet[Finding]:
    """Final findings all of whose measures are closed; whoever did not draft one may close it."""
    open_ones = Rectification.objects.exclude(state=Rectification.State.CLOSED)
    found = Finding.objects.filter(state=Finding.State.FINAL, rectifications__isnull=False)
    return found.exclude(pk__in=open_ones.values("finding")).distinct()
