"""When a supplier's trouble matters to an obligation."""

from datetime import date, timedelta
from typing import NamedTuple

import pytest

from app.rules.status import Status
from app.rules.suppliers import is_at_stake
from tests.factories import d

END = d("28.2.2020")
DAY = timedelta(days=1)
OVER_WITH_THE_CONTRACT = {Status.FULFILLED, Status.NO_OBLIGATION, Status.BREACHED}


class Stands(NamedTuple):
    status: Status
    effective_end_on: date = END


@pytest.mark.parametrize("status", [status for status in Status if status is not Status.CLOSED])
def test_it_matters_while_the_contract_runs(status: Status) -> None:
    assert is_at_stake(Stands(status), END - DAY)
    assert is_at_stake(Stands(status), END)


@pytest.mark.parametrize("status", [status for status in Status if status is not Status.CLOSED])
def test_after_the_end_it_matters_while_something_is_still_to_come(status: Status) -> None:
    assert is_at_stake(Stands(status), END + DAY) is (status not in OVER_WITH_THE_CONTRACT)


@pytest.mark.parametrize("day", [END - DAY, END, END + DAY])
def test_to_a_closed_obligation_it_never_matters(day: date) -> None:
    assert not is_at_stake(Stands(Status.CLOSED), day)
