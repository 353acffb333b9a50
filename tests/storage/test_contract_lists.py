"""Lists of contracts: they follow the index whatever is asked, and what is closed comes last."""

from datetime import date
from typing import Any

import pytest

from app.rules.status import Status
from app.schemas.closures import ClosureCreate
from app.services.closures import close_obligation
from app.storage import contract_lists, keyset
from app.storage.contracts import SORTS, ContractFilter
from app.storage.session import Database
from tests.conftest import SetClock
from tests.portfolio import Portfolio
from tests.storage.plans import steps

START = SORTS["latest_start_on"]
AFTER = (date(2019, 5, 31), "0" * 32)


def listed(database: Database, wanted: ContractFilter, sort: keyset.Sort, limit: int = 50) -> list[str]:
    with database.reading() as session:
        return [row.reference for row in contract_lists.page_of(session, ["/"], wanted, sort, keyset.Page(limit)).rows]


@pytest.mark.parametrize(
    "wanted",
    [
        ContractFilter(),
        ContractFilter((Status.AT_RISK, Status.OVERDUE), "0" * 32),
        ContractFilter(latest_start_before=date(2019, 6, 1), statuses=(Status.OPEN,)),
    ],
)
@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("after", [None, AFTER])
def test_keys_come_from_the_index_alone_in_its_order(
    sqlite_url: str, wanted: ContractFilter, descending: bool, after: tuple[Any, ...] | None
) -> None:
    """PostgreSQL reads so small a table whole, so that there is nothing to see in its plan."""
    sort, page = keyset.Sort(START.columns, descending), keyset.Page(50, after)
    plan = steps(sqlite_url, lambda session: contract_lists.page_of(session, ["/"], wanted, sort, page))
    looked_up = "SEARCH judgement USING COVERING INDEX ix_judgement_list (status=?"
    keys = [step for step in plan if step.startswith(looked_up)]
    arms = len(wanted.statuses or tuple(Status)) * (2 if descending else 1)
    assert len(keys) == arms, plan
    assert not [step for step in plan if step.startswith("SCAN") and not _made_by_us(step)], plan


def _made_by_us(step: str) -> bool:
    """Scans of the few keys found, not of a table."""
    return step.split()[1].startswith(("anon_", "found", "(subquery", "SUBQUERY", "keys"))


def test_a_closed_obligation_comes_last_and_keeps_its_day(
    portfolio: Portfolio, database: Database, clock: SetClock
) -> None:
    closed = portfolio.contract()
    portfolio.contract(ends_on=date(2021, 2, 28))
    command = ClosureCreate(effective_on=clock.today, reason="r", decision_reference="d")
    with database.writing() as session:
        close_obligation(session, closed, command, portfolio.act())
    assert listed(database, ContractFilter(), START) == ["S-2", "S-1"]
    assert listed(database, ContractFilter(), keyset.Sort(START.columns, True)) == ["S-2", "S-1"]
    for statuses in ((), (Status.CLOSED,), tuple(Status)):
        before = ContractFilter(statuses, latest_start_before=date(2019, 6, 1))
        assert listed(database, before, START) == ["S-1"], statuses
        assert listed(database, before, SORTS["reference"]) == ["S-1"], statuses
