"""The list of contracts: filters, orders and pages, all of them in its address."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial
from typing import Any, TypeVar
from urllib.parse import urlencode

from fastapi import APIRouter
from pydantic import BaseModel, ValidationError
from starlette.responses import Response

from app.http.problems import field_error_of
from app.http.reading import DEFAULT_LIMIT, Paging, next_cursor
from app.language.catalogues import msgid, translated
from app.language.errors import error_sentence
from app.language.formats import capitalised, day
from app.language.labels import label
from app.rules.errors import NotFound, RuleBroken
from app.rules.facts import ClauseType
from app.rules.status import WORST_FIRST
from app.schemas.contract_lists import ContractListQuery
from app.services import contracts, suppliers, units
from app.services.acting import Permission, may_somewhere
from app.storage import keyset
from app.storage.contracts import SORTS, ContractFilter
from app.storage.units import ids_on_path
from app.web.company_words import in_trouble
from app.web.exports.listing import addresses
from app.web.forms import WORDED_FOR_PEOPLE, Form, FormView
from app.web.visiting import Look, Visit

router = APIRouter(include_in_schema=False)
Query = TypeVar("Query", bound=BaseModel)
FILTERS = ("status", "unit_id", "supplier_id", "clause_type", "owner_email", "latest_start_before", "q")
"""In the order in which the chips stand."""
DEFAULT_SORT = "latest_start_on"
MOST_UNITS = 500
MOST_SUPPLIERS = 200
"""More than these nobody finds in a list to choose from: the search finds them by name."""
WORDS = {
    "unit_id": msgid("Unit: {value}"),
    "supplier_id": msgid("Supplier: {value}"),
    "clause_type": msgid("Clause: {value}"),
    "owner_email": msgid("Owner: {value}"),
    "latest_start_before": msgid("Last day to start before {value}"),
    "q": msgid("Search: {value}"),
}
UNKNOWN = msgid("unknown")


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that was chosen, and the address of the list without it."""

    text: str
    without: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A column's heading: the address that sorts by it, and how the list is sorted by it now, if it is."""

    address: str
    sorted: str
    """`ascending`, `descending` or `none`, as ARIA says it."""


def asked_of(visit: Visit, schema: type[Query], names: Collection[str]) -> tuple[Query, FormView]:
    """The filters of an address, those left out that do not fit; the form says beside each what is wrong with it."""
    pairs = [(name, value) for name, value in visit.request.query_params.multi_items() if name in names and value]
    body = Form([(f"{name}[]" if name == "status" else name, value) for name, value in pairs], visit.language).body()
    errors: dict[str, str] = {}
    try:
        query = schema.model_validate(body)
    except ValidationError as wrong:
        for error in wrong.errors(include_url=False, include_input=False):
            told = field_error_of({**error, "loc": ("query", *error["loc"])}, visit.language, WORDED_FOR_PEOPLE)
            errors[str(error["loc"][0])] = told["message"]
        query = schema.model_validate({name: value for name, value in body.items() if name not in errors})
    return query, FormView(FormView.of(body).values, errors, (), 422 if errors else 200)


def wanted_of(visit: Visit) -> tuple[ContractFilter, keyset.Sort]:
    """What the address asks for, as the list shows it and files of it have it: what does not fit is left out."""
    query, _ = asked_of(visit, ContractListQuery, FILTERS)
    _, sort, _ = Paging(DEFAULT_LIMIT, None, _sort_name(visit)).sorted_by(SORTS, DEFAULT_SORT)
    return _filter(query), sort


def _sort_name(visit: Visit) -> str:
    name = visit.request.query_params.get("sort", DEFAULT_SORT)
    return name if name.removeprefix("-") in SORTS else DEFAULT_SORT


def _filter(query: ContractListQuery) -> ContractFilter:
    return ContractFilter(
        query.status or (),
        query.unit_id,
        query.supplier_id,
        query.clause_type,
        query.owner_email.strip().lower() if query.owner_email else None,
        query.latest_start_before,
        query.q.strip() if query.q else None,
    )


@lru_cache(maxsize=4096)
def _day(on: date, language: str) -> str:
    """Lists show the same days again and again, and writing one takes longer than reading its row."""
    return day(on, language)


@router.get("/contracts")
def show(visit: Look) -> Response:
    query, form = asked_of(visit, ContractListQuery, FILTERS)
    given, name, errors = visit.request.query_params, _sort_name(visit), dict(form.errors)
    if given.get("sort", name) != name:
        errors["sort"] = error_sentence("sort_unknown", {"choices": ", ".join(SORTS)}, visit.language)
    cursor = given.get("cursor")
    try:
        _, sort, page = Paging(DEFAULT_LIMIT, cursor, name).sorted_by(SORTS, DEFAULT_SORT)
    except RuleBroken as wrong:
        errors["cursor"], cursor = error_sentence(wrong.code, wrong.values, visit.language), None
        _, sort, page = Paging(DEFAULT_LIMIT, None, name).sorted_by(SORTS, DEFAULT_SORT)
    found = contracts.list_contracts(visit.session, _filter(query), sort, page, visit.act)
    form = FormView(form.values, errors, (), 422 if errors else 200)
    kept = _pairs(query, name)
    unit_list, supplier_list = unit_choices(visit), _supplier_choices(visit)
    following = next_cursor(name, found)
    variables: dict[str, Any] = {
        "rows": found.rows,
        "written": partial(_day, language=visit.language),
        "in_trouble": in_trouble(visit, found.rows),
        "chips": _chips(visit, query, kept, unit_list, supplier_list),
        "headings": {one: _heading(one, name, kept) for one in SORTS},
        "units": unit_list,
        "suppliers": supplier_list,
        "statuses": [(one.value, capitalised(label("status", one, visit.language))) for one in WORST_FIRST],
        "clause_types": [(one.value, capitalised(label("clause_type", one, visit.language))) for one in ClauseType],
        "sort": name if name != DEFAULT_SORT else "",
        "next": _address([*kept, ("cursor", following)]) if following else None,
        "first": _address(kept) if cursor is not None else None,
        "files": {noun: addresses(f"/{noun}", kept) for noun in ("contracts", "positions", "purchases")},
        "may_hand_over": _may_hand_over(visit, found.rows),
        "may_register": may_somewhere(visit.act.actor, Permission.CONTRACTS),
    }
    return visit.page("contracts/list.html", form.status, form=form, **variables)


def _may_hand_over(visit: Visit, rows: Any) -> frozenset[str]:
    """Ids of the contracts listed that this person may hand over."""
    paths = contracts.paths_of(visit.session, [row.id for row in rows])
    return frozenset(row.id for row in rows if visit.may(Permission.REMINDERS, paths[row.id], row.owner_email))


def _pairs(query: ContractListQuery, sort: str) -> list[tuple[str, str]]:
    """The address's filters and order that fit, as it says them."""
    pairs: list[tuple[str, str]] = []
    for name in FILTERS:
        value = getattr(query, name)
        values = value if isinstance(value, list) else [value]
        pairs += [(name, str(one)) for one in values if one is not None and str(one)]
    return pairs + ([("sort", sort)] if sort != DEFAULT_SORT else [])


def _address(pairs: list[tuple[str, str]]) -> str:
    return f"/contracts?{urlencode(pairs)}" if pairs else "/contracts"


def _heading(name: str, sort: str, kept: list[tuple[str, str]]) -> Heading:
    """Sorts by the column; by the one already sorted by, the other way round."""
    plain = [pair for pair in kept if pair[0] != "sort"]
    turned = f"-{name}" if sort == name else name
    state = {name: "ascending", f"-{name}": "descending"}.get(sort, "none")
    return Heading(_address([*plain, ("sort", turned)]), state)


def unit_choices(visit: Visit) -> list[tuple[str, str]]:
    """The units the person sees, each set in below the one above it."""
    rows = units.units_seen(visit.session, MOST_UNITS, visit.act)
    top = min((len(ids_on_path(row.path)) for row in rows), default=0)
    return [(row.id, "\N{EM SPACE}" * (len(ids_on_path(row.path)) - top) + row.name) for row in rows]


def _supplier_choices(visit: Visit) -> list[tuple[str, str]]:
    """The suppliers to choose from; none where they are too many for a list."""
    return [(row.id, row.name) for row in suppliers.suppliers_by_name(visit.session, MOST_SUPPLIERS, visit.act)]


def _chips(
    visit: Visit,
    query: ContractListQuery,
    kept: list[tuple[str, str]],
    unit_list: list[tuple[str, str]],
    supplier_list: list[tuple[str, str]],
) -> list[Chip]:
    language = visit.language

    def worded(name: str, value: str) -> str:
        if name == "status":
            return capitalised(label("status", value, language))
        if name == "clause_type":
            shown = label("clause_type", value, language)
        elif name == "latest_start_before" and query.latest_start_before is not None:
            shown = day(query.latest_start_before, language)
        elif name == "unit_id":
            shown = dict(unit_list).get(value, translated(UNKNOWN, language)).strip()
        elif name == "supplier_id":
            shown = dict(supplier_list).get(value) or _supplier_name(visit, value)
        else:
            shown = value
        return translated(WORDS[name], language).format(value=shown)

    chosen = [pair for pair in kept if pair[0] in FILTERS]
    return [Chip(worded(*pair), _address([other for other in kept if other != pair])) for pair in chosen]


def _supplier_name(visit: Visit, supplier_id: str) -> str:
    try:
        return suppliers.read_supplier(visit.session, supplier_id, visit.act).name
    except NotFound:
        return translated(UNKNOWN, visit.language)
