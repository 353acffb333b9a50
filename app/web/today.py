"""The start page: what needs me now, what changed since I was last here, and how the contracts stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from app.language.catalogues import msgid, translated
from app.language.headlines import Part, headline_parts
from app.language.own_words import own_words
from app.language.reasons import sentence
from app.rules.status import Status
from app.rules.steps import Step
from app.services import drafts, held_rows
from app.services.acting import Permission, may_somewhere
from app.services.today import ChangeKind, Move, Task, Why, show_today
from app.web.contract_words import STEPS, Button
from app.web.visiting import Look, Visit

router = APIRouter(include_in_schema=False)
MOVES: dict[Move, tuple[str, str]] = {
    Move.TELL_SUPPLIER: (msgid("Message to the supplier"), "/contracts/{contract}/supplier-text"),
    Move.NOTE: (msgid("Write what you know"), "/contracts/{contract}/notes/new"),
    Move.LOOK: (msgid("Open the contract"), "/contracts/{contract}"),
}
"""The words of a button and where it leads."""
KINDS: dict[ChangeKind, str] = {
    ChangeKind.STATUS: msgid("How the obligation stands"),
    ChangeKind.ENDED: msgid("Jobs that ended"),
    ChangeKind.LOGGED: msgid("Jobs logged"),
    ChangeKind.BOUGHT: msgid("Purchases"),
    ChangeKind.HANDED_OVER: msgid("Contracts handed over"),
}


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A task in words. `parts` is the sentence, cut at the day that matters."""

    task: Task
    parts: Sequence[Part]
    details: Sequence[str]
    button: Button


@router.get("/")
def show(visit: Look) -> Response:
    """Who only reports projects begins with them: nothing else is open to them."""
    if visit.reports_only:
        return RedirectResponse("/projects", 303)
    since = visit.signed_in.since_before if visit.signed_in else None
    timezone = visit.state.settings.timezone
    found = show_today(visit.session, since, timezone, visit.act)
    officer = may_somewhere(visit.act.actor, Permission.CONTRACTS)
    return visit.page(
        "today/page.html",
        found=found,
        lines=[_line(task, visit) for task in found.tasks],
        all_address=_all_address(found.statuses, visit.act.actor.email if found.own_only else None),
        projects=[
            ("/projects/" + one.project.slug, own_words(one.project.name, visit.language), number)
            for one, number in found.projects
        ],
        kinds={kind: translated(text, visit.language) for kind, text in KINDS.items()},
        may_register=officer,
        drafts=drafts.waiting(visit.session, visit.act),
        held=held_rows.count_held(visit.session, visit.act) if officer else 0,
        timezone=timezone,
        Why=Why,
    )


def _line(task: Task, visit: Visit) -> TaskLine:
    first, *others = task.reasons
    parts = headline_parts(first.code, first.values, visit.language)
    return TaskLine(task, parts, [sentence(one, visit.language) for one in others], _button(task, visit.language))


def _button(task: Task, language: str) -> Button:
    text, address = STEPS[task.move.kind] if isinstance(task.move, Step) else MOVES[task.move]
    about = task.move.about if isinstance(task.move, Step) else ""
    return Button(translated(text, language), address.format(contract=task.row.id, about=about), is_main=True)


def _all_address(statuses: Sequence[Status], owner_email: str | None) -> str:
    narrowed = [("status", status.value) for status in statuses]
    return f"/contracts?{urlencode(narrowed + ([('owner_email', owner_email)] if owner_email else []))}"
