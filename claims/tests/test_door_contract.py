"""Schemathesis reads the door's own OpenAPI document and tries the door with what it allows and with what it does not.

The same cases in every run; the answers come from the whole site, its middleware and PostgreSQL included.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, settings
from pydantic import ValidationError
from schemathesis.core.failures import FailureGroup

from claims.forms.door import Patient
from claims.tests import door
from claims.views.door_api import document

pytestmark = pytest.mark.django_db

EXAMPLES: Final = 40
SIGNALS: Final = (request_started, request_finished)


schema = schemathesis.openapi.from_wsgi(f"{door.V1}/openapi.json", get_wsgi_application())
#: What is described and yet refused: by the office's rules (422), never as ill-made (400).
schema.config.checks.positive_data_acceptance.expected_statuses = ["2xx", "404", "409", "422"]


@pytest.fixture(autouse=True)
def _unhurried(settings: Any) -> Iterator[None]:
    """Nobody counts here, and a request's end closes no connection whose transaction is the test's."""
    settings.DOOR_REQUESTS_A_MINUTE = settings.DOOR_WRONG_TOKENS = 1_000_000
    for signal in SIGNALS:
        signal.disconnect(close_old_connections)
    yield
    for signal in SIGNALS:
        signal.connect(close_old_connections)


@pytest.fixture
def hospital(county: Any) -> door.Hospital:
    return door.hospital()


@pytest.fixture
def who(county: Any) -> Any:
    return door.insured()


@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],
)
def test_the_door_does_what_its_document_says(case, hospital, who):
    if not leaves_the_token_out(case):
        case.headers = {**(case.headers or {}), "Authorization": f"Bearer {hospital.text}"}
    if means_somebody(case.body):
        case.body["patient"] = {"id_number": who.id_number, "name": who.name}
    case.call_and_validate()


def leaves_the_token_out(case: Any) -> bool:
    """Whether this case is about a request without its token."""
    left_out = getattr(case.meta.phase.data, "parameter", None) if case.meta else None
    return (left_out or "").lower() == "authorization"


def means_somebody(body: Any) -> bool:
    """Whether somebody is named as the document asks: then it is somebody whom the register knows."""
    try:
        Patient.model_validate(body["patient"])
    except (ValidationError, TypeError, KeyError):
        return False
    return True


def test_a_document_that_is_not_true_would_be_noticed(hospital, who):
    """The control: the document asks for a field that the answer has not."""
    said = document()
    eligibility = said["components"]["schemas"]["Eligibility"]
    eligibility["properties"]["household"] = {"type": "string"}
    eligibility["required"].append("household")
    untrue = schemathesis.openapi.from_dict(said)
    untrue.app = get_wsgi_application()
    asked = {"patient": {"id_number": who.id_number, "name": who.name}, "on": "2010-01-11"}
    case = untrue[f"{door.V1}/eligibility"]["POST"].Case(
        body=asked, headers={"Authorization": f"Bearer {hospital.text}"}, media_type="application/json"
    )
    with pytest.raises(FailureGroup, match="household"):
        case.call_and_validate()
