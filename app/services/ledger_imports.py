"""A staged ledger: what it corrects, what it would bring, and the one statement from which it counts, or no more."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.garbage import looking_for_no_cycles
from app.rules.codes import ImportStatus
from app.rules.judgement import judge
from app.services import corrections, import_runs, trail
from app.services import judgements as judging
from app.services.acting import Act, Permission, require
from app.services.ledger_reckoning import NOTHING, Ahead, tally
from app.services.ledger_staging import NO_VOUCHER, Staging, row_key
from app.sources.ledgers import Chunk
from app.sources.occurrences import Occurrences
from app.storage import held_rows, imports, judgements, ledger_rows, lineages, purchases
from app.storage.facts import load_facts
from app.storage.judgements import Stored
from app.storage.ledger_rows import VOUCHER_LENGTH
from app.storage.models import ImportRun

CONTRACTS_AT_A_TIME = 1000
VOUCHERS_AT_A_TIME = 2000
"""Of each batch all purchases of the contracts concerned are gone through: few batches, each short."""
JUDGED_AT_A_TIME = 50
"""Few, since a contract may have thousands of purchases, and judging needs them all."""


def suspects(session: Session, staging: Staging, contract_ids: Sequence[str]) -> dict[str, set[str]]:
    """Vouchers of which there are rows already and this ledger adds others to these contracts: some may be corrections.
    Each with the contracts concerned."""
    earlier = staging.earlier(contract_ids)
    return _numbered(lineages.vouchers_met(session, staging.number, staging.run.root_id, contract_ids, earlier))


def held_suspects(session: Session, staging: Staging) -> dict[str, set[str]]:
    """The same of the rows that wait for a person to say where they belong."""
    earlier = staging.earlier(staging.candidates)
    return _numbered(lineages.held_vouchers_met(session, staging.number, staging.run.root_id, earlier))


def _numbered(found: dict[str, set[str]]) -> dict[str, set[str]]:
    found.pop(NO_VOUCHER, None)
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
    session: Session, staging: Staging, doubtful: Mapping[str, Collection[str]], present: Collection[str]
) -> None:
    """Finds what corrects what in these vouchers, and counts it."""
    contract_ids = staging.beside({one for some in doubtful.values() for one in some})
    root_id = staging.run.root_id
    found = corrections.match(session, staging.number, root_id, contract_ids, sorted(doubtful), present)
    staging.counts["corrected"] += found.corrected
    staging.counts["new"] -= found.corrected
    staging.counts["no_longer_there"] += found.left_over


def notice(session: Session, number: int, now: datetime) -> bool:
    """Notes that the reader is alive; False where somebody ended the import meanwhile."""
    return ledger_rows.advance(session, number, {"touched_at": now})


def touched(session: Session, number: int) -> list[str]:
    """Ids of the contracts that an import brings something to."""
    return ledger_rows.touched(session, number)


def foresee(session: Session, number: int, contract_ids: Sequence[str], act: Act) -> None:
    """Notes what the import brings to contracts, and how many positions they require before and after it."""
    brought = tally(session, number, contract_ids)
    before, after = (_required(session, contract_ids, supposed, act) for supposed in (0, number))
    ledger_rows.set_tallies(
        session,
        number,
        [
            {
                "contract_id": contract_id,
                "rows": brought[contract_id].purchases,
                "cents": brought[contract_id].cents,
                "corrected": brought[contract_id].corrected,
                "required_before": before[contract_id],
                "required_after": after[contract_id],
            }
            for contract_id in contract_ids
        ],
    )


def _required(session: Session, contract_ids: Sequence[str], supposed: int, act: Act) -> dict[str, int]:
    """How many positions contracts require, if the import of this number were active; one set of facts at a time."""
    with looking_for_no_cycles():
        facts = load_facts(session, contract_ids, supposed)
        return {contract_id: judge(facts[contract_id], act.today).standing.required for contract_id in contract_ids}


def activate(session: Session, run: ImportRun, act: Act, ahead: Ahead = NOTHING) -> None:
    """From now on the import's purchases count: one row goes, and the contracts concerned are judged anew, with what
    was reckoned ahead where it holds. Raises Forbidden where the actor may no longer write to one of them."""
    import_runs.expect(run, ImportStatus.READY)
    for row in ledger_rows.imported_contracts(session, run.number):
        require(act.actor, Permission.CONTRACTS, [row.unit_path, row.procurement_unit_path])
    stored = _hold(session, run.number)
    true = _still_true(ahead, stored, act)
    imports.show(session, run.number)
    import_runs.settle(session, run, ImportStatus.ACTIVE, act)
    _tell(session, run, "imported", stored, true, act)
    _follow(session, stored, true, act)


def undo(session: Session, run: ImportRun, reason: str, act: Act, ahead: Ahead = NOTHING) -> None:
    """The import's purchases count no more, and what they replaced counts, or waits, again. They are voided one by one
    later (`sweep`), which changes nothing any more. `ahead` is as for `activate`."""
    stored = _hold(session, run.number)
    true = _still_true(ahead, stored, act)
    _tell(session, run, "undone", stored, true, act)
    import_runs.mark_undone(session, run, reason, act)
    moved = corrections.settle(session, lineages.of_held(session, run.number))
    moved += corrections.settle(session, _lineages(session, run.number, stored, true))
    imports.hide(session, run.number)
    held_rows.forget_held(session, run.number)
    # That what the import replaced counts again was reckoned; that something else takes its place was not.
    otherwise = {one.contract_id for one, by in moved if (one.replaced_in, by) != (run.number, None)}
    _follow(session, stored, {one: true[one] for one in true if one not in otherwise}, act)


def _hold(session: Session, number: int) -> dict[str, Stored]:
    """The stored judgements of the import's contracts, in order."""
    found: dict[str, Stored] = {}
    for some in chunks(ledger_rows.touched(session, number), CONTRACTS_AT_A_TIME):
        found |= judgements.lock(session, some)
    return found


def _still_true(ahead: Ahead, stored: Mapping[str, Stored], act: Act) -> Ahead:
    """What was reckoned ahead of contracts on which nothing was written since."""
    return {one: ahead[one] for one, row in stored.items() if one in ahead and ahead[one].holds(row, act)}


def _lineages(session: Session, number: int, contract_ids: Collection[str], ahead: Ahead) -> set[str]:
    """Those of the import's purchases."""
    found = {name for one in ahead.values() for name in one.lineages}
    for some in chunks([one for one in contract_ids if one not in ahead], CONTRACTS_AT_A_TIME):
        found.update(*lineages.of_import(session, number, some).values())
    return found


def _tell(session: Session, run: ImportRun, action: str, contract_ids: Collection[str], ahead: Ahead, act: Act) -> None:
    """One link of the trail for each contract that it brought something to."""
    brought = {one: ahead[one].brought for one in ahead}
    for some in chunks([one for one in contract_ids if one not in ahead], CONTRACTS_AT_A_TIME):
        brought |= tally(session, run.number, some)
    for contract_id in contract_ids:
        if any(brought[contract_id]):
            values = {"import": run.id, **brought[contract_id]._asdict()}
            trail.record(session, act, action, "contract", contract_id, values)


def _follow(session: Session, stored: Mapping[str, Stored], ahead: Ahead, act: Act) -> None:
    """The contracts have news, and are judged anew where that was not done ahead."""
    for some in chunks([one for one in stored if one in ahead], CONTRACTS_AT_A_TIME):
        purchases.news_came(session, some, act.today)
        purchases.came(session, some, act.now)
        judging.store(session, stored, {one: ahead[one].verdict for one in some}, act)
    for some in chunks([one for one in stored if one not in ahead], JUDGED_AT_A_TIME):
        with looking_for_no_cycles():
            purchases.news_came(session, some, act.today)
            purchases.came(session, some, act.now)
            judging.rejudge(session, some, act)


def chunks(ids: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    return (ids[start : start + size] for start in range(0, len(ids), size))
