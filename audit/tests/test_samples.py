"""Samples from the frozen population to the conclusion: what each service does and refuses."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from audit.models import Population, PopulationRow, Sample, SampleItem
from audit.selectors import sampling as selectors
from audit.services import populations, sample_items, samples
from audit.services.populations import CannotSample
from audit.services.sample_items import ResultOf
from audit.tests.sampling import CLAUSE, METHODS, Field, contributions, engagement, plan_of
from claims.tests.deciding import now
from conftest import NOON
from enrollment.models import Contribution
from enrollment.tests import factories as register
from office.models import Act, Duty, Job

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
AMOUNTS = [str(10 + number * 7 % 190) for number in range(60)]


@pytest.fixture
def field(appoint, county) -> Field:
    return Field.of(appoint, county)


@pytest.fixture
def population(field) -> Population:
    contributions(AMOUNTS)
    return field.frozen()


def acts(name: str, kind: str = "done") -> list[Act]:
    return list(Act.objects.filter(name=name, kind=kind).order_by("pk"))


class TestFreezing:
    def test_a_population_is_copied_counted_summed_and_hashed(self, population):
        assert (population.state, population.items) == ("frozen", 60)
        assert population.amount == sum(map(Decimal, AMOUNTS))
        rows = list(PopulationRow.objects.order_by("place"))
        assert [row.place for row in rows] == list(range(1, 61))
        content = "".join(f"{row.place},{row.subject_id},{row.number},{row.day},{row.amount}\n" for row in rows)
        assert population.sha256 == hashlib.sha256(content.encode()).hexdigest()
        assert b"".join(selectors.written(population)) == content.encode()
        assert [act.facts["items"] for act in acts("population.frozen")] == [60]
        assert population.job.state == Job.State.DONE

    def test_what_comes_later_or_is_altered_later_changes_nothing(self, field, population):
        Contribution.objects.filter(receipt="SJ0001").update(void_reason="错")
        contributions(["700"])
        assert populations.freeze(population=population, by=field.dan, at=NOON).items == 60
        assert selectors.hash_of(population) == population.sha256

    def test_filters_narrow_it(self, field):
        contributions(["10"], void_reason="错")
        contributions(["20"], paid_on=date(2009, 12, 31))
        made = contributions(["30"], paid_on=None, receipt="")[0]
        contributions(["40"])
        found = field.frozen(until=date(2010, 3, 1))
        assert list(PopulationRow.objects.values_list("number", "day", "amount")) == [
            (str(made.pk), date(2010, 3, 1), Decimal(30)),
            ("SJ0004", date(2010, 1, 15), Decimal(40)),
        ]
        assert field.frozen(least=Decimal(35)).items == 1
        assert field.frozen(scheme=register.scheme(), until=date(2010, 3, 1)).items == found.items

    def test_a_comma_in_a_number_does_not_break_the_file(self, field):
        contributions(["10"], receipt='1,"2\n3')
        field.frozen()
        assert PopulationRow.objects.get().number == "1__2_3"

    def test_where_nothing_is_found_it_is_empty_and_the_job_says_so(self, field):
        made = field.frozen()
        assert (made.state, made.items) == ("empty", 0)
        assert "Nothing was found" in str(made.job.refusal)
        with pytest.raises(CannotSample, match="frozen"):
            field.planned(made)

    @pytest.mark.parametrize("source", ["claims", "payments"])
    def test_other_sources_ask_their_own_tables(self, field, source):
        scheme = register.scheme()
        assert field.frozen(source, scheme=scheme).state == "empty"
        assert field.frozen(source).state == "empty"

    @pytest.mark.parametrize(
        ("more", "sentence"),
        [
            ({"until": date(2010, 3, 2)}, "have come"),
            ({"since": date(2010, 2, 2), "until": date(2010, 2, 1)}, "in their order"),
            ({"since": date(2008, 12, 31)}, "2009-01-01 to 2010-12-31"),
            ({"kind": "inpatient"}, "Only claims"),
        ],
    )
    def test_what_is_asked_wrongly_is_refused(self, field, more, sentence):
        with pytest.raises(CannotSample, match=sentence):
            field.asked(**more)
        assert len(acts("population.asked", "refused")) == 1

    def test_an_engagement_of_a_scheme_samples_that_scheme(self, field):
        other = Field(field.dan, field.eva, field.engagement)
        other.engagement = engagement(field.engagement.body, field.dan, field.eva, scheme=register.scheme("urban"))
        with pytest.raises(CannotSample, match="of urban"):
            other.asked(scheme=register.scheme())


class TestWhoMay:
    def test_only_people_who_were_named(self, field, appoint):
        contributions(["10"])
        field.dan = appoint("fred", Duty.INTERNAL_AUDITOR)
        with pytest.raises(CannotSample, match="named for SJ2010-00001"):
            field.asked()

    def test_only_with_the_duty(self, field, appoint):
        field.dan = appoint("ada", Duty.TOWNSHIP_CLERK)
        with pytest.raises(CannotSample, match="None of your duties"):
            field.asked()

    def test_only_between_notice_and_report(self, field):
        field.engagement = engagement(field.engagement.body, field.dan, field.eva, served=False)
        with pytest.raises(CannotSample, match="between the notice and the report"):
            field.asked()


class TestPlanning:
    @pytest.mark.parametrize(("method", "size"), [("attribute", 14), ("money", 45), ("random", 37), ("strata", 11)])
    def test_a_size_comes_from_its_formula(self, field, population, method, size):
        made = field.planned(population, method)
        assert (made.computed, made.size, made.state) == (size, size, "planned")
        assert (made.seed, made.generator) == ("", "")

    def test_fewer_need_a_reason_and_more_may_have_one(self, field, population):
        with pytest.raises(CannotSample, match="asks for 14 items") as refused:
            field.planned(population, size=10)
        assert refused.value.field == "size_reason"
        assert field.planned(population, size=10, size_reason="上年无差错").size == 10
        assert field.planned(population, size=20).size == 20
        assert field.planned(population, size=99).size == 60

    @pytest.mark.parametrize(
        ("method", "more", "sentence"),
        [
            ("attribute", {"expected_rate": Decimal(20)}, "below what is tolerable"),
            ("attribute", {"tolerable_rate": None}, "State what is tolerable"),
            ("attribute", {"model": ""}, "Fill in every field"),
            ("money", {"tolerable": Decimal("0.01")}, "could be examined"),
            ("random", {"expected": None}, "State what is tolerable"),
            ("random", {"estimator": ""}, "Fill in every field"),
            ("strata", {"bounds": [100, 50]}, "rising whole amounts"),
            ("strata", {"bounds": []}, "rising whole amounts"),
        ],
    )
    def test_a_plan_that_is_not_whole_is_refused(self, field, population, method, more, sentence):
        with pytest.raises(CannotSample, match=sentence):
            field.planned(population, method, **more)
        assert not Sample.objects.exists()

    def test_money_units_of_nothing_cannot_be_drawn(self, field):
        contributions(["0", "0"])
        with pytest.raises(CannotSample, match="comes to nothing"):
            field.planned(field.frozen(), "money")

    def test_strata_are_shared_out(self, field, population):
        made = field.planned(population, "strata")
        parts = selectors.parts_of(population, made.bounds)
        assert sum(part.items for part in parts) == 60
        assert sum(made.shares) == made.size
        assert all(share <= part.items for share, part in zip(made.shares, parts, strict=True))
        assert field.planned(population, "strata", bounds=[5, 100]).shares[0] == 0


class TestDrawing:
    @pytest.mark.parametrize("method", ["attribute", "money", "random", "strata"])
    def test_the_database_draws_the_seed_and_the_seed_the_items(self, field, population, method, tmp_path):
        made = field.drawn(population, method)
        assert (made.state, made.generator, len(made.seed)) == ("drawn", "sha256-counter-1", 64)
        assert samples.is_drawn_again(made)
        assert [act.facts["seed"] for act in acts("sample.seeded")] == [made.seed]
        (tmp_path / "rows.csv").write_bytes(b"".join(selectors.written(population)))
        more = {"strata": [",".join(map(str, made.bounds)), ",".join(map(str, made.shares))]}
        script = Path(__file__).parents[1] / "redraw.py"
        way = {"money": "money", "strata": "strata"}.get(method, "simple")
        told = subprocess.run(
            [sys.executable, "-I", script, tmp_path / "rows.csv", made.seed, way, *more.get(method, [str(made.size)])],
            capture_output=True,
            text=True,
            check=True,
        ).stdout.splitlines()
        assert told[0] == f"population {population.sha256}"
        assert [int(line.split()[0]) for line in told[1:]] == list(
            made.items.order_by("position").values_list("row__place", flat=True)
        )

    def test_two_samples_of_one_plan_have_two_seeds(self, field, population):
        first, second = field.drawn(population), field.drawn(population)
        assert first.seed != second.seed
        assert selectors.drawn_before(second) == [first]

    def test_it_is_drawn_once(self, field, population):
        made = field.drawn(population)
        with pytest.raises(CannotSample, match="drawn already"):
            samples.draw(sample=made, by=field.dan, at=NOON)

    def test_a_drawing_that_broke_off_goes_on_with_its_seed(self, field, population):
        made = samples._seed(sample=field.planned(population), by=field.dan, at=NOON)
        again = samples.draw(sample=now(made), by=field.dan, at=NOON)
        assert (again.seed, again.state) == (made.seed, "drawn")
        with pytest.raises(CannotSample, match="drawn already"):
            samples._draw(sample=again, by=field.dan, at=NOON)

    def test_other_items_or_other_rows_are_noticed(self, field, population):
        made = field.drawn(population)
        changed = Sample.objects.get(pk=made.pk)
        changed.seed = "0" * 64
        assert not samples.is_drawn_again(changed)
        changed = Sample.objects.get(pk=made.pk)
        changed.population.sha256 = "0" * 64
        assert not samples.is_drawn_again(changed)

    def test_a_sample_is_given_up_with_its_reason_and_stays(self, field, population):
        made = field.drawn(population)
        with pytest.raises(CannotSample, match="in words"):
            samples.give_up(sample=made, reason=" ", by=field.dan, at=NOON)
        samples.give_up(sample=made, reason="总体有误", by=field.dan, at=NOON)
        made.refresh_from_db()
        assert (made.state, made.void_reason, made.items.count()) == ("void", "总体有误", 14)
        with pytest.raises(CannotSample, match="before its conclusion"):
            samples.give_up(sample=made, reason="again", by=field.dan, at=NOON)
        planned = field.planned(population)
        samples.give_up(sample=planned, reason="计划有误", by=field.dan, at=NOON)
        assert now(planned).seed == ""


class TestJudgement:
    def test_each_item_has_its_reason(self, field, population):
        made = field.planned(population, "judgement")
        with pytest.raises(CannotSample, match="Choose the items first"):
            samples.draw(sample=made, by=field.dan, at=NOON)
        for number, reason, sentence in (
            ("XX", "why", "no such number"),
            ("SJ0003", " ", "Say why"),
        ):
            with pytest.raises(CannotSample, match=sentence):
                samples.pick(sample=made, number=number, reason=reason, by=field.dan, at=NOON)
        samples.pick(sample=made, number="SJ0003", reason="金额异常", by=field.dan, at=NOON)
        with pytest.raises(CannotSample, match="chosen already"):
            samples.pick(sample=made, number="SJ0003", reason="again", by=field.dan, at=NOON)
        drawn = samples.draw(sample=made, by=field.dan, at=NOON)
        assert (drawn.state, drawn.seed) == ("drawn", "")
        with pytest.raises(CannotSample, match="before it is drawn"):
            samples.pick(sample=drawn, number="SJ0004", reason="late", by=field.dan, at=NOON)
        with pytest.raises(CannotSample, match="Choose the items first"):
            samples.draw(sample=drawn, by=field.dan, at=NOON)

    def test_nothing_is_picked_for_a_sample_that_is_drawn_by_seed(self, field, population):
        with pytest.raises(CannotSample, match="by judgement"):
            samples.pick(sample=field.planned(population), number="SJ0003", reason="want it", by=field.dan, at=NOON)

    def test_it_says_what_was_found_and_nothing_of_the_rest(self, field, population):
        made = field.planned(population, "judgement")
        for number in ("SJ0003", "SJ0004"):
            samples.pick(sample=made, number=number, reason="金额异常", by=field.dan, at=NOON)
        drawn = samples.draw(sample=made, by=field.dan, at=NOON)
        done = field.concluded(field.examine_all(drawn, {1: "4", 2: "40"}))
        assert done.estimate == {"items": 2, "wrong": 2, "too_much": "20.00", "too_little": "9.00", "holds": None}


class TestExamining:
    @pytest.fixture
    def item(self, field, population) -> SampleItem:
        return field.drawn(population).items.get(position=1)

    def test_right_and_wrong(self, field, item):
        right = field.examine(item)
        assert (right.state, right.right_amount, right.error) == ("examined", item.amount, 0)
        other = field.examine(item.sample.items.get(position=2), "5.50")
        assert other.error == other.amount - Decimal("5.50")
        assert (other.why, other.paper) == (CLAUSE, "底稿-1")
        assert item.error == 0

    def test_what_is_not_whole_is_refused(self, field, item):
        for stated, sentence in (
            (ResultOf("wrong", None, "why"), "State the amount"),
            (ResultOf("wrong", Decimal(1), " "), "Say what is wrong"),
        ):
            with pytest.raises(CannotSample, match=sentence):
                sample_items.examine(item=item, stated=stated, by=field.dan, at=NOON)
        field.examine(item)
        with pytest.raises(CannotSample, match="examined already"):
            field.examine(item)

    def test_nobody_looks_at_what_he_examined(self, field, item):
        done = field.examine(item)
        with pytest.raises(CannotSample, match="Somebody else"):
            sample_items.agree(item=done, by=field.dan, at=NOON)
        agreed = field.agree(done)
        assert (agreed.state, agreed.looked_by) == ("agreed", field.eva)
        with pytest.raises(CannotSample, match="nobody's second look"):
            field.agree(agreed)

    def test_sent_back_it_is_examined_again(self, field, item):
        done = field.examine(item, "1")
        with pytest.raises(CannotSample, match="examined again"):
            sample_items.send_back(item=done, remark=" ", by=field.eva, at=NOON)
        back = sample_items.send_back(item=done, remark="票据未附", by=field.eva, at=NOON)
        assert (back.state, back.outcome, back.remark, back.looked_by) == ("open", "", "票据未附", field.eva)
        assert [act.reason for act in acts("sample-item.sent-back")] == ["票据未附"]
        again = field.examine(back)
        assert (again.remark, again.looked_by) == ("", None)

    def test_nobody_examines_what_he_worked_on(self, field):
        contributions(["10"], noted_by=field.dan)
        contributions(["20"], noted_by=field.eva)
        sample = field.drawn(field.frozen(), size=2)
        with pytest.raises(CannotSample, match="worked on himself"):
            field.examine(sample.items.get(row__place=1))
        done = field.examine(sample.items.get(row__place=2))
        with pytest.raises(CannotSample, match="worked on himself"):
            field.agree(done)

    def test_only_while_it_is_drawn(self, field, item):
        samples.give_up(sample=item.sample, reason="x", by=field.dan, at=NOON)
        with pytest.raises(CannotSample, match="between the drawing and the conclusion"):
            field.examine(item)

    def test_the_next_one_comes_by_itself_and_the_first_again_after_the_last(self, field, item):
        waiting, sample = selectors.to_examine(field.dan), item.sample
        assert selectors.next_of(waiting, sample, 1).position == 2
        assert selectors.next_of(waiting, sample, 14).position == 1
        field.examine(item)
        assert selectors.next_of(waiting, sample, 14).position == 2
        assert list(selectors.to_look_at(field.eva)) == [item]
        assert not selectors.to_look_at(field.dan).exists()


class TestConclusion:
    def test_not_before_everything_is_agreed(self, field, population):
        made = field.drawn(population)
        field.examine(made.items.get(position=1))
        with pytest.raises(CannotSample, match="14 are left"):
            field.concluded(made)

    def test_a_rate_with_its_limits(self, field, population):
        made = field.examine_all(field.drawn(population))
        with pytest.raises(CannotSample, match="in words"):
            field.concluded(made, " ")
        done = field.concluded(made)
        assert done.estimate == {
            "items": 14, "wrong": 0, "too_much": "0", "too_little": "0", "rate": "0.00", "low": "0.00",
            "high": "19.27", "holds": True,
        }  # fmt: skip
        with pytest.raises(CannotSample, match="concluded once"):
            field.concluded(done)

    def test_a_rate_that_does_not_hold(self, field, population):
        done = field.concluded(field.examine_all(field.drawn(population), {3: "0"}))
        assert (done.estimate["holds"], done.estimate["wrong"]) == (False, 1)
        assert done.estimate["high"] == "29.68"

    def test_money_units(self, field, population):
        made = field.drawn(population, "money")
        done = field.concluded(field.examine_all(made))
        assert (done.estimate["likely"], done.estimate["certain"], done.estimate["holds"]) == ("0.00", "0", True)
        assert 0 < Decimal(done.estimate["upper"]) <= 400
        assert "t_low" not in done.estimate

    @pytest.mark.parametrize("method", ["random", "strata"])
    def test_sums_with_two_limits(self, field, population, method):
        made = field.drawn(population, method)
        done = field.concluded(field.examine_all(made, {1: "0"}))
        first = made.items.get(position=1).amount
        assert Decimal(done.estimate["too_much"]) == first
        assert Decimal(done.estimate["upper"]) >= Decimal(done.estimate["likely"])
        assert Decimal(done.estimate["t_low"]) <= Decimal(done.estimate["likely"]) <= Decimal(done.estimate["t_high"])

    def test_a_sample_that_its_seed_does_not_draw_proves_nothing(self, field, population, monkeypatch):
        made = field.examine_all(field.drawn(population))
        monkeypatch.setattr(samples.drawing, "simple", lambda numbers, count, size: [])
        with pytest.raises(CannotSample, match="proves nothing"):
            field.concluded(made)


def test_every_method_has_its_plan():
    assert {plan_of(method).method for method in METHODS} == set(Sample.Method.values)
