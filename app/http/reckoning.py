"""What an import would bring to its contracts, reckoned before the transaction of the request that decides on it."""

from app.garbage import looking_for_no_cycles
from app.rules.codes import ImportStatus
from app.services import imports
from app.services.acting import Act
from app.services.ledger_imports import JUDGED_AT_A_TIME, chunks
from app.services.ledger_reckoning import Ahead, Reckoned, reckon
from app.storage.session import Database


def reckoned(database: Database, import_id: str, status: ImportStatus, act: Act) -> Ahead:
    """For services.imports.activate of an import that is READY, or undo of one that is ACTIVE; of any other it is
    nothing. Nobody waits for it: nothing is written. Raises NotFound where there is none that the actor may see."""
    with database.reading() as session:
        number, contract_ids = imports.to_reckon(session, import_id, status, act)
    found: dict[str, Reckoned] = {}
    for some in chunks(contract_ids, JUDGED_AT_A_TIME):
        with looking_for_no_cycles(), database.reading() as session:
            found |= reckon(session, number, status, some, act)
    return found
