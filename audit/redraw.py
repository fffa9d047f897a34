"""Draws a sample of the county office again. Needs Python 3.11 and nothing else; docs/rules/samples.md says how.

python redraw.py ROWS.csv SEED simple SIZE | money SIZE | strata BOUNDS SHARES   (bounds in yuan; both with commas)
"""

import hashlib
import itertools
import sys
from collections.abc import Iterable, Iterator

file, seed, method, *more = sys.argv[1:]
with open(file, "rb") as opened:
    content = opened.read()
population = hashlib.sha256(content).hexdigest()
rows = [line.split(",") for line in content.decode().splitlines()]
fen = [int(row[4].replace(".", "")) for row in rows]
counter = itertools.count(1)


def below(end: int) -> int:
    for used in counter:
        number = int(hashlib.sha256(f"{population}:{seed}:{used}".encode()).hexdigest(), 16)
        if number < 2**256 - 2**256 % end:
            break
    return number % end


def some(places: list[int], size: int) -> list[int]:
    chosen: list[int] = []
    while len(chosen) < min(size, len(places)):
        place = places[below(len(places))]
        if place not in chosen:
            chosen.append(place)
    return chosen


def simple(size: str) -> Iterable[int]:
    return some(list(range(1, len(fen) + 1)), int(size))


def strata(bounds: str, shares: str) -> Iterator[int]:
    levels = [int(one) * 100 for one in bounds.split(",") if one]
    for number, share in enumerate(map(int, shares.split(","))):
        places = [place for place, one in enumerate(fen, 1) if sum(one >= level for level in levels) == number]
        yield from places if share >= len(places) else some(places, share)


def money(size: str) -> Iterator[int]:
    certain: list[int] = []
    while True:
        rest = sum(fen) - sum(fen[place - 1] for place in certain)
        units = -(-rest * int(size) // sum(fen))
        high = [p for p, one in enumerate(fen, 1) if p not in certain and units and one * units >= rest > 0]
        if not high:
            break
        certain = sorted(certain + high)
    yield from certain
    start = below(rest) if units else 0
    wanted = [(start + number * rest) // units for number in range(units)]
    before = 0
    for place, amount in enumerate(fen, 1):
        if place not in certain:
            if any(before <= unit < before + amount for unit in wanted):
                yield place
            before += amount


lines = [f"{place} {rows[place - 1][2]} {rows[place - 1][4]}" for place in globals()[method](*more)]
sys.stdout.write("\n".join([f"population {population}", *lines, ""]))
