"""/audit: the audit trail, searched by administrators of a whole organisation."""

from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.responses import Response

from app.http.reading import Pages, next_cursor
from app.language.audit import GROUPS, SUBJECTS, kind_words
from app.language.formats import capitalised
from app.services import audit
from app.services.audit import Entry
from app.storage.audit_entries import NEWEST_FIRST
from app.web.audit_words import EntryWords
from app.web.exports.audit import FILTERS, chosen_of, form_of
from app.web.exports.listing import addresses
from app.web.forms import FormView, FormWrong
from app.web.visiting import Look, Visit

router = APIRouter(prefix="/audit", include_in_schema=False)
PAGES_OF = {
    "contract": "/contracts/{}",
    "procurement": "/procurements/{}",
    "position": "/positions/{}",
    "user_account": "/users/{}",
    "import_run": "/imports/{}",
    "message": "/messages/{}",
}
"""Things that have a page by their id."""
NO_THINGS = frozenset({"list", "unknown"})
"""What stands in place of an id where there is no one thing."""


@router.get("")
def search(visit: Look, pages: Pages) -> Response:
    """The newest first. A filter that makes no sense is said to be so, and nothing is listed."""
    audit.require_search(visit.act.actor)
    form = form_of(visit)
    asked = {name: form.text(name) for name in FILTERS if form.text(name)}
    name, _, page = pages.sorted_by({"at": NEWEST_FIRST}, "at")
    try:
        chosen = chosen_of(visit)
    except FormWrong as error:
        return _page(visit, form.view(error), [], asked, None, status=422)
    found = audit.search(visit.session, chosen, visit.state.settings.timezone, page, visit.act)
    view = FormView.of(asked | {one: getattr(chosen, one) for one in ("since", "until") if getattr(chosen, one)})
    cursor = next_cursor(name, found.found)
    return _page(visit, view, found.entries, asked, cursor, first=pages.cursor is None)


def _page(
    visit: Visit,
    form: FormView,
    entries: list[Entry],
    asked: dict[str, str],
    cursor: str | None,
    status: int = 200,
    first: bool = True,
) -> Response:
    words = EntryWords(visit.language)
    return visit.page(
        "audit/list.html",
        status,
        form=form,
        items=[_item(entry, words) for entry in entries],
        kinds=_kinds(visit.language),
        asked=asked,
        files=addresses("/audit", asked),
        first_address="" if first else _address(asked),
        next_address="" if cursor is None else _address(asked | {"cursor": cursor}),
    )


def _kinds(language: str) -> list[tuple[str, str]]:
    """Groups first, then kinds of thing by their words."""
    groups = [(code, capitalised(kind_words(code, language))) for code in GROUPS]
    kinds = [(code, capitalised(kind_words(code, language))) for code in SUBJECTS]
    return groups + sorted(kinds, key=lambda one: one[1].casefold())


def _address(query: dict[str, str]) -> str:
    return f"/audit?{urlencode(query)}" if query else "/audit"


def _item(entry: Entry, words: EntryWords) -> dict[str, Any]:
    at = PAGES_OF.get(entry.subject, "") if entry.subject_id not in NO_THINGS else ""
    return {
        "entry": entry,
        "what": words.what(entry),
        "who": words.who(entry),
        "channel": words.channel(entry),
        "fields": words.fields(entry),
        "is_change": entry.before is not None,
        "address": at.format(entry.subject_id) if at and entry.action != "removed" else "",
        "thing_id": "" if entry.subject_id in NO_THINGS else entry.subject_id,
    }
