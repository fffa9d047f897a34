"""Who leads the campaign sets its deadlines (督查节点) and makes the bulletin of a day (通报).

Both are for the whole county. What was set or said stays: a deadline is made void and another one set, a bulletin is
followed by the next number.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from enrollment.models import Bulletin, CampaignDeadline, FundYear
from enrollment.rules import bulletins
from enrollment.selectors import campaign as selectors
from enrollment.services.keeping import CannotKeep, refuse_day, refusing
from office import trail
from office.models import Person

SET = "enrollment.add_campaigndeadline"
MAKE = "enrollment.add_bulletin"
FULL = Decimal(100)


@transaction.atomic
def set_deadline(*, fund_year: FundYear, on: date, rate: Decimal, by: Person, at: datetime) -> CampaignDeadline:
    """By a day, so many percent of who should enroll has enrolled. Raises CannotKeep."""
    refuse_part_of_county(by, SET)
    current = _locked(fund_year)
    if not current.collection.lower <= on < current.period.upper:
        raise CannotKeep(_("A deadline lies between the first day of collecting and the end of the year."), "on")
    if not 0 < rate <= FULL:
        raise CannotKeep(_("A rate lies above 0 and is 100 percent at most."), "rate")
    others = selectors.deadlines_of(current)
    if any((one.rate > rate) if one.on < on else (one.on > on and one.rate < rate) for one in others):
        raise CannotKeep(_("A later deadline does not ask less than an earlier one."), "rate")
    taken = _("There is a deadline on this day already: make it void first.")
    with refusing("campaign_deadline_once_a_day", lambda: taken, "on"):
        deadline = CampaignDeadline.objects.create(fund_year=current, on=on, rate=rate, set_by=by, set_at=at)
    trail.record("deadline.set", deadline, by=by, at=at, right=SET, fund_year=current, on=on, rate=rate)
    return deadline


@transaction.atomic
def void_deadline(*, deadline: CampaignDeadline, reason: str, by: Person, at: datetime) -> None:
    """A deadline holds no more; its reminders stay, and those without an answer wait no more. Raises CannotKeep."""
    refuse_part_of_county(by, SET)
    current = CampaignDeadline.objects.select_for_update(of=["self"]).get(pk=deadline.pk)
    if current.void_reason:
        raise CannotKeep(_("This deadline is void already."))
    if not reason.strip():
        raise CannotKeep(_("Say why."), "reason")
    current.void_reason = reason.strip()
    current.save(update_fields=["void_reason"])
    trail.record("deadline.voided", current, by=by, at=at, right=SET, reason=reason, on=current.on, rate=current.rate)


@transaction.atomic
def make_bulletin(*, fund_year: FundYear, as_of: date, remark: str = "", by: Person, at: datetime) -> Bulletin:
    """The figures of a day as they stand now, with the next number; they never change. Raises CannotKeep."""
    refuse_part_of_county(by, MAKE)
    current = _locked(fund_year)
    last = selectors.last_bulletin(current)
    refuse_day(as_of, at=at, since=last.as_of if last else current.collection.lower, field="as_of")
    found = selectors.of_townships(current, as_of)
    passed = [one for one in selectors.deadlines_of(current) if one.on <= as_of]
    bulletin = Bulletin.objects.create(
        fund_year=current,
        number=last.number + 1 if last else 1,
        as_of=as_of,
        remark=remark.strip(),
        figures=bulletins.figures(
            found.ranked,
            found.whole,
            passed=bulletins.Wanted(passed[-1].on, passed[-1].rate) if passed else None,
            before=_before(last),
        ),
        made_by=by,
        made_at=at,
    )
    trail.record(
        "bulletin.made",
        bulletin,
        by=by,
        at=at,
        right=MAKE,
        fund_year=current,
        number=bulletin.number,
        as_of=as_of,
        enrolled=found.whole.so_far.enrolled,
        collected=found.whole.so_far.collected,
    )
    return bulletin


def refuse_part_of_county(by: Person, right: str) -> None:
    """Whoever serves some townships alone does not lead the campaign."""
    if by.bodies_in_sight(right) is not None:
        raise CannotKeep(_("The campaign is led by the county's office."))


def _before(last: Bulletin | None) -> bulletins.Before | None:
    if last is None:
        return None
    return bulletins.Before(last.number, last.as_of, last.figures["rows"], last.figures["whole"])


def _locked(fund_year: FundYear) -> FundYear:
    """The confirmed year under its lock, so that numbers and deadlines come one after the other."""
    found = FundYear.objects.confirmed().select_related("scheme").select_for_update(of=["self"], no_key=True)
    current = found.filter(pk=fund_year.pk).first()
    if current is None:
        raise CannotKeep(_("This fund year is not confirmed yet."), "fund_year")
    return current
