"""What waits for auditors and for the audited can be taken by one of them; once it is done it waits no more, and his
lease has ended with the act."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from audit.services import complaints, engagements, findings, leads, papers, rectifying, reports, sample_items, samples
from audit.services.auditing import CannotAudit
from audit.tests.auditing import DAY, LATER, MONEY, TODAY, Audit
from audit.tests.sampling import Field, contributions
from audit.tests.test_complaints import taken
from audit.tests.test_leads import lead
from conftest import NOON
from office import desk
from office.models import Act, Duty, Lease, Person
from office.services import work
from office.subjects import name_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
Thing = tuple[Any, Callable[[], object]]


@pytest.fixture
def audit(appoint) -> Audit:
    return Audit.of(appoint)


def paper(audit: Audit, *, agrees: bool = True) -> Thing:
    made = audit.paper(audit.engagement())
    return made, lambda: papers.check_paper(paper=made, agrees=agrees, remark="x", by=audit.dora, at=NOON)


def sent_back_paper(audit: Audit) -> Thing:
    return paper(audit, agrees=False)


def answered(audit: Audit) -> Thing:
    made = audit.answered(audit.engagement())
    return made, lambda: findings.settle(finding=made, by=audit.dora, at=NOON)


def taken_up(audit: Audit) -> Thing:
    made, _do = answered(audit)
    return made, lambda: findings.take_up_again(finding=made, by=audit.dora, at=NOON)


def dropped(audit: Audit) -> Thing:
    made, _do = answered(audit)
    return made, lambda: findings.drop(finding=made, reason="x", by=audit.dora, at=NOON)


def rectified(audit: Audit) -> Thing:
    made = audit.final()
    audit.rectified(made)
    return made, lambda: findings.close(finding=made, by=audit.dora, at=NOON)


def handed_in(audit: Audit) -> Thing:
    made = audit.handed_in(audit.measure(audit.final()))
    return made, lambda: rectifying.close(rectification=made, words="x", by=audit.dora, at=NOON)


def sent_back_measure(audit: Audit) -> Thing:
    made, _do = handed_in(audit)
    due_on = TODAY + DAY
    return made, lambda: rectifying.send_back(rectification=made, words="x", due_on=due_on, by=audit.dora, at=NOON)


def drawn_up(audit: Audit) -> Thing:
    made = audit.report(audit.engagement())
    return made, lambda: reports.issue(report=made, by=audit.dora, at=NOON)


def sent_back_report(audit: Audit) -> Thing:
    made, _do = drawn_up(audit)
    return made, lambda: reports.send_back(report=made, reason="x", by=audit.dora, at=NOON)


def sent(audit: Audit) -> Thing:
    made = audit.sent(audit.engagement())
    return made, lambda: findings.answer(finding=made, agrees=True, words="x", by=audit.hal, at=NOON)


def asked(audit: Audit) -> Thing:
    made = audit.measure(audit.final())
    return made, lambda: audit.handed_in(made)


def cleared(audit: Audit) -> Thing:
    made = lead()
    return made, lambda: leads.clear(lead=made, reason="x", by=audit.dan, at=NOON)


def confirmed(audit: Audit) -> Thing:
    made = lead()
    return made, lambda: leads.confirm(lead=made, reason="x", by=audit.dan, at=NOON)


def complained(audit: Audit) -> Thing:
    made, told = taken(audit.hal), {"result": "not_taken_up", "words": "x"}
    return made, lambda: complaints.answer(complaint=made, by=audit.dan, at=NOON, **told)


@pytest.mark.parametrize(
    ("name", "who", "make"),
    [
        pytest.param("papers-to-check", "dora", paper, id="a paper"),
        pytest.param("papers-to-check", "dora", sent_back_paper, id="a paper that goes back"),
        pytest.param("findings-to-settle", "dora", answered, id="an answered finding"),
        pytest.param("findings-to-settle", "dora", taken_up, id="a finding that is taken up again"),
        pytest.param("findings-to-settle", "dora", dropped, id="a finding that is dropped"),
        pytest.param("findings-to-close", "dora", rectified, id="a finding to close"),
        pytest.param("rectifications-to-check", "dora", handed_in, id="a measure to check"),
        pytest.param("rectifications-to-check", "dora", sent_back_measure, id="a measure that goes back"),
        pytest.param("reports-to-issue", "dora", drawn_up, id="a report"),
        pytest.param("reports-to-issue", "dora", sent_back_report, id="a report that goes back"),
        pytest.param("findings-to-answer", "hal", sent, id="a draft to answer"),
        pytest.param("rectifications-to-do", "hal", asked, id="a measure to carry out"),
        pytest.param("leads", "dan", cleared, id="a lead that is cleared"),
        pytest.param("leads", "dan", confirmed, id="a lead that is confirmed"),
        pytest.param("complaints", "dan", complained, id="a complaint"),
    ],
)
def test_it_is_taken_by_one_until_it_is_done(audit, name, who, make):
    record, do = make(audit)
    person: Person = getattr(audit, who)
    worklist, subject = f"audit.{name}", name_of(record)
    lease = work.take(worklist=worklist, subject=subject, by=person, at=NOON)
    held = [(one.name, item.subject) for one, item in desk.held_work(NOON)]
    assert held == [(worklist, subject)]
    shown = next(one for one in desk.waiting_for(person, TODAY) if one.worklist.name == worklist)
    assert shown.waiting.count == 1
    do()
    assert desk.item_of(worklist, subject) is None
    assert how_it_ended(lease) == "done"
    ended = Act.objects.get(name="work.ended")
    assert (ended.by, ended.facts["lease"], ended.subject_id) == (person, lease.pk, str(record.pk))


def how_it_ended(lease: Lease) -> str:
    return Lease.objects.get(pk=lease.pk).ended_because


def take(name: str, record: Any, by: Person, at: Any = NOON) -> Lease:
    return work.take(worklist=f"audit.{name}", subject=name_of(record), by=by, at=at)


class TestTheLease:
    def test_ends_with_an_act_of_somebody_else_too(self, audit, appoint):
        record, do = paper(audit)
        eva = appoint("eva", Duty.INTERNAL_AUDITOR)
        engagements.name_member(engagement=record.engagement, person=eva, by=audit.dan, at=NOON)
        lease = take("papers-to-check", record, eva)
        do()
        assert how_it_ended(lease) == "done"

    def test_stays_where_the_act_is_refused(self, audit):
        record, _do = paper(audit)
        lease = take("papers-to-check", record, audit.dora)
        with pytest.raises(CannotAudit):
            papers.check_paper(paper=record, agrees=False, remark=" ", by=audit.dora, at=NOON)
        assert how_it_ended(lease) == ""

    def test_of_the_auditor_stays_when_the_office_answers_late(self, audit):
        """The draft whose time is over waits for both; what is done is the answer."""
        record, _do = sent(audit)
        of_the_auditor = take("findings-to-settle", record, audit.dora, LATER)
        of_the_office = take("findings-to-answer", record, audit.hal, LATER)
        findings.answer(finding=record, agrees=True, words="x", by=audit.hal, at=LATER)
        assert (how_it_ended(of_the_auditor), how_it_ended(of_the_office)) == ("", "done")

    def test_of_both_ends_when_it_is_settled_without_an_answer(self, audit):
        record, _do = sent(audit)
        takers = (("findings-to-settle", audit.dora), ("findings-to-answer", audit.hal))
        both = [take(name, record, by, LATER) for name, by in takers]
        findings.settle(finding=record, by=audit.dora, at=LATER)
        assert [how_it_ended(one) for one in both] == ["done", "done"]

    def test_of_a_closed_finding_ends_when_it_is_opened_again(self, audit):
        found = audit.closed(**MONEY)
        audit.counter.reverse(found.money.get().posting, on=TODAY)
        lease = take("findings-to-close", found, audit.dora)
        findings.reopen(finding=found, reason="x", by=audit.dora, at=NOON)
        assert how_it_ended(lease) == "done"

    def test_of_a_complaint_ends_when_it_is_given_out(self, audit):
        record = taken(audit.hal)
        lease = take("complaints", record, audit.dan)
        complaints.assign(complaint=record, to=audit.dan, by=audit.dan, at=NOON)
        assert how_it_ended(lease) == "done"

    def test_of_whoever_is_taken_off_ends_with_it(self, audit, appoint):
        record, _do = paper(audit)
        eva = appoint("eva", Duty.INTERNAL_AUDITOR)
        engagements.name_member(engagement=record.engagement, person=eva, by=audit.dan, at=NOON)
        of_it, of_another = take("papers-to-check", record, eva), take("leads", lead(), eva)
        off = {"on": TODAY, "reason": "x", "by": audit.dan, "at": NOON}
        engagements.take_off(engagement=record.engagement, person=eva, **off)
        assert (how_it_ended(of_it), how_it_ended(of_another)) == ("duty_ended", "")
        take("papers-to-check", record, audit.dora)


class TestSamples:
    @pytest.fixture
    def field(self, appoint, county) -> Field:
        contributions([str(10 + number) for number in range(30)])
        return Field.of(appoint, county)

    def test_a_sample_is_drawn_and_concluded(self, field):
        sample = field.planned(field.frozen())
        first = take("samples", sample, field.dan)
        samples.draw(sample=sample, by=field.dan, at=NOON)
        assert how_it_ended(first) == "done"
        field.examine_all(sample)
        second = take("samples", sample, field.dan)
        field.concluded(sample)
        assert how_it_ended(second) == "done"

    def test_items_are_examined_and_looked_at(self, field):
        first, other = field.drawn(field.frozen()).items.order_by("position")[:2]
        leases = [take("sample-items", one, field.dan) for one in (first, other)]
        examined = [field.examine(one) for one in (first, other)]
        looks = [take("sample-looks", one, field.eva) for one in examined]
        field.agree(examined[0])
        sample_items.send_back(item=examined[1], remark="x", by=field.eva, at=NOON)
        assert [how_it_ended(one) for one in (*leases, *looks)] == ["done"] * 4

    def test_of_a_sample_that_is_given_up_nothing_is_worked_on(self, field):
        drawn = field.drawn(field.frozen())
        other = field.drawn(drawn.population)
        lease, of_another = (take("sample-items", one.items.first(), field.dan) for one in (drawn, other))
        samples.give_up(sample=drawn, reason="x", by=field.dan, at=NOON)
        assert (how_it_ended(lease), how_it_ended(of_another)) == ("done", "")
        planned = field.planned(drawn.population)
        of_the_plan = take("samples", planned, field.dan)
        samples.give_up(sample=planned, reason="x", by=field.dan, at=NOON)
        assert how_it_ended(of_the_plan) == "done"


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
