"""What stands between the fund and its providers: terms, what was prepaid, what is kept back, what can be paid now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum

from claims.models import ClaimPart, Flag, Provider, Settlement
from funds.models import Assessment, Book, Paying, Prepayment, ProviderPart, ProviderPayment, RetentionTerm
from funds.models.asked import Asked
from funds.rules.settling import Terms

NOTHING: Final = Decimal(0)
NO_TERMS: Final = Terms(percent=NOTHING)


def terms_on(book: Book, provider: Provider, day: date) -> Terms:
    """What holds for a provider on a day: its own terms before those of its level before those for all."""
    scope = Q(provider=provider) | Q(provider__isnull=True, level__in=["", provider.level])
    found = RetentionTerm.objects.filter(scope, book=book, state__in=Asked.DECIDED, on__lte=day)
    best = max(found, key=lambda one: (one.provider_id is not None, one.level != "", one.on), default=None)
    return Terms(best.percent, best.full_score, best.floor_score) if best else NO_TERMS


def prepaid_left(book: Book, provider: Provider) -> Decimal:
    """What was prepaid to a provider and is not set off yet, by what is decided."""
    paid = Prepayment.objects.filter(book=book, provider=provider, state=Asked.State.DONE)
    used = ProviderPayment.objects.filter(book=book, settlement__provider=provider, state__in=Asked.DECIDED)
    return _sum(paid, "amount") - _sum(used, "set_off")


def of_year(book: Book, provider: Provider, year: int) -> QuerySet[ProviderPayment]:
    """The payments on a provider's settlements of a year, but those refused or void."""
    return ProviderPayment.objects.filter(
        book=book, settlement__provider=provider, settlement__month__year=year, state__in=Asked.LIVE
    )


def retained_of(book: Book, provider: Provider, year: int) -> Decimal:
    """What is kept back of a provider's settlements of a year."""
    return _sum(of_year(book, provider, year), "retained")


def is_assessed(book: Book, provider: Provider, year: int) -> bool:
    """Whether the provider's year is assessed, or its assessment asked for."""
    return Assessment.objects.filter(book=book, provider=provider, year=year, state__in=Asked.LIVE).exists()


def pays(book: Book) -> dict[str, str]:
    """The purpose of the account of spending that pays each fund's parts."""
    return dict(Paying.objects.filter(book=book).values_list("fund", "account__purpose"))


def payable_of(settlement: Settlement) -> QuerySet[ClaimPart]:
    """The parts of a settlement that can be paid now: payable, not held, in no other payment of it; in its order."""
    taken = ProviderPart.objects.filter(part=OuterRef("pk"), payment__state__in=Asked.LIVE)
    held = Flag.objects.holding().filter(claim=OuterRef("approval__claim"))
    found = ClaimPart.objects.filter(settled_with__settlement=settlement, state=ClaimPart.State.PAYABLE)
    return found.exclude(Exists(taken)).exclude(Exists(held)).order_by("approval__claim", "pk")


@dataclass(frozen=True)
class Course:
    """How far a settlement is paid, in yuan: owed, asked for or decided, done, kept back, payable now."""

    owed: Decimal
    asked: Decimal
    done: Decimal
    retained: Decimal
    payable: Decimal

    @property
    def waiting(self) -> Decimal:
        """What is owed and neither asked for nor payable: held, or not public yet."""
        return self.owed - self.asked - self.payable


def course_of(settlement: Settlement) -> Course:
    """How far a settlement is paid."""
    found = ProviderPayment.objects.filter(settlement=settlement, state__in=Asked.LIVE)
    return Course(
        owed=_sum(ClaimPart.objects.filter(settled_with__settlement=settlement), "amount"),
        asked=_sum(found, "gross"),
        done=_sum(found.filter(state=Asked.State.DONE), "gross"),
        retained=_sum(found, "retained"),
        payable=_sum(payable_of(settlement).order_by(), "amount"),
    )


def to_pay() -> QuerySet[Settlement]:
    """Settlements with something that can be paid now, the oldest first."""
    taken = ProviderPart.objects.filter(part=OuterRef("pk"), payment__state__in=Asked.LIVE)
    held = Flag.objects.holding().filter(claim=OuterRef("approval__claim"))
    parts = ClaimPart.objects.filter(settled_with__settlement=OuterRef("pk"), state=ClaimPart.State.PAYABLE)
    return Settlement.objects.filter(Exists(parts.exclude(Exists(taken)).exclude(Exists(held)))).order_by("pk")


def to_assess(book: Book, year: int) -> list[tuple[Provider, Decimal]]:
    """The providers of whose year something is kept back and that are not assessed, with what is kept."""
    found = ProviderPayment.objects.filter(book=book, settlement__month__year=year, state__in=Asked.LIVE)
    done = Assessment.objects.filter(book=book, year=year, state__in=Asked.LIVE).values("provider")
    sums = dict(
        found.exclude(settlement__provider__in=done)
        .order_by()
        .values("settlement__provider")
        .annotate(kept=Sum("retained"))
        .filter(kept__gt=NOTHING)
        .values_list("settlement__provider", "kept")
    )
    return [(one, sums[one.pk]) for one in Provider.objects.filter(pk__in=sums).order_by("code")]


def _sum(found: QuerySet[Any], field: str) -> Decimal:
    told: Decimal = found.aggregate(sum=Sum(field, default=NOTHING))["sum"]
    return told
