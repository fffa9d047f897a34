"""The doors of the books, vouchers, months, budgets and final accounts, and who may open each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from conftest import NOON
from enrollment.tests.factories import scheme
from funds.models import Book, Budget, FinalAccount, Period, Posting, Voucher
from funds.services import books, budgets, final_accounts, months, postings, vouchers
from funds.services.postings import PostingOf
from funds.services.vouchers import VoucherOf
from funds.tests import closing
from funds.tests.factories import JANUARY, pair
from office.models import Body, Duty, Job, Person
from office.tests.factories import give, tess

ACCOUNTANT = frozenset({Duty.FUND_ACCOUNTANT})
HEAD = frozenset({Duty.ACCOUNTING_HEAD})
AUDITORS = frozenset({Duty.INTERNAL_AUDITOR, Duty.STATE_AUDITOR})
WATCHERS = ACCOUNTANT | AUDITORS | {Duty.OFFICE_HEAD, Duty.ACCOUNTING_HEAD, Duty.CASHIER, Duty.FINANCE_REVIEWER}
MONTH = f"{JANUARY:%Y-%m}"

#: Pages that everybody reads who sees the books at all.
READ = (
    "books", "chart", "identity", "months", "month_of", "month", "journal", "journal_print", "vouchers_print", "trial",
    "trial_print", "detail", "detail_print", "general", "general_print", "vouchers", "voucher", "posting",
    "posting_print", "budgets", "budget", "final_accounts", "final_account", "financial_statements",
    "financial_statements_print", "financial_statements_workbook",
)  # fmt: skip
#: What the accountant alone does.
MADE = (
    "book_open", "account_rename", "month_close", "month_reopen", "year_close", "voucher_new", "voucher_mend",
    "voucher_withdraw", "posting_reverse", "budget_draft", "budget_lines", "budget_propose", "budget_withdraw",
    "final_account_make", "final_account_withdraw",
)  # fmt: skip
CHECKED = ("voucher_enter", "voucher_send_back")

DOORS: dict[str, frozenset[str]] = {
    **{f"funds:{name}": WATCHERS for name in READ},
    **{f"funds:{name}": ACCOUNTANT for name in MADE},
    **{f"funds:{name}": HEAD for name in CHECKED},
}
POST_ONLY: set[str] = {
    "funds:month_close",
    "funds:year_close",
    "funds:voucher_enter",
    "funds:budget_propose",
    "funds:budget_withdraw",
    "funds:final_account_withdraw",
}


def book() -> Book:
    """The books of the rural scheme, opened by somebody who knocks at no door."""
    of = scheme()
    known = Book.objects.filter(scheme=of).first()
    return known or books.open_book(scheme=of, chart=books.shipped("ncms"), begins_on=JANUARY, by=tess(), at=NOON)


def checker() -> Person:
    """Somebody else who knocks at no door."""
    known = Person.objects.filter(username="una").first()
    return known or Person.objects.create_person(username="una", full_name="Una", password=None)


def posting() -> Posting:
    """A posting of the first month."""
    stated = PostingOf(
        book(), "doors of books", "opening", JANUARY, "期初", pair("special_account", "general_pool", "5.00")
    )
    return postings.post(stated=stated, by=tess(), checked_by=checker(), at=NOON)


def voucher() -> Voucher:
    """A voucher that waits to be checked."""
    known = Voucher.objects.filter(book=book()).first()
    stated = VoucherOf("interest", JANUARY, "利息", pair("special_account", "interest_income", "1.00"))
    return known or vouchers.note(book=book(), stated=stated, by=tess(), at=NOON)


def month() -> Period:
    """The first month."""
    return posting().period


def budget() -> Budget:
    """A budget that is drafted."""
    known = Budget.objects.filter(book=book()).first()
    return known or budgets.draft(book=book(), year=JANUARY.year, reason="", by=tess(), at=NOON)


def final_account() -> FinalAccount:
    """A final account that waits: of other books, whose year is over and closed."""
    known = FinalAccount.objects.first()
    if known is not None:
        return known
    closed = date(JANUARY.year - 1, 12, 1)
    old = books.open_book(
        scheme=scheme("residents", insures="person"), chart=books.shipped("residents"), begins_on=closed, by=tess(),
        at=NOON,
    )  # fmt: skip
    body = Body.objects.first()
    assert body is not None
    give(checker(), Duty.ACCOUNTING_HEAD, body)
    closing.decide(months.ask_to_close(book=old, month=closed, by=tess(), at=NOON), checker(), NOON)
    return final_accounts.make(book=old, year=closed.year, by=tess(), at=NOON)


def addresses(job_of: Callable[[str], Job]) -> dict[str, Callable[[str], list[object]]]:
    """What each door's address needs."""

    def of(names: tuple[str, ...], needs: Callable[[], list[object]]) -> dict[str, Callable[[str], list[object]]]:
        return {f"funds:{name}": lambda duty: needs() for name in names}

    return (
        of(("chart", "identity", "months", "voucher_new"), lambda: [book().code])
        | of(
            ("financial_statements", "financial_statements_print", "financial_statements_workbook"),
            lambda: [book().code],
        )
        | of(("month_of", "month_close"), lambda: [book().code, MONTH])
        | of(("journal", "journal_print", "vouchers_print", "trial", "trial_print"), lambda: [book().code, MONTH])
        | of(("detail", "detail_print"), lambda: [book().code, "1002", MONTH])
        | of(("general", "general_print", "year_close"), lambda: [book().code, JANUARY.year])
        | of(("account_rename",), lambda: [book().accounts.get(purpose="cash").pk])
        | of(("voucher", "voucher_mend", "voucher_withdraw", *CHECKED), lambda: [voucher().pk])
        | of(("posting", "posting_print", "posting_reverse"), lambda: [posting().pk])
        | of(("month", "month_reopen"), lambda: [month().pk])
        | of(("budget", "budget_lines", "budget_propose", "budget_withdraw"), lambda: [budget().pk])
        | of(("final_account", "final_account_withdraw"), lambda: [final_account().pk])
    )
