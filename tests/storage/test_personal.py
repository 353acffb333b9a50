"""Which columns the trail keeps as fingerprints, and what a fingerprint gives away."""

import re
import subprocess
import sys

import pytest
from sqlalchemy.orm import Session

from app.storage.fingerprints import DIGITS, KEY, MARK, fingerprint, is_fingerprint, key_of, without_persons
from app.storage.models import Table
from app.storage.models.personal import NOT_PERSONAL, PERSONAL, is_personal

LOOKS_PERSONAL = re.compile(
    r"name|mail|phone|address|author|contact|person|birth|street|city|copies|answer_to|subject|_by$|^to_(name|email)"
)
SECRET = "a secret key that is long enough for the service"


def session_with(secret: str | None) -> Session:
    return Session(info={KEY: key_of(secret)})


def columns() -> set[tuple[str, str]]:
    return {(table.name, column.name) for table in Table.metadata.sorted_tables for column in table.columns}


def test_every_column_that_looks_personal_is_decided_about() -> None:
    looking = {(table, column) for table, column in columns() if LOOKS_PERSONAL.search(column)}
    decided = {(table, name) for where in (PERSONAL, NOT_PERSONAL) for table, names in where.items() for name in names}
    assert looking - decided == set(), "say in models/personal.py whether these are personal"


def test_nothing_is_decided_about_that_is_not_there_or_twice() -> None:
    for where in (PERSONAL, NOT_PERSONAL):
        assert {(table, name) for table, names in where.items() for name in names} <= columns()
    assert not any(is_personal(table, name) for table, names in NOT_PERSONAL.items() for name in names)


def test_equal_values_have_equal_fingerprints_and_others_have_others() -> None:
    session = session_with(SECRET)
    assert fingerprint(session, "Maija Mallikas") == fingerprint(session, "Maija Mallikas")
    assert fingerprint(session, "Maija Mallikas") != fingerprint(session, "Maija Mallikka")


def test_another_process_with_the_same_secret_key_finds_the_same_one() -> None:
    code = (
        "import sys; from sqlalchemy.orm import Session; from app.storage import fingerprints as f;"
        "print(f.fingerprint(Session(info={f.KEY: f.key_of(sys.argv[1])}), 'Maija'))"
    )
    told = subprocess.run([sys.executable, "-c", code, SECRET], check=True, capture_output=True, text=True)
    assert told.stdout.strip() == fingerprint(session_with(SECRET), "Maija")


def test_without_the_secret_key_nobody_makes_the_same_one() -> None:
    known = {fingerprint(session_with(secret), "Maija") for secret in (SECRET, SECRET + "x", None, None)}
    assert len(known) == 4


@pytest.mark.parametrize("empty", [None, "", []])
def test_what_is_empty_stays_empty(empty: object) -> None:
    assert fingerprint(session_with(SECRET), empty) == empty


def test_a_fingerprint_is_known_for_one_and_a_value_is_not() -> None:
    made = fingerprint(session_with(SECRET), "Maija")
    assert made.startswith(MARK)
    assert len(made) == len(MARK) + DIGITS
    assert is_fingerprint(made)
    assert is_fingerprint([made])
    assert not any(map(is_fingerprint, ("Maija", made[:-1], made + "0", None, 5, [])))


def test_only_personal_columns_are_replaced() -> None:
    session = session_with(SECRET)
    told = without_persons(session, "user_account", {"name": "Maija", "language": "fi"})
    assert told == {"name": fingerprint(session, "Maija"), "language": "fi"}
    assert without_persons(session, "supplier", {"name": "Siivous Oy"}) == {"name": "Siivous Oy"}
