"""What claims ask of the papers that come before them: is there a referral, a registration, a certificate, an inquiry,
did he lie there. Each answer is of one person under all of his records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.db.models import QuerySet

from claims.models import (
    Admission,
    BedCheck,
    ChronicCertificate,
    Disease,
    InjuryConclusion,
    InjuryInquiry,
    Kind,
    LateAllowance,
    OutsideStay,
    Provider,
    Referral,
    TimeLimit,
)
from claims.rules import bills, lateness
from enrollment.models import Member, Scheme
from enrollment.rules import id_numbers
from enrollment.selectors import search
from office.models import Person

FEW = 20
APART = timedelta(days=3)  # people who telephone are wrong about a day by this much at most
ONE_DAY = timedelta(days=1)  # a desk's register and the discharge summary differ by this much at most
AFTER_YEAR: Final = TimeLimit.Kind.CLAIM_AFTER_YEAR
AFTER_STAY: Final = TimeLimit.Kind.CLAIM_AFTER_STAY
CERTIFIED = frozenset({Kind.CHRONIC, Kind.SPECIAL})


@dataclass(frozen=True)
class Before:
    """What came before a claim, as far as there is any of it."""

    referral: Referral | None = None
    outside_stay: OutsideStay | None = None
    admission: Admission | None = None
    certificate: ChronicCertificate | None = None
    injury: InjuryInquiry | None = None
    conclusion: InjuryConclusion | None = None

    @property
    def on_record(self) -> frozenset[str]:
        """The papers of a claim that need not be brought: the office has them."""
        held = {"referral": self.referral, "chronic_certificate": self.certificate}
        return frozenset(code for code, one in held.items() if one is not None)


def what_came_before(member: Member, provider: Provider, disease: Disease, *, kind: str, admitted_on: date) -> Before:
    """All that the office knows of a stay or visit before it is claimed; only what such a claim can have is asked."""
    is_outside = provider.region == Provider.Region.OUTSIDE
    injury = injury_for(member, admitted_on) if kind == Kind.INJURY else None
    return Before(
        referral=referral_for(member, provider, admitted_on) if is_outside else None,
        outside_stay=registration_for(member, provider, admitted_on) if is_outside else None,
        admission=(
            admission_for(member, provider, admitted_on) if kind in bills.ADMISSIONS and provider.body_id else None
        ),
        certificate=certificate_for(member, disease, admitted_on) if kind in CERTIFIED else None,
        injury=injury,
        conclusion=conclusion_of(injury) if injury else None,
    )


def last_day_of(scheme: Scheme, discharged_on: date) -> date | None:
    """Until when a claim of this discharge is handed in, by the time limits of that day; None where none is set."""
    return last_day_by(dict(handing_in(scheme, discharged_on).values_list("kind", "days")), discharged_on)


def handing_in(scheme: Scheme, day: date) -> QuerySet[TimeLimit]:
    """The time limits of a day within which claims are handed in."""
    return TimeLimit.objects.on(day).filter(scheme=scheme, kind__in=(AFTER_YEAR, AFTER_STAY))


def last_day_by(days: Mapping[str, int], discharged_on: date) -> date | None:
    """The last day for a claim of this discharge, by the days that each kind of time limit gives."""
    return lateness.last_day(discharged_on, after_year=days.get(AFTER_YEAR), after_stay=days.get(AFTER_STAY))


def late_allowance_for(member: Member, discharged_on: date) -> LateAllowance | None:
    """The head's permission to take a late claim of this discharge in."""
    return LateAllowance.objects.of_person(root_of(member)).filter(discharged_on=discharged_on).first()


def admission_for(member: Member, provider: Provider, day: date) -> Admission | None:
    """The entry of a hospital's own register that began on a day or beside it."""
    found = Admission.objects.standing().of_person(root_of(member)).filter(provider=provider)
    near = list(found.filter(admitted_on__range=(day - ONE_DAY, day + ONE_DAY)))
    return min(near, key=lambda one: (abs(one.admitted_on - day), -one.pk), default=None)


def bed_checks_of(admission: Admission) -> list[BedCheck]:
    """Who looked whether the patient lay in his bed, and what he found."""
    return list(admission.checks.select_related("by").order_by("pk"))


def root_of(member: Member) -> int:
    """The record that is kept of a person."""
    return member.merged_into_id or member.pk


def limit_of(scheme: Scheme, kind: str, day: date) -> int | None:
    """How many days a scheme gives for something on a day; None where no paper says it."""
    found: int | None = (
        TimeLimit.objects.on(day).filter(scheme=scheme, kind=kind).values_list("days", flat=True).first()
    )
    return found


def referral_for(member: Member, provider: Provider, day: date) -> Referral | None:
    """The approved referral to this hospital that holds on the day of admission, the newest of several."""
    found = Referral.objects.of_person(root_of(member)).filter(destination=provider, valid__contains=day)
    return found.filter(state=Referral.State.APPROVED).order_by("-pk").first()


def registration_for(member: Member, provider: Provider, day: date) -> OutsideStay | None:
    """The reported stay at this hospital, or at one that was only named, which began on this day or very near it."""
    found = OutsideStay.objects.standing().of_person(root_of(member))
    near = found.filter(admitted_on__range=(day - APART, day + APART)).select_related("provider")
    fitting = [one for one in near if one.provider_id in {provider.pk, None}]
    return min(fitting, key=lambda one: (one.provider_id is None, abs(one.admitted_on - day), -one.pk), default=None)


def certificate_for(member: Member, disease: Disease, day: date) -> ChronicCertificate | None:
    """The certificate of this disease that holds on a day."""
    return ChronicCertificate.objects.of_person(root_of(member)).on(day).filter(disease=disease).first()


def certificates_of(member: Member, day: date) -> list[ChronicCertificate]:
    """All certificates of a person that hold on a day."""
    found = ChronicCertificate.objects.of_person(root_of(member)).on(day)
    return list(found.select_related("disease").order_by("pk"))


def injury_for(member: Member, day: date) -> InjuryInquiry | None:
    """The last injury of a person on or before a day; `conclusion_of` says what came of the inquiry."""
    found = InjuryInquiry.objects.of_person(root_of(member)).filter(injured_on__lte=day)
    return found.order_by("-injured_on", "-pk").first()


def conclusion_of(inquiry: InjuryInquiry) -> InjuryConclusion | None:
    """What two people concluded of an inquiry; None while it is open."""
    return inquiry.conclusions.filter(state=InjuryConclusion.State.CONFIRMED).first()


def in_hospital_on(member: Member, day: date) -> Admission | None:
    """Where a person lay on a day by the register of a hospital's own desk."""
    found = Admission.objects.of_person(root_of(member)).in_hospital(day)
    return found.select_related("provider").order_by("-admitted_on", "-pk").first()


def people_called(typed: str, *, person: Person, day: date) -> list[Member]:
    """Whom somebody means: by a whole ID number anybody of the county, for he stands before the desk; by other words
    those whom he sees."""
    try:
        number = id_numbers.read(typed).eighteen
    except id_numbers.IdFault:
        if not person.has_perm(search.RIGHT):
            return []
        return list(search.search(typed, person=person, day=day).members[:FEW])
    found = Member.objects.filter(id_number=number).select_related("merged_into__household__village__parent")
    return [one.merged_into or one for one in found.select_related("household__village__parent", "merged_into")]
