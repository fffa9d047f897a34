"""Appeals (复议): taken down once and in time, decided by two others, and what comes of it (docs/rules/appeals.md).

Order of locks: the appeal's rounds and the appeal, then the claim's rounds, the claim and the person as everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.deciding import CLAIMS
from claims.models import Appeal, Claim, RestoredCut, TimeLimit
from claims.rules.evaluation import CannotAssess
from claims.selectors import appeals as selectors
from claims.selectors import publicity
from claims.selectors.appeals import Window
from claims.selectors.intake_words import in_readers_language
from claims.services import before, granting
from claims.services.granting import CannotGrant
from claims.services.locks import MovedMeanwhile, lock_claim
from enrollment.services.keeping import CannotKeep
from office import deciding, trail
from office.deciding import Matter
from office.models import Duty, Person
from office.models.rounds import Outcome
from office.rules import days, money
from office.rules.rounds import Required
from office.services import rounds
from office.services.rounds import CannotVote

RIGHT: Final = "claims.add_appeal"
VIEW: Final = "claims.view_appeal"
State = Appeal.State
#: Two of those who decide at the end of a route, and none who decided this claim.
BY_TWO_OTHERS: Final = Required(
    rule="claims.appeal-by-two-others",
    version="1",
    duties=(Duty.SECOND_CHECKER, Duty.OFFICE_HEAD, Duty.ACCOUNTING_HEAD),
    count=2,
    quorum=2,
)


@dataclass(frozen=True)
class Filed:
    """An appeal as it was filed; `restored` is what is asked back of which cut, by the cut's number, in yuan."""

    by_name: str
    relation: str
    grounds: str
    filed_on: date
    phone: str = ""
    restored: Mapping[int, Decimal] = field(default_factory=dict)


@transaction.atomic
def receive(*, claim: Claim, filed: Filed, by: Person, at: datetime) -> Appeal:
    """Take an appeal down: once a claim, within the days counted from the service of its decision. Raises
    CannotKeep."""
    current = lock_claim(claim)
    desk = before.desk_of(by, RIGHT)
    window = _window(current, filed, by, at)
    within = publicity.days_for(current.scheme, TimeLimit.Kind.APPEAL_ANSWERED, filed.filed_on)
    taken = Appeal.objects.create(
        number=before.next_number(Appeal, "FY", days.business_day(at)),
        claim=current,
        body=desk,
        told_on=window.told_on,
        filed_on=filed.filed_on,
        by_name=before.said(filed.by_name, "by_name"),
        relation=before.said(filed.relation, "relation"),
        phone=filed.phone.strip(),
        grounds=before.said(filed.grounds, "grounds"),
        answer_by=filed.filed_on + timedelta(days=within),
        entered_by=by,
        entered_at=at,
    )
    RestoredCut.objects.bulk_create(_restored(taken, current, filed.restored))
    trail.record("appeal.received", taken, by=by, at=at, right=RIGHT, claim=current.pk, asked=asked_back(taken))
    rounds.open_round(subject=taken, by=by, at=at)
    return taken


def _window(claim: Claim, filed: Filed, by: Person, at: datetime) -> Window:
    """The decision that is appealed. Raises CannotKeep where it cannot be."""
    if not Claim.objects.visible_to(by, RIGHT).filter(pk=claim.pk).exists():
        raise CannotKeep(_("This claim was taken in at another desk."))
    if (known := Appeal.objects.filter(claim=claim).first()) is not None:
        raise CannotKeep(_("A claim is appealed once: %(appeal)s was filed already.") % {"appeal": known})
    is_cut = claim.state in selectors.GRANTED and selectors.cuts_of(claim)
    if claim.state != Claim.State.REFUSED and not is_cut:
        raise CannotKeep(_("An appeal is against cuts or a refusal: this claim has none that stands."))
    window = selectors.window_of(claim)
    if window is None:
        raise CannotKeep(_("The decision was not served yet: its days run from the day of service."))
    before.refuse_days(window.told_on, filed.filed_on, at=at, field="filed_on")
    if filed.filed_on > window.until:
        words = {"day": window.told_on.isoformat(), "until": window.until.isoformat()}
        raise CannotKeep(
            _("Too late: the decision was served on %(day)s and could be appealed until %(until)s.") % words, "filed_on"
        )
    return window


def _restored(taken: Appeal, claim: Claim, asked: Mapping[int, Decimal]) -> list[RestoredCut]:
    """What is asked back, line by line; of a refusal the whole. Raises CannotKeep."""
    if claim.state == Claim.State.REFUSED:
        if asked:
            raise CannotKeep(_("A refusal is appealed as a whole."))
        return []
    cuts = {one.pk: one for one in selectors.cuts_of(claim)}
    if not asked or not set(asked) <= set(cuts):
        raise CannotKeep(_("Say which cuts are asked back, and how much of each."))
    for number, amount in asked.items():
        cut = cuts[number]
        if not 0 < amount <= cut.amount:
            raise CannotKeep(
                _("Line %(line)s, %(item)s: between 0.01 and %(cut)s can be asked back.")
                % {"line": cut.line.position, "item": cut.line.name, "cut": cut.amount}
            )
    return [RestoredCut(appeal=taken, cut=cuts[number], amount=amount) for number, amount in sorted(asked.items())]


@transaction.atomic
def withdraw(*, appeal: Appeal, by: Person, at: datetime) -> Appeal:
    """Whoever filed it takes it back before it is decided; it was the claim's one appeal. Raises CannotKeep."""
    rounds.void(subject=appeal, by=by, at=at, reason=_("The appeal was withdrawn."))
    current = Appeal.objects.select_for_update(of=["self"]).get(pk=appeal.pk)
    if current.state != State.RECEIVED:
        raise CannotKeep(_("This appeal is %(state)s.") % {"state": current.get_state_display()})
    current.state = State.WITHDRAWN
    current.save(update_fields=["state"])
    trail.record("appeal.withdrawn", current, by=by, at=at, right=RIGHT)
    return current


def register() -> None:
    """Called once when the app is ready."""
    deciding.register(
        Matter(
            model=Appeal,
            family=CLAIMS,
            title=gettext_lazy("Appeal"),
            content=content,
            rows=rows,
            decided=_decided,
            required=lambda appeal: BY_TWO_OTHERS,
            barred=selectors.barred,
            amount=asked_back,
            page="claims:appeal",
        )
    )


def asked_back(appeal: Appeal) -> Decimal:
    """What is asked back in all: the cuts, or of a refusal the whole cost."""
    if appeal.claim.state == Claim.State.REFUSED:
        return appeal.claim.total
    return sum((one.amount for one in appeal.restored.all()), Decimal(0))


def content(appeal: Appeal) -> Mapping[str, object]:
    """What a vote on an appeal is about."""
    restored = appeal.restored.order_by("cut").values_list("cut", "amount")
    return {
        "number": appeal.number,
        "claim": appeal.claim.number,
        "version": appeal.claim.content_version,
        "told": appeal.told_on,
        "filed": appeal.filed_on,
        "by": appeal.by_name,
        "relation": appeal.relation,
        "grounds": appeal.grounds,
        "restored": "\n".join(f"{cut}:{amount}" for cut, amount in restored),
    }


def rows(appeal: Appeal) -> Sequence[tuple[str, str]]:
    """What a voter reads, and what the answer says of the appeal."""
    claim = appeal.claim
    return [
        (_("number of the claim"), claim.number),
        (_("patient"), claim.member.name),
        (_("provider"), claim.provider.name),
        (_("total cost"), money.shown(claim.total)),
        (_("decision served on"), appeal.told_on.isoformat()),
        (_("filed on"), appeal.filed_on.isoformat()),
        (_("filed by"), f"{appeal.by_name} · {appeal.relation}"),
        (_("asked back"), money.shown(asked_back(appeal))),
        (_("grounds"), appeal.grounds),
        (_("answer until"), appeal.answer_by.isoformat()),
    ]


def _decided(appeal: Appeal, outcome: str, by: Person, at: datetime) -> str:
    if outcome not in {Outcome.APPROVED, Outcome.REFUSED}:
        rounds.open_round(subject=appeal, by=appeal.entered_by, at=at)
        return _("The two do not agree: the appeal is decided once more.")
    claim = lock_claim(appeal.claim)
    appeal.state = State.WON if outcome == Outcome.APPROVED else State.LOST
    appeal.save(update_fields=["state"])
    told = _won(appeal, claim, by, at) if appeal.state == State.WON else ""
    trail.record("appeal.decided", appeal, by=by, at=at, outcome=outcome, claim=claim.pk)
    return told


def _won(appeal: Appeal, claim: Claim, by: Person, at: datetime) -> str:
    """What a won appeal brings. What keeps it from that takes the vote back (CannotVote)."""
    try:
        if claim.state == Claim.State.REFUSED:
            granting.bring_back(claim, at=at)
            return _("The claim is with intake again; its whole route follows, with others.")
        given = granting.grant(appeal, claim, by=by, at=at)
    except CannotAssess as refusal:
        raise CannotVote(in_readers_language(refusal)) from refusal
    except (CannotGrant, MovedMeanwhile) as refusal:
        raise CannotVote(str(refusal)) from refusal
    trail.record(
        "appeal.granted", claim, by=by, at=at, subject_hash=given.sha256, appeal=appeal.pk, fund_adds=given.fund_adds
    )
    return _("The funds add %(amount)s yuan.") % {"amount": given.fund_adds}
