"""Where a provider is paid to (医疗机构收款账户): entered by one person with the paper, confirmed by another."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.deciding import CLAIMS
from claims.models import Provider, ProviderAccount
from claims.selectors import paying_to
from claims.services import before
from enrollment.services.keeping import CannotKeep
from office import deciding, trail
from office.deciding import Matter
from office.models import Duty, Person
from office.models.rounds import Outcome
from office.rules.rounds import Required
from office.services import rounds

RIGHT: Final = "claims.add_provideraccount"
SHAPE: Final = re.compile(r"[0-9]{8,32}")
BY_A_SECOND: Final = Required(
    rule="claims.provider-account-by-a-second", version="1", duties=(Duty.SECOND_CHECKER, Duty.OFFICE_HEAD)
)


@transaction.atomic
def propose(
    *, provider: Provider, holder: str, bank: str, number: str, document: str, by: Person, at: datetime
) -> ProviderAccount:
    """Enter the account to which a provider is paid; somebody else confirms it. Raises CannotKeep."""
    current = Provider.objects.select_for_update(of=["self"]).get(pk=provider.pk)
    plain = "".join(unicodedata.normalize("NFKC", number).replace("-", "").split())
    if not SHAPE.fullmatch(plain):
        raise CannotKeep(_("An account number has 8 to 32 digits."), "number")
    try:
        with transaction.atomic():
            asked = ProviderAccount.objects.create(
                provider=current,
                holder=before.said(holder, "holder"),
                bank=before.said(bank, "bank"),
                number=plain,
                document=before.said(document, "document"),
                proposed_by=by,
                proposed_at=at,
            )
    except IntegrityError as refusal:
        raise CannotKeep(_("A change of this provider's account waits to be confirmed already."), "number") from refusal
    trail.record("provider-account.proposed", asked, by=by, at=at, right=RIGHT, provider=current.pk)
    rounds.open_round(subject=asked, by=by, at=at)
    return asked


def register() -> None:
    """Called once when the app is ready."""
    deciding.register(
        Matter(
            model=ProviderAccount,
            family=CLAIMS,
            title=gettext_lazy("Account of a provider"),
            content=content,
            rows=rows,
            decided=_decided,
            required=lambda asked: BY_A_SECOND,
        )
    )


def content(asked: ProviderAccount) -> Mapping[str, object]:
    """What a vote on an account is about."""
    return {
        "provider": asked.provider_id,
        "holder": asked.holder,
        "bank": asked.bank,
        "number": asked.number,
        "paper": asked.document,
    }


def rows(asked: ProviderAccount) -> Sequence[tuple[str, str]]:
    """What a voter compares with the paper: the whole number, but only while it is to be confirmed."""
    is_open = asked.state == ProviderAccount.State.PROPOSED
    in_force = paying_to.account_of(asked.provider)
    return [
        (_("provider"), asked.provider.name),
        (_("account holder"), asked.holder),
        (_("bank"), asked.bank),
        (_("account number"), _in_fours(asked.number) if is_open else asked.masked_number),
        (_("account in force"), str(in_force) if in_force and in_force.pk != asked.pk else "—"),
        (_("paper"), asked.document),
    ]


def _decided(asked: ProviderAccount, outcome: str, by: Person, at: datetime) -> str:
    """Confirmed, it takes the place of the one in force."""
    Provider.objects.select_for_update(of=["self"], no_key=True).get(pk=asked.provider_id)
    approved = outcome == Outcome.APPROVED
    if approved and (in_force := paying_to.account_of(asked.provider)) is not None:
        _move(in_force, ProviderAccount.State.REPLACED)
    _move(asked, ProviderAccount.State.CONFIRMED if approved else ProviderAccount.State.REFUSED)
    trail.record("provider-account.decided", asked, by=by, at=at, outcome=outcome, provider=asked.provider_id)
    return ""


def _move(account: ProviderAccount, state: str) -> None:
    account.state = state
    account.save(update_fields=["state"])


def _in_fours(number: str) -> str:
    return " ".join(number[at : at + 4] for at in range(0, len(number), 4))
