"""Drafts: what notices and releases tell of procurements, until a person registers it or leaves it out."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.orm import Session

from app.rules.codes import DraftStatus, ImportStatus
from app.rules.errors import Conflict, NotFound
from app.schemas.contracts import ContractCreate
from app.schemas.imported_drafts import ImportedDraft
from app.schemas.procurements import ProcurementCreate
from app.services import holding, import_runs, registering, trail
from app.services.acting import ROLES, Act, Actor, Permission
from app.services.draft_merging import merged
from app.services.procurements import writable_unit
from app.services.registering import Registered
from app.storage import drafts, keyset
from app.storage.models import Draft, ImportRun, Unit, new_id

THING = "draft"
"""As an import names what it made."""


class Outcome(StrEnum):
    """What becomes of a draft that an import brings; also the codes by which imports count them."""

    NEW = "drafts"
    REPLACED = "replaced"
    """A newer form of its document: what waits is replaced."""
    COMPLETED = "completed"
    """What waits comes from another document on the same procurement, and both together tell more."""
    ALREADY_THERE = "already_there"
    """The same document, or an older one, or somebody left it out."""
    REGISTERED_BEFORE = "registered_before"
    """Somebody has registered the procurement already: what is new must be added there by hand."""


CHANGING = frozenset({Outcome.NEW, Outcome.REPLACED, Outcome.COMPLETED})


@dataclass(frozen=True, slots=True)
class DraftFound:
    """A draft, the unit it is for, and what it tells."""

    draft: Draft
    unit: Unit
    told: ImportedDraft


def foreseen(session: Session, unit_id: str, imported: Sequence[ImportedDraft]) -> list[Outcome]:
    """What taking these in for a unit would do, one by one, as things are now."""
    known = drafts.by_key(session, unit_id, [one.source.key for one in imported])
    return [_outcome(known.get(one.source.key), one) for one in imported]


def take_in(
    session: Session, run: ImportRun, unit_id: str, imported: Sequence[ImportedDraft], act: Act
) -> list[tuple[Outcome, str]]:
    """Keeps what an import brings as drafts of a unit, and remembers it as made by the import: each with what became
    of it and its id. Raises RuleBroken or Forbidden where the actor may not register for the unit."""
    unit = writable_unit(session, unit_id, act, run.root_id)
    known = drafts.by_key(session, unit.id, sorted({one.source.key for one in imported}), lock=True)
    done: list[tuple[Outcome, str]] = []
    for one in imported:
        outcome = _outcome(known.get(one.source.key), one)
        draft = known[one.source.key][0] if one.source.key in known else None
        if outcome in CHANGING:
            draft = _keep(session, run, unit, draft, outcome, one, act)
            known[one.source.key] = (draft, ImportStatus.READY)
        done.append((outcome, draft.id if draft is not None else ""))
    changed = dict.fromkeys(draft_id for outcome, draft_id in done if outcome in CHANGING)
    import_runs.made(session, run, THING, changed)
    return done


def take_back(session: Session, run: ImportRun, act: Act) -> None:
    """Undoes what an import brought: what still waits is as it was before, or left out. A draft that a later import
    has changed stays as that one made it. Raises Conflict where one was registered."""
    found = drafts.held(session, import_runs.things_of(session, run).get(THING, []))
    if any(draft.status == DraftStatus.REGISTERED for draft in found):
        raise Conflict("draft_was_registered")
    for draft in found:
        if draft.status != DraftStatus.WAITING or draft.number != run.number:
            continue
        if draft.before is None:
            _decide(session, draft, DraftStatus.LEFT_OUT, act)
        else:
            draft.number, draft.content, draft.before = draft.before["number"], draft.before["content"], None
            draft.title = _title(ImportedDraft.model_validate(draft.content))
            _record(session, "restored", draft, act)


def list_drafts(session: Session, status: DraftStatus, sort: keyset.Sort, page: keyset.Page, act: Act) -> keyset.Slice:
    """A page of the drafts of the units in which the actor may register."""
    return drafts.page_of(session, _trees(act.actor), status, sort, page)


def waiting(session: Session, act: Act) -> int:
    """How many drafts wait for the actor."""
    trees = _trees(act.actor)
    return 0 if trees == [] else drafts.waiting(session, trees)


def read_draft(session: Session, draft_id: str, act: Act) -> DraftFound:
    """Raises NotFound where there is none in the units in which the actor may register."""
    row = drafts.find(session, draft_id)
    if row is None or not act.actor.has_role(ROLES[Permission.CONTRACTS], row.Unit.path):
        raise NotFound("not_found")
    return DraftFound(row.Draft, row.Unit, ImportedDraft.model_validate(row.Draft.content))


def register_draft(
    session: Session,
    draft_id: str,
    procurement: ProcurementCreate,
    contracts: Sequence[ContractCreate],
    act: Act,
    expected_version: int | None = None,
) -> Registered:
    """Registers what a person has made of a draft, all or nothing, and the draft waits no longer. Raises Conflict where
    somebody has decided on it meanwhile, Stale where an import has changed it."""
    found = hold(session, draft_id, act, expected_version)
    registered = registering.register_all(session, procurement, contracts, act)
    mark_registered(session, found.draft, registered.procurement_id, act)
    return registered


def mark_registered(session: Session, draft: Draft, procurement_id: str, act: Act) -> None:
    """A held draft has become this procurement."""
    draft.procurement_id = procurement_id
    _decide(session, draft, DraftStatus.REGISTERED, act)


def wait_again(session: Session, procurement_ids: Sequence[str], act: Act) -> None:
    """The drafts that have become these procurements wait again, since what came of them is taken back."""
    for draft in drafts.registered_as(session, procurement_ids):
        draft.procurement_id = None
        _decide(session, draft, DraftStatus.WAITING, act)
        draft.decided_at = draft.decided_by = None


def leave_out(session: Session, draft_id: str, act: Act, expected_version: int | None = None) -> DraftFound:
    """Nobody is to register it. Raises Conflict where somebody has decided on it meanwhile."""
    found = hold(session, draft_id, act, expected_version)
    _decide(session, found.draft, DraftStatus.LEFT_OUT, act)
    session.flush()
    return found


def hold(session: Session, draft_id: str, act: Act, expected_version: int | None = None) -> DraftFound:
    """A draft that waits, and that nobody else decides on until the transaction ends."""
    writable_unit(session, read_draft(session, draft_id, act).unit.id, act)
    drafts.find(session, draft_id, lock=True)
    found = read_draft(session, draft_id, act)
    if found.draft.status != DraftStatus.WAITING:
        raise Conflict("draft_decided", by=found.draft.decided_by)
    holding.check_version(found.draft, expected_version)
    return found


def _outcome(known: tuple[Draft, str] | None, imported: ImportedDraft) -> Outcome:
    """`known` is the draft there is, with the status of its import: what an undone import brought may come again."""
    if known is None or (known[0].status == DraftStatus.LEFT_OUT and known[1] == ImportStatus.UNDONE):
        return Outcome.NEW
    draft = known[0]
    if draft.status == DraftStatus.REGISTERED:
        return Outcome.REGISTERED_BEFORE
    kept = ImportedDraft.model_validate(draft.content)
    if draft.status == DraftStatus.LEFT_OUT or imported.source.name in kept.source.known_documents:
        return Outcome.ALREADY_THERE
    if imported.source.is_award != kept.source.is_award:
        return Outcome.COMPLETED
    return Outcome.REPLACED if imported.source.age > kept.source.age else Outcome.ALREADY_THERE


def _keep(
    session: Session, run: ImportRun, unit: Unit, draft: Draft | None, outcome: Outcome, told: ImportedDraft, act: Act
) -> Draft:
    if draft is None:
        draft = Draft(id=new_id(), unit_id=unit.id, source_key=told.source.key, created_at=act.now)
        session.add(draft)
    before = None
    if outcome is not Outcome.NEW:
        kept = ImportedDraft.model_validate(draft.content)
        told = _together(kept, told, outcome)
        # An import that brings two documents on one procurement is undone as a whole.
        same_import = draft.number == run.number
        before = draft.before if same_import else {"number": draft.number, "content": draft.content}
    draft.number, draft.content, draft.before = run.number, told.stored(), before
    draft.title, draft.status, draft.decided_at, draft.decided_by = _title(told), DraftStatus.WAITING, None, None
    _record(session, outcome.value, draft, act)
    return draft


def _together(kept: ImportedDraft, told: ImportedDraft, outcome: Outcome) -> ImportedDraft:
    """A newer form of the only document there was takes its place; otherwise both are heard, the result last."""
    if outcome is Outcome.REPLACED:
        return merged(kept, told) if kept.source.documents else told
    return merged(kept, told) if told.source.is_award else merged(told, kept)


def _decide(session: Session, draft: Draft, status: DraftStatus, act: Act) -> None:
    draft.status, draft.decided_at, draft.decided_by = status, act.now, act.actor.name
    _record(session, status.value, draft, act)


def _record(session: Session, action: str, draft: Draft, act: Act) -> None:
    """A link of the trail. What a notice says is public and stays with the draft."""
    session.flush()
    names = ("unit_id", "source_key", "title", "status", "number", "procurement_id")
    trail.record(session, act, action, draft.__tablename__, draft.id, {name: getattr(draft, name) for name in names})


def _title(told: ImportedDraft) -> str:
    return told.procurement.title or told.source.key


def _trees(actor: Actor) -> list[str] | None:
    """Paths of the units in which the actor may register, those below them included; None: everywhere."""
    if actor.everywhere:
        return None
    return sorted({grant.path for grant in actor.grants if actor.has_role(ROLES[Permission.CONTRACTS], grant.path)})
