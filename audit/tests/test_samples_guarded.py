"""What the database itself refuses of samples, each guard also taken out: then it would have gone wrong."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from audit.models import Population, PopulationRow, Sample, SampleItem
from audit.services import samples
from audit.tests.sampling import Field, contributions
from claims.tests.deciding import now
from conftest import NOON
from enrollment.tests.races import unguarded
from funds.tests.factories import past_triggers

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def field(appoint, county) -> Field:
    made = Field.of(appoint, county)
    contributions([str(10 + number) for number in range(30)])
    return made


@pytest.fixture
def population(field) -> Population:
    return field.frozen()


def refused(do: Callable[[], Any], words: str) -> None:
    with pytest.raises(DatabaseError, match=words), transaction.atomic():
        do()


class TestPopulation:
    def test_frozen_it_does_not_change(self, population):
        seen = Population.objects.filter(pk=population.pk)
        refused(lambda: seen.update(items=31), "does not change")
        refused(lambda: seen.update(sha256="0" * 64), "does not change")
        refused(lambda: seen.update(state="asked"), "does not go from")
        rows = PopulationRow.objects.filter(population=population)
        refused(lambda: rows.update(amount=1), "permission denied")
        refused(lambda: rows.filter(place=1).delete(), "permission denied")
        more = PopulationRow(population=population, place=31, subject_id=1, number="x", day=NOON.date(), amount=1)
        refused(more.save, "frozen")

    @pytest.mark.parametrize("wrong", [{"items": 2}, {"amount": Decimal(11)}])
    def test_it_is_frozen_as_what_its_rows_come_to(self, field, wrong):
        made = field.asked()
        PopulationRow.objects.create(
            population=made, place=1, subject_id=1, number="x", day=NOON.date(), amount=Decimal(10)
        )
        given = {"items": 1, "amount": Decimal(10), "sha256": "0" * 64, "frozen_at": NOON, "state": "frozen"}
        seen = Population.objects.filter(pk=made.pk)
        refused(lambda: seen.update(**given | wrong), "what its rows come to")
        assert seen.update(**given) == 1

    def test_no_sample_of_a_population_that_is_not_frozen(self, field):
        made = field.asked()
        sample = Sample(population=made, number="x", purpose="x", error_means="x", method="judgement",
                        made_by=field.dan, made_at=NOON)  # fmt: skip
        refused(sample.save, "frozen")


class TestSeed:
    def test_nobody_chooses_it(self, field, population):
        planned = field.planned(population)
        wanted = "ab" * 32
        Sample.objects.filter(pk=planned.pk).update(
            state="seeded", seed=wanted, generator="mine", drawn_by=field.dan, drawn_at=NOON
        )
        assert now(planned).seed != wanted

    def test_nobody_changes_it_or_the_plan(self, field, population):
        drawn = field.drawn(population)
        seen = Sample.objects.filter(pk=drawn.pk)
        refused(lambda: seen.update(seed="ab" * 32), "does not change")
        refused(lambda: seen.update(size=3), "does not change")
        refused(lambda: seen.update(state="void", void_reason="x", seed="ab" * 32), "as it was drawn")
        planned = Sample.objects.filter(pk=field.planned(population).pk)
        refused(lambda: planned.update(tolerable_rate=50), "does not change")
        refused(
            lambda: planned.update(state="seeded", generator="x", size=3, drawn_by=field.dan, drawn_at=NOON),
            "does not change",
        )

    def test_what_is_not_chosen_by_judgement_has_one(self, field, population):
        planned = Sample.objects.filter(pk=field.planned(population).pk)
        refused(lambda: planned.update(state="drawn", drawn_by=field.dan, drawn_at=NOON), "drawn by a seed")
        chosen = Sample.objects.filter(pk=field.planned(population, "judgement").pk)
        refused(lambda: chosen.update(state="seeded", generator="x"), "drawn by a seed")

    def test_a_sample_has_as_many_items_as_were_planned(self, field, population):
        planned = field.planned(population)
        seen = Sample.objects.filter(pk=planned.pk)
        seen.update(state="seeded", generator="x", drawn_by=field.dan, drawn_at=NOON)
        refused(lambda: seen.update(state="drawn"), "the items that were drawn")
        add(planned, population.rows.earliest("place"))
        refused(lambda: seen.update(state="drawn"), "the items that were drawn")


def add(sample: Sample, row: PopulationRow, **more: Any) -> SampleItem:
    given = {"position": 99, "amount": row.amount, **more}
    return SampleItem.objects.create(sample=sample, row=row, **given)


class TestItems:
    def test_none_comes_after_the_drawing(self, field, population):
        drawn = field.drawn(population)
        left = population.rows.exclude(pk__in=drawn.items.values("row")).earliest("place")
        refused(lambda: add(drawn, left), "comes with the drawing")

    def test_none_comes_before_it_without_a_reason_or_from_elsewhere(self, field, population):
        planned, chosen = field.planned(population), field.planned(population, "judgement")
        row, other = population.rows.earliest("place"), field.frozen().rows.earliest("place")
        refused(lambda: add(planned, row, reason="want it"), "comes with the drawing")
        refused(lambda: add(chosen, row), "comes with the drawing")
        refused(lambda: add(chosen, other, reason="x"), "of its population")
        refused(lambda: add(chosen, row, reason="x", amount=1), "of its population")
        assert add(chosen, row, reason="x").pk

    def test_none_is_exchanged(self, field, population):
        drawn = field.drawn(population)
        item, left = (
            drawn.items.earliest("position"),
            population.rows.exclude(pk__in=drawn.items.values("row")).earliest("place"),
        )
        seen = SampleItem.objects.filter(pk=item.pk)
        refused(lambda: seen.update(row=left), "does not change")
        refused(lambda: seen.update(amount=1), "does not change")

    def test_whoever_agrees_changes_nothing_and_is_somebody_else(self, field, population):
        item = field.examine(field.drawn(population).items.earliest("position"), "1")
        seen = SampleItem.objects.filter(pk=item.pk)
        given = {"state": "agreed", "looked_by": field.eva, "looked_at": NOON}
        refused(lambda: seen.update(**given, right_amount=item.amount), "changes nothing")
        refused(lambda: seen.update(**given | {"looked_by": field.dan}), "looked_at_by_another")
        refused(lambda: seen.update(state="agreed"), "agreed_says_by_whom")
        refused(lambda: seen.update(why="other words"), "does not change")
        assert seen.update(**given) == 1

    def test_results_are_whole(self, field, population):
        seen = SampleItem.objects.filter(pk=field.drawn(population).items.earliest("position").pk)
        given = {"state": "examined", "examined_by": field.dan, "examined_at": NOON}
        refused(lambda: seen.update(**given), "examined_whole")
        refused(lambda: seen.update(**given, outcome="right", right_amount=0), "examined_whole")
        refused(lambda: seen.update(**given, outcome="wrong", right_amount=0), "examined_whole")

    def test_nothing_is_examined_before_the_drawing_or_after_the_end(self, field, population):
        chosen = field.planned(population, "judgement")
        item = add(chosen, population.rows.earliest("place"), reason="x")
        given = {"state": "examined", "examined_by": field.dan, "examined_at": NOON, "outcome": "right"}
        seen = SampleItem.objects.filter(pk=item.pk)
        refused(lambda: seen.update(**given, right_amount=item.amount), "after the drawing")


class TestConclusion:
    def test_not_before_every_item_is_agreed(self, field, population):
        drawn = field.drawn(population)
        field.examine(drawn.items.earliest("position"))
        given = {
            "state": "concluded",
            "estimate": {},
            "conclusion": "x",
            "concluded_by": field.dan,
            "concluded_at": NOON,
        }
        seen = Sample.objects.filter(pk=drawn.pk)
        refused(lambda: seen.update(**given), "looked at by another before the conclusion")

    def test_nothing_changes_after_it(self, field, population):
        done = field.concluded(field.examine_all(field.drawn(population)))
        seen = Sample.objects.filter(pk=done.pk)
        refused(lambda: seen.update(conclusion="other"), "does not change")
        refused(lambda: seen.update(state="void", void_reason="x"), "does not go from")
        items = SampleItem.objects.filter(sample=done, position=1)
        refused(lambda: items.update(remark="x"), "before the conclusion")


SIZED = {"confidence": 95, "size": 9, "computed": 9}
RATES = {"method": "attribute", "model": "binomial", "tolerable_rate": 5, "expected_rate": 0, **SIZED}
SUMS = {"tolerable": 5, "expected": 0, **SIZED}
PLANS = (
    RATES | {"tolerable_rate": None},
    RATES | {"expected_rate": 5},
    RATES | {"confidence": None},
    RATES | {"confidence": 40},
    RATES | {"size": 8},
    RATES | {"model": ""},
    RATES | {"tolerable": 5},
    {"method": "money", **SUMS, "tolerable": None},
    {"method": "money", **SUMS, "estimator": "ratio"},
    {"method": "random", **SUMS},
    {"method": "strata", **SUMS, "estimator": "ratio"},
    {"method": "judgement", "size": 9},
    {"method": "guess"},
)


@pytest.mark.parametrize("plan", PLANS, ids=range(len(PLANS)))
def test_a_plan_is_whole(field, population, plan):
    given = {"number": "x", "purpose": "x", "error_means": "x", "made_by": field.dan, "made_at": NOON}
    sample = Sample(population=population, **given | plan)
    refused(sample.save, "sample_")


def chosen_seed(field: Field, population: Population) -> bool:
    """Whether somebody chose the seed of a sample."""
    planned = field.planned(population)
    Sample.objects.filter(pk=planned.pk).update(
        state="seeded", seed="ab" * 32, generator="mine", drawn_by=field.dan, drawn_at=NOON
    )
    return now(planned).seed == "ab" * 32


def added_row(field: Field, population: Population) -> bool:
    PopulationRow.objects.create(population=population, place=31, subject_id=1, number="x", day=NOON.date(), amount=1)
    return True


def wrong_sum(field: Field, population: Population) -> bool:
    made = field.asked()
    PopulationRow.objects.create(population=made, place=1, subject_id=1, number="x", day=NOON.date(), amount=1)
    given = {"items": 1, "amount": 99, "sha256": "0" * 64, "frozen_at": NOON, "state": "frozen"}
    return Population.objects.filter(pk=made.pk).update(**given) == 1


def changed_plan(field: Field, population: Population) -> bool:
    return Sample.objects.filter(pk=field.drawn(population).pk).update(tolerable_rate=90) == 1


def concluded_early(field: Field, population: Population) -> bool:
    given = {"estimate": {}, "conclusion": "x", "concluded_by": field.dan, "concluded_at": NOON, "state": "concluded"}
    return Sample.objects.filter(pk=field.drawn(population).pk).update(**given) == 1


def slipped_in(field: Field, population: Population) -> bool:
    drawn = field.drawn(population)
    left = population.rows.exclude(pk__in=drawn.items.values("row")).earliest("place")
    return bool(add(drawn, left).pk) and not samples.is_drawn_again(now(drawn))


def changed_while_agreeing(field: Field, population: Population) -> bool:
    item = field.examine(field.drawn(population).items.earliest("position"), "1")
    given = {"state": "agreed", "looked_by": field.eva, "looked_at": NOON, "right_amount": item.amount}
    return SampleItem.objects.filter(pk=item.pk).update(**given) == 1


def looked_himself(field: Field, population: Population) -> bool:
    item = field.examine(field.drawn(population).items.earliest("position"))
    given = {"state": "agreed", "looked_by": field.dan, "looked_at": NOON}
    return SampleItem.objects.filter(pk=item.pk).update(**given) == 1


TRIES: dict[str, Callable[[Field, Population], bool]] = {
    "audit_sample.a_seed_is_drawn": chosen_seed,
    "audit_populationrow.rows_are_guarded": added_row,
    "audit_population.population_is_guarded": wrong_sum,
    "audit_sample.moves_are_guarded": changed_plan,
    "audit_sample.sample_is_guarded": concluded_early,
    "audit_sampleitem.new_item_is_guarded": slipped_in,
    "audit_sampleitem.item_is_guarded": changed_while_agreeing,
    "sample_item_is_looked_at_by_another": looked_himself,
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("guard", TRIES)
def test_with_its_guard_taken_out_it_goes_wrong(field, population, monkeypatch, guard):
    with monkeypatch.context() as patched, unguarded(patched, guard):
        assert TRIES[guard](field, population)


@pytest.mark.django_db(transaction=True)
def test_what_the_owner_of_the_machine_alters_is_seen_when_it_is_drawn_again(field, population):
    drawn = field.drawn(population, "money", tolerable=Decimal(200))
    assert samples.is_drawn_again(drawn)
    past_triggers(f"UPDATE audit_populationrow SET amount = 9999 WHERE population_id = {population.pk} AND place = 1")
    assert not samples.is_drawn_again(now(drawn))
