"""What followed a claim's decision: written answers and how they were served, lists on which it was posted, objections
to them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import OuterRef
from django.utils.translation import gettext as _

from claims.models import Claim, DecisionNotice, Objection, PublicityEntry, PublicityList
from claims.selectors.written import read, written


@dataclass(frozen=True)
class Followed:
    """Something that followed: what it is, its number, what to know of it, its page, and who may open that."""

    title: str
    number: str
    told: str
    page: str
    pk: int
    right: str
    tone: str = "done"


def after(claim: Claim) -> list[Followed]:
    """What followed a claim's decision, in one statement; the earliest of each kind first."""
    notices = DecisionNotice.objects.filter(claim=OuterRef("pk")).order_by("pk")
    entries = PublicityEntry.objects.filter(claim=OuterRef("pk")).order_by("pk")
    objections = Objection.objects.filter(entry__claim=OuterRef("pk")).order_by("pk")
    found = Claim.objects.filter(pk=claim.pk).values_list(
        written(notices, "pk", "number", "issued_on", "served_on"),
        written(entries, "list", "list__number", "list__state", "list__posted_until"),
        written(objections, "pk", "number", "result", "answer_by"),
    )
    issued, posted, objected = found.get()
    return [*_notices(issued), *_lists(posted), *_objections(objected)]


def _notices(lines: Iterable[str]) -> list[Followed]:
    title, right = str(DecisionNotice._meta.verbose_name), "claims.view_decisionnotice"
    found = []
    for pk, number, issued_on, served_on in map(read, lines):
        served = _("served on %(day)s") % {"day": served_on} if served_on else _("not served yet")
        told = f"{_issued(issued_on)} · {served}"
        tone = "done" if served_on else "waiting"
        found.append(Followed(title, number, told, "claims:notice_print", int(pk), right, tone))
    return found


def _issued(day: str) -> str:
    return _("issued on %(day)s") % {"day": day}


def _lists(lines: Iterable[str]) -> list[Followed]:
    title, right = str(PublicityList._meta.verbose_name), "claims.view_publicitylist"
    words, tones = dict(PublicityList.State.choices), {"over": "done", "void": "failed"}
    found = []
    for pk, number, state, until in map(read, lines):
        told = [str(words[state]), *([_("hangs until %(day)s") % {"day": until}] if until else [])]
        tone = tones.get(state, "waiting")
        found.append(Followed(title, number, " · ".join(told), "claims:publicity_list", int(pk), right, tone))
    return found


def _objections(lines: Iterable[str]) -> list[Followed]:
    title, right = str(Objection._meta.verbose_name), "claims.view_objection"
    words, tones = dict(Objection.Result.choices), {"dismissed": "done", "upheld": "failed"}
    return [
        Followed(
            title,
            number,
            str(words[result]) if result else _("answer until %(day)s") % {"day": until},
            "claims:objection",
            int(pk),
            right,
            tones.get(result, "waiting"),
        )
        for pk, number, result, until in map(read, lines)
    ]
