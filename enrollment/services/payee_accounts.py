"""Where a household is paid to: entered by one person, confirmed by another; until then payments wait."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enrollment.deciding import ENROLLMENT
from enrollment.models import Household, Member, PayeeAccount
from enrollment.services import keeping
from enrollment.services.keeping import CannotKeep
from office import deciding, trail
from office.deciding import Matter
from office.models import Duty, Person
from office.models.rounds import Outcome
from office.rules.rounds import Required
from office.services import rounds

RIGHT = "enrollment.add_payeeaccount"
SHAPE = re.compile(r"[0-9]{8,32}")

#: One second pair of eyes on the passbook.
BY_A_SECOND = Required(
    rule="enrollment.payee-by-a-second",
    version="1",
    duties=(Duty.FIRST_CHECKER, Duty.OFFICE_HEAD, Duty.ACCOUNTING_HEAD),
)


@keeping.in_sight("payee-account.proposed", "household")
def propose(
    *, household: Household, holder: str, bank: str, number: str, reason: str, by: Person, at: datetime
) -> PayeeAccount:
    """Enter the account to which a household wants to be paid; somebody else confirms it. Raises CannotKeep."""
    current = keeping.lock(household.pk)[household.pk]
    keeping.refuse_unseen([current.village_id], by=by, right=RIGHT)
    plain = _plain(number)
    known = current.payee_accounts.filter(state=PayeeAccount.State.CONFIRMED, bank=bank, number=plain, holder=holder)
    if known.exists():
        raise CannotKeep(_("This account is in force already."), "number")
    waiting = _("A change of this household's account waits to be confirmed already.")
    with keeping.refusing("payee_account_one_change_at_a_time", lambda: waiting, "number"):
        asked = PayeeAccount.objects.create(
            household=current,
            holder=holder,
            bank=bank,
            number=plain,
            reason=reason,
            proposed_by=by,
            proposed_at=at,
        )
    trail.record("payee-account.proposed", asked, by=by, at=at, right=RIGHT, reason=reason, household=current)
    rounds.open_round(subject=asked, by=by, at=at)
    return asked


def register() -> None:
    """Called once when the app is ready."""
    deciding.register(
        Matter(
            model=PayeeAccount,
            family=ENROLLMENT,
            title=gettext_lazy("Payee account"),
            content=content,
            rows=rows,
            decided=_decided,
            required=lambda asked: BY_A_SECOND,
        )
    )


def content(asked: PayeeAccount) -> Mapping[str, object]:
    """What a vote on an account is about."""
    return {
        "household": asked.household_id,
        "holder": asked.holder,
        "bank": asked.bank,
        "number": asked.number,
        "reason": asked.reason,
    }


def rows(asked: PayeeAccount) -> Sequence[tuple[str, str]]:
    """What a voter compares with the passbook: the whole number, but only while it is to be confirmed."""
    household = asked.household
    head = household.members.filter(is_head=True).exclude(state=Member.State.MERGED).first()
    is_open = asked.state == PayeeAccount.State.PROPOSED
    before = household.payee_accounts.filter(state=PayeeAccount.State.CONFIRMED).exclude(pk=asked.pk).first()
    return [
        (_("household"), f"{household.village} {household.number} · {head or '—'}"),
        (_("account holder"), asked.holder),
        (_("bank"), asked.bank),
        (_("account number"), _in_fours(asked.number) if is_open else asked.masked_number),
        (_("account in force"), f"{before.bank} {before.masked_number}" if before else "—"),
        (_("reason"), asked.reason),
    ]


def _decided(asked: PayeeAccount, outcome: str, by: Person, at: datetime) -> str:
    """Confirmed, it takes the place of the one in force."""
    if outcome == Outcome.APPROVED:
        keeping.lock(asked.household_id)
        in_force = PayeeAccount.objects.select_for_update(of=["self"]).filter(
            household=asked.household_id, state=PayeeAccount.State.CONFIRMED
        )
        before = in_force.first()
        if before is not None:
            _move(before, PayeeAccount.State.REPLACED)
        _move(asked, PayeeAccount.State.CONFIRMED)
        trail.record("payee-account.confirmed", asked, by=by, at=at, household=asked.household, replaces=before)
    elif outcome == Outcome.REFUSED:
        _move(asked, PayeeAccount.State.REFUSED)
    return ""


def _move(account: PayeeAccount, state: str) -> None:
    account.state = state
    account.save(update_fields=["state"])


def _plain(number: str) -> str:
    """The digits as the passbook has them, without the blanks between the groups."""
    plain = "".join(unicodedata.normalize("NFKC", number).replace("-", "").split())
    if not SHAPE.fullmatch(plain):
        raise CannotKeep(_("An account number has 8 to 32 digits."), "number")
    return plain


def _in_fours(number: str) -> str:
    return " ".join(number[at : at + 4] for at in range(0, len(number), 4))
