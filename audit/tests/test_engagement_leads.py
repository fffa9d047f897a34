"""Leads and complaints are cited by findings; a lead's page says which finding cites it."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from audit import subjects
from audit.selectors import leads as selectors
from audit.services import complaints, findings
from audit.services.complaints import Told
from audit.tests.auditing import TODAY, Audit
from audit.tests.test_leads import lead
from conftest import NOON, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def audit(appoint) -> Audit:
    return Audit.of(appoint)


def test_a_lead_is_found_by_its_number_cited_and_leads_back(audit):
    known = lead()
    for typed in (f"XS{known.pk:06d}", f" xs{known.pk} ", f"{known.pk}"):
        cited = subjects.found("audit.lead", typed)
        assert cited is not None
        assert cited.name == ("audit.lead", str(known.pk))
    for typed in ("", "XS", "XSabc", "XS²", "XS1234567890", f"XS{known.pk + 1}"):
        assert subjects.found("audit.lead", typed) is None
    assert selectors.findings_of(known) == []
    finding = audit.draft(audit.engagement())
    findings.cite(finding=finding, subject=cited, by=audit.dan, at=NOON)
    assert selectors.findings_of(known) == [finding]
    page = sign_in(Client(), audit.dan).get(reverse("audit:lead", args=[known.pk])).content.decode()
    assert reverse("audit:finding", args=[finding.pk]) in page
    assert subjects.page_of("audit.lead", str(known.pk)) == reverse("audit:lead", args=[known.pk])


def test_a_complaint_is_found_by_its_number(audit):
    told = Told("visit", "某村卫生室", "没有看过病", TODAY, is_anonymous=True)
    made = complaints.take_down(told=told, by=audit.dan, at=NOON)
    cited = subjects.found("audit.complaint", made.number)
    assert cited is not None
    assert subjects.page_of(*cited.name) == reverse("audit:complaint", args=[made.pk])
    assert subjects.found("audit.complaint", "x") is None
