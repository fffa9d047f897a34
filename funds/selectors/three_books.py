"""Registers, books and banks side by side (三账一页平), since the books began; where they differ, sheet by sheet and
claim by claim. Sums in yuan; None where one of the three does not know of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.utils.translation import gettext as _

from claims.models import ClaimPart
from enrollment.models import Account as Household
from enrollment.models import CollectionSheet, SubsidyClaim
from funds.models import Account, Balance, Book, Entry, MatchedEntry, PaymentItem, PostingKind, Slip, SlipLine
from funds.selectors import balances, kinds
from funds.selectors import bank_statements as banks
from funds.selectors.bank_accounts import AT_A_BANK

NOTHING: Final = Decimal(0)
SHEETS, SUBSIDIES, BENEFITS, ACCOUNTS = "sheets", "subsidies", "benefits", "accounts"
BANKS: Final = "banks"
HANDED_IN: Final = ("handed_in", "deposited", "confirmed")
#: Accounts of the books on which benefits are spent.
SPENT_ON: Final = ("pool_spending", "household_spending")


@dataclass(frozen=True)
class Three:
    """One thing in the three books. `pk` is that of the record behind it, where it is of one."""

    code: str
    name: str
    register: Decimal | None
    books: Decimal | None
    bank: Decimal | None
    pk: int = 0

    @property
    def known(self) -> list[Decimal]:
        return [one for one in (self.register, self.books, self.bank) if one is not None]

    @property
    def agrees(self) -> bool:
        return len(set(self.known)) < 2  # noqa: PLR2004  one sum, however many say it

    @property
    def apart(self) -> Decimal:
        """The widest difference."""
        return max(self.known) - min(self.known)


def page(book: Book) -> list[Three]:
    """The page: what is collected, arrived, paid, in accounts, and every account at a bank."""
    return [
        _together(SHEETS, _("contributions of collection sheets"), sheets(book)),
        _together(SUBSIDIES, _("subsidies and assistance asked for and arrived"), subsidies(book)),
        _benefits(book),
        *_household_accounts(book),
        *at_banks(book),
    ]


def _together(code: str, name: str, found: Sequence[Three]) -> Three:
    def over(of: Callable[[Three], Decimal | None]) -> Decimal:
        return sum((of(one) or NOTHING for one in found), NOTHING)

    return Three(code, name, over(lambda one: one.register), over(lambda one: one.books), over(lambda one: one.bank))


def sheets(book: Book) -> list[Three]:
    """Collection sheets that were handed in since the books began: what the sheet says, what was entered of it, what
    the bank shows."""
    standing = SlipLine.objects.filter(sheet=OuterRef("pk"), stands=True)
    entered = standing.filter(slip__posting__isnull=False)
    found: QuerySet[Any] = CollectionSheet.objects.filter(
        fund_year__scheme=book.scheme_id, state__in=HANDED_IN, handed_in_on__gte=book.begins_on, cash__gt=0
    ).annotate(
        entered=Subquery(entered.values("amount")[:1]),
        seen=Subquery(entered.filter(slip__seen_on__isnull=False).values("amount")[:1]),
    )
    return [
        Three(SHEETS, f"{one.number} · {one.village}", one.cash, one.entered or NOTHING, one.seen or NOTHING, one.pk)
        for one in found.select_related("village").order_by("number")
    ]


def subsidies(book: Book) -> list[Three]:
    """What was asked of each payer for a fund year, what was entered of it, what the bank shows."""
    asked = SubsidyClaim.objects.filter(fund_year__scheme=book.scheme_id, counted_on__gte=book.begins_on)
    slips = Slip.objects.entered().filter(book=book, kind__in=[Slip.Kind.SUBSIDY, Slip.Kind.ASSISTANCE])
    payer = Case(When(kind=Slip.Kind.ASSISTANCE, then=Value(SubsidyClaim.Payer.ASSISTANCE.value)), default=F("payer"))
    came = slips.annotate(of=payer).order_by().values("fund_year", "of")
    sums: dict[Any, Any] = {(one["fund_year"], one["of"]): one for one in came.annotate(
        all=Sum("amount"), seen=Sum("amount", filter=Q(seen_on__isnull=False), default=NOTHING)
    )}  # fmt: skip
    due = asked.order_by("fund_year__year", "payer").values("fund_year", "fund_year__year", "payer")
    rows = {(one["fund_year"], one["payer"]): one for one in due.annotate(all=Sum("amount"))}
    return [
        Three(
            SUBSIDIES,
            f"{one['fund_year__year']} · {SubsidyClaim.Payer(one['payer']).label}",
            one["all"],
            sums.get(key, {}).get("all", NOTHING),
            sums.get(key, {}).get("seen", NOTHING),
        )
        for key, one in rows.items()
    ]


def _benefits(book: Book) -> Three:
    """Parts of claims that are paid; what the books spent on benefits less what came back and was not paid again; and
    of it what no statement lacks."""
    paid = _paid(book).aggregate(all=Sum("amount", default=NOTHING))["all"]
    spent = Entry.objects.filter(account__book=book, account__purpose__in=(*SPENT_ON, "returned")).exclude(
        posting__kind__in=[PostingKind.YEAR_CLOSED, PostingKind.OPENING]
    )
    in_books = _spent(book)
    matched = Exists(MatchedEntry.objects.filter(entry=OuterRef("pk"), is_live=True))
    # their postings in one set: asked for entry by entry, all lines of each posting would be read once more
    postings = spent.order_by().values("posting").distinct()
    left = Entry.objects.filter(~matched, posting__in=postings, account__book=book, account__place__in=AT_A_BANK)
    unseen: Decimal = left.aggregate(all=Sum(banks.SIGNED, default=NOTHING))["all"]
    return Three(BENEFITS, _("benefits paid"), paid, in_books, in_books + unseen)


def _spent(book: Book) -> Decimal:
    """What the books spent on benefits, from balances: without what opened the books or closed a year."""
    whose = Q(account__purpose__in=(*SPENT_ON, "returned"))
    moved: Decimal = Balance.objects.filter(whose, account__book=book).aggregate(
        all=Sum(F("debit") - F("credit"), default=NOTHING)
    )["all"]
    for kind in (PostingKind.YEAR_CLOSED, PostingKind.OPENING):
        moved -= kinds.lines_of(book, kind).filter(whose).aggregate(all=Sum(banks.SIGNED, default=NOTHING))["all"]
    return moved


def _paid(book: Book) -> QuerySet[ClaimPart]:
    funds = book.paying.values_list("fund", flat=True)
    return ClaimPart.objects.filter(state=ClaimPart.State.PAID, fund__in=funds)


def benefits(book: Book, most: int) -> list[Three]:
    """Paid parts of claims that the books or the bank do not know as paid, the first of them. Cash needs no bank."""
    items = PaymentItem.objects.filter(part=OuterRef("pk"), is_live=True, payment__posting__isnull=False)
    of_posting = Entry.objects.filter(posting=OuterRef("payment__posting"), account__place__in=AT_A_BANK)
    unseen = of_posting.exclude(Exists(MatchedEntry.objects.filter(entry=OuterRef("pk"), is_live=True)))
    found = (
        _paid(book)
        .annotate(in_books=Exists(items), at_bank=Exists(items.exclude(Exists(unseen))))
        .filter(Q(in_books=False) | Q(at_bank=False))
        .select_related("approval__claim")
        .order_by("pk")[:most]
    )
    return [
        Three(
            BENEFITS,
            f"{one.approval.claim.number} · {one.layer}",
            one.amount,
            one.amount if one.in_books else NOTHING,
            one.amount if one.at_bank else NOTHING,
            one.approval.claim_id,
        )
        for one in found
    ]


def _household_accounts(book: Book) -> list[Three]:
    """What households have left in their accounts, and the fund that holds it in the books."""
    if not Account.objects.filter(book=book, purpose="household_fund").exists():
        return []
    register: Decimal = Household.objects.filter(scheme=book.scheme_id).aggregate(all=Sum("balance", default=NOTHING))[
        "all"
    ]
    held = _stands(book, "household_fund") + _stands(book, "own_income_household") - _stands(book, "household_spending")
    return [Three(ACCOUNTS, _("household accounts"), register, held, None)]


def _stands(book: Book, purpose: str) -> Decimal:
    try:
        return balances.stands(book, purpose)
    except Account.DoesNotExist:
        return NOTHING


def at_banks(book: Book) -> list[Three]:
    """Every account at a bank: the books and the statements as far as they go."""
    return [_at_bank(one) for one in banks.accounts_at_banks().filter(book=book)]


def _at_bank(account: Account) -> Three:
    newest = banks.kept(account).order_by("-period").first()
    if newest is None:
        return Three(BANKS, str(account), None, _stands(account.book, account.purpose), None, account.pk)
    on = newest.last
    books, bank = banks.balance_of_books(account, on), banks.balance_of_statements(account, on)
    name = _("%(account)s on %(day)s") % {"account": account, "day": on}
    return Three(BANKS, name, None, books, bank, account.pk)


def differing(found: Iterable[Three]) -> list[Three]:
    """Those whose three sums are not one."""
    return [one for one in found if not one.agrees]


def details(book: Book, code: str, most: int) -> list[Three]:
    """What is behind a line of the page, as far as it differs, the first of them."""
    of: dict[str, Callable[[], Sequence[Three]]] = {
        SHEETS: lambda: sheets(book),
        SUBSIDIES: lambda: subsidies(book),
        BENEFITS: lambda: benefits(book, most),
    }
    found: Any = of.get(code, list)()
    return differing(found)[:most]
