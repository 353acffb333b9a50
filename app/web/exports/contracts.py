"""The contract list as a file, and the columns that say which contract something belongs to."""

from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from app.language.catalogues import msgid
from app.language.labels import label
from app.schemas.contract_lists import ContractListQuery
from app.services import list_exports
from app.services.acting import Act
from app.services.list_exports import ContractList, OfContract
from app.storage.contracts import SORTS, ContractFilter
from app.web.contract_lists import DEFAULT_SORT, FILTERS, asked_of, wanted_of
from app.web.exports.listing import Asked, Listing, Titled, at, euros, titled
from app.web.visiting import Visit

Row = TypeVar("Row")
COUNTS = ("required", "completed", "late", "running", "upcoming", "interrupted", "filled", "covered", "missing")
COUNT_WIDTH = 12
ALL = ContractList(ContractFilter(), SORTS["reference"])
OfList = Callable[[Session, ContractList, Act], Iterable[Row]]
OfOne = Callable[[Session, str, Act], Iterable[Row]]

WHICH: tuple[Titled[OfContract], ...] = (
    titled(msgid("contract number"), 16, at("row.reference")),
    titled(msgid("procurement's reference"), 18, at("row.procurement_reference")),
    titled(msgid("procurement"), 40, at("row.procurement_title")),
    titled(msgid("supplier"), 30, at("row.supplier_name")),
    titled(msgid("supplier's identifier"), 14, at("row.identifier")),
    titled(msgid("unit"), 30, at("unit_name")),
)


def which_contract() -> list[Titled[Any]]:
    """Columns of what hangs on contracts: rows that have a `contract`."""

    def of(one: Titled[OfContract]) -> Titled[Any]:
        return Titled(one.title, one.width, lambda row, reader: one.cell(row.contract, reader))

    return [of(one) for one in WHICH]


def _count(name: str) -> Titled[OfContract]:
    return Titled(lambda language: label("count", name, language), COUNT_WIDTH, at(f"row.{name}"))


COLUMNS: tuple[Titled[OfContract], ...] = (
    *WHICH[:3],
    titled(msgid("clause type"), 20, lambda one, reader: reader.word("clause_type", one.row.clause_type)),
    *WHICH[3:],
    titled(msgid("contract owner"), 24, at("row.owner_name")),
    titled(msgid("contract owner's e-mail"), 30, at("row.owner_email")),
    titled(msgid("first day"), 12, at("row.starts_on")),
    titled(msgid("last day without options"), 14, at("row.ends_on")),
    titled(msgid("last day"), 12, at("row.effective_end_on")),
    titled(msgid("value in euros without VAT"), 18, lambda one, _reader: euros(one.row.value_cents)),
    titled(msgid("status"), 22, lambda one, reader: reader.word("status", one.row.status)),
    *(_count(name) for name in COUNTS),
    titled(msgid("promised at the least"), 12, at("row.promised_min")),
    titled(msgid("promised at the most"), 12, at("row.promised_max")),
    titled(msgid("last day to start"), 14, at("row.latest_start_on")),
    titled(msgid("last recorded"), 14, at("row.last_recorded_on")),
    titled(msgid("judged for"), 14, at("row.judged_on")),
)


def asked_of_contracts(rows: OfList[Row]) -> Callable[[Visit], Asked[Row] | None]:
    """What an address with the filters and the order of the contract list asks for."""

    def asked(visit: Visit) -> Asked[Row] | None:
        _, form = asked_of(visit, ContractListQuery, FILTERS)
        order = visit.request.query_params.get("sort", DEFAULT_SORT)
        if form.errors or order.removeprefix("-") not in SORTS:
            return None
        wanted, sort = wanted_of(visit)
        return Asked(lambda session, act: rows(session, ContractList(wanted, sort), act), asdict(wanted))

    return asked


def asked_of_one(rows: OfOne[Row]) -> Callable[[Visit], Asked[Row]]:
    """What an address below a contract's page asks for."""

    def asked(visit: Visit) -> Asked[Row]:
        contract_id = visit.request.path_params["contract_id"]
        return Asked(lambda session, act: rows(session, contract_id, act), {"contract_id": contract_id})

    return asked


def of_all(rows: OfList[Row]) -> Asked[Row]:
    """Whatever hangs on any contract, by contract number."""
    return Asked(lambda session, act: rows(session, ALL, act))


CONTRACTS = Listing(
    subject="contract",
    title=msgid("contracts"),
    file_names={"fi": "sopimukset", "sv": "avtal", "en": "contracts"},
    columns=COLUMNS,
    asked=asked_of_contracts(list_exports.contract_list),
    page="/contracts",
    everything=of_all(list_exports.contract_list),
)
