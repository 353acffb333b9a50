"""Which contracts the daily check must look at: found by index, in order, some at a time."""

from datetime import date, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.storage import judgements
from app.storage.models import StoredJudgement
from app.storage.session import Database
from tests.conftest import SetClock
from tests.portfolio import Portfolio
from tests.storage.plans import steps

DAY = date(2019, 3, 1)


def keep(session: Session, contract_id: str, recheck_on: date | None, judged_on: date) -> None:
    days = {"recheck_on": recheck_on, "judged_on": judged_on}
    session.execute(update(StoredJudgement).where(StoredJudgement.contract_id == contract_id).values(days))


def test_due_is_what_may_differ_by_today_or_was_judged_for_a_later_day(
    portfolio: Portfolio, database: Database, clock: SetClock
) -> None:
    clock.set(DAY)
    before, after = DAY - timedelta(days=1), DAY + timedelta(days=1)
    made = sorted(portfolio.contract() for _ in range(6))
    kept = [(before, DAY), (DAY, DAY), (after, DAY), (after, after), (None, before), (DAY, after)]
    with database.writing() as session:
        for contract_id, days in zip(made, kept, strict=True):
            keep(session, contract_id, *days)
    due = [made[0], made[1], made[3], made[5]]
    with database.reading() as session:
        assert judgements.due(session, DAY, "", 9) == due
        assert judgements.due(session, DAY, "", 3) == due[:3]
        assert judgements.due(session, DAY, due[1], 9) == due[2:]
        assert judgements.due(session, DAY, due[-1], 9) == []
        assert judgements.all_ids(session) == made
        assert judgements.all_ids(session, made[1], 2) == made[2:4]


@pytest.mark.parametrize("after", ["", "0" * 32])
def test_what_is_due_is_found_by_the_days_and_not_by_going_through_all(sqlite_url: str, after: str) -> None:
    plan = steps(sqlite_url, lambda session: judgements.due(session, DAY, after, 50_000))
    looked_up = [step.split(" (")[0] for step in plan if "judgement" in step]
    by = "SEARCH judgement USING INDEX ix_judgement_"
    assert looked_up == [f"{by}recheck_on", f"{by}judged_on"], plan
