"""What the hospitals' door takes and answers, field by field; its OpenAPI document is made of these.

Amounts are text with two decimals, never floats; days are text. What is not described here is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Final, Literal

from ninja import Schema
from pydantic import BeforeValidator, ConfigDict, Field, PlainSerializer, StringConstraints, WithJsonSchema

from claims.forms.intake import CLASSES, GROUPS, MOST_INVOICES
from claims.models import Claim, Kind
from claims.rules.papers import shipped
from enrollment.rules.coverage import Why

MOST_LINES: Final = 200
AMOUNT: Final = r"^(0|[1-9][0-9]{0,6})\.[0-9]{2}$"
QUANTITY: Final = r"^(0|[1-9][0-9]{0,4})(\.[0-9]{1,2})?$"
PRICE: Final = r"^(0|[1-9][0-9]{0,6})(\.[0-9]{1,4})?$"
PLAIN_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
SHOWN: Final = r"^[^\u0000-\u001F\u007F-\u009F\u2028\u2029]*$"
CODE: Final = r"^[!-~一-鿿]+$"


def _day(said: Any) -> date:
    if not isinstance(said, str) or not PLAIN_DAY.fullmatch(said):
        raise ValueError("a day is written YYYY-MM-DD")
    return date.fromisoformat(said)


def _figure(pattern: str) -> Callable[[Any], Decimal]:
    """A figure that is text of this pattern."""

    def read(said: Any) -> Decimal:
        if not isinstance(said, str) or not re.fullmatch(pattern.removesuffix("$"), said):
            raise ValueError("a figure is text, such as 1260.00")
        return Decimal(said)

    return read


Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
Yuan = Annotated[
    Decimal,
    BeforeValidator(_figure(AMOUNT)),
    WithJsonSchema({"type": "string", "pattern": AMOUNT, "examples": ["1260.00"]}),
]
Quantity = Annotated[
    Decimal,
    BeforeValidator(_figure(QUANTITY)),
    WithJsonSchema({"type": "string", "pattern": QUANTITY}),
]
Price = Annotated[
    Decimal,
    BeforeValidator(_figure(PRICE)),
    WithJsonSchema({"type": "string", "pattern": PRICE}),
]
Told = Annotated[
    Decimal,
    PlainSerializer(lambda value: f"{value:.2f}", return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^-?[0-9]+\.[0-9]{2}$"}),
]
Name = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=SHOWN)]
Short = Annotated[str, StringConstraints(max_length=40, pattern=SHOWN)]
Line200 = Annotated[str, StringConstraints(max_length=200, pattern=SHOWN)]
Line500 = Annotated[str, StringConstraints(max_length=500, pattern=SHOWN)]
Item = Annotated[str, StringConstraints(max_length=120, pattern=SHOWN)]
Code20 = Annotated[str, StringConstraints(min_length=1, max_length=20, pattern=CODE)]
Code24 = Annotated[str, StringConstraints(min_length=1, max_length=24, pattern=CODE)]
IdNumber = Annotated[str, StringConstraints(pattern=r"^([0-9]{17}[0-9Xx]|[0-9]{15})$")]
Key = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[0-9A-Za-z._:-]+$")]
Number = Annotated[str, StringConstraints(min_length=1, max_length=20, pattern=r"^[0-9A-Z-]+$")]

Kinds: Any = Literal[tuple(Kind.values)]
Groups: Any = Literal[GROUPS]
Classes: Any = Literal[CLASSES]
Grounds: Any = Literal[tuple(Claim.Ground.values)]
Employments: Any = Literal[tuple(Claim.Employment.values)]
Payees: Any = Literal[tuple(Claim.Payee.values)]
Deliveries: Any = Literal[("", *Claim.Delivery.values)]
Papers: Any = Literal[tuple(sorted({paper.code for one in shipped() for paper in one.papers}))]
States: Any = Literal[tuple(Claim.State.values)]
Reasons: Any = Literal[("covered", *map(str, Why))]


class Said(Schema):
    """What is sent: nothing besides what is described, nothing turned into something else."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Patient(Said):
    """Somebody by his whole ID number and his name; both must be right."""

    id_number: IdNumber = Field(description="18 digits, or 15 of an old card", examples=["640522198001010011"])
    name: Name = Field(examples=["马小兰"])


class EligibilityAsked(Said):
    """Whether somebody is covered on a day."""

    patient: Patient
    on: Day = Field(examples=["2010-01-11"])


class CostLine(Said):
    """A line of the cost list."""

    group: Groups = Field(description="group of cost", examples=["drug"])
    item_class: Classes = Field(description="class of the catalogue: 甲 is A, 乙 is B, 丙 is C", examples=["A"])
    amount: Yuan
    name: Item = Field("", description="what it is called; left out, the group's name, or the catalogue's")
    code: Code24 | None = Field(None, description="of the catalogue; then with quantity and price")
    quantity: Quantity | None = None
    price: Price | None = Field(None, description="of one piece, in yuan")


class InvoiceSaid(Said):
    """An invoice on which the claim rests."""

    type_code: Code20 = Field(examples=["064001"])
    number: Code24 = Field(examples=["00000001"])
    amount: Yuan
    issued_on: Day = Field(examples=["2010-01-21"])


class ClaimAsked(Said):
    """A stay or visit: the patient, the days, the costs, the invoices."""

    patient: Patient
    kind: Kinds = Field(examples=["inpatient"])
    admitted_on: Day = Field(examples=["2010-01-11"])
    discharged_on: Day = Field(examples=["2010-01-21"])
    disease: Code20 = Field(description="code of the diagnosis", examples=["J18"])
    lines: list[CostLine] = Field(min_length=1, max_length=MOST_LINES)
    invoices: list[InvoiceSaid] = Field(min_length=1, max_length=MOST_INVOICES)
    papers: list[Papers] = Field([], description="the papers that the hospital holds", max_length=40)
    scheme: Code20 | None = Field(None, description="left out: the scheme that covers the patient")
    settled_on: Day | None = Field(None, description="settled with the hospital on")
    hospital_number: Short = Field("", description="the stay's number at the hospital")
    department: Short = ""
    diagnosis: Line200 = Field("", description="the diagnosis in words")
    is_referred: bool = False
    is_emergency: bool = False
    is_tcm: bool = Field(default=False, description="treated by Chinese medicine")
    delivery: Deliveries = Field("", description="of a delivery: which one")
    ground: Grounds = "none"
    employment: Employments = "none"
    payee: Payees = Field("household", description="provider: the hospital has paid the patient in advance")
    other_payers: Yuan = Decimal(0)
    phone: Short = ""
    note: Line500 = ""


class ClaimHandedIn(ClaimAsked):
    """A claim to be entered, and to be handed on to those who check it once all its papers are there."""

    hand_on: bool = True


class SchemeTold(Schema):
    """A scheme by its code and name."""

    code: str
    name: str


class Eligibility(Schema):
    """Whether somebody is covered on a day, by what, and why or why not. Nothing else of him."""

    on: date
    covered: bool
    why: Reasons
    words: str = Field(description="the same in words")
    schemes: list[SchemeTold]


class FieldRefused(Schema):
    """What is wrong with one field."""

    field: str = Field(description="its place in the request; empty where it is about the whole")
    sentence: str


class PaperTold(Schema):
    """A paper by its code and name."""

    code: str
    name: str


class LayerTold(Schema):
    """What one layer of the plans pays."""

    layer: str
    fund: str
    pays: Told


class Payment(Schema):
    """What would be paid of a claim and by whom, by the counters as they stand now."""

    total: Told
    eligible: Told
    own_items: Told
    fund_pays: Told
    hospital_bears: Told
    other_payers: Told
    patient_pays: Told
    layers: list[LayerTold]


class Preview(Schema):
    """What a claim would come to; nothing was written."""

    would_be_taken: bool
    scheme: SchemeTold | None
    errors: list[FieldRefused]
    notes: list[str]
    papers_missing: list[PaperTold]
    payment: Payment | None


class HandedIn(Schema):
    """A claim that was entered."""

    number: str
    state: States
    state_words: str
    total: Told
    proposed: Told | None
    handed_on: bool = Field(description="false: it waits at the hospital's desk, the notes say why")
    papers_missing: list[PaperTold]
    notes: list[str]


class Standing(Schema):
    """How a claim stands."""

    number: str
    state: States
    state_words: str
    since: date
    total: Told
    cut: Told
    proposed: Told | None
    granted: Told | None
    paid: Told
    papers_missing: list[PaperTold]
    reason: str = Field(description="why it came back or was refused; else empty")


class Problem(Schema):
    """Why the door refuses (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: list[FieldRefused]
