"""A procurement as a notice or an open-data release tells it: what of a registration is known, and what else it says.

Nothing is required, but what is there is as a registration wants it: whoever reads a source calls `line`, `paragraphs`,
`money`, `day` and `company`, which give a value that fits or none, and tells the rest as facts. An identity code in any
place refuses the whole draft, as it does everywhere.
"""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

from pydantic import Field, StringConstraints, ValidationError
from stdnum.fi import ytunnus

from app.rules.codes import BUSINESS_ID_SCHEME, DraftStatus, ImportKind, PartyRole, ProcurementKind
from app.rules.drafts import FactCode
from app.schemas.clauses import ClauseChange
from app.schemas.contracts import MAX_LISTED, ContractCreate
from app.schemas.drafts import OptionDraft
from app.schemas.fields import (
    FIRST_DAY,
    LAST_DAY,
    Count,
    Day,
    Input,
    Key,
    Line,
    Listing,
    NonNegativeMoney,
    Output,
    Paragraphs,
)
from app.schemas.procurements import ProcurementCreate
from app.schemas.suppliers import BusinessId, Identifier, Scheme
from app.schemas.text import holds_identity_code

LINE, TEXT = 200, 4000
"""Signs that a field of one line, and one of some, can hold (see schemas.fields)."""
MAX_CENTS = 10**14 - 1
"""Of money, as schemas.fields takes it: twelve digits before the point."""
MAX_FACTS = 1000
"""Told of one draft: some for the procurement, and a handful for each of its contracts."""
MAX_DOCUMENTS = 100
"""Remembered of one draft: a procurement has a notice, its corrections and that of its result."""
SourceKey = Annotated[str, StringConstraints(min_length=1, max_length=300)]
FactText = Annotated[str, StringConstraints(max_length=TEXT)]
FactNumber = Annotated[int, Field(ge=0, le=10**9)]
FactName = Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,40}$")]


class ImportedCompany(Input):
    """A company as far as the source names it."""

    business_id: BusinessId | None = Field(None, description="Finnish business ID.", examples=["0201256-6"])
    identifier_scheme: Scheme | None = Field(None, description="Register of one from abroad.", examples=[None])
    identifier: Identifier | None = Field(None, description="Its identifier there.", examples=[None])
    name: Line | None = Field(None, description="Name.", examples=["City of Helsinki"])


class ImportedParty(ImportedCompany):
    """A party beside the supplier."""

    role: PartyRole = Field(description="Member of the consortium or subcontractor.", examples=["member"])


class ImportedContract(Input):
    """A contract as far as it is known."""

    reference: Line | None = Field(None, description="Contract number.", examples=["S-2018-17"])
    supplier: ImportedCompany | None = Field(None, description="The supplier, who is the lead.")
    parties: list[ImportedParty] = Field(
        default_factory=list, max_length=MAX_LISTED, description="Parties beside the supplier.", examples=[[]]
    )
    starts_on: Day | None = Field(None, description="First day.", examples=["2018-03-01"])
    ends_on: Day | None = Field(None, description="Last day without options.", examples=["2020-02-28"])
    counts_from: Day | None = Field(None, description="Day from which positions count.", examples=[None])
    value_eur: NonNegativeMoney | None = Field(None, description="Value in euros.", examples=["1200000.00"])
    committed_positions: Count | None = Field(None, description="Positions the supplier promised.", examples=[None])
    options: list[OptionDraft] = Field(
        default_factory=list, max_length=MAX_LISTED, description="Options.", examples=[[]]
    )


class ImportedProcurement(Input):
    """A procurement as far as it is known. Of a clause only what the source says in so many words."""

    reference: Line | None = Field(None, description="The buyer's reference.", examples=["HEL 2018-001234"])
    title: Line | None = Field(None, description="What is bought.", examples=["Cleaning services 2018–2020"])
    kind: ProcurementKind | None = Field(None, description="What kind of purchase it is.", examples=["services"])
    estimated_value_eur: NonNegativeMoney | None = Field(None, description="Estimate.", examples=["1200000.00"])
    signed_on: Day | None = Field(None, description="Day from which the promise is counted.", examples=["2018-02-15"])
    programme: Line | None = Field(None, description="Programme it belongs to.", examples=["SIEPP"])
    innovative_method: Line | None = Field(None, description="Innovative method used.", examples=[None])
    procedure: Line | None = Field(None, description="Procurement procedure.", examples=["open"])
    notice_id: Line | None = Field(None, description="Id of the published notice.", examples=["2018-012345"])
    clause: ClauseChange | None = Field(None, description="Terms of its clause that are known.")
    no_clause_reason: Paragraphs | None = Field(None, description="Why there is no clause.", examples=[None])


class Fact(Input):
    """What the source says and no field of ours holds: a code, and values by name (see rules.drafts)."""

    code: FactCode = Field(description="Code of the fact.", examples=["condition"])
    contract: int | None = Field(
        None,
        ge=0,
        lt=MAX_LISTED,
        description="Place of the contract it is about; empty: the procurement.",
        examples=[0],
    )
    values: dict[FactName, bool | FactNumber | FactText] = Field(
        default_factory=dict, max_length=10, description="Values by name.", examples=[{"text": "Two people are hired."}]
    )


class DraftSource(Input):
    """Which document it comes from. `key` names the procurement in its source, whatever tells of it; of two documents
    the one with the later (`issued_on`, `version`) is the newer."""

    kind: ImportKind = Field(description="What kind of file it was.", examples=["eforms"])
    key: SourceKey = Field(description="Names the procurement in its source.", examples=["notice/LOT-0001"])
    document: Line | None = Field(None, description="Id of the notice or release.", examples=["2018-012345"])
    version: Line | None = Field(None, description="Its version.", examples=["01"])
    issued_on: Day | None = Field(None, description="Day it was sent out.", examples=["2018-02-20"])
    is_award: bool = Field(False, description="Whether it tells of contracts made.", examples=[True])
    documents: list[Line] = Field(
        default_factory=list,
        max_length=MAX_DOCUMENTS,
        description="Every document with its version that has gone into the draft.",
        examples=[["2018-012345/01"]],
    )

    @property
    def age(self) -> tuple[date, str]:
        return self.issued_on or FIRST_DAY, self.version or ""

    @property
    def name(self) -> str:
        """The document with its version."""
        return f"{self.document or ''}/{self.version or ''}"[:LINE]

    @property
    def known_documents(self) -> set[str]:
        return {self.name, *self.documents}


class ImportedDraft(Input):
    """One procurement (one lot) with its contracts as a source tells it."""

    source: DraftSource = Field(description="Which document it comes from.")
    procurement: ImportedProcurement = Field(description="The procurement as far as it is known.")
    contracts: list[ImportedContract] = Field(
        default_factory=list, max_length=MAX_LISTED, description="Its contracts.", examples=[[]]
    )
    found: list[Fact] = Field(
        default_factory=list, max_length=MAX_FACTS, description="What else it says.", examples=[[]]
    )

    def stored(self) -> dict[str, Any]:
        """As it is kept (`ImportedDraft.model_validate` reads it again): only what is known."""
        return self.model_dump(mode="json", exclude_none=True, exclude_unset=True)

    @property
    def missing(self) -> list[str]:
        """Fields of the registration that the source leaves to a person: names as errors have them."""
        names = [name for name in ("reference", "title", "kind") if getattr(self.procurement, name) is None]
        clause = self.procurement.clause
        if (clause is None or clause.type is None) and self.procurement.no_clause_reason is None:
            names.append("clause")
        for number, contract in enumerate(self.contracts):
            lacking = [name for name in ("reference", "starts_on", "ends_on") if getattr(contract, name) is None]
            if not _is_identified(contract.supplier):
                lacking.append("supplier.business_id")
            lacking += [f"parties.{n}.business_id" for n, one in enumerate(contract.parties) if not _is_identified(one)]
            names += [f"contracts.{number}.{name}" for name in (*lacking, "owner.email")]
        return names


def _is_identified(one: ImportedCompany | None) -> bool:
    return one is not None and bool(one.business_id or (one.identifier_scheme and one.identifier))


def line(text: str | None, longest: int = LINE) -> str | None:
    """A text as one line without control characters, cut at a sign that says so; None where nothing is left.

    One with an identity code stays whole, so that the draft is refused even where the cut would hide the code."""
    if text is None or holds_identity_code(text):
        return text
    plain = " ".join(_printable(text).split())
    return (plain if len(plain) <= longest else plain[: longest - 1].rstrip() + "…") or None


def paragraphs(text: str | None) -> str | None:
    """The same of a text of several lines: spaces and empty lines run together."""
    if text is None or holds_identity_code(text):
        return text
    lines = [" ".join(one.split()) for one in _printable(text).splitlines()]
    plain = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    return (plain if len(plain) <= TEXT else plain[: TEXT - 1].rstrip() + "…") or None


def money(amount: str | Decimal | None) -> str | None:
    """An amount that a field of money takes, rounded to cents; None where it is none, negative or too large."""
    try:
        exact = Decimal(str(amount).strip())
        if not exact.is_finite() or exact.adjusted() > 12:
            return None
        cents = int((exact * 100).to_integral_value(rounding="ROUND_HALF_UP"))
    except (InvalidOperation, ValueError):
        return None
    return f"{cents // 100}.{cents % 100:02}" if 0 <= cents <= MAX_CENTS else None


def day(text: str | None) -> str | None:
    """The calendar day that begins a date or an instant, as written: "2019-09-03+02:00" is 3.9.2019, whatever the
    offset. None where it is none or outside the days that fields take."""
    match = re.match(r"\s*(\d{4}-\d\d-\d\d)(?!\d)", text or "", re.ASCII)
    if match is None:
        return None
    try:
        found = date.fromisoformat(match[1])
    except ValueError:
        return None
    return match[1] if FIRST_DAY <= found <= LAST_DAY else None


def company(name: str | None, scheme: str | None, identifier: str | None) -> dict[str, str]:
    """The body of a company. A right business ID is one, whatever register it is said to be of unless a foreign one;
    an identifier without a register that is known is left out, and so is a wrong business ID."""
    body = {"name": line(name)}
    number = line(identifier, 100)
    if number is not None and scheme in {None, BUSINESS_ID_SCHEME}:
        body["business_id"] = ytunnus.format(ytunnus.compact(number)) if ytunnus.is_valid(number) else None
    elif number is not None and re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{1,39}", str(scheme)):
        body |= {"identifier_scheme": str(scheme).upper(), "identifier": number}
    return {field: value for field, value in body.items() if value is not None}


def fact(code: FactCode, contract: int | None = None, /, **values: str | int | bool | None) -> dict[str, Any]:
    """The body of a fact: texts made fit, empty values left out."""
    kept = {name: paragraphs(value) if isinstance(value, str) else value for name, value in values.items()}
    told: dict[str, Any] = {"code": code, "values": {name: one for name, one in kept.items() if one is not None}}
    return told if contract is None else told | {"contract": contract}


def holds_secret(error: ValidationError) -> bool:
    """Whether a draft was refused because an identity code stands in it; what stands where must not be told then."""
    return any(one["type"] == "identity_code" for one in error.errors(include_url=False, include_input=False))


def _printable(text: str) -> str:
    """Without what no keyboard types; ends of lines stay."""
    kept = (
        sign if sign in "\n\r\t" or unicodedata.category(sign) not in {"Cc", "Cs", "Co", "Cn"} else " "
        for sign in unicodedata.normalize("NFC", text[: 4 * TEXT])
    )
    return "".join(kept)


def known(body: Mapping[str, Any]) -> dict[str, Any]:
    """A body without what is empty, so that only what the source tells is kept."""
    return {name: value for name, value in body.items() if value not in (None, "", [], {})}


class FactRead(Output):
    """What the source says and no field of ours holds."""

    code: FactCode = Field(description="Code of the fact.", examples=["condition"])
    label: str = Field(description="What it is about.", examples=["Condition for carrying out the contract"])
    text: str = Field(description="What it says.", examples=["The supplier employs two people for nine months."])
    contract: int | None = Field(
        description="Place of the contract it is about; empty: the procurement.", examples=[None]
    )
    values: dict[str, bool | int | str] = Field(
        description="The same as values by name.", examples=[{"text": "The supplier employs two people."}]
    )


class DraftItem(Output):
    """A draft as lists show it."""

    id: str = Field(description="Opaque id.", examples=["01932f7a5c7b7e6f9a3c1d2e4f506172"])
    status: DraftStatus = Field(description="Whether it waits for a person.", examples=["waiting"])
    title: str = Field(description="What is bought.", examples=["Cleaning services 2018–2020"])
    unit_id: str = Field(description="Unit it is for.", examples=["01932f7a5c7b7e6f9a3c1d2e4f506170"])
    source: DraftSource = Field(description="Which document it comes from.")
    missing: list[str] = Field(
        description="Fields of the registration that a person has to fill in.", examples=[["clause"]]
    )
    created_at: datetime = Field(description="When it came in.", examples=["2018-02-20T07:00:00Z"])
    decided_at: datetime | None = Field(description="When it was registered or left out.", examples=[None])
    decided_by: str | None = Field(description="Who did that.", examples=[None])
    procurement_id: str | None = Field(description="The procurement it has become.", examples=[None])


class DraftRead(DraftItem):
    """A draft: the body of a registration as far as it is known, and what else the source says."""

    procurement: ImportedProcurement = Field(description="The procurement as far as it is known.")
    contracts: list[ImportedContract] = Field(description="Its contracts.", examples=[[]])
    found: list[FactRead] = Field(description="What else the source says.", examples=[[]])


class DraftList(Listing):
    """Drafts of the units in which one may register."""

    items: list[DraftItem] = Field(description="In the order asked for.", examples=[[]])


class ContractOfDraft(ContractCreate):
    """A contract registered together with its procurement."""

    procurement_id: Key = Field(
        "0" * 32, description="Left out: it is the procurement registered with it.", examples=["0" * 32]
    )


class DraftRegistration(Input):
    """What a person has made of a draft."""

    procurement: ProcurementCreate = Field(description="The whole procurement, with its clause.")
    contracts: list[ContractOfDraft] = Field(
        default_factory=list, max_length=MAX_LISTED, description="Its contracts.", examples=[[]]
    )


class DraftRegistered(Output):
    """What was registered."""

    procurement_id: str = Field(description="Id of the procurement.", examples=["01932f7a5c7b7e6f9a3c1d2e4f506172"])
    contract_ids: list[str] = Field(
        description="Ids of its contracts, in order.", examples=[["01932f7a5c7b7e6f9a3c1d2e4f506173"]]
    )
