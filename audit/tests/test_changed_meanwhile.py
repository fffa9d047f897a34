"""Two people edit the same plan, draft or paper: the second is told what the first changed, nothing is overwritten."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from audit.models import Engagement, Finding, WorkPaper
from audit.services import auditing, engagements, findings, papers
from audit.services.findings import FindingOf
from audit.services.papers import PaperOf
from audit.tests.auditing import WORDS, Audit, now
from conftest import NOON, sign_in
from office.stale import Stale

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
PAPER = ("title", "procedure", "facts", "conclusion")


@pytest.fixture
def audit(appoint) -> Audit:
    return Audit.of(appoint)


@pytest.fixture
def dan(audit) -> Client:
    client = sign_in(Client(), audit.dan)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def typed_in(client: Client, way: str) -> dict[str, str]:
    """What stands in the form of a page, as a browser would send it."""
    form = client.get(way).context["form"]
    return {name: "" if (one := form[name].value()) is None else str(getattr(one, "pk", one)) for name in form.fields}


def seen_again(answer: Any) -> str:
    return re.search(r'name="seen" value="([^"]+)"', answer.content.decode())[1]


class TestPages:
    def test_a_plan(self, audit, dan):
        made = audit.planned()
        way = reverse("audit:engagement_change", args=[made.pk])
        typed = typed_in(dan, way) | {"scope": "门诊补偿"}
        engagements.change(engagement=made, stated=audit.stated(title="改题"), by=audit.dora, at=NOON)
        answer = dan.post(way, typed)
        page = answer.content.decode()
        assert answer.status_code == 409
        assert "Dora changed this" in page
        assert [text in page for text in ("改题", "门诊补偿")] == [True, True]
        assert (now(made).title, now(made).scope) == ("改题", "住院补偿与基金支出")
        answer = dan.post(way, typed | {"seen": seen_again(answer)})
        assert answer.status_code == 302
        assert now(made).scope == "门诊补偿"

    def test_a_draft(self, audit, dan):
        made = audit.draft(audit.engagement(), amount=5)
        way = reverse("audit:finding_change", args=[made.pk])
        typed = typed_in(dan, way) | {"title": "另一题"}
        findings.change(finding=made, stated=FindingOf(**WORDS | {"cause": "制度缺失"}), by=audit.dora, at=NOON)
        answer = dan.post(way, typed)
        assert answer.status_code == 409
        told = {one.label: (one.seen, one.now, one.yours) for one in answer.context["stale"]}
        assert told == {
            "title": (WORDS["title"], WORDS["title"], "另一题"),
            "cause": (WORDS["cause"], "制度缺失", WORDS["cause"]),
            "amount it is about": ("5.00", "0.00", "5.00"),
        }
        assert now(made).title == WORDS["title"]

    def test_a_draft_that_nobody_else_changed(self, audit, dan):
        made = audit.draft(audit.engagement())
        way = reverse("audit:finding_change", args=[made.pk])
        assert dan.post(way, typed_in(dan, way) | {"title": "另一题"}).status_code == 302
        assert now(made).title == "另一题"

    def test_a_form_that_does_not_say_what_it_showed_overwrites_nothing(self, audit, dan):
        made = audit.draft(audit.engagement())
        way = reverse("audit:finding_change", args=[made.pk])
        for seen in ("", "forged:1:2"):
            typed = typed_in(dan, way) | {"title": "另一题", "seen": seen}
            assert dan.post(way, typed).status_code == 409
        assert now(made).title == WORDS["title"]

    def test_a_paper_that_is_rewritten_twice(self, audit, dan):
        made = audit.paper(audit.engagement())
        check = {"agrees": False, "remark": "x", "by": audit.dora, "at": NOON}
        papers.check_paper(paper=made, **check)
        way = reverse("audit:work_paper_rewrite", args=[made.pk])
        typed = typed_in(dan, way) | {"facts": "三笔同号"}
        papers.rewrite_paper(paper=made, stated=PaperOf("a", "b", "c", "d"), by=audit.dan, at=NOON)
        papers.check_paper(paper=made, **check)
        assert dan.post(way, typed).status_code == 409
        assert now(made).facts == "c"

    def test_a_check_of_what_was_rewritten_meanwhile(self, audit):
        made = audit.paper(audit.engagement())
        dora = sign_in(Client(), audit.dora)
        way = reverse("audit:work_paper_check", args=[made.pk])
        typed = typed_in(dora, way) | {"agrees": "yes"}
        papers.check_paper(paper=made, agrees=False, remark="x", by=audit.dora, at=NOON)
        papers.rewrite_paper(paper=made, stated=PaperOf("a", "b", "c", "d"), by=audit.dan, at=NOON)
        answer = dora.post(way, typed)
        assert answer.status_code == 409
        assert now(made).state == "written"
        assert [one.yours for one in answer.context["stale"]] == ["a", "b", "c", "d"]
        page = answer.content.decode()
        assert ("您填写的" in page, "请按现在的内容核对后再保存" in page) == (False, True)  # she types none of it


class TestServices:
    @pytest.mark.parametrize("seen", [pytest.param({}, id="nothing"), pytest.param({"title": "x"}, id="another title")])
    def test_each_refuses_what_was_seen_otherwise(self, audit, seen):
        of = audit.engagement()
        paper, returned = audit.paper(of), audit.paper(of)
        papers.check_paper(paper=returned, agrees=False, remark="x", by=audit.dora, at=NOON)
        stated = PaperOf("a", "b", "c", "d")
        for service, more in (
            (engagements.change, {"engagement": audit.planned(), "stated": audit.stated(), "by": audit.dan}),
            (findings.change, {"finding": audit.draft(of), "stated": FindingOf(**WORDS), "by": audit.dan}),
            (papers.rewrite_paper, {"paper": returned, "stated": stated, "by": audit.dan}),
            (papers.check_paper, {"paper": paper, "agrees": True, "remark": "", "by": audit.dora}),
        ):
            with pytest.raises(Stale) as stale:
                service(seen=seen, at=NOON, **more)
            assert isinstance(stale.value.current, Engagement | Finding | WorkPaper)

    def test_says_who_changed_it_last_if_anybody_did(self, audit):
        paper = audit.paper(audit.engagement())
        with pytest.raises(Stale) as stale:
            auditing.refuse_stale(paper, {"title": "x"})
        assert stale.value.current.changed_by == audit.dan
        unknown = WorkPaper(pk=0)
        with pytest.raises(Stale) as stale:
            auditing.refuse_stale(unknown, {})
        assert stale.value.current.changed_by is None
        auditing.refuse_stale(paper, auditing.content_of(paper, PAPER))
