"""The pages of publicity, objections, appeals and a household's year: the way through, what is refused in words."""

from __future__ import annotations

import io

import pytest
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from claims.models import Appeal, DecisionNotice, Objection, PublicityList
from claims.services import notices
from claims.tests import public
from claims.tests.deciding import now
from claims.tests.public import Office, after
from conftest import NOON
from enrollment.tests.collecting import in_english
from office import desk, jobs, overview
from office.models import Duty, Job

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(county, time_machine) -> Office:
    time_machine.move_to(NOON, tick=False)
    return Office.of(county)


@pytest.fixture
def at(office):
    browsers: dict[int, Client] = {}

    def of(person) -> Client:
        if person.pk not in browsers:
            browsers[person.pk] = in_english(person)
        return browsers[person.pk]

    return of


def later(person) -> Client:
    """A browser in which somebody signs in anew, on another day."""
    return in_english(person)


def url(name: str, *arguments: object) -> str:
    return reverse(f"claims:{name}", args=arguments)


def said(answer) -> str:
    return answer.content.decode()


def test_lists_are_made_posted_back_and_over_in_the_browser(office, at, time_machine):
    claim = office.desk.approved(kind="injury")
    township = claim.member.household.village.parent
    lin = at(office.lin)
    made_at = lin.post(
        url("publicity_make"), {"scheme": office.desk.scheme.pk, "month": "2010-03", "area": township.pk}
    )
    assert made_at.headers["Location"] == f"{url('publicity')}?stage=made"
    made = PublicityList.objects.get()
    assert made.number in said(lin.get(made_at.headers["Location"]))
    again = lin.post(url("publicity_make"), {"scheme": office.desk.scheme.pk, "month": "2010-03", "area": township.pk})
    assert again.status_code == 422
    typed = {"on": "2010-03-01", "place": "村务公开栏", "by_name": "村会计"}
    assert lin.post(url("publicity_post", made.pk), typed).status_code == 302
    time_machine.move_to(after(7), tick=False)
    at_end, head = later(office.lin), later(office.desk.hal)
    typed = {"on": "2010-03-08", "by_name": "村主任"}
    assert at_end.post(url("publicity_slip", made.pk), typed).status_code == 422
    answer = at_end.post(url("publicity_slip", made.pk), typed | {"photo": public.photo()})
    assert answer.status_code == 302
    at_end.post(url("publicity_end", made.pk))
    assert now(made).state == "posted"
    head.post(url("publicity_end", made.pk))
    assert (now(made).state, now(claim).state) == ("over", "payable")
    assert head.get(url("publicity") + "?year=2010").status_code == 200


def test_a_list_on_the_page_on_paper_and_as_a_workbook(office, at):
    claim = office.desk.approved(kind="injury")
    [made] = public.lists(office.desk, claim.member, office.lin)
    lin = at(office.lin)
    page = said(lin.get(url("publicity_list", made.pk)))
    assert claim.member.name in page
    assert claim.disease.name not in page
    paper = lin.get(url("publicity_print", made.pk))
    assert paper.content[:5] == b"%PDF-"
    book = CalamineWorkbook.from_filelike(io.BytesIO(lin.get(url("publicity_workbook", made.pk)).content))
    rows = book.get_sheet_by_index(0).to_python()
    assert len(rows) == 2
    assert rows[1][3] == claim.member.name


def test_the_county_is_made_in_a_job_and_a_killed_one_begun_again_makes_nothing_twice(office, at):
    claim = office.desk.approved(kind="injury")
    county = public.area_of(claim.member)
    typed = {"scheme": office.desk.scheme.pk, "month": "2010-03", "area": county.pk}
    for number in (1, 2):
        answer = at(office.lin).post(url("publicity_make"), typed)
        job = Job.objects.latest("pk")
        assert answer.headers["Location"] == reverse("office:job", args=[job.pk])
        jobs.run(job.pk)
        assert PublicityList.objects.count() == 1
        assert Job.objects.get(pk=job.pk).state == ("done" if number == 1 else "failed")


def test_a_list_is_made_void_before_it_hangs(office, at):
    made = public.lists(office.desk, office.desk.approved(kind="injury").member, office.lin)[0]
    assert at(office.lin).post(url("publicity_void", made.pk), {"reason": ""}).status_code == 422
    at(office.lin).post(url("publicity_void", made.pk), {"reason": "金额有误"})
    assert now(made).state == "void"


def test_an_objection_is_taken_down_and_answered_and_leads_to_what_the_office_does(office, at, appoint):
    claim = office.desk.approved(kind="injury")
    made = public.posted(public.lists(office.desk, claim.member, office.lin)[0], office.lin)
    tom = at(appoint("tom", Duty.TOWNSHIP_CLERK))
    page = said(tom.get(url("publicity_list", made.pk)))
    assert url("objection_take", made.entries.get().pk) in page
    typed = {"by_name": "邻居", "words": "未住院", "made_on": "2010-03-01", "contact": ""}
    assert tom.post(url("objection_take", made.entries.get().pk), typed | {"words": ""}).status_code == 422
    tom.post(url("objection_take", made.entries.get().pk), typed)
    taken = Objection.objects.get()
    fay = at(office.desk.fay)
    assert fay.post(url("objection_answer", taken.pk), {"result": "dismissed", "words": "x"}).status_code == 422
    hal = at(office.desk.hal)
    assert hal.get(url("objection_print", taken.pk)).status_code == 302
    hal.post(url("objection_answer", taken.pk), {"result": "upheld", "words": "查实"})
    page = said(hal.get(url("objection", taken.pk)))
    assert url("claim_take_back", claim.pk) in page
    assert hal.get(url("objection_print", taken.pk)).content[:5] == b"%PDF-"
    assert taken.number in said(hal.get(url("objections") + "?year=2010"))


def test_an_appeal_is_taken_down_decided_and_answered(office, at):
    claim = public.cut_claim(office.desk)
    ian = at(office.desk.ian)
    assert "was not served yet" in said(ian.get(url("appeal_file", claim.pk)))
    public.served(claim, office.lin)
    assert url("appeal_file", claim.pk) in said(ian.get(url("claim", claim.pk)))
    cut = claim.cuts.get()
    typed = {"by_name": "马", "relation": "本人", "filed_on": "2010-03-01", "grounds": "确有医嘱"}
    assert "确有医嘱" in said(ian.post(url("appeal_file", claim.pk), typed))
    ian.post(url("appeal_file", claim.pk), typed | {f"cut-{cut.pk}": "400"})
    taken = Appeal.objects.get()
    page = said(ian.get(url("claim", claim.pk)))
    assert (taken.number in page, url("appeal_file", claim.pk) in page) == (True, False)
    public.vote(taken, office.desk.hal)
    public.vote(taken, office.cleo)
    page = said(ian.get(url("appeal", taken.pk)))
    assert "1,045.00" in page
    lin = at(office.lin)
    answer = lin.post(url("appeal_answer", taken.pk), {"number": "海合复1", "on": "2010-03-01"})
    issued = DecisionNotice.objects.latest("pk")
    assert answer.headers["Location"] == url("notice_serve", issued.pk)
    assert lin.get(url("notice_print", issued.pk)).content[:5] == b"%PDF-"
    assert "220" in said(ian.get(url("claim", claim.pk)))
    assert taken.number in said(lin.get(url("appeals") + "?year=2010"))


def test_an_appeal_that_is_late_is_refused_with_a_sentence_and_one_is_withdrawn(office, at, time_machine):
    claim = public.cut_claim(office.desk)
    public.served(claim, office.lin)
    typed = {"by_name": "马", "relation": "本人", "grounds": "x", f"cut-{claim.cuts.get().pk}": "1"}
    time_machine.move_to(after(40), tick=False)
    answer = later(office.desk.ian).post(url("appeal_file", claim.pk), typed | {"filed_on": "2010-04-10"})
    assert "could be appealed until 2010-03-31" in said(answer)
    time_machine.move_to(NOON, tick=False)
    taken = public.filed(claim, office.desk.ian)
    at(office.desk.ian).post(url("appeal_withdraw", taken.pk))
    assert now(taken).state == "withdrawn"


def test_a_claims_page_leads_to_what_followed(office, at, appoint):
    office.more()
    ian, watcher = at(office.desk.ian), at(appoint("hal2", Duty.OFFICE_HEAD))
    for objection in Objection.objects.select_related("entry__list"):
        entry = objection.entry
        page = said(watcher.get(url("claim", entry.claim_id)))
        for name, one in (("publicity_list", entry.list), ("objection", objection)):
            assert f'href="{url(name, one.pk)}"' in page
            assert str(one) in page
        assert ("answer until" in page, "upheld" in page) == (not objection.result, bool(objection.result))
    notice = DecisionNotice.objects.first()
    assert f'href="{url("notice_print", notice.pk)}"' in said(watcher.get(url("claim", notice.claim_id)))
    page = said(ian.get(url("claim", notice.claim_id)))  # intake reads of it, and does not open it
    assert notice.number in page
    assert "served on 2010-03-01" in page
    assert url("notice_print", notice.pk) not in page
    assert "What followed" not in said(ian.get(url("claim", office.desk.handed_on(office.desk.member("99")).pk)))


def test_the_heads_page_names_what_was_not_answered_in_time(office, at, time_machine):
    office.more()
    waiting, decided = Appeal.objects.order_by("pk")
    head = office.desk.hal
    assert overview.overdue_for(head, after(10)) == []
    late = {one.late.name: one for one in overview.overdue_for(head, after(12))}
    assert set(late) == {"claims.objections"}  # answer by the tenth day; the other one is answered
    assert (late["claims.objections"].waiting.count, late["claims.objections"].oldest_days) == (1, 2)
    late = {one.late.name: one for one in overview.overdue_for(head, after(33))}
    assert late["claims.appeals"].waiting.count == 2  # one to decide, one decided without its answer
    assert late["claims.appeals"].oldest_days == 3
    notices.answer_appeal(appeal=decided, number="海合复1", on=public.TODAY, by=office.lin, at=NOON)
    time_machine.move_to(after(33), tick=False)
    page = said(later(head).get("/overview/"))
    for words in ("Appeals that are not answered in time", waiting.number, url("appeal", waiting.pk)):
        assert words in page
    assert decided.number not in page
    listed = said(later(head).get(f"{url('appeals')}?state=late"))
    assert (waiting.number in listed, decided.number in listed) == (True, False)
    assert "Overdue" in said(later(head).get(url("appeal", waiting.pk)))


def test_a_household_has_its_page_with_what_was_paid_cut_and_left(office, at):
    claim = public.cut_claim(office.desk)
    home = claim.member.household
    ian = at(office.desk.ian)
    assert url("household_year", home.pk) in said(ian.get(reverse("enrollment:household", args=[home.pk])))
    page = said(ian.get(url("household_year", home.pk)))
    for words in (claim.member.name, claim.provider.name, "400.00", "825.00", "above the price limit", "5,250.00"):
        assert words in page
    assert claim.disease.name not in page
    assert ian.get(url("household_year_print", home.pk) + "?year=2010").content[:5] == b"%PDF-"
    assert "Nothing was asked for" in said(ian.get(url("household_year", home.pk) + "?year=2009"))


def test_worklists_name_what_waits(office, appoint, time_machine):
    office.more()
    time_machine.move_to(after(20), tick=False)
    waiting = {
        (one.worklist.name, person.username): one.waiting.count
        for person in (office.lin, appoint("fred", Duty.FIRST_CHECKER))
        for one in desk.waiting_for(person, after(20).date())
    }
    assert waiting["claims.publicity-late", "o-lin"] == 2
    assert waiting["claims.objections", "fred"] == 1
    assert waiting["claims.objections-overdue", "o-lin"] == 1
    assert waiting["claims.appeals-to-answer", "o-lin"] == 1
