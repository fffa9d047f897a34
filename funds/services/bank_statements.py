"""Statements are taken in whole or not at all: read, looked at, kept with their file; a mistaken one is made void."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from funds.models import BankAccount, MatchedLine, Statement, StatementLine
from funds.rules import camt, statement_tables, statements
from funds.rules.statements import BadStatement, StatementOf
from funds.selectors import bank_statements as selectors
from funds.services import reconciling
from funds.services.reconciling import CannotReconcile
from office import attachments, sentences, sheets, trail
from office.models import Person
from office.rules import days, files, money

VIEW: Final = "funds.view_statement"
RIGHT: Final = "funds.add_statement"
TABLES: Final = {files.XLSX.code, files.XLS.code, files.CSV.code, files.TXT.code}
XML: Final = "application/xml"
AT_ONCE: Final = 5_000


def register() -> None:
    """Called once when the app is ready: whoever sees statements may read their files."""
    attachments.register("funds.statement", lambda person, number: person.has_perm(VIEW))


@reconciling.refusing("statement.kept", "upload")
def take_in(*, upload: UploadedFile[Any], by: Person, at: datetime) -> Statement:
    """Take a statement in from the file that a bank or finance sent. Raises CannotReconcile."""
    content = upload.read()
    name = files.clean_name(upload.name or "")
    form, media_type, stated = read(content, name)
    made = _keep(stated, form, hashlib.sha256(content).hexdigest(), by, at)
    attachments.keep_made(subject=made, name=name, content=content, media_type=media_type, by=by, at=at)
    return made


@reconciling.refusing("statement.kept", "stated")
def keep(*, stated: StatementOf, sha256: str, by: Person, at: datetime) -> Statement:
    """Keep a statement that was read elsewhere. Raises CannotReconcile."""
    return _keep(stated, Statement.Form.TABLE, sha256, by, at)


def read(content: bytes, name: str) -> tuple[str, str, StatementOf]:
    """In which form a file says what, of which kind it is, and what it says. Raises CannotReconcile."""
    try:
        if len(content) > settings.ATTACHMENT_LARGEST:
            raise files.CannotAccept("too_large", largest=settings.ATTACHMENT_LARGEST)
        if content.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"<":
            return Statement.Form.CAMT, XML, camt.read(content)
        kind = files.recognise(content, name, len(content), largest=settings.ATTACHMENT_LARGEST)
        if kind.code not in TABLES:
            raise CannotReconcile(_("A statement comes as CSV, as an Excel workbook, or as camt.053."), "upload")
        return Statement.Form.TABLE, kind.media_type, statement_tables.read(sheets.rows(content, name))
    except files.CannotAccept as refusal:
        raise CannotReconcile(_(refusal.sentence).format(**refusal.params), "upload") from refusal
    except sheets.CannotRead as refusal:
        raise CannotReconcile(sentences.shown(refusal.args[0]), "upload") from refusal
    except BadStatement as refusal:
        raise _said(refusal) from refusal


def _said(refusal: BadStatement) -> CannotReconcile:
    return CannotReconcile(_(refusal.sentence) % refusal.facts, "upload")


def _keep(stated: StatementOf, form: str, sha256: str, by: Person, at: datetime) -> Statement:
    reconciling.refuse_cashier(by, at)
    bank_account = _account_of(stated)
    try:
        statements.check(stated)
    except BadStatement as refusal:
        raise _said(refusal) from refusal
    _refuse_known(stated, bank_account, sha256)
    if stated.last > days.business_day(at):
        raise CannotReconcile(
            _("The statement goes to %(day)s, which has not come yet.") % {"day": stated.last}, "upload"
        )
    before = selectors.newest(bank_account)
    _refuse_apart(stated, before)
    made = Statement.objects.create(
        bank_account=bank_account,
        number=stated.number,
        period=DateRange(stated.first, stated.last + timedelta(days=1)),
        opening=stated.opening,
        came_in=stated.sum_in,
        went_out=stated.sum_out,
        closing=stated.closing,
        line_count=len(stated.lines),
        form=form,
        sha256=sha256,
        kept_by=by,
        kept_at=at,
    )
    _keep_lines(made, stated, is_first=before is None)
    trail.record(
        "statement.kept",
        made,
        by=by,
        at=at,
        right=RIGHT,
        account=bank_account.account.code,
        lines=len(stated.lines),
        closing=stated.closing,
    )
    return made


def _account_of(stated: StatementOf) -> BankAccount:
    """The bank account that a statement names, locked; one that was replaced still gets its last statement."""
    found = BankAccount.objects.filter(number=stated.account_number).select_related("account__book")
    known = found.filter(state__in=[BankAccount.State.CONFIRMED, BankAccount.State.REPLACED])
    one = known.select_for_update(no_key=True, of=["self"]).order_by("state", "-pk").first()
    if one is None:
        raise CannotReconcile(
            _("No books have the account %(number)s that the file is of.")
            % {"number": BankAccount(number=stated.account_number).masked_number},
            "upload",
        )
    return one


def _refuse_known(stated: StatementOf, bank_account: BankAccount, sha256: str) -> None:
    twice = Statement.objects.filter(sha256=sha256, state=Statement.State.KEPT).first()
    if twice is not None:
        raise CannotReconcile(
            _("This file was taken in already, by %(person)s on %(day)s.")
            % {"person": twice.kept_by, "day": days.business_day(twice.kept_at)},
            "upload",
        )
    told = [one.bank_id for one in stated.lines if one.bank_id]
    known = StatementLine.objects.filter(
        statement__bank_account=bank_account, statement__state=Statement.State.KEPT, bank_id__in=told
    )
    if (again := known.select_related("statement").order_by("pk").first()) is not None:
        raise CannotReconcile(
            _("The bank's number %(bank_id)s stands in the statement of %(first)s to %(last)s already.")
            % {"bank_id": again.bank_id, "first": again.statement.period.lower, "last": again.statement.last},
            "upload",
        )


def _refuse_apart(stated: StatementOf, before: Statement | None) -> None:
    """That it begins where the one before it ended."""
    if before is None:
        return
    if stated.first <= before.last:
        raise CannotReconcile(
            _("Its days overlap: the account's statements go to %(last)s already, this one begins on %(first)s.")
            % {"last": before.last, "first": stated.first},
            "upload",
        )
    if stated.opening != before.closing:
        raise CannotReconcile(
            _("The statement before it ended on %(last)s with %(closing)s, this one begins with %(opening)s: one is "
              "missing, or it was cut.")
            % {
                "last": before.last,
                "closing": money.shown(before.closing),
                "opening": money.shown(stated.opening),
            },
            "upload",
        )  # fmt: skip


def _keep_lines(made: Statement, stated: StatementOf, *, is_first: bool) -> None:
    """Its lines in their order; before the first of an account what stood there already."""
    lines = [
        StatementLine(
            statement=made,
            line=place,
            on=one.on,
            amount=one.amount,
            reference=one.reference,
            bank_id=one.bank_id,
            party=one.party,
            party_account=one.party_account,
            words=one.words,
        )
        for place, one in enumerate(stated.lines, start=1)
    ]
    if is_first and stated.opening:
        lines.insert(0, StatementLine(statement=made, line=0, on=stated.first, amount=stated.opening))
    StatementLine.objects.bulk_create(lines, batch_size=AT_ONCE)


@reconciling.refusing("statement.voided", "statement")
def void(*, statement: Statement, reason: str, by: Person, at: datetime) -> Statement:
    """Make a statement void that was taken in by mistake; only the last of its account, and only while nothing of it is
    matched. Raises CannotReconcile."""
    reconciling.refuse_cashier(by, at)
    BankAccount.objects.select_for_update(no_key=True).get(pk=statement.bank_account_id)
    current = Statement.objects.select_related("bank_account__account").get(pk=statement.pk)
    if current.state != Statement.State.KEPT:
        raise CannotReconcile(_("This statement is void already."))
    if selectors.newest(current.bank_account) != current:
        raise CannotReconcile(_("A later statement begins where this one ends: make that one void first."))
    if MatchedLine.objects.filter(line__statement=current, is_live=True).exists():
        raise CannotReconcile(_("Lines of this statement are matched: undo their matches first."))
    current.state = Statement.State.VOID
    current.void_reason = reconciling.said(reason, "reason")[:200]
    current.save(update_fields=["state", "void_reason"])
    trail.record("statement.voided", current, by=by, at=at, right=RIGHT, reason=current.void_reason)
    return current
