"""Open data: the procurements that someone sees as a release package of OCDS 1.1.5, written release by release."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.language.clause_wording import clause_wording
from app.language.open_data import milestone_title
from app.rules.clauses import purchase_counts
from app.rules.codes import BUSINESS_ID_SCHEME, DEFAULT_LANGUAGE, PartyRole
from app.rules.contracts import effective_end_on
from app.rules.facts import ContractFacts
from app.services import clauses, import_runs, ocds_codes, previews, trail
from app.services.acting import Act
from app.services.ocds_releases import (
    Json,
    OpenCompany,
    OpenContract,
    OpenDecision,
    OpenProcurement,
    OpenPurchase,
    OpenUnit,
    Told,
    release_of,
)
from app.storage import keyset, open_data
from app.storage.facts import load_facts
from app.storage.models import Clause, Contract, Procurement
from app.storage.open_data import Parts

CHUNK = 50
"""Procurements in memory at once: a threshold contract may have thousands of purchases."""


@dataclass(frozen=True, slots=True)
class Publication:
    """By whom and where it is published: `prefix` begins every ocid, `address` is where the package stands."""

    address: str
    base_url: str
    prefix: str
    zone: ZoneInfo
    business_id: str | None = None

    def ocid_of(self, procurement: Procurement) -> str:
        return procurement.ocid or f"{self.prefix}-{procurement.id}"


@dataclass(frozen=True, slots=True)
class ReleasePage:
    """Some releases, and the place of the next ones where there are more."""

    releases: Sequence[Json]
    found: keyset.Slice


def page_of_releases(session: Session, publication: Publication, page: keyset.Page, act: Act) -> ReleasePage:
    """A page of the releases of the procurements that the actor sees, the oldest first."""
    trees = None if act.actor.everywhere else act.actor.trees()
    found = open_data.page_of(session, trees, page)
    return ReleasePage(_releases(session, found.rows, publication, act), found)


def all_releases(session: Session, publication: Publication, act: Act) -> Iterator[Json]:
    """All of them; one chunk is in memory at a time."""
    after: tuple[Any, ...] | None = None
    while True:
        page = page_of_releases(session, publication, keyset.Page(CHUNK, after), act)
        yield from page.releases
        if page.found.next_after is None:
            return
        after = page.found.next_after
        session.expunge_all()


class Counted:
    """Releases that are counted as they go by."""

    def __init__(self, releases: Iterable[Json]) -> None:
        self._releases = releases
        self.count = 0

    def __iter__(self) -> Iterator[Json]:
        for release in self._releases:
            self.count += 1
            yield release


def package(
    session: Session, releases: Iterable[Json], publication: Publication, act: Act, next_page: str | None = None
) -> Iterator[str]:
    """The text of a release package, piece by piece, one release a line."""
    head = json.dumps(_about(session, publication, act, next_page), ensure_ascii=False)
    yield head[:-1] + ', "releases": ['
    lines = (json.dumps(release, ensure_ascii=False) for release in releases)
    yield from chain.from_iterable(((",\n" if number else "\n"), line) for number, line in enumerate(lines))
    yield "\n]}\n"


def record_releases_taken(session: Session, releases: int, act: Act) -> None:
    """Leaves in the trail who took how many releases."""
    trail.record(session, act, "exported", "procurement", "list", {"kind": "ocds", "rows": releases})


def _about(session: Session, publication: Publication, act: Act, next_page: str | None) -> Json:
    names = open_data.organisations(session, import_runs.organisations(session, act.actor))
    publisher = {"name": ", ".join(names) or "SIEPP", "uri": publication.base_url}
    if publication.business_id is not None and len(names) == 1:
        publisher |= {"scheme": BUSINESS_ID_SCHEME, "uid": publication.business_id}
    extensions = [ocds_codes.SUSTAINABILITY, ocds_codes.CONTRACT_TERMS, publication.base_url + ocds_codes.OWN_PATH]
    return {
        "uri": publication.address,
        "version": ocds_codes.VERSION,
        "publishedDate": ocds_codes.instant(act.now),
        "publisher": publisher,
        "license": ocds_codes.LICENSE,
        "extensions": [*extensions, *([ocds_codes.PAGINATION] if next_page else [])],
        **({"links": {"next": next_page}} if next_page else {}),
    }


# --- Rows become what a release is made of


def _releases(session: Session, rows: Sequence[Any], publication: Publication, act: Act) -> list[Json]:
    under = open_data.contracts_under(session, [row.id for row in rows])
    contract_ids = [one.Contract.id for some in under.values() for one in some]
    facts, parts = load_facts(session, contract_ids), open_data.parts_of(session, contract_ids)
    told = Told(act.today, publication.zone, publication.business_id, milestone_title)
    made = []
    for row in rows:
        contracts = [_contract(one, facts[one.Contract.id], parts, act) for one in under.get(row.id, ())]
        recorded = [day for one in contracts for day in _recorded(one.facts, act.today)]
        made.append(release_of(_procurement(row, contracts, recorded, publication), told))
    return made


def _recorded(facts: ContractFacts, today: date) -> Iterator[date]:
    """The days on which something was recorded that is published. Not the last day on which anything was: that is the
    day on which a job began, too."""
    yield facts.registered_on
    yield from (one.recorded_on for one in facts.purchases)
    yield from (one.recorded_on for one in facts.adjustments)
    dated = [one.exercised_on for one in facts.options]
    if facts.termination is not None:
        dated.append(facts.termination.decided_on)
    if facts.closure is not None:
        dated.append(facts.closure.effective_on)
    yield from (day for day in dated if day is not None and day <= today)


def _procurement(
    row: Any, contracts: Sequence[OpenContract], recorded: Sequence[date], publication: Publication
) -> OpenProcurement:
    procurement: Procurement = row.Procurement
    clause: Clause | None = row.Clause
    plain = ("reference", "title", "kind", "estimated_value_cents", "signed_on", "programme", "innovative_method")
    return OpenProcurement(
        ocid=publication.ocid_of(procurement),
        unit=_unit(row),
        procedure=procurement.procedure,
        notice_id=procurement.notice_id,
        no_clause_reason=procurement.no_clause_reason,
        terms=None if clause is None else clauses.terms_of(clause),
        wording="" if clause is None else clause_wording(previews.worded(clause), DEFAULT_LANGUAGE).text,
        recorded_on=max([procurement.created_at.astimezone(publication.zone).date(), *recorded]),
        contracts=contracts,
        **{name: getattr(procurement, name) for name in plain},
    )


def _unit(row: Any) -> OpenUnit:
    return OpenUnit(row.unit_id, row.unit_name, row.organisation)


def _company(row: Any) -> OpenCompany:
    return OpenCompany(row.scheme, row.identifier, row.name)


def _contract(row: Any, facts: ContractFacts, parts: Parts, act: Act) -> OpenContract:
    contract: Contract = row.Contract
    last = effective_end_on(facts, act.today)
    adjusted, closed = _of(parts.adjustments, contract), _of(parts.closures, contract)
    return OpenContract(
        id=contract.ocds_id or contract.id,
        reference=contract.reference,
        unit=_unit(row),
        supplier=_company(row.Supplier),
        parties=[(_company(one), PartyRole(one.role)) for one in _of(parts.parties, contract)],
        facts=facts,
        counts_from=contract.counts_from,
        committed_positions=contract.committed_positions,
        decisions=[
            *(OpenDecision(one.effective_on, one.delta, one.decision_reference) for one in adjusted),
            *(OpenDecision(one.effective_on, None, one.decision_reference) for one in closed),
        ],
        purchases=[
            OpenPurchase(ocds_codes.transaction_id(one.id, one.row_key), one.on_date, one.amount_cents)
            for one in _of(parts.purchases, contract)
            if purchase_counts(one.on_date, facts.starts_on, last)
        ],
    )


def _of(parts: dict[str, list[Any]], contract: Contract) -> list[Any]:
    return parts.get(contract.id, [])
