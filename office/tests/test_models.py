"""What records are called, and what the tables refuse beyond what the services' tests show."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db import IntegrityError

from conftest import NOON
from office.models import Attachment, Body, FormUse, Job, Person, Printer, PrinterOffset, WorkingDay

pytestmark = pytest.mark.django_db


def test_every_record_has_a_name(ada, county):
    printer = Printer(name="窗口", body=county)
    assert str(printer) == "窗口"
    assert str(PrinterOffset(printer=printer, form="receipt")) == "窗口: receipt"
    assert str(Attachment(name="名单.csv")) == "名单.csv"
    assert str(FormUse(key="k")) == "k"
    assert str(Job(title="导入")) == "导入"
    assert str(WorkingDay(day=datetime(2010, 3, 1).date())) == "2010-03-01"
    assert str(ada.appointments.get()) == "Ada: 参合登记员"
    assert str(county) == county.name


def test_progress_without_a_goal_has_no_percentage():
    assert Job(total_steps=0).percent is None
    assert Job(total_steps=3, done_steps=1).percent == 33
    assert Job(total_steps=3, done_steps=9).percent == 100


@pytest.mark.parametrize(("state", "next_state", "allowed"), [("done", "running", False), ("failed", "waiting", True)])
def test_moves_follow_the_table(state, next_state, allowed):
    assert Job(state=state).can_become(next_state) is allowed


def attachment(ada, **wrong) -> Attachment:
    right = {"name": "a", "media_type": "a", "size": 1, "sha256": "0" * 64, "added_by": ada, "added_at": NOON}
    return Attachment.objects.create(**(right | wrong))


@pytest.mark.parametrize(
    "wrong",
    [
        lambda ada: Person.objects.create(username="", full_name="x"),
        lambda ada: Body.objects.create(code="", name="x", kind="bank"),
        lambda ada: WorkingDay.objects.create(day="2010-01-01", is_working=True, source="rumour"),
        lambda ada: WorkingDay.objects.create(day="2010-01-01", is_working=True, source="office", changed_by=ada),
        lambda ada: attachment(ada, size=0),
        lambda ada: attachment(ada, sha256="zz"),
    ],
    ids=["no name", "no code", "unknown source", "who without when", "no bytes", "no hash"],
)  # fmt: skip
def test_the_database_refuses(ada, wrong):
    with pytest.raises(IntegrityError):
        wrong(ada)
