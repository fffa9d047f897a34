"""`manage.py indicators [--scheme CODE] --year YEAR [--json]`: a year of a fund, or of all together, in its indicators.

Exit 0; 2 where there is no such scheme or nothing is known of the year.
"""

from __future__ import annotations

import json
import sys
from decimal import Decimal
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from enrollment.models import Scheme
from funds.indicator_words import BASES, NAMES
from funds.rules import indicators as rules
from funds.rules.indicators import Facts, Indicator
from funds.selectors import indicators
from funds.selectors.indicators import UnknownYear
from office.rules import days

UNKNOWN = 2


class Command(BaseCommand):
    help = "A year of a fund, or of all funds together, in its indicators."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--scheme", help="its code; without it all funds together")
        parser.add_argument("--year", type=int, required=True)
        parser.add_argument("--json", action="store_true", help="as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            facts = _facts(options["scheme"], options["year"])
        except UnknownYear as fault:
            self.stderr.write(f"unknown: {fault}")
            sys.exit(UNKNOWN)
        told = [_told(one) for one in rules.of(facts)]
        if options["json"]:
            answer = {"scheme": options["scheme"], "year": options["year"], "indicators": told}
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
            return
        for one in told:
            self.stdout.write(
                f"{one['name']} ({BASES[str(one['basis'])]}): {one['value'] or '—'} {one['unit']}"
                f"  [{one['numerator']} / {one['denominator'] or '—'}]"
            )


def _facts(code: str | None, year: int) -> Facts:
    """Raises UnknownYear, also for a scheme that there is not."""
    today = days.business_day(timezone.now())
    if code is None:
        return sum((indicators.facts(one) for one in indicators.of_all(year, today)), Facts())
    scheme = Scheme.objects.filter(code=code).first()
    if scheme is None:
        raise UnknownYear(code)
    return indicators.facts(indicators.of_scheme(scheme, year, today))


def _told(one: Indicator) -> dict[str, str | None]:
    return {
        "code": one.code,
        "name": str(NAMES[one.code]),
        "value": _number(one.value),
        "unit": one.unit,
        "numerator": _number(one.numerator),
        "denominator": _number(one.denominator),
        "basis": one.basis,
    }


def _number(value: Decimal | int | None) -> str | None:
    """Counts whole, yuan and rates with two places."""
    if value is None or isinstance(value, int):
        return None if value is None else str(value)
    return f"{value:.2f}"
