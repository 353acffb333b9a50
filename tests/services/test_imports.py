"""Importing purchase ledgers into contracts."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from app.rules.codes import Role
from app.rules.errors import Forbidden
from app.services import imports
from app.services.acting import Actor, GrantedRole
from app.services.imports import ImportReport, import_purchases
from app.sources.ledgers import LedgerUnreadable, open_ledger
from app.storage.models import AuditEntry, Contract, JudgementChange, Purchase, StoredJudgement, Supplier, Unit
from app.storage.session import Database
from tests.conftest import SetClock
from tests.portfolio import Portfolio

HEADER = "Toimittajan nimi;Toimittajan y-tunnus;Tili;Laskun summa ilman ALV;Kirjauspäivämäärä;Tositenumero"
CITY, OTHER = "0201256-6", "0112038-9"
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a ledger of rows (business ID, amount, day, voucher)."""

    def written(*rows: tuple[str, ...], encoding: str = "utf-8") -> Path:
        lines = [HEADER]
        for business_id, amount, day, *voucher in rows:
            lines.append(f"Jäähallin Siivous Oy;{business_id};4341;{amount};{day};{voucher[0] if voucher else ''}")
        path = tmp_path / "ledger.csv"
        path.write_bytes("\n".join(lines).encode(encoding))
        return path

    return written


def threshold_contract(portfolio: Portfolio, business_id: str = CITY, **terms: Any) -> str:
    """One position for each 500 000 euros bought from 1.3.2018 to 28.2.2020."""
    contract_id = portfolio.contract(
        type="purchase_threshold",
        positions=None,
        threshold_cents=500_000_00,
        positions_per_threshold=1,
        completion="may_follow_contract",
        **terms,
    )
    with portfolio.database.writing() as session:
        contract = session.get_one(Contract, contract_id)
        unit = session.get_one(Unit, contract.unit_id)
        wanted = {"root_id": unit.root_id, "scheme": "FI-PRO", "identifier": business_id}
        known = session.query(Supplier).filter_by(**wanted).one_or_none()
        if known is None:
            session.get_one(Supplier, contract.supplier_id).identifier = business_id
        else:
            contract.supplier_id = known.id
    return contract_id


def load(portfolio: Portfolio, path: Path, *, actor: Actor | None = None, dry_run: bool = False) -> ImportReport:
    ledger = open_ledger(path)
    act = portfolio.act()
    act = act if actor is None else replace(act, actor=actor)
    with portfolio.database.writing() as session:
        return import_purchases(session, ledger.rows(), act, digest=ledger.digest, dry_run=dry_run)


def counts(report: ImportReport) -> dict[str, int]:
    return {outcome.value: number for outcome, number in report.counts.items() if number}


def purchases(database: Database, contract_id: str) -> list[tuple[date, int, str | None]]:
    with database.reading() as session:
        columns = (Purchase.on_date, Purchase.amount_cents, Purchase.reference)
        wanted = select(*columns).where(Purchase.contract_id == contract_id)
        return [tuple(row) for row in session.execute(wanted.order_by(Purchase.on_date, Purchase.amount_cents))]


def test_rows_go_to_the_suppliers_contract_and_the_obligation_is_judged_anew(
    portfolio: Portfolio, database: Database, write: Write, clock: SetClock
) -> None:
    contract_id = threshold_contract(portfolio)
    clock.set(date(2019, 3, 15))
    ledger = write(
        (CITY, "499 999,99", "31.12.2018", "4711"),
        (CITY, "\u22121,00", "2019-01-31"),
        ("FI02012566", "1,01", "1.2.2019"),
        (OTHER, "1000000", "1.2.2019"),
    )
    report = load(portfolio, ledger)
    assert counts(report) == {"imported": 3, "no_contract": 1}
    assert (report.read, report.contracts, report.lines) == (4, 1, [])
    assert purchases(database, contract_id) == [
        (date(2018, 12, 31), 49999999, "4711"),
        (date(2019, 1, 31), -100, None),
        (date(2019, 2, 1), 101, None),
    ]
    with database.reading() as session:
        assert session.get_one(StoredJudgement, contract_id).required == 1
        contract = session.get_one(Contract, contract_id)
        assert (contract.last_recorded_on, contract.version) == (clock.today, 2)
        assert set(session.scalars(select(Purchase.recorded_on))) == {clock.today}
        trail = session.execute(select(AuditEntry.action, AuditEntry.subject, AuditEntry.subject_id))
        assert [tuple(row) for row in trail] == [
            ("imported", "ledger", open_ledger(ledger).digest),
            ("imported", "contract", contract_id),
        ]


def test_a_ledger_imported_twice_adds_nothing_and_changes_nothing(
    portfolio: Portfolio, database: Database, write: Write, clock: SetClock
) -> None:
    contract_id = threshold_contract(portfolio)
    rows = [(CITY, "250000", "1.2.2019", "1"), (CITY, "250000", "1.2.2019", "1"), (CITY, "5", "2.2.2019", "2")]
    assert counts(load(portfolio, write(*rows))) == {"imported": 3}
    clock.set(date(2019, 4, 1))
    again = load(portfolio, write(*rows, encoding="cp1252"))
    assert (counts(again), again.contracts) == ({"already_there": 3}, 0)
    assert len(purchases(database, contract_id)) == 3
    with database.reading() as session:
        assert session.get_one(Contract, contract_id).last_recorded_on == date(2019, 3, 1)
        assert session.scalar(select(func.count()).select_from(JudgementChange)) == 2


def test_a_longer_ledger_adds_only_what_is_new_in_it(portfolio: Portfolio, write: Write, database: Database) -> None:
    contract_id = threshold_contract(portfolio)
    row = (CITY, "10", "1.2.2019", "1")
    load(portfolio, write(row))
    assert counts(load(portfolio, write(row, row, (CITY, "10", "1.2.2019", "2"), row))) == {
        "already_there": 1,
        "imported": 3,
    }
    assert len(purchases(database, contract_id)) == 4


def test_a_purchase_voided_by_hand_does_not_come_back(portfolio: Portfolio, write: Write, database: Database) -> None:
    contract_id = threshold_contract(portfolio)
    ledger = write((CITY, "500000", "1.2.2019"))
    load(portfolio, ledger)
    with database.writing() as session:
        session.scalars(select(Purchase)).one().voided_at = portfolio.clock()
    assert counts(load(portfolio, ledger)) == {"already_there": 1}
    assert len(purchases(database, contract_id)) == 1


def test_a_dry_run_reports_the_same_and_leaves_nothing(portfolio: Portfolio, database: Database, write: Write) -> None:
    contract_id = threshold_contract(portfolio)
    ledger = write((CITY, "500000", "1.2.2019"), (CITY, "x", "1.2.2019"), (OTHER, "1", "1.2.2019"))
    dry = load(portfolio, ledger, dry_run=True)
    assert purchases(database, contract_id) == []
    with database.reading() as session:
        assert session.get_one(StoredJudgement, contract_id).required == 0
        assert session.scalar(select(func.count()).select_from(AuditEntry)) == 0
    assert load(portfolio, ledger) == dry
    assert counts(dry) == {"imported": 1, "skipped": 1, "no_contract": 1}


def test_rows_outside_the_period_and_of_other_clauses_have_no_contract(
    portfolio: Portfolio, write: Write, clock: SetClock
) -> None:
    day = date(2019, 1, 31)
    threshold_contract(portfolio, terminated_on=day, decided_on=day)
    fixed = portfolio.contract()
    with portfolio.database.writing() as session:
        session.get_one(Supplier, session.get_one(Contract, fixed).supplier_id).identifier = OTHER
    report = load(
        portfolio,
        write(
            (CITY, "1", "28.2.2018"),
            (CITY, "2", "1.3.2018"),
            (CITY, "3", "31.1.2019"),
            (CITY, "4", "1.2.2019"),
            (OTHER, "5", "1.2.2019"),
        ),
    )
    assert counts(report) == {"imported": 2, "outside_period": 2, "no_contract": 1}


def test_which_of_several_contracts_was_meant_is_not_guessed(
    portfolio: Portfolio, database: Database, write: Write
) -> None:
    first = threshold_contract(portfolio, ends_on=date(2018, 12, 31))
    second = threshold_contract(portfolio, starts_on=date(2018, 12, 1))
    ledger = write((CITY, "1", "30.11.2018"), (CITY, "2", "15.12.2018"), (CITY, "3", "1.1.2019"))
    report = load(portfolio, ledger)
    assert (counts(report), report.lines) == ({"imported": 2, "ambiguous": 1}, [(3, "ambiguous")])
    assert [cents for _, cents, _ in purchases(database, first) + purchases(database, second)] == [100, 300]


def test_bad_rows_are_named_by_line_and_reason_and_the_others_imported(portfolio: Portfolio, write: Write) -> None:
    threshold_contract(portfolio)
    report = load(
        portfolio,
        write(
            (CITY, "1", "1.2.2019"),
            ("131052-308T", "2", "1.2.2019"),
            ("", "3", "1.2.2019"),
            (CITY, "0", "1.2.2019"),
            (CITY, "neljä", "1.2.2019"),
            (CITY, "5", "32.1.2019"),
            (CITY, "6", "2.3.2019"),
            (CITY, "7", "1.2.2019", "hetu 131052-308T"),
            (CITY, "8", "1.2.2019", "bell\u0007"),
            ("", "36", "", ""),
        ),
    )
    assert counts(report) == {"imported": 1, "skipped": 9}
    assert report.lines == [
        (3, "business_id_invalid"),
        (4, "business_id_missing"),
        (5, "amount_zero"),
        (6, "not_money"),
        (7, "not_a_date"),
        (8, "on_date_after_today"),
        (9, "identity_code"),
        (10, "control_characters"),
        (11, "totals_row"),
    ]
    assert report.skipped.total() == 9
    assert "131052" not in repr(report)


def test_only_so_many_lines_are_listed_and_all_counted(
    portfolio: Portfolio, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "LISTED_AT_MOST", 3)
    report = load(portfolio, write(*[(CITY, "x", "1.2.2019")] * 5))
    assert (len(report.lines), report.skipped) == (3, {"not_money": 5})


def test_an_officer_imports_into_the_contracts_of_the_own_unit_only(
    portfolio: Portfolio, database: Database, write: Write
) -> None:
    inside = threshold_contract(portfolio, unit_id=portfolio.office)
    outside = threshold_contract(portfolio, unit_id=portfolio.root, business_id=OTHER)
    abroad = threshold_contract(portfolio, unit_id=portfolio.other_root)
    ledger = write((CITY, "1", "1.2.2019"), (OTHER, "2", "1.2.2019"))
    with database.reading() as session:
        path = session.get_one(Unit, portfolio.division).path
    officer = Actor("o", "Officer", "officer@example.org", grants=(GrantedRole(Role.PROCUREMENT_OFFICER, path),))
    assert counts(load(portfolio, ledger, actor=officer)) == {"imported": 1, "no_contract": 1}
    assert len(purchases(database, inside)) == 1
    assert purchases(database, outside) == purchases(database, abroad) == []
    viewer = replace(officer, grants=(GrantedRole(Role.VIEWER, path),))
    with pytest.raises(Forbidden):
        load(portfolio, ledger, actor=viewer)


def test_a_ledger_that_breaks_off_leaves_nothing(portfolio: Portfolio, database: Database, write: Write) -> None:
    contract_id = threshold_contract(portfolio)
    ledger = write((CITY, "1", "1.2.2019"), (CITY, "2", "1.2.2019", '"open'), (CITY, "3", "1.2.2019"))
    with pytest.raises(LedgerUnreadable):
        load(portfolio, ledger)
    assert purchases(database, contract_id) == []


def test_many_rows_of_many_contracts_come_in_chunks(
    portfolio: Portfolio, database: Database, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "ROWS_AT_A_TIME", 7)
    monkeypatch.setattr(imports, "CONTRACTS_AT_A_TIME", 2)
    monkeypatch.setattr(imports, "JUDGED_AT_A_TIME", 2)
    suppliers = [CITY, OTHER, "1572860-0", "0116297-6", "0737546-2"]
    contracts = [threshold_contract(portfolio, business_id) for business_id in suppliers]
    rows = [(business_id, "100000", "1.2.2019", str(number)) for number in range(10) for business_id in suppliers]
    report = load(portfolio, write(*rows))
    assert (counts(report), report.contracts) == ({"imported": 50}, 5)
    with database.reading() as session:
        assert [session.get_one(StoredJudgement, one).required for one in contracts] == [2] * 5


def siepp(database_url: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Runs the installed command in a process of its own."""
    environment = {"SIEPP_DATABASE_URL": database_url, "SIEPP_SECRET_KEY": "a secret that only the tests know"}
    command = [Path(sys.executable).with_name("siepp"), *map(str, arguments)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_the_command_prints_what_became_of_the_rows(
    portfolio: Portfolio, database: Database, database_url: str, write: Write
) -> None:
    contract_id = threshold_contract(portfolio)
    ledger = write((CITY, "500000", "1.2.2019"), ("131052-308T", "1", "1.2.2019"))
    dry = siepp(database_url, "import", "purchases", ledger, "--dry-run")
    assert (dry.returncode, dry.stderr) == (0, "")
    assert purchases(database, contract_id) == []
    done = siepp(database_url, "import", "purchases", ledger)
    assert done.stdout.splitlines() == [
        "Rows read: 2",
        "  imported: 1",
        "  already there: 0",
        "  no contract: 0",
        "  outside period: 0",
        "  ambiguous: 0",
        "  skipped: 1",
        "Contracts with new purchases: 1",
        "Skipped, business id invalid: 1",
        "Line 3: business id invalid",
    ]
    assert dry.stdout == "Dry run: nothing was changed.\n" + done.stdout
    assert len(purchases(database, contract_id)) == 1


def test_the_command_refuses_what_is_no_ledger_in_one_sentence(sqlite_url: str, tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("a;b;c\n1;2;3\n")
    for arguments, sentence in (
        (("purchases", other), "no header row"),
        (("purchases", tmp_path / "missing.csv"), "cannot be opened"),
        (("unicorns", other), "purchases"),
    ):
        done = siepp(sqlite_url, "import", *arguments)
        assert (done.returncode != 0, done.stdout, len(done.stderr.splitlines())) == (True, "", 1)
        assert sentence in done.stderr
