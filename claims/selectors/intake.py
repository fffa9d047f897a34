"""What intake asks before a claim is taken in: who is covered and by what, which plan values it, what stands beside it.

`look` answers for a preview while a clerk types as well as for the claim that is written: all faults at once, what has
to be told, the claim with the provider's and the payee's copies, the answer of the plans. It writes nothing.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Case, Q, When

from claims.models import (
    Agreement,
    Catalogue,
    CatalogueEntry,
    Claim,
    ClaimLine,
    Invoice,
    ListedDisease,
)
from claims.rules import stays
from claims.rules.evaluation import CannotAssess
from claims.selectors import before, diseases, invoices, paying_to, routing, valuing
from claims.selectors.intake_content import Bill, Content, Line, Look
from claims.selectors.intake_words import told_of
from claims.selectors.written import read, written
from enrollment.models import Scheme
from enrollment.selectors import coverage as coverage_selectors
from enrollment.selectors import payees
from enrollment.selectors.coverage import Enrolled
from office.models import Person
from office.rules import days

BESIDE = 20  # of the person's other claims, those that overlap and then the newest


def entered_as(claim: Claim) -> Content:
    """A claim's present version as it was entered; what it came back for is not there any more."""
    papers = list(claim.papers.filter(version=claim.content_version).order_by("pk"))
    is_back = claim.state == Claim.State.RETURNED
    asked = set(claim.asked_papers.values_list("paper", flat=True)) if is_back else set()
    this = {"version": claim.content_version}
    names = ("member", "provider", "disease", "kind", "admitted_on", "discharged_on", "scheme", "settled_on")
    more = ("hospital_number", "department", "diagnosis", "is_referred", "is_emergency", "is_tcm", "delivery")
    rest = ("ground", "employment", "other_payers", "phone", "note", "payee_kind")
    return Content(
        **{name: getattr(claim, name) for name in (*names, *more, *rest)},
        lines=[
            Line(one.name, one.item_class, one.group, one.amount, one.entry_id, one.quantity, one.price)
            for one in claim.lines.filter(**this).order_by("position")
        ],
        invoices=[
            Bill(one.type_code, one.number, one.amount, one.issued_on)
            for one in claim.invoices.filter(**this).order_by("pk")
        ],
        papers=frozenset(one.paper for one in papers if one.is_there and one.paper not in asked),
        answers={one.paper: one.answer for one in papers if one.answer},
    )


def look(content: Content, *, by: Person | None, at: datetime, but: Claim | None = None) -> Look:
    """Everything that intake asks about a claim as it was typed. `but` is the claim that is being changed; `by` may be
    named later, before it is written."""
    today = days.business_day(at)
    enrolled = coverage_selectors.enrolled(content.member)
    found = Look(content, today, enrolled.on(content.admitted_on), claim=Claim())
    found.before = before.what_came_before(
        content.member, content.provider, content.disease, kind=content.kind, admitted_on=content.admitted_on
    )
    found.asked = list(but.asked_papers.order_by("pk")) if but else ()
    found.claim = _claim(found, by, at, but)
    _ask_beside(found, but)
    if found.scheme is not None:
        _ask_scheme(found, found.scheme)
        _ask_catalogue(found, found.scheme)
    _name_payee(found)
    if found.scheme is not None:
        _value(found, found.scheme, enrolled)
        found.claim.route = [step.stage.value for step in routing.route_for(found.claim)]
    told_of(found)
    return found


def _claim(found: Look, by: Person | None, at: datetime, but: Claim | None) -> Claim:
    """The claim as it would be written, with the provider's copies; a changed one keeps its number and its day."""
    content = found.content
    provider = content.provider
    return Claim(
        pk=but.pk if but else None,
        number=but.number if but else "",
        scheme=found.scheme,
        member=content.member,
        kind=content.kind,
        provider=provider,
        tier=provider.tier,
        level=provider.level,
        region=provider.region,
        is_designated=False,
        admitted_on=content.admitted_on,
        discharged_on=content.discharged_on,
        settled_on=content.settled_on,
        hospital_number=content.hospital_number,
        department=content.department,
        disease=content.disease,
        diagnosis=content.diagnosis,
        is_referred=content.is_referred or found.before.referral is not None,
        is_emergency=content.is_emergency,
        is_tcm=content.is_tcm,
        delivery=content.delivery,
        ground=content.ground,
        employment=content.employment,
        total=content.total,
        other_payers=content.other_payers,
        referral=found.before.referral,
        outside_stay=found.before.outside_stay,
        admission=found.before.admission,
        certificate=found.before.certificate,
        injury=found.before.injury,
        payee_kind=content.payee_kind,
        phone=content.phone,
        note=content.note,
        route=[],
        state_since=found.today,
        entered_on=but.entered_on if but else found.today,
        entered_by=by,
        entered_at=but.entered_at if but else at,
        content_version=but.content_version + 1 if but else 1,
    )


def _name_payee(found: Look) -> None:
    """Whom the claim is paid to, copied; without a confirmed account the claim names the patient and waits for one."""
    if found.content.payee_kind == Claim.Payee.HOUSEHOLD:
        known, found.payee_waits = payees.standing_of(found.content.member.household)
        found.has_payee = paying_to.pay_household(found.claim, known)
    else:
        found.has_payee = paying_to.name_payee(found.claim, is_instant=found.is_instant)


def _ask_beside(found: Look, but: Claim | None) -> None:
    """The person's other claims, and the living claims that an invoice of this one serves already."""
    content = found.content
    others = Claim.objects.live().of_person(valuing.person_number(content.member))
    others = others.exclude(pk=but.pk) if but else others
    near = Q(discharged_on__gte=content.admitted_on, admitted_on__lte=content.discharged_on)
    first = Case(When(near, then=0), default=1)
    shown = others.select_related("provider", "disease", "scheme").order_by(first, "-admitted_on", "-pk")
    found.beside = list(shown[:BESIDE])
    found.overlapping = [one for one in found.beside if _overlaps(content, one)]
    if content.invoices:
        keys = {one.key for one in content.invoices}
        found.used = invoices.taken(keys, but=but.pk if but else None)


def _overlaps(content: Content, other: Claim) -> bool:
    return stays.overlap(content.admitted_on, content.discharged_on, other.admitted_on, other.discharged_on)


def _ask_scheme(found: Look, scheme: Scheme) -> None:
    """What the scheme says on the day of discharge of provider and diagnosis, and until when such a claim comes; where
    it comes later, whether the head lets it be taken in."""
    content, claim = found.content, found.claim
    day = content.discharged_on
    agreements = Agreement.objects.on(day).filter(provider=content.provider, scheme=scheme)
    listed = ListedDisease.objects.on(day).filter(scheme=scheme, disease=content.disease)
    agreed, lists, limits = (
        Scheme.objects.filter(pk=scheme.pk)
        .values_list(
            written(agreements, "is_instant"),
            written(listed, "kind", "group"),
            written(before.handing_in(scheme, day), "kind", "days"),
        )
        .get()
    )
    claim.is_designated, found.is_instant = bool(agreed), ["true"] in map(read, agreed)
    claim.disease_group = diseases.group_of(dict(map(read, lists)), content.kind)
    found.last_day = before.last_day_by({kind: int(many) for kind, many in map(read, limits)}, day)
    if found.is_late:
        claim.lateness = before.late_allowance_for(content.member, day)


def _ask_catalogue(found: Look, scheme: Scheme) -> None:
    """Which lines name an entry that was not in force on the day of discharge, and which cost more than its limit."""
    lines = [one for one in found.content.lines if one.entry is not None]
    if not lines:
        return
    editions = Catalogue.objects.on(found.content.discharged_on).filter(scheme=scheme)
    entries = CatalogueEntry.objects.filter(pk__in={one.entry for one in lines}, catalogue__in=editions)
    limits = dict(entries.values_list("pk", "price_limit"))
    found.strangers = [one.name for one in lines if one.entry not in limits]
    found.dear = [
        one.name for one in lines if one.entry in limits and one.price and one.price > (limits[one.entry] or one.price)
    ]


def _value(found: Look, scheme: Scheme, enrolled: Enrolled) -> None:
    """What the plans of the day give, on the cost as it was typed, and whether the patient is covered on their day."""
    content, claim = found.content, found.claim
    found.documents = valuing.plans_on(scheme, content.discharged_on)
    if not found.documents:
        return
    decided = valuing.days_of(claim).get(found.documents[0].decided_by)
    found.plan_year = (decided or content.discharged_on).year
    if decided is not None and decided != content.admitted_on:
        found.covered_later = enrolled.on(decided)
    lines = lines_of(content, claim)
    if not lines or content.other_payers > content.total:
        return
    try:
        found.answer = valuing.assessed(claim, found.documents, lines)
    except CannotAssess as refusal:
        found.cannot_assess = refusal
        return
    claim.proposed = found.answer.fund_pays


def lines_of(content: Content, claim: Claim) -> list[ClaimLine]:
    """The cost lines as rows of a claim's version."""
    return [
        ClaimLine(
            claim=claim,
            version=claim.content_version,
            position=place,
            entry_id=one.entry,
            name=one.name,
            item_class=one.item_class,
            group=one.group,
            quantity=one.quantity,
            price=one.price,
            amount=one.amount,
        )
        for place, one in enumerate(content.lines, start=1)
    ]


def invoices_of(content: Content, claim: Claim) -> list[Invoice]:
    """The invoices as rows of a claim's version, in one order for everybody, so that nobody waits crosswise."""
    return [
        Invoice(
            claim=claim,
            version=claim.content_version,
            type_code=one.type_code,
            number=one.number,
            year=one.issued_on.year,
            issued_on=one.issued_on,
            amount=one.amount,
        )
        for one in sorted(content.invoices, key=lambda one: one.key)
    ]
