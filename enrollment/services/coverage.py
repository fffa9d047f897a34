"""Being insured: a child is born, somebody leaves, goes over, dies; mistakes are made void.

Who pays is covered by what stands on a collection sheet (services/sheets.py).

"Covered on that day, and why" has one answer (selectors/coverage.py). Whole households enroll; who is left out is
listed (an exception, or the list of households that are not whole), never refused at the counter.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from enrollment.models import (
    CollectionSheet,
    ContributionRate,
    Coverage,
    FundYear,
    Household,
    HouseholdException,
    Member,
    Scheme,
)
from enrollment.rules.collection import Parts, first_day
from enrollment.services import keeping
from office import trail
from office.models import Person

ONE_DAY = timedelta(days=1)
ADD = "enrollment.add_coverage"
CHANGE = "enrollment.change_coverage"
EXCEPT = "enrollment.add_householdexception"


class CannotCover(Exception):
    """Nothing was noted; the message is written for the clerk."""


class CannotEndCoverage(Exception):
    """The coverage goes on; the message is written for the clerk."""


class CannotExcept(Exception):
    """No exception was noted; the message is written for the clerk."""


@keeping.in_sight("coverage.begun", "member", CannotCover)
def cover_newborn(*, member: Member, fund_year: FundYear, by: Person, at: datetime) -> Coverage:
    """A child born in the year to an insured household is covered from birth, where newborns pay nothing.

    Raises CannotCover.
    """
    current = _locked(member, by, ADD)
    if not fund_year.holds(current.birth_date):
        raise CannotCover(_("This person was not born in this year."))
    if _rate(fund_year, "newborn").amount:
        raise CannotCover(_("Newborns pay in this year: note the contribution."))
    family = Coverage.objects.standing().filter(member__household=current.household, fund_year=fund_year)
    if not family.exclude(member=current).exists():
        raise CannotCover(_("Nobody of this household is covered in this year."))
    return _cover(current, fund_year, current.birth_date, Coverage.Reason.NEWBORN, by, at)


@keeping.in_sight("coverage.begun", "member", CannotCover)
def transfer(*, member: Member, to: FundYear, on: date, by: Person, at: datetime) -> Coverage:
    """Somebody goes over to another basic scheme on a day: the one ends the day before, the other begins.

    Raises CannotCover.
    """
    current = _locked(member, by, CHANGE)
    found = Coverage.objects.on(on).filter(is_basic=True, member__in=_records(current)).select_for_update(of=["self"])
    before = found.order_by("pk").first()
    if before is None or before.scheme_id == to.scheme_id:
        raise CannotCover(_("On this day the person is in no other basic scheme."))
    if not to.holds(on):
        raise CannotCover(_("This day does not lie in that fund year."))
    _shorten(before, on - ONE_DAY, Coverage.End.TRANSFER, by=by, at=at)
    return _cover(current, to, on, Coverage.Reason.TRANSFER, by, at)


@keeping.in_sight("coverage.ended", "coverage.member", CannotEndCoverage)
def leave_scheme(*, coverage: Coverage, on: date, by: Person, at: datetime) -> None:
    """Somebody leaves a scheme; `on` is his last day in it. Raises CannotEndCoverage."""
    _locked(coverage.member, by, CHANGE)
    current = Coverage.objects.select_for_update(of=["self"]).get(pk=coverage.pk)
    if current.void_reason or not current.period.lower <= on < current.period.upper - ONE_DAY:
        raise CannotEndCoverage(_("The last day lies within the coverage, before its end."))
    _shorten(current, on, Coverage.End.LEFT, by=by, at=at)


@keeping.in_sight("coverage.voided", "coverage.member", CannotEndCoverage)
def void(*, coverage: Coverage, reason: str, by: Person, at: datetime) -> None:
    """A coverage was noted by mistake: it never was, and what was paid for it is void as well. Raises
    CannotEndCoverage."""
    _locked(coverage.member, by, CHANGE)
    current = (
        Coverage.objects.select_for_update(of=["self"]).select_related("contribution__entry__sheet").get(pk=coverage.pk)
    )
    if current.void_reason:
        raise CannotEndCoverage(_("This coverage is void already."))
    if not reason.strip():
        raise CannotEndCoverage(_("Say why."))
    paid = current.contribution
    if paid is not None and paid.entry is not None:
        if paid.entry.sheet.state == CollectionSheet.State.OPEN:
            raise CannotEndCoverage(
                _("It was paid on sheet %(sheet)s: take the entry back there.") % {"sheet": paid.entry.sheet}
            )
        raise CannotEndCoverage(_("The money was handed in: it is given back by a refund."))
    _void(current, reason, by=by, at=at)


def end_all(*, member: Member, on: date, because: str, by: Person, at: datetime) -> int:
    """Whoever died or moved away is covered until that day, included. Inside the transaction that noted it and under
    its locks. Gives how many coverages ended."""
    standing = Coverage.objects.standing().filter(member__in=_records(member))
    found = list(standing.select_for_update(of=["self"]).order_by("pk"))
    ending = [one for one in found if one.period.upper > on + ONE_DAY]
    for one in ending:
        if one.period.lower > on:
            _void(one, str(Coverage.End(because).label), by=by, at=at)
        else:
            _shorten(one, on, because, by=by, at=at)
    return len(ending)


@keeping.in_sight("exception.noted", "member", CannotExcept)
def note_exception(*, member: Member, fund_year: FundYear, reason: str, by: Person, at: datetime) -> HouseholdException:
    """A member is left out although his household enrolls, for a listed reason. Raises CannotExcept."""
    current = _locked(member, by, EXCEPT)
    if not reason.strip():
        raise CannotExcept(_("Say why."))
    if Coverage.objects.standing().filter(member__in=_records(current), fund_year=fund_year).exists():
        raise CannotExcept(_("This person is covered in this year."))
    try:
        with transaction.atomic():
            noted = HouseholdException.objects.create(
                member=current, fund_year=fund_year, reason=reason, noted_by=by, noted_at=at
            )
    except IntegrityError as refusal:
        raise CannotExcept(_("This exception is noted already.")) from refusal
    trail.record("exception.noted", current, by=by, at=at, reason=reason, fund_year=fund_year.pk)
    return noted


@keeping.in_sight("exception.ended", "exception.member", CannotExcept)
def end_exception(*, exception: HouseholdException, by: Person, at: datetime) -> None:
    """The exception holds no longer. Raises CannotExcept."""
    _locked(exception.member, by, EXCEPT)
    current = HouseholdException.objects.select_for_update(of=["self"]).get(pk=exception.pk)
    if current.ended_at is not None:
        raise CannotExcept(_("This exception has ended already."))
    current.ended_at = at
    current.save(update_fields=["ended_at"])
    trail.record("exception.ended", current.member, by=by, at=at, fund_year=current.fund_year_id)


def first_day_of(member: Member, year: FundYear, on: date) -> date:
    """From when a contribution paid on a day covers somebody. Raises CannotCover."""
    first = first_day(
        paid_on=on,
        born=member.birth_date,
        begins=year.period.lower,
        ends=year.period.upper,
        window_ends=year.collection.upper,
    )
    if first is None:
        raise CannotCover(_("This day does not lie in that fund year."))
    return first


def reason_of(parts: Parts) -> str:
    """Paid, or paid by others alone."""
    paid = parts.own or not (parts.assisted or parts.collective)
    return str(Coverage.Reason.PAID if paid else Coverage.Reason.ASSISTED)


def _cover(member: Member, year: FundYear, first: date, reason: str, by: Person, at: datetime) -> Coverage:
    if member.state != Member.State.LIVING:
        raise CannotCover(_("This person does not belong to the register any more."))
    covered_already = _("This person is covered on some of these days already.")
    period = DateRange(first, year.period.upper)
    clash = Q(is_basic=True) if year.scheme.is_basic else Q(scheme=year.scheme)
    if Coverage.objects.standing().filter(clash, member__merged_into=member, period__overlap=period).exists():
        raise CannotCover(covered_already)
    noted = Coverage(
        member=member,
        scheme=year.scheme,
        is_basic=year.scheme.is_basic,
        fund_year=year,
        period=period,
        reason=reason,
        noted_by=by,
        noted_at=at,
    )
    _write(noted, covered_already)
    HouseholdException.objects.standing().filter(member=member, fund_year=year).update(ended_at=at)
    trail.record("coverage.begun", member, by=by, at=at, coverage=noted.pk, scheme=year.scheme.code, first=first)
    return noted


def _write(noted: Coverage, otherwise: str) -> None:
    try:
        with transaction.atomic():
            noted.save()
    except IntegrityError as refusal:
        raise CannotCover(unconfirmed_or(refusal, otherwise)) from refusal


def unconfirmed_or(refusal: IntegrityError, otherwise: str) -> str:
    """What the database's refusal means, in words."""
    return _("This fund year is not confirmed yet.") if "confirmed" in str(refusal) else otherwise


def _rate(year: FundYear, category: str) -> ContributionRate:
    found = ContributionRate.objects.filter(fund_year=year, category=category).first()
    if year.scheme.contribution == Scheme.Contribution.WAGES:
        raise CannotCover(_("In this scheme a rate of wages is contributed."))
    if found is None:
        raise CannotCover(_("The fund year lays down no contribution for this category."))
    return found


def _shorten(coverage: Coverage, last: date, because: str, *, by: Person, at: datetime) -> None:
    coverage.period = DateRange(coverage.period.lower, last + ONE_DAY)
    coverage.ended_because = because
    coverage.save(update_fields=["period", "ended_because"])
    trail.record(
        "coverage.ended", coverage.member, by=by, at=at, coverage=coverage.pk, last_day=last, because=str(because)
    )


def _void(coverage: Coverage, reason: str, *, by: Person, at: datetime) -> None:
    coverage.void_reason = reason
    coverage.save(update_fields=["void_reason"])
    paid = coverage.contribution
    if paid is not None and not paid.void_reason and paid.entry_id is None:  # money on a sheet stays; see refunds
        paid.void_reason = reason
        paid.save(update_fields=["void_reason"])
    trail.record("coverage.voided", coverage.member, by=by, at=at, reason=reason, coverage=coverage.pk)


def _locked(member: Member, by: Person, right: str) -> Member:
    """The person as he is now, if he is in sight, under the lock of his household and his own."""
    home = Member.objects.filter(pk=member.pk).values("household")
    Household.objects.select_for_update(of=["self"]).get(pk__in=home)
    current = Member.objects.select_for_update(of=["self"]).select_related("household").get(pk=member.pk)
    keeping.refuse_unseen([current.household.village_id], by=by, right=right)
    return current


def _records(member: Member) -> QuerySet[Member]:
    """A person's own record and those of his doubles: what stands there is his."""
    return Member.objects.records_of([member.pk])
