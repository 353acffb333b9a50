"""Open contracting data brought in: what is complete is registered at once, the rest are drafts that wait for a person.

Complete is a release with the terms of its clause (or why there is none) and whole contracts, as our own export writes
it, once it is known who at the city is to own them. The same procurement does not come twice, known by its ocid.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from sqlalchemy.orm import Session

from app.rules.codes import DraftStatus, ImportStatus
from app.rules.errors import Conflict, RuleBroken
from app.schemas.imported_drafts import ImportedDraft, holds_secret
from app.schemas.owners import OwnerReference
from app.schemas.text import holds_identity_code
from app.services import drafts, import_runs, ocds_drafts, ocds_own, ocds_registering, trail
from app.services.acting import Act, Actor
from app.services.drafts import Outcome
from app.services.import_runs import Refusal
from app.services.procurements import writable_unit
from app.services.registering import Registered
from app.sources.ocds import ReleaseRefused
from app.sources.ocds.files import Found, read_releases
from app.sources.ocds.releases import Release, release_of
from app.storage import drafts as draft_rows
from app.storage import open_data, owners, people
from app.storage.models import Draft, ImportRun, Unit

Json = dict[str, Any]
PROCUREMENTS, CONTRACTS, PURCHASES, REFUSED = "procurements", "contracts", "purchases", "refused"
"""Counts of what is registered, and of releases that cannot be taken."""
PROCUREMENT, CONTRACT = "procurement", "contract"
"""As an import names what it made."""
DIGITS_OF_CODE = 9
"""An identity code has six digits for the day of birth and at least three after it."""


@dataclass(frozen=True, slots=True)
class Told:
    """A file that was read: how many releases it has, each with its drafts, and those that cannot be taken."""

    count: int
    drafts: Sequence[tuple[Release, ImportedDraft]]
    refused: Sequence[Refusal]


@dataclass(slots=True)
class _Sorted:
    """What is to become of what was read."""

    complete: list[Json] = field(default_factory=list)
    others: list[ImportedDraft] = field(default_factory=list)
    known: int = 0


def read(path: Path) -> Told:
    """Reads a file and makes drafts of it, which takes no database. Raises FileUnreadable."""
    found = read_releases(path)
    drafted: list[tuple[Release, ImportedDraft]] = []
    refused: list[Refusal] = []
    for one in found:
        try:
            drafted += _drafted(one)
        except ReleaseRefused as error:
            refused.append(Refusal(one.number, error.code, [one.ocid], error.field))
    return Told(len(found), drafted, refused)


def stage(
    session: Session, run: ImportRun, told: Told, act: Act, unit_id: str | None, *, owner: str | None = None
) -> None:
    """Keeps what would be registered in the unit, or wait as its drafts. `owner` is the e-mail address of whoever is to
    own the contracts; by default whoever acts. Raises RuleBroken, Forbidden."""
    if unit_id is None:
        raise RuleBroken("import_unit_required", "unit_id")
    unit = writable_unit(session, unit_id, act, run.root_id)
    given = _owner(session, owner, act.actor)
    read = _sorted(session, told, unit, given)
    import_runs.refuse(session, run, told.refused)
    outcomes = drafts.foreseen(session, unit.id, read.others)
    counts = Counter(outcome.value for outcome in outcomes) + _counts(read, told)
    content = {
        "unit_id": unit.id,
        "owner": None if given is None else given.model_dump(exclude_none=True),
        "known": read.known,
        "complete": read.complete,
        "drafts": [
            {"outcome": outcome.value, "draft": one.stored()}
            for one, outcome in zip(read.others, outcomes, strict=True)
        ],
    }
    import_runs.ready(session, run, act, rows=told.count, counts=counts, content=content)


def activate(session: Session, run: ImportRun, act: Act) -> None:
    """What was read comes true, all or nothing. What was complete and does not fit together waits as a draft, too."""
    content = run.content or {}
    unit = writable_unit(session, content["unit_id"], act, run.root_id)
    waiting = [ImportedDraft.model_validate(one["draft"]) for one in content["drafts"]]
    complete = [ImportedDraft.model_validate(one["draft"]) for one in content["complete"]]
    # All at once and in one order, as drafts.take_in does: two imports of the same drafts cannot wait for each other.
    keys = sorted({one.source.key for one in (*complete, *waiting)})
    held = draft_rows.by_key(session, unit.id, keys, lock=True)
    counts = Counter({Outcome.ALREADY_THERE.value: content["known"]})
    for one, draft in zip(content["complete"], complete, strict=True):
        if _there(session, unit, [draft]):
            counts[Outcome.ALREADY_THERE] += 1
            continue
        known = held.get(draft.source.key)
        registered = _register(session, run, draft, known, content, one["beyond"], act)
        if registered is None:
            waiting.append(draft)
        else:
            import_runs.made(session, run, PROCUREMENT, [registered.procurement_id])
            import_runs.made(session, run, CONTRACT, registered.contract_ids)
            counts += _counts_of(one)
    counts += Counter(outcome.value for outcome, _ in drafts.take_in(session, run, unit.id, waiting, act))
    counts[REFUSED] = run.counts.get(REFUSED, 0)
    import_runs.settle(session, run, ImportStatus.ACTIVE, act, +counts)


def undo(session: Session, run: ImportRun, reason: str, act: Act) -> None:
    """Takes the drafts back, and what was registered at once. Raises Conflict where a person registered one of the
    drafts, or something was recorded on what was registered."""
    import_runs.expect(run, ImportStatus.ACTIVE)
    things = import_runs.things_of(session, run)
    procurements, contracts = things.get(PROCUREMENT, []), things.get(CONTRACT, [])
    drafts.wait_again(session, procurements, act)
    ocds_registering.take_back(session, run, procurements, contracts, act)
    drafts.take_back(session, run, act)
    import_runs.mark_undone(session, run, reason, act)


def _register(
    session: Session,
    run: ImportRun,
    draft: ImportedDraft,
    known: tuple[Draft, str] | None,
    content: Json,
    beyond: Sequence[Json],
    act: Act,
) -> Registered | None:
    """Registers a complete release, and a draft of the same procurement, held with its import's status, waits no
    longer. None where the parts do not fit together, or somebody has decided on such a draft already."""
    if known is not None and _is_decided(*known):
        return None
    owner = OwnerReference.model_validate(content["owner"])
    try:
        with trail.attempting(session):
            made = ocds_registering.register(session, draft, beyond, content["unit_id"], owner, run.number, act)
    except (RuleBroken, Conflict):
        return None
    if known is not None:
        drafts.mark_registered(session, known[0], made.procurement_id, act)
    return made


# --- What is to become of each release


def _sorted(session: Session, told: Told, unit: Unit, owner: OwnerReference | None) -> _Sorted:
    """Complete or not, known or not."""
    read, drafted = _Sorted(), told.drafts
    there = _there(session, unit, [draft for _, draft in drafted])
    earlier = draft_rows.by_key(session, unit.id, [draft.source.key for _, draft in drafted])
    for release, draft in drafted:
        known, of = earlier.get(draft.source.key, (None, ""))
        beyond = _beyond(release, draft, unit, owner)
        if draft.source.key in there:
            read.known += 1
        elif beyond is None or (known is not None and _is_decided(known, of)):
            read.others.append(draft if known is None or release.title else _untitled(draft))
        else:
            read.complete.append({"draft": draft.stored(), "beyond": beyond})
    return read


def _drafted(found: Found) -> list[tuple[Release, ImportedDraft]]:
    """A release with its drafts. Raises ReleaseRefused."""
    if found.release is None:
        raise ReleaseRefused(found.reason)
    if any(map(holds_identity_code, _texts(found.release))):
        raise ReleaseRefused("identity_code")
    try:
        release = release_of(found.release)
        if ocds_drafts.says_nothing(release):
            raise ReleaseRefused("ocds_says_nothing")
        return [(release, draft) for draft in ocds_drafts.drafts_of(release)]
    except ValidationError as error:
        if holds_secret(error):
            raise ReleaseRefused("identity_code") from None
        place = error.errors(include_url=False, include_input=False, include_context=False)[0]["loc"]
        raise ReleaseRefused("ocds_wrong_value", ".".join(map(str, place))) from None


def _texts(value: Any) -> Iterator[str]:
    """Every text of a release, names of fields as well, that has so many digits as an identity code."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            if sum(map(str.isdigit, one)) >= DIGITS_OF_CODE:
                yield one
        elif isinstance(one, dict):
            waiting += [*one.keys(), *one.values()]
        elif isinstance(one, list):
            waiting += one


def _beyond(release: Release, draft: ImportedDraft, unit: Unit, owner: OwnerReference | None) -> list[Json] | None:
    """What of each contract goes beyond a registration, where the release is complete; None where it is not."""
    lacking = [name for name in draft.missing if not name.endswith("owner.email")]
    if owner is None or not release.is_ours or lacking or len(draft.contracts) != len(release.contracts):
        return None
    if (release.contracts and not release.clause) or not _named_apart(release):
        return None
    beyond = [ocds_own.beyond(one) for one in release.contracts]
    try:
        ocds_registering.commands_of(draft, unit.id, owner)
        for one in beyond:
            ocds_registering.check_beyond(one)
    except ValidationError:
        return None
    return beyond


def _named_apart(release: Release) -> bool:
    """Whether no two contracts, and no two payments of a contract, have the same id, and none has no id."""
    lists: list[list[str | None]] = [[one.id for one in release.contracts]]
    lists += [[one.id for one in contract.payments] for contract in release.contracts]
    return all(len(set(ids)) == len(ids) and all(ids) for ids in lists)


def _there(session: Session, unit: Unit, imported: Sequence[ImportedDraft]) -> set[str]:
    """Names in their source of those that the unit's organisation has registered already: under the same ocid, or they
    are what it published itself."""
    return open_data.known(session, unit.root_id, [one.source.key for one in imported])


def _is_decided(draft: Draft, import_status: str) -> bool:
    """Whether a person has decided on a draft: one that went with its import may come again."""
    taken_back = draft.status == DraftStatus.LEFT_OUT and import_status == ImportStatus.UNDONE
    return draft.status != DraftStatus.WAITING and not taken_back


def _untitled(draft: ImportedDraft) -> ImportedDraft:
    """Without the title of a contract, which stands for that of a tender only as long as nobody knows it."""
    return draft.model_copy(update={"procurement": draft.procurement.model_copy(update={"title": None})})


def _owner(session: Session, email: str | None, actor: Actor) -> OwnerReference | None:
    """Who is to own the contracts: the one named, else the person who acts; nobody for the clock and the command line.
    Raises RuleBroken where the service knows nobody by this address."""
    if email is None:
        return OwnerReference(email=actor.email, name=actor.name, language=actor.language) if actor.email else None
    address = OwnerReference(email=email).email
    known = owners.by_email(session, address) or people.user_by_email(session, address)
    if known is None:
        raise RuleBroken("owner_unknown", "owner")
    return OwnerReference(email=address, name=known.name, language=known.language)


def _counts(read: _Sorted, told: Told) -> Counter[str]:
    counts = Counter({Outcome.ALREADY_THERE.value: read.known, REFUSED: len(told.refused)})
    for one in read.complete:
        counts += _counts_of(one)
    return +counts


def _counts_of(complete: Json) -> Counter[str]:
    contracts = complete["draft"].get("contracts", [])
    purchases = sum(len(one.get("purchases", ())) for one in complete["beyond"])
    return Counter({PROCUREMENTS: 1, CONTRACTS: len(contracts), PURCHASES: purchases})
