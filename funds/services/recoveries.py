"""Money that comes back (追回): noted from the bank's slip by the accountant, checked and entered by the head of
accounting; against the spending of the same year, as other income where it had been spent in an earlier one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from django.db.models import Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.models import Approval, Claim, Provider
from claims.services.locks import lock_claims, refusing
from funds.models import Account, Book, PostingKind, Recovery
from funds.rules import reserves as rules
from funds.rules.postings import credit, debit
from funds.services import asking, postings
from funds.services.asking import CannotAsk, Subject
from funds.services.postings import PostingOf
from office.models import Duty, Person
from office.rules import money
from office.rules.rounds import Required

#: Where money comes back to: what an insurer gives back goes straight to the special account.
PLACES: Final = {"provider": ("special", "spending"), "person": ("special", "spending"), "insurer": ("special",)}


@dataclass(frozen=True)
class RecoveryOf:
    """Money that came back, as the bank's slip and the paper about it say; `paper` is the slip's number."""

    source: str
    payer: str
    amount: Decimal
    on: date
    spent_in: int
    account: Account
    paper: str
    words: str = ""
    provider: Provider | None = None
    claim: Claim | None = None
    is_of_household_account: bool = False


@refusing("recovery.proposed", CannotAsk, about="book")
def _propose(*, book: Book, stated: RecoveryOf, by: Person, at: datetime) -> Recovery:
    _refuse(book, stated)
    if stated.claim is not None:
        _refuse_more_than_was_paid(stated.claim, stated.amount)
    asked = Recovery(
        book=book,
        source=stated.source,
        payer=stated.payer.strip(),
        amount=stated.amount,
        on=stated.on,
        spent_in=stated.spent_in,
        account=stated.account,
        paper=stated.paper,
        words=stated.words,
        provider=stated.provider,
        claim=stated.claim,
        is_of_household_account=stated.is_of_household_account,
    )
    asking.ask(asked, SUBJECT, by=by, at=at)
    asking.open_round(asked, SUBJECT, by=by, at=at)
    return asked


def propose(*, book: Book, stated: RecoveryOf, by: Person, at: datetime) -> Recovery:
    """Note money that came back; it is entered once somebody else has checked the slip. Raises CannotAsk."""
    done: Recovery = _propose(book=book, stated=stated, by=by, at=at)
    return done


def _refuse(book: Book, stated: RecoveryOf) -> None:
    if stated.source not in PLACES:
        raise CannotAsk(_("Choose from whom it came back."), "source")
    if stated.amount <= 0:
        raise CannotAsk(_("Say how much."), "amount")
    if not stated.payer.strip():
        raise CannotAsk(_("Name who paid it in."), "payer")
    if (stated.source == Recovery.Source.PROVIDER) != (stated.provider is not None):
        raise CannotAsk(_("Name the provider where it came from one, and nowhere else."), "provider")
    if stated.account.book_id != book.pk or stated.account.place not in PLACES[stated.source]:
        raise CannotAsk(_("This money does not come in on that account."), "account")
    if stated.spent_in > stated.on.year:
        raise CannotAsk(_("It was spent before it came back."), "spent_in")


def _refuse_more_than_was_paid(claim: Claim, amount: Decimal) -> None:
    lock_claims([claim.pk])
    paid = Approval.objects.filter(claim=claim).aggregate(sum=Sum("parts__amount", default=Decimal(0)))["sum"]
    back = Recovery.objects.filter(claim=claim, state__in=Recovery.LIVE).aggregate(
        sum=Sum("amount", default=Decimal(0))
    )
    left = paid - back["sum"]
    if amount > left:
        raise CannotAsk(
            _("Of %(claim)s %(amount)s yuan can come back at most.") % {"claim": claim, "amount": money.shown(left)},
            "amount",
        )


def _approved(asked: Recovery, by: Person, at: datetime) -> str:
    insurer = asked.source == Recovery.Source.INSURER
    account = rules.recovery_account(
        asked.source, spent_in=asked.spent_in, year=asked.on.year, household=asked.is_of_household_account
    )
    stated = PostingOf(
        asked.book,
        f"recovery:{asked.number}",
        PostingKind.PREMIUM if insurer else PostingKind.RECOVERED,
        asked.on,
        _("Came back from %(payer)s, spent in %(year)s") % {"payer": asked.payer, "year": asked.spent_in},
        [debit(asked.account.purpose, asked.amount, asked.paper), credit(account, asked.amount, asked.payer)],
        attachments=1,
    )
    postings.post(stated=stated, by=asked.proposed_by, checked_by=by, at=at)
    asking.move(asked, asking.State.DONE)
    return ""


SUBJECT: Final = Subject(
    model=Recovery,
    prefix="ZH",
    act="recovery",
    title=gettext_lazy("Money recovered"),
    required=Required(rule="funds.recovery", version="1", duties=(Duty.ACCOUNTING_HEAD,)),
    approved=_approved,
    page="funds:recovery",
    known=("book", "account", "claim", "provider", "proposed_by"),
)
