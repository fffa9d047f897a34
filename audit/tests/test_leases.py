"""What waits for auditors and for the audited can be taken by one of them, and waits no more once it is done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from audit.services import findings, papers, rectifying, reports
from audit.tests.auditing import DAY, MONEY, TODAY, Audit
from conftest import NOON
from office import desk
from office.models import Duty, Person
from office.services import work
from office.subjects import name_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def audit(appoint) -> Audit:
    return Audit.of(appoint)


def paper(audit: Audit) -> tuple[Any, Callable[[], object]]:
    made = audit.paper(audit.engagement())
    return made, lambda: papers.check_paper(paper=made, agrees=True, remark="", by=audit.dora, at=NOON)


def answered(audit: Audit) -> tuple[Any, Callable[[], object]]:
    made = audit.answered(audit.engagement())
    return made, lambda: findings.settle(finding=made, by=audit.dora, at=NOON)


def rectified(audit: Audit) -> tuple[Any, Callable[[], object]]:
    made = audit.final()
    audit.rectified(made)
    return made, lambda: findings.close(finding=made, by=audit.dora, at=NOON)


def handed_in(audit: Audit) -> tuple[Any, Callable[[], object]]:
    made = audit.handed_in(audit.measure(audit.final()))
    return made, lambda: rectifying.close(rectification=made, words="x", by=audit.dora, at=NOON)


def drawn_up(audit: Audit) -> tuple[Any, Callable[[], object]]:
    made = audit.report(audit.engagement())
    return made, lambda: reports.issue(report=made, by=audit.dora, at=NOON)


def sent(audit: Audit) -> tuple[Any, Callable[[], object]]:
    made = audit.sent(audit.engagement())
    return made, lambda: findings.answer(finding=made, agrees=True, words="x", by=audit.hal, at=NOON)


def asked(audit: Audit) -> tuple[Any, Callable[[], object]]:
    made = audit.measure(audit.final())
    return made, lambda: audit.handed_in(made)


@pytest.mark.parametrize(
    ("name", "who", "make"),
    [
        pytest.param("papers-to-check", "dora", paper, id="a paper"),
        pytest.param("findings-to-settle", "dora", answered, id="an answered finding"),
        pytest.param("findings-to-close", "dora", rectified, id="a finding to close"),
        pytest.param("rectifications-to-check", "dora", handed_in, id="a measure to check"),
        pytest.param("reports-to-issue", "dora", drawn_up, id="a report"),
        pytest.param("findings-to-answer", "hal", sent, id="a draft to answer"),
        pytest.param("rectifications-to-do", "hal", asked, id="a measure to carry out"),
    ],
)
def test_it_is_taken_by_one_until_it_is_done(audit, name, who, make):
    record, do = make(audit)
    person: Person = getattr(audit, who)
    worklist, subject = f"audit.{name}", name_of(record)
    work.take(worklist=worklist, subject=subject, by=person, at=NOON)
    held = [(one.name, item.subject) for one, item in desk.held_work(NOON)]
    assert held == [(worklist, subject)]
    shown = next(one for one in desk.waiting_for(person, TODAY) if one.worklist.name == worklist)
    assert shown.waiting.count == 1
    do()
    assert desk.item_of(worklist, subject) is None


def test_the_second_reads_who_has_it(audit, appoint):
    record, _do = handed_in(audit)
    other = appoint("eva", Duty.INTERNAL_AUDITOR)
    given = {"worklist": "audit.rectifications-to-check", "subject": name_of(record), "at": NOON}
    work.take(by=audit.dora, **given)
    with pytest.raises(work.CannotTake, match="Dora"):
        work.take(by=other, **given)


def test_what_was_not_answered_in_time_waits_and_a_watched_day_is_nobodys_to_take(audit):
    record, _do = sent(audit)
    assert desk.item_of("audit.findings-to-settle", name_of(record)) is not None  # its time is long over today
    audit.measure(audit.final(record.engagement, **MONEY), due_on=TODAY + DAY)
    assert not desk.worklist("audit.rectifications-overdue").takes
