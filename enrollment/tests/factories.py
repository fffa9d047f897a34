"""Things of the register that tests need on the way to something else, written as the database takes them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange

from conftest import NOON
from enrollment.models import (
    AssistanceList,
    Category,
    CollectionSheet,
    Contribution,
    ContributionRate,
    Coverage,
    Division,
    EnrollmentRound,
    FundYear,
    Household,
    Member,
    MemberMerge,
    ReceiptBook,
    RosterImport,
    Scheme,
    SubsidyClaim,
    WageRate,
)
from enrollment.rules import id_numbers, person_names
from office import attachments
from office.models import Body, Duty, Person
from office.tests.factories import SEEN, give, tess

COUNTY = "640522000000"
TOWNSHIP = "640522100000"
VILLAGE = "640522100201"


def division(code: str = VILLAGE, name: str = "", station: Body | None = None) -> Division:
    """A division with all that it lies in; a township may have its station."""
    known = Division.objects.filter(code=code).first()
    if known is not None:
        return known
    level, above = _place(code)
    return Division.objects.create(
        code=code,
        name=name or f"{level}-{code[6:]}",
        level=level,
        parent=division(above) if above else None,
        station=station if level == "township" else None,
    )


def _place(code: str) -> tuple[str, str]:
    if code.endswith("000000"):
        return "county", ""
    if code.endswith("000"):
        return "township", f"{code[:6]}000000"
    return "village", f"{code[:9]}000"


def scheme(code: str = "ncms", **more: Any) -> Scheme:
    """A scheme; the new rural one unless another is asked for."""
    given = {"name": code, "insures": "household", "is_basic": True, **more}
    return Scheme.objects.get_or_create(code=code, defaults=given)[0]


def draft_year(
    of: Scheme | None = None, year: int = 2010, fee: int = 20, window: tuple[date, date] | None = None
) -> FundYear:
    """A fund year that is being typed in: 20 yuan a head, paid by assistance for the five guarantees; of wages 6 % and
    2 %."""
    drafted = FundYear.objects.create(
        scheme=of or scheme(),
        year=year,
        period=DateRange(date(year, 1, 1), date(year + 1, 1, 1)),
        collection=DateRange(*(window or (date(year - 1, 9, 1), date(year, 1, 1)))),
        paper_number=f"海政发〔{year - 1}〕1号",
        paper_date=date(year - 1, 8, 1),
        basis="register",
        proposed_by=tess(),
        proposed_at=NOON,
    )
    if drafted.scheme.contribution == Scheme.Contribution.WAGES:
        WageRate.objects.create(
            fund_year=drafted, group="active", employer=6, person=2, floor=Decimal("1692.50"), ceiling=8462
        )
        return drafted
    for category in Category.values:
        assisted = category == Category.FIVE_GUARANTEES
        ContributionRate.objects.create(
            fund_year=drafted,
            category=category,
            own=Decimal(0 if assisted or category == Category.NEWBORN else fee),
            assisted=Decimal(fee if assisted else 0),
        )
    return drafted


def fund_year(
    of: Scheme | None = None, year: int = 2010, fee: int = 20, window: tuple[date, date] | None = None
) -> FundYear:
    """A fund year that two people have confirmed."""
    return confirm(draft_year(of, year, fee, window))


def confirm(drafted: FundYear) -> FundYear:
    """A draft that two people have confirmed."""
    drafted.state = FundYear.State.PROPOSED
    drafted.save(update_fields=["state"])
    decide("enrollment.fundyear", drafted.pk, voter=head())
    drafted.state = FundYear.State.CONFIRMED
    drafted.save(update_fields=["state"])
    return drafted


def head() -> Person:
    """The head of the office, who confirms what others typed in."""
    known = Person.objects.filter(username="huang").first()
    if known is not None:
        return known
    person = Person.objects.create_person(username="huang", full_name="Huang", password="huang-password")
    body = Body.objects.filter(kind=Body.Kind.COUNTY_CENTRE).first() or Body.objects.create(
        code="640522", name="海原县合管中心", kind=Body.Kind.COUNTY_CENTRE
    )
    give(person, Duty.OFFICE_HEAD, body)
    return person


def clerk(at: Body | None = None) -> Person:
    """Whoever keeps register and coverage at a body: the county's centre unless another is given."""
    body = at or head().appointments.get().body
    name = f"clerk-{body.code}"
    known = Person.objects.filter(username=name).first()
    if known is not None:
        return known
    person = Person.objects.create_person(username=name, full_name=name, password="clerk-password")
    give(person, Duty.TOWNSHIP_CLERK, body)
    return person


def decide(subject_type: str, subject_id: int, *, voter: Person, choice: str = "approve") -> EnrollmentRound:
    """A round with one vote over something that Tess made, written row by row."""
    opened = EnrollmentRound.objects.create(
        step="decision",
        subject_type=subject_type,
        subject_id=str(subject_id),
        subject_hash=SEEN,
        rule="test",
        rule_version="1",
        duties=[Duty.OFFICE_HEAD],
        count=1,
        quorum=1,
        majority="all",
        maker=tess(),
    )
    seat = opened.seats.create(person=voter)
    opened.votes.create(seat=seat, voter=voter, choice=choice, hash_seen=SEEN, reason="test")
    opened.state, opened.outcome, opened.closed_at = "closed", "approved" if choice == "approve" else "refused", NOON
    opened.save()
    return opened


def household(number: str = "0001", village: Division | None = None, **more: Any) -> Household:
    """A household without members."""
    given = {"registered_on": date(2008, 1, 1), "changed_by": tess(), "changed_at": NOON, **more}
    return Household.objects.create(number=number, village=village or division(), **given)


def member(of: Household | None = None, name: str = "马小兰", born: date = date(1970, 3, 1), **more: Any) -> Member:
    """A member with a valid ID number of her own, unless another is given; the first in a household is its head."""
    home = of or household()
    first = not home.members.exists()
    given = {
        "is_head": first,
        "relation": "head" if first else "other",
        "sex": "F",
        "birth_date": born,
        "id_number": id_number(born),
        "search_keys": person_names.initials(name),
        "changed_by": tess(),
        "changed_at": NOON,
        **more,
    }
    return Member.objects.create(household=home, name=name, **given)


def merge(double: Member, kept: Member, on: date = date(2010, 3, 1)) -> None:
    """Make one record a double of another, as two people would have said."""
    asked = MemberMerge.objects.create(
        double=double, kept=kept, reason="one person", proposed_by=tess(), proposed_at=NOON
    )
    decide("enrollment.membermerge", asked.pk, voter=head())
    MemberMerge.objects.filter(pk=asked.pk).update(state=MemberMerge.State.MERGED)
    double.state, double.state_on, double.merged_into, double.is_head = "merged", on, kept, False
    double.save()


def id_number(born: date, female: bool = True) -> str:
    """A valid number that nobody in the test has yet."""
    order = Member.objects.count() * 2 + (0 if female else 1)
    seventeen = f"640522{born:%Y%m%d}{order:03d}"
    return seventeen + id_numbers.check_digit(seventeen)


def brought_along(
    who: Member, year: FundYear, begin: date | None = None, end: date | None = None, **more: Any
) -> Coverage:
    """A coverage for which nothing needs to be paid here."""
    period = DateRange(begin or year.period.lower, end or year.period.upper)
    given = {"reason": "go_live", "noted_by": tess(), "noted_at": NOON, **more}
    return Coverage.objects.create(member=who, scheme=year.scheme, fund_year=year, period=period, **given)


def pay(who: Member, year: FundYear, own: int = 20, receipt: str = "", paid_on: date | None = None) -> Coverage:
    """A contribution paid by the household, and the coverage of the year that comes from it."""
    paid = Contribution.objects.create(
        fund_year=year, member=who, own=Decimal(own), receipt=receipt, paid_on=paid_on, noted_by=tess(), noted_at=NOON
    )
    return Coverage.objects.create(
        member=who,
        scheme=year.scheme,
        is_basic=year.scheme.is_basic,
        fund_year=year,
        period=year.period,
        reason=Coverage.Reason.PAID,
        contribution=paid,
        noted_by=tess(),
        noted_at=NOON,
    )


def receipt_book(
    of: Division | None = None, first: int = 1, last: int = 100, in_use: bool = True, series: str = "", digits: int = 6
) -> ReceiptBook:
    """Receipts that a township was issued, and has received."""
    township = of or division(TOWNSHIP)
    issued = ReceiptBook.objects.create(
        township=township,
        series=series,
        digits=digits,
        first=first,
        last=last,
        kept_last=last,
        issued_on=date(2009, 9, 1),
        issued_by=head(),
        issued_at=NOON,
    )
    if in_use:
        issued.state, issued.received_by, issued.received_at = ReceiptBook.State.IN_USE, tess(), NOON
        issued.save()
    return issued


def sheet(year: FundYear, village: Division | None = None, number: str = "S1", **more: Any) -> CollectionSheet:
    """An open collection sheet of a village."""
    given = {"origin": "counter", "opened_on": date(2009, 10, 1), "opened_by": tess(), "opened_at": NOON, **more}
    return CollectionSheet.objects.create(
        fund_year=year, village=village or division(), number=number, collector="马村长", **given
    )


def roster_import(year: FundYear, name: str = "roster.csv") -> RosterImport:
    """A roster that was written, as far as the trail of it goes."""
    return RosterImport.objects.create(
        fund_year=year, name=name, sha256=name.encode().hex().rjust(64, "0"), rows=1, good=1, held=0, written=1,
        written_by=tess(), written_at=NOON,
    )  # fmt: skip


def assistance_list(year: FundYear | None = None, category: str = "low_income") -> AssistanceList:
    """A list of those helped on which nobody stands yet."""
    of = year or FundYear.objects.confirmed().first() or fund_year()
    file = attachments.keep_made(subject=of, name="a.csv", content=b"x", media_type="text/csv", by=tess(), at=NOON)
    return AssistanceList.objects.create(
        fund_year=of, category=category, paper_number="海民发〔2010〕2号", paper_date=date(2010, 2, 1), file=file,
        sha256=file.sha256, rows=1, brought_by=tess(), brought_at=NOON,
    )  # fmt: skip


def subsidy_claim(year: FundYear | None = None, number: str = "海新合〔2010〕1号") -> SubsidyClaim:
    """What assistance was asked for: for one person."""
    return SubsidyClaim.objects.create(
        fund_year=year or FundYear.objects.confirmed().first() or fund_year(), payer="assistance", number=number,
        counted_on=date(2010, 3, 1), heads=1, due=20, amount=20, by_township=[[TOWNSHIP, "海城镇", 1, "20.00"]],
        made_by=tess(), made_at=NOON,
    )  # fmt: skip
