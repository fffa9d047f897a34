"""What samples are drawn from and what they hold: the rows of a population, its strata, how far examining has come."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.db.models import (
    BigIntegerField,
    Case,
    Count,
    DateField,
    F,
    IntegerField,
    Max,
    Model,
    Q,
    QuerySet,
    StdDev,
    Sum,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, TruncDate

from audit.models import Engagement, Population, PopulationRow, Sample, SampleItem
from audit.rules.estimating import Checked
from audit.selectors.own_work import had_a_hand
from claims.models import Claim, ClaimsVote
from enrollment.models import Contribution
from funds.models import FundsVote, Payment
from office.models import Person
from office.rules.days import SHANGHAI
from office.subjects import Name

CHUNK: Final = 20_000
NOTHING: Final = Decimal(0)
#: States in which a claim stands as approved.
GRANTED: Final = ("approved", "payable", "paying", "paid")


def found(population: Population) -> QuerySet[Any, Any]:
    """The records that a population asks for as they are now: key, number, day, amount in yuan; by key."""
    rows = SOURCES[population.source](population).filter(money__gte=population.least)
    told: QuerySet[Any, Any] = rows.order_by("pk").values_list("pk", "told", "day", "money")
    return told


def _claims(of: Population) -> QuerySet[Any, Any]:
    claims = Claim.objects.filter(
        state__in=GRANTED, approval__approved_on__gte=of.since, approval__approved_on__lte=of.until
    )
    if of.scheme_id:
        claims = claims.filter(scheme=of.scheme_id)
    if of.kind:
        claims = claims.filter(kind=of.kind)
    return claims.annotate(told=F("number"), day=F("approval__approved_on"), money=F("approval__fund_pays"))


def _payments(of: Population) -> QuerySet[Any, Any]:
    paid = Payment.objects.filter(state="paid", settled_on__gte=of.since, settled_on__lte=of.until)
    if of.scheme_id:
        paid = paid.filter(batch__book__scheme=of.scheme_id)
    return paid.annotate(told=F("number"), day=F("settled_on"), money=F("amount"))


def _contributions(of: Population) -> QuerySet[Any, Any]:
    day = Coalesce("paid_on", TruncDate("noted_at", tzinfo=SHANGHAI), output_field=DateField())
    noted = Contribution.objects.filter(void_reason="").annotate(day=day).filter(day__gte=of.since, day__lte=of.until)
    if of.scheme_id:
        noted = noted.filter(fund_year__scheme=of.scheme_id)
    told = Case(When(receipt="", then=Cast("pk", TextField())), default="receipt", output_field=TextField())
    return noted.annotate(told=told, money=F("own") + F("assisted") + F("collective"))


SOURCES: Final[dict[str, Callable[[Population], QuerySet[Any, Any]]]] = {
    "claims": _claims,
    "payments": _payments,
    "contributions": _contributions,
}


#: Which records a population holds, and who of them is told.
NAMED_BY: Final[dict[str, tuple[type[Model], str]]] = {
    "claims": (Claim, "member__name"),
    "payments": (Payment, "payee_name"),
    "contributions": (Contribution, "member__name"),
}


def written(population: Population) -> Iterator[bytes]:
    """A population as its file: a line for each row, "place,key,number,day,amount", in the order of places."""
    rows = PopulationRow.objects.filter(population=population).order_by("place")
    some: list[str] = []
    for place, key, number, day, amount in rows.values_list("place", "subject_id", "number", "day", "amount").iterator(
        CHUNK
    ):
        some.append(f"{place},{key},{number},{day.isoformat()},{amount}\n")
        if len(some) == CHUNK:
            yield "".join(some).encode()
            some.clear()
    yield "".join(some).encode()


def hash_of(population: Population) -> str:
    """The SHA-256 of a population's file."""
    whole = hashlib.sha256()
    for part in written(population):
        whole.update(part)
    return whole.hexdigest()


def fen_of(population: Population) -> list[int]:
    """The amounts of a population in fen, in the order of places."""
    rows = PopulationRow.objects.filter(population=population).order_by("place")
    fen = Cast(F("amount") * 100, BigIntegerField())
    return list(rows.values_list(fen, flat=True).iterator(CHUNK))


@dataclass(frozen=True)
class Part:
    """A stratum of a population, in yuan."""

    items: int = 0
    amount: Decimal = NOTHING
    spread: Decimal = NOTHING
    largest: Decimal = NOTHING


def parts_of(population: Population, bounds: Sequence[int] = ()) -> list[Part]:
    """The strata of a population by bounds of amount; the whole of it without bounds."""
    cases = [When(amount__lt=bound, then=Value(number)) for number, bound in enumerate(bounds)]
    rows = PopulationRow.objects.filter(population=population).order_by()
    stratum = Case(*cases, default=Value(len(bounds)), output_field=IntegerField())
    asked = rows.annotate(stratum=stratum).values("stratum")
    counted = asked.annotate(
        items=Count("pk"), all=Sum("amount"), spread=StdDev("amount", sample=True), largest=Max("amount")
    )
    found = {
        one["stratum"]: Part(one["items"], one["all"], one["spread"] or NOTHING, one["largest"]) for one in counted
    }
    return [found.get(number, Part()) for number in range(len(bounds) + 1)]


@dataclass(frozen=True)
class Progress:
    """How far a sample is examined."""

    items: int
    open: int
    examined: int
    agreed: int
    wrong: int


def with_progress(samples: QuerySet[Any]) -> QuerySet[Any]:
    """Samples with how many items they have, how many are examined, agreed and wrong."""
    counted: QuerySet[Any] = samples.annotate(
        drawn_items=Count("items"),
        open_items=Count("items", filter=Q(items__state="open")),
        agreed_items=Count("items", filter=Q(items__state="agreed")),
        wrong_items=Count("items", filter=Q(items__outcome="wrong")),
    )
    return counted


def progress_of(sample: Sample) -> Progress:
    """How far one sample is."""
    one = with_progress(Sample.objects.filter(pk=sample.pk)).get()
    examined = one.drawn_items - one.open_items - one.agreed_items
    return Progress(one.drawn_items, one.open_items, examined, one.agreed_items, one.wrong_items)


def checked(sample: Sample) -> list[Checked]:
    """What examining showed, item by item in the order drawn."""
    items = sample.items.order_by("position").values_list("amount", "right_amount", "stratum", "is_certain")
    return [
        Checked(amount, amount if right is None else right, stratum, certain)
        for amount, right, stratum, certain in items
    ]


def to_examine(person: Person) -> QuerySet[SampleItem]:
    """Items that somebody who works on their engagement has to examine."""
    return _of_those_drawn(person).filter(state=SampleItem.State.OPEN)


def to_look_at(person: Person) -> QuerySet[SampleItem]:
    """Items that somebody else examined."""
    return _of_those_drawn(person).filter(state=SampleItem.State.EXAMINED).exclude(examined_by=person)


def _of_those_drawn(person: Person) -> QuerySet[SampleItem]:
    items = SampleItem.objects.filter(
        sample__state=Sample.State.DRAWN, sample__population__engagement__in=Engagement.objects.worked_on_by(person)
    )
    return items.select_related("sample__population", "row").order_by("sample", "position")


def next_of(items: QuerySet[SampleItem], sample: Sample, after: int) -> SampleItem | None:
    """The next item of a sample after a position among those that wait; from the beginning again after the last."""
    own = items.filter(sample=sample)
    return own.filter(position__gt=after).first() or own.exclude(position=after).first()


def worked_on(row: PopulationRow, person: Person) -> bool:
    """Whether somebody entered, checked, decided or paid a record himself, or the document or batch it came with."""
    key = str(row.subject_id)
    match row.population.source:
        case Population.Source.CLAIMS:
            claim = Claim.objects.select_related("approval").get(pk=row.subject_id)
            with_it = [("claims.claim", key), ("claims.bulkdocument", str(claim.document_id or ""))]
            return claim.approval.approved_by_id == person.pk or _had_a_hand(person, with_it, ClaimsVote)
        case Population.Source.PAYMENTS:
            batch = Payment.objects.select_related("batch").get(pk=row.subject_id).batch
            with_it = [("funds.payment", key), ("funds.paymentbatch", str(batch.pk))]
            return batch.made_by_id == person.pk or _had_a_hand(person, with_it, FundsVote)
        case _:
            noted = Contribution.objects.filter(pk=row.subject_id, noted_by=person).exists()
            return noted or had_a_hand(person, ("enrollment.contribution", key))


def _had_a_hand(person: Person, subjects: Sequence[Name], votes: type[ClaimsVote] | type[FundsVote]) -> bool:
    """Whether somebody did something to one of these, or voted on it."""
    known = [subject for subject in subjects if subject[1]]
    voted = any(
        votes._default_manager.filter(round__subject_type=kind, round__subject_id=number, voter=person).exists()
        for kind, number in known
    )
    return voted or any(had_a_hand(person, subject) for subject in known)


def drawn_before(sample: Sample) -> list[Sample]:
    """The other samples of the same population, whatever became of them: nobody draws until he likes what he sees."""
    others = Sample.objects.filter(population=sample.population_id).exclude(pk=sample.pk)
    return list(others.order_by("pk"))


def who_of(population: Population, keys: Sequence[int]) -> dict[int, str]:
    """Whom some records of a population are about, by key: patient, payee, contributor."""
    model, name = NAMED_BY[population.source]
    return dict(model._default_manager.filter(pk__in=keys).values_list("pk", name))
