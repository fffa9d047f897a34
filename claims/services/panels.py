"""Sessions of the expert panel (专家评审会): one writes the minutes, a second confirms them, then cards are given.

Order of locks: the panel's rounds, the panel, its applications by id.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.deciding import CLAIMS
from claims.models import CertificateApplication, ChronicCertificate, Disease, ExpertPanel, PanelFinding
from claims.services import before, certificates
from enrollment.models import Scheme
from enrollment.services.keeping import CannotKeep, refusing
from office import deciding, trail, words
from office.deciding import CannotWithdraw, Matter
from office.models import Duty, Person
from office.models.rounds import Choice, Outcome
from office.rules import days
from office.rules.rounds import Required
from office.services import rounds

RIGHT = "claims.add_expertpanel"
BY_A_SECOND = Required(
    rule="claims.panel-minutes-by-a-second", version="1", duties=(Duty.SECOND_CHECKER, Duty.OFFICE_HEAD)
)


@dataclass(frozen=True)
class Finding:
    """What the panel found: certified for a disease and some days, refused or put off with the reason."""

    outcome: str
    disease: Disease | None = None
    first: date | None = None
    last: date | None = None
    words: str = ""


@transaction.atomic
def hold(*, scheme: Scheme, held_on: date, place: str, experts: str, by: Person, at: datetime) -> ExpertPanel:
    """Begin the minutes of a session. Raises CannotKeep."""
    before.refuse_days(held_on, held_on, at=at, field="held_on")
    panel = ExpertPanel.objects.create(
        scheme=scheme,
        held_on=held_on,
        place=before.said(place, "place"),
        experts=before.said(experts, "experts"),
        entered_by=by,
        entered_at=at,
    )
    trail.record("expert-panel.held", panel, by=by, at=at, right=RIGHT, scheme=scheme.code, held_on=held_on)
    return panel


@transaction.atomic
def find(
    *, panel: ExpertPanel, application: CertificateApplication, finding: Finding, by: Person, at: datetime
) -> PanelFinding:
    """Write into open minutes what the panel found of an application, or correct it. Raises CannotKeep."""
    current = _open(panel)
    asked = CertificateApplication.objects.select_related("disease", "scheme").get(pk=application.pk)
    if asked.state != CertificateApplication.State.CHECKED or asked.scheme_id != current.scheme_id:
        raise CannotKeep(_("This application does not wait for this panel."))
    disease = finding.disease or asked.disease
    approved = finding.outcome == PanelFinding.Outcome.APPROVED
    valid = None
    if approved:
        certificates.listing_of(asked.scheme, disease, current.held_on)
        valid = _valid(finding, current.held_on)
    else:
        before.said(finding.words, "words")
    known = PanelFinding.objects.filter(panel=current, application=asked).first()
    found = known or PanelFinding(panel=current, application=asked)
    found.outcome, found.disease, found.valid, found.words = finding.outcome, disease, valid, finding.words.strip()
    found.save()
    trail.record(
        "expert-panel.found", current, by=by, at=at, right=RIGHT, reason=found.words, application=asked.number,
        outcome=found.outcome,
    )  # fmt: skip
    return found


@transaction.atomic
def propose(*, panel: ExpertPanel, by: Person, at: datetime) -> None:
    """Give the minutes to whoever confirms them. Raises CannotKeep."""
    current = _open(panel)
    if not current.findings.exists():
        raise CannotKeep(_("The panel has found nothing yet."))
    _move(current, ExpertPanel.State.PROPOSED)
    rounds.open_round(subject=current, by=by, at=at)
    trail.record("expert-panel.proposed", current, by=by, at=at, right=RIGHT, findings=current.findings.count())


@transaction.atomic
def withdraw(*, panel: ExpertPanel, by: Person, at: datetime) -> None:
    """The session did not take place: its minutes end before they were proposed. Raises CannotKeep."""
    current = _open(panel)
    _move(current, ExpertPanel.State.WITHDRAWN)
    trail.record("expert-panel.withdrawn", current, by=by, at=at, right=RIGHT)


def register() -> None:
    """Called once when the app is ready."""
    deciding.register(
        Matter(
            model=ExpertPanel,
            family=CLAIMS,
            title=gettext_lazy("Minutes of the expert panel"),
            content=content,
            rows=rows,
            decided=_decided,
            required=lambda panel: BY_A_SECOND,
            barred=lambda panel: [panel.entered_by],
            choices=(Choice.APPROVE, Choice.RETURN),
            page="claims:panel",
            withdraw=_no_way_back,
        )
    )


def content(panel: ExpertPanel) -> Mapping[str, object]:
    """What a vote on minutes is about: the session and every finding."""
    told: dict[str, object] = {
        "scheme": panel.scheme.code,
        "held": panel.held_on,
        "place": panel.place,
        "experts": panel.experts,
    }
    for one in findings_of(panel):
        until = one.valid.upper if one.valid else ""
        since = one.valid.lower if one.valid else ""
        told[one.application.number] = f"{one.outcome} {one.disease.code} {since} {until} {one.words}"
    return told


def rows(panel: ExpertPanel) -> Sequence[tuple[str, str]]:
    """What a voter reads."""
    told = [
        (_("scheme"), panel.scheme.name),
        (_("held on"), panel.held_on.isoformat()),
        (_("place of the session"), panel.place),
        (_("experts"), "、".join(panel.experts.split("\n"))),
    ]
    for one in findings_of(panel):
        days_of = words.period(one.valid) if one.valid else one.words
        who = f"{one.application.number} {one.application.member.name}"
        told.append((who, f"{one.get_outcome_display()} · {one.disease} · {days_of}"))
    return told


def findings_of(panel: ExpertPanel) -> list[PanelFinding]:
    """The findings of a panel in the order of their applications."""
    found = panel.findings.select_related("application__member", "disease")
    return list(found.order_by("application"))


def _decided(panel: ExpertPanel, outcome: str, by: Person, at: datetime) -> str:
    """Confirmed, those who were certified get their cards; returned, the minutes are open again."""
    if outcome != Outcome.APPROVED:
        if outcome == Outcome.RETURNED:
            _move(panel, ExpertPanel.State.OPEN)
        return ""
    _move(panel, ExpertPanel.State.CONFIRMED)
    found = findings_of(panel)
    numbers = [one.application_id for one in found]
    locked = CertificateApplication.objects.select_for_update(of=["self"]).filter(pk__in=numbers).order_by("pk")
    asked = {one.pk: one for one in locked}
    given = 0
    for one in found:
        if one.outcome == PanelFinding.Outcome.APPROVED:
            _certify(one, asked[one.application_id], days.business_day(at))
            given += 1
        elif one.outcome == PanelFinding.Outcome.REFUSED:
            _move(asked[one.application_id], CertificateApplication.State.REFUSED)
    trail.record("expert-panel.confirmed", panel, by=by, at=at, certified=given, findings=len(found))
    return ""


def _certify(finding: PanelFinding, asked: CertificateApplication, today: date) -> None:
    _move(asked, CertificateApplication.State.CERTIFIED)
    valid = finding.valid
    taken = _("%(name)s has a certificate of this disease for some of these days.") % {"name": asked.member.name}
    listed = certificates.listing_of(asked.scheme, finding.disease, finding.panel.held_on)
    try:
        with refusing("chronic_certificates_never_overlap", lambda: taken, "first"):
            ChronicCertificate.objects.create(
                number=before.next_number(ChronicCertificate, "MZ", today),
                finding=finding,
                scheme=asked.scheme,
                member=asked.member,
                body=asked.body,
                disease=finding.disease,
                group=listed.group,
                period=valid,
                review_by=min(certificates.a_year_after(valid.lower), valid.upper),
                given_on=today,
            )
    except CannotKeep as refusal:
        raise rounds.CannotVote(str(refusal)) from refusal


def _valid(finding: Finding, held_on: date) -> DateRange:
    if finding.first is None or finding.last is None:
        raise CannotKeep(_("Say from when until when it is valid."), "first")
    if finding.last < finding.first:
        raise CannotKeep(_("This day lies before %(since)s.") % {"since": finding.first.isoformat()}, "last")
    if finding.first < held_on:
        raise CannotKeep(_("A certificate begins with the panel at the earliest."), "first")
    return DateRange(finding.first, finding.last + timedelta(days=1))


def _open(panel: ExpertPanel) -> ExpertPanel:
    current = ExpertPanel.objects.select_for_update(of=["self"]).get(pk=panel.pk)
    if current.state != ExpertPanel.State.OPEN:
        raise CannotKeep(
            _("The minutes of this panel are not open: they are %(state)s.") % {"state": current.get_state_display()}
        )
    return current


def _no_way_back(panel: ExpertPanel, by: Person, at: datetime) -> None:
    raise CannotWithdraw(_("Minutes that wait are confirmed or sent back."))


def _move(record: ExpertPanel | CertificateApplication, state: str) -> None:
    record.state = state
    record.save(update_fields=["state"])
