"""A prepared query gives what SQLAlchemy gives, a prepared write keeps what it keeps, and both fail as it does."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Integer, String, bindparam, insert, literal_column, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, ProgrammingError

from app.storage.models import Contract, JudgementChange, StoredJudgement
from app.storage.prepared import Prepared, PreparedWrite, into
from app.storage.session import Database
from tests.portfolio import Portfolio

JUDGEMENT = StoredJudgement.__table__.c


def test_it_gives_the_rows_that_sqlalchemy_gives(database: Database, portfolio: Portfolio) -> None:
    ids = [portfolio.contract(), portfolio.contract()]
    statement = (
        select(*StoredJudgement.__table__.columns)
        .where(
            JUDGEMENT.contract_id == bindparam("contract_id"),
            JUDGEMENT.judged_on <= bindparam("day"),
            JUDGEMENT.required == 1,
        )
        .limit(bindparam("rows"))
    )
    values = {"contract_id": ids[1], "day": date(2030, 1, 1), "rows": 5}
    prepared = Prepared(statement)
    with database.reading() as session:
        expected = session.execute(statement, values).one()
        for _ in range(2):
            [row] = prepared.all(session, **values)
            assert row._asdict() == expected._asdict()
        assert prepared.one_or_none(session, **values | {"contract_id": "none"}) is None


def test_it_runs_in_the_transaction_of_its_session(database: Database, portfolio: Portfolio) -> None:
    contract_id = portfolio.contract()
    title = Prepared(select(Contract.__table__.c.reference).where(Contract.__table__.c.id == bindparam("contract_id")))
    with database.writing() as session:
        session.get_one(Contract, contract_id).reference = "written"
        session.flush()
        assert title.one_or_none(session, contract_id=contract_id).reference == "written"
        session.rollback()
        assert title.one_or_none(session, contract_id=contract_id).reference != "written"


def test_an_error_is_one_of_sqlalchemy(database: Database) -> None:
    wrong = Prepared(
        select(literal_column("nowhere", Integer).label("nowhere")).where(bindparam("x", "", String) == "x")
    )
    with database.reading() as session, pytest.raises(DBAPIError) as caught:
        wrong.all(session, x="x")
    assert isinstance(caught.value, OperationalError | ProgrammingError)


def said_of(contract_id: str, day: int) -> dict[str, Any]:
    """A row of the history, with a day, a moment and a document."""
    on, at = date(2031, 1, day), datetime(2031, 1, day, 12, 0, 0, 5, tzinfo=UTC)
    standing = {"covered": day, "days": ["2031-02-01"], "sentence": "Työpaikka puuttuu", "nothing": None}
    return {"contract_id": contract_id, "judged_on": on, "recorded_at": at, "status": "met", "standing": standing}


@pytest.mark.parametrize("count", [0, 1, 2])
def test_it_keeps_the_rows_that_sqlalchemy_keeps(database: Database, portfolio: Portfolio, count: int) -> None:
    contract_id = portfolio.contract()
    rows = [said_of(contract_id, day) for day in range(1, count + 1)]
    columns = [column for column in JudgementChange.__table__.columns if column.key != "seq"]
    kept = select(*columns).where(JudgementChange.judged_on >= date(2031, 1, 1)).order_by(JudgementChange.seq)
    with database.writing() as session:
        into(JudgementChange, "seq").run(session, rows)
        own = session.execute(kept).all()
        session.rollback()
    with database.writing() as session:
        assert session.execute(kept).all() == []  # it was part of the transaction
        for row in rows:
            session.execute(insert(JudgementChange).values(row))
        assert own == session.execute(kept).all()
        assert len(own) == count


def test_it_changes_the_rows_it_names_and_no_others(database: Database, portfolio: Portfolio) -> None:
    ids = sorted(portfolio.contract() for _ in range(3))
    changed = update(StoredJudgement).where(JUDGEMENT.contract_id == bindparam("of_contract"))
    days = [date(2031, 1, 1), date(2031, 1, 2)]
    rows = [{"of_contract": one, "judged_on": day} for one, day in zip(ids, days, strict=False)]
    with database.writing() as session:
        PreparedWrite(changed.values(judged_on=bindparam("judged_on"))).run(session, rows)
        found = session.execute(select(JUDGEMENT.judged_on).order_by(JUDGEMENT.contract_id)).scalars().all()
    assert list(found[:2]) == days
    assert found[2] < days[0]


def test_a_row_that_breaks_the_tables_rules_is_refused_as_sqlalchemy_does(database: Database) -> None:
    with pytest.raises(IntegrityError), database.writing() as session:
        into(JudgementChange, "seq").run(session, [said_of("nowhere", 1)])


def test_a_value_that_was_forgotten_is_missed(database: Database, portfolio: Portfolio) -> None:
    row = said_of(portfolio.contract(), 1)
    del row["standing"]
    with pytest.raises((KeyError, DBAPIError)) as caught, database.writing() as session:
        into(JudgementChange, "seq").run(session, [row])
    assert not isinstance(caught.value, IntegrityError)  # it was not sent at all
    asked = Prepared(select(JUDGEMENT.status).where(JUDGEMENT.contract_id == bindparam("contract_id")))
    with database.reading() as session, pytest.raises((KeyError, DBAPIError)):
        asked.all(session)
