"""A claim on its way, and its rows as lines of COPY."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from typing import Final

from benchmarks.bulk.drawn import Case
from benchmarks.bulk.office import Office, Worker
from benchmarks.bulk.register import People
from benchmarks.bulk.streams import Streams
from benchmarks.bulk.valued import Valued, Valuing, yuan
from claims.models import BenefitPlan, Claim
from claims.rules import papers
from claims.selectors.checking import ENTERED

SHANGHAI: Final = 8 * 3600
EPOCH: Final = date(1970, 1, 1).toordinal()
A_DAY: Final = 86_400
NULL: Final = "\\N"
APART: Final = "\x1f"
#: What of a claim may be unknown; here it all is.
UNKNOWN: Final = frozenset(one.attname for one in Claim._meta.concrete_fields if one.null)
FREED: Final = ("refused", "void")
#: What a vote's hash covers, in the order in which it is hashed, each with its length before it.
HASHED: Final = sorted((*ENTERED, "lines", "invoices", "papers", "cuts"))
PREFIXES: Final = [f"{len(name)}:{name}".encode() for name in HASHED]


@dataclass(slots=True)
class Round:
    """A round that is open."""

    number: int
    step: str
    hash: str
    amount: Decimal
    opened_at: int
    barred: str
    by_seats: bool = False


@dataclass(slots=True)
class Made:
    """A claim with what its case does not say: numbers, where it is, what it comes to."""

    case: Case
    pk: int
    number: str
    entered_at: int
    clerk: Worker
    texts: dict[str, str]
    first_line: int
    state: str = "entered"
    since: int = 0
    route: tuple[str, ...] = ()
    proposed: Decimal = Decimal(0)
    cut: tuple[int, int] | None = None
    verifier: Worker | None = None
    asked_at: int = 0
    answered_at: int = 0
    round: Round | None = None
    approval: int = 0
    hash: str = ""  # of what it says, while that stays
    parts: list[tuple[int, str, str, Decimal]] = field(default_factory=list)

    @property
    def total(self) -> int:
        return sum(one[3] for one in self.case.lines)


@cache
def day_of(number: int) -> str:
    """A day as text."""
    return date.fromordinal(number).isoformat()


@lru_cache(maxsize=256)
def iso(moment: int) -> str:
    """A moment as text."""
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="microseconds")


def office_day(moment: int) -> str:
    """The office's day of a moment."""
    return day_of((moment + SHANGHAI) // A_DAY + EPOCH)


def moment_of(day: int, second: int) -> int:
    """A moment by the office's day and second."""
    return (day - EPOCH) * A_DAY + second - SHANGHAI


class Rows:
    """Writes claims and what belongs to them."""

    def __init__(self, office: Office, people: People, valuing: Valuing, streams: Streams) -> None:
        self.office, self.people, self.valuing, self.streams = office, people, valuing, streams
        self.given: dict[int, int] = {}  # numbers of claims by year
        self.plans = {key: _plan_text(plan) for key, (plan, _read) in office.documents.items()}

    def entered(self, case: Case) -> Made:
        """A claim as intake takes it in, with its number of the year."""
        pk = self.streams.number("claims_claim")
        moment = moment_of(case.entered, case.second)
        year = date.fromordinal(case.entered).year
        self.given[year] = self.given.get(year, 0) + 1
        clerk = self.office.desks[case.desk]
        number = f"{year}{self.given[year]:07d}"
        first_line = self.streams.next["claims_claimline"]
        self.streams.next["claims_claimline"] += len(case.lines)
        made = Made(case, pk, number, moment, clerk, {}, first_line, since=moment)
        made.texts = self._texts(made)
        return made

    def _texts(self, made: Made) -> dict[str, str]:
        """All that intake entered, as text."""
        case, office, place = made.case, self.office, made.case.place
        is_stay = case.kind != "outpatient"
        total = f"{made.total}.00"
        missing = self._missing(made)
        return {
            **DEFAULTS,
            "number": made.number,
            "scheme_id": str(office.schemes[case.scheme]),
            "member_id": str(case.person),
            "body_id": str(made.clerk.body),
            "kind": case.kind,
            "provider_id": str(place.pk),
            "tier": str(place.tier),
            "level": place.level,
            "region": place.region,
            "is_designated": str(case.scheme in place.schemes),
            "admitted_on": day_of(case.admitted),
            "discharged_on": day_of(case.discharged),
            "hospital_number": f"ZY{made.pk:07d}" if is_stay else "",
            "disease_id": str(office.diseases[case.disease].pk),
            "is_referred": str(case.is_referred),
            "delivery": case.delivery,
            "employment": self.valuing.employment(case),
            "total": total,
            "payee_name": self.people.names[case.person],
            "entered_on": day_of(case.entered),
            "entered_by_id": str(made.clerk.pk),
            "entered_at": iso(made.entered_at),
            "lines": "\n".join(
                f"{place}{APART}{APART}{name}{APART}{class_}{APART}{group}{APART}{APART}{APART}{amount}.00{APART}"
                for place, (name, class_, group, amount) in enumerate(case.lines, 1)
            ),
            "invoices": f"064001{APART}{made.pk:08d}{APART}{day_of(case.discharged)}{APART}{total}{APART}",
            "papers": "\n".join(
                f"{one}{APART}{'false' if one in missing else 'true'}{APART}{APART}" for one in self._papers(case)
            ),
            "cuts": "",
        }

    def _papers(self, case: Case) -> tuple[str, ...]:
        return _needed(case.kind, case.place.region, case.is_referred)

    def _missing(self, made: Made) -> frozenset[str]:
        return frozenset({"fee_list"} if made.case.fate == "missing" else ())

    def hash(self, made: Made) -> str:
        """The hash of what a vote is about now."""
        if made.hash:
            return made.hash
        texts, whole = made.texts, []
        for prefix, name in zip(PREFIXES, HASHED, strict=True):
            value = texts[name].encode()
            whole.append(b"%b%d:%b" % (prefix, len(value), value))
        made.hash = hashlib.sha256(b"".join(whole)).hexdigest()
        return made.hash

    def note_cut(self, made: Made, by: Worker, at: int) -> None:
        """What the first check took off the first line."""
        opened = made.round
        if made.cut is None or opened is None:
            raise AssertionError("a cut belongs to an open step")
        place, amount = made.cut
        line = made.first_line + place
        row = (self.streams.number("claims_cut"), made.pk, line, opened.number, made.state, f"{amount}.00")
        self.streams.add("claims_cut", line_of(*row, "over_limit", "", by.pk, iso(at), "t"))
        made.hash = ""
        made.texts["cuts"] = f"{line}{APART}{made.state}{APART}{amount}.00{APART}over_limit{APART}"

    def approved(self, made: Made, valued: Valued, by: Worker, at: int) -> str:
        """The approval with its parts and what it moves; gives its hash."""
        case, add = made.case, self.streams.add
        year = date.fromordinal(case.discharged).year
        made.approval = self.streams.number("claims_approval")
        answer = f'{valued.before}"{made.number}"{valued.behind}'
        sha = hashlib.sha256(answer.encode()).hexdigest()
        add("claims_approval", line_of(
            made.approval, made.pk, case.person, year, self.plans[case.scheme, year],
            made.texts["total"], f"{made.cut[1] if made.cut else 0}.00", valued.figures,
            answer.replace("\\", "\\\\"), sha, office_day(at), by.pk, iso(at),
        ))  # fmt: skip
        made.parts = [(self.streams.number("claims_claimpart"), *one) for one in valued.parts]
        home, key = self.people.homes[case.person], (case.scheme, case.person)
        for name, amount in valued.moves:
            counter = self.valuing.counters.move(year, key, home, name, amount, self.streams.number)
            number = self.streams.number("claims_countermove")
            add("claims_countermove", line_of(number, counter, made.approval, "f", amount, iso(at)))
        return sha

    def ended(self, made: Made) -> None:
        """A claim as it stands at the end, with all that came with it."""
        texts, case, add, number = made.texts, made.case, self.streams.add, self.streams.number
        values = "\t".join([NULL if name in UNKNOWN else texts[name] for name in ENTERED])
        route = f"{{{','.join(made.route)}}}"
        add("claims_claim", line_of(values, made.pk, route, made.proposed, made.state, office_day(made.since)))
        for place, (name, class_, group, amount) in enumerate(case.lines):
            line = (made.first_line + place, made.pk, 1, place + 1, name, class_, group, f"{amount}.00")
            add("claims_claimline", line_of(*line))
        is_live = "f" if made.state in FREED else "t"
        left = day_of(case.discharged)
        row = (
            number("claims_invoice"),
            made.pk,
            1,
            "064001",
            f"{made.pk:08d}",
            left[:4],
            left,
            texts["total"],
            is_live,
        )
        add("claims_invoice", line_of(*row))
        missing = self._missing(made)
        for paper in self._papers(case):
            there = "f" if paper in missing else "t"
            add("claims_claimpaper", line_of(number("claims_claimpaper"), made.pk, 1, paper, there, ""))
        for part, layer, fund, pays in made.parts:
            add("claims_claimpart", line_of(part, made.approval, layer, fund, pays, made.state))
        if made.verifier is not None and made.asked_at:
            self._verification(made, made.verifier)

    def _verification(self, made: Made, by: Worker) -> None:
        answered = (NULL, NULL) if not made.answered_at else (office_day(made.answered_at), by.pk)
        outcome = "genuine" if made.answered_at else ""
        number = self.streams.number("claims_verification")
        whom = f"{made.case.place.name}医保科"
        row = (number, made.pk, "phone", whom, "", "", office_day(made.asked_at), by.pk, outcome, "", *answered)
        self.streams.add("claims_verification", line_of(*row))

    def counters(self, before: int) -> None:
        """Counters of plan years that are over."""
        for number, person, scheme, year, name, value in self.valuing.counters.ended(before):
            row = (number, person, self.office.schemes[scheme], year, name, value)
            self.streams.add("claims_benefitcounter", line_of(*row))


def line_of(*values: object) -> str:
    """A row as a line of COPY."""
    return "\t".join(map(str, values)) + "\n"


def _plan_text(plan: BenefitPlan) -> str:
    return f'[{{"plan": {plan.pk}, "code": "{plan.code}", "version": {plan.version}, "sha256": "{plan.sha256}"}}]'


@cache
def _needed(kind: str, region: str, is_referred: bool) -> tuple[str, ...]:  # noqa: FBT001
    facts = papers.facts_of(kind=kind, region=region, is_referred=is_referred, is_emergency=False, ground="none")
    return tuple(one.code for one in papers.needed(facts, date.max))  # by the newest list


def _default_texts(names: Sequence[str]) -> dict[str, str]:
    """What is the same for all."""
    defaults = {
        "is_emergency": "False",
        "is_tcm": "False",
        "ground": "none",
        "other_payers": f"{yuan(0)}",
        "payee_relation": "self",
        "payee_kind": Claim.Payee.HOUSEHOLD.value,
        "content_version": "1",
    }
    return dict.fromkeys(names, "") | defaults


DEFAULTS: Final = _default_texts([one.attname for one in Claim._meta.concrete_fields])
