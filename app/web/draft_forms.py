"""The form of a registration filled in from a draft."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from app.language.formats import number
from app.schemas.clauses import ClauseChange
from app.schemas.imported_drafts import ImportedCompany, ImportedContract, ImportedProcurement
from app.services.drafts import DraftFound
from app.web.clause_forms import TYPE, first_terms
from app.web.forms import VERSION, Form
from app.web.registering import euros_typed

GUESSED = (TYPE, "clause.positions")
"""What a new form begins with and one from a draft does not: what the clause asks for is in the source's words, and
nobody but its reader says it."""
LISTS = frozenset({"employment_forms", "target_groups"})
_PARTY = re.compile(r"(contracts\.[0-9]{1,2}\.parties)\.([0-9]{1,2})\.(.+)")


def prefilled(found: DraftFound, language: str) -> dict[str, object]:
    """The fields of the form, as far as the draft tells them."""
    told = found.told
    values = {name: value for name, value in first_terms().items() if name not in GUESSED}
    values |= {"unit_id": found.unit.id, VERSION: found.draft.version}
    values |= dict(_procurement(told.procurement, language))
    for place, contract in enumerate(told.contracts):
        values |= {f"contracts.{place}.{name}": value for name, value in _contract(contract)}
    return values


def _procurement(told: ImportedProcurement, language: str) -> Iterator[tuple[str, object]]:
    for name, value in told:
        if isinstance(value, ClauseChange):
            yield from _clause(value, language)
        elif value is not None:
            yield name, _typed(name, value)


def _clause(told: ClauseChange, language: str) -> Iterator[tuple[str, object]]:
    for name in told.model_fields_set:
        value = getattr(told, name)
        field = f"clause.{name}{'[]' if name in LISTS else ''}"
        if value is not None:
            yield field, number(value, language) if isinstance(value, Decimal) else _typed(name, value)


def _contract(told: ImportedContract) -> Iterator[tuple[str, object]]:
    yield "supplier_contact.language", "fi"
    yield "reference", told.reference or ""
    for name in ("starts_on", "ends_on", "counts_from", "value_eur", "committed_positions"):
        value = getattr(told, name)
        if value is not None:
            yield name, _typed(name, value)
    if told.supplier is not None:
        yield from _company("supplier", told.supplier)
    for place, party in enumerate(told.parties):
        yield from _company(f"parties.{place}", party)
        yield f"parties.{place}.role", party.role
    for place, option in enumerate(told.options):
        yield f"options.{place}.ends_on", option.ends_on
        if option.exercised_on is not None:
            yield f"options.{place}.exercised_on", option.exercised_on


def _company(prefix: str, told: ImportedCompany) -> Iterator[tuple[str, object]]:
    for name in ("business_id", "identifier_scheme", "identifier", "name"):
        value = getattr(told, name)
        if value is not None:
            yield f"{prefix}.{name}", value


def _typed(name: str, value: Any) -> object:
    """A value as a person types it."""
    return euros_typed(value) if name.endswith("_eur") else value


def without_empty_parties(form: Form) -> Form:
    """The form without the parties that were emptied (their role alone is none), the others numbered anew: so what is
    wrong with one is shown at its own line."""
    kept: dict[str, set[int]] = {}
    for name, value in form.values.items():
        match = _PARTY.fullmatch(name)
        if match is not None and match[3] != "role" and value:
            kept.setdefault(match[1], set()).add(int(match[2]))
    pairs: list[tuple[str, str]] = []
    for name, value in form.values.items():
        shown = _renumbered(name, kept)
        if shown is not None:
            pairs += [(shown, one) for one in ([value] if isinstance(value, str) else value)]
    return Form(pairs, form.language)


def _renumbered(name: str, kept: Mapping[str, set[int]]) -> str | None:
    match = _PARTY.fullmatch(name)
    if match is None:
        return name
    places = sorted(kept.get(match[1], ()))
    return f"{match[1]}.{places.index(int(match[2]))}.{match[3]}" if int(match[2]) in places else None
