"""The pages of benefit plans: read, laid side by side, brought in, edited with all faults listed, proposed, decided."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone, translation

from claims.models import BenefitPlan
from claims.prints import packages as package_prints
from claims.rules import packages
from claims.rules import plans as documents
from claims.services import adoption, plans
from claims.services.plans import Place
from claims.tests import factories
from claims.tests.factories import BASIC, CRITICAL, later
from claims.tests.test_packages import WHOLE as SMALL
from claims.tests.test_services_adoption import complete, scan
from claims.tests.test_services_plans import DOUBTFUL, FAULTY
from conftest import sign_in
from enrollment.tests.factories import scheme
from office import deciding, desk
from office.models import Act, Duty
from office.rules import days
from office.services import rounds
from office.tests.factories import shown_by
from office.tests.test_views_rounds import hidden, send

pytestmark = pytest.mark.django_db

LIST = "/claims/plans/"


@pytest.fixture
def fay(appoint):
    return appoint("fay", Duty.FUND_ACCOUNTANT)


@pytest.fixture
def as_fay(fay):
    return sign_in(Client(), fay)


@pytest.fixture
def hal(appoint):
    return appoint("hal", Duty.OFFICE_HEAD)


@pytest.fixture
def as_hal(hal):
    return sign_in(Client(), hal)


@pytest.fixture
def draft(fay) -> BenefitPlan:
    return plans.draft_plan(text=BASIC, place=Place(scheme()), by=fay, at=timezone.now())


@pytest.fixture
def where(draft) -> str:
    return f"{LIST}{draft.pk}/"


def words(answer) -> str:
    return answer.content.decode()


class TestList:
    def test_by_scheme_year_kind_state_and_words(self, as_hal):
        factories.adopted()
        factories.adopted(later(BASIC, "2009-01-01", "2009-12-31").replace("test-ncms", "before"))
        factories.draft(CRITICAL, position=2)
        page = words(as_hal.get(LIST))
        assert page.count("测试县新农合补偿方案（第1版）") == 2
        assert "2010-01-01 至 2010-12-31" in page
        for narrowed, count in (
            ({"year": "2009"}, 1),
            ({"year": "2010"}, 2),
            ({"kind": "cii"}, 1),
            ({"state": "adopted"}, 2),
            ({"words": "before"}, 1),
            ({"words": "大病"}, 1),
            ({"scheme": scheme("other").pk}, 0),
        ):
            assert as_hal.get(LIST, {**narrowed, "as": "totals"}).content.decode().count(f"<dd>{count}</dd>") == 1
        assert as_hal.get(LIST, {"as": "xlsx"}).status_code == 200

    def test_only_who_drafts_has_the_button(self, as_fay, as_hal):
        assert f'href="{LIST}new/"' in words(as_fay.get(LIST))
        assert f'href="{LIST}new/"' not in words(as_hal.get(LIST))


class TestOnePlan:
    def test_as_tables_with_the_source_of_each_rule(self, as_hal):
        plan = factories.adopted()
        page = words(as_hal.get(f"{LIST}{plan.pk}/"))
        assert "二级医疗机构 · 不满12岁" in page
        assert "一级医院起付线60元" in page
        assert "方案未写，按常见做法取九成" in page
        assert "10,000.00元及以下: 50 %" in page
        assert 'id="layers[0].pay[1]"' in page
        assert "document/edit/" not in page

    def test_the_order_of_its_scheme_and_what_ended_it(self, as_hal, fay, hal):
        first = complete(fay)
        opened = adoption.propose(plan=first, by=fay, at=timezone.now())
        now = timezone.now()
        given = {"choice": "approve", "reason": "", "by": hal, "at": now, "proof": shown_by(hal, now)}
        rounds.vote(round=opened, hash_seen=opened.subject_hash, **given)
        second = complete(fay, later(BASIC, "2010-07-01", "2010-12-31"), ends=first)
        opened = adoption.propose(plan=second, by=fay, at=now)
        rounds.vote(round=opened, hash_seen=opened.subject_hash, **given)
        critical = factories.adopted(CRITICAL, position=2)
        page = words(as_hal.get(f"{LIST}{first.pk}/"))
        assert "2010-01-01 至 2010-06-30" in page
        assert "（第2版）终止" in page
        assert f'href="{LIST}{critical.pk}/"' in page
        page = words(as_hal.get(f"{LIST}{second.pk}/"))
        assert f'href="{LIST}{first.pk}/"' in page

    def test_one_that_never_applied_says_so(self, as_hal, fay, hal):
        first = factories.adopted()
        now = timezone.now()
        second = complete(fay, BASIC.replace("0.85", "0.80"), ends=first)
        opened = adoption.propose(plan=second, by=fay, at=now)
        rounds.vote(
            round=opened, choice="approve", hash_seen=opened.subject_hash, by=hal, at=now, proof=shown_by(hal, now)
        )
        assert "不再适用" in words(as_hal.get(f"{LIST}{first.pk}/"))
        assert "不再适用" in words(as_hal.get(LIST))

    def test_what_is_missing_is_said_before_it_is_proposed(self, as_fay, where):
        page = words(as_fay.get(where))
        assert "请录入县里文件的文号和日期。" in page
        assert "请添加文件扫描件" in page

    def test_days_that_are_taken_are_said_too(self, as_fay, where):
        factories.adopted(BASIC.replace("test-ncms", "other"))
        assert "已占用本方案的日期" in words(as_fay.get(where))

    def test_its_document_as_a_file(self, as_hal):
        plan = factories.adopted()
        answer = as_hal.get(f"{LIST}{plan.pk}/document/")
        assert answer.headers["Content-Disposition"] == 'attachment; filename="test-ncms-1.yaml"'
        assert documents.read(words(answer)).tree == documents.read(BASIC).tree

    def test_nothing_of_another_number(self, as_hal):
        assert as_hal.get(f"{LIST}999/").status_code == 404


class TestSideBySide:
    def test_from_a_plan_to_both(self, as_hal):
        first = factories.adopted()
        second = factories.draft(later(BASIC, "2011-01-01", "2011-12-31").replace("0.85", "0.80"))
        answer = as_hal.get(f"{LIST}{first.pk}/beside/", {"other": second.pk})
        page = words(as_hal.get(answer.headers["Location"]))
        assert "共有 1 条规则不同。" in page
        assert page.count('class="is-changed"') == 1
        assert page.index("2010-01-01 至") < page.index("2011-01-01 至")
        only = words(as_hal.get(answer.headers["Location"], {"only": "differences"}))
        assert 'class="is-same"' in page
        assert 'class="is-same"' not in only

    def test_another_kind_of_plan_is_not_offered(self, as_hal):
        first, other = factories.adopted(), factories.adopted(CRITICAL, position=2)
        answer = as_hal.get(f"{LIST}{first.pk}/beside/", {"other": other.pk})
        assert answer.headers["Location"] == f"{LIST}{first.pk}/"


class TestBringingIn:
    def bring(self, client, **typed):
        return send(client, f"{LIST}new/", scheme=scheme().pk, position="1", **typed)

    @pytest.mark.parametrize(
        "given",
        [
            {"text": BASIC},
            {"shipped": "haiyuan-ncms-2010"},
            {"file": SimpleUploadedFile("a.yaml", b"\xef\xbb\xbf" + BASIC.encode())},
        ],
    )
    def test_text_a_file_or_a_shipped_plan(self, as_fay, given):
        answer = self.bring(as_fay, **given)
        plan = BenefitPlan.objects.get()
        assert answer.headers["Location"] == f"{LIST}{plan.pk}/"
        if "file" in given:
            assert Act.objects.get(name="benefit-plan.drafted").facts["source"] == "a.yaml"

    def test_all_faults_of_a_file_stand_above_its_text(self, as_fay):
        answer = self.bring(as_fay, file=SimpleUploadedFile("a.yaml", FAULTY.encode()))
        assert answer.status_code == 422
        page = words(answer)
        assert "方案文本有 2 处错误" in page
        assert "<code>layers[0].pay[2].ratio</code>" in page
        assert "roundin: fen" in page  # the file's text, to be corrected here
        assert Act.objects.filter(kind="refused", name="benefit-plan.drafted").exists()

    @pytest.mark.parametrize(
        ("given", "said"),
        [
            ({}, "请在随附方案、文件、文本中选择一项。"),
            ({"text": BASIC, "shipped": "haiyuan-ncms-2010"}, "请在随附方案、文件、文本中选择一项。"),
            ({"file": SimpleUploadedFile("a.yaml", b"\xff\xfe\x00")}, "不是 UTF-8 文本"),
            ({"file": SimpleUploadedFile("a.yaml", b"x" * 1_000_001)}, "过大"),
            ({"text": CRITICAL}, "不能是补充待遇"),
        ],
    )
    def test_what_is_no_document(self, as_fay, given, said):
        answer = self.bring(as_fay, **given)
        assert answer.status_code == 422
        assert said in words(answer)
        assert not BenefitPlan.objects.exists()

    def test_copied_from_an_earlier_one(self, as_fay):
        plan = factories.adopted()
        answer = as_fay.post(f"{LIST}{plan.pk}/copy/")
        copied = BenefitPlan.objects.get(version=2)
        assert answer.headers["Location"] == f"{LIST}{copied.pk}/document/edit/"

    def test_a_copy_that_cannot_be_made_is_said(self, as_fay):
        plan = factories.draft(CRITICAL, position=1)
        answer = as_fay.post(f"{LIST}{plan.pk}/copy/", follow=True)
        assert "不能是补充待遇" in words(answer)


class TestEditing:
    def test_the_document(self, as_fay, draft, where):
        page = as_fay.get(f"{where}document/edit/")
        assert "一级医院起付线60元" in words(page)
        answer = send(
            as_fay, f"{where}document/edit/", text=BASIC.replace("0.85", "0.80"), scheme=draft.scheme_id, position="1"
        )
        assert answer.headers["Location"] == where
        draft.refresh_from_db()
        assert "0.80" in draft.text

    def test_faults_are_listed_and_nothing_is_lost(self, as_fay, draft, where):
        answer = send(as_fay, f"{where}document/edit/", text=FAULTY, scheme=draft.scheme_id, position="1")
        page = words(answer)
        assert answer.status_code == 422
        line = FAULTY.splitlines().index("roundin: fen") + 1
        assert f'<a href="#id_text" data-line="{line}">第 {line} 行</a> <code>roundin</code>' in page
        assert "roundin: fen" in page
        draft.refresh_from_db()
        assert draft.text == BASIC

    def test_what_somebody_else_saved_is_shown(self, as_fay, fay, draft, where):
        shown = hidden(as_fay.get(f"{where}document/edit/"))
        place = Place(draft.scheme)
        plans.change_document(
            plan=draft,
            text=BASIC.replace("0.85", "0.81"),
            place=place,
            seen=plans.seen_of(draft),
            by=fay,
            at=timezone.now(),
        )
        typed = {"text": BASIC.replace("0.85", "0.82"), "scheme": draft.scheme_id, "position": "1"}
        answer = as_fay.post(f"{where}document/edit/", {**shown, **typed})
        page = words(answer)
        assert answer.status_code == 422
        assert "有人修改了这份草稿" in page
        assert "0.81" in page
        assert "0.82" in page
        answer = as_fay.post(f"{where}document/edit/", {**hidden(answer), **typed})
        assert answer.headers["Location"] == where
        draft.refresh_from_db()
        assert "0.82" in draft.text

    def test_which_plan_it_ends(self, as_fay, draft, where):
        first = factories.adopted(BASIC.replace("test-ncms", "first"))
        typed = {"text": later(BASIC, "2010-07-01", "2010-12-31"), "scheme": draft.scheme_id, "position": "1"}
        send(as_fay, f"{where}document/edit/", supersedes=first.pk, **typed)
        draft.refresh_from_db()
        assert draft.supersedes == first

    def test_the_paper_and_its_scan(self, as_fay, draft, where):
        send(as_fay, f"{where}paper/", number="测政发〔2009〕88号", day="2009-12-01", file=scan())
        page = words(as_fay.get(where))
        assert "测政发〔2009〕88号 · 2009-12-01" in page
        assert "88.png" in page

    def test_a_scan_that_is_none(self, as_fay, where):
        given = {"number": "1", "day": "2009-12-01"}
        answer = send(as_fay, f"{where}paper/", file=SimpleUploadedFile("a.csv", "甲,乙\n".encode()), **given)
        assert "图片或 PDF" in words(answer)
        answer = send(as_fay, f"{where}paper/", file=SimpleUploadedFile("a.png", b"no picture"), **given)
        assert answer.status_code == 422

    def test_reasons_for_doubts(self, as_fay, fay):
        draft = plans.draft_plan(text=DOUBTFUL, place=Place(scheme()), by=fay, at=timezone.now())
        where = f"{LIST}{draft.pk}/"
        assert "通过前检查提出的疑点" in words(as_fay.get(where))
        answer = send(as_fay, f"{where}doubts/", **{"doubt-0": "本县没有三级医院"})
        assert answer.headers["Location"] == where
        assert "本县没有三级医院" in words(as_fay.get(where))

    def test_what_is_no_draft_is_not_changed(self, as_fay):
        plan = factories.adopted(DOUBTFUL)
        where = f"{LIST}{plan.pk}/"
        for page, typed in (
            ("document/edit", {"text": BASIC, "scheme": plan.scheme_id, "position": "1"}),
            ("paper", {"number": "1", "day": "2009-12-01"}),
            ("doubts", {"doubt-0": "x"}),
        ):
            answer = send(as_fay, f"{where}{page}/", **typed)
            assert answer.status_code == 422
            assert "只能修改草稿" in words(answer)


class TestDeciding:
    def test_from_the_proposal_to_the_adopted_plan(self, as_fay, as_hal, fay, hal):
        plan = complete(fay)
        where = f"{LIST}{plan.pk}/"
        send(as_fay, f"{where}propose/")
        opened = deciding.rounds_of(plan).get()
        shown = desk.waiting_for(hal, days.business_day(timezone.now()))
        assert [one.worklist.name for one in shown] == ["claims.rounds"]
        page = deciding.page_of(opened)
        assert page in words(as_hal.get(where))
        told = words(as_hal.get(page))
        assert "测政发〔2009〕88号 (2009-12-01)" in told
        assert plan.sha256 in told
        send(as_hal, page, choice="approve")
        plan.refresh_from_db()
        assert plan.state == "adopted"
        assert "Hal" in words(as_hal.get(where))

    def test_what_is_missing_is_refused_in_words(self, as_fay, where):
        answer = as_fay.post(f"{where}propose/", follow=True)
        assert "请录入县里文件的文号和日期" in words(answer)
        assert Act.objects.filter(kind="refused", name="benefit-plan.proposed").exists()

    def test_taken_back_once(self, as_fay, draft, where):
        assert "已撤回" in words(as_fay.post(f"{where}withdraw/", follow=True))
        answer = as_fay.post(f"{where}withdraw/", follow=True)
        assert Act.objects.filter(kind="refused", name="benefit-plan.withdrawn").exists()
        assert answer.status_code == 200

    def test_a_draft_waits_for_whoever_completes_it(self, fay, draft):
        [shown] = desk.waiting_for(fay, days.business_day(timezone.now()))
        assert (shown.worklist.name, shown.waiting.count) == ("claims.drafts", 1)
        [item] = shown.worklist.takes[BenefitPlan]([str(draft.pk), "999"])
        assert item.url == f"{LIST}{draft.pk}/"


class TestPackages:
    def test_the_list_and_one_with_its_editions_side_by_side(self, as_fay):
        page = words(as_fay.get("/claims/packages/"))
        assert '<a href="/claims/packages/yinchuan-basic-services/">银川市基本医疗服务包</a>' in page
        assert "2010-01-01 起" in page
        assert '病种 10 <span class="quiet">已列名 3</span>' in page
        page = words(as_fay.get("/claims/packages/yinchuan-basic-services/"))
        line = r'<th scope="row"(?: colspan="2")?>([^<]+)</th> ?((?:<td>.*?</td> ?)+)</tr>'
        rows = dict(re.findall(line, re.sub(r"\s+", " ", page)))
        assert "30.00" in rows["每人每年筹资（元）"]
        assert "40.00" in rows["每人每年筹资（元）"]
        assert "<td>162 种、198 个品规" in rows["药品"]
        assert "治疗病种由30种扩大到50种" in rows["病种"]
        assert [rows["文件未列名"].count(one) for one in ("<td>74</td>", "<td>162</td>")] == [1, 1]
        assert as_fay.get("/claims/packages/no-such/").status_code == 404

    def test_what_came_and_went_in_english(self, as_fay):
        package = packages.read(SMALL)
        with translation.override("en"):
            told = package_prints.told(package)
        [shelf, _drugs] = told.shelves
        assert {one.name: (one.codes, one.editions) for one in shelf.names} == {
            "Hypertension": ("I10", [True, True]),
            "Tumours": ("C", [True, False]),
            "Diabetes": ("E10 E11", [False, True]),
        }
        assert shelf.unnamed == [0, 1]
        assert [row.cells[0].words for row in told.rows[1:]] == ["—", "2", "—"]
