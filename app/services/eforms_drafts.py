"""From a notice to drafts: each lot is a procurement, its winners are contracts, the rest are facts beside them.

Only what the notice says is filled in. That an objective is `opp` makes no clause: what a clause asks for stands in the
words of the condition (BT-70), and a person reads them.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from app.rules.codes import ImportKind, ProcurementKind
from app.rules.dates import ONE_DAY, completes_on
from app.rules.drafts import FactCode
from app.schemas.contracts import MAX_LISTED
from app.schemas.imported_drafts import LINE, MAX_FACTS, ImportedDraft, day, fact, known, line, money
from app.services.notice_companies import buyer, named
from app.sources.eforms.notices import Amount, Award, Lot, Notice, Period, Result

EURO = "EUR"
KINDS = {"services": ProcurementKind.SERVICES, "supplies": ProcurementKind.GOODS, "works": ProcurementKind.WORKS}
MONTHS = {"MONTH": 1, "YEAR": 12}
DAYS = {"DAY": 1, "WEEK": 7}
UNITS = {"DAY": "days", "WEEK": "weeks", "MONTH": "months", "YEAR": "years"}
SOCIAL = "soc-obj"
"""BT-06: a procurement that fulfils social objectives."""
SELECTED = "selec-w"
LONGEST_MONTHS = 1200
"""No contract runs for more than a hundred years; a longer one is told in words and not calculated with."""
Facts = Iterator[dict[str, Any]]


def draft_of(notice: Notice, lot: Lot) -> ImportedDraft:
    """The draft of one lot. Raises ValidationError where an identity code stands in it."""
    result = lot.result or Result()
    awards, facts = result.awards[:MAX_LISTED], list(_facts(notice, lot, result))
    contracts = []
    for place, award in enumerate(awards):
        body, told = _contract(lot, award, place, notice)
        contracts.append(body)
        facts += told
    return ImportedDraft.model_validate(
        {
            "source": _source(notice, lot),
            "procurement": _procurement(notice, lot, awards),
            "contracts": contracts,
            "found": facts[:MAX_FACTS],
        }
    )


def _source(notice: Notice, lot: Lot) -> dict[str, Any]:
    """The procedure's id and the lot's name the procurement: a notice, its corrections and that of its result share
    them, and nothing else."""
    return known(
        {
            "kind": ImportKind.EFORMS,
            "key": f"{line(notice.procedure)}/{line(lot.id, 90)}",
            "document": line(notice.id),
            "version": line(notice.version),
            "issued_on": day(notice.issued_on),
            "is_award": notice.is_award or None,
        }
    )


def _procurement(notice: Notice, lot: Lot, awards: Sequence[Award]) -> dict[str, Any]:
    signed = [found for award in awards if (found := day(award.signed_on)) is not None]
    return known(
        {
            "title": line(_title(notice, lot)),
            "reference": line(notice.reference or lot.reference),
            "kind": KINDS.get(lot.nature or notice.nature or ""),
            "estimated_value_eur": _euros(_estimate(notice, lot)),
            "signed_on": min(signed, default=None),
            "procedure": line(notice.procedure_type),
            "notice_id": line(notice.number or notice.id),
        }
    )


def _title(notice: Notice, lot: Lot) -> str | None:
    """The lot's title says little without that of the procedure, so both stand there where they fit."""
    whole, part = notice.title, lot.title
    if whole is None or part is None or part.casefold() in whole.casefold():
        return whole or part
    if whole.casefold() in part.casefold():
        return part
    both = f"{whole}: {part}"
    return both if len(both) <= LINE else part


def _estimate(notice: Notice, lot: Lot) -> Amount | None:
    """The procedure's estimate is that of its only lot; of several it is the sum."""
    return lot.estimate or (notice.estimate if len(notice.lots) == 1 else None)


def _contract(lot: Lot, award: Award, place: int, notice: Notice) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The body of a contract, and what else is told of it."""
    parties = named(award, place)
    starts_on, ends_on = period_days(lot.period)
    shared = award.lots > 1 and award.value is not None
    body = known(
        {
            "reference": line(award.reference),
            "supplier": parties.supplier,
            "parties": parties.parties,
            "starts_on": starts_on,
            "ends_on": ends_on,
            "value_eur": None if shared else _euros(award.value),
        }
    )
    return body, [*_facts_of(award, place, notice), *parties.facts]


def period_days(period: Period) -> tuple[str | None, str | None]:
    """First and last day; the last is counted from the first where only the length is given."""
    starts_on, ends_on = day(period.starts_on), day(period.ends_on)
    if starts_on is None or ends_on is not None or not period.length:
        return starts_on, ends_on
    first, unit = date.fromisoformat(starts_on), period.unit or ""
    months, days = period.length * MONTHS.get(unit, 0), period.length * DAYS.get(unit, 0)
    if 0 < months <= LONGEST_MONTHS:
        ends_on = day(completes_on(first, months).isoformat())
    elif 0 < days <= LONGEST_MONTHS * 30:
        ends_on = day((first + timedelta(days=days) - ONE_DAY).isoformat())
    return starts_on, ends_on


def _facts(notice: Notice, lot: Lot, result: Result) -> Facts:
    """What is to be told of the procurement, the most important first."""
    yield from (fact(FactCode.CONDITION, text=words) for words in lot.conditions)
    yield from _employment(lot)
    yield from (buyer(one) for one in notice.buyers[:MAX_LISTED])
    if len(notice.lots) > 1:
        yield fact(FactCode.LOT, number=lot.id, title=lot.title, reference=lot.reference)
    if notice.title is not None and notice.title not in (_title(notice, lot) or ""):
        yield fact(FactCode.PROCEDURE_TITLE, text=notice.title)
    if len(_title(notice, lot) or "") > LINE:
        yield fact(FactCode.SHORTENED, field="title")
    yield fact(FactCode.NOTICE, type=notice.kind, number=line(notice.number or notice.id))
    yield from _outcome(notice, lot, result)
    yield from _duration(lot)
    yield from _money(notice, lot, result)
    yield from (fact(FactCode.WITHHELD, field=code) for code in dict.fromkeys((*lot.withheld, *result.withheld)))
    nature = lot.nature or notice.nature
    if nature is not None and nature not in KINDS:
        yield fact(FactCode.UNREADABLE, field="kind", text=nature)


def _employment(lot: Lot) -> Facts:
    """What points to an employment clause, or to something like it."""
    yield from (fact(FactCode.SOCIAL_OBJECTIVE, objective=code) for code in lot.objectives)
    if SOCIAL in lot.strategies and not lot.objectives:
        yield fact(FactCode.SOCIAL_PROCUREMENT)
    if lot.employment_condition is not None:
        yield fact(FactCode.EMPLOYMENT_CONDITION, used=lot.employment_condition)
    if lot.opportunities is not None:
        yield fact(FactCode.OPPORTUNITIES, count=lot.opportunities)
    yield from (fact(FactCode.RESERVED, reservation=code) for code in lot.reserved)


def _outcome(notice: Notice, lot: Lot, result: Result) -> Facts:
    if notice.is_cancelled:
        yield fact(FactCode.CANCELLED)
    if lot.result is None:
        return
    if SELECTED not in result.statuses:
        yield fact(FactCode.NO_WINNER, status=next(iter(result.statuses), None), reason=result.reason)
    elif not result.awards:
        yield fact(FactCode.WINNER_UNCLEAR)
    if result.tenders is not None:
        yield fact(FactCode.TENDER_NUMBERS, count=result.tenders)
    if len(result.awards) > MAX_LISTED:
        yield fact(FactCode.MORE_CONTRACTS, count=len(result.awards) - MAX_LISTED)


def _duration(lot: Lot) -> Facts:
    period = lot.period
    first, last = period_days(period)
    if first is not None or last is not None:
        yield fact(FactCode.PERIOD, first=first, last=last)
    for field, written in (("starts_on", period.starts_on), ("ends_on", period.ends_on)):
        if written is not None and day(written) is None:
            yield fact(FactCode.UNREADABLE, field=field, text=written)
    if period.length is not None and period.unit in UNITS:
        yield fact(FactCode.DURATION, count=period.length, unit=UNITS[period.unit])
    if period.open is not None:
        yield fact(FactCode.DURATION_OPEN, reason=period.open.lower())
    if lot.renewals:
        yield fact(FactCode.RENEWALS, count=lot.renewals)
    if lot.renewals_text is not None:
        yield fact(FactCode.RENEWALS_TEXT, text=lot.renewals_text)
    if lot.options_text is not None:
        yield fact(FactCode.OPTIONS_TEXT, text=lot.options_text)


def _money(notice: Notice, lot: Lot, result: Result) -> Facts:
    yield from _unfit("estimated_value_eur", _estimate(notice, lot), None)
    most = result.framework or lot.framework_maximum
    if lot.framework is not None or most is not None:
        amount = None if most is None else money(most.text)
        currency = None if most is None or amount is None else line(most.currency)
        yield fact(FactCode.FRAMEWORK, amount=amount, currency=currency)


def _facts_of(award: Award, place: int, notice: Notice) -> Facts:
    """What is to be told of one contract."""
    if award.differs:
        yield fact(FactCode.WINNER_DIFFERS, place)
    if award.title is not None and award.title != notice.title:
        yield fact(FactCode.CONTRACT_TITLE, place, text=award.title)
    for code, field, written in (
        (FactCode.SIGNED, "signed_on", award.signed_on),
        (FactCode.AWARDED, "awarded_on", award.awarded_on),
    ):
        found = day(written)
        if found is not None:
            yield fact(code, place, day=found)
        elif written is not None:
            yield fact(FactCode.UNREADABLE, place, field=field, text=written)
    yield from _unfit("value_eur", award.value, place, award.lots, bool(award.withheld))
    if award.subcontracted is not None or award.subcontracted_percent is not None:
        percent = line(award.subcontracted_percent, 10)
        yield fact(FactCode.SUBCONTRACTED, place, percent=percent, text=award.subcontracted)
    yield from (fact(FactCode.WITHHELD, place, field=code) for code in award.withheld)


def _unfit(field: str, value: Amount | None, place: int | None, lots: int = 1, is_withheld: bool = False) -> Facts:
    """What is to be told of money that does not go into its field as it is. In the place of a value that is withheld
    stands one that means nothing."""
    if value is None:
        return
    plain, currency = money(value.text), line(value.currency) or "?"
    if plain is None:
        if not is_withheld:
            yield fact(FactCode.UNREADABLE, place, field=field, text=value.text)
    elif lots > 1:
        yield fact(FactCode.SHARED_VALUE, place, amount=plain, currency=currency, lots=lots)
    elif value.currency != EURO:
        yield fact(FactCode.OTHER_CURRENCY, place, field=field, amount=plain, currency=currency)


def _euros(value: Amount | None) -> str | None:
    return money(value.text) if value is not None and value.currency == EURO else None
