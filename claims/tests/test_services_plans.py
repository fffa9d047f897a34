"""Drafts of benefit plans: brought in whole or not at all, copied, corrected, given their paper and their reasons."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from claims.models import BenefitPlan
from claims.rules import kinds, plans, shipped
from claims.selectors import plans as selectors
from claims.services import plans as services
from claims.services.plans import CannotDraft, Place
from claims.tests import factories
from claims.tests.factories import BASIC, CRITICAL
from claims.tests.test_services_adoption import scan
from conftest import NOON
from enrollment.tests.factories import scheme
from office import attachments
from office.models import Act, Duty

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

#: Two faults at once: an unknown key, a ratio over one.
FAULTY = BASIC.replace("rounding: fen", "roundin: fen").replace("ratio: 0.45", "ratio: 45")
#: Tier 3 finds no row: the adoption check asks.
DOUBTFUL = BASIC.replace("      - {when: {tier: 3}, ratio: 0.45}\n", "")


@pytest.fixture
def fay(appoint):
    """Keeps the books, and enters what the county's papers say."""
    return appoint("fay", Duty.FUND_ACCOUNTANT)


def draft(fay, text: str = BASIC, of=None, position: int = 1) -> BenefitPlan:
    return services.draft_plan(text=text, place=Place(of or scheme(), position), by=fay, at=NOON, source="a.yaml")


def change(plan, fay, text: str, place: Place | None = None, seen: str = "") -> None:
    services.change_document(
        plan=plan,
        text=text,
        place=place or Place(plan.scheme, plan.position),
        seen=seen or services.seen_of(plan),
        by=fay,
        at=NOON,
    )


class TestBringingIn:
    def test_keeps_the_text_as_given_and_in_the_formats_order(self, fay):
        text = "# from the paper\r\n" + BASIC.replace("\n", "\r\n")
        plan = draft(fay, text)
        assert plan.text == "# from the paper\n" + BASIC
        assert plans.read(plan.canonical).tree == plans.read(BASIC).tree
        assert (plan.state, plan.kind, plan.code, plan.version) == ("draft", "ncms", "test-ncms", 1)
        assert (plan.in_force.lower, plan.in_force.upper) == (date(2010, 1, 1), date(2011, 1, 1))
        assert plan.applies == plan.in_force
        facts = Act.objects.get(name="benefit-plan.drafted").facts
        assert (facts["sha256"], facts["source"]) == (plan.sha256, "a.yaml")

    def test_a_remark_is_no_other_document(self, fay):
        assert draft(fay, f"# a remark\n{BASIC}").sha256 == draft(fay).sha256

    def test_every_fault_at_once_and_nothing_is_kept(self, fay):
        with pytest.raises(CannotDraft) as refusal:
            draft(fay, FAULTY)
        assert {one.path for one in refusal.value.faults} == {"roundin", "layers[0].pay[2].ratio"}
        assert refusal.value.field == "text"
        assert not BenefitPlan.objects.exists()

    def test_faults_are_said_in_the_readers_language(self, fay):
        with translation.override("zh-hans"), pytest.raises(CannotDraft, match="不认识这个键"):
            draft(fay, FAULTY)
        with pytest.raises(CannotDraft, match="roundin: This key is unknown"):
            draft(fay, FAULTY)
        with pytest.raises(CannotDraft, match=r"^There is nothing in it"):
            draft(fay, "")

    def test_a_code_has_versions(self, fay):
        assert [draft(fay).version, draft(fay).version, draft(fay, of=scheme("other")).version] == [1, 2, 1]

    @pytest.mark.parametrize("code", shipped.codes())
    def test_every_shipped_plan_has_a_scheme(self, fay, code):
        schemes = {
            "ncms": scheme(),
            "urbmi": scheme("residents", insures="person"),
            "uebmi": scheme("employees", insures="person", contribution="wages"),
        }
        kind = shipped.plan(code).scheme
        plan = draft(fay, shipped.text(code), schemes.get(kind, scheme()), 1 if kind in schemes else 2)
        assert plan.name_zh != plan.code
        assert isinstance(selectors.doubts_of(plan), list)

    def test_a_document_without_a_name_has_its_code(self, fay):
        text = BASIC.replace("name: {zh-hans: 测试县新农合补偿方案, en: Test county NCMS plan}\n", "")
        assert draft(fay, text).name_zh == "test-ncms"

    def test_a_document_belongs_to_its_kind_of_scheme(self, fay):
        with pytest.raises(CannotDraft, match="belongs to another scheme") as refusal:
            draft(fay, of=scheme("employees", insures="person", contribution="wages"))
        assert refusal.value.field == "scheme"
        with pytest.raises(CannotDraft, match="no supplement") as refusal:
            draft(fay, CRITICAL)
        assert refusal.value.field == "position"


class TestKinds:
    @pytest.mark.parametrize(
        ("kind", "insures", "contribution", "basic", "fits"),
        [
            ("ncms", "household", "fixed", True, True),
            ("urbmi", "household", "fixed", True, False),
            ("urbmi", "person", "fixed", True, True),
            ("uebmi", "person", "wages", True, True),
            ("uebmi", "person", "fixed", True, False),
            ("ncms", "person", "fixed", True, False),
            ("injury", "person", "wages", False, True),
            ("maternity", "person", "wages", False, True),
            ("maternity", "person", "wages", True, False),
            ("uebmi", "person", "wages", False, False),
        ],
    )
    def test_by_what_a_scheme_insures(self, kind, insures, contribution, basic, fits):
        for position in (1, 2):
            wrong = kinds.unfit(kind, insures=insures, contribution=contribution, is_basic=basic, position=position)
            assert wrong == ("" if fits else "other_scheme")

    @pytest.mark.parametrize("kind", sorted(kinds.SUPPLEMENTS))
    def test_supplements_follow(self, kind):
        given = {"insures": "person", "contribution": "wages", "is_basic": True}
        assert kinds.unfit(kind, position=2, **given) == ""
        assert kinds.unfit(kind, position=1, **given) == "first_is_basic"

    def test_every_kind_is_the_formats(self):
        assert set(BenefitPlan.Kind.values) == set(plans.SCHEMES)


class TestCopying:
    def test_another_version_without_paper_and_reasons(self, fay):
        first = factories.adopted()
        second = services.copy_plan(plan=first, by=fay, at=NOON)
        assert (second.text, second.version, second.state) == (first.text, 2, "draft")
        assert (second.paper_number, second.paper_date, second.accepted) == ("", None, [])
        assert Act.objects.get(name="benefit-plan.copied").facts["copied"] == first.pk


class TestChanging:
    def test_the_document_and_its_place(self, fay):
        plan, first = draft(fay), factories.adopted(BASIC.replace("test-ncms", "first"))
        place = Place(plan.scheme, 2, first)
        change(plan, fay, BASIC.replace("0.85", "0.80"), place)
        plan.refresh_from_db()
        assert plans.read(plan.canonical).layers[0].pay[0].bands[0].ratio == plans.Decimal("0.80")
        assert (plan.position, plan.supersedes, plan.version) == (2, first, 1)
        act = Act.objects.get(name="benefit-plan.changed")
        assert act.facts["changed"] == "position, supersedes, text, canonical, sha256"

    def test_another_code_has_a_version_of_its_own(self, fay):
        draft(fay)
        plan = draft(fay)
        change(plan, fay, BASIC.replace("test-ncms", "renamed"))
        plan.refresh_from_db()
        assert (plan.code, plan.version) == ("renamed", 1)

    def test_nothing_changed_is_no_act(self, fay):
        plan = draft(fay)
        change(plan, fay, BASIC)
        assert not Act.objects.filter(name="benefit-plan.changed").exists()

    def test_a_faulty_document_changes_nothing(self, fay):
        plan = draft(fay)
        with pytest.raises(CannotDraft):
            change(plan, fay, FAULTY)
        plan.refresh_from_db()
        assert plan.text == BASIC

    def test_what_somebody_else_changed_is_looked_at_first(self, fay):
        plan = draft(fay)
        seen = services.seen_of(plan)
        change(plan, fay, BASIC.replace("0.85", "0.80"))
        with pytest.raises(CannotDraft, match="Somebody changed this draft"):
            change(plan, fay, BASIC, seen=seen)

    def test_only_a_draft(self, fay):
        plan = factories.adopted()
        with pytest.raises(CannotDraft, match="Only a draft is changed: this plan is adopted"):
            change(plan, fay, BASIC)


class TestPaper:
    def test_is_kept_with_its_scan(self, fay):
        plan = draft(fay)
        services.note_paper(plan=plan, number="1号", day=date(2009, 12, 1), scan=scan(), by=fay, at=NOON)
        plan.refresh_from_db()
        [kept] = selectors.papers_of(plan)
        assert (plan.paper_number, plan.paper_date, kept.name) == ("1号", date(2009, 12, 1), "88.png")
        assert Act.objects.get(name="benefit-plan.changed").facts["sha256"] == kept.sha256

    def test_a_scan_is_a_picture_or_pdf(self, fay):
        plan = draft(fay)
        sent = SimpleUploadedFile("a.csv", "甲,乙\n".encode())
        with pytest.raises(CannotDraft, match="a picture or a PDF") as refusal:
            services.note_paper(plan=plan, number="1号", day=date(2009, 12, 1), scan=sent, by=fay, at=NOON)
        assert refusal.value.field == "file"
        assert not attachments.of(plan).exists()

    def test_only_of_a_draft(self, fay):
        with pytest.raises(CannotDraft, match="Only a draft"):
            services.note_paper(plan=factories.adopted(), number="1", day=date(2009, 12, 1), by=fay, at=NOON)


class TestDoubts:
    def given(self, plan, reason: str) -> dict[tuple[str, str], str]:
        return {(one.path, one.zh): reason for one in selectors.doubts_of(plan)}

    def accept(self, plan, fay, reasons) -> None:
        services.accept_doubts(plan=plan, reasons=reasons, by=fay, at=NOON)
        plan.refresh_from_db()

    def test_each_has_its_reason(self, fay):
        plan = draft(fay, DOUBTFUL)
        assert [one.reason for one in selectors.doubts_of(plan)] == [""] * len(selectors.doubts_of(plan))
        self.accept(plan, fay, self.given(plan, " nobody goes there "))
        assert {one.reason for one in selectors.doubts_of(plan)} == {"nobody goes there"}
        [first, *_others] = selectors.doubts_of(plan)
        assert first.words == first.en
        with translation.override("zh-hans"):
            assert first.words == first.zh

    def test_a_reason_is_taken_back(self, fay):
        plan = draft(fay, DOUBTFUL)
        self.accept(plan, fay, self.given(plan, "x"))
        self.accept(plan, fay, self.given(plan, " "))
        assert plan.accepted == []

    def test_the_same_reason_again_is_no_act(self, fay):
        plan = draft(fay, DOUBTFUL)
        self.accept(plan, fay, self.given(plan, "x"))
        self.accept(plan, fay, self.given(plan, "x"))
        self.accept(plan, fay, {})
        assert Act.objects.filter(name="benefit-plan.changed").count() == 1

    def test_of_a_decided_plan_those_that_were_asked_then(self):
        kept = {"path": "layers[9]", "zh": "当时的疑点", "en": "asked then", "reason": "said then"}
        plan = factories.adopted(DOUBTFUL, accepted=[kept])
        assert [(one.path, one.words, one.reason) for one in selectors.doubts_of(plan)] == [
            ("layers[9]", "asked then", "said then")
        ]

    def test_a_reason_goes_with_its_doubt(self, fay):
        plan = draft(fay, DOUBTFUL)
        self.accept(plan, fay, self.given(plan, "x"))
        change(plan, fay, DOUBTFUL.replace("0.85", "0.80"))
        plan.refresh_from_db()
        assert plan.accepted
        change(plan, fay, BASIC)
        plan.refresh_from_db()
        assert plan.accepted == []
