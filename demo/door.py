"""The demo hospital's token, known to all as the demo's passwords are, and somebody whom its program can ask about."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from claims.models import Claim, Disease, DoorToken, Provider
from claims.rules import door as rules
from claims.services import door_tokens
from claims.services.door_tokens import Stated
from demo.factors import show_factor
from enrollment.models import Coverage, Member
from office.models import Person
from office.rules import days

HOSPITAL: Final = "640522001"
LABEL: Final = "医院信息系统（演示：令牌人人可知）"
LASTS: Final = timedelta(days=360)
AGO: Final = timedelta(days=10)  # the day that a program asks about
DIAGNOSIS: Final = "J18.9"


@dataclass(frozen=True)
class Example:
    """What a program needs to try the door of the demo."""

    token: str
    id_number: str
    name: str
    day: date
    disease: str


def text() -> str:
    """The token; it follows from the hospital's code."""
    drawn = hashlib.shake_256(f"demo door {HOSPITAL}".encode()).digest(rules.PREFIX + rules.SECRET)
    letters = "".join(rules.ALPHABET[byte % len(rules.ALPHABET)] for byte in drawn)
    return rules.written(letters[: rules.PREFIX], letters[rules.PREFIX :])


def leave(people: dict[str, Person], at: datetime) -> None:
    """The security administrator gives the county hospital its token."""
    by = people["security"]
    last = days.business_day(at) + LASTS
    stated = Stated(Provider.objects.get(code=HOSPITAL), people["hospital"], LABEL, last)
    door_tokens.give(stated=stated, by=by, at=at, proof=show_factor(by, at), text=text())


def example(at: datetime) -> Example | None:
    """The token and somebody insured who has no claim; nothing where this is no demo."""
    if not DoorToken.objects.filter(sha256=rules.hash_of(text())).exists():
        return None
    day = days.business_day(at) - AGO
    insured = Coverage.objects.standing().filter(scheme__code="ncms", period__contains=day).values("member")
    found = Member.objects.living().filter(pk__in=insured, is_head=True, id_number__isnull=False)
    who = found.exclude(pk__in=Claim.objects.values("member")).order_by("-pk").first()
    disease = Disease.objects.filter(code=DIAGNOSIS).first()
    if who is None or disease is None:
        return None
    return Example(text(), str(who.id_number), who.name, day, disease.code)
