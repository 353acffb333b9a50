"""What the company register says, in words: on a contract's page, in lists, and beside the form of a registration."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter, ValidationError
from sqlalchemy.orm import Session

from app.language.companies import (
    clear_up_sentence,
    entry_sentence,
    hint_sentence,
    situation_sentence,
    source_sentence,
    waiting_sentence,
)
from app.language.formats import capitalised
from app.language.labels import label
from app.schemas.suppliers import BusinessId
from app.services import companies
from app.services.acting import Permission, may_somewhere
from app.services.companies import CompanyKnown, PartyKnown
from app.web.forms import Form
from app.web.visiting import Submission, Visit

_BUSINESS_ID: TypeAdapter[str] = TypeAdapter(BusinessId)
TYPED = "supplier.business_id"
"""End of the names of the fields in which business IDs are typed."""


@dataclass(frozen=True, slots=True)
class PartyTold:
    """A party in trouble: what it is in, and where that is known from."""

    sentences: Sequence[str]
    source: str


@dataclass(frozen=True, slots=True)
class CompaniesTold:
    """The parties of a contract as the register has them: `entries` by the supplier's id."""

    in_trouble: Sequence[PartyTold]
    clear_up: str
    entries: dict[str, str]


def companies_told(visit: Visit, parties: Sequence[PartyKnown], in_trouble: Sequence[PartyKnown]) -> CompaniesTold:
    language = visit.language
    return CompaniesTold(
        [_trouble(visit, party) for party in in_trouble],
        clear_up_sentence(language),
        {party.supplier_id: _entry(visit, party.company) for party in parties},
    )


def _trouble(visit: Visit, party: PartyKnown) -> PartyTold:
    sentences = [
        situation_sentence(party.name, one.code, one.since, one.seen_on, visit.language)
        for one in party.company.situations
    ]
    return PartyTold(sentences, source_sentence(visit.state.day_at(_asked(party.company)), visit.language))


def _entry(visit: Visit, company: CompanyKnown) -> str:
    fetched_on = visit.state.day_at(_asked(company))
    return entry_sentence(company.found, company.name, company.forms, fetched_on, visit.language)


def _asked(company: CompanyKnown) -> datetime:
    assert company.fetched_at is not None  # noqa: S101 - a contract's parties come with an answer only
    return company.fetched_at


def in_trouble(visit: Visit, rows: Sequence[Any]) -> dict[str, str]:
    """A word or two for those of a list's contracts whose supplier is in trouble while that matters, by their id."""
    return {
        contract_id: capitalised(", ".join(label("company_situation", one.code, visit.language) for one in situations))
        for contract_id, situations in companies.in_trouble(visit.session, rows, visit.act.today).items()
    }


# --- Beside the form


@dataclass(frozen=True, slots=True)
class Hint:
    """`is_alert`: someone had better look."""

    text: str
    is_alert: bool = False


def hints(visit: Visit, form: Form) -> list[Hint]:
    """What the register says of the business IDs typed into a form; those it was never asked about it will be asked
    about soon, by the clock. Nothing where no register is set, or the person may not register."""
    typed = sorted({one for name in form.values if name.endswith(TYPED) and (one := _read(form.text(name)))})
    if not typed or visit.state.settings.company_register is None:
        return []
    if not may_somewhere(visit.act.actor, Permission.CONTRACTS):
        return []
    known = companies.known(visit.session, typed, visit.act.now)
    unknown = [one for one in typed if one not in known]
    if unknown:
        with _writing(visit) as session:
            companies.want(session, unknown, visit.act)
    return [hint for one in typed for hint in _hints(visit, one, known.get(one))]


def _read(typed: str) -> str | None:
    """The business ID as it is written; None while it is none."""
    try:
        return _BUSINESS_ID.validate_python(typed)
    except ValidationError:
        return None


def _writing(visit: Visit) -> AbstractContextManager[Session]:
    """A form sent has its transaction already."""
    return nullcontext(visit.session) if isinstance(visit, Submission) else visit.writing()


def _hints(visit: Visit, business_id: str, company: CompanyKnown | None) -> Iterator[Hint]:
    language = visit.language
    if company is None or company.fetched_at is None:
        yield Hint(waiting_sentence(business_id, company is not None and company.late, language))
        return
    fetched_on = visit.state.day_at(company.fetched_at)
    yield Hint(hint_sentence(business_id, company.found, company.name, fetched_on, language), not company.found)
    for one in company.situations:
        name = company.name or business_id
        yield Hint(situation_sentence(name, one.code, one.since, one.seen_on, language), is_alert=True)
