"""A contract found for someone who may see it, and held while its facts are written."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.rules.errors import Conflict, NotFound, Stale
from app.rules.facts import ContractFacts
from app.rules.judgement import Judgement
from app.services import judgements as judging
from app.services.acting import Act, Actor, Permission, require
from app.storage import contracts, erased_contracts, judgements
from app.storage.facts import load_facts
from app.storage.models import Contract
from app.storage.models.table import Versioned


@dataclass(frozen=True, slots=True)
class Held:
    """A contract's row with the paths of its own unit and of its procurement's, and its owner's e-mail address."""

    contract: Contract
    paths: tuple[str, str]
    owner_email: str

    @property
    def id(self) -> str:
        return self.contract.id


def find(session: Session, contract_id: str, actor: Actor) -> Held:
    """The contract, for reading. Raises NotFound where there is none or it lies outside the actor's units."""
    row = seen(contracts.with_paths(session, contract_id), actor)
    return Held(row.Contract, (row.unit_path, row.procurement_unit_path), row.owner_email)


def seen(row: Any, actor: Actor) -> Any:
    """A contract's row with `unit_path` and `procurement_unit_path`. Raises NotFound where there is none or it lies
    outside the actor's units."""
    if row is None or not actor.sees(row.unit_path, row.procurement_unit_path):
        raise NotFound("not_found")
    return row


def hold(
    session: Session, contract_id: str, act: Act, permission: Permission, expected_version: int | None = None
) -> Held:
    """The contract, for writing: no one else writes to it until the transaction ends.

    Raises NotFound as `find` does, Forbidden where no role of the actor allows it, Stale where the caller expects
    another version of the contract, Conflict where its jobs are erased: it stands as it stood, and nothing is written
    on it any more.
    """
    seen(contracts.paths_row(session, contract_id), act.actor)
    judgements.lock(session, [contract_id])
    held = find(session, contract_id, act.actor)  # as it is now that nobody else can change it
    require(act.actor, permission, held.paths, held.owner_email)
    check_version(held.contract, expected_version)
    if erased_contracts.is_erased(session, held.id):
        raise Conflict("jobs_are_erased")
    return held


def facts_of(session: Session, held: Held) -> ContractFacts:
    """The contract's facts, what this transaction wrote included."""
    session.flush()
    return load_facts(session, [held.id])[held.id]


def recorded(session: Session, held: Held, act: Act) -> Judgement:
    """After a write: the contract has news, and its stored judgement follows."""
    held.contract.last_recorded_on = act.today
    return judging.rejudge(session, [held.id], act)[held.id]


def check_version(row: Versioned, expected: int | None) -> None:
    """Raises Stale where the caller's If-Match names another version than the row has."""
    if expected is not None and row.version != expected:
        raise Stale("stale")
