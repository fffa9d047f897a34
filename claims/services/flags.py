"""Holding a claim (暂缓): an auditor's lead, an objection, a doubt; it moves no further until it is lifted.

Order of locks: the claim, then its flags. Whoever decides a claim has locked it before he looks at its flags.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from claims.models import Claim, Flag, Objection
from claims.selectors.checking import took_part
from claims.services import settling
from claims.services.locks import lock_claims, refusing
from office import trail
from office.models import Person

RIGHT: Final = "claims.add_flag"
LIFT: Final = "claims.change_flag"


class CannotFlag(Exception):
    """The claim stays as it is; the message is written for whoever wanted to hold it or let it go."""


@refusing("claim.held", CannotFlag)
def set_flag(*, claim: Claim, kind: str, reason: str, by: Person, at: datetime) -> Flag:
    """Hold a claim; several may hold it at once. Raises CannotFlag."""
    [current] = lock_claims([claim.pk])
    if kind not in Flag.Kind.values:
        raise CannotFlag(_("Choose who holds it."))
    if not reason.strip():
        raise CannotFlag(_("Say why."))
    if current.state in Claim.OVER:
        raise CannotFlag(
            _("Nothing is left to hold: this claim is %(state)s.") % {"state": current.get_state_display()}
        )
    held = Flag.objects.create(claim=current, kind=kind, reason=reason.strip(), set_by=by, set_at=at)
    trail.record("claim.held", current, by=by, at=at, right=RIGHT, reason=held.reason, flag=held.pk, kind=kind)
    return held


@refusing("claim.let-go", CannotFlag, about="flag")
def lift_flag(*, flag: Flag, reason: str, by: Person, at: datetime) -> Flag:
    """Let a claim go on, with the reason; never by whoever entered it or decided in it. Raises CannotFlag."""
    [claim] = lock_claims([flag.claim_id])
    current = Flag.objects.select_for_update(of=["self"]).get(pk=flag.pk)
    if current.lifted_at is not None:
        raise CannotFlag(_("This is lifted already."))
    if not reason.strip():
        raise CannotFlag(_("Say why."))
    if Objection.objects.filter(flag=current, result="").exists():
        raise CannotFlag(_("An objection holds this claim: it is answered first."))
    if by.pk == claim.entered_by_id or by.pk in took_part(claim, but_step=""):
        raise CannotFlag(_("Whoever entered a claim or decided in it does not let it go."))
    current.lifted_by, current.lifted_at, current.lift_reason = by, at, reason.strip()
    current.save(update_fields=["lifted_by", "lifted_at", "lift_reason"])
    trail.record("claim.let-go", claim, by=by, at=at, right=LIFT, reason=reason.strip(), flag=current.pk)
    settling.go_on(claim, by=by, at=at)
    return current
