"""What reviewing has waiting: drafts of benefit plans that nobody has proposed yet."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.urls import reverse
from django.utils.translation import gettext_lazy

from claims.models import BenefitPlan
from claims.services import plans
from office import desk
from office.models import Person

STATE = BenefitPlan.State.DRAFT


def register() -> None:
    """Called once when the app is ready."""
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
