"""What the page of an import says, in words; and its refused rows as a file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from app.http.reading import PathKey
from app.language.formats import capitalised
from app.language.import_columns import COLUMNS
from app.language.import_words import (
    DID,
    WOULD,
    Change,
    brought,
    kind_word,
    outcomes,
    standing,
    trouble_sentence,
)
from app.language.list_remarks import remarks
from app.rules.codes import ImportKind, ImportStatus
from app.services import exports, imports
from app.services.imports import Preview
from app.web.refused_files import refused_file_of, why_refused
from app.web.spreadsheets import Kind, closing_on_error
from app.web.visiting import Look, Visit

router = APIRouter(include_in_schema=False)
REFUSED_SHOWN = 20
CONTRACTS_SHOWN = 50
"""The page stays light; the others of both are in the files and in the sentence."""
FILE_NAMES = {"fi": "hylatyt-rivit", "sv": "avvisade-rader", "en": "refused-rows"}
BROUGHT = frozenset({ImportStatus.ACTIVE, ImportStatus.UNDONE})
DRAFTS = frozenset({"drafts", "replaced", "completed"})


@dataclass(frozen=True, slots=True)
class ImportShown:
    """An import in words. `stands` is how it stands; `sentences` what it brings, empty where it brings nothing to look
    at; `procurements` are titles with contract numbers that wait to come in; `refusals` the first refused rows by line,
    never with what stands in them; `drafts`: drafts wait because of it; `percent` of the file is read."""

    kind: str
    stands: str
    sentences: Sequence[str]
    trouble: str
    outcomes: Sequence[tuple[str, int]]
    contracts: Sequence[Any]
    more_contracts: int
    procurements: Sequence[tuple[str, str]]
    more_procurements: int
    refusals: Sequence[tuple[int, str]]
    refused: int
    waiting: int
    same_file: Sequence[Any]
    drafts: bool
    is_ledger: bool
    is_being_read: bool
    is_interrupted: bool
    percent: int
    rows: int


def stands(visit: Visit, run: Any) -> str:
    """How an import, or a row of its list, stands, in a sentence."""
    percent = None if imports.is_interrupted(run, visit.act.now) else _percent(run)
    at = run.undone_at or run.settled_at
    return standing(run.status, percent, None if at is None else visit.state.day_at(at), visit.language)


def shown(visit: Visit, found: Preview) -> ImportShown:
    """The page of an import, in words."""
    run, language = found.run, visit.language
    interrupted = imports.is_interrupted(run, visit.act.now)
    told = imports.refused_rows(visit.session, run.id, visit.act, REFUSED_SHOWN) if found.refused else []
    is_over = run.status in {ImportStatus.DISCARDED, ImportStatus.FAILED, ImportStatus.READING}
    contracts = [] if is_over else list(found.contracts)
    procurements = _procurements(run.content or {})
    return ImportShown(
        kind=capitalised(kind_word(run.kind, language)),
        stands=stands(visit, run),
        sentences=() if is_over else _sentences(found, language),
        trouble=_trouble(run, language),
        outcomes=outcomes(run.counts, language),
        contracts=contracts[:CONTRACTS_SHOWN],
        more_contracts=max(found.contract_count - CONTRACTS_SHOWN, 0) if contracts else 0,
        procurements=procurements[:CONTRACTS_SHOWN],
        more_procurements=max(len(procurements) - CONTRACTS_SHOWN, 0),
        refusals=[(row.line, why_refused(row, run.kind, language)) for row in told],
        refused=found.refused,
        waiting=0 if is_over else found.held,
        same_file=found.same_file,
        drafts=run.status == ImportStatus.ACTIVE and bool(DRAFTS & set(run.counts)),
        is_ledger=run.kind == ImportKind.PURCHASES,
        is_being_read=run.status == ImportStatus.READING and not interrupted,
        is_interrupted=interrupted,
        percent=_percent(run),
        rows=run.rows,
    )


def _sentences(found: Preview, language: str) -> list[str]:
    run = found.run
    changes = [Change(one.reference, one.required_before, one.required_after) for one in found.growing]
    tense = DID if run.status in BROUGHT else WOULD
    told = brought(run.kind, run.counts, found.contract_count, changes, tense, language)
    return [*told, *remarks(run.content, language)] if run.kind in COLUMNS else told


def _procurements(content: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Titles of what waits to be brought in, each with its contracts' numbers. A draft need not know them."""
    drafts = [one["draft"] for one in content.get("complete", ())]
    drafts += [one["draft"] for one in content.get("drafts", ()) if one["outcome"] in DRAFTS]
    told = [(one.get("procurement", {}), one.get("contracts", ())) for one in drafts]
    told += [(one, one["contracts"]) for one in content.get("procurements", ())]
    return [
        (
            procurement.get("title") or procurement.get("reference") or "–",
            ", ".join(one["reference"] for one in contracts if one.get("reference")),
        )
        for procurement, contracts in told
    ]


def _trouble(run: Any, language: str) -> str:
    if run.error is None:
        return ""
    return trouble_sentence(run.error["code"], run.error["values"], language)


def _percent(run: Any) -> int:
    """How much of the file is read; all of it only once nothing is left to do."""
    read, whole = int(run.read_bytes), int(run.file_bytes)
    return min(100 * read // max(whole, 1), 99)


@router.get("/imports/{import_id}/refused.csv")
def refused_file(import_id: PathKey, visit: Look) -> Response:
    """All refused rows under their header, each with its line and why. The trail says who took them."""
    found = imports.preview(visit.session, import_id, visit.act)
    rows = imports.refused_rows(visit.session, import_id, visit.act)
    file = refused_file_of(found.run, rows, visit.language, visit.act.now)
    with closing_on_error(file.file), visit.writing() as session:
        exports.record_taken(session, "refused_row", Kind.CSV, file.rows, visit.act, {"import": import_id})
    return file.answer(FILE_NAMES[visit.language], visit.act.today)
