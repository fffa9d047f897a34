"""Lists of those helped, and what was claimed of the levels of government, in the demo county. All of it is made up.

The lists are nearly those of the register (demo/enrolled.py): some people of the register are missing on them, some are
there as somebody else, and some nobody knows.
"""

from __future__ import annotations

import csv
import io
from datetime import datetime, timedelta
from typing import Final

from enrollment.models import Category, FundYear, Member, SubsidyClaim
from enrollment.services import assistance_lists, subsidies
from enrollment.services.assistance_lists import Paper
from office import attachments
from office.models import Person
from office.rules import days

LISTS: Final = (
    (Category.FIVE_GUARANTEES, "五保", "海民发〔{year}〕8号（演示）"),
    (Category.LOW_INCOME, "农村低保", "海民发〔{year}〕9号（演示）"),
)
HEADER: Final = ("姓名", "身份证号", "乡镇", "村")
LEFT_OUT: Final = 25  # of so many one is missing on the list
STRANGERS: Final = (("王生全", "海城镇", "山门村"), ("李成花", "海城镇", "山门村"))
CLAIMED: Final = ("central", "province")


def help_people(year: FundYear, people: dict[str, Person], at: datetime) -> None:
    """Take the lists of a year in, and claim the first instalments of the state and the region."""
    today = days.business_day(at)
    for category, name, number in LISTS:
        paper = Paper(year, category, number.format(year=year.year), today - timedelta(days=20))
        file = attachments.keep_made(
            subject=people["registrar"],
            name=f"{name}资助对象名单（演示）.csv",
            content=_content(category),
            media_type="text/csv",
            by=people["registrar"],
            at=at,
        )
        assistance_lists.accept(paper=paper, file=file, by=people["registrar"], at=at)
    for order, level in enumerate(CLAIMED, start=1):
        subsidies.make_claim(
            fund_year=year,
            payer=SubsidyClaim.Payer(level),
            rate=year.subsidyrates.get(level=level, instalment=1),
            counted_on=today,
            number=f"海新合〔{today.year}〕{order}号（演示）",
            by=people["accountant"],
            at=at,
        )


def _content(category: str) -> bytes:
    """A list as civil affairs would send it."""
    living = Member.objects.living().select_related("household__village__parent").order_by("pk")
    known = living.filter(category=category)
    listed = [one for place, one in enumerate(known) if place % LEFT_OUT]
    listed += living.filter(category=Category.ORDINARY, contributions__own__gt=0).distinct()[:3]
    rows = [_row(one) for one in listed] + [(name, "", township, village) for name, township, village in STRANGERS]
    text = io.StringIO(newline="")
    csv.writer(text).writerows([HEADER, *rows])
    return text.getvalue().encode("gb18030")


def _row(one: Member) -> tuple[str, str, str, str]:
    village = one.household.village
    return one.name, one.id_number or "", str(village.parent), village.name
