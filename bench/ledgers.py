"""A ledger brought in, against the same rows put straight into the same table by the driver."""

import csv
import subprocess
import sys
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from hashlib import blake2b
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import NamedTuple

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.jobs import imports as importing
from app.rules.codes import ImportKind, ImportStatus
from app.services import imports, ledger_staging
from app.sources.ledgers import open_ledger
from app.storage import attachments
from app.storage.ledger_rows import counting
from app.storage.models import HiddenImport, ImportedContract, ImportRun, Purchase, new_id
from app.storage.session import Database
from bench import bulk
from bench.check import act_on, differing
from bench.databases import SQLITE, kind_of
from bench.measuring import Effort, Figure, Taken, cpu_s, interleaved, peak_mb, timed, wall_s
from bench.portfolio import NOON, SEED, TODAY

HEADER = (
    *("Kuntanumero", "Kunnan nimi", "Vastuualue", "Tulosyksikkö", "Toimittajan nimi", "Toimittajan y-tunnus"),
    *("Tili", "Tilin nimi", "Tositenumero", "Laskun summa ilman ALV", "Kirjauspäivämäärä", "Palveluluokka"),
)
"""Columns of the Finnish municipalities' recommendation."""
COLUMNS = (
    *("id", "contract_id", "on_date", "amount_cents", "reference", "row_key", "import_number", "recorded_on"),
    *("created_at", "version"),
)
OURS_ONLY = 0.05
"""Share of a city's purchases that are from suppliers with a purchase threshold."""
JUDGED = 100
"""Contracts whose stored judgement is compared with the live one after every import."""


class Bought(NamedTuple):
    """A row of the ledger, and where it belongs."""

    business_id: str
    contract_id: str
    on_date: date
    cents: int
    voucher: int


class Watched(Database):
    """A database that knows how long its longest transactions took: so long others who write may wait on SQLite."""

    longest_s = 0.0

    @contextmanager
    def writing(self) -> Iterator[Session]:
        began = perf_counter()
        with super().writing() as session:
            yield session
        self.longest_s = max(self.longest_s, perf_counter() - began)

    def taken_s(self) -> float:
        """The longest one since it was last asked."""
        longest, self.longest_s = self.longest_s, 0.0
        return longest


class Locked(NamedTuple):
    """Seconds of the longest transaction of each part of an import."""

    reading: float
    activating: float
    undoing: float


def figures(url: str, rows: int, memory_rows: int, effort: Effort) -> list[Figure]:
    """The import's time against the floor, with every row belonging to a contract and with a city's usual share; and
    the memory of a process that does nothing else. Raises RuntimeError where an import does not bring what is in the
    file."""
    database, kind = Watched(url), kind_of(url)
    with TemporaryDirectory() as folder:
        all_ours, some_ours = Path(folder) / "ours.csv", Path(folder) / "city.csv"
        known = _known(database)
        bought = list(_bought(known, rows))
        some = bought[: int(rows * OURS_ONLY)]
        _write(all_ours, bought, rows)
        _write(some_ours, some, rows)
        locked: list[Locked] = []
        taken = interleaved(
            {
                "floor": lambda: _floor(database, bought),
                "reading": lambda: _reading(database, all_ours),
                "import": lambda: _import(database, all_ours, bought, rows, locked),
                "city": lambda: _import(database, some_ours, some, rows, []),
            },
            effort.rounds,
        )
        peak = _peak(url, all_ours)
        _write(some_ours, _bought(known, int(memory_rows * OURS_ONLY)), memory_rows)
        peak_of_city = _peak(url, some_ours)
    database.dispose()
    return [
        *_ratios(kind, rows, taken, locked),
        Figure(f"peak memory of the same, {rows} rows", kind, peak, 200, "MB"),
        Figure(f"peak memory of a city's ledger, {memory_rows} rows", kind, peak_of_city, 200, "MB"),
    ]


def _ratios(kind: str, rows: int, taken: dict[str, list[Taken]], locked: Sequence[Locked]) -> list[Figure]:
    wall, cpu = ({name: of(one) for name, one in taken.items()} for of in (wall_s, cpu_s))
    details = {f"{name}_{what}": value for what, of in (("wall_s", wall), ("cpu_s", cpu)) for name, value in of.items()}
    name, target = ("executemany", 2.0) if kind == SQLITE else ("COPY", 1.2)
    both = wall["floor"] + wall["reading"]
    reading, activating, undoing = (median(times) for times in zip(*locked, strict=True))
    return [
        Figure(f"ledger import, {rows} rows ÷ {name}", kind, wall["import"] / wall["floor"], target, details=details),
        Figure(f"the same ÷ (reading the file + {name})", kind, wall["import"] / both, details=details),
        Figure(f"the same, {OURS_ONLY:.0%} of the rows of a contract ÷ {name}", kind, wall["city"] / wall["floor"]),
        Figure("its longest transaction while it is read", kind, reading, unit="s"),
        Figure("its longest transaction when it is activated", kind, activating, unit="s"),
        Figure("its longest transaction when it is undone", kind, undoing, unit="s"),
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
        yield Bought(business_id, contract_id, day, random.randint(1_000, 1_000_000), number)


def _write(path: Path, bought: Iterable[Bought], rows: int) -> None:
    """A ledger of so many rows; those beyond what was bought are of suppliers that nobody knows."""
    written = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(HEADER)
        for business_id, _, day, cents, number in bought:
            writer.writerow(_row(business_id, day, cents, number))
            written += 1
        for number in range(written, rows):
            writer.writerow(_row("0112038-9", TODAY, 12_345, number))


def _row(business_id: str, day: date, cents: int, number: int) -> tuple[object, ...]:
    amount = f"{cents // 100},{cents % 100:02d}"
    of_city = ("091", "Helsinki", f"Vastuualue {number % 40}", 1000 + number % 400, "Toimittaja Oy", business_id)
    return (*of_city, 4300 + number % 80, "Palvelujen ostot", f"T{number}", amount, f"{day:%d.%m.%Y}", "Palvelut")


def _floor(database: Database, bought: Sequence[Bought]) -> Taken:
    """The rows as they would stand in the table, made before the clock runs; in the order of the file."""
    day = str(TODAY)
    rows = [
        (new_id(), contract_id, str(on), cents, f"T{number}", _key(number), 0, day, f"{day}{NOON}", 1)
        for _, contract_id, on, cents, number in bought
    ]
    taken = timed(lambda: bulk.put(database.engine, "purchase", COLUMNS, rows))
    _forget(database)
    return taken


def _key(number: int) -> str:
    """As long as that of a row of a ledger, and in no order either."""
    return blake2b(str(number).encode(), digest_size=32).hexdigest()[:53]


def _reading(database: Database, path: Path) -> Taken:
    """From the file to purchases with their keys, and no further."""
    with database.reading() as session:
        places = ledger_staging.attachments(session, None, act_on(TODAY))

    def read() -> None:
        for _ in open_ledger(path).chunks(places.concerns, ledger_staging.objection):
            pass

    return timed(read)


def _import(database: Watched, path: Path, bought: Sequence[Bought], rows: int, locked: list[Locked]) -> Taken:
    """From the file to purchases that count, judged anew; then it is undone, of which only the longest transaction is
    measured."""
    database.taken_s()
    longest: list[float] = []
    import_id = ""

    def bring_in() -> None:
        nonlocal import_id
        import_id = _read(database, path)
        longest.append(database.taken_s())
        ahead = imports.reckoned(database, import_id, ImportStatus.READY, act_on(TODAY))
        with database.writing() as session:
            imports.activate(session, import_id, act_on(TODAY), ahead=ahead)
        longest.append(database.taken_s())

    taken = timed(bring_in)
    _expect(database, bought, rows)
    ahead = imports.reckoned(database, import_id, ImportStatus.ACTIVE, act_on(TODAY))
    with database.writing() as session:
        imports.undo(session, import_id, "only measured", act_on(TODAY), ahead=ahead)
    locked.append(Locked(longest[0], longest[1], database.taken_s()))
    _expect_judged(database, {one.contract_id for one in bought})
    _forget(database)
    return taken


def _expect(database: Database, bought: Sequence[Bought], rows: int) -> None:
    """Raises RuntimeError unless every row of the file counts once, for its contract, which is judged by it."""
    expected: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for one in bought:
        count, cents = expected[one.contract_id]
        expected[one.contract_id] = count + 1, cents + one.cents
    wanted = select(Purchase.contract_id, func.count(), func.sum(Purchase.amount_cents))
    wanted = wanted.where(Purchase.row_key.is_not(None), counting()).group_by(Purchase.contract_id)
    newest = select(ImportRun.rows, ImportRun.counts).order_by(ImportRun.number.desc()).limit(1)
    with database.reading() as session:
        found = {contract_id: (count, int(cents)) for contract_id, count, cents in session.execute(wanted)}
        read, counts = session.execute(newest).one()
    if found != expected:
        raise RuntimeError("The import did not bring the purchases that are in the file.")
    if read != rows or counts != {"new": len(bought)} | (
        {"no_contract": rows - len(bought)} if rows > len(bought) else {}
    ):
        raise RuntimeError(f"The import of {rows} rows counted {read}: {counts}.")
    _expect_judged(database, found)


def _expect_judged(database: Database, contract_ids: Collection[str]) -> None:
    if wrong := differing(database, TODAY, sorted(contract_ids)[:: max(1, len(contract_ids) // JUDGED)]):
        raise RuntimeError(f"After the import, what is stored is not what the rule says of {wrong}.")


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
