"""What an office brings along of claims when it begins (初始化; docs/rules/go-live.md): invoices used before, counters.

Each file is read and judged whole, signed as enrollment's protocol, and written as it was read. Order of locks: the
protocol, households, people and counters by number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext_lazy, gettext_noop

from claims.models import Approval, BenefitCounter, CounterOpening, Invoice, UsedInvoice
from claims.rules import beginning as rules
from claims.rules import cases
from claims.rules.beginning import Opened, Used
from claims.selectors import valuing
from claims.services.beginning_claims import UnpaidClaims
from claims.services.beginning_files import found_of, owners_of, table_of
from enrollment.models import GoLiveProtocol, Household, Member
from enrollment.services import go_live_jobs
from enrollment.services.go_live_files import Brought, CannotBring, Found, in_pieces
from enrollment.services.go_live_owners import Owner
from office.models import Person
from office.sentences import said

Kind = GoLiveProtocol.Kind
CLAIMS_HINT: Final = gettext_lazy(
    "Unpaid claims: 原受理号, 身份证号, 医疗机构编码, 疾病编码, 就诊类别, 入院日期, 出院日期, 发票代码, 发票号码, "
    "开票日期, 甲类费用, 乙类费用 and 自费费用, one row for each invoice; 姓名, 户编号, 结算日期, 住院号, 分娩方式, "
    "转诊, 急诊, 他方已付, 费用类别 and 材料齐全 if there are any."
)
INVOICES_HINT: Final = gettext_lazy("Invoices used before: 发票代码, 发票号码, 开票年度; 原补偿单号 if there is any.")
COUNTERS_HINT: Final = gettext_lazy(
    "Year counters: 身份证号, 累计项目 (as the benefit plan calls it, such as inpatient.year) and 已用金额; "
    "姓名 and 户编号 if there are any."
)

RECORDS: Final = {
    "used_invoices": gettext_noop("Invoices used before"),
    "openings": gettext_noop("Counters opened"),
    "claims": gettext_noop("Claims taken in"),
}


def register() -> None:
    """Called once when the app is ready: go-live knows these kinds of files."""
    kinds = (
        (Kind.CLAIMS, UnpaidClaims, CLAIMS_HINT),
        (Kind.INVOICES, UsedInvoices, INVOICES_HINT),
        (Kind.COUNTERS, Counters, COUNTERS_HINT),
    )
    for kind, reading, hint in kinds:
        go_live_jobs.register_kind(kind, reading, columns=rules.HEADINGS, records=RECORDS, hint=hint)


class UsedInvoices:
    """Invoices that were paid before this system began."""

    def __init__(self, brought: Brought) -> None:
        self.brought = brought
        self.used: list[Used] = []

    def read(self) -> Found:
        """Read and judge every row."""
        rows, self.used = table_of(self.brought, lambda: rules.read_invoices(self.brought.file.table()))
        for piece in in_pieces(self.used):
            _refuse_known(piece)
        return found_of(rows, Decimal(0))

    def write(self, protocol: GoLiveProtocol, by: Person) -> Mapping[str, int]:
        """Write every row."""
        done = 0
        for piece in in_pieces(self.used):
            UsedInvoice.objects.bulk_create(
                UsedInvoice(
                    protocol=protocol, type_code=one.type_code, number=one.number, year=one.year, words=one.words
                )
                for one in piece
            )
            done += len(piece)
            self.brought.step(60 + 40 * done // len(self.used), 100, said("Writing"))
        return {"used_invoices": len(self.used)}


class Counters:
    """What people had used of a plan year, by counter."""

    def __init__(self, brought: Brought) -> None:
        self.brought = brought
        self.opened: list[Opened] = []
        self.owners: Mapping[int, Owner] = {}

    def read(self) -> Found:
        """Read and judge every row."""
        today = self.brought.today
        rows, self.opened = table_of(self.brought, lambda: rules.read_counters(self.brought.file.table(), today))
        self.owners = owners_of([one.who for one in self.opened])
        self._refuse_names()
        self._refuse_twice()
        self._refuse_opened()
        moved = self._moved()
        for one in self.opened:
            if (claim := moved.get(self._owner(one))) is not None:
                one.who.row.fault("counter", "year_moved", claim)
        return found_of(rows, sum((one.used for one in self.opened), Decimal(0)))

    def write(self, protocol: GoLiveProtocol, by: Person) -> Mapping[str, int]:
        """Write every row; nobody's year was moved meanwhile. Raises CannotBring."""
        people = sorted({owner.pk for owner in self.owners.values()})
        for piece in in_pieces(people):
            _lock(piece)
        if self._moved() or Member.objects.filter(pk__in=people, merged_into__isnull=False).exists():
            raise CannotBring(
                said("Somebody changed the register at the same time. Nothing was written: start the work again.")
            )
        done = 0
        for piece in in_pieces(self.opened):
            self._write(piece, protocol)
            done += len(piece)
            self.brought.step(60 + 40 * done // len(self.opened), 100, said("Writing"))
        return {"openings": len(self.opened)}

    def _owner(self, one: Opened) -> int:
        found = self.owners.get(one.who.row.number)
        return found.pk if found else 0

    def _refuse_names(self) -> None:
        """A counter is one that the year's plans move."""
        year = self.brought.fund_year
        day = max(min(self.brought.as_of, self.brought.today), year.period.lower)
        names = cases.counters_of(valuing.plans_on(year.scheme, day))
        for one in self.opened:
            if not rules.fits(one.counter, names):
                one.who.row.fault("counter", "counter_unknown", ", ".join(names))

    def _refuse_twice(self) -> None:
        first: dict[tuple[int, str], int] = {}
        for one in self.opened:
            if owner := self._owner(one):
                known = first.setdefault((owner, one.counter), one.who.row.number)
                if known != one.who.row.number:
                    one.who.row.fault("counter", "counter_twice", str(known))

    def _refuse_opened(self) -> None:
        """A counter is opened once, whichever of a person's records it stands under."""
        by_key = {(self._owner(one), one.counter): one for one in self.opened}
        for piece in in_pieces(sorted({owner for owner, _name in by_key})):
            known = CounterOpening.objects.filter(
                counter__member__in=Member.objects.records_of(piece),
                counter__scheme=self.brought.fund_year.scheme,
                counter__year=self.brought.fund_year.year,
            )
            told = ("counter__member__merged_into", "counter__member", "counter__name", "protocol__as_of")
            for kept, member, name, day in known.values_list(*told):
                if (one := by_key.get((kept or member, name))) is not None:
                    one.who.row.fault("counter", "counter_opened", day.isoformat())

    def _moved(self) -> dict[int, str]:
        """People of whom a claim of the year was approved here already, with that claim's number: what they had used
        comes before it."""
        moved: dict[int, str] = {}
        year = self.brought.fund_year
        for piece in in_pieces(sorted({owner.pk for owner in self.owners.values()})):
            approved = Approval.objects.filter(
                person__in=Member.objects.records_of(piece),
                claim__scheme=year.scheme,
                year=year.year,
                reversal__isnull=True,
            )
            for kept, person, number in approved.values_list("person__merged_into", "person", "claim__number"):
                moved[kept or person] = number
        return moved

    def _write(self, opened: Sequence[Opened], protocol: GoLiveProtocol) -> None:
        year = self.brought.fund_year
        key = {"scheme": year.scheme, "year": year.year}
        keys = {(self._owner(one), one.counter): one.used for one in opened}
        BenefitCounter.objects.bulk_create(
            (BenefitCounter(member_id=owner, name=name, value=0, **key) for owner, name in sorted(keys)),
            ignore_conflicts=True,
        )
        people = {owner for owner, _name in keys}
        counters = BenefitCounter.objects.filter(member__in=people, **key).order_by("pk")
        CounterOpening.objects.bulk_create(
            CounterOpening(protocol=protocol, counter=one, amount=keys[one.member_id, one.name])
            for one in counters
            if (one.member_id, one.name) in keys
        )


def _refuse_known(used: Sequence[Used]) -> None:
    """An invoice is brought along once, and not when a claim here rests on it."""
    of = {"type_code__in": {one.type_code for one in used}, "number__in": {one.number for one in used}}
    key = ("type_code", "number", "year")
    known = set(UsedInvoice.objects.filter(**of).values_list(*key))
    serving = Invoice.objects.filter(**of, is_live=True).values_list(*key, "claim__number")
    claims = {invoice: claim for *invoice_key, claim in serving for invoice in [tuple(invoice_key)]}
    for one in used:
        if one.key in known:
            one.row.fault("number", "invoice_brought")
        elif one.key in claims:
            one.row.fault("number", "invoice_serves", claims[one.key])


def _lock(people: Sequence[int]) -> None:
    """Nobody else moves these people's year: the order of claims/services/locks.py."""
    kept = Member.objects.filter(pk__in=people)
    homes = Household.objects.filter(pk__in=kept.values("household"))
    list(homes.select_for_update(no_key=True).order_by("pk").values_list("pk"))
    list(kept.select_for_update(no_key=True, of=["self"]).order_by("pk").values_list("pk"))
    counters = BenefitCounter.objects.filter(member__in=people)
    list(counters.select_for_update(of=["self"], no_key=True).order_by("pk").values_list("pk"))
