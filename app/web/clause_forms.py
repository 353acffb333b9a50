"""The clause in a form: which fields belong to its type, what they begin with, and what they offer to choose from."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from app.language.catalogues import msgid, translated
from app.language.formats import capitalised, number
from app.language.labels import label
from app.rules import policy
from app.rules.facts import ClauseType, Completion, EmploymentForm, TargetGroup
from app.schemas.clauses import PurchaseThresholdClause
from app.services.clauses import TERMS, terms_of
from app.storage.models import Clause
from app.web.forms import Form

TYPE, FORMS, GROUPS = "clause.type", "clause.employment_forms[]", "clause.target_groups[]"
NO_CLAUSE = "none"
"""Chosen where the procurement has no clause."""
HINTS: dict[str, str] = {
    ClauseType.FIXED_COUNT: msgid("The supplier employs an exact number of people."),
    ClauseType.PURCHASE_THRESHOLD: msgid("So many people for each sum bought. Suits framework agreements."),
    ClauseType.AWARD_CRITERION: msgid("Bidders earn points for people they promise to employ."),
    NO_CLAUSE: msgid("The clause was considered but it does not suit this procurement."),
}
WITHOUT = msgid("No clause is used")


def clause_of(form: Form) -> dict[str, Any] | None:
    """A new clause as its schema reads it: the terms of its type only. None where the procurement has none."""
    chosen = form.text(TYPE)
    if chosen == NO_CLAUSE:
        return None
    if chosen not in set(ClauseType):
        return {}
    body = _of_type(form.body("clause"), ClauseType(chosen))
    if form.has(FORMS):
        body.setdefault("employment_forms", [])
    return body


def clause_change_of(form: Form, stored: Clause | None) -> dict[str, Any] | None:
    """The change of a clause: of the same type every field as it stands in the form, of another what begins anew."""
    chosen = form.text(TYPE)
    if stored is None or chosen != stored.type:
        return clause_of(form)
    body = _of_type(form.body("clause", keep_empty=True), ClauseType(chosen))
    if form.has(FORMS):
        body["employment_forms"] = body.get("employment_forms") or []
    if body.get("completion") is None:
        body.pop("completion", None)
    return body


def _of_type(body: Mapping[str, Any], kind: ClauseType) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name in TERMS[kind].model_fields}


def first_terms() -> dict[str, object]:
    """What the fields of a new clause begin with: one person, and what a clause says that does not speak of it."""
    return {
        TYPE: ClauseType.FIXED_COUNT,
        "clause.positions": 1,
        "clause.positions_per_threshold": PurchaseThresholdClause.model_fields["positions_per_threshold"].default,
        "clause.min_duration_months": policy.DEFAULT_MIN_DURATION_MONTHS,
        "clause.replacement_within_months": policy.DEFAULT_REPLACEMENT_WITHIN_MONTHS,
        "clause.replacement_allowed": True,
        FORMS: list(policy.DEFAULT_EMPLOYMENT_FORMS),
    }


def stored_terms(clause: Clause | None, language: str) -> dict[str, object]:
    """The fields of a clause that is kept, over those of a new one."""
    if clause is None:
        return first_terms() | {TYPE: NO_CLAUSE}
    shown: dict[str, object] = {}
    for name, value in terms_of(clause).items():
        field = f"clause.{name}{'[]' if name in {'employment_forms', 'target_groups'} else ''}"
        shown[field] = number(value, language) if isinstance(value, Decimal) else value
    return first_terms() | shown


def offered_terms(language: str) -> dict[str, Sequence[tuple[str, ...]]]:
    """What the fields of a clause offer to choose from."""
    return {
        "types": [
            *((kind, _word("clause_type", kind, language), translated(HINTS[kind], language)) for kind in ClauseType),
            (NO_CLAUSE, translated(WITHOUT, language), translated(HINTS[NO_CLAUSE], language)),
        ],
        "completions": [(one, _word("completion", one, language)) for one in Completion],
        "forms": [(one, _word("employment_form", one, language)) for one in EmploymentForm],
        "groups": [(one, _word("target_group", one, language)) for one in TargetGroup],
    }


def _word(kind: str, code: str, language: str) -> str:
    return capitalised(label(kind, code, language))
