"""What the demo county pays: money asked of finance, a batch that the bank has answered, one that waits to be released,
a request that is with finance. Amounts are made up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from claims.models import ClaimPart
from demo.factors import show_factor
from enrollment.models import Scheme
from enrollment.services import payee_accounts
from funds.models import Book, FundRequest, PaymentBatch, PostingKind
from funds.rules import bank_files
from funds.rules.bank_files import AnswerOf
from funds.rules.paying import NO_ACCOUNT
from funds.rules.postings import credit, debit
from funds.selectors import paying
from funds.services import answers, batches, books, fund_requests, sending, vouchers
from funds.services.vouchers import VoucherOf
from office import deciding
from office.models import Person
from office.models.rounds import Choice
from office.rules import days
from office.services import rounds

OPENING: Final = Decimal(30_000)
ASKED: Final = (("住院补偿（演示）", Decimal(13_000)), ("门诊补偿（演示）", Decimal(3_000)))
NEXT: Final = (("下月住院补偿（演示）", Decimal(18_000)),)
PAID: Final = 2  # payments of the batch that the bank has answered; the last of them came back
WITH_ACCOUNT: Final = 4  # households that named their account in time; what the others get is stopped
FIRST_ACCOUNT: Final = 6228_4800_0005_0001
BEFORE: Final = timedelta(seconds=70)


def leave(people: dict[str, Person], at: datetime) -> None:
    """Leave all of it behind: work waits for the accountant, his head, the cashier and finance."""
    book = _books(people, at)
    if book is None:
        return
    request = asked(book, ASKED, people, at)
    vote(request, people["finance"], at)
    slip = "缴拨字第 0301 号（演示）"
    fund_requests.note_arrival(request=request, on=days.business_day(at), slip=slip, by=people["accountant"], at=at)
    asked(book, NEXT, people, at)
    _accounts(book, people, at - BEFORE)
    free = [one.part for one in paying.standings(book, paying.payable_parts(book)) if _goes_by_transfer(one)]
    if free[:PAID]:
        made = _made(book, free[:PAID], "本月补偿款（演示）", people, at)
        _answered(released(made, people, at), people, at)
    if free[PAID:]:
        waiting = _made(book, free[PAID : PAID + 1], "待放行的补偿款（演示）", people, at)
        batches.ask_release(batch=waiting, by=people["accountant"], at=at)


def _goes_by_transfer(one: paying.Standing) -> bool:
    return not one.stop and one.place == "spending"


def _accounts(book: Book, people: dict[str, Person], at: datetime) -> None:
    """Some households whose claims are payable bring their passbooks; the office head confirms what was typed."""
    stopped = [one for one in paying.standings(book, paying.payable_parts(book)) if one.stop == NO_ACCOUNT]
    homes = {one.claim.member.household_id: one.claim.member for one in stopped}
    proof = show_factor(people["head"], at)
    for number, member in enumerate(list(homes.values())[:WITH_ACCOUNT], start=FIRST_ACCOUNT):
        asked = payee_accounts.propose(
            household=member.household,
            holder=member.name,
            bank="海原县农村信用社（演示）",
            number=str(number),
            reason="首次登记存折（演示）",
            by=people["registrar"],
            at=at,
        )
        opened = deciding.rounds_of(asked).get(state="open")
        rounds.vote(
            round=opened, choice=Choice.APPROVE, hash_seen=opened.subject_hash, by=people["head"], at=at, proof=proof
        )


def _books(people: dict[str, Person], at: datetime) -> Book | None:
    """The books of the rural scheme; opened here where nobody has, with some money in the special account."""
    scheme = Scheme.objects.filter(code="ncms").first()
    if scheme is None:
        return None
    first = days.business_day(at).replace(month=1, day=1)
    book = Book.objects.filter(scheme=scheme).first()
    if book is None:
        chart = books.shipped("ncms")
        book = books.open_book(scheme=scheme, chart=chart, begins_on=first, by=people["accountant"], at=at)
        lines = (debit("special_account", OPENING), credit("general_pool", OPENING))
        stated = VoucherOf(PostingKind.OPENING, first, "期初余额（演示）", lines, attachments=1)
        made = vouchers.note(book=book, stated=stated, by=people["accountant"], at=at)
        vouchers.enter(voucher=made, by=people["accounting"], at=at)
    return book


def asked(book: Book, lines: Sequence[tuple[str, Decimal]], people: dict[str, Person], at: datetime) -> FundRequest:
    """Money that finance is asked for."""
    month = days.business_day(at).replace(day=1)
    return fund_requests.ask(book=book, month=month, lines=lines, by=people["accountant"], at=at)


def _made(book: Book, parts: Sequence[ClaimPart], words: str, people: dict[str, Person], at: datetime) -> PaymentBatch:
    return batches.make_batch(book=book, place="spending", words=words, parts=parts, by=people["accountant"], at=at)


def released(made: PaymentBatch, people: dict[str, Person], at: datetime) -> PaymentBatch:
    """A batch that both heads have released."""
    batches.ask_release(batch=made, by=people["accountant"], at=at)
    for name in ("accounting", "head"):
        vote(made, people[name], at)
    made.refresh_from_db()
    return made


def vote(subject: FundRequest | PaymentBatch, by: Person, at: datetime) -> None:
    """A vote with a code that carries the subject's hash and sum."""
    opened = deciding.rounds_of(subject).get(state="open")
    proof = show_factor(by, at, opened.bound_to)
    rounds.vote(round=opened, choice=Choice.APPROVE, hash_seen=opened.subject_hash, by=by, at=at, proof=proof)


def sent(batch: PaymentBatch, people: dict[str, Person], at: datetime) -> None:
    """The cashier has carried a batch to the bank."""
    sending.send(batch=batch, door="csv", by=people["cashier"], at=at)
    sending.note_handed_over(batch=batch, by=people["cashier"], at=at)


def _answered(batch: PaymentBatch, people: dict[str, Person], at: datetime) -> None:
    """The cashier has brought the bank's answer: one line came back."""
    answered(batch, people, at, "银行回单（演示）.csv", comes_back=True)


def answered(
    batch: PaymentBatch,
    people: dict[str, Person],
    at: datetime,
    name: str,
    *,
    comes_back: bool,
    on: date | None = None,
) -> None:
    """The cashier has brought the bank's answer: all is paid, today or on a day, but for the last line where it comes
    back."""
    sent(batch, people, at)
    gone = list(batch.payments.filter(state="sent").order_by("line"))
    back = gone[-1] if comes_back and len(gone) > 1 else None
    told = [
        AnswerOf(
            one.number,
            "returned" if one == back else "paid",
            one.amount,
            on or days.business_day(at),
            f"NX{one.pk:06d}",
            "户名不符（演示）" if one == back else "",
        )
        for one in gone
    ]
    content = bank_files.write_answers(told)
    answers.take_file(book=batch.book, content=content, name=name, by=people["cashier"], at=at)
