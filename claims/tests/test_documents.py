"""Village registers from the first row to the settlement, and what is refused on the way."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db.models import Sum

from claims.models import (
    Approval,
    BenefitCounter,
    BulkDocument,
    BulkRow,
    Claim,
    ClaimPart,
    Invoice,
    SampledRow,
    SettledPart,
)
from claims.rules import sampling as rule
from claims.selectors import bulk, valuing
from claims.services import approving, documents, intake, sampling
from claims.services.documents import CannotKeepDocument
from claims.tests import documents as made
from claims.tests import taking_in
from claims.tests.deciding import now
from claims.tests.documents import Office, codes, row, visit
from conftest import NOON
from enrollment.models import Account, Coverage
from enrollment.services import accounts
from office import deciding
from office.models import Act
from office.services.rounds import CannotVote

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def office(appoint) -> Office:
    return Office.of(appoint)


class TestTheWay:
    def test_from_the_grid_to_the_settlement(self, office):
        one, two = office.people(2)
        document = office.begun(note="二月")
        told = office.write(document, visit(one, "1"), {}, visit(two, "2", "80"), visit(one, "3", "100"))
        assert (told.good, told.faulty, told.is_new, told.document.content_version) == (3, 0, True, 2)
        assert made.paid(bulk.rows_of(told.document)) == [Decimal(12), Decimal(20), Decimal(20)]
        assert (told.document.row_count, told.document.total, told.document.proposed) == (3, 210, 52)
        handed = office.handed_in(document)
        assert (handed.document.state, handed.stays, handed.round.maker) == ("handed_in", 0, office.vera)
        office.sampled(document, size=2)
        voted = office.vote(document)
        assert "3 visits approved: the funds pay 52.00 yuan" in voted.told
        document = now(document)
        claims = list(document.claims.order_by("pk"))
        assert document.state == "approved"
        assert [(c.state, c.proposed, c.payee_kind, c.payee_account) for c in claims] == [
            ("payable", amount, "provider", "62284800001") for amount in (12, 20, 20)
        ]
        assert [row.claim for row in bulk.rows_of(document)] == claims
        settlement = office.settle(document)
        assert (settlement.number, settlement.claims, settlement.total) == ("JS2010-00001", 3, 210)
        assert settlement.fund_pays == 52 == sum(line.fund_pays for line in bulk.settled_lines(settlement))
        acts = set(Act.objects.filter(kind="done").values_list("name", flat=True))
        assert acts >= {
            "bulk-document.begun", "bulk-document.written", "bulk-document.handed-in", "sample.drawn",
            "sample.answered", "bulk-document.decided", "claim.entered", "claim.approved", "settlement.made",
        }  # fmt: skip

    def test_each_claim_is_what_a_single_one_would_be(self, office):
        one = office.insured()
        claim = office.approved(visit(one, "1", "30", own="5")).claims.get()
        approval = claim.approval
        single = approving.value(claim)
        told = {name: str(by) for name, by in sorted(single.answer.moves.items())}
        assert set(told) == set(approval.answer["moves"])
        assert (approval.own_items, approval.eligible, approval.fund_pays) == (5, 30, 12)
        assert approving.sha256_of(Approval.objects.get().answer) == approval.sha256
        assert approval.answer["layers"][0]["trace"]
        assert [(p.layer, p.fund, p.amount, p.state) for p in approval.parts.all()] == [
            ("visits", "ncms", 12, "payable")
        ]
        assert [(line.item_class, line.group, line.amount) for line in claim.lines.all()] == [
            ("A", "drug", 30), ("C", "other", 5),
        ]  # fmt: skip
        assert (claim.total, claim.invoices.get().number, claim.entered_by) == (35, "1", office.vera)

    def test_counters_run_through_the_rows_and_the_documents(self, office):
        one = office.insured()
        first = office.approved(*(visit(one, str(number), "50") for number in range(1, 3)))
        assert [c.proposed for c in first.claims.order_by("pk")] == [20, 20]
        document = office.begun()
        told = office.write(document, visit(one, "3", "40"), visit(one, "4", "50"), visit(one, "5", "50"))
        document = told.document
        assert made.paid(bulk.rows_of(document)) == [16, 4, None]
        assert codes(document) == {3: ["nothing_left"]}
        used = valuing.counters_of(one.pk, office.scheme, 2010)
        assert used == {"visits.year": Decimal(40)}

    def test_paid_from_the_households_account(self, appoint):
        office = Office.of(appoint, plan=made.ACCOUNT, account="household")
        one = office.insured()
        held = accounts.account_of(scheme=office.scheme, owner=one.household)
        accounts.credit(account=held, amount=Decimal(30), on=date(2010, 1, 1), reference="x", by=office.ann, at=NOON)
        document = office.approved(visit(one, "1"), visit(one, "2"))
        assert [claim.proposed for claim in document.claims.order_by("pk")] == [20, 10]
        assert Account.objects.get().balance == 0
        assert [entry.amount for entry in held.entries.filter(kind="debit").order_by("pk")] == [-20, -10]
        assert codes(office.write(office.begun(), visit(one, "3")).document) == {1: ["nothing_left"]}

    def test_publicised_first_where_the_office_says_so(self, office, settings):
        settings.PUBLICISED_FIRST = ("outpatient",)
        document = office.approved(visit(office.insured(), "1"))
        assert [claim.state for claim in document.claims.all()] == ["approved"]
        assert office.settle(document).fund_pays == 12
        assert ClaimPart.objects.get().state == "approved"


class TestFigures:
    def test_of_a_document_and_of_a_month(self, office):
        one, two = office.people(2)
        document = office.begun()
        office.write(document, visit(one, "1"), visit(two, "2"), visit(two, "3", "100"), visit(two, "4", disease="X"))
        documents.strike(row=row(document, 3), reason="重复", by=office.vera, at=NOON)
        figures = bulk.figures_of(now(document))
        assert (figures.rows, figures.good, figures.faulty, figures.struck, figures.visits) == (4, 2, 1, 1, 3)
        assert (figures.total, figures.proposed, figures.struck_total, figures.stays) == (90, 24, 100, 0)
        other = office.begun(kind="hospital_list")
        assert [(found, told.rows) for found, told in bulk.month_sums(made.MONTH)] == [(document, 4), (other, 0)]
        assert list(bulk.to_finish()) == [document, other]
        assert bulk.month_sums(date(2010, 1, 1)) == []

    def test_what_waits_for_whom(self, office):
        document = office.register(visit(office.insured(), "1"))
        day = NOON.date()
        assert [list(bulk.to_sample()), list(bulk.to_settle_now())] == [[document], []]
        assert [len(bulk.waiting_for(who, day)) for who in (office.sue, office.hal, office.fay)] == [1, 1, 0]
        drawn = sampling.draw(document=document, size=1, by=office.fay, at=NOON)
        assert list(bulk.to_sample()) == [document]
        sampling.answer(sampled=drawn.rows.get(), outcome="genuine", words="", asked_on=day, by=office.fay, at=NOON)
        assert list(bulk.to_sample()) == []
        office.vote(document)
        assert list(bulk.to_settle_now()) == [document]
        told = dict(deciding.matter_of("claims.bulkdocument").rows(now(document)))
        assert (told["visits"], told["total cost"]) == ("1", "30.00")


class TestWriting:
    def test_the_same_rows_change_nothing_and_a_stale_writer_is_refused(self, office):
        one = office.insured()
        document = office.begun()
        office.write(document, visit(one, "1"))
        told = office.write(document, visit(one, "1"), {"name": " "})
        assert (told.is_new, told.document.content_version, BulkRow.objects.count()) == (False, 2, 1)
        with pytest.raises(CannotKeepDocument, match="changed this document meanwhile"):
            documents.write_rows(document=document, given=[visit(one, "2")], seen=1, by=office.vera, at=NOON)
        assert Act.objects.filter(kind="refused", name="bulk-document.written").count() == 1

    def test_what_was_struck_out_stays_struck_out_in_the_next_version(self, office):
        one = office.insured()
        document = office.begun()
        office.write(document, visit(one, "1"), visit(one, "2"))
        documents.strike(row=row(document, 1), reason="字迹不清", by=office.vera, at=NOON)
        assert now(document).total == 30
        told = office.write(document, visit(one, "2"), visit(one, "1"), visit(one, "3"))
        assert [r.state for r in bulk.rows_of(told.document)] == ["good", "struck", "good"]
        assert (row(document, 2).strike_reason, told.document.total) == ("字迹不清", 60)

    def test_only_at_ones_own_desk(self, office, appoint, county):
        with pytest.raises(CannotKeepDocument, match="at another desk"):
            office.begun(by=office.hugo)
        with pytest.raises(CannotKeepDocument, match="None of your duties"):
            office.begun(by=office.ann)
        document = office.begun()
        with pytest.raises(CannotKeepDocument, match="at another desk"):
            office.write(document, by=office.hugo)
        assert list(BulkDocument.objects.visible_to(office.hugo)) == []
        assert list(BulkDocument.objects.visible_to(office.sue)) == [document]

    @pytest.mark.parametrize(
        ("given", "field"),
        [({"kind": "x"}, "kind"), ({"month": date(2010, 2, 2)}, "month"), ({"month": date(2010, 4, 1)}, "month")],
    )
    def test_a_kind_and_a_month_that_there_are(self, office, given, field):
        with pytest.raises(CannotKeepDocument) as refusal:
            office.begun(**given)
        assert refusal.value.field == field

    def test_void_while_nothing_came_of_it(self, office):
        document = office.begun()
        with pytest.raises(CannotKeepDocument, match="Say why"):
            documents.void(document=document, reason=" ", by=office.vera, at=NOON)
        documents.void(document=document, reason="重复", by=office.vera, at=NOON)
        assert now(document).state == "void"
        with pytest.raises(CannotKeepDocument, match="This document is void"):
            office.write(document, visit(office.insured(), "1"))


class TestHandingIn:
    def test_not_with_faults_nor_empty_nor_without_an_account(self, office):
        one = office.insured()
        document = office.begun()
        with pytest.raises(CannotKeepDocument, match="no row to hand in"):
            office.handed_in(document)
        office.write(document, visit(one, "1"), visit(one, "1"))
        with pytest.raises(CannotKeepDocument, match="Rows have faults: 2"):
            office.handed_in(document)
        documents.strike(row=row(document, 2), reason="重复", by=office.vera, at=NOON)
        office.clinic.accounts.update(state="replaced")
        with pytest.raises(CannotKeepDocument, match="no confirmed account"):
            office.handed_in(document)
        assert now(document).state == "draft"

    def test_what_changed_since_stands_on_the_rows(self, office):
        one = office.insured()
        document = office.begun()
        office.write(document, visit(one, "1"))
        Coverage.objects.filter(member=one).update(void_reason="误录")
        with pytest.raises(CannotKeepDocument, match="Rows have faults: 1"):
            office.handed_in(document)
        assert codes(document) == {1: ["not_covered"]}
        assert now(document).proposed == 0


class TestSampling:
    def test_the_seed_alone_says_which_rows(self):
        assert rule.drawn(7, range(1, 201), 10) == rule.drawn(7, reversed(range(1, 201)), 10)
        assert rule.drawn(7, range(1, 21), 5) == [3, 4, 7, 12, 20]
        assert rule.drawn(8, range(1, 201), 10) != rule.drawn(7, range(1, 201), 10)
        assert [rule.usual_size(count) for count in (3, 20, 100, 201)] == [3, 5, 5, 11]

    def test_no_decision_before_it_is_drawn_and_answered(self, office):
        document = office.register(*(visit(one, one.name) for one in office.people(3)))
        for choice in ("approve", "refuse"):
            with pytest.raises(CannotVote, match="Draw the sample first"):
                office.vote(document, choice)
        drawn = sampling.draw(document=document, size=2, by=office.fay, at=NOON)
        assert drawn.rows.count() == 2
        with pytest.raises(CannotVote, match="not asked about yet"):
            office.vote(document)
        assert (now(document).state, Claim.objects.count()) == ("handed_in", 0)
        office.vote(document, "return")
        assert now(document).state == "returned"

    def test_a_visit_that_nobody_knows_of_is_struck_out(self, office):
        document = office.register(*(visit(one, one.name) for one in office.people(2)))
        drawn = office.sampled(document, "not_known")
        with pytest.raises(CannotVote, match="the patient knows nothing"):
            office.vote(document)
        [asked] = drawn.rows.all()
        stale = bulk.round_of(document)
        documents.strike(row=asked.row, reason="查无此诊", by=office.fay, at=NOON)
        assert bulk.round_of(document) != stale
        office.vote(document)
        [line] = bulk.deductions_of(now(document))
        assert (line.reason, line.asked, line.deducted, line.claim) == ("查无此诊", 30, 30, "")
        settlement = office.settle(document)
        assert (settlement.total, settlement.deducted, settlement.fund_pays, settlement.claims) == (60, 30, 12, 1)

    def test_refusals(self, office):
        document = office.register(visit(office.insured(), "1"))
        with pytest.raises(CannotKeepDocument, match="Between 1 and 1"):
            sampling.draw(document=document, size=2, by=office.fay, at=NOON)
        with pytest.raises(CannotKeepDocument, match="nine digits"):
            sampling.draw(document=document, size=1, by=office.fay, at=NOON, seed=10**9)
        with pytest.raises(CannotKeepDocument, match="none of your duties"):
            sampling.draw(document=document, size=1, by=office.vera, at=NOON)
        drawn = sampling.draw(document=document, size=1, by=office.fay, at=NOON)
        with pytest.raises(CannotKeepDocument, match="drawn already, with the seed"):
            sampling.draw(document=document, size=1, by=office.sue, at=NOON)
        asked = {"sampled": drawn.rows.get(), "words": "", "asked_on": NOON.date(), "by": office.fay, "at": NOON}
        for more, words in (
            ({"outcome": "x"}, "Choose"),
            ({"outcome": "differs"}, "how it differs"),
            ({"outcome": "genuine", "asked_on": NOON.date() + timedelta(days=1)}, "not on a day to come"),
            ({"outcome": "genuine", "asked_on": date(2010, 2, 2)}, "after the visit"),
        ):
            with pytest.raises(CannotKeepDocument, match=words):
                sampling.answer(**{**asked, **more})
        sampling.answer(**asked, outcome="not_reached")
        with pytest.raises(CannotKeepDocument, match="answered already"):
            sampling.answer(**asked, outcome="genuine")
        assert SampledRow.objects.get().outcome == "not_reached"

    def test_nobody_checks_or_decides_what_he_entered(self, office, appoint):
        both = appoint("bo", "intake_clerk", "first_checker")
        document = office.begun(by=both)
        office.write(document, visit(office.insured(), "1"))
        office.handed_in(document)
        with pytest.raises(CannotKeepDocument, match="Nobody checks what he entered"):
            sampling.draw(document=document, size=1, by=both, at=NOON)
        with pytest.raises(CannotKeepDocument, match="Nobody checks what he entered"):
            documents.strike(row=row(document, 1), reason="x", by=both, at=NOON)


class TestDeciding:
    def test_rows_that_do_not_stand_any_more_are_struck_out_and_said(self, office, appoint):
        one, two, three = office.people(3)
        first = office.register(visit(one, "1", "50"), visit(one, "2", "50"))
        given = (visit(one, "3", "50"), visit(one, "4", "50"), visit(two, "5"), visit(three, "6"), visit(two, "7"))
        second = office.register(*given)
        office.sampled(first)
        office.vote(first)
        Coverage.objects.filter(member=three).update(void_reason="误录")
        office.sampled(second)
        ian = appoint("ian", "intake_clerk")
        asked = taking_in.content(
            two, kind="outpatient", provider=office.clinic, disease=taking_in.disease(),
            admitted_on=date(2010, 2, 3), discharged_on=date(2010, 2, 3),
            invoices=[taking_in.bill("7", 3000, "-", date(2010, 2, 3))],
        )  # fmt: skip
        other = intake.enter_claim(content=asked, by=ian, at=NOON)
        told = office.vote(second).told
        assert "2 visits approved: the funds pay 32.00 yuan" in told
        assert "struck out: 3" in told
        assert [(line.position, line.reason) for line in bulk.deductions_of(now(second))] == [
            (2, "total cost: The plan pays nothing for it: the limit of the year or the account is used up."),
            (4, "day of the visit or admission: Never enrolled."),
            (5, f"number of the receipt: Claim {other} rests on this receipt."),
        ]
        assert valuing.counters_of(one.pk, office.scheme, 2010) == {"visits.year": Decimal(60)}
        assert [r.state for r in bulk.rows_of(now(second))] == ["good", "struck", "good", "struck", "struck"]

    def test_refused_or_returned_nothing_is_granted(self, office):
        document = office.register(visit(office.insured(), "1"))
        office.sampled(document)
        with pytest.raises(CannotKeepDocument, match="Choose how you decide"):
            office.vote(document, "cut")
        office.vote(document, "return")
        with pytest.raises(CannotKeepDocument, match="This document is returned"):
            office.vote(document)
        office.handed_in(document)
        office.vote(document, "refuse")
        assert (now(document).state, Claim.objects.count()) == ("refused", 0)

    def test_only_by_those_who_decide_and_never_by_its_maker(self, office):
        document = office.register(visit(office.insured(), "1"))
        office.sampled(document)
        for who in (office.vera, office.fay, office.ann):
            with pytest.raises(CannotVote):
                office.vote(document, by=who)
        office.vote(document, by=office.hal)
        assert now(document).state == "approved"


class TestSettling:
    def test_refusals(self, office):
        document = office.register(visit(office.insured(), "1"))
        with pytest.raises(CannotKeepDocument, match="This document is handed in"):
            office.settle(document)
        office.sampled(document)
        office.vote(document)
        with pytest.raises(CannotKeepDocument, match="None of your duties"):
            made.document_settling.settle(document=document, by=office.sue, at=NOON)
        office.settle(document)
        with pytest.raises(CannotKeepDocument, match="settled already: JS2010-00001"):
            office.settle(document)

    def test_the_sum_is_that_of_the_parts_and_of_the_claims(self, office):
        people = office.people(4)
        document = office.approved(*(visit(one, one.name, str(17 * place)) for place, one in enumerate(people, 1)))
        settlement = office.settle(document)
        parts = SettledPart.objects.filter(settlement=settlement)
        assert settlement.fund_pays == parts.aggregate(x=Sum("part__amount"))["x"]
        assert settlement.fund_pays == document.claims.aggregate(x=Sum("approval__fund_pays"))["x"]
        assert (
            settlement.total
            == document.claims.aggregate(x=Sum("total"))["x"]
            == Invoice.objects.aggregate(x=Sum("amount"))["x"]
        )
        counted = BenefitCounter.objects.filter(name="visits.year").aggregate(x=Sum("value"))["x"]
        assert settlement.fund_pays == counted
