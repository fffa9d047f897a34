"""The page of households that are not whole: who is left out, and why; beside it the exceptions."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse
from django.utils.html import escape

from conftest import NOON
from enrollment.services import coverage
from enrollment.tests import factories
from enrollment.tests.test_views_coverage import as_li, person, stranger, text, year
from office import sheets

__all__ = ["as_li", "person", "year"]  # fixtures that stand with the coverages

pytestmark = pytest.mark.django_db

ADDRESS = "/register/not-whole/"


def test_some_covered_and_others_neither_covered_nor_excepted(as_li, person, year):
    other, third = (factories.member(person.household, name=name) for name in ("马大山", "马三"))
    assert person.household.number not in text(as_li.get(ADDRESS)).partition('id="list"')[2]
    factories.pay(person, year)
    coverage.note_exception(member=third, fund_year=year, reason="soldier", by=factories.clerk(), at=NOON)
    page = text(as_li.get(ADDRESS))
    assert reverse("enrollment:household", args=[person.household_id]) in page
    factories.pay(other, year)
    assert reverse("enrollment:household", args=[person.household_id]) not in text(as_li.get(ADDRESS))


def test_each_of_those_left_out_is_told_with_the_reason(as_li, person, year):
    factories.pay(person, year)
    home = person.household
    names = ("马一", "马二", "马三", "马四", "马五")
    soldier, clerk, baby, mistake, poor = (
        factories.member(home, name, born=year.period.lower if name == "马三" else date(1980, 1, number))
        for number, name in enumerate(names, start=1)
    )
    coverage.note_exception(member=soldier, fund_year=year, reason="<参军>", by=factories.clerk(), at=NOON)
    other = factories.fund_year(factories.scheme("employees", insures="person", name="职工医保"), year.year)
    factories.brought_along(clerk, other)
    coverage.void(coverage=factories.pay(mistake, year), reason="x", by=factories.clerk(), at=NOON)
    told = [
        (soldier, "马一: exception, <参军>"),
        (clerk, "马二: insured in 职工医保"),
        (mistake, "马四: the contribution was made void"),
        (poor, "马五: no contribution noted"),
        (baby, "马三: born in the year, not entered yet"),
    ]
    page = text(as_li.get(ADDRESS, {"fund_year": year.pk}))
    for _member, words in told:
        assert escape(words) in page
    answer = as_li.get(ADDRESS, {"fund_year": year.pk, "as": "xlsx"})
    _headings, line = sheets.rows(answer.content, "a.xlsx")
    assert line[6] == "\n".join(words for _member, words in told)


def test_ones_own_township_and_a_year_that_is_none(as_li, year):
    other = stranger()
    factories.member(other.household, name="李四")
    factories.pay(other, year)
    link = reverse("enrollment:household", args=[other.household_id])
    assert link not in text(as_li.get(ADDRESS))
    assert as_li.get(ADDRESS, {"fund_year": "x"}).status_code == 200


def test_before_any_year_is_confirmed(as_li):
    assert "Every household is whole" in text(as_li.get(ADDRESS))


def test_it_costs_the_same_for_many(as_li, person, year, django_assert_num_queries):
    def part(number: str) -> None:
        home = factories.household(number)
        factories.pay(factories.member(home), year)
        factories.member(home, name="马大山")

    part("X1")
    as_li.get(ADDRESS)
    with django_assert_num_queries(11):
        as_li.get(ADDRESS)
    for number in range(2, 6):
        part(f"X{number}")
    with django_assert_num_queries(11):
        as_li.get(ADDRESS)
