"""A staged ledger: what it corrects, what it would bring, and the one statement from which it counts, or no more."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.rules.codes import ImportStatus
from app.rules.judgement import judge
from app.services import import_runs, trail
from app.services import judgements as judging
from app.services.acting import Act, Permission, require
from app.services.ledger_staging import NO_VOUCHER, row_key
from app.sources.ledgers import Chunk
from app.sources.occurrences import Occurrences
from app.storage import held_rows, imports, judgements, ledger_rows, purchases
from app.storage.facts import load_facts
from app.storage.ledger_rows import VOUCHER_LENGTH
from app.storage.models import ImportRun

CONTRACTS_AT_A_TIME = 1000
JUDGED_AT_A_TIME = 50
"""Few, since a contract may have thousands of purchases, and judging needs them all."""


def suspects(session: Session, contract_ids: Iterable[str], number: int) -> dict[str, set[str]]:
    """Vouchers of which a contract has rows already and this ledger brings others: some may be corrections."""
    found = {}
    for contract_id in contract_ids:
        earlier, new = ledger_rows.vouchers(session, contract_id, number)
        if both := (earlier & new) - {NO_VOUCHER}:
            found[contract_id] = both
    return found


def keys_of(chunks: Iterable[Chunk], wanted: Collection[str]) -> set[str]:
    """The keys of the rows of these vouchers, the ledger being read once more."""
    seen, found = Occurrences(), set()
    for chunk in chunks:
        for row in chunk.rows:
            key = row_key(row, seen)
            if key[:VOUCHER_LENGTH] in wanted:
                found.add(key)
    return found


def match_corrections(
    session: Session, contract_id: str, number: int, vouchers: Collection[str], present: Collection[str]
) -> int:
    """A row that is no longer in its voucher is replaced by one that is new there; what is left over of the earlier
    ones stays, and is counted in the answer: an extract of a ledger need not hold whole vouchers."""
    by_voucher: dict[str, tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    for row in ledger_rows.rows_of_vouchers(session, contract_id, vouchers):
        if row.import_number == number:
            by_voucher[row.row_key[:VOUCHER_LENGTH]][1].append(row.id)
        elif row.row_key not in present:
            by_voucher[row.row_key[:VOUCHER_LENGTH]][0].append(row.id)
    replaced = [old for gone, new in by_voucher.values() for old, _ in zip(gone, new, strict=False)]
    ledger_rows.replace(session, replaced, number)
    return sum(max(len(gone) - len(new), 0) for gone, new in by_voucher.values())


def notice(session: Session, number: int, now: datetime) -> bool:
    """Notes that the reader is alive; False where somebody ended the import meanwhile."""
    return ledger_rows.advance(session, number, {"touched_at": now})


def touched(session: Session, number: int) -> list[str]:
    """Ids of the contracts that an import brings something to."""
    return ledger_rows.touched(session, number)


def foresee(session: Session, number: int, contract_ids: Sequence[str], act: Act) -> int:
    """Notes what the import brings to contracts, and how many positions they require before and after it; gives the
    number of corrected rows."""
    brought = ledger_rows.tally(session, number, contract_ids)
    before, after = (load_facts(session, contract_ids, supposed) for supposed in (0, number))
    ledger_rows.set_tallies(
        session,
        number,
        [
            {
                "contract_id": contract_id,
                "rows": brought.get(contract_id, (0, 0, 0))[0],
                "cents": brought.get(contract_id, (0, 0, 0))[1],
                "corrected": brought.get(contract_id, (0, 0, 0))[2],
                "required_before": judge(before[contract_id], act.today).standing.required,
                "required_after": judge(after[contract_id], act.today).standing.required,
            }
            for contract_id in contract_ids
        ],
    )
    return sum(corrected for _, _, corrected in brought.values())


def activate(session: Session, run: ImportRun, act: Act) -> None:
    """From now on the import's purchases count: one row goes, and the contracts concerned are judged anew. Raises
    Forbidden where the actor may no longer write to one of them."""
    import_runs.expect(run, ImportStatus.READY)
    for row in ledger_rows.imported_contracts(session, run.number):
        require(act.actor, Permission.CONTRACTS, [row.unit_path, row.procurement_unit_path])
    contract_ids = _hold(session, run.number)
    imports.show(session, run.number)
    import_runs.settle(session, run, ImportStatus.ACTIVE, act)
    _follow(session, run, "imported", contract_ids, act)


def undo(session: Session, run: ImportRun, reason: str, act: Act) -> None:
    """The import's purchases count no more, and what they replaced counts again. They are voided one by one later
    (`sweep`), which changes nothing any more."""
    contract_ids = _hold(session, run.number)
    import_runs.mark_undone(session, run, reason, act)
    for some in chunks(contract_ids, CONTRACTS_AT_A_TIME):
        _hand_on(session, run.number, some)
    imports.hide(session, run.number)
    held_rows.forget_held(session, run.number)
    _follow(session, run, "undone", contract_ids, act)


def _hand_on(session: Session, number: int, contract_ids: Sequence[str]) -> None:
    """A row of the undone import that a later one corrected takes what it had itself replaced along: of a row that was
    corrected twice only the last form counts, whichever import goes."""
    later, earlier = ledger_rows.corrections(session, number, contract_ids)
    for place, numbers in later.items():
        for purchase_id, last in zip(earlier.get(place, ()), numbers, strict=False):
            ledger_rows.replace(session, [purchase_id], last)


def _hold(session: Session, number: int) -> list[str]:
    contract_ids = ledger_rows.touched(session, number)
    for some in chunks(contract_ids, CONTRACTS_AT_A_TIME):
        judgements.lock(session, some)
    return contract_ids


def _follow(session: Session, run: ImportRun, action: str, contract_ids: Sequence[str], act: Act) -> None:
    """One link of the trail for each contract; then it is judged anew."""
    for some in chunks(contract_ids, JUDGED_AT_A_TIME):
        for contract_id, (rows, cents, corrected) in ledger_rows.tally(session, run.number, some).items():
            values = {"import": run.id, "purchases": rows, "cents": cents, "corrected": corrected}
            trail.record(session, act, action, "contract", contract_id, values)
        purchases.news_came(session, some, act.today)
        judging.rejudge(session, some, act)


def chunks(ids: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    return (ids[start : start + size] for start in range(0, len(ids), size))
