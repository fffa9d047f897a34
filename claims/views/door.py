"""The hospitals' door (医院接口): covered or not, what would be paid, a claim handed in, how it stands
(docs/hospital-door.md)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Header, Path, Status

from claims.door_words import CannotAnswer
from claims.forms import door as forms
from claims.forms.door_content import content_of
from claims.rules import door as rules
from claims.selectors import door as selectors
from claims.selectors import intake as looking
from claims.selectors.intake_words import why_not
from claims.services import door, intake
from claims.services.door import Caller, Sent
from claims.views.door_api import api, caller_of, refusals
from enrollment.models import Scheme
from enrollment.selectors.coverage import coverage_on
from office import history, trail
from office.pages import address

ELIGIBILITY, PREVIEWED, CLAIM_READ = "door.eligibility-read", "door.claim-previewed", "door.claim-read"


@api.post(
    "/eligibility",
    response={200: forms.Eligibility, **refusals(404, 422)},
    summary="Whether a person is covered on a day, and why",
    operation_id="eligibility",
    url_name="eligibility",
)
def eligibility(request: HttpRequest, asked: forms.EligibilityAsked) -> Any:
    """The person is found by his whole ID number and his name together. A reading is written in the trail."""
    with _called(request, ELIGIBILITY) as (caller, at):
        if strange := list(selectors.strange_days([("on", asked.on)])):
            raise CannotAnswer("day_refused", errors=strange)
        member = selectors.patient(asked.patient.id_number, asked.patient.name)
        found = coverage_on(member, asked.on)
        trail.read(
            ELIGIBILITY, member, by=caller.person, at=at, begins=caller.token.prefix, on=asked.on, covered=found.covered
        )
        schemes = [_scheme(one.scheme) for one in found.coverages] if found.covered else []
        names = "、".join(one["name"] for one in schemes)
        words = _("covered by %(schemes)s") % {"schemes": names} if found.covered else why_not(found, member)
        why = "covered" if found.covered else found.why
        return {"on": asked.on, "covered": found.covered, "why": why, "words": words, "schemes": schemes}


@api.post(
    "/previews",
    response={200: forms.Preview, **refusals(404, 422)},
    summary="What would be paid of a claim",
    operation_id="preview",
    url_name="preview",
)
def preview(request: HttpRequest, asked: forms.ClaimAsked) -> Any:
    """Computed by the plans of the day and the person's counters as they stand now; nothing is written but the reading.
    What bars the claim is named at once, all of it."""
    with _called(request, PREVIEWED) as (caller, at):
        content = content_of(asked, caller.token.provider)
        look = looking.look(content, by=caller.person, at=at)
        trail.read(PREVIEWED, content.member, by=caller.person, at=at, begins=caller.token.prefix, total=content.total)
        errors = selectors.faults_of(look.faults, content, caller.person)
        return {
            "would_be_taken": not errors,
            "scheme": _scheme(look.scheme) if look.scheme else None,
            "errors": errors,
            "notes": selectors.told_of(look, caller.person),
            "papers_missing": door.papers([one.code for one in look.missing]),
            "payment": _payment(look.answer) if look.answer else None,
        }


@api.post(
    "/claims",
    response={201: forms.HandedIn, **refusals(404, 409, 422)},
    summary="Hand a claim in",
    operation_id="hand_in",
    url_name="claims",
)
def hand_in(
    request: HttpRequest,
    response: HttpResponse,
    key: Annotated[forms.Key, Header(alias="Idempotency-Key", description="the hospital's own; one for each claim")],
    asked: forms.ClaimHandedIn,
) -> Any:
    """Entered by the same rules as at the counter. Sent again with the same key, the same request gets the same answer
    and the claim is there once. With `hand_on` it goes to those who check it, where all its papers are there."""
    with _called(request, door.HANDED_IN) as (caller, at):
        sent = Sent(key, rules.hash_of_request("POST", request.path, asked.model_dump(mode="json")))
        done = door.answered(caller=caller, sent=sent, at=at)
        if done is None:
            content = content_of(asked, caller.token.provider)
            done = door.hand_in(caller=caller, sent=sent, content=content, hand_on=asked.hand_on, at=at)
        response.headers["Location"] = f"{request.path}/{done.answer['number']}"
        response.headers["Idempotency-Replayed"] = "true" if done.again else "false"
        return Status(done.status, done.answer)


@api.get(
    "/claims/{number}",
    response={200: forms.Standing, **refusals(404)},
    summary="How one of the hospital's own claims stands",
    operation_id="standing",
    url_name="claim",
)
def standing(request: HttpRequest, number: Annotated[forms.Number, Path(description="the claim's number")]) -> Any:
    """Claims of other hospitals, or taken in at other desks, are as unknown as those that do not exist."""
    with _called(request, CLAIM_READ) as (caller, at):
        claim = selectors.claim_of(caller.token, number)
        trail.read(CLAIM_READ, claim, by=caller.person, at=at, begins=caller.token.prefix)
        return selectors.standing(claim) | {"papers_missing": door.papers(intake.missing_of(claim))}


@contextmanager
def _called(request: HttpRequest, act: str) -> Iterator[tuple[Caller, datetime]]:
    """Who asks and when; what changes is his hands' work, what is refused is an act."""
    caller, at = caller_of(request), timezone.now()
    acting = history.acting(by=caller.person, address=address.of(request), work=f"door {caller.token.prefix}")
    with door.answering(caller, act, at), acting:
        yield caller, at


def _scheme(scheme: Scheme) -> dict[str, str]:
    return {"code": scheme.code, "name": scheme.name}


def _payment(answer: Any) -> dict[str, Any]:
    names = ("total", "eligible", "own_items", "fund_pays", "hospital_bears", "other_payers", "patient_pays")
    layers = [{"layer": one.code, "fund": one.fund, "pays": one.pays} for one in answer.layers if one.holds]
    return {name: getattr(answer, name) for name in names} | {"layers": layers}
