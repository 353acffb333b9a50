"""Words of imports: how one stands, what a file brings, why a row was refused, what a person is asked to decide."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from babel.lists import format_list

from app.language import formats
from app.language.catalogues import Text, msgid, msgid_in, msgids, translated, translated_in
from app.language.errors import ERROR_CODES, error_sentence
from app.language.sentences import made
from app.rules.codes import HeldReason, ImportKind, ImportStatus

KINDS: dict[ImportKind, str] = {
    ImportKind.PURCHASES: msgid_in("import_kind", "purchase ledger"),
    ImportKind.CONTRACTS: msgid_in("import_kind", "procurements and contracts"),
    ImportKind.POSITIONS: msgid_in("import_kind", "positions"),
    ImportKind.EFORMS: msgid_in("import_kind", "procurement notice"),
    ImportKind.OCDS: msgid_in("import_kind", "open contracting data"),
}
MEANT: dict[ImportKind, str] = {
    ImportKind.PURCHASES: msgid(
        "What the city bought, as it comes from the ledger (CSV, TSV or Excel). Each purchase goes to the contract "
        "with a purchase threshold that it belongs to."
    ),
    ImportKind.CONTRACTS: msgid("A table with a contract on each row (Excel or CSV). Fill in the template."),
    ImportKind.POSITIONS: msgid("A table with a job on each row (Excel or CSV). Fill in the template."),
    ImportKind.EFORMS: msgid(
        "A contract notice or an award notice from Hilma (eForms, XML). It becomes a draft, which you complete."
    ),
    ImportKind.OCDS: msgid("Procurements that a city has published in the OCDS format (JSON)."),
}
"""Which file is meant, in a line."""

READING, INTERRUPTED = msgid("Being read, {percent} done."), msgid("Reading was interrupted. Import the file again.")
STANDS: dict[ImportStatus, str] = {
    ImportStatus.READY: msgid("Waits for you to look at it and to decide."),
    ImportStatus.ACTIVE: msgid("Was brought in on {on}."),
    ImportStatus.UNDONE: msgid("Was undone on {on}: it counts no more."),
    ImportStatus.DISCARDED: msgid("Was discarded on {on}. Nothing came in."),
    ImportStatus.FAILED: msgid("Could not be read. Nothing came in."),
}
"""How an import stands, in a sentence."""

OUTCOMES: dict[str, str] = {
    "new": msgid_in("import_count", "New purchases"),
    "corrected": msgid_in("import_count", "Corrected purchases: they replace an earlier one"),
    "procurements": msgid_in("import_count", "Procurements"),
    "contracts": msgid_in("import_count", "Contracts"),
    "positions": msgid_in("import_count", "Jobs"),
    "purchases": msgid_in("import_count", "Purchases"),
    "drafts": msgid_in("import_count", "New drafts"),
    "replaced": msgid_in("import_count", "Drafts that a newer notice replaces"),
    "completed": msgid_in("import_count", "Drafts that another document completes"),
    "already_there": msgid_in("import_count", "Here already, not taken a second time"),
    "differing": msgid_in("import_count", "Of those, jobs the list tells differently: they stay as they are"),
    "warned": msgid_in("import_count", "New contracts of which something is doubtful"),
    "not_counting": msgid_in("import_count", "New jobs that do not count towards the obligation"),
    "alike": msgid_in("import_count", "New jobs that look like one that is here: check that they are not the same"),
    "held": msgid_in("import_count", "Purchases whose contract a person must decide on"),
    "refused": msgid_in("import_count", "Rows with something wrong in them"),
    "no_longer_there": msgid_in(
        "import_count", "Purchases of an earlier ledger that are no longer in this one: they stay"
    ),
    "no_contract": msgid_in("import_count", "The supplier has no contract with a purchase threshold"),
    "outside_period": msgid_in("import_count", "The day is outside the supplier's contracts"),
    "outside_scope": msgid_in("import_count", "The contract does not take the account, service class or buying unit"),
    "left_out": msgid_in("import_count", "Left out, as you have decided before"),
    "registered_before": msgid_in("import_count", "Registered already: add what is new by hand"),
    "without_contract": msgid_in("import_count", "Lots that ended without a contract"),
    "totals_row": msgid_in("import_count", "Totals rows, which only add up others"),
}
"""What becomes of rows, in the order in which it matters."""

THINGS: dict[str, Text] = {
    "procurements": msgids("{count} procurement", "{count} procurements", by="count"),
    "contracts": msgids("{count} contract", "{count} contracts", by="count"),
    "positions": msgids("{count} job", "{count} jobs", by="count"),
    "purchases": msgids("{count} purchase", "{count} purchases", by="count"),
    "drafts": msgids("{count} draft", "{count} drafts", by="count"),
    "replaced": msgids("{count} draft replaced by a newer one", "{count} drafts replaced by newer ones", by="count"),
    "completed": msgids("{count} completed draft", "{count} completed drafts", by="count"),
}
"""What a file brings, as things of a list."""


class Tense(NamedTuple):
    """Sentences of what a file brings, before it is activated or after."""

    things: str
    purchases: Text
    nothing: str
    corrected: Text
    grows: Text
    falls: Text
    stays: str


WOULD = Tense(
    msgid("From the file would come {things}."),
    msgids("From the file {bought} would come to one contract.",
           "From the file {bought} would come to {many} contracts.", by="many"),
    msgid("Nothing would come from the file."),
    msgids("One of them corrects an earlier purchase, which would count no more.",
           "{corrected} of them correct earlier purchases, which would count no more.", by="corrected"),
    msgids("The obligation of one contract would grow: {which}.",
           "The obligation of {many} contracts would grow: {which}.", by="many"),
    msgids("The obligation of one contract would become smaller: {which}.",
           "The obligation of {many} contracts would become smaller: {which}.", by="many"),
    msgid("No obligation would change."),
)  # fmt: skip
DID = Tense(
    msgid("From the file came {things}."),
    msgids("From the file {bought} came to one contract.", "From the file {bought} came to {many} contracts.",
           by="many"),
    msgid("Nothing came from the file."),
    msgids("One of them corrected an earlier purchase, which counts no more.",
           "{corrected} of them corrected earlier purchases, which count no more.", by="corrected"),
    msgids("The obligation of one contract grew: {which}.", "The obligation of {many} contracts grew: {which}.",
           by="many"),
    msgids("The obligation of one contract became smaller: {which}.",
           "The obligation of {many} contracts became smaller: {which}.", by="many"),
    msgid("No obligation changed."),
)  # fmt: skip
CHANGED = msgid("{reference} (before {before}, then {after})")
ALL_HERE = msgid("Everything in it that belongs to a contract is here already.")
NONE_BELONGS = msgid("No row of it belongs to a contract with a purchase threshold.")
NAMED_AT_MOST = 5
"""Contracts named in the sentence; the table has the others."""

HELD: dict[HeldReason, str] = {
    HeldReason.AMBIGUOUS: msgid("Several contracts of the supplier take this purchase."),
    HeldReason.CONTRACT_NUMBER_UNKNOWN: msgid("The row names a contract number that no contract here has."),
    HeldReason.SUPPLIER_DIFFERS: msgid("The row names a contract of another supplier."),
    HeldReason.LOOKS_RECORDED: msgid(
        "The contract already has a purchase of the same day and sum from elsewhere. It may be the same one."
    ),
}
"""Why a person must decide."""
REMEMBERED: dict[str, str] = {
    "business_id": msgid_in("ledger", "supplier"),
    "contract_number": msgid_in("ledger", "contract number in the ledger"),
    "account": msgid_in("ledger", "account"),
    "service_class": msgid_in("ledger", "service class"),
    "buying_unit": msgid_in("ledger", "buying unit"),
}
"""What of a purchase can be remembered."""
COLUMNS: dict[str, str] = {
    "business_id": msgid_in("ledger", "supplier's business ID"),
    "on_date": msgid_in("ledger", "day of the purchase"),
    "amount": msgid_in("ledger", "sum without VAT"),
}
"""What a ledger must have."""
OTHER_COUNT = msgid_in("import_count", "Others")

REFUSALS: dict[str, Text] = {
    "too_many_cells": msgid("The row has more cells than the header. Look for a separator inside a text."),
    "business_id_missing": msgid("The supplier's business ID is missing, and no contract number stands in its place."),
    "business_id_foreign": msgid(
        "The supplier has no Finnish business ID, and no contract number stands in its place."
    ),
    "not_a_date": msgid("The day cannot be read. Write it like 31.12.2025."),
    "not_money": msgid("The amount cannot be read. Write it like 1 234,56."),
    "amount_zero": msgid("The amount is zero, which adds nothing."),
}
"""Why a row of a ledger cannot be taken, beside what errors say of single fields."""


def refusal_sentence(code: str, values: Mapping[str, object], language: str) -> str:
    """Why a row was refused, in a sentence."""
    if code in REFUSALS:
        return made(REFUSALS[code], values, language)
    return error_sentence(code if code in ERROR_CODES else "wrong_format", values, language)


def trouble_sentence(code: str, values: Mapping[str, object], language: str) -> str:
    """Why a file could not be read, and what to do."""
    told = dict(values)
    if code == "ledger_lacks_columns":
        names = str(told.get("columns", "")).split(", ")
        told["columns"] = ", ".join(
            translated_in("ledger", COLUMNS[name], language) if name in COLUMNS else name for name in names
        )
    return error_sentence(code if code in ERROR_CODES else "internal", told, language)


def kind_word(kind: str, language: str) -> str:
    return translated_in("import_kind", KINDS[ImportKind(kind)], language)


def standing(status: str, percent: int | None, on: date | None, language: str) -> str:
    """How an import stands: `percent` of the file is read, None where nobody reads it any more; `on` is the day on
    which it was settled."""
    if status == ImportStatus.READING:
        if percent is None:
            return translated(INTERRUPTED, language)
        return translated(READING, language).format(percent=percent_of(percent, language))
    values = {} if on is None else {"on": on}
    return made(STANDS[ImportStatus(status)], values, language)


def percent_of(percent: int, language: str) -> str:
    """45 % in Finnish and Swedish, 45% in English."""
    return f"{percent}%" if language == "en" else f"{percent}{formats.NO_BREAK_SPACE}%"


def outcomes(counts: Mapping[str, int], language: str) -> list[tuple[str, int]]:
    """What becomes of rows, in words, with their numbers; what is not known here is added up."""
    found = [
        (translated_in("import_count", text, language), counts[name])
        for name, text in OUTCOMES.items()
        if counts.get(name)
    ]
    others = sum(number for name, number in counts.items() if name not in OUTCOMES)
    return found + ([(translated_in("import_count", OTHER_COUNT, language), others)] if others else [])


class Change(NamedTuple):
    """What a ledger changes in how many positions a contract requires."""

    reference: str
    before: int
    after: int


def brought(
    kind: str, counts: Mapping[str, int], contracts: int, changes: Sequence[Change], tense: Tense, language: str
) -> list[str]:
    """What a file brings, in sentences, the weightiest first: purchases to so many contracts, and what they change; of
    other files the things themselves."""
    if kind != ImportKind.PURCHASES:
        return [_things(counts, tense, language)]
    total = counts.get("new", 0) + counts.get("corrected", 0)
    if not total:
        why = ALL_HERE if counts.get("already_there") else NONE_BELONGS
        told = [translated(tense.nothing, language)]
        return told if counts.get("held") else [*told, translated(why, language)]
    bought = made(THINGS["purchases"], {"count": total}, language, {"count": formats.number(total, language)})
    found = [made(tense.purchases, {"bought": bought, "many": contracts}, language)]
    if counts.get("corrected"):
        found.append(made(tense.corrected, {"corrected": counts["corrected"]}, language))
    grown = [one for one in changes if one.after > one.before]
    fallen = [one for one in changes if one.after < one.before]
    found += [_changed(text, some, language) for text, some in ((tense.grows, grown), (tense.falls, fallen)) if some]
    return found if grown or fallen else [*found, translated(tense.stays, language)]


def _things(counts: Mapping[str, int], tense: Tense, language: str) -> str:
    things = [
        made(text, {"count": counts[name]}, language, {"count": formats.number(counts[name], language)})
        for name, text in THINGS.items()
        if counts.get(name)
    ]
    if not things:
        return translated(tense.nothing, language)
    return translated(tense.things, language).format(things=_listed(things, language))


def _changed(text: Text, changes: Sequence[Change], language: str) -> str:
    named = [
        translated(CHANGED, language).format(
            reference=one.reference,
            before=formats.number(one.before, language),
            after=formats.number(one.after, language),
        )
        for one in changes[:NAMED_AT_MOST]
    ]
    which = _listed(named, language) if len(changes) <= NAMED_AT_MOST else f"{', '.join(named)}, …"
    return made(text, {"which": which, "many": len(changes)}, language)


def _listed(texts: Iterable[str], language: str) -> str:
    return format_list(list(texts), locale=formats.LOCALES[language])


def held_sentence(reason: str, language: str) -> str:
    return translated(HELD[HeldReason(reason)], language)


def remembered_word(field: str, language: str) -> str:
    return translated_in("ledger", REMEMBERED[field], language)
