"""A prepared query gives what SQLAlchemy gives, and fails as it does."""

from datetime import date

import pytest
from sqlalchemy import Integer, String, bindparam, literal_column, select
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError

from app.storage.models import Contract, StoredJudgement
from app.storage.prepared import Prepared
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
