"""Paying settlements with providers (结算支付): their payable parts, less what is kept back and what was prepaid.

Order of locks: as in funds/services/asking.py; claims by number, then their parts.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.models import ClaimPart, Flag, Settlement
from claims.services import settling as claims_settling
from claims.services.document_settling import hash_of
from claims.services.locks import hold_claims, refusing
from funds.models import Book, PostingKind, ProviderPart, ProviderPayment
from funds.rules import settling as rules
from funds.rules.settling import Split
from funds.selectors import settling as selectors
from funds.services import asking, orders, postings
from funds.services.asking import CannotAsk, Subject
from funds.services.postings import PostingOf
from funds.services.prepayments import payee_of
from office.models import Duty, Person
from office.rules import days
from office.rules.rounds import Required

TOGETHER: Final = 1_000


@refusing("provider-payment.proposed", CannotAsk, about="settlement")
def _propose(
    *, settlement: Settlement, paper: str, words: str, set_off: Decimal | None, by: Person, at: datetime
) -> ProviderPayment:
    book = _book_of(settlement)
    payee_of(settlement.provider)
    parts = _lock(list(selectors.payable_of(settlement).values_list("pk", flat=True)))
    parts = [one for one in parts if one.state == ClaimPart.State.PAYABLE]
    if not parts:
        raise CannotAsk(_("Nothing of this settlement can be paid now."))
    today = days.business_day(at)
    spending = _by_account(book, parts)
    percent, how = _split(book, settlement, sum(spending.values(), Decimal(0)), set_off, at)
    asked = ProviderPayment(
        book=book,
        settlement=settlement,
        gross=how.gross,
        percent=percent,
        retained=how.retained,
        set_off=how.set_off,
        amount=how.paid,
        spending={account: str(amount) for account, amount in spending.items()},
        sha256=hash_of(parts),
        paper=paper or settlement.number,
        words=words,
        on=today,
    )
    asking.ask(asked, SUBJECT, by=by, at=at)
    ProviderPart.objects.bulk_create([ProviderPart(payment=asked, part=one) for one in parts], TOGETHER)
    asking.open_round(asked, SUBJECT, by=by, at=at)
    return asked


def propose(
    *,
    settlement: Settlement,
    paper: str = "",
    words: str = "",
    set_off: Decimal | None = None,
    by: Person,
    at: datetime,
) -> ProviderPayment:
    """Ask that what is payable of a settlement is paid. `set_off` is how much of the prepayments is used, where it is
    not as much as there is. Raises CannotAsk."""
    done: ProviderPayment = _propose(settlement=settlement, paper=paper, words=words, set_off=set_off, by=by, at=at)
    return done


def _book_of(settlement: Settlement) -> Book:
    found = Book.objects.filter(scheme=settlement.scheme_id).first()
    if found is None:
        raise CannotAsk(_("The books of %(scheme)s are not open.") % {"scheme": settlement.scheme})
    return found


def _lock(numbers: Sequence[int]) -> list[ClaimPart]:
    """Parts under the lock of their claims and their own, in the order of their settlement."""
    hold_claims(set(ClaimPart.objects.filter(pk__in=numbers).values_list("approval__claim", flat=True)))
    found = ClaimPart.objects.select_for_update(of=["self"]).select_related("approval__claim").filter(pk__in=numbers)
    return sorted(found.order_by("pk"), key=lambda one: (one.approval.claim_id, one.pk))


def _by_account(book: Book, parts: Sequence[ClaimPart]) -> dict[str, Decimal]:
    try:
        return rules.by_account(((one.fund, one.amount) for one in parts), selectors.pays(book))
    except KeyError as unknown:
        raise CannotAsk(_("These books pay nothing for the fund %(fund)s.") % {"fund": unknown.args[0]}) from unknown


def _split(
    book: Book, settlement: Settlement, gross: Decimal, wanted: Decimal | None, at: datetime
) -> tuple[Decimal, Split]:
    """What is kept back and set off; nothing is kept back of a year that is assessed already."""
    provider = settlement.provider
    terms = selectors.terms_on(book, provider, days.business_day(at))
    assessed = selectors.is_assessed(book, provider, settlement.month.year)
    percent = Decimal(0) if assessed else terms.percent
    most = rules.split(gross, percent=percent, prepaid=selectors.prepaid_left(book, provider))
    if wanted is None:
        return percent, most
    if not 0 <= wanted <= most.set_off:
        raise CannotAsk(_("At most %(amount)s can be set off.") % {"amount": most.set_off}, "set_off")
    return percent, rules.split(gross, percent=percent, prepaid=wanted)


def _approved(asked: ProviderPayment, by: Person, at: datetime) -> str:
    parts = _lock(list(asked.parts.values_list("part", flat=True)))
    _refuse_moved(parts)
    spent = {account: Decimal(amount) for account, amount in asked.spending.items()}
    lines = rules.settlement_lines(spent, Split(asked.gross, asked.retained, asked.set_off))
    summary = _("Settled with %(provider)s: %(settlement)s") % {
        "provider": asked.settlement.provider,
        "settlement": asked.settlement,
    }
    if asked.amount:
        orders.order_payment(
            book=asked.book,
            key=f"settlement:{asked.number}",
            kind=PostingKind.PREPAYMENT_SETTLED,
            place="",
            payee=payee_of(asked.settlement.provider),
            amount=asked.amount,
            lines=lines,
            summary=summary,
            subject=asked,
            parts=parts,
            by=asked.proposed_by,
            checked_by=by,
            at=at,
        )
        return _("Its payment is ordered.")
    claims_settling.mark_paying(parts=parts, by=by, at=at)
    claims_settling.mark_paid(parts=parts, by=by, at=at)
    stated = PostingOf(
        asked.book,
        f"settlement:{asked.number}",
        PostingKind.PREPAYMENT_SETTLED,
        days.business_day(at),
        summary,
        lines,
        attachments=1,
    )
    postings.post(stated=stated, by=asked.proposed_by, checked_by=by, at=at)
    asking.move(asked, asking.State.DONE)
    return _("All of it is set off: nothing is left to pay.")


def _refuse_moved(parts: Sequence[ClaimPart]) -> None:
    """What was payable when it was asked for is so still, and nothing holds it. Raises CannotAsk."""
    for one in parts:
        if one.state != ClaimPart.State.PAYABLE:
            raise CannotAsk(
                _("%(claim)s is %(state)s meanwhile: refuse this payment and ask anew.")
                % {"claim": one.approval.claim, "state": one.get_state_display()}
            )
    held = Flag.objects.holding().filter(claim__in={one.approval.claim_id for one in parts}).first()
    if held is not None:
        raise CannotAsk(_("%(claim)s is held: %(reason)s") % {"claim": held.claim, "reason": held.reason})


SUBJECT: Final = Subject(
    model=ProviderPayment,
    prefix="JF",
    act="provider-payment",
    title=gettext_lazy("Payment of a settlement"),
    required=Required(rule="funds.provider-payment", version="1", duties=(Duty.ACCOUNTING_HEAD,)),
    approved=_approved,
    pays=True,
    page="funds:provider_payment",
    known=("book", "settlement__provider", "proposed_by"),
)
