"""What an owner asked of the reminders may end by itself, as days pass."""

from datetime import date

from app.jobs import daily_check
from app.schemas.adjustments import AdjustmentCreate
from app.services.adjustments import record_adjustment
from app.services.obligations import acknowledge
from app.storage import judgements
from app.storage.session import Database
from tests.conftest import SetClock
from tests.portfolio import Portfolio
from tests.scenarios import looking

LIMIT = date(2019, 5, 31)


def check_on(database: Database, clock: SetClock, day: date) -> int:
    clock.set(day)
    mails = daily_check.run_check(database, day, clock).mails
    looking.assert_stored_is_live(database, day)
    looking.assert_nothing_is_left_to_tell(database, day)
    return mails


def require_one_more(portfolio: Portfolio, contract_id: str, on: date) -> None:
    command = AdjustmentCreate(effective_on=on, delta=1, reason="More was bought", decision_reference="HEL 1")
    with portfolio.database.writing() as session:
        record_adjustment(session, contract_id, command, portfolio.act())


def test_an_acknowledgement_ends_on_the_day_an_earlier_decision_takes_effect_and_the_repeat_is_told_that_day(
    database: Database, portfolio: Portfolio, clock: SetClock
) -> None:
    contract_id = portfolio.contract()
    assert check_on(database, clock, date(2019, 6, 1)) == 1
    require_one_more(portfolio, contract_id, on=date(2019, 7, 15))
    with database.writing() as session:
        acknowledge(session, contract_id, portfolio.act())
    assert check_on(database, clock, date(2019, 7, 2)) == 0
    assert check_on(database, clock, date(2019, 7, 14)) == 0
    assert check_on(database, clock, date(2019, 7, 15)) == 1
    assert (contract_id, "cannot_be_met", f"{LIMIT}/1") in looking.told(database)
    with database.reading() as session:
        assert judgements.read(session, contract_id).acknowledged_at is None
