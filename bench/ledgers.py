"""A ledger brought in, against the same rows put straight into the same table by the driver."""

import csv
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from sqlalchemy import delete, func, select

from app.jobs import imports as importing
from app.rules.codes import ImportKind
from app.services import imports
from app.storage import attachments
from app.storage.models import HiddenImport, ImportedContract, Purchase, new_id
from app.storage.session import Database
from bench import bulk
from bench.check import act_on
from bench.databases import SQLITE, kind_of
from bench.measuring import Effort, Figure, Taken, cpu_s, interleaved, peak_mb, timed, wall_s
from bench.portfolio import NOON, SEED, TODAY

HEADER = (
    *("Kuntanumero", "Kunnan nimi", "Vastuualue", "Tulosyksikkö", "Toimittajan nimi", "Toimittajan y-tunnus"),
    *("Tili", "Tilin nimi", "Tositenumero", "Laskun summa ilman ALV", "Kirjauspäivämäärä", "Palveluluokka"),
)
"""Columns of the Finnish municipalities' recommendation."""
COLUMNS = (
    "id",
    "contract_id",
    "on_date",
    "amount_cents",
    "reference",
    "row_key",
    "recorded_on",
    "created_at",
    "version",
)
OURS_ONLY = 0.05
"""Share of a city's purchases that are from suppliers with a purchase threshold."""
Bought = tuple[str, str, date, int, int]
"""Business ID, contract, day, cents, number of the voucher."""


def figures(url: str, rows: int, effort: Effort) -> list[Figure]:
    """The import's time against the floor, with every row belonging to a contract and with a city's usual share; and
    the memory of a process that does nothing else."""
    database, kind = Database(url), kind_of(url)
    target = 2.0 if kind == SQLITE else 1.2
    with TemporaryDirectory() as folder:
        all_ours, some_ours = Path(folder) / "ours.csv", Path(folder) / "city.csv"
        known = _known(database)
        bought = list(_bought(known, rows))
        _write(all_ours, bought, rows)
        _write(some_ours, bought[: int(rows * OURS_ONLY)], rows)
        taken = interleaved(
            {
                "floor": lambda: _floor(database, bought),
                "import": lambda: _import(database, all_ours),
                "city": lambda: _import(database, some_ours),
            },
            effort.rounds,
        )
        peak = _peak(url, all_ours)
    database.dispose()
    wall, cpu = ({name: of(one) for name, one in taken.items()} for of in (wall_s, cpu_s))
    details = {f"{name}_{what}": value for what, of in (("wall_s", wall), ("cpu_s", cpu)) for name, value in of.items()}
    floor = "executemany" if kind == SQLITE else "COPY"
    return [
        Figure(f"ledger import, {rows} rows ÷ {floor}", kind, wall["import"] / wall["floor"], target, details=details),
        Figure(f"the same, {OURS_ONLY:.0%} of the rows of a contract", kind, wall["city"] / wall["floor"]),
        Figure(f"peak memory of a ledger import, {rows} rows", kind, peak, 200, "MB"),
    ]


def _known(database: Database) -> list[tuple[str, str, date, date]]:
    """Business ID, contract, first and last day of suppliers' only contracts with a purchase threshold."""
    with database.reading() as session:
        found = list(attachments.threshold_contracts(session, None))
    times: dict[str, int] = {}
    for row in found:
        times[row.identifier] = times.get(row.identifier, 0) + 1
    return [
        (row.identifier, row.id, row.starts_on, min(row.effective_end_on, TODAY))
        for row in found
        if times[row.identifier] == 1 and row.starts_on <= TODAY
    ]


def _bought(known: Sequence[tuple[str, str, date, date]], rows: int) -> Iterator[Bought]:
    random = Random(SEED)
    for number in range(rows):
        business_id, contract_id, first, last = random.choice(known)
        day = first + timedelta(days=random.randint(0, (last - first).days))
        yield business_id, contract_id, day, random.randint(1_000, 1_000_000), number


def _write(path: Path, bought: Sequence[Bought], rows: int) -> None:
    """A ledger of so many rows; those beyond what was bought are of suppliers that nobody knows."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(HEADER)
        for business_id, _, day, cents, number in bought:
            writer.writerow(_row(business_id, day, cents, number))
        for number in range(len(bought), rows):
            writer.writerow(_row("0112038-9", TODAY, 12_345, number))


def _row(business_id: str, day: date, cents: int, number: int) -> tuple[object, ...]:
    amount = f"{cents // 100},{cents % 100:02d}"
    of_city = ("091", "Helsinki", f"Vastuualue {number % 40}", 1000 + number % 400, "Toimittaja Oy", business_id)
    return (*of_city, 4300 + number % 80, "Palvelujen ostot", f"T{number}", amount, f"{day:%d.%m.%Y}", "Palvelut")


def _floor(database: Database, bought: Sequence[Bought]) -> Taken:
    """The rows as they would stand in the table, made before the clock runs."""
    day = str(TODAY)
    rows = [
        (new_id(), contract_id, str(on), cents, f"T{number}", f"{number:057x}", day, f"{day}{NOON}", 1)
        for _, contract_id, on, cents, number in bought
    ]
    taken = timed(lambda: bulk.put(database.engine, "purchase", COLUMNS, rows))
    _forget(database)
    return taken


def _import(database: Database, path: Path) -> Taken:
    """From the file to purchases that count, judged anew."""

    def bring_in() -> None:
        import_id = _read(database, path)
        with database.writing() as session:
            imports.activate(session, import_id, act_on(TODAY))

    taken = timed(bring_in)
    _forget(database)
    return taken


def _read(database: Database, path: Path) -> str:
    import_id = importing.start(database, ImportKind.PURCHASES, path, path.name, None, act_on(TODAY))
    importing.read(database, import_id, path, lambda: act_on(TODAY))
    return import_id


def _forget(database: Database) -> None:
    """The table as it was before: every round begins with the same."""
    with database.writing() as session:
        session.execute(delete(Purchase).where(Purchase.row_key.is_not(None)))
        session.execute(delete(ImportedContract))
        session.execute(delete(HiddenImport))
        assert session.scalar(select(func.count()).where(Purchase.row_key.is_not(None))) == 0  # noqa: S101
    bulk.settle(database.engine)


def _peak(url: str, path: Path) -> float:
    """Of a process that does nothing else; what it read is discarded."""
    command = [sys.executable, "-m", "bench.ledgers", url, str(path)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - our own
    database = Database(url)
    _forget(database)
    database.dispose()
    return float(done.stdout)


if __name__ == "__main__":
    reading = Database(sys.argv[1])
    discarded = _read(reading, Path(sys.argv[2]))
    with reading.writing() as session_:
        imports.discard(session_, discarded, act_on(TODAY))
    print(peak_mb())
