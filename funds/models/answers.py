"""What goes to the bank and what comes from it: files (支付文件), answers (回单), answers on paper, cash."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from funds.models.books import Book
from funds.models.payments import Payment, PaymentBatch
from funds.models.postings import Posting
from office.models import Person
from office.models.acts import TOP_TRANSACTION


class BankFile(models.Model):
    """What was made for the bank of a released batch (支付文件), once: lines, sum, hash. Only ever added to."""

    class Format(models.TextChoices):
        CSV = "csv", "CSV"
        PAIN = "iso20022", "ISO 20022 pain.001"

    batch = models.OneToOneField(PaymentBatch, models.PROTECT, related_name="file", verbose_name=_("batch"))
    format = models.CharField(_("format"), max_length=10, choices=Format.choices)
    name = models.CharField(_("file"), max_length=80)
    lines = models.PositiveIntegerField(_("lines"))
    total = models.DecimalField(_("sum"), max_digits=16, decimal_places=2)
    sha256 = models.CharField("SHA-256", max_length=64, unique=True)
    is_carried = models.BooleanField(_("carried to the bank"), default=True)  # else handed over by a connection
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("made by"))
    made_at = models.DateTimeField(_("made at"))

    class Meta:
        verbose_name = _("file for the bank")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(name="bank_file_has_its_hash", condition=Q(sha256__regex="^[0-9a-f]{64}$")),
            models.CheckConstraint(name="bank_file_pays_something", condition=Q(lines__gte=1, total__gt=Decimal(0))),
        ]

    def __str__(self) -> str:
        return self.name


class BankAnswer(models.Model):
    """What the bank answered (支付结果), taken once: a file by its hash, a statement, a paper. Only ever added to."""

    class Format(models.TextChoices):
        CSV = "csv", "CSV"
        CAMT = "camt", "ISO 20022 camt.053 / camt.054"
        STATEMENT = "statement", pgettext_lazy("bank", "statement")
        PAPER = "paper", _("paper")

    book = models.ForeignKey(Book, models.PROTECT, related_name="answers", verbose_name=_("books"))
    format = models.CharField(_("format"), max_length=10, choices=Format.choices)
    name = models.CharField(_("file"), max_length=120)
    sha256 = models.CharField("SHA-256", max_length=64)
    lines = models.PositiveIntegerField(_("lines"))
    total = models.DecimalField(_("sum"), max_digits=16, decimal_places=2)
    taken_on = models.DateField(_("taken on"))
    taken_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("taken by"))
    taken_at = models.DateTimeField(_("taken at"))
    transaction = models.BigIntegerField(editable=False, db_default=TOP_TRANSACTION)

    class Meta:
        verbose_name = _("answer of the bank")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["book", "sha256"], name="bank_answer_once"),
            models.CheckConstraint(name="bank_answer_has_its_hash", condition=Q(sha256__regex="^[0-9a-f]{64}$")),
            models.CheckConstraint(name="bank_answer_says_something", condition=Q(lines__gte=1) & ~Q(name="")),
        ]

    def __str__(self) -> str:
        return self.name


class AnswerLine(models.Model):
    """One line of an answer, as the bank gave it, and what came of it. Only ever added to."""

    class Outcome(models.TextChoices):
        PAID = "paid", pgettext_lazy("payment", "paid")
        RETURNED = "returned", _("came back")

    class Verdict(models.TextChoices):
        TAKEN = "taken", _("taken")
        REPEATED = "repeated", _("known already")
        NO_SUCH_PAYMENT = "no_such_payment", _("no payment of this number")
        OTHER_AMOUNT = "other_amount", _("another amount")
        CONTRADICTS = "contradicts", _("contradicts what is known")
        NOT_SENT = "not_sent", _("was never sent")

    #: What somebody has to look into.
    DOUBTFUL: ClassVar[tuple[str, ...]] = ("no_such_payment", "other_amount", "contradicts", "not_sent")

    answer = models.ForeignKey(BankAnswer, models.PROTECT, related_name="told", verbose_name=_("answer"))
    line = models.PositiveIntegerField(_("line"))
    number = models.CharField(_("number of the payment"), max_length=60)
    payment = models.ForeignKey(
        Payment, models.PROTECT, null=True, blank=True, related_name="answers", verbose_name=_("payment")
    )
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices)
    amount = models.DecimalField(_("amount"), max_digits=16, decimal_places=2)
    on = models.DateField(_("day"))
    reference = models.CharField(_("bank's reference"), max_length=60, blank=True, default="")
    reason = models.CharField(_("reason"), max_length=200, blank=True, default="")
    verdict = models.CharField(_("what came of it"), max_length=16, choices=Verdict.choices)

    class Meta:
        verbose_name = _("line of an answer")
        ordering = ["answer", "line"]
        constraints = [
            models.UniqueConstraint(fields=["answer", "line"], name="answer_line_once"),
            models.CheckConstraint(name="answer_line_outcome_is_known", condition=Q(outcome__in=["paid", "returned"])),
            models.CheckConstraint(
                name="answer_line_is_of_a_payment",
                condition=Q(verdict="no_such_payment", payment__isnull=True)
                | ~Q(verdict="no_such_payment") & Q(payment__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.get_outcome_display()}"


@pghistory.track()
class PaperAnswer(models.Model):
    """What a letter or a slip of the bank says of one payment (书面回执): noted by one, confirmed by another."""

    MOVES: ClassVar[dict[tuple[str, str], str]] = {
        ("", "proposed"): "",
        ("proposed", "confirmed"): "approved",
        ("proposed", "refused"): "refused",
        ("proposed", "withdrawn"): "",
    }

    class State(models.TextChoices):
        PROPOSED = "proposed", _("to be confirmed")
        CONFIRMED = "confirmed", _("confirmed")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("withdrawn")

    payment = models.ForeignKey(Payment, models.PROTECT, related_name="papers", verbose_name=_("payment"))
    outcome = models.CharField(_("outcome"), max_length=10, choices=AnswerLine.Outcome.choices)
    on = models.DateField(_("day"))
    paper = models.CharField(_("paper"), max_length=100)
    reason = models.CharField(_("reason"), max_length=200, blank=True, default="")
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PROPOSED)
    proposed_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("noted by"))
    proposed_at = models.DateTimeField(_("noted at"))

    class Meta:
        verbose_name = _("answer on paper")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["payment"], condition=Q(state="proposed"), name="paper_answer_one_at_a_time"
            ),
            models.CheckConstraint(name="paper_answer_names_its_paper", condition=~Q(paper="")),
            models.CheckConstraint(
                name="paper_answer_says_what",
                condition=Q(outcome="paid") | Q(outcome="returned") & ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.payment}: {self.paper}"


class CashPayout(models.Model):
    """That somebody took his money at the window and signed (领款): the payee, or who acts for him. Only added to."""

    payment = models.OneToOneField(Payment, models.PROTECT, related_name="payout", verbose_name=_("payment"))
    receiver = models.CharField(_("received by"), max_length=60)
    relation = models.CharField(_("relation to the payee"), max_length=40)
    paper = models.CharField(_("paper shown"), max_length=60)
    on = models.DateField(_("day"))
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("paid out by"))
    at = models.DateTimeField(_("time"))

    class Meta:
        verbose_name = _("cash payout")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="payout_names_who_signed", condition=~Q(receiver="") & ~Q(relation="") & ~Q(paper="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.payment}: {self.receiver}"


class CashMove(models.Model):
    """Cash fetched from the bank for a batch, and what was not fetched by anybody brought back. Only ever added to."""

    class Kind(models.TextChoices):
        FETCHED = "fetched", _("fetched from the bank")
        BROUGHT_BACK = "brought_back", _("brought back to the bank")

    batch = models.ForeignKey(PaymentBatch, models.PROTECT, related_name="cash", verbose_name=_("batch"))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    amount = models.DecimalField(_("amount"), max_digits=16, decimal_places=2)
    on = models.DateField(_("day"))
    slip = models.CharField(_("slip"), max_length=60)
    posting = models.OneToOneField(Posting, models.PROTECT, related_name="+", verbose_name=_("posting"))
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("time"))

    class Meta:
        verbose_name = _("cash of a batch")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "kind"], name="cash_of_a_batch_once"),
            models.CheckConstraint(name="cash_move_is_of_money", condition=Q(amount__gt=Decimal(0)) & ~Q(slip="")),
        ]

    def __str__(self) -> str:
        return f"{self.batch}: {self.get_kind_display()}"
