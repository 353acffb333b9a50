"""What contracts come to once a ledger counts, or counts no more, reckoned before the transaction that decides it.

To judge contracts of a million purchases takes seconds, and meanwhile nobody else could write on SQLite. So it is done
beforehand, some contracts at a time, while nobody waits and nothing is written. The transaction uses it for those whose
facts nobody has written since, which it holds, and judges the others itself.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy.orm import Session

from app.rules.codes import ImportStatus
from app.rules.judgement import Verdict, judge
from app.services.acting import Act
from app.storage import judgements, ledger_rows, lineages
from app.storage.facts import load_facts, load_facts_without
from app.storage.judgements import Stored


class Brought(NamedTuple):
    """What an import brings to a contract: purchases, their sum, and how many correct an earlier form of themselves."""

    purchases: int = 0
    cents: int = 0
    corrected: int = 0


class Reckoned(NamedTuple):
    """How a contract will stand, as long as its facts have this version."""

    facts_version: int
    verdict: Verdict
    brought: Brought
    lineages: Collection[str]
    """Of rows that the import corrected, or that were corrected since, where it is to be undone."""

    def holds(self, stored: Stored, act: Act) -> bool:
        """Whether it is true now; `stored` is the contract's row, which the transaction holds."""
        return self.facts_version == stored.facts_version and self.verdict.as_of == act.today


Ahead = Mapping[str, Reckoned]
"""What was reckoned, by contract."""
NOTHING: Ahead = {}


def reckon(
    session: Session, number: int, status: ImportStatus, contract_ids: Sequence[str], act: Act
) -> dict[str, Reckoned]:
    """How contracts stand once a ledger that is ready is activated, or one that is active undone; all as of one state
    of the database."""
    versions = judgements.facts_versions(session, contract_ids)
    brought = tally(session, number, contract_ids)
    is_active = status is ImportStatus.ACTIVE
    facts = (load_facts_without if is_active else load_facts)(session, contract_ids, number)
    names = lineages.of_import(session, number, contract_ids) if is_active else {}
    return {
        one: Reckoned(version, judge(facts[one], act.today).verdict, brought[one], names.get(one, ()))
        for one, version in versions.items()
    }


def tally(session: Session, number: int, contract_ids: Sequence[str]) -> dict[str, Brought]:
    """What an import brings to each of the contracts, as it stands in the tables."""
    found = ledger_rows.tally(session, number, contract_ids)
    return {contract_id: Brought(*found.get(contract_id, ())) for contract_id in contract_ids}
