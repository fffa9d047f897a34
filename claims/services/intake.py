"""Taking claims in (受理): entering, changing, handing on to those who check, voiding (docs/rules/claims.md, Intake).

A claim is written with its lines, invoices and papers in one transaction, with as many statements for a hundred lines
as for one. Whoever takes in works for the county, his township, or his own hospital; order of locks: the claim's
rounds, the claim, intake's own lock under which numbers are given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import wraps
from typing import Any, Final, ParamSpec, TypeAlias, TypeVar

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from claims.models import Claim, ClaimLine, ClaimPaper, Flag, Invoice, Provider
from claims.rules.evaluation import CannotAssess
from claims.selectors import asking, invoices, paying_to, valuing
from claims.selectors import intake as selectors
from claims.selectors.intake_content import Content, Fault, Look
from claims.selectors.intake_words import in_readers_language, used_already
from claims.services import checking
from claims.services.locks import lock_claim
from enrollment.models import Member
from enrollment.services import go_live
from office import access, attachments, trail
from office.attachments import CannotAttach
from office.models import Attachment, Body, Person
from office.rules import days
from office.services import rounds

ADD: Final = "claims.add_claim"
SEE_PEOPLE: Final = "enrollment.view_member"

#: Numbers are given and invoices written one claim after the other, so that no number is missing and nobody waits
#: crosswise.
LOCK: Final = "SELECT pg_advisory_xact_lock(hashtextextended('claims.intake', 0))"
DIGITS: Final = 7
TOGETHER: Final = 1_000  # rows that are written in one statement
ONE_CLAIM: Final = "invoice_serves_one_claim"
USED_BEFORE: Final = "invoice_was_used_before"

#: States from which intake voids: nothing was granted yet.
VOIDABLE: Final = ("entered", "returned", "first_check", "verification", "second_check", "head", "committee")

#: What of a claim says whom it is paid to.
PAYEE: Final = ("payee_name", "payee_relation", "payee_bank", "payee_account")

#: What of a claim is the same in every version.
LASTING: Final = frozenset({"id", "number", "body", "document", "entered_on", "entered_at"})

#: Scans and photos as they were sent.
Scans: TypeAlias = "Sequence[UploadedFile[Any]]"

Given = ParamSpec("Given")
Done = TypeVar("Done")


class CannotEnter(Exception):
    """The claim was not taken in or changed: all faults at once, each written for the clerk."""

    def __init__(self, *faults: Fault) -> None:
        self.faults = faults
        super().__init__(" ".join(one.sentence for one in faults))


class CannotHandOn(Exception):
    """The claim stays with intake; the message is written for the clerk."""


class CannotVoid(Exception):
    """The claim stays; the message is written for the clerk."""


def _refused(act: str) -> Callable[[Callable[Given, Done]], Callable[Given, Done]]:
    """A service in one transaction; a refusal is written as an act after the rollback."""

    def around(service: Callable[Given, Done]) -> Callable[Given, Done]:
        @wraps(service)
        def tried(*none: Given.args, **given: Given.kwargs) -> Done:
            try:
                with transaction.atomic(), trail.together():
                    return service(*none, **given)
            except (CannotEnter, CannotHandOn, CannotVoid) as refusal:
                told: dict[str, Any] = given
                trail.refused(act, told.get("claim"), by=told["by"], at=told["at"], reason=str(refusal))
                raise

        return tried

    return around


@_refused("claim.entered")
def enter_claim(*, content: Content, scans: Scans = (), by: Person, at: datetime) -> Claim:
    """Take a claim in, with its number of the year and its scans. Raises CannotEnter."""
    body = _desk(content, by)
    look = selectors.look(content, by=by, at=at)
    if look.faults:
        raise CannotEnter(*look.faults)
    claim = look.claim
    claim.body = body
    with _one_claim_an_invoice(content, None):
        claim.number = _next_number(days.business_day(at).year)
        claim.save(force_insert=True)
        _write_contents([look])
    _keep(claim, scans, by, at)
    trail.record("claim.entered", claim, by=by, at=at, right=ADD, **_facts(claim))
    return claim


def enter_brought(*, looks: Sequence[Look], by: Person, at: datetime) -> None:
    """Take claims in that an office brings along when it begins, all of them or none, at the body of whoever brings
    them; inside the transaction of the protocol that was signed. Raises CannotEnter."""
    desk = next((one.body for one in access.duties_of(by) if access.grants(one.duty, go_live.RIGHT)), None)
    if desk is None:
        raise CannotEnter(Fault(None, _("None of your duties allows this.")))
    year = days.business_day(at).year
    first = int(_next_number(year))
    for place, look in enumerate(looks):
        look.claim.body, look.claim.entered_by, look.claim.number = desk, by, str(first + place)
    Claim.objects.bulk_create([look.claim for look in looks], TOGETHER)
    _write_contents(looks)
    for look in looks:
        trail.record("claim.entered", look.claim, by=by, at=at, right=go_live.RIGHT, **_facts(look.claim))


@_refused("claim.changed")
def change_claim(*, claim: Claim, content: Content, seen: int, scans: Scans = (), by: Person, at: datetime) -> Claim:
    """A claim that is with intake is entered anew: a new version, old invoices free. Raises CannotEnter."""
    current = lock_claim(claim)
    if current.state not in Claim.EDITABLE:
        raise CannotEnter(Fault(None, _with_others(current)))
    if current.content_version != seen:
        raise CannotEnter(Fault(None, _("Somebody changed this claim meanwhile. Open it again.")))
    _refuse_unseen(current, by)
    _desk(content, by)
    look = selectors.look(content, by=by, at=at, but=current)
    if look.faults:
        raise CannotEnter(*look.faults)
    changed = look.claim
    changed.body_id = current.body_id
    fields = [one.name for one in Claim._meta.concrete_fields if one.name not in LASTING]
    with _one_claim_an_invoice(content, current):
        lock_intake()
        changed.save(update_fields=fields)
        Invoice.objects.filter(claim=current, is_live=True).update(is_live=False)
        _write_contents([look])
    _keep(changed, scans, by, at)
    trail.record("claim.changed", changed, by=by, at=at, right=ADD, **_facts(changed))
    return changed


@_refused("claim.handed-on")
def hand_on(*, claim: Claim, seen: int, by: Person, at: datetime) -> Any:
    """Give a claim whose papers are complete to those who check it; gives the round. Raises CannotHandOn."""
    current = lock_claim(claim)
    _refuse_unseen(current, by, CannotHandOn)
    if current.state != Claim.State.ENTERED:
        raise CannotHandOn(_with_others(current))
    if current.content_version != seen:
        raise CannotHandOn(_("Somebody changed this claim meanwhile. Open it again."))
    if (held := current.flags.holding().first()) is not None:
        raise CannotHandOn(_("This claim is held: %(reason)s") % {"reason": held.reason})
    if lacking := missing_of(current):
        names = "、".join(asking.words_of(current, one) for one in lacking)
        raise CannotHandOn(
            _("Papers are missing: %(papers)s. Print the notice with all of them; the claim waits here.")
            % {"papers": names}
        )
    try:
        current.proposed = valuing.valued(current).fund_pays
    except CannotAssess as refusal:
        raise CannotHandOn(in_readers_language(refusal)) from refusal
    _freeze_payee(current)
    checking.reroute(current)
    opened = checking.enter_step(claim=current, step=current.route[0], by=by, at=at, also=PAYEE)
    trail.record("claim.handed-on", current, by=by, at=at, right=ADD, step=current.route[0], amount=current.proposed)
    return opened


@_refused("claim.voided")
def void_claim(*, claim: Claim, reason: str, by: Person, at: datetime) -> None:
    """A claim that was taken in by mistake, or that the patient takes back, before anything is granted. Its invoices
    are free again. Raises CannotVoid."""
    if not reason.strip():
        raise CannotVoid(_("Say why."))
    current = lock_claim(claim)
    _refuse_unseen(current, by, CannotVoid)
    if current.state not in VOIDABLE:
        raise CannotVoid(_with_others(current))
    if Flag.objects.holding().filter(claim=current).exists():
        raise CannotVoid(_("This claim is held: it is not voided before that is lifted."))
    rounds.void(subject=current, by=by, at=at, reason=reason.strip()[:200])
    current.state, current.state_since = Claim.State.VOID, days.business_day(at)
    current.save(update_fields=["state", "state_since"])
    Invoice.objects.filter(claim=current, is_live=True).update(is_live=False)
    trail.record("claim.voided", current, by=by, at=at, right=ADD, reason=reason, number=current.number)


def keep_scan(*, claim: Claim, upload: UploadedFile[Any], by: Person, at: datetime) -> Attachment:
    """Keep a scan or photo with a claim that is not decided yet. Raises CannotAttach."""
    if claim.state not in VOIDABLE:
        raise CannotAttach(_("This claim is decided: nothing is put to its papers any more."))
    return attachments.keep(subject=claim, upload=upload, by=by, at=at)


def _keep(claim: Claim, scans: Scans, by: Person, at: datetime) -> None:
    try:
        for one in scans:
            keep_scan(claim=claim, upload=one, by=by, at=at)
    except CannotAttach as refusal:
        raise CannotEnter(Fault("scans", str(refusal))) from refusal


def register() -> None:
    """Called once when the app is ready: whoever sees a claim may read its files."""
    attachments.register(
        "claims.claim", lambda person, number: Claim.objects.visible_to(person).filter(pk=number).exists()
    )


def missing_of(claim: Claim) -> list[str]:
    """The papers that a claim's version still lacks, by code: neither there nor answered."""
    papers = claim.papers.filter(version=claim.content_version, is_there=False, answer="")
    return list(papers.order_by("pk").values_list("paper", flat=True))


def _freeze_payee(claim: Claim) -> None:
    """Whom a claim is paid to, as things stand when it is handed on. Raises CannotHandOn."""
    known = paying_to.name_payee(claim, is_instant=paying_to.is_instant(claim))
    if claim.payee_kind == Claim.Payee.PROVIDER and not known:
        raise CannotHandOn(
            _("%(provider)s cannot be paid any more: it has no such agreement, or no confirmed account.")
            % {"provider": claim.provider}
        )


def desks_of(by: Person) -> list[Body]:
    """The bodies at which somebody takes claims in today."""
    return list(dict.fromkeys(one.body for one in access.duties_of(by) if access.grants(one.duty, ADD)))


def _desk(content: Content, by: Person) -> Body:
    """Where a claim is taken in. A hospital takes in what it treated itself, a station the people of its townships."""
    desks = desks_of(by)
    if not desks:
        raise CannotEnter(Fault(None, _("You take no claims in today.")))
    if access.bodies_in_sight(by, ADD) is None:
        return next(one for one in desks if one.kind in access.WHOLE_COUNTY)
    hospitals = Provider.objects.filter(body__in=desks).values_list("body", flat=True)
    own = next((one for one in desks if one.pk == content.provider.body_id), None)
    if own is not None:
        return own
    station = next((one for one in desks if one.pk not in set(hospitals)), None)
    if station is None:
        raise CannotEnter(Fault("provider", _("A hospital's desk takes in its own patients' claims alone.")))
    if not Member.objects.visible_to(by, SEE_PEOPLE).filter(pk=content.member.pk).exists():
        raise CannotEnter(Fault("member", _("This person is not among those whom your office serves.")))
    return station


def _refuse_unseen(claim: Claim, by: Person, refusal: type[Exception] = CannotEnter) -> None:
    bodies = access.bodies_in_sight(by, ADD)
    if bodies is None or claim.body_id in bodies:
        return
    words = _("This claim was taken in at another desk.")
    raise CannotEnter(Fault(None, words)) if refusal is CannotEnter else refusal(words)


def _with_others(claim: Claim) -> str:
    return _("This claim is not with intake any more: %(state)s.") % {"state": claim.get_state_display()}


def lock_intake() -> None:
    """From now on nobody else gives a number or writes an invoice."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK)


def _next_number(year: int) -> str:
    """The next number of a year, under intake's lock: none is missing and none is given twice."""
    return next_numbers(year, 1)[0]


def next_numbers(year: int, count: int) -> list[str]:
    """The same for several claims at once."""
    lock_intake()
    given = Claim.objects.filter(number__startswith=str(year), number__regex=rf"^\d{{{4 + DIGITS}}}$")
    last = given.order_by("-number").values_list("number", flat=True).first()
    first = int(last[4:]) + 1 if last else 1
    return [f"{year}{number:0{DIGITS}d}" for number in range(first, first + count)]


def _write_contents(looks: Sequence[Look]) -> None:
    """Lines, invoices and papers of the claims' versions, each in one statement."""
    contents = [(look.content, look.claim) for look in looks]
    lines = (line for content, claim in contents for line in selectors.lines_of(content, claim))
    ClaimLine.objects.bulk_create(lines, TOGETHER)
    Invoice.objects.bulk_create(
        [invoice for content, claim in contents for invoice in selectors.invoices_of(content, claim)], TOGETHER
    )
    ClaimPaper.objects.bulk_create((paper for look in looks for paper in _papers(look)), TOGETHER)


def _papers(look: Look) -> Iterable[ClaimPaper]:
    claim, there, answers = look.claim, look.there, look.content.answers
    for one in look.papers:
        is_there = one.code in there
        answer = "" if is_there else answers.get(one.code, "")
        yield ClaimPaper(claim=claim, version=claim.content_version, paper=one.code, is_there=is_there, answer=answer)


@contextmanager
def _one_claim_an_invoice(content: Content, but: Claim | None) -> Iterator[None]:
    """Say in words, and of which claim, when somebody at another counter was faster with an invoice."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as refusal:
        if getattr(getattr(refusal.__cause__, "diag", None), "constraint_name", None) not in {ONE_CLAIM, USED_BEFORE}:
            raise
        raise CannotEnter(*_clashes(content, but)) from refusal


def _clashes(content: Content, but: Claim | None) -> Sequence[Fault]:
    keys = {one.key for one in content.invoices}
    return [Fault("invoices", used_already(one)) for one in invoices.taken(keys, but=but.pk if but else None)]


def _facts(claim: Claim) -> dict[str, Any]:
    return {
        "number": claim.number,
        "version": claim.content_version,
        "scheme": claim.scheme_id,
        "member": claim.member_id,
        "provider": claim.provider_id,
        "total": claim.total,
        "proposed": claim.proposed,
    }
