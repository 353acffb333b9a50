"""Notices brought in: looked at first, then drafts that wait for a person. No procurement is made here."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from sqlalchemy.orm import Session

from app.rules.codes import ImportStatus
from app.rules.errors import RuleBroken
from app.schemas.imported_drafts import ImportedDraft, holds_secret
from app.schemas.text import holds_identity_code
from app.services import drafts, import_runs
from app.services.acting import Act
from app.services.drafts import Outcome
from app.services.eforms_drafts import draft_of
from app.services.import_runs import Refusal
from app.services.procurements import writable_unit
from app.sources.eforms import document
from app.sources.eforms.notices import Lot, Notice
from app.sources.eforms.reading import notice_of
from app.sources.files import FileUnreadable
from app.storage.models import ImportRun

WITHOUT_CONTRACT = "without_contract"
"""Counts lots of a result notice that ended without a contract: there is nothing to register, but a draft that waits
for the result learns it."""
SELECTED = "selec-w"
LONGEST_LOT = 100
"""Of a lot's name, in signs, as it is kept to be told."""


@dataclass(frozen=True, slots=True)
class Told:
    """A notice that was read: its lots, each with its draft, and those that cannot be taken."""

    notice: Notice
    drafts: Sequence[tuple[Lot, ImportedDraft]]
    refused: Sequence[Refusal]


def read(path: Path) -> Told:
    """Reads a notice and makes drafts of it, which takes no database. Raises FileUnreadable."""
    notice = read_notice(path)
    return Told(notice, *_drafts(notice))


def stage(session: Session, run: ImportRun, read: Told, act: Act, unit_id: str | None) -> None:
    """Keeps what would become drafts of the unit. Raises RuleBroken, Forbidden."""
    if unit_id is None:
        raise RuleBroken("import_unit_required", "unit_id")
    unit = writable_unit(session, unit_id, act, run.root_id)
    notice, pairs, refused = read.notice, read.drafts, read.refused
    import_runs.refuse(session, run, refused)
    kept: list[dict[str, Any]] = []
    over: list[str] = []
    outcomes = drafts.foreseen(session, unit.id, [told for _, told in pairs])
    for (lot, told), outcome in zip(pairs, outcomes, strict=True):
        if outcome is Outcome.NEW and _is_over(notice, lot):
            over.append(lot.id[:LONGEST_LOT])
        else:
            kept.append({"outcome": outcome.value, "draft": told.stored()})
    counts = Counter(one["outcome"] for one in kept)
    counts += Counter({WITHOUT_CONTRACT: len(over), "refused": len(refused)})
    content = {"unit_id": unit.id, "drafts": kept, WITHOUT_CONTRACT: over}
    import_runs.ready(session, run, act, rows=len(notice.lots), counts=counts, content=content)


def activate(session: Session, run: ImportRun, act: Act) -> None:
    """What was read becomes drafts, all or nothing."""
    content = run.content or {}
    told = [ImportedDraft.model_validate(one["draft"]) for one in content["drafts"]]
    done = drafts.take_in(session, run, content["unit_id"], told, act)
    counts = Counter(outcome.value for outcome, _ in done)
    staged = {name: number for name, number in run.counts.items() if name not in set(Outcome)}
    import_runs.settle(session, run, ImportStatus.ACTIVE, act, staged | counts)


def undo(session: Session, run: ImportRun, reason: str, act: Act) -> None:
    """Takes the drafts back. Raises Conflict where one of them was registered."""
    import_runs.expect(run, ImportStatus.ACTIVE)
    drafts.take_back(session, run, act)
    import_runs.mark_undone(session, run, reason, act)


def read_notice(path: Path) -> Notice:
    """The notice in a file. Raises FileUnreadable, also where an identity code stands anywhere in it: a notice is one
    thing, and one with a code in it should not have been published."""
    if path.stat().st_size > document.MAX_WRAPPED_BYTES:
        raise FileUnreadable("xml_too_large", megabytes=document.MAX_BYTES // 1024 // 1024)
    found = document.read(path.read_bytes())
    line = next((line for line, text in found.texts if holds_identity_code(text)), None)
    if line is not None:
        raise FileUnreadable("identity_code_in_file", line=line)
    return notice_of(found)


def _drafts(notice: Notice) -> tuple[list[tuple[Lot, ImportedDraft]], list[Refusal]]:
    """Each lot with its draft. An identity code that no single text holds may come about where two are put together."""
    pairs, refused = [], []
    for number, lot in enumerate(notice.lots, 1):
        try:
            pairs.append((lot, draft_of(notice, lot)))
        except ValidationError as error:
            if not holds_secret(error):
                raise
            refused.append(Refusal(number, "identity_code", [lot.id]))
    return pairs, refused


def _is_over(notice: Notice, lot: Lot) -> bool:
    """Whether the competition for a lot ended without a contract."""
    statuses = lot.result.statuses if lot.result is not None else ()
    return notice.is_award and SELECTED not in statuses
