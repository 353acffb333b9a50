"""From a release to drafts: its tender, or each of its lots, is a procurement, and the rest are facts beside it.

A release with our own extension says the terms of its clause, and is taken at its word. Another one says at most that
there is a clause: a person reads its words.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from app.rules.codes import ImportKind, ProcurementKind
from app.rules.drafts import FactCode
from app.schemas.contracts import MAX_LISTED
from app.schemas.imported_drafts import (
    LINE,
    MAX_FACTS,
    ImportedDraft,
    day,
    fact,
    known,
    line,
    money,
    paragraphs,
)
from app.services import ocds_codes, ocds_own
from app.services.ocds_companies import buyer, named
from app.sources.ocds.releases import Contract, Lot, Money, Period, Release

KINDS = {kind.value: kind for kind in ProcurementKind}
CALLED_OFF = frozenset({"cancelled", "withdrawn"})
OVER = frozenset({"cancelled", "terminated", "unsuccessful"})
"""Statuses of tenders and contracts that a person should know of."""
LONGEST_LOT = 90
"""Of a lot's id, in signs: with an ocid it names the draft."""
Facts = Iterator[dict[str, Any]]


def drafts_of(release: Release) -> list[ImportedDraft]:
    """The drafts of a release. Raises ValidationError where our extension holds what no clause can, or where an
    identity code comes about."""
    return [_draft(release, lot, contracts) for lot, contracts in _parts(release)]


def says_nothing(release: Release) -> bool:
    """Whether there is nothing in it to register."""
    return not (release.title or release.reference or release.lots or release.contracts)


def _parts(release: Release) -> list[tuple[Lot, Sequence[Contract]]]:
    """One procurement is one lot. Where a contract does not say which lots it is of, the release is one procurement."""
    lots, ids = release.lots, {lot.id for lot in release.lots}
    split = len(lots) > 1 and all(one.lots and one.lots <= ids for one in release.contracts)
    if release.is_ours or not split:
        return [(release.whole, release.contracts)]
    return [(lot, [one for one in release.contracts if lot.id in one.lots]) for lot in lots]


def _draft(release: Release, lot: Lot, contracts: Sequence[Contract]) -> ImportedDraft:
    facts = list(_facts(release, lot, len(contracts)))
    bodies = []
    for place, contract in enumerate(contracts[:MAX_LISTED]):
        body, told = _contract(release, contract, place)
        bodies.append(body)
        facts += told
    return ImportedDraft.model_validate(
        {
            "source": _source(release, lot, bool(contracts)),
            "procurement": _procurement(release, lot, contracts),
            "contracts": bodies,
            "found": facts[:MAX_FACTS],
        }
    )


def _source(release: Release, lot: Lot, is_award: bool) -> dict[str, Any]:
    """The ocid names the contracting process whatever release tells of it; the later of two is the newer."""
    key = f"{release.ocid}/{line(lot.id, LONGEST_LOT)}" if lot.id else release.ocid
    return known(
        {
            "kind": ImportKind.OCDS,
            "key": line(key, len(key)),
            "document": line(release.id),
            "version": line(release.issued_on),
            "issued_on": day(release.issued_on),
            "is_award": is_award or None,
        }
    )


def _procurement(release: Release, lot: Lot, contracts: Sequence[Contract]) -> dict[str, Any]:
    signed = [found for one in contracts if (found := day(one.signed_on)) is not None]
    innovations = [one.text for one in lot.goals if one.code == ocds_codes.INNOVATION_GOAL and one.text]
    return known(
        {
            "reference": line(release.reference),
            "title": line(_title(release, lot, contracts)),
            "kind": KINDS.get(release.kind or ""),
            "estimated_value_eur": _euros(lot.value),
            "signed_on": day(release.signed_on) if release.is_ours else min(signed, default=None),
            "programme": line(release.programme),
            "innovative_method": line(next(iter(innovations), None)),
            "procedure": line(_procedure(release)),
            "notice_id": line(release.notice) if release.is_ours else None,
            "clause": ocds_own.clause_of(release.clause) if release.clause else None,
            "no_clause_reason": paragraphs(release.no_clause_reason),
        }
    )


def _procedure(release: Release) -> str | None:
    """Ours as it was typed; others explain their method in sentences."""
    words, method = release.method_details, release.method
    return (words or method) if release.is_ours else (method or words)


def _title(release: Release, lot: Lot, contracts: Sequence[Contract]) -> str | None:
    """The lot's with that of the tender before it, where both fit; else that of a contract."""
    whole, part = release.title, lot.title
    if lot.id and whole and part and part.casefold() not in whole.casefold():
        both = f"{whole}: {part}"
        return both if len(both) <= LINE else part
    titles = (part, whole, *(one.title for one in contracts))
    return next((one for one in titles if one), None)


def _contract(release: Release, contract: Contract, place: int) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The body of a contract, and what else is told of it."""
    parties = named(contract, place)
    period, own = contract.period, contract.own
    ends_on = day(period.ends_on)
    body = known(
        {
            "reference": line(own.get("contractNumber") if isinstance(own.get("contractNumber"), str) else contract.id),
            "supplier": parties.supplier,
            "parties": parties.parties,
            "starts_on": day(period.starts_on),
            "ends_on": ends_on,
            "value_eur": _euros(contract.value),
            "options": _options(period, ends_on),
        }
    )
    if own:
        body |= ocds_own.contract_of(own)
    return body, [*_facts_of(release, contract, place), *parties.facts]


def _options(period: Period, ends_on: str | None) -> list[dict[str, str]]:
    """A last day with all extensions, where it is later than the contract's: an option nobody has taken yet."""
    longest = day(period.longest)
    return [{"ends_on": longest}] if longest is not None and ends_on is not None and longest > ends_on else []


def _euros(value: Money | None) -> str | None:
    return money(value.amount) if value is not None and value.currency == ocds_codes.EURO else None


# --- What no field holds


def _facts(release: Release, lot: Lot, contracts: int) -> Facts:
    """What is to be told of the procurement, the most important first."""
    if not release.clause:
        yield from _clause_facts(lot)
    if release.buyer is not None and not release.is_ours:
        yield buyer(release.buyer)
    if lot.id:
        yield fact(FactCode.LOT, number=lot.id, title=lot.title)
    yield from _currency(lot.value, "estimated_value_eur", None)
    yield from _period_facts(lot.period)
    if release.tenderers:
        yield fact(FactCode.TENDER_NUMBERS, count=release.tenderers)
    if lot.status in CALLED_OFF:
        yield fact(FactCode.CANCELLED)
    elif lot.status in OVER:
        yield fact(FactCode.STATUS, status=lot.status)
    if contracts > MAX_LISTED:
        yield fact(FactCode.MORE_CONTRACTS, count=contracts - MAX_LISTED)


def _clause_facts(lot: Lot) -> Facts:
    if lot.condition is not None:
        yield fact(FactCode.CONDITION, text=lot.condition)
    codes = [one.code for one in lot.goals if one.code]
    if any(code.startswith(ocds_codes.GOAL) for code in codes):
        yield fact(FactCode.SOCIAL_OBJECTIVE, objective="opp")
    elif any(code.split(".")[0] == "social" for code in codes):
        yield fact(FactCode.SOCIAL_PROCUREMENT)


def _period_facts(period: Period) -> Facts:
    first, last, longest = day(period.starts_on), day(period.ends_on), day(period.longest)
    if first or last:
        yield fact(FactCode.PERIOD, first=first, last=last)
    if longest is not None and longest != last:
        yield fact(FactCode.LONGEST_END, day=longest)


def _facts_of(release: Release, contract: Contract, place: int) -> Facts:
    """What is to be told of a contract."""
    if release.is_ours and contract.own:
        return
    if contract.title is not None and release.title is not None and contract.title != release.title:
        yield fact(FactCode.CONTRACT_TITLE, place, text=contract.title)
    for code, text in ((FactCode.SIGNED, contract.signed_on), (FactCode.AWARDED, contract.awarded_on)):
        if day(text) is not None:
            yield fact(code, place, day=day(text))
    days = {"starts_on": contract.period.starts_on, "ends_on": contract.period.ends_on}
    for field, text in days.items():
        if text is not None and day(text) is None:
            yield fact(FactCode.UNREADABLE, place, field=field, text=text)
    yield from _currency(contract.value, "value_eur", place)
    if contract.status in OVER:
        yield fact(FactCode.STATUS, place, status=contract.status)


def _currency(value: Money | None, field: str, place: int | None) -> Facts:
    """An amount that no field takes: of another currency, or of none, or too large."""
    if value is None or _euros(value) is not None:
        return
    amount = money(value.amount)
    if amount is not None and value.currency not in {None, ocds_codes.EURO}:
        yield fact(FactCode.OTHER_CURRENCY, place, field=field, amount=amount, currency=value.currency)
    else:
        yield fact(FactCode.UNREADABLE, place, field=field, text=_shown(value.amount))


def _shown(amount: Decimal) -> str:
    return str(amount)[:LINE]
