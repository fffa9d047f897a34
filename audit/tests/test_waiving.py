"""Money that cannot be recovered: asked for with evidence, agreed to by the head of the office and by finance, counted
apart from what came back."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from audit.models import Demand, Evidence, Finding, Waiver
from audit.prints import findings as prints
from audit.prints import reports as report_prints
from audit.selectors import findings as selectors
from audit.selectors import reports as report_selectors
from audit.services import findings, recovering, reports
from audit.services import waiving as services
from audit.services.auditing import CannotAudit
from audit.services.waiving import WaiverOf
from audit.tests.auditing import DAY, MONEY, TODAY, Audit, now
from conftest import NOON, sign_in
from funds.tests.settling import decide
from office import attachments, deciding
from office.deciding import CannotWithdraw
from office.models import Act, Duty
from office.services.rounds import CannotVote, capacities
from office.tests.factories import PIXEL

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def audit(appoint) -> Audit:
    return Audit.of(appoint)


@pytest.fixture
def fin(appoint):
    return appoint("fin", Duty.FINANCE_REVIEWER)


@pytest.fixture
def found(audit):
    return audit.final(**MONEY)


def stated(amount: str = "1200", **more: Any) -> WaiverOf:
    told: dict[str, Any] = {"debtor": "马国强", "ground": "died", "words": "人已死亡，无遗产可供执行"}
    return WaiverOf(amount=Decimal(amount), **(told | more))


def asked(audit: Audit, found: Finding, amount: str = "1200") -> Waiver:
    """A waiver that Dan asks for."""
    return services.propose(finding=found, stated=stated(amount), shown=audit.file("死亡证明"), by=audit.dan, at=NOON)


def agreed(audit: Audit, found: Finding, fin: Any, amount: str = "1200") -> Waiver:
    """One that the head and finance agreed to."""
    return decide(decide(asked(audit, found, amount), audit.hal), fin)


def by_the_database(found: Finding) -> Decimal:
    with connection.cursor() as cursor:
        cursor.execute("SELECT audit_waived(%s)", [found.pk])
        return cursor.fetchone()[0]


class TestAsked:
    def test_with_its_ground_and_evidence(self, audit, found):
        made = asked(audit, found, "500")
        assert (made.number, made.state, made.proposed_on) == ("HX2010-00001", "proposed", TODAY)
        kept = made.evidence.get()
        assert (kept.words, kept.dated_on, kept.added_on) == ("死亡证明", TODAY, TODAY)
        assert deciding.rounds_of(made).get().duties == ["office_head"]
        assert Act.objects.filter(name="waiver.proposed", by=audit.dan, subject_id=made.pk).count() == 1

    def test_refusals(self, audit, found, appoint):
        def ask(of=found, by=audit.dan, shown=None, **more):
            shown = shown or audit.file()
            return services.propose(finding=of, stated=stated(**more), shown=shown, by=by, at=NOON)

        for words, more in (
            ("1,200.00 yuan are still", {"amount": "1200.01"}),
            ("1,200.00 yuan are still", {"amount": "0"}),
            ("Choose the ground", {"ground": "bored"}),
            ("in words", {"debtor": " "}),
            ("in words", {"words": " "}),
            ("not come yet", {"shown": audit.file(on=TODAY + DAY)}),
            ("None of your duties", {"by": audit.hal}),
            ("not named", {"by": appoint("eva", Duty.INTERNAL_AUDITOR)}),
            ("final and not closed", {"of": audit.draft(found.engagement)}),
        ):
            with pytest.raises(CannotAudit, match=words):
                ask(**more)
        assert not Waiver.objects.exists()
        ask(amount="1")
        with pytest.raises(CannotAudit, match="waits to be decided already"):
            ask(amount="1")

    def test_what_the_database_asks_for(self, audit, found, appoint):
        told = {"proposed_at": NOON, "proposed_on": TODAY, "debtor": "x", "words": "x", "ground": "died"}
        eva = appoint("eva", Duty.INTERNAL_AUDITOR)
        draft = audit.draft(found.engagement, **MONEY)
        for words, more in (
            ("no more is waived", {"amount": 1201}),
            ("final and not closed", {"finding": draft}),
            ("people of the engagement", {"proposed_by": eva}),
        ):
            given = {"finding": found, "number": "x", "amount": 1, "proposed_by": audit.dan} | told | more
            with pytest.raises(DatabaseError, match=words), transaction.atomic():
                Waiver.objects.create(**given)
        made = asked(audit, found)
        for words, fields in (
            ("does not change", {"amount": 1}),
            ("no round has decided", {"state": "reviewed"}),
            ("finance has not approved", {"state": "agreed"}),
        ):
            with pytest.raises(DatabaseError, match=words), transaction.atomic():
                Waiver.objects.filter(pk=made.pk).update(**fields)
        kept = attachments.keep_made(
            subject=made, name="a.txt", content=b"x", media_type="text/plain", by=audit.dan, at=NOON
        )
        with pytest.raises(DatabaseError, match="before anybody decides"), transaction.atomic():
            Evidence.objects.create(
                waiver=made, attachment=kept, dated_on=TODAY, words="x", added_by=audit.dan, added_at=NOON,
                added_on=TODAY,
            )  # fmt: skip

    def test_its_files_are_read_by_those_who_see_it(self, audit, found, fin):
        kept = asked(audit, found).evidence.get().attachment
        seen = [attachments.may_read(kept, one) for one in (audit.dan, audit.hal, fin, audit.counter.acc)]
        assert seen == [True, True, True, False]


class TestDecided:
    def test_by_the_head_then_by_finance(self, audit, found, fin):
        made = decide(asked(audit, found), audit.hal)
        assert (made.state, selectors.standing_of(found).waived) == ("reviewed", 0)
        assert deciding.rounds_of(made).filter(state="open").get().duties == ["finance_reviewer"]
        made = decide(made, fin)
        assert made.state == "agreed"
        standing = selectors.standing_of(found)
        assert (standing.waived, standing.recovered, standing.owed) == (1200, 0, 0)
        assert by_the_database(found) == 1200
        assert Act.objects.filter(name="waiver.decided").count() == 2

    def test_either_refuses_it(self, audit, found, fin):
        assert decide(asked(audit, found), audit.hal, "refuse").state == "refused"
        assert decide(decide(asked(audit, found), audit.hal), fin, "refuse").state == "refused"
        assert selectors.standing_of(found).waived == by_the_database(found) == 0
        assert asked(audit, found).state == "proposed"  # nothing keeps a third from being asked for

    def test_never_by_whoever_audits_or_whose_office_ends(self, audit, fin, appoint):
        gone = appoint("gone", Duty.OFFICE_HEAD)
        made = asked(audit, audit.final(audit.engagement(kind="leaving", leaver=gone), **MONEY))
        opened = deciding.rounds_of(made).get()
        assert set(opened.barred) == {audit.dan.pk, audit.dora.pk, gone.pk}
        assert capacities(round=opened, by=audit.hal, at=NOON) == [audit.hal]
        for one in (gone, audit.dan, fin):
            with pytest.raises(CannotVote):
                decide(made, one)

    def test_not_of_more_than_is_missing_by_then(self, audit, found, fin):
        made = decide(asked(audit, found), audit.hal)
        audit.recovered(found, "0.01")
        with pytest.raises(CannotVote, match=r"1,199\.99 yuan are still"):
            decide(made, fin)
        assert now(made).state == "reviewed"
        assert decide(made, fin, "refuse").state == "refused"

    def test_not_of_a_finding_that_is_closed(self, audit, found, fin, monkeypatch):
        made = asked(audit, found)
        monkeypatch.setattr(services, "_final", lambda finding: (_ for _ in ()).throw(CannotAudit("x")))
        with pytest.raises(CannotVote, match="x"):
            decide(made, audit.hal)

    def test_taken_back_by_whoever_asked(self, audit, found, fin):
        made = asked(audit, found)
        with pytest.raises(CannotWithdraw, match="Whoever entered it"):
            services.withdraw(waiver=made, by=audit.dora, at=NOON)
        services.withdraw(waiver=made, by=audit.dan, at=NOON)
        assert now(made).state == "void"
        with pytest.raises(CannotWithdraw, match="decided already"):
            services.withdraw(waiver=made, by=audit.dan, at=NOON)
        reviewed = decide(asked(audit, found), audit.hal)
        deciding.matter_of("audit.waiver").withdraw(reviewed, audit.dan, NOON)
        assert now(reviewed).state == "void"


class TestCounted:
    def test_what_is_waived_is_never_recovered(self, audit, found, fin):
        audit.recovered(found, "700")
        agreed(audit, found, fin, "500")
        standing = selectors.standing_of(found)
        assert (standing.recovered, standing.waived, standing.owed) == (700, 500, 0)
        assert selectors.recovered_of([found.pk]) == {found.pk: 700}
        assert selectors.waived_of([found.pk]) == {found.pk: 500}
        row = selectors.with_money(Finding.objects.filter(pk=found.pk)).get()
        assert (row.recovered, row.waived) == (700, 500)

    def test_what_was_waived_before_is_told_without_itself(self, audit, found, fin):
        first = agreed(audit, found, fin, "500")
        then = asked(audit, found, "200")
        told = [dict(services.rows(one))["waived before, yuan"] for one in (first, then)]
        assert told == ["0.00", "500.00"]

    def test_no_more_is_demanded_than_the_rest(self, audit, found, fin):
        agreed(audit, found, fin, "500")
        told = {"finding": found, "payer": "x", "pay_by": TODAY + DAY, "by": audit.dan, "at": NOON}
        with pytest.raises(CannotAudit, match=r"700\.00 yuan"):
            recovering.demand(amount=Decimal("700.01"), **told)
        fields = {"pay_by": TODAY + DAY, "made_on": TODAY, "made_by": audit.dan, "made_at": NOON}
        with pytest.raises(DatabaseError, match="no more is demanded"), transaction.atomic():
            Demand.objects.create(finding=found, number="x", payer="x", amount=Decimal("700.01"), **fields)
        assert recovering.demand(amount=Decimal(700), **told).amount == 700

    def test_a_finding_closes_with_what_came_back_and_what_was_waived(self, audit, found, fin):
        audit.rectified(found)
        close = partial(findings.close, finding=found, by=audit.dora, at=NOON)
        audit.recovered(found, "700")
        with pytest.raises(CannotAudit, match=r"500\.00 yuan have not come back"):
            close()
        made = asked(audit, found, "500")
        with pytest.raises(CannotAudit, match="waits to be decided"):
            close()
        fields = {"state": "closed", "closed_by": audit.dora, "closed_on": TODAY}
        with pytest.raises(DatabaseError, match="is decided first"), transaction.atomic():
            Finding.objects.filter(pk=found.pk).update(**fields)
        decide(decide(made, audit.hal), fin)
        assert close().state == "closed"
        assert Act.objects.get(name="finding.closed", kind="done").facts["waived"] == "500.00"

    def test_one_that_is_waived_as_a_whole_needs_no_posting(self, audit, fin):
        found = audit.final(amount=Decimal(1200), to_recover=Decimal(1200))
        audit.rectified(found)
        agreed(audit, found, fin)
        assert findings.close(finding=found, by=audit.dora, at=NOON).state == "closed"

    def test_without_the_guard_a_finding_closes_while_a_waiver_waits(self, audit, found, fin):
        audit.rectified(found)
        audit.recovered(found, "1200")
        audit.counter.reverse(found.money.get().posting, on=TODAY)
        asked(audit, found)
        with connection.cursor() as cursor:
            cursor.execute("SELECT audit_not_closable(f) FROM audit_finding f WHERE f.id = %s", [found.pk])
            assert cursor.fetchone()[0] == "a waiver that is asked for is decided first"


class TestTold:
    def test_in_the_report_and_the_register(self, audit, found, fin):
        audit.rectified(found)
        audit.measure(found)
        agreed(audit, found, fin, "500")
        content = report_selectors.content_of(found.engagement, number="x", opinion="x", advice="")
        assert (content["form"], content["waived"], content["recovered"]) == ("audit-report-2", "500.00", "0.00")
        assert report_prints.finding_rows(content)[0][-1] == "500.00"
        assert report_prints.finding_columns(content)[-1] == "waived, yuan"
        sums = prints._sums(list(found.rectifications.select_related("finding").order_by("pk")))
        assert [tuple(map(int, one)) for one in sums.values()] == [(1200, 0, 500, 700)]

    def test_a_report_of_the_first_form_says_what_it_said(self, audit, found):
        content = report_selectors.content_of(found.engagement, number="x", opinion="x", advice="")
        del content["waived"]
        assert report_prints.finding_columns(content)[-1] == "recovered, yuan"
        assert len(report_prints.finding_rows(content)[0]) == 6

    def test_a_report_that_was_drawn_up_before_is_drawn_up_anew(self, audit, found, fin):
        audit.measure(found)
        made = audit.report(found.engagement)
        agreed(audit, found, fin, "500")
        with pytest.raises(CannotAudit, match="has changed since"):
            reports.issue(report=made, by=audit.dora, at=NOON)


class TestPages:
    @pytest.fixture
    def browsers(self, audit, fin):
        found = {one.username: sign_in(Client(), one) for one in (audit.dan, audit.hal, fin)}
        for client in found.values():
            client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        return found

    def test_from_the_finding_to_the_votes(self, audit, found, fin, browsers):
        way = reverse("audit:waiver_new", args=[found.pk])
        dan = browsers["dan"]
        assert way in dan.get(reverse("audit:finding", args=[found.pk])).content.decode()
        assert re.search(r'name="amount"[^>]*value="1,?200', dan.get(way).content.decode())
        typed = {"debtor": "马国强", "amount": "500", "ground": "died", "reason": "无遗产", "words": "死亡证明"}
        answer = dan.post(way, typed | {"dated_on": "2010-02-01"})
        assert answer.status_code == 422  # no file
        answer = dan.post(way, typed | {"dated_on": "2010-02-01", "upload": SimpleUploadedFile("a.png", PIXEL)})
        made = Waiver.objects.get()
        assert answer.headers["Location"] == reverse("audit:waiver", args=[made.pk])
        page = dan.get(answer.headers["Location"]).content.decode()
        assert "死亡证明" in page
        assert reverse("audit:finding", args=[found.pk]) in page
        page = browsers["fin"].get(answer.headers["Location"]).content.decode()
        assert "无遗产" in page
        assert reverse("audit:finding", args=[found.pk]) not in page
        assert way not in dan.get(reverse("audit:finding", args=[found.pk])).content.decode()
        decide(decide(made, audit.hal), fin)
        page = dan.get(reverse("audit:finding", args=[found.pk])).content.decode()
        assert "500.00" in page
        assert "700.00" in page
        assert made.number in page
        listed = dan.get(reverse("audit:findings"), {"as": "totals"}).content.decode()
        assert "Waived, yuan" in listed
