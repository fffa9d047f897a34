"""Second compensation from the surplus to the last payment, and what is refused on the way."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from claims.tests.deciding import now
from claims.tests.documents import visit
from claims.tests.taking_in import pay_to
from enrollment.models import Household, Member
from enrollment.tests import factories as register
from funds.models import SecondAppeal, SecondNotice, SecondRun
from funds.selectors import second as selectors
from funds.services import orders, second_appeals, second_notices, second_paying, second_runs
from funds.services.asking import CannotAsk
from funds.services.second_notices import NoticeOf
from funds.services.second_runs import RunOf
from funds.tests.factories import pair
from funds.tests.settling import NEXT_YEAR, Scene, decide, lines_of, orders_of
from office.models import Act

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

DRAWN = date(2011, 2, 1)
LATER = datetime(2011, 3, 1, 4, tzinfo=UTC)
BANDS = [["100", "0.5"], [None, "0.8"]]


@pytest.fixture
def scene(appoint) -> Scene:
    """A year with 1,000 yuan left of 2,000, and four people with burdens of 180, 380, 80 and 30 yuan."""
    made = Scene.of(appoint)
    made.enter("s", "subsidised", *pair("special_account", "subsidy_central", "2000"))
    made.enter("p", "paid", *pair("pool_spending", "spending_account", "1000"))
    people = made.office.people(4)
    made.office.approved(
        *(visit(who, who.name, cost) for who, cost in zip(people, ("200", "400", "100", "50"), strict=True))
    )
    return made


def draw_up(scene: Scene, **more) -> SecondRun:
    given = {
        "year": 2010, "threshold": Decimal(50), "bands": BANDS, "paper": "海政办〔2011〕2号",
        "papers_by": date(2011, 2, 20), "budget": Decimal(100),
    }  # fmt: skip
    by, at = more.pop("by", scene.acc), more.pop("at", NEXT_YEAR)
    return second_runs.draw_up(book=scene.book, stated=RunOf(**{**given, **more}), by=by, at=at)


def hang(scene: Scene, run: SecondRun, **more) -> list[SecondNotice]:
    given = {
        "posted_on": DRAWN,
        "posted_until": DRAWN + timedelta(days=7),
        "place": "村务公开栏",
        "posted_by": "马支书",
    }
    return second_notices.post(run=run, notice=NoticeOf(**{**given, **more}), by=scene.acc, at=NEXT_YEAR)


def back(scene: Scene, notice: SecondNotice, **more) -> SecondNotice:
    given = {"on": date(2011, 2, 10), "slip_by": "马主任", "by": scene.acc, "at": LATER}
    return second_notices.note_slip(notice=notice, **{**given, **more})


def appeal(scene: Scene, run: SecondRun, member: Member, **more) -> SecondAppeal:
    given = {"by_name": member.name, "words": "少算一次住院", "by": scene.acc, "at": NEXT_YEAR}
    return second_appeals.receive_appeal(run=run, member=member, **{**given, **more})


def proposed(scene: Scene, run: SecondRun) -> SecondRun:
    """The list hung, its slip is back, it waits for the head."""
    for one in hang(scene, run):
        back(scene, one)
    return second_runs.propose(run=run, by=scene.acc, at=LATER)


def figures(run: SecondRun) -> list[tuple[str, Decimal, Decimal, Decimal]]:
    return list(run.lines.order_by("-burden").values_list("member__name", "burden", "entitled", "granted"))


class TestTheList:
    def test_is_of_everybody_above_the_threshold_to_the_fen(self, scene):
        run = draw_up(scene)
        assert (run.number, run.income, run.spending, run.cumulative) == ("EB2011-00001", 2000, 1000, 11000)
        assert figures(run) == [
            ("马2", 380, 234, Decimal("72.45")), ("马1", 180, 74, Decimal("22.91")), ("马3", 80, 15, Decimal("4.64")),
        ]  # fmt: skip
        told = selectors.figures_of(run)
        assert (told.people, told.granted, told.entitled, told.paid) == (3, 100, 323, 0)
        assert [(one["people"], one["sum"], one["notice"]) for one in selectors.villages_of(run)] == [(3, 100, None)]

    def test_without_a_budget_gives_what_is_above_the_limits(self, scene):
        run = draw_up(scene, budget=None, ceiling=Decimal(60))
        assert run.budget == 10500  # 11,000 gathered less a quarter of 2,000
        assert [one[3] for one in figures(run)] == [60, 60, 15]

    def test_counts_a_double_for_whom_he_was_merged_into(self, scene):
        kept, double = (Member.objects.get(name=name) for name in ("马1", "马3"))
        register.merge(double, kept)
        found = selectors.burdens(scene.book, 2010, Decimal(0), [kept.pk, double.pk])
        assert [(one.member, one.burden, one.claims) for one in found] == [(kept, 260, 2)]

    @pytest.mark.parametrize(
        ("more", "words"),
        [
            ({"bands": [["100", "0.5"]]}, "the last one is open"),
            ({"bands": [[None, "many"]]}, "the last one is open"),
            ({"paper": " "}, "Name the paper"),
            ({"year": 2011}, "not over"),
            ({"papers_by": DRAWN + timedelta(days=6)}, "7 days at least"),
            ({"threshold": Decimal(-1)}, "are amounts"),
            ({"ceiling": Decimal(0)}, "are amounts"),
            ({"budget": Decimal(10501)}, r"At most 10,500\.00"),
            ({"budget": Decimal(0)}, "At most"),
            ({"year_percent": Decimal(60), "cumulative_percent": Decimal(600)}, "allows no second"),
            ({"threshold": Decimal(1000)}, "Nobody's burden"),
        ],
    )
    def test_refusals(self, scene, more, words):
        with pytest.raises(CannotAsk, match=words):
            draw_up(scene, **more)
        assert Act.objects.filter(kind="refused", name="second-run.drawn-up").exists()
        assert not SecondRun.objects.exists()

    def test_is_drawn_up_once_a_year_by_whom_it_is_given(self, scene):
        with pytest.raises(CannotAsk, match="None of your duties"):
            draw_up(scene, by=scene.head)
        run = draw_up(scene)
        with pytest.raises(CannotAsk, match="drawn up already"):
            draw_up(scene)
        with pytest.raises(CannotAsk, match="Say why"):
            second_runs.void(run=run, reason=" ", by=scene.acc, at=NEXT_YEAR)
        assert second_runs.void(run=run, reason="文件有误", by=scene.acc, at=NEXT_YEAR).state == "void"
        assert draw_up(scene).number == "EB2011-00002"


class TestHanging:
    def test_village_by_village_with_its_slip(self, scene):
        run = draw_up(scene)
        [notice] = hang(scene, run)
        assert now(run).state == "posted"
        with pytest.raises(CannotAsk, match="hang already"):
            hang(scene, run)
        with pytest.raises(CannotAsk, match="People bring papers"):
            second_runs.propose(run=run, by=scene.acc, at=NEXT_YEAR)
        with pytest.raises(CannotAsk, match="slip of village-100201"):
            second_runs.propose(run=run, by=scene.acc, at=LATER)
        for words, more in (("Name who", {"slip_by": ""}), ("hangs until", {"on": date(2011, 2, 7)}),
                            ("hangs until", {"on": date(2011, 3, 2)})):  # fmt: skip
            with pytest.raises(CannotAsk, match=words):
                back(scene, notice, **more)
        back(scene, notice)
        with pytest.raises(CannotAsk, match="noted already"):
            back(scene, notice)
        assert list(selectors.villages_without_slip(run)) == []

    def test_one_village_after_another(self, scene):
        far = Member.objects.get(name="马2")
        other = register.division("640522100202")
        Household.objects.filter(pk=far.household_id).update(village=other)
        run = draw_up(scene)
        [first] = hang(scene, run, villages=[other.pk])
        [second] = hang(scene, run)
        assert (first.village, second.village == other, now(run).state) == (other, False, "posted")

    @pytest.mark.parametrize(
        ("more", "words"),
        [
            ({"place": ""}, "where the list hangs"),
            ({"posted_by": " "}, "where the list hangs"),
            ({"posted_on": date(2011, 1, 31)}, "drawn up on 2011-02-01"),
            ({"posted_on": date(2011, 2, 2)}, "drawn up on"),
            ({"posted_until": date(2011, 2, 7)}, "7 days at least"),
            ({"villages": [0]}, "hang already"),
        ],
    )
    def test_refusals(self, scene, more, words):
        with pytest.raises(CannotAsk, match=words):
            hang(scene, draw_up(scene), **more)


class TestAppeals:
    def test_an_upheld_one_gives_everything_out_anew(self, scene):
        run = draw_up(scene)
        hang(scene, run)
        one = appeal(scene, run, Member.objects.get(name="马3"))
        with pytest.raises(CannotAsk, match="waits for its answer already"):
            appeal(scene, run, one.member)
        done = second_appeals.answer_appeal(appeal=one, answer="补算", burden=Decimal(280), by=scene.head, at=NEXT_YEAR)
        assert done.result == "upheld"
        assert figures(run) == [
            ("马2", 380, 234, Decimal("50.65")), ("马3", 280, 154, Decimal("33.33")),
            ("马1", 180, 74, Decimal("16.02")),
        ]  # fmt: skip
        with pytest.raises(CannotAsk, match="answered already"):
            second_appeals.answer_appeal(appeal=one, answer="x", by=scene.head, at=NEXT_YEAR)

    def test_somebody_who_is_missing_comes_onto_the_list(self, scene):
        run = draw_up(scene)
        hang(scene, run)
        missing = appeal(scene, run, Member.objects.get(name="马4"))
        second_appeals.answer_appeal(appeal=missing, answer="漏报", burden=Decimal(150), by=scene.head, at=NEXT_YEAR)
        assert run.lines.count() == 4
        assert selectors.figures_of(run).granted == 100

    def test_a_dismissed_one_changes_nothing(self, scene):
        run = draw_up(scene)
        hang(scene, run)
        before = figures(run)
        one = appeal(scene, run, Member.objects.get(name="马1"))
        for notice in run.notices.all():
            back(scene, notice)
        with pytest.raises(CannotAsk, match="An appeal is not answered"):
            second_runs.propose(run=run, by=scene.acc, at=LATER)
        done = second_appeals.answer_appeal(appeal=one, answer="已算入", by=scene.head, at=NEXT_YEAR)
        assert (done.result, figures(run)) == ("dismissed", before)

    def test_refusals(self, scene):
        run = draw_up(scene)
        who = Member.objects.get(name="马1")
        with pytest.raises(CannotAsk, match="This list is drawn up"):
            appeal(scene, run, who)
        hang(scene, run)
        with pytest.raises(CannotAsk, match="were possible until"):
            appeal(scene, run, who, at=LATER)
        with pytest.raises(CannotAsk, match="Say who appeals"):
            appeal(scene, run, who, words=" ")
        one = appeal(scene, run, who)

        def answer(**more):
            given = {"answer": "x", "by": scene.head, "at": NEXT_YEAR}
            return second_appeals.answer_appeal(appeal=one, **{**given, **more})

        with pytest.raises(CannotAsk, match="None of your duties"):
            answer(by=scene.acc)
        with pytest.raises(CannotAsk, match="Say why"):
            answer(answer="")
        with pytest.raises(CannotAsk, match="is an amount"):
            answer(burden=Decimal(-1))
        assert answer().result == "dismissed"

    def test_nobody_answers_what_he_took_down(self, scene, monkeypatch):
        run = draw_up(scene)
        hang(scene, run)
        one = appeal(scene, run, Member.objects.get(name="马1"))
        monkeypatch.setattr(second_runs, "refuse_without", lambda by, right: None)
        with pytest.raises(CannotAsk, match="Somebody else answers"):
            second_appeals.answer_appeal(appeal=one, answer="x", by=scene.acc, at=NEXT_YEAR)


class TestPaying:
    def test_from_the_decision_to_the_last_account(self, scene):
        run = proposed(scene, draw_up(scene))
        run = decide(run, scene.hal, at=LATER)
        assert run.state == "approved"
        first, second, third = (Member.objects.get(name=name) for name in ("马1", "马2", "马3"))
        pay_to(first.household, first.name, "6228480000000001")
        pay_to(second.household, second.name, "6228480000000002")
        assert second_paying.order(run=run, by=scene.acc, at=LATER) == (2, 1)
        assert second_paying.order(run=run, by=scene.acc, at=LATER) == (0, 1)
        made = [one for line in run.lines.order_by("pk") for one in orders_of(line)]
        assert [lines_of(one) for one in made] == [
            [("pool_spending", "debit", Decimal("72.45"))], [("pool_spending", "debit", Decimal("22.91"))],
        ]  # fmt: skip
        batch = scene.pay(*made, at=LATER)
        assert (now(run).state, selectors.figures_of(run).paid_people) == ("approved", 2)
        pay_to(third.household, third.name, "6228480000000003")
        assert second_paying.order(run=run, by=scene.acc, at=LATER) == (1, 0)
        [last] = orders_of(run.lines.get(member=third))
        scene.pay(last, at=LATER)
        assert (now(run).state, selectors.figures_of(run).paid) == ("done", 100)
        assert scene.stands("pool_spending") == 1100
        scene.answer(batch, "returned", LATER)
        assert (now(run).state, selectors.figures_of(run).paid_people) == ("approved", 1)

    def test_a_cancelled_order_can_be_ordered_again(self, scene):
        run = decide(proposed(scene, draw_up(scene)), scene.hal, at=LATER)
        who = Member.objects.get(name="马1")
        pay_to(who.household, who.name, "6228480000000001")
        second_paying.order(run=run, by=scene.acc, at=LATER)
        [order] = orders_of(run.lines.get(member=who))
        orders.cancel_order(order=order, reason="账户有误", by=scene.acc, at=LATER)
        assert second_paying.order(run=run, by=scene.acc, at=LATER) == (1, 2)

    def test_the_head_sends_it_back_or_refuses_it(self, scene):
        run = proposed(scene, draw_up(scene))
        with pytest.raises(CannotAsk, match="This list is to be decided"):
            second_paying.order(run=run, by=scene.acc, at=LATER)
        assert decide(run, scene.hal, "return", at=LATER).state == "posted"
        again = second_runs.propose(run=run, by=scene.acc, at=LATER)
        assert decide(again, scene.hal, "refuse", at=LATER).state == "refused"

    def test_who_decided_does_not_order(self, scene, monkeypatch):
        run = decide(proposed(scene, draw_up(scene)), scene.hal, at=LATER)
        monkeypatch.setattr(second_runs, "refuse_without", lambda by, right: None)
        with pytest.raises(CannotAsk, match="does not order"):
            second_paying.order(run=run, by=scene.hal, at=LATER)

    def test_what_a_voter_reads_and_is_bound_to(self, scene):
        run = proposed(scene, draw_up(scene))
        told = dict(second_runs.rows(run))
        assert (told["people"], told["granted"], told["fund year"]) == ("3", "100.00", "2010")


class TestTheDatabase:
    @pytest.mark.parametrize(
        ("do", "words"),
        [
            (lambda run: run.lines.update(granted=200, entitled=500), "appeals alone"),
            (lambda run: run.lines.update(is_paid=True), "before the list is decided"),
            (lambda run: run.lines.update(head="x"), "stays who he is"),
            (lambda run: SecondRun.objects.update(state="approved"), "does not go"),
            (lambda run: SecondRun.objects.update(budget=1), "does not change"),
        ],
    )
    def test_refuses_past_the_services(self, scene, do, words):
        run = draw_up(scene)
        with pytest.raises(DatabaseError, match=words), transaction.atomic():
            do(run)

    def test_refuses_a_list_that_is_not_whole(self, scene):
        run = draw_up(scene)
        [notice] = hang(scene, run)
        to_proposed = SecondRun.objects.filter(pk=run.pk)
        with pytest.raises(DatabaseError, match="slip has not come back"), transaction.atomic():
            to_proposed.update(state="proposed")
        run.lines.update(granted=50, entitled=500)
        with pytest.raises(DatabaseError, match="than there is to give"), transaction.atomic():
            to_proposed.update(state="proposed")
        run.lines.update(granted=10)
        one = appeal(scene, run, Member.objects.get(name="马1"))
        back(scene, notice)
        with pytest.raises(DatabaseError, match="not answered"), transaction.atomic():
            to_proposed.update(state="proposed")
        for words, do in (
            ("answered once", lambda: SecondAppeal.objects.filter(pk=one.pk).update(words="y")),
            ("stays as it hung", lambda: SecondNotice.objects.filter(pk=notice.pk).update(place="y")),
        ):
            with pytest.raises(DatabaseError, match=words), transaction.atomic():
                do()
        second_appeals.answer_appeal(appeal=one, answer="x", by=scene.head, at=NEXT_YEAR)
        run = decide(second_runs.propose(run=run, by=scene.acc, at=LATER), scene.hal, at=LATER)
        with pytest.raises(DatabaseError, match="not paid"), transaction.atomic():
            to_proposed.update(state="done")
        for words, change in (
            ("appeals alone", lambda: run.lines.update(granted=1)),
            ("before it is decided", lambda: SecondNotice.objects.filter(pk=notice.pk).update(slip_by="z")),
            ("drawn up before it is decided", lambda: _another_line(run)),
        ):
            with pytest.raises(DatabaseError, match=words), transaction.atomic():
                change()


def _another_line(run: SecondRun) -> None:
    line = run.lines.first()
    line.pk, line.member = None, Member.objects.get(name="马4")
    line.save(force_insert=True)
