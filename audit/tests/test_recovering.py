"""Money of findings: demanded by letter, linked to postings of the books; recovered is a sum of the ledger."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from audit.models import BookedMoney, Demand, Finding
from audit.selectors import findings as selectors
from audit.services import findings
from audit.services import recovering as services
from audit.services.auditing import CannotAudit
from audit.tests.auditing import DAY, MONEY, TODAY, Audit, now
from conftest import NOON
from funds.models import Recovery
from funds.services import recoveries
from funds.services.recoveries import RecoveryOf
from funds.tests.factories import pair
from funds.tests.settling import decide
from office.models import Duty

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def audit(appoint) -> Audit:
    return Audit.of(appoint)


@pytest.fixture
def found(audit):
    return audit.final(**MONEY)


def by_the_database(found: Finding) -> Decimal:
    with connection.cursor() as cursor:
        cursor.execute("SELECT audit_recovered(%s)", [found.pk])
        return cursor.fetchone()[0]


class TestDemand:
    def test_a_letter_of_what_is_still_to_come_back(self, audit, found):
        made = services.demand(
            finding=found, payer="县人民医院", amount=Decimal(1200), pay_by=TODAY + 15 * DAY, by=audit.dan, at=NOON
        )
        assert (made.number, made.made_on) == ("ZK2010-00001", TODAY)

    def test_refusals(self, audit, found, appoint):
        def demand(of=found, by=audit.dan, **more):
            told = {"payer": "x", "amount": Decimal(1), "pay_by": TODAY + DAY} | more
            return services.demand(finding=of, by=by, at=NOON, **told)

        for words, more in (
            ("1,200.00 yuan are still", {"amount": Decimal("1200.01")}),
            ("1,200.00 yuan are still", {"amount": Decimal(0)}),
            ("a day to come", {"pay_by": TODAY}),
            ("in words", {"payer": " "}),
            ("None of your duties", {"by": audit.hal}),
            ("not named", {"by": appoint("eva", Duty.INTERNAL_AUDITOR)}),
            ("when the finding is final", {"of": audit.draft(found.engagement)}),
        ):
            with pytest.raises(CannotAudit, match=words):
                demand(**more)
        with pytest.raises(DatabaseError, match="no more is demanded"), transaction.atomic():
            Demand.objects.create(
                finding=found, number="x", payer="x", amount=Decimal(1201), pay_by=TODAY + DAY, made_on=TODAY,
                made_by=audit.dan, made_at=NOON,
            )  # fmt: skip
        audit.recovered(found, "1200")
        with pytest.raises(CannotAudit, match=r"0\.00 yuan are still"):
            demand()


class TestLink:
    def test_recovered_is_what_the_books_say(self, audit, found):
        assert selectors.recovered(found) == 0
        audit.recovered(found, "700")
        audit.recovered(found, "500.50")
        assert selectors.recovered(found) == by_the_database(found) == Decimal("1200.50")
        assert selectors.with_money(Finding.objects.filter(pk=found.pk)).get().recovered == Decimal("1200.50")
        assert selectors.standing_of(found).booked == 2

    def test_money_comes_back_through_the_funds_own_door(self, audit, found):
        account = audit.book.accounts.get(purpose="special_account")
        told = RecoveryOf("person", "马国强", Decimal(1200), TODAY, 2010, account, "回单0417")
        asked = decide(recoveries.propose(book=audit.book, stated=told, by=audit.counter.acc, at=NOON), audit.head)
        assert asked.state == Recovery.State.DONE
        [posting] = selectors.to_link(found)
        services.link(finding=found, posting=posting, by=audit.dan, at=NOON)
        assert selectors.recovered(found) == 1200
        assert not selectors.to_link(found)

    def test_another_voucher_puts_the_books_right_and_brings_nothing_back(self, audit, found):
        other = audit.counter.enter("x", "other_income", *pair("special_account", "other_income", "9"), on=TODAY)
        assert services.link(finding=found, posting=other, by=audit.dora, at=NOON).kind == "corrected"
        assert (selectors.recovered(found), selectors.standing_of(found).booked) == (0, 1)

    def test_what_is_taken_back_in_red_counts_no_more(self, audit, found):
        posting = audit.recovered(found, "1200")
        audit.counter.reverse(posting, on=TODAY)
        assert selectors.recovered(found) == by_the_database(found) == 0
        assert selectors.standing_of(found).booked == 0

    def test_refusals(self, audit, found, appoint):
        posting = audit.recovered(found, "5")
        old = audit.came_back("6", on=date(2010, 1, 1))
        late = audit.engagement(since=date(2010, 2, 1))
        red = audit.counter.reverse(gone := audit.came_back("7"), on=TODAY)
        eva = appoint("eva", Duty.INTERNAL_AUDITOR)
        for words, more in (
            ("stands for a finding already", {"posting": posting}),
            ("lies before the period", {"finding": audit.final(late, **MONEY), "posting": old}),
            ("taken back", {"posting": red}),
            ("taken back", {"posting": gone}),
            ("None of your duties", {"by": audit.hal}),
            ("not named", {"by": eva}),
            ("This finding is closed", {"finding": audit.closed(found.engagement)}),
        ):
            given = {"finding": found, "posting": audit.came_back("8"), "by": audit.dan} | more
            with pytest.raises(CannotAudit, match=words):
                services.link(at=NOON, **given)

    def test_the_database_takes_postings_that_hold_alone(self, audit, found):
        red = audit.counter.reverse(gone := audit.came_back("7"), on=TODAY)
        for posting, kind in ((red, "corrected"), (gone, "recovered"), (audit.came_back("8"), "corrected")):
            with pytest.raises(DatabaseError, match="a posting that holds"), transaction.atomic():
                BookedMoney.objects.create(
                    finding=found, posting=posting, kind=kind, linked_by=audit.dan, linked_at=NOON
                )

    def test_a_wrong_link_is_taken_off_and_the_posting_is_free_again(self, audit, found, appoint):
        posting = audit.recovered(found, "1200")
        link = found.money.get()
        with pytest.raises(CannotAudit, match="in words"):
            services.take_off(link=link, reason=" ", by=audit.dan, at=NOON)
        assert services.take_off(link=link, reason="关联有误", by=audit.dan, at=NOON).state == "void"
        assert selectors.recovered(found) == 0
        with pytest.raises(CannotAudit, match="taken off already"):
            services.take_off(link=link, reason="x", by=audit.dan, at=NOON)
        services.link(finding=found, posting=posting, by=audit.dan, at=NOON)

    def test_the_money_of_a_closed_finding_stays(self, audit):
        closed = audit.closed(**MONEY)
        link = closed.money.get()
        with pytest.raises(CannotAudit, match="closed"):
            services.take_off(link=link, reason="x", by=audit.dan, at=NOON)
        with pytest.raises(DatabaseError, match="closed finding stays"), transaction.atomic():
            BookedMoney.objects.filter(pk=link.pk).update(state="void", reason="x")
        assert not selectors.taken_back()
        audit.counter.reverse(link.posting, on=TODAY)
        assert list(selectors.taken_back()) == [closed]
        again = findings.reopen(finding=closed, reason="冲红", by=audit.dora, at=NOON)
        assert (now(again).state, again.closed_by) == ("final", None)
        with pytest.raises(CannotAudit, match=r"link the posting"):
            findings.close(finding=closed, by=audit.dora, at=NOON)
