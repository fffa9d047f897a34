"""Whom a claim is paid to: the household's confirmed account, the patient himself at the window, or the hospital that
has paid him in advance under its agreement (即时结报)."""

from __future__ import annotations

from claims.models import Agreement, Claim, Provider, ProviderAccount
from enrollment.models import PayeeAccount
from enrollment.selectors import payees


def account_of(provider: Provider) -> ProviderAccount | None:
    """The provider's account that two people have confirmed."""
    return provider.accounts.filter(state=ProviderAccount.State.CONFIRMED).first()


def is_instant(claim: Claim) -> bool:
    """Whether the provider pays patients in advance, by its agreement with the scheme on the day of discharge."""
    found = Agreement.objects.on(claim.discharged_on)
    return found.filter(provider=claim.provider_id, scheme=claim.scheme_id, is_instant=True).exists()


def name_payee(claim: Claim, *, is_instant: bool) -> bool:
    """Copy onto a claim whom it is paid to as things stand now; whether there is such an account. A household without
    one: the claim names the patient, and payment waits. The claim is not saved."""
    claim.payee_bank = claim.payee_account = ""
    match claim.payee_kind:
        case Claim.Payee.PROVIDER:
            return _pay_hospital(claim, is_instant=is_instant)
        case Claim.Payee.MEMBER:
            claim.payee_name, claim.payee_relation = claim.member.name, "self"
            return True
    return pay_household(claim, payees.payee_of(claim.member.household))


def _pay_hospital(claim: Claim, *, is_instant: bool) -> bool:
    claim.payee_name, claim.payee_relation = claim.provider.name, "provider"
    known = account_of(claim.provider)
    if known is None or not is_instant:
        return False
    claim.payee_name, claim.payee_bank, claim.payee_account = known.holder, known.bank, known.number
    return True


def pay_household(claim: Claim, known: PayeeAccount | None) -> bool:
    """Copy a household's confirmed account onto a claim; whether there is one. The claim is not saved."""
    claim.payee_bank = claim.payee_account = ""
    if known is None:
        claim.payee_name, claim.payee_relation = claim.member.name, "self"
        return False
    claim.payee_name, claim.payee_bank, claim.payee_account = known.holder, known.bank, known.number
    claim.payee_relation = "self" if known.holder == claim.member.name else "household"
    return True
