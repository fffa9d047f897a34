"""A thousandth of the county in bulk is what the services would have left: nothing in it breaks a rule, each rule sees
what breaks it, and whoever values a claim or hashes a step again comes to the same."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from benchmarks.bulk import bare, checks, load, pages, streams, watcher
from claims.models import Approval, Claim, ClaimsRound, Cut, DecisionNotice
from claims.rules import cases, evaluation
from claims.selectors import checking, notices, valuing
from claims.services import approving
from funds.selectors import verifying
from office import trail

pytestmark = pytest.mark.django_db(transaction=True)

SCALE = 0.001
AT = datetime(2010, 9, 15, 18, tzinfo=ZoneInfo("Asia/Shanghai"))
ROUND = "(SELECT min(id) FROM claims_claimsround WHERE subject_type = 'claims.claim' AND state = 'closed')"
PAID = "(SELECT min(id) FROM claims_claim WHERE state = 'paid' AND kind = 'outpatient')"
STAY = "(SELECT min(id) FROM claims_claim WHERE state = 'paid' AND kind = 'inpatient')"

#: By rule, what breaks it.
DAMAGES = {
    "a claim is the sum of its lines": f"UPDATE claims_claimline SET amount = amount + 1 WHERE claim_id = {PAID}",
    "a claim is the sum of its invoices, or has freed them": (
        f"UPDATE claims_invoice SET amount = amount + 1 WHERE claim_id = {PAID}"
    ),
    "total = funds + patient + hospital + others, as the claim has it": (
        f"UPDATE claims_approval SET total = total + 1, patient_pays = patient_pays + 1 WHERE claim_id = {PAID}"
    ),
    "the funds pay the sum of the parts": "UPDATE claims_claimpart SET amount = amount + 1",
    "parts stand as their claim does": "UPDATE claims_claimpart SET state = 'void'",
    "an approval knows what was cut": f"UPDATE claims_approval SET cut = cut + 1 WHERE claim_id = {PAID}",
    "no more is cut than a line holds": "UPDATE claims_cut SET amount = 10000000",
    "a counter is the sum of its moves": "UPDATE claims_benefitcounter SET value = value + 1",
    "an approval moves its own person's counters of its year": "UPDATE claims_approval SET year = year - 1",
    "nobody is above the year's ceiling": "UPDATE claims_benefitcounter SET value = 70000",
    "no household is above what its visits are paid": "UPDATE claims_benefitcounter SET value = 70000",
    "who claims is covered on the days of admission and discharge": "UPDATE enrollment_coverage SET void_reason = 'x'",
    "an approved claim went by every step of its route": (
        f"UPDATE claims_claim SET route = route || '{{head}}' WHERE id = {PAID}"
    ),
    "steps that no limit asks for are the two checks": (
        f"UPDATE claims_claim SET route = route || '{{head}}' WHERE id = {PAID}"
    ),
    "routes are what the limits say": f"UPDATE claims_claim SET proposed = 99999 WHERE id = {STAY}",
    "no two stays of a person are so near that they are added up": (
        "UPDATE claims_claim SET member_id = 1 WHERE kind = 'inpatient'"
    ),
    "a claim in a step has that step's round open, and no other": (
        f"UPDATE claims_claim SET state = 'head' WHERE id = {PAID}"
    ),
    "what is paid or can be was approved, and nothing else": (
        f"UPDATE claims_claim SET state = 'refused' WHERE id = {PAID}"
    ),
    "a closed round has the votes it asks for, and comes to what they say": (
        f"UPDATE claims_claimsround SET outcome = 'refused' WHERE id = {ROUND}"
    ),
    "who votes sits there, has the duty on the day, saw what was decided, and made nothing of it": (
        f"UPDATE claims_claimsvote SET hash_seen = repeat('0', 64) WHERE round_id = {ROUND}"
    ),
    "nobody decides two steps of a claim": (
        "UPDATE claims_claimsvote SET voter_id = (SELECT min(voter_id) FROM claims_claimsvote)"
    ),
    "a notice answers a refusal or a cut, by the round that decided": (
        "UPDATE claims_decisionnotice SET issued_on = DATE '1999-01-01'"
    ),
    "each notice stands in the trail": "DELETE FROM office_act WHERE name = 'notice.served'",
    "whoever enters has the duty at that desk": "UPDATE claims_claim SET entered_on = DATE '1999-01-01'",
    "numbers of a year follow one another": f"UPDATE claims_claim SET number = '20079999999' WHERE id = {PAID}",
    "each claim's trail begins with intake": f"DELETE FROM office_act WHERE subject_id = {PAID}::text",
    "each vote stands in the trail": "DELETE FROM office_act WHERE name = 'round.voted'",
    "each approval stands in the trail by its hash": "DELETE FROM office_act WHERE name = 'claim.approved'",
}


def test_a_thousandth_of_the_county():
    made = load.load(SCALE, AT)
    assert made.rows["claims_claim"] == load.CLAIMS * SCALE
    assert made.rows["enrollment_member"] == 400_000 * SCALE
    assert made.rows["claims_claimsvote"] > 1.9 * made.rows["claims_claim"]
    assert bare.seconds(SCALE) > 0
    assert {name: count for name, count in checks.violations().items() if count} == {}
    assert list(verifying.broken()) == []
    _hashes_are_those_of_the_services()
    _answers_are_those_of_the_evaluator()
    _few_decisions_wait_for_their_notice()
    _list_pages_ask_what_they_asked()
    with pytest.raises(load.NotEmpty):
        load.load(SCALE, AT)
    _each_rule_sees_what_breaks_it()


def _hashes_are_those_of_the_services() -> None:
    found = ClaimsRound.objects.filter(subject_type="claims.claim").order_by("-pk")[:200]
    claims = Claim.objects.in_bulk([int(one.subject_id) for one in found])
    for one in found:
        claim = claims[int(one.subject_id)]
        claim.state = one.step  # as it was then
        assert trail.hash_of(checking.content(claim)) == one.subject_hash


def _answers_are_those_of_the_evaluator() -> None:
    """Every household's approvals once more, in their order, the counters running through them."""
    used: dict[tuple[object, ...], dict[str, Decimal]] = defaultdict(dict)
    known = Approval.objects.select_related("claim__member__household", "claim__scheme", "claim__disease")
    some = known.filter(claim__member__household__lte=20)
    for one in some.order_by("approved_at", "pk"):
        claim, home = one.claim, ("home", one.claim.member.household_id, one.year)
        own = (claim.scheme_id, claim.member_id, one.year)
        documents = valuing.plans_on(claim.scheme, claim.discharged_on)
        bill = valuing.bill_of(claim, valuing.lines_of(claim))
        counters = used[own] | used[home] | valuing.accounts_of(claim)
        answer = evaluation.assess(documents, valuing.person_of(claim), bill, counters, trace=True)
        moves = {name: str(by) for name, by in sorted(answer.moves.items())}
        told = cases.told_of(answer, trace=True) | {"moves": moves}
        assert approving.sha256_of(told) == one.sha256 == approving.sha256_of(one.answer)
        for name, by in answer.moves.items():
            kept = used[home if name.endswith(valuing.OF_HOUSEHOLD) else own]
            kept[name] = kept.get(name, Decimal("0.00")) + by
    assert some.count() > 50


def _few_decisions_wait_for_their_notice() -> None:
    """Those of the last days, of all others it is written; one that is taken away is missed."""
    cut = Cut.objects.values("claim")
    decided = Claim.objects.filter(Q(state="refused") | Q(pk__in=cut, state__in=notices.STANDING))
    told = DecisionNotice.objects.count()
    few = notices.owed().count()
    assert few + told == decided.count()
    assert few < 5 < told
    with streams.connected() as db:
        db.execute("CREATE TABLE taken_away AS SELECT * FROM claims_decisionnotice WHERE id <= 5")
        db.execute("DELETE FROM claims_decisionnotice WHERE id <= 5")
        assert notices.owed().count() == few + 5
        db.execute("INSERT INTO claims_decisionnotice SELECT * FROM taken_away")
        db.execute("DROP TABLE taken_away")


def _list_pages_ask_what_they_asked() -> None:
    """Every list page of the house is measured (benchmarks/lists.py); here it is only opened."""
    browser, found = watcher.client(), pages.list_pages()
    assert set(found) == set(pages.STATEMENTS)
    for name in found:
        with CaptureQueriesContext(connection) as seen:
            answer = browser.get(reverse(name, args=pages.ARGUMENTS.get(name, [])))
        assert answer.status_code == 200, name
        assert len(seen) <= pages.STATEMENTS[name], name


def _each_rule_sees_what_breaks_it() -> None:
    assert set(DAMAGES) == set(checks.CHECKS)
    with streams.connected() as db:
        for rule, damage in DAMAGES.items():
            db.execute(damage)
            assert checks.of_rule(rule) > 0, rule
        db.execute(f"DELETE FROM claims_claimsseat WHERE round_id = {ROUND}")
    assert checks.violations()["claims_claimsvote.seat_id names a row"] > 0
