"""The pages of samples: from the population to the conclusion; refusals; paper, workbook, worklists."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from audit import worklists_samples
from audit.models import Population, Sample, SampleItem
from audit.services import sample_items, samples
from audit.tests.sampling import CLAUSE, Field, contributions
from conftest import NOON, sign_in
from office import attachments, desk, jobs
from office.models import Attachment, Duty
from office.tests.factories import PIXEL

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def field(appoint, county) -> Field:
    made = Field.of(appoint, county)
    contributions([str(10 + number) for number in range(30)])
    return made


def browser(person: Any) -> Client:
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return sign_in(client, person)


@pytest.fixture
def dan(field) -> Client:
    return browser(field.dan)


@pytest.fixture
def eva(field) -> Client:
    return browser(field.eva)


def sent(client: Client, name: str, typed: dict[str, Any], *args: object) -> Any:
    """A form that was shown, filled in and sent."""
    address = reverse(f"audit:{name}", args=args)
    assert client.get(address).status_code == 200
    return client.post(address, typed, follow=True)


POPULATION = {"source": "contributions", "scheme": "", "since": "2010-01-01", "until": "2010-02-01", "kind": "",
              "least": ""}  # fmt: skip
PLAN = {"purpose": "缴费金额", "error_means": CLAUSE, "confidence": "95", "size": "", "size_reason": ""}
RATES = PLAN | {"tolerable_rate": "20", "expected_rate": "0", "model": "binomial"}


class TestPopulations:
    def test_asked_for_frozen_and_fetched(self, field, dan, django_capture_on_commit_callbacks):
        typed = POPULATION | {"engagement": field.engagement.pk}
        refused = sent(dan, "population_new", typed | {"until": "2030-01-01"})
        assert "have come" in refused.text
        page = sent(dan, "population_new", typed)
        made = Population.objects.get()
        assert ("being frozen" in page.text, reverse("office:job", args=[made.job_id]) in page.text) == (True, True)
        jobs.run(made.job.pk)
        page = dan.get(reverse("audit:population", args=[made.pk]))
        made.refresh_from_db()
        assert (made.sha256 in page.text, "Alt+5" in page.text) == (True, True)
        file = dan.get(reverse("audit:population_rows", args=[made.pk])).getvalue()
        assert hashlib.sha256(file).hexdigest() == made.sha256
        listed = dan.get(reverse("audit:populations"), {"words": made.number})
        assert made.number in listed.text

    def test_whoever_asked_for_nothing_sees_no_job(self, field, eva):
        made = field.asked()
        page = eva.get(reverse("audit:population", args=[made.pk]))
        assert reverse("office:job", args=[made.job_id]) not in page.text
        assert eva.get(reverse("audit:population_rows", args=[made.pk])).status_code == 404

    def test_whoever_is_audited_does_not_look_on(self, field, appoint):
        made = field.frozen()
        head = browser(appoint("hal", Duty.OFFICE_HEAD))
        assert head.get(reverse("audit:population", args=[made.pk])).status_code == 403


class TestPlans:
    @pytest.mark.parametrize(
        ("method", "more", "shown", "hidden"),
        [
            ("attribute", RATES, "tolerable_rate", "bounds"),
            ("money", {"tolerable": "200", "expected": ""}, "tolerable", "tolerable_rate"),
            ("random", {"tolerable": "200", "expected": "", "estimator": "mean"}, "estimator", "bounds"),
            ("strata", {"tolerable": "200", "expected": "", "estimator": "mean", "bounds": "20 30",
                        "allocation": "number"}, "bounds", "tolerable_rate"),
            ("judgement", {}, "purpose", "confidence"),
        ],
    )  # fmt: skip
    def test_a_form_has_the_fields_of_its_method(self, field, dan, method, more, shown, hidden):
        population = field.frozen()
        address = reverse("audit:sample_new", args=[population.pk, method])
        form = dan.get(address).text
        assert (f'name="{shown}"' in form, f'name="{hidden}"' in form) == (True, False)
        page = dan.post(address, PLAN | more, follow=True)
        made = Sample.objects.get()
        assert (made.method, made.number in page.text) == (method, True)
        assert ("the tolerable" in page.text or "the estimate" in page.text) == (method != "judgement")

    def test_refusals_stand_at_their_fields(self, field, dan):
        population = field.frozen()
        address = reverse("audit:sample_new", args=[population.pk, "attribute"])
        page = dan.post(address, RATES | {"size": "3"})
        assert (page.status_code, "asks for 14 items" in page.text) == (422, True)
        page = dan.post(address, RATES | {"size": "3", "size_reason": "上年无差错"}, follow=True)
        assert "3; the formula asks for 14: 上年无差错" in page.text
        strata = PLAN | {"tolerable": "200", "expected": "", "estimator": "mean", "allocation": "number"}
        page = dan.post(reverse("audit:sample_new", args=[population.pk, "strata"]), strata | {"bounds": "a b"})
        assert "Write whole amounts" in page.text
        assert dan.get(reverse("audit:sample_new", args=[population.pk, "guess"])).status_code == 404

    def test_the_size_can_be_seen_before_the_plan_is_fixed(self, field, dan):
        address = reverse("audit:sample_new", args=[field.frozen().pk, "attribute"])
        page = dan.post(address, RATES | {"only_size": "on"})
        assert (page.status_code, "14: with up to 0 errors" in page.text) == (200, True)
        assert 'value="缴费金额"' in page.text
        assert not Sample.objects.exists()
        refused = dan.post(address, RATES | {"only_size": "on", "expected_rate": "30"})
        assert (refused.status_code, "below what is tolerable" in refused.text) == (422, True)
        dan.post(address, RATES)
        assert Sample.objects.get().size == 14

    def test_a_larger_size_is_told(self, field, dan):
        field.planned(field.frozen(), size=20)
        page = dan.get(reverse("audit:sample", args=[Sample.objects.get().pk]))
        assert "20; the formula asks for 14" in page.text


class TestExamining:
    def test_it_is_drawn_once_and_examined_one_item_after_the_other(self, field, dan, eva):
        sample = field.planned(field.frozen())
        assert "14 items are drawn" in dan.post(reverse("audit:sample_draw", args=[sample.pk]), follow=True).text
        assert "drawn already" in dan.post(reverse("audit:sample_draw", args=[sample.pk]), follow=True).text
        item = sample.items.earliest("position")
        address = reverse("audit:sample_item", args=[item.pk])
        first = dan.get(reverse("audit:sample_examine", args=[sample.pk]))
        assert first.url == address
        wrong = {"outcome": "wrong", "right_amount": "", "why": CLAUSE, "paper": "底稿-7"}
        refused = dan.post(address, wrong)
        assert (refused.status_code, "would have been right" in refused.text) == (422, True)
        scan = SimpleUploadedFile("票据.png", PIXEL)
        done = dan.post(address, wrong | {"right_amount": "1.00", "upload": scan})
        assert done.url == reverse("audit:sample_item", args=[item.pk + 1])
        kept = Attachment.objects.get()
        assert eva.get(reverse("office:attachment", args=[kept.pk])).getvalue() == PIXEL
        bad = SimpleUploadedFile("票据.png", b"no picture")
        second = reverse("audit:sample_item", args=[item.pk + 1])
        assert dan.post(second, {"outcome": "right", "upload": bad}).status_code == 422
        for one in sample.items.filter(state="open"):
            last = dan.post(reverse("audit:sample_item", args=[one.pk]), {"outcome": "right"}, follow=True)
        assert "Nothing of this sample waits for you" in last.text

    def test_somebody_else_looks_again_and_then_it_is_concluded(self, field, dan, eva):
        sample = field.drawn(field.frozen())
        item = sample.items.earliest("position")
        address, second = (reverse("audit:sample_item", args=[item.pk + more]) for more in (0, 1))
        wrong = {"outcome": "wrong", "right_amount": "1", "why": CLAUSE, "paper": "底稿-7"}
        dan.post(address, wrong)
        for one in sample.items.filter(state="open"):
            field.examine(one)
        assert eva.get(reverse("audit:sample_look", args=[sample.pk])).url == address
        page = eva.get(address)
        assert (CLAUSE in page.text, "底稿-7" in page.text, 'name="answer"' in page.text) == (True, True, True)
        assert 'name="answer"' not in dan.get(address).text
        assert "examined again" in eva.post(address, {"answer": "send_back", "remark": ""}).text
        back = eva.post(address, {"answer": "send_back", "remark": "票据未附"})
        assert back.url == second
        assert "票据未附" in dan.get(address).text
        dan.post(address, wrong)
        for one in sample.items.filter(state="examined").order_by("-position"):
            assert eva.post(reverse("audit:sample_item", args=[one.pk]), {"answer": "agree"}).status_code == 302
        page = sent(dan, "sample_conclude", {"conclusion": "扩大检查"}, sample.pk)
        assert "14 items were examined, 1 of them wrong" in page.text
        assert "above what is tolerable" in page.text
        assert "扩大检查" in page.text
        again = dan.post(reverse("audit:sample_conclude", args=[sample.pk]), {"conclusion": "again"})
        assert (again.status_code, "concluded once" in again.text) == (422, True)

    def test_judgement_by_form(self, field, dan):
        sample = field.planned(field.frozen(), "judgement")
        page = sent(dan, "sample_pick", {"number": "SJ0002", "reason": "金额异常"}, sample.pk)
        assert "Item 1 is chosen" in page.text
        assert "no such number" in sent(dan, "sample_pick", {"number": "X", "reason": "x"}, sample.pk).text
        dan.post(reverse("audit:sample_draw", args=[sample.pk]))
        shown = dan.get(reverse("audit:sample", args=[sample.pk]))
        assert ("金额异常" in shown.text, "Draw again" in shown.text) == (True, False)
        assert "not drawn by a seed" in dan.post(reverse("audit:sample_compare", args=[sample.pk]), follow=True).text
        assert dan.get(reverse("audit:sample_print", args=[sample.pk])).content.startswith(b"%PDF")
        item = dan.get(reverse("audit:sample_item", args=[sample.items.get().pk]))
        assert "金额异常" in item.text

    def test_given_up_it_stands_beside_the_next(self, field, dan):
        population = field.frozen()
        first, second = field.drawn(population), field.drawn(population, "strata", bounds=[20])
        page = sent(dan, "sample_void", {"reason": "总体有误"}, first.pk)
        assert ("is given up" in page.text, "总体有误" in page.text) == (True, True)
        refused = dan.post(reverse("audit:sample_void", args=[first.pk]), {"reason": "again"})
        assert (refused.status_code, "before its conclusion" in refused.text) == (422, True)
        shown = dan.get(reverse("audit:sample", args=[second.pk]))
        assert ("Other samples" in shown.text, first.number in shown.text) == (True, True)
        assert "stratum" in dan.get(reverse("audit:sample_item", args=[second.items.latest("position").pk])).text
        assert "总体有误" in dan.get(reverse("audit:population", args=[population.pk])).text

    def test_drawn_again_it_is_the_same_or_it_says_so(self, field, dan, monkeypatch):
        sample = field.drawn(field.frozen(), "money", tolerable=200)
        where = reverse("audit:sample_compare", args=[sample.pk])
        assert "exactly these items" in dan.post(where, follow=True).text
        monkeypatch.setattr(samples, "is_drawn_again", lambda sample: False)
        assert "proves nothing" in dan.post(where, follow=True).text


class TestPaper:
    def test_the_sheet_the_workbook_and_the_script(self, field, dan):
        sample = field.drawn(field.frozen(), "strata", bounds=[20, 30])
        item = field.examine(sample.items.earliest("position"), "1")
        field.examine(sample.items.get(position=2))
        assert dan.get(reverse("audit:sample_print", args=[sample.pk])).content.startswith(b"%PDF")
        book = dan.get(reverse("audit:sample_book", args=[sample.pk])).content
        rows = CalamineWorkbook.from_filelike(BytesIO(book)).get_sheet_by_index(0).to_python()
        assert len(rows) == 1 + sample.items.count()
        assert rows[1][9] == 1.0
        assert rows[1][10] == float(item.error)
        script = dan.get(reverse("audit:sample_script"))
        assert b"hashlib.sha256" in script.content
        for one in sample.items.filter(state="open"):
            field.examine(one)
        for one in sample.items.filter(state="examined"):
            field.agree(one)
        done = field.concluded(sample)
        shown = dan.get(reverse("audit:sample", args=[done.pk]))
        assert ("Student" in shown.text, "certain" in shown.text) == (True, True)
        assert dan.get(reverse("audit:sample_print", args=[sample.pk])).content.startswith(b"%PDF")

    @pytest.mark.parametrize("name", ["samples", "populations"])
    def test_a_list_asks_the_same_of_few_and_of_many(self, field, dan, name):
        population = field.frozen()
        counted = []
        for _round in range(2):
            for _number in range(4):
                field.drawn(population)
                field.frozen()
            where = reverse(f"audit:{name}")
            dan.get(where)
            with CaptureQueriesContext(connection) as questions:
                answer = dan.get(where)
            assert answer.status_code == 200
            counted.append(len(questions))
        assert counted == [6, 6]
        assert dan.get(reverse("audit:samples"), {"words": "缴费"}).text.count("CY2010-") >= 8
        assert dan.get(reverse("audit:samples"), {"as": "xlsx"}).status_code == 200
        assert dan.get(reverse("audit:populations"), {"as": "xlsx"}).status_code == 200


class TestRecords:
    """Where an item leads to."""

    def test_to_the_person_who_contributed(self, field, dan):
        sample = field.drawn(field.frozen())
        page = dan.get(reverse("audit:sample_item", args=[sample.items.earliest("position").pk]))
        assert "/register/members/" in page.text
        assert ("Alt+PageDown" in page.text, "Alt+PageUp" in page.text) == (True, False)


class TestWorklists:
    def waiting(self, name: str, person: Any) -> desk.Waiting:
        look = desk.Look(timezone.now() + timedelta(minutes=1), 50)
        return next(one for one in worklists_samples.LISTS if one[0] == name)[4](person, look)

    def test_what_waits_for_whom(self, field, appoint):
        population = field.frozen()
        planned, drawn = field.planned(population), field.drawn(population)
        stranger = appoint("fred", Duty.INTERNAL_AUDITOR)
        assert [item.subject for item in self.waiting("samples", field.dan).items] == [
            ("audit.sample", str(planned.pk))
        ]
        assert self.waiting("sample-items", field.dan).count == 14
        assert self.waiting("sample-items", stranger).count == self.waiting("samples", stranger).count == 0
        done = field.examine(drawn.items.earliest("position"))
        assert self.waiting("sample-looks", field.dan).count == 0
        assert self.waiting("sample-looks", field.eva).count == 1
        takes = {name: takes for name, _title, _icon, _right, _waiting, takes in worklists_samples.LISTS}
        assert len(takes["sample-looks"][SampleItem]([str(done.pk)])) == 1
        assert takes["sample-items"][SampleItem]([str(done.pk)]) == []
        assert len(takes["samples"][Sample]([str(planned.pk), str(drawn.pk)])) == 1
        field.agree(done)
        for item in drawn.items.filter(state="open"):
            field.agree(field.examine(item))
        assert {item.subject[1] for item in self.waiting("samples", field.dan).items} == {
            str(planned.pk),
            str(drawn.pk),
        }


def test_who_sees_no_sample_reads_no_file_of_it(field, appoint):
    sample = field.drawn(field.frozen())
    item = sample.items.earliest("position")
    scan = SimpleUploadedFile("票据.png", PIXEL)
    stated = sample_items.ResultOf("right", upload=scan)
    sample_items.examine(item=item, stated=stated, by=field.dan, at=NOON)
    kept = Attachment.objects.get()
    assert attachments.may_read(kept, field.eva)
    assert not attachments.may_read(kept, appoint("ada", Duty.TOWNSHIP_CLERK))
