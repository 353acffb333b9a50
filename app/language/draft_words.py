"""A draft in words: what it is about, in the order in which a person needs it."""

from collections.abc import Iterable
from typing import NamedTuple, Protocol

from babel.lists import format_list

from app.language.catalogues import msgid, msgid_in, translated, translated_in
from app.language.draft_facts import Values, fact_about, fact_text
from app.language.formats import LOCALES
from app.rules.drafts import FactCode

FIRST = (
    FactCode.CANCELLED,
    FactCode.NO_WINNER,
    FactCode.CONDITION,
    FactCode.EMPLOYMENT_CONDITION,
    FactCode.OPPORTUNITIES,
    FactCode.SOCIAL_OBJECTIVE,
    FactCode.SOCIAL_PROCUREMENT,
    FactCode.RESERVED,
)
"""What decides whether and how a clause is registered comes before the rest."""


class TellingFact(Protocol):
    """A fact as a draft keeps it."""

    @property
    def code(self) -> FactCode: ...
    @property
    def contract(self) -> int | None: ...
    @property
    def values(self) -> Values: ...


class Told(NamedTuple):
    """A fact in words."""

    fact: TellingFact
    about: str
    text: str


def facts_told(facts: Iterable[TellingFact], language: str) -> list[Told]:
    """The facts of a draft in words, those of the procurement first."""
    order = {code: place for place, code in enumerate(FIRST)}
    ordered = sorted(facts, key=lambda one: (-1 if one.contract is None else one.contract, order.get(one.code, 99)))
    return [Told(one, fact_about(one.code, language), fact_text(one.code, one.values, language)) for one in ordered]


MISSING: dict[str, str] = {
    "reference": msgid_in("missing_field", "the city's reference"),
    "title": msgid_in("missing_field", "what is bought"),
    "kind": msgid_in("missing_field", "the kind of procurement"),
    "clause": msgid_in("missing_field", "the employment clause"),
    "contract.reference": msgid_in("missing_field", "the contract number"),
    "supplier.business_id": msgid_in("missing_field", "the supplier's business ID"),
    "party.business_id": msgid_in("missing_field", "the business IDs of the other parties"),
    "period": msgid_in("missing_field", "the contract period"),
    "owner.email": msgid_in("missing_field", "the contract owner"),
}
FILL_IN = msgid("Still to be filled in: {missing}.")
ALL_THERE = msgid("Everything needed is there. Check it and register.")


def missing_sentence(fields: Iterable[str], language: str) -> str:
    """What a person still has to fill in, by the names of fields that a source left empty."""
    names = list(dict.fromkeys(_kind(field) for field in fields))
    if not names:
        return translated(ALL_THERE, language)
    words = [translated_in("missing_field", MISSING[name], language) for name in MISSING if name in names]
    return translated(FILL_IN, language).format(missing=format_list(words, locale=LOCALES[language]))


def _kind(field: str) -> str:
    """The same of every contract is said once."""
    if not field.startswith("contracts."):
        return field
    own = field.split(".", 2)[2]
    if own.startswith("parties."):
        return "party.business_id"
    return {"starts_on": "period", "ends_on": "period", "reference": "contract.reference"}.get(own, own)
