"""What reviewing has waiting: claims that are with intake, drafts of benefit plans that nobody has proposed yet."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from claims.models import BenefitPlan, Claim, ClaimPaper, ClaimsRound, Verification
from claims.selectors import checking
from claims.services import intake, plans, verification
from office import desk
from office.models import Person
from office.rules import days, money
from office.rules.days import SHANGHAI

STATE = BenefitPlan.State.DRAFT


def register() -> None:
    """Called once when the app is ready."""
    desk.register(
        desk.Worklist(
            name="claims.intake",
            title=gettext_lazy("Claims with intake: to hand on, papers missing, returned"),
            icon="inbox",
            right=intake.ADD,
            url=lambda: reverse("office:worklist", args=["claims.intake"]),
            waiting=with_intake,
            takes={Claim: still_with_intake},
        )
    )
    desk.register(
        desk.Worklist(
            name="claims.checks",
            title=gettext_lazy("Claims to check and decide"),
            icon="circle-check",
            right="claims.view_claim",
            url=lambda: reverse("office:worklist", args=["claims.checks"]),
            waiting=to_check,
            takes={ClaimsRound: still_to_check},
        )
    )
    desk.register(
        desk.Worklist(
            name="claims.verification",
            title=gettext_lazy("Claims to verify with the hospital"),
            icon="inbox",
            right=verification.RIGHT,
            url=lambda: reverse("office:worklist", args=["claims.verification"]),
            waiting=to_verify,
            takes={Claim: still_to_verify},
        )
    )
    desk.register(
        desk.Worklist(
            name="claims.drafts",
            title=gettext_lazy("Benefit plans in draft"),
            icon="file-alert",
            right=plans.RIGHT,
            url=lambda: f"{reverse('claims:plans')}?state={STATE}",
            waiting=drafts,
            takes={BenefitPlan: still_drafts},
        )
    )


def with_intake(person: Person, look: desk.Look) -> desk.Waiting:
    """Claims that nobody has handed on yet, and those that came back."""
    found = _with_intake(Claim.objects.visible_to(person, intake.ADD))
    waiting = look.over(found.order_by("entered_at", "pk"), _claim_lines)
    return replace(waiting, amount=found.order_by().aggregate(all=Sum("total"))["all"])


def still_with_intake(numbers: Collection[str]) -> list[desk.Item]:
    """Of some claims those that are with intake still."""
    found = _with_intake(Claim.objects.filter(pk__in=numbers))
    return desk.lines_with_subjects(list(found), _claim_lines)


def _with_intake(claims: QuerySet[Claim]) -> QuerySet[Claim]:
    """Each with `missing`: how many papers are not there."""
    papers = ClaimPaper.objects.filter(claim=OuterRef("pk"), version=OuterRef("content_version"), is_there=False)
    missing = Subquery(papers.order_by().values("claim").annotate(all=Count("pk")).values("all"))
    return (
        claims.filter(state__in=Claim.EDITABLE)
        .annotate(missing=Coalesce(missing, 0))
        .select_related("member", "provider")
    )


def _claim_lines(some: Sequence[Any]) -> list[desk.Item]:
    return [
        desk.Item(
            f"{one.number} {one.member.name} · {one.provider}",
            reverse("claims:claim", args=[one.pk]),
            one.entered_at,
            _what_is_asked(one),
        )
        for one in some
    ]


def _what_is_asked(one: Any) -> str:
    if one.state == Claim.State.RETURNED:
        return str(one.get_state_display())
    if one.missing:
        return ngettext("%(papers)s paper is missing", "%(papers)s papers are missing", one.missing) % {
            "papers": one.missing
        }
    return _("to hand on")


def to_check(person: Person, look: desk.Look) -> desk.Waiting:
    """Steps of claims that wait for this person's decision."""
    found = checking.waiting_for(person, look.today)
    waiting = look.over(found, _check_lines)
    return replace(waiting, amount=found.order_by().aggregate(all=Sum("amount"))["all"])


def still_to_check(numbers: Collection[str]) -> list[desk.Item]:
    """Of some steps those that nobody has decided yet."""
    found = ClaimsRound.objects.filter(subject_type="claims.claim", state="open", pk__in=numbers)
    return desk.lines_with_subjects(list(found), _check_lines)


def _check_lines(some: Sequence[ClaimsRound]) -> list[desk.Item]:
    claims = checking.claims_of(some)
    return [
        desk.Item(
            f"{claims[one.subject_id].number} {claims[one.subject_id].member.name} · {claims[one.subject_id].provider}",
            reverse("claims:claim", args=[one.subject_id]),
            one.opened_at,
            "" if one.amount is None else _("proposed payment %(amount)s") % {"amount": money.shown(one.amount)},
        )
        for one in some
    ]


def to_verify(person: Person, look: desk.Look) -> desk.Waiting:
    """Claims whose hospital is to be asked, or has not answered."""
    found = Claim.objects.visible_to(person, verification.RIGHT)
    return look.over(_to_verify(found).order_by("state_since", "pk"), _verify_lines)


def still_to_verify(numbers: Collection[str]) -> list[desk.Item]:
    """Of some claims those about which the hospital is asked still."""
    return desk.lines_with_subjects(list(_to_verify(Claim.objects.filter(pk__in=numbers))), _verify_lines)


def _to_verify(claims: QuerySet[Claim]) -> QuerySet[Claim]:
    """Each with `late_on`: the earliest deadline of a letter that is not answered."""
    unanswered = Verification.objects.filter(claim=OuterRef("pk"), outcome="").order_by("deadline_on")
    found = claims.filter(state=Claim.State.VERIFICATION).annotate(
        late_on=Subquery(unanswered.values("deadline_on")[:1])
    )
    return found.select_related("member", "provider")


def _verify_lines(some: Sequence[Any]) -> list[desk.Item]:
    return [
        desk.Item(
            f"{one.number} {one.member.name} · {one.provider}",
            reverse("claims:claim", args=[one.pk]),
            datetime.combine(one.state_since, time.min, SHANGHAI),
            _answer_awaited(one.late_on),
        )
        for one in some
    ]


def _answer_awaited(until: date | None) -> str:
    """Until when a letter is to be answered, or that the day has passed."""
    if until is None:
        return ""
    is_over = until < days.business_day(timezone.now())
    words = _("deadline of the letter passed on %(day)s") if is_over else _("answer until %(day)s")
    return words % {"day": until}


def drafts(person: Person, look: desk.Look) -> desk.Waiting:
    """Drafts that wait to be completed and proposed."""
    return look.over(BenefitPlan.objects.filter(state=STATE).select_related("drafted_by").order_by("pk"), _lines)


def still_drafts(numbers: Collection[str]) -> list[desk.Item]:
    """Of some plans those that are drafts still."""
    found = BenefitPlan.objects.filter(state=STATE, pk__in=numbers).select_related("drafted_by")
    return desk.lines_with_subjects(list(found), _lines)


def _lines(some: Sequence[BenefitPlan]) -> list[desk.Item]:
    return [
        desk.Item(str(one), reverse("claims:plan", args=[one.pk]), one.drafted_at, one.drafted_by.full_name)
        for one in some
    ]
