"""Schemathesis makes up calls from the API's own description, and sends each as every role: no defect, and no answer
that the description does not have.

A few examples of each call in the gate; `SIEPP_TORTURE_EXAMPLES` says how many instead. What is written is taken back,
so that all roles send the same call to the same city, and most calls name things that are there.

Checks of Schemathesis that are left out, and why:
- positive_data_acceptance: the rules refuse much that fits the form (days in the wrong order, a second closure).
- negative_data_rejection: bodies that do not fit are the matter of `tests/torture`, which also looks that nothing is
  written.
- ignored_auth, unsupported_method: they send calls of their own, past the city's client; who is let in is seen by
  test_table.py, and unknown methods by tests/http/test_guard.py.
- missing_required_header: no call has one.
- use_after_free, ensure_resource_availability, object_level_authorization: they follow what a call has made to the next
  one, and here nothing stays.
- allow_header_conformance: looks at answers to OPTIONS, which the API does not offer.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from httpx2 import Response
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.access.city import Asker, City, a_city
from tests.torture.figures import tell
from tests.web.a_city_with_everything import filled

EXAMPLES = int(os.environ.get("SIEPP_TORTURE_EXAMPLES") or 2)
"""Of each call."""
CHECKS = [
    schemathesis.checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
SHARES = 4
"""So that several workers have something to do."""
PROBES = ("/healthz", "/readiness")

pytestmark = pytest.mark.slow


@pytest.fixture
def city(tmp_path: Path, routes: FastAPI) -> Iterator[City]:
    with a_city(tmp_path, routes) as made:
        yield made


@pytest.mark.parametrize("share", range(SHARES))
def test_every_call_answers_every_role_as_it_is_described(city: City, share: int) -> None:
    document: Any = city.client.app.openapi()  # type: ignore[attr-defined]
    found = [one.ok() for one in schemathesis.openapi.from_dict(document).get_all_operations()]
    assert len(found) > 100
    askers = [asker for asker in city.askers if asker.place != "sibling"]
    asked = 0
    for operation in found[share::SHARES]:
        if operation.path not in PROBES:
            asked += _answers_all(city, operation, askers)
    assert asked >= len(found) // SHARES * len(askers) // 2
    tell(f"made-up calls, part {share + 1} of {SHARES}", answers=asked, defects=0, undescribed=0)


def _answers_all(city: City, operation: Any, askers: list[Asker]) -> int:
    """Sends made-up calls as everyone, and says how many."""
    asked = 0

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(), there=st.sampled_from([True, True, True, False]))
    def answers(case: Any, there: bool) -> None:
        nonlocal asked
        for asker in askers:
            answer = _sent(city, case, asker, there)
            case.validate_response(answer, checks=CHECKS)
            asked += 1

    answers()
    return asked


def _sent(city: City, case: Any, asker: Asker, there: bool) -> Response:
    sent = case.as_transport_kwargs(base_url="https://siepp.example.org")
    sent.pop("cookies")
    headers = {name: value for name, value in sent.pop("headers").items() if name.lower() != "authorization"}
    method, url = sent.pop("method"), sent.pop("url")
    content = sent.pop("data", None)
    address = filled(case.operation.path, city.ids) if there else url
    return city.client.request(method, address, headers=headers | asker.api, content=content, **sent)
