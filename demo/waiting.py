"""What waits in the register of the demo county beside a clerk's ordinary work. All of it is made up.

Accounts that are used, people who seem to be enrolled twice, a household that is not whole, files brought along, a
draft of the next year.
"""

from __future__ import annotations

import csv
import io
import tempfile
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Final

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Count

from demo import enrolled, register
from enrollment.models import FundYear, GoLiveProtocol, Household, Member, SheetEntry
from enrollment.selectors import collecting
from enrollment.services import (
    accounts,
    coverage,
    files,
    fund_year_copies,
    go_live,
    go_live_jobs,
    households,
    members,
    sheets,
)
from enrollment.services.fund_years import Header
from enrollment.services.identity import Entry
from enrollment.services.members import Joined
from enrollment.services.sheets import Paid
from office import attachments
from office.models import Person
from office.rules import days

ONE_DAY: Final = timedelta(days=1)
A_HEAD: Final = Decimal(8)  # yuan of each contribution go to the household's account
BALANCES: Final = "家庭账户余额（演示）.csv"
COVERAGES: Final = "参保人员-待更正（演示）.csv"
BOOK: Final = "户口簿扫描件（演示）.pdf"


def leave(year: FundYear, people: dict[str, Person], at: datetime) -> None:
    """Leave all of it behind, in the county of which `year` is the open year of the rural scheme."""
    insured = Household.objects.filter(members__coverages__fund_year=year).annotate(people=Count("members"))
    homes = list(insured.filter(people__gt=2).order_by("-pk")[:40])
    clerk, accountant = people["registrar"], people["accountant"]
    _accounts(year, homes[:12], accountant, at)
    _twice(year, homes[12:14], clerk, at)
    _gone_over(year, homes[31], clerk, at)
    _not_whole(homes[16], clerk, at)
    _moved(homes[17:19], clerk, at)
    _brought_along(year, homes[20:30], accountant, at)
    _next_year(year.year, accountant, at)


def _accounts(year: FundYear, homes: list[Household], by: Person, at: datetime) -> None:
    """Household accounts with what was put in, what was used, and what was given back."""
    today = days.business_day(at)
    for place, home in enumerate(homes):
        account = accounts.account_of(scheme=year.scheme, owner=home)
        put_in = A_HEAD * home.members.living().count()
        name = f"{year.year}年度划入（演示）"
        accounts.credit(account=account, amount=put_in, on=today, reference=name, by=by, at=at)
        if place % 3:
            visit = f"门诊补偿{place:03d}（演示）"
            used = accounts.debit(account=account, amount=A_HEAD, on=today, reference=visit, by=by, at=at)
        if place % 3 == 2:  # noqa: PLR2004  every third household's visit was reversed
            accounts.give_back(entry=used, on=today, by=by, at=at)


def _twice(year: FundYear, homes: list[Household], by: Person, at: datetime) -> None:
    """Children who are enrolled with their parents and once more with their grandparents in the same village."""
    today = days.business_day(at)
    young = Member.objects.living().filter(coverages__fund_year=year, birth_date__gt=today - enrolled.CHILDHOOD)
    children = young.exclude(household__in=homes).select_related("household__village").order_by("-pk")[: len(homes)]
    for child, beside in zip(children, homes, strict=True):
        village = child.household.village
        if beside.village_id != village.pk:
            households.move_household(
                household=beside, seen_version=beside.version, village=village, address="", on=today, by=by, at=at
            )
        entry = Entry(name=child.name, sex=child.sex, birth_date=child.birth_date, relation="grandchild")
        again = members.add_member(household=beside, entry=entry, joined=Joined.FORGOTTEN, on=today, by=by, at=at)
        home = again.household
        book = next(iter(collecting.books_of(home.village)), None)
        paid = [Paid(again.pk)]
        sheets.pay_at_counter(household=home, fund_year=year, paid=paid, on=today, book=book, by=by, at=at)


def _gone_over(year: FundYear, home: Household, by: Person, at: datetime) -> None:
    """Somebody goes over to the residents' scheme, where he has an account of his own."""
    person, on = _others(home)[-1], max(days.business_day(at), year.period.lower + ONE_DAY)
    to = FundYear.objects.confirmed().get(scheme__code="residents", year=year.year)
    coverage.transfer(member=person, to=to, on=on, by=by, at=at)
    account = accounts.account_of(scheme=to.scheme, owner=person)
    accounts.credit(account=account, amount=Decimal(30), on=on, reference="个人账户划入（演示）", by=by, at=at)


def _not_whole(home: Household, by: Person, at: datetime) -> None:
    """One member's contribution was noted by mistake: the entry is taken back and the others are entered again."""
    *others, mistaken = _others(home)
    entry = SheetEntry.objects.get(contributions__member=mistaken, contributions__void_reason="")
    sheets.take_back(entry=entry, reason="收据开错，重新收缴（演示）", by=by, at=at)
    head = home.members.living().get(is_head=True)
    paid = [Paid(one.pk) for one in (head, *others)]
    sheets.enter(sheet=entry.sheet, household=home, paid=paid, on=entry.paid_on, by=by, at=at)


def _moved(homes: list[Household], by: Person, at: datetime) -> None:
    """A household has its book as a scan, and another head; somebody of another has moved away."""
    today = days.business_day(at)
    first, second = homes
    content = register.made_paper("户口簿", "户口簿首页", first.number, ["本件为演示数据。"], [], at).read()
    files.keep_file(subject=first, upload=SimpleUploadedFile(BOOK, content), by=by, at=at)
    households.change_head(household=first, head=_others(first)[0], by=by, at=at)
    members.note_moved_away(member=_others(second)[-1], on=today, reason="迁往银川市（演示）", by=by, at=at)


def _brought_along(year: FundYear, homes: list[Household], by: Person, at: datetime) -> None:
    """Balances of accounts wait to be signed; a file of coverages comes back with faults."""
    today = days.business_day(at)
    content = _csv([["户编号", "账户余额"], *([home.number, f"{12 + place}.50"] for place, home in enumerate(homes))])
    kind = GoLiveProtocol.Kind.BALANCES
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / BALANCES
        path.write_bytes(content)
        found = go_live.check(
            kind=kind, fund_year=year, path=path, name=BALANCES, as_of=today, at=at, step=lambda *_how_far: None
        )
    file = attachments.keep_made(subject=year, name=BALANCES, content=content, media_type="text/csv", by=by, at=at)
    go_live.propose(kind=kind, fund_year=year, as_of=today, file=file, rows=found.rows, total=found.total, by=by, at=at)
    rows = [["身份证号", "姓名"], ["110105194912310021", "查无此人（演示）"], ["11010519491231", "号码缺位（演示）"]]
    go_live_jobs.ask_for_check(
        kind=GoLiveProtocol.Kind.COVERAGE,
        fund_year=year,
        as_of=today,
        upload=SimpleUploadedFile(COVERAGES, _csv(rows)),
        by=by,
        at=at,
    )


def _next_year(year: int, by: Person, at: datetime) -> None:
    """The residents' next year is copied from this one, and lacks its paper."""
    before = FundYear.objects.confirmed().get(scheme__code="residents", year=year)
    head = fund_year_copies.following(before) | {
        "paper_number": f"海政发〔{year}〕3号（演示，全部为假设）",
        "paper_date": date(year, 1, 5),
    }
    fund_year_copies.copy_fund_year(fund_year=before, header=Header(**head), by=by, at=at)  # type: ignore[arg-type]


def _others(home: Household) -> list[Member]:
    """Whoever lives in a household beside its head, in the order of the register."""
    return list(home.members.living().filter(is_head=False).order_by("pk"))


def _csv(rows: list[list[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()
