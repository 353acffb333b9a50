"""What the forms of a contract share: the contract beside them, and what would follow, told before it is saved."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from starlette.responses import Response

from app.language.catalogues import msgid, translated
from app.language.formats import capitalised
from app.language.labels import label
from app.language.positions import not_counted_sentence
from app.language.reasons import sentence
from app.rules.errors import Conflict, Forbidden, RuleBroken
from app.rules.facts import EmploymentForm, TargetGroup
from app.rules.positions import Account
from app.schemas.text import holds_identity_code
from app.services import contracts
from app.services.acting import Permission
from app.services.foresight import Foreseen, find_for
from app.services.positions import PositionForeseen
from app.web import pages
from app.web.forms import CSRF, ONCE, VERSION, Form, FormView, FormWrong
from app.web.visiting import Submission, Visit

Told = TypeVar("Told")
PART = "x-part"
"""Header of a script that wants only the box of what would follow, not the whole page."""
HOPE = "can_be_continued"
"""Reason that is no trouble: someone can take the job up again."""
STALE = msgid("This was changed meanwhile. Look at how it stands now, and send the form again if it still holds.")
NOT_ACCEPTED = msgid("{label} (does not count under this contract)")


@dataclass(frozen=True, slots=True)
class Follows:
    """What the box by a form's button says: how the obligation would stand, and of a job also whether it counts.

    Empty while too little is filled in; `problems` where it could not be saved like this.
    """

    foreseen: Foreseen | None = None
    sentence: str = ""
    account: Account | None = None
    not_counted: tuple[str, ...] = ()
    troubles: tuple[str, ...] = ()
    hopes: tuple[str, ...] = ()
    broke_off: bool = False
    has_twin: bool = False
    problems: tuple[str, ...] = ()


def told(foreseen: Foreseen, language: str) -> Follows:
    return Follows(foreseen, sentence(foreseen.after.reasons[0], language))


def told_of_job(found: PositionForeseen, language: str) -> Follows:
    return replace(
        told(found.foreseen, language),
        account=found.account,
        not_counted=tuple(not_counted_sentence(code, language) for code in found.account.not_counted_because),
        troubles=tuple(sentence(reason, language) for reason in found.troubles if reason.code != HOPE),
        hopes=tuple(sentence(reason, language) for reason in found.troubles if reason.code == HOPE),
        broke_off=any(reason.code == "interrupted" for reason in found.troubles),
        has_twin=found.has_twin,
    )


def foretold(form: Form, ask: Callable[[], Follows]) -> Follows:
    """What `ask` says; nothing while a field that is needed is empty, and why where it could not be saved."""
    return foretold_as(form, ask, Follows(), lambda problems: Follows(problems=problems))


def foretold_as(form: Form, ask: Callable[[], Told], nothing: Told, wrong: Callable[[tuple[str, ...]], Told]) -> Told:
    """The same for another box than that of a contract's forms."""
    try:
        return ask()
    except FormWrong as error:
        if any(one["type"] == "missing" for one in error.errors):
            return nothing
        return wrong(tuple(form.view(error).errors.values()))
    except (RuleBroken, Conflict) as refused:
        view = form.view(refused)
        return wrong((*view.general, *view.errors.values()))


def as_form(view: FormView, language: str) -> Form:
    """A first showing as the form it would send."""
    return Form(((name, value) for name in view.values for value in view.all(name) if value), language)


def answered(asked: Submission, follows: Follows, whole: Callable[[FormView, Follows], Response]) -> Response:
    """The box alone for a script, else the whole page with what was filled in."""
    if PART not in asked.request.headers:
        return whole(_as_filled_in(asked.form), follows)
    return pages.piece("contract_forms/follows.html", asked.language, follows=follows)


def _as_filled_in(form: Form) -> FormView:
    kept = {name: value for name, value in form.values.items() if name not in {ONCE, CSRF}}
    return FormView({name: value for name, value in kept.items() if not holds_identity_code(str(value))})


def renewed(view: FormView, version: int, language: str | None = None) -> FormView:
    """After a stale edit the page shows what is stored now, so that sending the form again is a decision. With a
    language it is said so in the summary."""
    if not view.stale:
        return view
    general = view.general if language is None else (translated(STALE, language),)
    return replace(view, values={**view.values, VERSION: str(version)}, general=general)


def may_write(visit: Visit, contract_id: str, permission: Permission) -> bool:
    """Whether a button for it is worth showing. Raises NotFound outside the visitor's units."""
    try:
        find_for(visit.session, contract_id, visit.act, permission)
    except Forbidden:
        return False
    return True


def beside(visit: Visit, contract_id: str, permission: Permission | None) -> dict[str, Any]:
    """The contract as its forms show it. Raises NotFound outside the visitor's units, Forbidden where no role allows
    the write; None for a page that everyone may read."""
    if permission is not None:
        find_for(visit.session, contract_id, visit.act, permission)
    found = contracts.read_contract(visit.session, contract_id, visit.act)
    clause = found.judgement.outlook.facts.clause
    return {
        "contract": found.contract,
        "version": found.contract.version,
        "parties": found.parties,
        "judgement": found.judgement,
        "clause": clause,
        "accepts": {
            "forms": _listed("employment_form", EmploymentForm, clause.employment_forms, visit.language),
            "groups": _listed("target_group", TargetGroup, clause.target_groups, visit.language),
        },
        "sentences": [sentence(reason, visit.language) for reason in found.judgement.reasons[:2]],
    }


def _listed(kind: str, codes: Iterable[str], accepted: frozenset[str] | None, language: str) -> str:
    """What the clause accepts of a kind in one line; empty where it is all."""
    words = [label(kind, code, language) for code in codes if accepted is not None and code in accepted]
    return capitalised(", ".join(words))


def choices(kind: str, codes: Iterable[str], language: str) -> list[tuple[str, str]]:
    """Codes with their words, for a list to choose from."""
    return [(code, capitalised(label(kind, code, language))) for code in codes]


def accepted_first(
    kind: str, codes: Sequence[str], accepted: frozenset[str] | None, language: str
) -> list[tuple[str, str]]:
    """The same, those that the clause accepts first and the others saying so."""
    fits = [code for code in codes if accepted is None or code in accepted]
    others = choices(kind, [code for code in codes if code not in fits], language)
    refused = translated(NOT_ACCEPTED, language)
    return choices(kind, fits, language) + [(code, refused.format(label=word)) for code, word in others]
