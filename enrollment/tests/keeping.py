"""A small village for the tests of keeping the register: clerks, households, families."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

from PIL import Image

from conftest import NOON
from enrollment.models import Division, Household, Member
from enrollment.rules import id_numbers
from enrollment.services.identity import Entry
from enrollment.tests import factories
from office.models import Act, Body, Person

TODAY = date(2010, 3, 1)
NEXT_VILLAGE = "640522100202"
FAR_VILLAGE = "640522101201"

#: A man's valid number, born 1974-05-06, and its form of 15 digits.
ID = "64052219740506001" + id_numbers.check_digit("64052219740506001")
OLD_ID = "640522740506001"


def by(person: Person) -> dict[str, Any]:
    """Who does it, now."""
    return {"by": person, "at": NOON}


def entry(**more: Any) -> Entry:
    """A child without a number yet."""
    return Entry(**{"name": "马小宝", "sex": "M", "birth_date": date(2009, 12, 1), "relation": "son", **more})


def family(number: str = "0001", village: Division | None = None) -> tuple[Household, Member, Member, Member]:
    """A household of a man, his wife and his son."""
    home = factories.household(number, village)
    head = factories.member(
        home, "马大山", date(1970, 1, 1), sex="M", id_number=factories.id_number(date(1970, 1, 1), female=False)
    )
    wife = factories.member(home, "田秀英", date(1972, 2, 2), relation="spouse")
    son = factories.member(home, "马小山", date(1998, 3, 3), relation="son", sex="M", id_number=None)
    return home, head, wife, son


def fresh(record: Any) -> Any:
    """A record as it is now."""
    return type(record)._default_manager.get(pk=record.pk)


def act(name: str) -> Act:
    """The last act of a name."""
    return Act.objects.filter(name=name, kind=Act.Kind.DONE).latest("pk")


def station() -> Body:
    """The station of the township that the tests' village lies in."""
    body = Body.objects.create(code="640522-1", name="海城镇合作医疗站", kind=Body.Kind.TOWNSHIP_STATION)
    township = factories.division(factories.TOWNSHIP)
    township.station = body
    township.save()
    return body


def _png() -> bytes:
    content = BytesIO()
    Image.new("RGB", (2, 2)).save(content, "PNG")
    return content.getvalue()


#: A picture of four pixels.
PNG = _png()
