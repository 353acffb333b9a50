"""Pages by the last row's sort values: nothing lost, nothing twice, missing values last either way."""

from datetime import date

import pytest
from sqlalchemy import select

from app.storage import keyset
from app.storage.models import StoredJudgement
from app.storage.session import Database
from tests.portfolio import Portfolio

SORTS = {
    "up": keyset.Sort((StoredJudgement.latest_start_on, StoredJudgement.contract_id)),
    "down": keyset.Sort((StoredJudgement.latest_start_on, StoredJudgement.contract_id), descending=True),
}


@pytest.fixture
def days(portfolio: Portfolio, database: Database) -> list[date | None]:
    """Judgements with equal, different and missing days."""
    wanted = [date(2019, 5, 31), None, date(2019, 1, 1), date(2019, 5, 31), None, date(2020, 1, 1), date(2019, 5, 31)]
    ids = [portfolio.contract() for _ in wanted]
    with database.writing() as session:
        for contract_id, day in zip(ids, wanted, strict=True):
            session.get_one(StoredJudgement, contract_id).latest_start_on = day
    return wanted


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("limit", [1, 2, 3, 6, 7, 8])
def test_all_pages_together_are_the_list(database: Database, days: list[date | None], sort: str, limit: int) -> None:
    order, after, seen = SORTS[sort], None, []
    statement = select(StoredJudgement.latest_start_on, StoredJudgement.contract_id)
    while True:
        with database.reading() as session:
            found = keyset.fetch(session, statement, order, keyset.Page(limit, after))
        seen += [row.latest_start_on for row in found.rows]
        assert len(found.rows) <= limit
        if found.next_after is None:
            break
        after = keyset.restore(order, keyset.plain(found.next_after))
    known = sorted([day for day in days if day is not None], reverse=sort == "down")
    assert seen == [*known, None, None]


@pytest.mark.parametrize(
    "values", [None, [], ["2019-05-31"], ["tomorrow", "x"], [5, "x"], ["2019-05-31", None], ["2019-05-31", "a\0"]]
)
def test_values_that_no_row_can_have_are_refused(values: object) -> None:
    with pytest.raises(ValueError, match=r".+"):
        keyset.restore(SORTS["up"], values)
