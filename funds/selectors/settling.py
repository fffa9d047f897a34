"""What stands between the fund and its providers: terms, what was prepaid, what is kept back, what can be paid now."""

from __future__ import annotations

from collections.abc import Iterable
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
OF_SETTLEMENT: Final = ("settled_with__settlement", "sum")
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
    return _payable().filter(settled_with__settlement=settlement).order_by("approval__claim", "pk")


def _payable() -> QuerySet[ClaimPart]:
    """Settled parts that can be paid now."""
    taken = ProviderPart.objects.filter(part=OuterRef("pk"), payment__state__in=Asked.LIVE)
    held = Flag.objects.holding().filter(claim=OuterRef("approval__claim"))
    found = ClaimPart.objects.filter(settled_with__isnull=False, state=ClaimPart.State.PAYABLE)
    return found.exclude(Exists(taken)).exclude(Exists(held))


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
    return courses_of([settlement])[settlement.pk]


def courses_of(settlements: Iterable[Settlement]) -> dict[int, Course]:
    """How far each of some settlements is paid, by number; three statements."""
    numbers = [one.pk for one in settlements]
    owed = ClaimPart.objects.filter(settled_with__settlement__in=numbers)
    payable = _payable().filter(settled_with__settlement__in=numbers)
    owes, can = (
        dict(
            found.order_by().values("settled_with__settlement").annotate(sum=Sum("amount")).values_list(*OF_SETTLEMENT)
        )
        for found in (owed, payable)
    )
    paid = ProviderPayment.objects.filter(settlement__in=numbers, state__in=Asked.LIVE).order_by()
    sums = paid.values("settlement").annotate(
        asked=Sum("gross"),
        done=Sum("gross", filter=Q(state=Asked.State.DONE), default=NOTHING),
        kept=Sum("retained"),
    )
    told = {one["settlement"]: one for one in sums}
    none = {"asked": NOTHING, "done": NOTHING, "kept": NOTHING}
    return {
        number: Course(
            owed=owes.get(number, NOTHING),
            asked=told.get(number, none)["asked"],
            done=told.get(number, none)["done"],
            retained=told.get(number, none)["kept"],
            payable=can.get(number, NOTHING),
        )
        for number in numbers
    }


def to_pay() -> QuerySet[Settlement]:
    """Settlements with something that can be paid now, the oldest first."""
    parts = _payable().filter(settled_with__settlement=OuterRef("pk"))
    return Settlement.objects.filter(Exists(parts)).order_by("pk")


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
