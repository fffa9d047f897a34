"""What holds in an office whatever its people try, told from the database alone.

Nobody is above his ceiling, nothing is paid twice, every fen of the books is where it belongs, no month changes once it
is closed, and of what is only ever added to nothing goes.
"""

from __future__ import annotations

from decimal import Decimal

from django.db import connection
from django.db.models import Count, F, QuerySet, Sum

from claims.models import BenefitCounter, Claim, ClaimPart, CounterMove
from config.database import APPEND_ONLY
from enrollment.models import Contribution, Coverage
from funds.models import Entry, Payment, Period
from funds.selectors import verifying

CEILING = Decimal(6000)  # of the plan of the tests, a person and year
NOTHING = Decimal(0)


class Broken(AssertionError):
    """Something that must always hold does not."""


def expect(found: object, wanted: object, what: str) -> None:
    if found != wanted:
        raise Broken(f"{what}: {found!r}, not {wanted!r}")


class Watch:
    """Looks at everything after a step, and remembers what may not become less or other."""

    def __init__(self) -> None:
        self.rows: dict[str, int] = {}
        self.closed: dict[int, int] = {}

    def look(self) -> None:
        """Raises Broken with what does not hold, or what the database refuses at the end of a transaction."""
        at_once()
        books()
        payments()
        self.months()
        ceilings()
        parts()
        people()
        self.nothing_is_gone()

    def months(self) -> None:
        """A closed month has the postings that it was closed with."""
        closed = Period.objects.filter(state="closed").annotate(n=Count("postings"))
        now = {one.pk: one.n for one in closed}
        for pk, before in self.closed.items():
            if pk in now:
                expect(now[pk], before, f"postings of the closed month {pk}")
        self.closed = now

    def nothing_is_gone(self) -> None:
        """Tables that are only added to never have fewer rows than a step before."""
        before, self.rows = self.rows, counted()
        fewer = [name for name, rows in before.items() if self.rows[name] < rows]
        expect(fewer, [], "tables with fewer rows")


def counted() -> dict[str, int]:
    """The rows of every table that is only added to."""
    tables = sorted(APPEND_ONLY)
    counts = " UNION ALL ".join(f"SELECT '{one}', count(*) FROM {one}" for one in tables)
    connection.ensure_connection()
    return dict(connection.connection.execute(counts, prepare=True).fetchall())  # planned once: it asks 170 tables


def at_once() -> None:
    """What the database looks at when a transaction ends, it looks at now."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def books() -> None:
    """Everything that verify_books promises, and both sides of everything."""
    expect([str(one) for one in verifying.broken()], [], "verify_books")
    sides = Entry.objects.order_by().values_list("side").annotate(Sum("amount"))
    expect(len({amount for _side, amount in sides}), 1, "sums of both sides")


def payments() -> None:
    """What the bank paid is what left the account by the books; no part is paid twice."""
    paid = Payment.objects.filter(state="paid").aggregate(sum=Sum("amount"))["sum"] or NOTHING
    left = Entry.objects.filter(posting__kind__in=["paid", "paid_again"], account__purpose="spending_account")
    back = Entry.objects.filter(posting__kind="returned", account__purpose="spending_account")
    expect(of_side(left, "credit") - of_side(back, "debit"), paid, "what left the account, against what was paid")
    twice = Payment.objects.filter(state="paid", items__part__isnull=False).order_by().values("items__part")
    expect(list(twice.annotate(n=Count("pk")).filter(n__gt=1)), [], "a part that was paid twice")


def of_side(entries: QuerySet[Entry], side: str) -> Decimal:
    return entries.filter(side=side).aggregate(sum=Sum("amount"))["sum"] or NOTHING


def ceilings() -> None:
    """Nobody's standing parts are above the ceiling, and each counter is the sum of its moves."""
    standing = ClaimPart.objects.exclude(state__in=["void", "reversed"]).order_by()
    sums = dict(standing.values_list("approval__person").annotate(Sum("amount")))
    above = {person: amount for person, amount in sums.items() if amount > CEILING}
    expect(above, {}, "people above the ceiling")
    moved = dict(CounterMove.objects.order_by().values_list("counter").annotate(Sum("amount")))
    held = dict(BenefitCounter.objects.values_list("pk", "value"))
    expect(held, {pk: moved.get(pk, NOTHING) for pk in held}, "counters, against their moves")
    for person, name, value in BenefitCounter.objects.values_list("member", "name", "value"):
        if name == "inpatient.year":
            expect(value, sums.get(person, NOTHING), f"what {person} has used, against his standing parts")


def parts() -> None:
    """A claim that is over has parts that are over in the same way; an invoice is on one claim that stands."""
    over = ClaimPart.objects.filter(approval__claim__state__in=["paid", "void", "reversed"])
    other = over.exclude(state=F("approval__claim__state")).values_list("approval__claim__number", "state")
    expect(list(other), [], "parts that are not as their claim, which is over")
    live = Claim.objects.filter(invoices__is_live=True).order_by().values("invoices__type_code", "invoices__number")
    again = live.annotate(n=Count("pk", distinct=True)).filter(n__gt=1)
    expect(list(again), [], "an invoice on two claims")


def people() -> None:
    """Nobody is covered twice in a year, nobody pays twice for it."""
    covered = Coverage.objects.standing().order_by().values("member", "fund_year")
    expect(list(covered.annotate(n=Count("pk")).filter(n__gt=1)), [], "somebody covered twice")
    paid = Contribution.objects.filter(void_reason="").order_by().values("member", "fund_year")
    expect(list(paid.annotate(n=Count("pk")).filter(n__gt=1)), [], "somebody paid for twice")
