"""Fraud sown among the claims of a county in bulk, with innocent look-alikes and ordinary noise beside it.

Of every thousand claims five are fraud, a fifth of them of each kind: claimed twice, one stay split into several, stays
that were none, borrowed names, just under a limit. What only looks like it: patients moved on the day of discharge,
real second stays, twins, families on one card, drugs fetched for somebody in hospital, treatments of a fixed price,
days of surgery. Everything is drawn by a seed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any, Final

from django.db import connection, models

from benchmarks.bulk import streams
from claims.models import Claim, ClaimLine, Invoice, Provider
from enrollment.models import Member

FRAUDS: Final = frozenset({"twice", "split", "none", "borrowed", "just under"})
SHARE: Final = 200  # one claim in so many is fraud
CARD: Final = 6228_4800_0100_0000
RING: Final = 10  # claims of one provider just under a limit
NAMES: Final = (4, 6, 8)  # households on one borrowed card
WEAK: Final = 0.12  # of the stays that were none so many show it only by their length
LATER: Final = timedelta(days=5)  # from discharge to intake
A_DAY: Final = timedelta(days=1)
Lines = Sequence[tuple[str, int]]


@dataclass
class Sown:
    """What was sown, by the number of the claim: fraud, and what only looks like it, each with its kind."""

    frauds: dict[int, str] = field(default_factory=dict)
    innocent: dict[int, str] = field(default_factory=dict)


class Sower:
    """Draws claims after the pattern of those that are there, and writes them past the triggers."""

    def __init__(self, seed: int) -> None:
        self.chance = Random(seed)  # noqa: S311 -- repeatable on purpose
        self.sown = Sown()
        self.claims: list[Claim] = []
        self.lines: list[ClaimLine] = []
        self.invoices: list[Invoice] = []
        self.next: dict[type[models.Model], int] = {model: _free(model) for model in (Claim, ClaimLine, Invoice)}
        self.card = CARD
        live = Claim.objects.filter(state="paid").order_by("pk")
        last = live.latest("discharged_on").discharged_on - timedelta(days=110)
        stays = list(live.filter(kind="inpatient", region="county", discharged_on__lt=last))
        visits = list(live.filter(kind="outpatient", discharged_on__lt=last)[: len(stays) * 4])
        self.chance.shuffle(stays)
        self.chance.shuffle(visits)
        self.stays, self.visits = iter(stays), iter(visits)
        self.people = {one.pk: one for one in Member.objects.filter(pk__in=[one.member_id for one in stays])}
        self.places = list(Provider.objects.filter(level__in=["county", "township"]).order_by("code"))
        self.dead: dict[int, date] = {}

    def sow(self) -> Sown:
        """Fraud, look-alikes and noise, in proportion to the claims that are there."""
        wanted = max(Claim.objects.count() // SHARE, 10)
        kinds: tuple[Callable[[int], None], ...] = (
            self._twice, self._split, self._none, self._borrowed, self._just_under,
        )  # fmt: skip
        for place, kind in enumerate(kinds):
            kind(wanted // len(kinds) + (place < wanted % len(kinds)))
        self._look_alikes(max(wanted // 2, 5))
        self._noise(wanted)
        self._write()
        return self.sown

    # Fraud

    def _twice(self, count: int) -> None:
        """The same stay again some weeks later: by a copy of its invoice, or by another one of the same sum."""
        for number in range(count):
            base = next(self.stays)
            if number % 2:
                self._add(base, "twice", entered_on=base.entered_on + timedelta(days=30), invoice=self._same(base))
            else:
                self._add(base, "twice", entered_on=base.entered_on + timedelta(days=20), hospital_number="ZY-F")

    def _split(self, count: int) -> None:
        """A stay goes on as another one some days after it ended."""
        left = count
        while left:
            before = next(self.stays)
            for _part in range(min(left, 2)):
                first = before.discharged_on + timedelta(days=self.chance.randrange(6))
                before = self._add(before, "split", first, first + timedelta(days=4 + self.chance.randrange(4)))
                left -= 1

    def _none(self, count: int) -> None:
        """Nobody lay there: bed and nursing alone, or the patient was seen elsewhere, or a single day for much
        money."""
        for number in range(count):
            if self.chance.random() < WEAK:
                base = next(self.stays)
                first = base.discharged_on + timedelta(days=70)
                self._add(base, "none", first, first + A_DAY, lines=(("drug", 900), ("bed", 60)))
            elif number % 2:
                base = next(self.stays)
                first = base.discharged_on + timedelta(days=70)
                self._add(base, "none", first, first + timedelta(days=7), lines=(("bed", 700), ("nursing", 300)))
            else:
                seen, where = next(self.visits), next(self.stays)
                first = seen.admitted_on - timedelta(days=3)
                self._add(where, "none", first, first + timedelta(days=7), member_id=seen.member_id)

    def _borrowed(self, count: int) -> None:
        """Cards of other people's, one account; some of those whose names were used are dead, or men who give birth."""
        left = count
        while left:
            size = min(left, self.chance.choice(NAMES))
            size = left if left - size < min(NAMES) else size
            self.card += 1
            for place in range(size):
                base = next(self.stays)
                first = base.discharged_on + timedelta(days=70)
                more = self._impossible(base, first) if place == 0 else {}
                self._add(base, "borrowed", first, first + timedelta(days=6), payee_account=str(self.card), **more)
            left -= size

    def _impossible(self, base: Claim, first: date) -> dict[str, Any]:
        if self.people[base.member_id].sex == "M":
            return {"kind": "delivery", "delivery": "normal"}
        self.dead[base.member_id] = first - timedelta(days=30)
        return {}

    def _just_under(self, count: int) -> None:
        """Some hospitals' stays end just below the cost from which invoices are verified."""
        for number in range(count):
            where = self.places[(number // RING) % len(self.places)]
            base = next(self.stays)
            first = base.discharged_on + timedelta(days=70)
            cost = 9_520 + self.chance.randrange(470)
            lines = (("drug", cost - 900), ("exam", 500), ("bed", 400))
            self._add(base, "just under", first, first + timedelta(days=9), lines=lines, provider_id=where.pk)

    # What only looks like it

    def _look_alikes(self, count: int) -> None:
        for _each in range(count):
            base = next(self.stays)
            other = self.chance.choice([one for one in self.places if one.pk != base.provider_id])
            moved = base.discharged_on
            self._add(base, "moved", moved, moved + timedelta(days=5), provider_id=other.pk)
            base = next(self.stays)
            again = base.discharged_on + timedelta(days=11 + self.chance.randrange(30))
            self._add(base, "second stay", again, again + timedelta(days=6))
        for _each in range(max(count // 2, 1)):
            base = next(self.stays)
            soon = base.discharged_on + timedelta(days=3 + self.chance.randrange(8))
            self._add(base, "soon again", soon, soon + timedelta(days=5))
            self._twins(next(self.stays), next(self.stays))
            self._family(3)
        self._family(4)

    def _twins(self, one: Claim, two: Claim) -> None:
        """Two patients of one birth date lie there on the same days for the same money."""
        first = one.discharged_on + timedelta(days=70)
        for base in (one, two):
            given: dict[str, Any] = {"provider_id": one.provider_id, "disease_id": one.disease_id}
            self._add(base, "twins", first, first + timedelta(days=5), lines=(("drug", 800),), **given)

    def _family(self, households: int) -> None:
        """The households of one family are paid to one card."""
        self.card += 1
        for _household in range(households):
            base = next(self.stays)
            first = base.discharged_on + timedelta(days=70)
            self._add(base, "family", first, first + timedelta(days=4), payee_account=str(self.card))

    def _noise(self, wanted: int) -> None:
        """What happens every day: treatments of a fixed price, drugs fetched for a patient, surgery of a day."""
        for _each in range(3 * wanted):
            base = next(self.visits)
            cost = self.chance.choice((100, 120, 125, 160))
            for after in (70, 70 + 3 + self.chance.randrange(20)):
                on = base.discharged_on + timedelta(days=after)
                self._add(base, "fixed price", on, on, lines=(("treatment", cost),))
        for _each in range(wanted // 2):
            base = next(self.stays)
            on = base.admitted_on + A_DAY
            self._add(base, "drugs fetched", on, on, lines=(("drug", 60),), kind="chronic", hospital_number="")
            base = next(self.stays)
            on = base.discharged_on + timedelta(days=70)
            self._add(base, "day of surgery", on, on + A_DAY, lines=(("operation", 700), ("drug", 200)))

    # Writing

    def _same(self, base: Claim) -> dict[str, Any]:
        """The invoice of a claim with its year typed wrongly."""
        known = Invoice.objects.filter(claim=base).earliest("pk")
        return {"type_code": known.type_code, "number": known.number, "year": known.year - 1}

    def _add(
        self,
        base: Claim,
        sort: str,
        first: date | None = None,
        last: date | None = None,
        *,
        lines: Lines = (),
        invoice: dict[str, Any] | None = None,
        **more: Any,
    ) -> Claim:
        """A claim after the pattern of another, with its days, its list and what else differs."""
        one = copy(base)
        one.pk = self._number(Claim)
        one.number = f"F{one.pk:010}"
        one.hospital_number = f"ZF{one.pk:07}"
        one.admitted_on, one.discharged_on = first or base.admitted_on, last or base.discharged_on
        one.entered_on = one.discharged_on + LATER
        one.state, one.content_version = "first_check", 1
        costs = lines or tuple(self._costs(base, 1 if sort == "twice" else self.chance.uniform(0.6, 1.4)))
        one.total = Decimal(sum(amount for _group, amount in costs))
        one.proposed = (one.total * base.proposed / base.total).quantize(Decimal("0.01")) if base.proposed else None
        for name, value in more.items():
            setattr(one, name, value)
        one.entered_at += one.entered_on - base.entered_on
        self.claims.append(one)
        self._bill(one, costs, invoice or {})
        (self.sown.frauds if sort in FRAUDS else self.sown.innocent)[one.pk] = sort
        return one

    def _costs(self, base: Claim, share: float) -> Iterator[tuple[str, int]]:
        """A list that comes to a share of what another claim cost."""
        whole = max(int(float(base.total) * share), 20)
        yield from (("drug", whole - whole // 2), ("exam", whole // 4), ("bed", whole // 2 - whole // 4))

    def _bill(self, one: Claim, costs: Lines, invoice: dict[str, Any]) -> None:
        for place, (group, amount) in enumerate(costs, 1):
            given = {"claim_id": one.pk, "version": 1, "position": place, "name": group, "item_class": "A"}
            self.lines.append(ClaimLine(pk=self._number(ClaimLine), group=group, amount=Decimal(amount), **given))
        said = {"type_code": "F", "number": f"{one.pk:010}", "year": one.discharged_on.year} | invoice
        self.invoices.append(
            Invoice(
                pk=self._number(Invoice),
                claim_id=one.pk,
                version=1,
                issued_on=one.discharged_on,
                amount=one.total,
                **said,
            )
        )

    def _number(self, model: type[models.Model]) -> int:
        number = self.next[model]
        self.next[model] = number + 1
        return number

    def _write(self) -> None:
        with streams.connected() as db:
            for rows in (self.claims, self.lines, self.invoices):
                _copy(db, rows)
            for member, since in self.dead.items():
                db.execute("UPDATE enrollment_member SET state = 'dead', state_on = %s WHERE id = %s", [since, member])
            db.execute("ANALYZE claims_claim, claims_claimline, claims_invoice")


def _free(model: type[models.Model]) -> int:
    last = model._default_manager.order_by("-pk").values_list("pk", flat=True).first()
    return (last or 0) + 1


def _copy(db: Any, rows: Sequence[models.Model]) -> None:
    fields = rows[0]._meta.concrete_fields
    columns = ", ".join(f'"{one.column}"' for one in fields)
    with db.cursor().copy(f"COPY {rows[0]._meta.db_table} ({columns}) FROM STDIN") as into:
        for row in rows:
            into.write_row([one.get_db_prep_save(getattr(row, one.attname), connection) for one in fields])
