"""Purchase ledgers brought into contracts: staged, looked at, activated, corrected, undone."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from app.jobs import imports as importing
from app.rules.codes import ImportKind, ImportStatus, Role
from app.rules.errors import Conflict, Forbidden, NotFound, RuleBroken
from app.schemas.purchases import PurchaseCreate
from app.services import imports, ledger_imports
from app.services.acting import Act, Actor, GrantedRole
from app.services.clocks import CLOCKS_APART
from app.services.imports import Preview
from app.services.ledger_reckoning import Ahead
from app.services.purchases import record_purchase, void_purchase
from app.sources.files import FileUnreadable
from app.storage import keyset, ledger_rows
from app.storage.models import (
    AuditEntry,
    Contract,
    HiddenImport,
    ImportRun,
    JudgementChange,
    Purchase,
    StoredJudgement,
    Supplier,
    Unit,
)
from app.storage.session import Database
from tests.conftest import SetClock
from tests.ledgers import CITY, OTHER, threshold_contract
from tests.portfolio import Portfolio

HEADER = "Toimittajan nimi;Toimittajan y-tunnus;Tili;Laskun summa ilman ALV;Kirjauspäivämäärä;Tositenumero"
FIRST_PAGE = keyset.Page(100)
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a ledger of rows (business ID, amount, day, voucher, account)."""

    def written(*rows: tuple[str, ...], encoding: str = "utf-8") -> Path:
        lines = [HEADER]
        for business_id, amount, day, *others in rows:
            voucher, account = (*others, "", "4341")[:2] if others else ("", "4341")
            lines.append(f"Jäähallin Siivous Oy;{business_id};{account or '4341'};{amount};{day};{voucher}")
        path = tmp_path / "ledger.csv"
        path.write_bytes("\n".join(lines).encode(encoding))
        return path

    return written


def act_of(portfolio: Portfolio, actor: Actor | None = None) -> Act:
    act = portfolio.act()
    return act if actor is None else replace(act, actor=actor)


def read(portfolio: Portfolio, path: Path, actor: Actor | None = None, root_id: str | None = None) -> str:
    """Id of an import that is ready to be looked at."""
    database, act = portfolio.database, act_of(portfolio, actor)
    import_id = importing.start(database, ImportKind.PURCHASES, path, path.name, root_id, act)
    importing.read(database, import_id, path, lambda: act_of(portfolio, actor))
    return import_id


def looked_at(portfolio: Portfolio, import_id: str, actor: Actor | None = None) -> Preview:
    with portfolio.database.reading() as session:
        return imports.preview(session, import_id, act_of(portfolio, actor))


def settled(portfolio: Portfolio, import_id: str, settle: Callable[..., ImportRun], *more: Any) -> None:
    """As the pages do it."""
    ahead = ahead_for(portfolio, import_id, settle)
    with portfolio.database.writing() as session:
        settle(session, import_id, *more, portfolio.act(), **ahead)
    importing.sweep(portfolio.database)


def ahead_for(portfolio: Portfolio, import_id: str, settle: Callable[..., ImportRun]) -> dict[str, Ahead]:
    """What is reckoned before an import is activated or undone, as the argument that takes it."""
    status = {imports.activate: ImportStatus.READY, imports.undo: ImportStatus.ACTIVE}.get(settle)
    return {} if status is None else {"ahead": imports.reckoned(portfolio.database, import_id, status, portfolio.act())}


def load(portfolio: Portfolio, path: Path) -> dict[str, int]:
    """Reads and activates; counts by outcome."""
    import_id = read(portfolio, path)
    settled(portfolio, import_id, imports.activate)
    return looked_at(portfolio, import_id).run.counts


def purchases(database: Database, contract_id: str) -> list[tuple[date, int, str | None]]:
    with database.reading() as session:
        columns = (Purchase.on_date, Purchase.amount_cents, Purchase.reference)
        wanted = select(*columns).where(Purchase.contract_id == contract_id)
        return [tuple(row) for row in session.execute(wanted.order_by(Purchase.on_date, Purchase.amount_cents))]


def required(database: Database, contract_id: str) -> int:
    with database.reading() as session:
        return session.get_one(StoredJudgement, contract_id).required


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
    import_id = read(portfolio, ledger)
    before = looked_at(portfolio, import_id)
    assert before.run.counts == {"new": 3, "no_contract": 1}
    assert (before.run.rows, before.run.status, before.held, before.refused) == (4, ImportStatus.READY, 0, 0)
    [grown] = before.growing
    assert (grown.contract_id, grown.rows, grown.cents) == (contract_id, 3, 500_000_00)
    assert (grown.required_before, grown.required_after) == (0, 1)
    assert required(database, contract_id) == 0
    settled(portfolio, import_id, imports.activate)
    assert purchases(database, contract_id) == [
        (date(2018, 12, 31), 49999999, "4711"),
        (date(2019, 1, 31), -100, None),
        (date(2019, 2, 1), 101, None),
    ]
    assert required(database, contract_id) == 1
    with database.reading() as session:
        contract = session.get_one(Contract, contract_id)
        assert (contract.last_recorded_on, contract.version) == (clock.today, 2)
        assert set(session.scalars(select(Purchase.recorded_on))) == {clock.today}
        trail = session.execute(select(AuditEntry.action, AuditEntry.subject).order_by(AuditEntry.seq))
        assert [tuple(row) for row in trail] == [
            ("created", "import_run"),
            ("read", "import_run"),
            ("active", "import_run"),
            ("imported", "contract"),
        ]


def test_references_come_in_as_they_stand(portfolio: Portfolio, database: Database, write: Write) -> None:
    """PostgreSQL gets them as a text in which a backslash means something."""
    contract_id = threshold_contract(portfolio)
    references = [r"\N", r"a\tb", "\\", r"lasku \\ 1\n", "Ä\u00a0ö 2", "'"]
    load(portfolio, write(*((CITY, f"{cents},00", "1.2.2019", one) for cents, one in enumerate(references, 1))))
    found = [reference for _, _, reference in purchases(database, contract_id)]
    assert found == [" ".join(one.split()) for one in references]


def test_staged_rows_count_for_nothing_and_are_shown_nowhere(
    portfolio: Portfolio, database: Database, write: Write
) -> None:
    contract_id = threshold_contract(portfolio)
    read(portfolio, write((CITY, "500000", "1.2.2019")))
    with database.writing() as session:
        record_purchase(session, contract_id, PurchaseCreate(on_date="2019-02-01", amount_eur="1.00"), portfolio.act())
    assert required(database, contract_id) == 0
    with database.writing() as session:
        staged = session.scalars(select(Purchase.id).where(Purchase.import_number.is_not(None))).one()
        with pytest.raises(NotFound):
            void_purchase(session, staged, "wrong", portfolio.act())


def test_a_ledger_imported_twice_adds_nothing_and_changes_nothing(
    portfolio: Portfolio, database: Database, write: Write, clock: SetClock
) -> None:
    contract_id = threshold_contract(portfolio)
    rows = [(CITY, "250000", "1.2.2019", "1"), (CITY, "250000", "1.2.2019", "1"), (CITY, "5", "2.2.2019", "2")]
    assert load(portfolio, write(*rows)) == {"new": 3}
    clock.set(date(2019, 4, 1))
    assert load(portfolio, write(*rows, encoding="cp1252")) == {"already_there": 3}
    assert len(purchases(database, contract_id)) == 3
    with database.reading() as session:
        assert session.get_one(Contract, contract_id).last_recorded_on == date(2019, 3, 1)
        assert session.scalar(select(func.count()).select_from(JudgementChange)) == 2


def test_a_longer_ledger_adds_only_what_is_new_in_it(portfolio: Portfolio, write: Write, database: Database) -> None:
    contract_id = threshold_contract(portfolio)
    row = (CITY, "10", "1.2.2019", "1")
    load(portfolio, write(row))
    assert load(portfolio, write(row, row, (CITY, "10", "1.2.2019", "2"), row)) == {"already_there": 1, "new": 3}
    assert len(purchases(database, contract_id)) == 4


def test_a_corrected_row_replaces_its_earlier_self_until_that_is_undone(
    portfolio: Portfolio, database: Database, write: Write
) -> None:
    contract_id = threshold_contract(portfolio)
    kept = (CITY, "400000", "1.2.2019", "1")
    load(portfolio, write(kept, (CITY, "50000", "2.2.2019", "2"), (CITY, "7", "2.2.2019", "2")))
    second = read(portfolio, write(kept, (CITY, "100000", "2.2.2019", "2"), (CITY, "7", "2.2.2019", "2")))
    [grown] = looked_at(portfolio, second).growing
    assert (grown.rows, grown.corrected, grown.required_before, grown.required_after) == (1, 1, 0, 1)
    settled(portfolio, second, imports.activate)
    assert looked_at(portfolio, second).run.counts == {"already_there": 2, "corrected": 1}
    assert required(database, contract_id) == 1
    settled(portfolio, second, imports.undo, "wrong month")
    assert required(database, contract_id) == 0
    again = read(portfolio, write(kept, (CITY, "100000", "2.2.2019", "2"), (CITY, "7", "2.2.2019", "2")))
    settled(portfolio, again, imports.activate)
    assert required(database, contract_id) == 1


def test_a_line_that_left_its_voucher_stays_and_is_told(portfolio: Portfolio, database: Database, write: Write) -> None:
    contract_id = threshold_contract(portfolio)
    load(portfolio, write((CITY, "300000", "2.2.2019", "2"), (CITY, "200000", "2.2.2019", "2")))
    assert load(portfolio, write((CITY, "1", "2.2.2019", "2"))) == {"corrected": 1, "no_longer_there": 1}
    with database.reading() as session:
        replaced = session.scalars(select(Purchase.amount_cents).where(Purchase.replaced_in.is_not(None)))
        assert list(replaced) == [200_000_00]
    assert required(database, contract_id) == 0


def test_vouchers_of_the_same_number_in_another_year_are_others(
    portfolio: Portfolio, database: Database, write: Write
) -> None:
    contract_id = threshold_contract(portfolio)
    load(portfolio, write((CITY, "300000", "31.12.2018", "2")))
    assert load(portfolio, write((CITY, "200000", "1.1.2019", "2"))) == {"new": 1}
    assert required(database, contract_id) == 1


def test_a_purchase_voided_by_hand_does_not_come_back(portfolio: Portfolio, write: Write, database: Database) -> None:
    contract_id = threshold_contract(portfolio)
    ledger = write((CITY, "500000", "1.2.2019"))
    load(portfolio, ledger)
    with database.writing() as session:
        void_purchase(session, session.scalars(select(Purchase.id)).one(), "wrong", portfolio.act())
    assert load(portfolio, ledger) == {"already_there": 1}
    assert required(database, contract_id) == 0


def test_an_undone_ledger_counts_no_more_and_may_come_again(
    portfolio: Portfolio, database: Database, write: Write
) -> None:
    contract_id = threshold_contract(portfolio)
    ledger = write((CITY, "500000", "1.2.2019"))
    import_id = read(portfolio, ledger)
    settled(portfolio, import_id, imports.activate)
    assert required(database, contract_id) == 1
    settled(portfolio, import_id, imports.undo, "another city's ledger")
    assert required(database, contract_id) == 0
    with database.reading() as session:
        purchase = session.scalars(select(Purchase)).one()
        assert (purchase.void_reason, purchase.row_key) == ("another city's ledger", None)
        assert session.scalars(select(HiddenImport)).all() == []
        run = session.scalars(select(ImportRun)).one()
        assert (run.status, run.undo_reason) == (ImportStatus.UNDONE, "another city's ledger")
    assert load(portfolio, ledger) == {"new": 1}
    assert required(database, contract_id) == 1


def test_before_it_is_swept_an_undone_ledger_counts_no_more_either(
    portfolio: Portfolio, database: Database, write: Write
) -> None:
    contract_id = threshold_contract(portfolio)
    import_id = read(portfolio, write((CITY, "500000", "1.2.2019")))
    settled(portfolio, import_id, imports.activate)
    with database.writing() as session:
        imports.undo(session, import_id, "wrong", portfolio.act())
    assert required(database, contract_id) == 0
    with database.reading() as session:
        assert session.scalars(select(Purchase.voided_at)).all() == [None]


def test_a_discarded_ledger_leaves_nothing(portfolio: Portfolio, database: Database, write: Write) -> None:
    contract_id = threshold_contract(portfolio)
    ledger = write((CITY, "500000", "1.2.2019"), (CITY, "x", "1.2.2019"))
    settled(portfolio, read(portfolio, ledger), imports.discard)
    assert (purchases(database, contract_id), required(database, contract_id)) == ([], 0)
    with database.reading() as session:
        assert session.scalars(select(HiddenImport)).all() == []
    assert load(portfolio, ledger) == {"new": 1, "refused": 1}


def test_what_was_settled_once_is_not_settled_again(portfolio: Portfolio, write: Write) -> None:
    threshold_contract(portfolio)
    import_id = read(portfolio, write((CITY, "500000", "1.2.2019")))
    settled(portfolio, import_id, imports.activate)
    for settle, more in ((imports.activate, ()), (imports.discard, ())):
        with pytest.raises(Conflict):
            settled(portfolio, import_id, settle, *more)
    settled(portfolio, import_id, imports.undo, "wrong")
    with pytest.raises(Conflict):
        settled(portfolio, import_id, imports.undo, "wrong")


def test_an_organisation_has_one_ledger_at_a_time_and_another_has_its_own(portfolio: Portfolio, write: Write) -> None:
    threshold_contract(portfolio)
    ledger = write((CITY, "500000", "1.2.2019"))
    waiting = read(portfolio, ledger, root_id=portfolio.root)
    read(portfolio, ledger, root_id=portfolio.other_root)
    for root_id in (portfolio.root, None):
        with pytest.raises(Conflict):
            read(portfolio, ledger, root_id=root_id)
    settled(portfolio, waiting, imports.discard)
    read(portfolio, ledger, root_id=portfolio.root)


def test_a_reader_that_died_keeps_nobody_waiting(
    portfolio: Portfolio, database: Database, write: Write, clock: SetClock
) -> None:
    contract_id = threshold_contract(portfolio)
    ledger = write((CITY, "500000", "1.2.2019"))
    dead = read(portfolio, ledger)
    with database.writing() as session:
        session.scalars(select(ImportRun)).one().status = ImportStatus.READING
    clock.now += timedelta(seconds=imports.STALE_SECONDS - 1)
    with pytest.raises(Conflict):
        read(portfolio, ledger)
    clock.now += timedelta(seconds=1)
    assert load(portfolio, ledger) == {"new": 1}
    assert looked_at(portfolio, dead).run.status == ImportStatus.FAILED
    assert (len(purchases(database, contract_id)), required(database, contract_id)) == (1, 1)


@pytest.mark.parametrize(("ahead", "ends"), [(CLOCKS_APART, False), (CLOCKS_APART + timedelta(seconds=1), True)])
def test_a_reader_that_died_while_the_clock_was_ahead_has_its_time_from_now_on(
    portfolio: Portfolio, database: Database, write: Write, clock: SetClock, ahead: timedelta, ends: bool
) -> None:
    threshold_contract(portfolio)
    read(portfolio, write((CITY, "500000", "1.2.2019")))
    found = []
    with database.writing() as session:
        run = session.scalars(select(ImportRun)).one()
        run.status, run.touched_at = ImportStatus.READING, clock.now + ahead
    for seconds in (0, imports.STALE_SECONDS):
        clock.now += timedelta(seconds=seconds)
        with database.writing() as session:
            imports.expire(session, portfolio.act())
            found.append(session.scalars(select(ImportRun.status)).one())
    assert found == [ImportStatus.READING, ImportStatus.FAILED if ends else ImportStatus.READING]


def test_rows_outside_the_period_and_of_other_clauses_have_no_contract(portfolio: Portfolio, write: Write) -> None:
    day = date(2019, 1, 31)
    threshold_contract(portfolio, terminated_on=day, decided_on=day)
    fixed = portfolio.contract()
    with portfolio.database.writing() as session:
        session.get_one(Supplier, session.get_one(Contract, fixed).supplier_id).identifier = OTHER
    rows = [(CITY, "1", "28.2.2018"), (CITY, "2", "1.3.2018"), (CITY, "3", "31.1.2019"), (CITY, "4", "1.2.2019")]
    assert load(portfolio, write(*rows, (OTHER, "5", "1.2.2019"))) == {
        "new": 2,
        "outside_period": 2,
        "no_contract": 1,
    }


def test_bad_rows_are_named_by_line_and_reason_and_the_others_imported(
    portfolio: Portfolio, database: Database, write: Write
) -> None:
    threshold_contract(portfolio)
    import_id = read(
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
    assert looked_at(portfolio, import_id).run.counts == {"new": 1, "refused": 8, "totals_row": 1}
    with database.reading() as session:
        rows = imports.refused_rows(session, import_id, portfolio.act())
    assert [(row.line, row.reason) for row in rows] == [
        (3, "identity_code"),
        (4, "business_id_missing"),
        (5, "amount_zero"),
        (6, "not_money"),
        (7, "not_a_date"),
        (8, "on_date_after_today"),
        (9, "identity_code"),
        (10, "control_characters"),
    ]
    assert "131052" not in repr([tuple(row) for row in rows])
    assert rows[3].cells[3] == "neljä"


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
    import_id = read(portfolio, ledger, officer, portfolio.root)
    assert looked_at(portfolio, import_id, officer).run.counts == {"new": 1, "no_contract": 1}
    assert [len(purchases(database, one)) for one in (inside, outside, abroad)] == [1, 0, 0]
    settled(portfolio, import_id, imports.discard)
    colleague = replace(officer, id="c")
    with pytest.raises(NotFound):
        looked_at(portfolio, import_id, colleague)
    with pytest.raises(RuleBroken):
        read(portfolio, ledger, officer, portfolio.other_root)
    viewer = replace(officer, grants=(GrantedRole(Role.VIEWER, path),))
    with pytest.raises(Forbidden):
        read(portfolio, ledger, viewer, portfolio.root)


def test_a_file_that_breaks_off_leaves_nothing_and_says_why(
    portfolio: Portfolio, database: Database, write: Write, tmp_path: Path
) -> None:
    contract_id = threshold_contract(portfolio)
    lacking = tmp_path / "lacking.csv"
    lacking.write_text("Toimittajan nimi;Toimittajan y-tunnus;Laskun summa ilman ALV\nX;0201256-6;1,00\n")
    for path in (lacking, tmp_path / "empty.csv"):
        path.touch()
        with pytest.raises(FileUnreadable):
            read(portfolio, path)
    importing.sweep(database)
    assert purchases(database, contract_id) == []
    with database.reading() as session:
        assert {run.status for run in session.scalars(select(ImportRun))} == {ImportStatus.FAILED}
        assert session.scalars(select(HiddenImport)).all() == []
        assert session.scalars(select(ImportRun.error)).first() is not None


def test_many_rows_of_many_contracts_come_in_chunks(
    portfolio: Portfolio, database: Database, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "SWEPT_AT_A_TIME", 7)
    monkeypatch.setattr(ledger_imports, "CONTRACTS_AT_A_TIME", 2)
    monkeypatch.setattr(ledger_imports, "JUDGED_AT_A_TIME", 2)
    suppliers = [CITY, OTHER, "1572860-0", "0116297-6", "0737546-2"]
    contracts = [threshold_contract(portfolio, business_id) for business_id in suppliers]
    rows = [(business_id, "100000", "1.2.2019", str(number)) for number in range(10) for business_id in suppliers]
    import_id = read(portfolio, write(*rows))
    settled(portfolio, import_id, imports.activate)
    assert [required(database, one) for one in contracts] == [2] * 5
    settled(portfolio, import_id, imports.undo, "wrong")
    assert [required(database, one) for one in contracts] == [0] * 5
    with database.reading() as session:
        assert session.scalar(select(func.count()).where(Purchase.voided_at.is_(None))) == 0
    settled(portfolio, read(portfolio, write(*rows)), imports.discard)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Purchase)) == 50


def siepp(database_url: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Runs the installed command in a process of its own."""
    environment = {"SIEPP_DATABASE_URL": database_url, "SIEPP_SECRET_KEY": "a secret that only the tests know"}
    command = [Path(sys.executable).with_name("siepp"), *map(str, arguments)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_the_command_tells_what_becomes_of_the_rows_and_gives_refused_ones_back(
    portfolio: Portfolio, database: Database, database_url: str, write: Write, tmp_path: Path
) -> None:
    contract_id = threshold_contract(portfolio)
    ledger = write((CITY, "500000", "1.2.2019"), ("131052-308T", "1", "1.2.2019"))
    refused = tmp_path / "refused.csv"
    dry = siepp(database_url, "import", "purchases", ledger, "--dry-run", "--refused", refused)
    assert (dry.returncode, dry.stderr) == (0, "")
    assert purchases(database, contract_id) == []
    done = siepp(database_url, "import", "purchases", ledger)
    said = done.stdout.splitlines()
    assert said[:3] == ["Rows read: 2", "  new: 1", "  refused: 1"]
    assert "0 → 1 required, 1 purchases, 500000.00 EUR" in said[3]
    assert said[4].startswith("Line 3: ")
    assert said[5:] == ["Brought in."]
    assert dry.stdout.splitlines() == [*said[:5], "Dry run: nothing was brought in."]
    assert len(purchases(database, contract_id)) == 1
    text = refused.read_text(encoding="utf-8-sig")
    assert text.splitlines()[0] == f"Line in the file;Why refused;{HEADER}"
    assert "***" in text
    assert "131052" not in text + done.stdout


def test_the_command_refuses_what_is_no_ledger_in_one_sentence(sqlite_url: str, tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("a;b;c\n1;2;3\n")
    for arguments, sentence in (
        (("purchases", other), "header"),
        (("purchases", tmp_path / "missing.csv"), "no file"),
        (("unicorns", other), "purchases"),
    ):
        done = siepp(sqlite_url, "import", *arguments)
        assert (done.returncode != 0, done.stdout, len(done.stderr.splitlines())) == (True, "", 1)
        assert sentence in done.stderr


def counted(portfolio: Portfolio) -> list[int]:
    """Cents of the purchases that count."""
    with portfolio.database.reading() as session:
        return sorted(session.scalars(select(Purchase.amount_cents).where(ledger_rows.counting())))


def activated(portfolio: Portfolio, path: Path, root_id: str | None = None) -> str:
    import_id = read(portfolio, path, root_id=root_id)
    settled(portfolio, import_id, imports.activate)
    return import_id


def test_of_a_row_corrected_twice_one_form_counts_whichever_import_is_undone(
    portfolio: Portfolio, write: Write
) -> None:
    threshold_contract(portfolio)
    first, second, third = (activated(portfolio, write((CITY, amount, "1.2.2019", "1"))) for amount in "123")
    assert counted(portfolio) == [300]
    settled(portfolio, second, imports.undo, "wrong")
    assert counted(portfolio) == [300]
    settled(portfolio, third, imports.undo, "wrong")
    assert counted(portfolio) == [100]
    settled(portfolio, first, imports.undo, "wrong")
    assert counted(portfolio) == []


def test_no_ledger_is_undone_while_another_one_that_left_its_rows_out_is_looked_at(
    portfolio: Portfolio, write: Write
) -> None:
    threshold_contract(portfolio)
    first = activated(portfolio, write((CITY, "1", "1.2.2019", "1")))
    longer = write((CITY, "1", "1.2.2019", "1"), (CITY, "2", "2.2.2019", "2"))
    second = read(portfolio, longer)
    with pytest.raises(Conflict) as refused:
        settled(portfolio, first, imports.undo, "wrong")
    assert refused.value.code == "import_running"
    settled(portfolio, second, imports.discard)
    settled(portfolio, first, imports.undo, "wrong")
    activated(portfolio, longer)
    assert counted(portfolio) == [100, 200]


def test_whoever_may_no_longer_write_to_the_contracts_activates_no_ledger_of_theirs(
    portfolio: Portfolio, database: Database, write: Write
) -> None:
    threshold_contract(portfolio, unit_id=portfolio.office)
    with database.reading() as session:
        path, above = (session.get_one(Unit, one).path for one in (portfolio.office, portfolio.root))
    officer = Actor("o", "Officer", "officer@example.org", grants=(GrantedRole(Role.PROCUREMENT_OFFICER, path),))
    import_id = read(portfolio, write((CITY, "1", "1.2.2019")), officer, portfolio.root)
    moved = replace(officer, grants=(GrantedRole(Role.PROCUREMENT_OFFICER, f"{above}elsewhere/"),))
    with pytest.raises(Forbidden), database.writing() as session:
        imports.activate(session, import_id, act_of(portfolio, moved))
    with database.writing() as session:
        imports.activate(session, import_id, act_of(portfolio, officer))
    assert counted(portfolio) == [100]


def test_a_correction_that_is_taken_back_is_a_correction_and_the_very_file_of_before_is_not(
    portfolio: Portfolio, database: Database, write: Write
) -> None:
    contract_id = threshold_contract(portfolio)
    first, second = (CITY, "600000", "2.2.2019", "2"), (CITY, "100000", "2.2.2019", "2")
    load(portfolio, write(first))
    load(portfolio, write(second))
    assert required(database, contract_id) == 0
    assert load(portfolio, write(first)) == {"already_there": 1}
    assert required(database, contract_id) == 0
    taken_back = (first, (CITY, "1", "3.2.2019", "3"))
    discarded = read(portfolio, write(*taken_back))
    settled(portfolio, discarded, imports.discard)
    assert load(portfolio, write(*taken_back)) == {"corrected": 1, "new": 1}
    assert required(database, contract_id) == 1
    assert load(portfolio, write(*taken_back)) == {"already_there": 2}
    assert required(database, contract_id) == 1


def test_a_ledger_whose_rows_a_later_one_left_out_is_undone_after_it(
    portfolio: Portfolio, database: Database, write: Write
) -> None:
    contract_id = threshold_contract(portfolio)
    row = (CITY, "500000", "1.2.2019", "1")
    first = activated(portfolio, write(row))
    later = activated(portfolio, write(row, (CITY, "1", "2.2.2019", "2")))
    with pytest.raises(Conflict):
        settled(portfolio, first, imports.undo, "wrong")
    assert required(database, contract_id) == 1
    settled(portfolio, later, imports.undo, "wrong")
    settled(portfolio, first, imports.undo, "wrong")
    assert required(database, contract_id) == 0
