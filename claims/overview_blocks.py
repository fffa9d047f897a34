"""What claims shows the head of the office: where claims wait, hospitals above their average, what was decided lately,
what is past its time limit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims import deciding
from claims.models import Appeal, ChronicCertificate, Objection, Step, Verification
from claims.selectors import appeals as appeal_selectors
from claims.selectors import costs, publicity, standing
from claims.services import appeals as appealing
from claims.services import objections as objecting
from office import desk, overview
from office.models import Person
from office.rules import bars, days

RIGHT: Final = standing.RIGHT
SEE_CERTIFICATES: Final = "claims.view_chroniccertificate"
DAYS: Final = 7
HOSPITALS: Final = 10
ONE_DAY: Final = timedelta(days=1)
#: Rounds of which there are hundreds a day: the days' table counts them.
MANY: Final = Q(subject_type="claims.claim", step__in=[Step.FIRST_CHECK, Step.SECOND_CHECK])


def register() -> None:
    """Called once when the app is ready."""
    folder = "claims/overview"
    for name, title, order, shows in (
        ("claims.steps", gettext_lazy("Claims by step"), 30, steps),
        ("claims.costs", gettext_lazy("Hospitals above their average"), 40, hospitals),
        ("claims.days", gettext_lazy("Claims decided in the last seven days"), 80, lately),
    ):
        template = f"{folder}/_{name.partition('.')[2]}.html"
        overview.register(overview.Block(name, title, RIGHT, order, template, shows, wide=order != 80))  # noqa: PLR2004
    overview.register_late(
        overview.Late(
            name="claims.letters",
            title=gettext_lazy("Letters of inquiry that hospitals have not answered"),
            right=RIGHT,
            url=lambda: f"{reverse('claims:claims')}?state=verification",
            waiting=letters,
        )
    )
    overview.register_late(
        overview.Late(
            name="claims.reviews",
            title=gettext_lazy("Certificates whose yearly review is overdue"),
            right=SEE_CERTIFICATES,
            url=lambda: f"{reverse('claims:certificates')}?standing=review",
            waiting=reviews,
        )
    )
    overview.register_late(
        overview.Late(
            name="claims.objections",
            title=gettext_lazy("Objections that are not answered in time"),
            right=objecting.VIEW,
            url=lambda: f"{reverse('claims:objections')}?stage=late",
            waiting=objections,
        )
    )
    overview.register_late(
        overview.Late(
            name="claims.appeals",
            title=gettext_lazy("Appeals that are not answered in time"),
            right=appealing.VIEW,
            url=lambda: f"{reverse('claims:appeals')}?state=late",
            waiting=appeals,
        )
    )
    overview.register_decisions(deciding.CLAIMS, but=MANY)


def steps(person: Person, at: datetime) -> Mapping[str, Any]:
    """Where claims wait, how many, of what amount, since when."""
    found = standing.by_step(person, days.business_day(at))
    return {
        "steps": found,
        "count": sum(one.count for one in found),
        "total": sum((one.total for one in found), Decimal(0)),
        "proposed": sum((one.proposed for one in found), Decimal(0)),
        "picture": bars.picture([(one.words, f"{one.count:,}", Decimal(one.count)) for one in found]),
    }


def hospitals(person: Person, at: datetime) -> Mapping[str, Any]:
    """The hospitals whose stays of the year cost more than they may on average, the farthest above first."""
    year = days.business_day(at).year
    all_of_them = costs.standings(year)
    above = [one for one in all_of_them if one.above > 0]
    shown = above[:HOSPITALS]
    providers, schemes = standing.names_of([one.provider for one in shown], [one.scheme for one in shown])
    return {
        "year": year,
        "lines": [
            {"rank": rank, "it": one, "provider": providers[one.provider], "scheme": schemes[one.scheme]}
            for rank, one in enumerate(shown, start=1)
        ],
        "above": len(above),
        "all": len(all_of_them),
        "picture": bars.picture(
            [(providers[one.provider][:11], f"{one.average:,.0f}", one.average) for one in shown],
            [one.against for one in shown],
        ),
    }


def lately(person: Person, at: datetime) -> Mapping[str, Any]:
    """What was decided of claims, day by day."""
    return {"days": standing.by_day(person, days.business_day(at), DAYS)}


def letters(person: Person, look: desk.Look) -> desk.Waiting:
    """Letters past their deadline, of the claims that somebody sees."""
    return look.over(standing.unanswered(person, look.today), _letters)


def reviews(person: Person, look: desk.Look) -> desk.Waiting:
    """Certificates whose review is overdue, of the people that somebody sees."""
    return look.over(standing.to_review(person, look.today, SEE_CERTIFICATES), _certificates)


def objections(person: Person, look: desk.Look) -> desk.Waiting:
    """Objections past the day of their answer, of the villages that somebody sees."""
    late = publicity.unanswered().filter(objecting.seen_by(person), answer_by__lt=look.today)
    return look.over(late, _objections)


def appeals(person: Person, look: desk.Look) -> desk.Waiting:
    """Appeals past the day of their written answer, of the claims that somebody sees."""
    seen = Appeal.objects.visible_to(person).values("pk")
    return look.over(appeal_selectors.late(look.today).filter(pk__in=seen), _appeals)


def _letters(some: Sequence[Verification]) -> list[desk.Item]:
    return [
        desk.Item(
            f"{one.claim.number} {one.claim.member.name} · {one.claim.provider}",
            reverse("claims:claim", args=[one.claim_id]),
            _day_after(one.deadline_on or one.asked_on),
            _("answer until %(day)s") % {"day": one.deadline_on},
        )
        for one in some
    ]


def _certificates(some: Sequence[ChronicCertificate]) -> list[desk.Item]:
    return [
        desk.Item(
            f"{one.number} {one.member.name} · {one.disease}",
            reverse("claims:certificate", args=[one.pk]),
            _day_after(one.review_by),
            _("review until %(day)s") % {"day": one.review_by},
        )
        for one in some
    ]


def _objections(some: Sequence[Objection]) -> list[desk.Item]:
    return [
        desk.Item(
            f"{one.number} {one.entry.list.village} · {one.entry.patient}",
            reverse("claims:objection", args=[one.pk]),
            _day_after(one.answer_by),
            _("answer until %(day)s") % {"day": one.answer_by},
        )
        for one in some
    ]


def _appeals(some: Sequence[Appeal]) -> list[desk.Item]:
    return [
        desk.Item(
            f"{one.number} {one.claim.member.name} · {one.claim.number}",
            reverse("claims:appeal", args=[one.pk]),
            _day_after(one.answer_by),
            _("answer until %(day)s") % {"day": one.answer_by},
        )
        for one in some
    ]


def _day_after(limit: date) -> datetime:
    return datetime.combine(limit + ONE_DAY, time.min, days.SHANGHAI)
