"""What is left of erased jobs is told by year, one thing at a time, with small counts folded."""

from datetime import date

import pytest
from fastapi.testclient import TestClient

from app.rules.codes import ArchivedBy
from app.storage import erased_contracts
from app.storage.session import Database
from tests.portfolio import Portfolio
from tests.registering import get

MAY, JUNE = date(2019, 5, 1), date(2019, 6, 1)
GROUP, CHANNEL = ArchivedBy.TARGET_GROUP, ArchivedBy.CHANNEL


def count_in(database: Database, root_id: str, cells: dict[erased_contracts.Cell, int]) -> None:
    with database.writing() as session:
        erased_contracts.count_in(session, root_id, cells)


def test_counts_add_up_over_the_year_and_small_ones_are_folded(
    client: TestClient, portfolio: Portfolio, database: Database
) -> None:
    count_in(database, portfolio.root, {(MAY, GROUP, "immigrant"): 4, (MAY, GROUP, "youth"): 9})
    count_in(database, portfolio.root, {(MAY, GROUP, "immigrant"): 2, (JUNE, GROUP, "immigrant"): 1})
    count_in(database, portfolio.root, {(MAY, GROUP, "partial_work_ability"): 3, (MAY, CHANNEL, "team"): 4})
    channel, group = get(client, "/archived-jobs", portfolio.viewer)["tables"]
    assert (channel["dimension"], channel["rows"], channel["others"], channel["total"]) == ("channel", [], None, None)
    assert (group["year"], group["total"]) == (2019, 19)
    shown = {one["code"]: one["jobs"] for one in group["rows"]}
    assert shown == {"immigrant": 7}
    assert group["others"] == 12


@pytest.mark.parametrize("who", ["stranger", "reporter"])
def test_nobody_else_sees_them(client: TestClient, portfolio: Portfolio, database: Database, who: str) -> None:
    count_in(database, portfolio.root, {(MAY, GROUP, "immigrant"): 9})
    answer = client.get("/api/v1/archived-jobs", headers=portfolio.headers[who])
    assert answer.json()["tables"] == []
