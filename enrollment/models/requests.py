"""What one person asks for and another confirms in the register: payee accounts, doubles (收款账户、合并)."""

from __future__ import annotations

from typing import ClassVar

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from enrollment.models.households import Household, Member
from office.models import Person
from office.models.rounds import Round, Seat, Vote
from office.rules import masking


@pghistory.track()
class EnrollmentRound(Round):
    """A round over the register's matters: fund years, payee accounts, doubles, go-live protocols."""

    class Meta(Round.Meta):
        pass


@pghistory.track()
class EnrollmentSeat(Seat):
    """A seat in a round over the register's matters."""

    round = models.ForeignKey(EnrollmentRound, models.PROTECT, related_name="seats")

    class Meta(Seat.Meta):
        pass


class EnrollmentVote(Vote):
    """A vote in a round over the register's matters."""

    round = models.ForeignKey(EnrollmentRound, models.PROTECT, related_name="votes")
    seat = models.ForeignKey(EnrollmentSeat, models.PROTECT, related_name="+")

    class Meta(Vote.Meta):
        pass


@pghistory.track()
class PayeeAccount(models.Model):
    """The bank account that a household is paid to (收款账户), confirmed by a second person; payments wait for that."""

    MOVES: ClassVar[dict[tuple[str, str], str]] = {
        ("", "proposed"): "",
        ("proposed", "confirmed"): "approved",
        ("proposed", "refused"): "refused",
        ("proposed", "withdrawn"): "",
        ("confirmed", "replaced"): "",
    }

    class State(models.TextChoices):
        PROPOSED = "proposed", _("to be confirmed")
        CONFIRMED = "confirmed", _("confirmed")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("withdrawn")
        REPLACED = "replaced", _("replaced")

    household = models.ForeignKey(Household, models.PROTECT, related_name="payee_accounts", verbose_name=_("household"))
    holder = models.CharField(_("account holder"), max_length=60)
    bank = models.CharField(_("bank"), max_length=60)
    number = models.CharField(_("account number"), max_length=32)
    reason = models.CharField(_("reason"), max_length=200)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.PROPOSED)
    proposed_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("entered by"))
    proposed_at = models.DateTimeField(_("entered at"))

    class Meta:
        verbose_name = _("payee account")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["household"], condition=Q(state="confirmed"), name="payee_account_one_in_force"
            ),
            models.UniqueConstraint(
                fields=["household"], condition=Q(state="proposed"), name="payee_account_one_change_at_a_time"
            ),
            models.CheckConstraint(
                name="payee_account_is_whole",
                condition=~Q(holder="") & ~Q(bank="") & ~Q(reason="") & Q(number__regex=r"^[0-9]{8,32}$"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.household} · {self.masked_number}"

    @property
    def masked_number(self) -> str:
        """The account's last four digits."""
        return masking.masked_account(self.number)


@pghistory.track()
class MemberMerge(models.Model):
    """Two records that are one person (合并): the double points to the one that is kept, when two people say so."""

    MOVES: ClassVar[dict[tuple[str, str], str]] = {
        ("", "proposed"): "",
        ("proposed", "merged"): "approved",
        ("proposed", "refused"): "refused",
        ("proposed", "withdrawn"): "",
    }

    class State(models.TextChoices):
        PROPOSED = "proposed", _("to be confirmed")
        MERGED = "merged", _("merged")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("withdrawn")

    double = models.ForeignKey(Member, models.PROTECT, related_name="+", verbose_name=_("double"))
    kept = models.ForeignKey(Member, models.PROTECT, related_name="+", verbose_name=_("kept"))
    reason = models.CharField(_("reason"), max_length=200)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.PROPOSED)
    proposed_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("entered by"))
    proposed_at = models.DateTimeField(_("entered at"))

    class Meta:
        verbose_name = _("merging of doubles")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(name="merge_is_of_two", condition=~Q(double=F("kept"))),
            models.CheckConstraint(name="merge_says_why", condition=~Q(reason="")),
            models.UniqueConstraint(fields=["double"], condition=Q(state="proposed"), name="merge_one_at_a_time"),
        ]

    def __str__(self) -> str:
        return f"{self.double} → {self.kept}"
