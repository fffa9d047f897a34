"""Drafts of benefit plans: brought in from a file or from a plan that is shipped, copied, corrected, given their paper.

How a draft is decided is the matter of adoption.py. Order of locks: the plan's rounds, the plan, its scheme.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from claims.models import BenefitPlan
from claims.rules import kinds, plans
from claims.rules.faults import Fault
from claims.selectors import plans as selectors
from enrollment.models import Scheme
from office import attachments, trail
from office.models import Person

RIGHT = "claims.change_benefitplan"

#: Why a document does not belong where it is put, in words.
UNFIT = {
    "first_is_basic": gettext_lazy("The first document of a scheme is a basic benefit, no supplement."),
    "other_scheme": gettext_lazy("A document of this kind belongs to another scheme."),
}


class CannotDraft(Exception):
    """Nothing was drafted or changed; the message is written for the accountant. `faults` are those of the document."""

    def __init__(self, message: str, faults: Sequence[Fault] = (), field: str | None = None) -> None:
        super().__init__(message)
        self.faults = tuple(faults)
        self.field = field


@dataclass(frozen=True)
class Place:
    """Where a document stands: its scheme, its place in the scheme's order, and which plan it ends earlier."""

    scheme: Scheme
    position: int = 1
    supersedes: BenefitPlan | None = None


def words_of(fault: Fault) -> str:
    """A fault of a document in the reader's language, with its place."""
    said = fault.zh if (get_language() or "zh").startswith("zh") else fault.en
    return f"{fault.path}: {said}" if fault.path else said


@transaction.atomic
def draft_plan(*, text: str, place: Place, by: Person, at: datetime, source: str = "") -> BenefitPlan:
    """Bring a document in as a draft. `source` says where it is from: a file's name, a shipped plan's code. Raises
    CannotDraft with all faults of the document."""
    fields = _fields(text, place)
    Scheme.objects.select_for_update(no_key=True).get(pk=place.scheme.pk)
    drafted = BenefitPlan.objects.create(
        version=selectors.next_version(place.scheme, fields["code"]), drafted_by=by, drafted_at=at, **fields
    )
    trail.record(
        "benefit-plan.drafted",
        drafted,
        by=by,
        at=at,
        right=RIGHT,
        scheme=place.scheme.code,
        code=drafted.code,
        version=drafted.version,
        sha256=drafted.sha256,
        source=source,
    )
    return drafted


@transaction.atomic
def copy_plan(*, plan: BenefitPlan, by: Person, at: datetime) -> BenefitPlan:
    """A draft with the document of an earlier plan, in the same place; its paper and its reasons are its own."""
    place = Place(plan.scheme, plan.position)
    drafted = draft_plan(text=plan.text, place=place, by=by, at=at, source=str(plan.pk))
    trail.record("benefit-plan.copied", drafted, by=by, at=at, right=RIGHT, copied=plan.pk)
    return drafted


@transaction.atomic
def change_document(*, plan: BenefitPlan, text: str, place: Place, seen: str, by: Person, at: datetime) -> None:
    """Correct a draft's document or its place. `seen` is what its reader saw (`seen_of`). Raises CannotDraft."""
    current = locked_draft(plan)
    if seen != seen_of(current):
        raise CannotDraft(_("Somebody changed this draft while you were editing it: compare it with what you typed."))
    fields = _fields(text, place)
    if place.scheme.pk != current.scheme_id or fields["code"] != current.code:
        Scheme.objects.select_for_update(no_key=True).get(pk=place.scheme.pk)
        fields["version"] = selectors.next_version(place.scheme, fields["code"])
    changed = [name for name, value in fields.items() if getattr(current, name) != value]
    for name, value in fields.items():
        setattr(current, name, value)
    current.accepted = _still_asked(current)
    current.save()
    if changed:
        _note_change(current, "document", by=by, at=at, sha256=current.sha256, changed=", ".join(changed))


@transaction.atomic
def note_paper(
    *, plan: BenefitPlan, number: str, day: date, scan: UploadedFile[Any] | None = None, by: Person, at: datetime
) -> None:
    """Note the county's paper that a draft rests on, and keep its scan with it. Raises CannotDraft, CannotAttach."""
    current = locked_draft(plan)
    current.paper_number, current.paper_date = number, day
    current.save(update_fields=["paper_number", "paper_date"])
    kept = attachments.keep(subject=current, upload=scan, by=by, at=at) if scan else None
    if kept and kept.media_type not in selectors.SCANS:
        raise CannotDraft(_("The scan of a paper is a picture or a PDF."), field="file")
    _note_change(current, "paper", by=by, at=at, paper=number, paper_date=day, sha256=kept.sha256 if kept else "")


@transaction.atomic
def accept_doubts(*, plan: BenefitPlan, reasons: Mapping[tuple[str, str], str], by: Person, at: datetime) -> None:
    """Say why what the adoption check asks about may stay as it is; a blank reason takes an earlier one back. `reasons`
    are by the doubt's path and Chinese words. Raises CannotDraft."""
    current = locked_draft(plan)
    before = {(one["path"], one["zh"]): one for one in current.accepted}
    current.accepted = [
        {"path": one.path, "zh": one.zh, "en": one.en, "reason": reason}
        for one in selectors.doubts_of(current)
        if (reason := reasons.get((one.path, one.zh), one.reason).strip())
    ]
    if {(one["path"], one["zh"]): one for one in current.accepted} == before:
        return
    current.save(update_fields=["accepted"])
    _note_change(current, "doubts", by=by, at=at, accepted=len(current.accepted))


def locked_draft(plan: BenefitPlan) -> BenefitPlan:
    """The plan under its lock, if it still is a draft. Raises CannotDraft."""
    current = BenefitPlan.objects.select_for_update(of=["self"]).select_related("scheme").get(pk=plan.pk)
    if current.state != BenefitPlan.State.DRAFT:
        raise CannotDraft(
            _("Only a draft is changed: this plan is %(state)s.") % {"state": current.get_state_display()}
        )
    return current


def seen_of(plan: BenefitPlan) -> str:
    """A draft's document and place as a reader saw them, in a word."""
    content = {"text": plan.text, "scheme": plan.scheme_id, "position": plan.position, "ends": plan.supersedes_id}
    return trail.hash_of(content)


def _fields(text: str, place: Place) -> dict[str, Any]:
    """What the record keeps of a document. Raises CannotDraft with every fault of it."""
    text = text.replace("\r\n", "\n").rstrip() + "\n"  # what stands before it counts for the lines of its faults
    try:
        read = plans.read(text)
    except plans.Faulty as refusal:
        message = " ".join(words_of(one) for one in refusal.faults[:3])
        raise CannotDraft(message, refusal.faults, field="text") from refusal
    if wrong := kinds.unfit(
        read.scheme,
        insures=place.scheme.insures,
        contribution=place.scheme.contribution,
        is_basic=place.scheme.is_basic,
        position=place.position,
    ):
        raise CannotDraft(str(UNFIT[wrong]), field="scheme" if wrong == "other_scheme" else "position")
    canonical = plans.written(read.tree)
    days = selectors.days_of(read)
    return {
        "scheme": place.scheme,
        "position": place.position,
        "supersedes": place.supersedes,
        "kind": read.scheme,
        "code": read.code,
        "name_zh": read.name.get("zh-hans") or read.code,
        "name_en": read.name.get("en", ""),
        "text": text,
        "canonical": canonical,
        "sha256": hashlib.sha256(canonical.encode()).hexdigest(),
        "in_force": days,
        "applies": days,
    }


def _still_asked(plan: BenefitPlan) -> list[dict[str, str]]:
    """The reasons given whose doubts the changed document still raises."""
    asked = {(one.path, one.zh) for one in selectors.doubts_of(plan)}
    return [one for one in plan.accepted if (one["path"], one["zh"]) in asked]


def _note_change(plan: BenefitPlan, part: str, *, by: Person, at: datetime, **facts: Any) -> None:
    trail.record("benefit-plan.changed", plan, by=by, at=at, right=RIGHT, part=part, **facts)
