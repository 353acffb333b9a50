"""Contracts: one procurement with one supplier; period, options, parties, termination and owner."""

from datetime import date, datetime
from typing import Annotated

from pydantic import AfterValidator, Field

from app.rules.codes import DEFAULT_LANGUAGE, CompanySituation, PartyRole
from app.rules.facts import ClauseType
from app.schemas.fields import (
    Count,
    Day,
    Email,
    Input,
    Key,
    Line,
    Listing,
    Money,
    NonNegativeMoney,
    Output,
    Phone,
    if_sent,
)
from app.schemas.obligations import ContractObligation
from app.schemas.options import OptionCreate, OptionRead
from app.schemas.owners import Language, OwnerRead, OwnerReference
from app.schemas.suppliers import SupplierReference

MAX_LISTED = 100
"""No contract has more parties or options; a longer list is a mistake."""


def _each_once(names: list[str]) -> list[str]:
    return list(dict.fromkeys(names))


LedgerNames = Annotated[list[Line], Field(max_length=MAX_LISTED), AfterValidator(_each_once)]
"""Accounts, service classes or buying units, as the ledger writes them."""


class SupplierContact(Input):
    """Whom to speak to at the supplier."""

    name: Line | None = Field(None, description="Name.", examples=["Tiina Toimittaja"])
    email: Email | None = Field(None, description="E-mail address.", examples=["contact@example.org"])
    phone: Phone | None = Field(None, description="Telephone number.", examples=["+358 9 310 1641"])
    language: Language = Field(
        DEFAULT_LANGUAGE, description="Language of the text to forward to the supplier.", examples=["fi"]
    )


class PartyReference(SupplierReference):
    """A party beside the supplier, who is the lead."""

    role: PartyRole = Field(description="Member of the consortium or subcontractor.", examples=["member"])


class ContractCreate(Input):
    """Register a contract under a procurement with a clause."""

    procurement_id: Key = Field(description="Its procurement.", examples=["01932f7a5c7b7e6f9a3c1d2e4f506171"])
    reference: Line = Field(description="Contract number.", examples=["S-2018-17"])
    unit_id: Key | None = Field(
        None, description="Unit that owns the contract; by default the procurement's.", examples=[None]
    )
    supplier: SupplierReference = Field(description="The supplier, who is the lead.")
    supplier_contact: SupplierContact | None = Field(None, description="Whom to speak to at the supplier.")
    parties: list[PartyReference] = Field(
        default_factory=list, max_length=MAX_LISTED, description="Parties beside the supplier.", examples=[[]]
    )
    starts_on: Day = Field(description="First day.", examples=["2018-03-01"])
    ends_on: Day = Field(description="Last day without options.", examples=["2020-02-28"])
    counts_from: Day | None = Field(
        None,
        description="Day from which positions count, where that is before the first day; by default the first day.",
        examples=["2018-02-15"],
    )
    value_eur: NonNegativeMoney | None = Field(
        None, description="Value in euros net of VAT, where known.", examples=["1200000.00"]
    )
    committed_positions: Count | None = Field(
        None, description="Positions the supplier promised; only and always under an award criterion.", examples=[None]
    )
    ledger_accounts: LedgerNames = Field(
        default_factory=list,
        description="Accounts of the purchase ledger whose rows belong to this contract, where the supplier has "
        "several; empty takes any. Matters under a purchase threshold only.",
        examples=[["4470"]],
    )
    ledger_service_classes: LedgerNames = Field(
        default_factory=list, description="Service classes, in the same way.", examples=[[]]
    )
    ledger_buying_units: LedgerNames = Field(
        default_factory=list, description="Buying units, in the same way.", examples=[["Varhaiskasvatus"]]
    )
    options: list[OptionCreate] = Field(
        default_factory=list,
        max_length=MAX_LISTED,
        description="Options, each ending after the one before it.",
        examples=[[{"ends_on": "2021-02-28", "exercised_on": None}]],
    )
    owner: OwnerReference = Field(description="The city's person answerable for it.")


class ContractChange(Input):
    """Change a contract: only the fields sent change. The owner changes by a handover."""

    reference: Line = if_sent(description="Contract number.", examples=["S-2018-17"])
    unit_id: Key = if_sent(description="Unit that owns the contract.", examples=["01932f7a5c7b7e6f9a3c1d2e4f506170"])
    supplier_contact: SupplierContact | None = if_sent(
        description="Whom to speak to at the supplier; only what is sent of it changes, null empties all of it.",
        examples=[{"phone": "+358 9 310 1641"}],
    )
    parties: list[PartyReference] = if_sent(
        max_length=MAX_LISTED,
        description="All parties beside the supplier: those left out are taken off, unless a position names them.",
        examples=[[]],
    )
    starts_on: Day = if_sent(description="First day.", examples=["2018-03-01"])
    ends_on: Day = if_sent(description="Last day without options.", examples=["2020-02-28"])
    counts_from: Day | None = if_sent(description="Day from which positions count.", examples=["2018-02-15"])
    value_eur: NonNegativeMoney | None = if_sent(description="Value in euros net of VAT.", examples=["1300000.00"])
    committed_positions: Count | None = if_sent(description="Positions the supplier promised.", examples=[2])
    ledger_accounts: LedgerNames = if_sent(
        description="Accounts of the purchase ledger whose rows belong to this contract; empty takes any.",
        examples=[["4470"]],
    )
    ledger_service_classes: LedgerNames = if_sent(description="Service classes, in the same way.", examples=[[]])
    ledger_buying_units: LedgerNames = if_sent(
        description="Buying units, in the same way.", examples=[["Varhaiskasvatus"]]
    )
    terminated_on: Day | None = if_sent(
        description="Last day of a terminated contract; null takes the termination back.", examples=["2019-05-31"]
    )
    decided_on: Day | None = if_sent(
        description="Day the termination was decided, from which it counts; by default the earlier of its last day and "
        "the day it is recorded.",
        examples=["2019-03-01"],
    )


class SupplierSummary(Output):
    """A supplier as far as a contract shows it."""

    id: str = Field(description="Opaque id.", examples=["01932f7a5c7b7e6f9a3c1d2e4f506172"])
    name: str = Field(description="Name.", examples=["City of Helsinki"])
    business_id: str | None = Field(description="Finnish business ID; empty for others.", examples=["0201256-6"])
    identifier_scheme: str = Field(description="Register of its identifier.", examples=["FI-PRO"])
    identifier: str = Field(description="Its identifier there.", examples=["0201256-6"])


class PartyRead(SupplierSummary):
    """A party beside the supplier."""

    id: str = Field(
        description="Opaque id of the party, which a position may name as employer.",
        examples=["01932f7a5c7b7e6f9a3c1d2e4f506174"],
    )
    supplier_id: str = Field(description="Which supplier it is.", examples=["01932f7a5c7b7e6f9a3c1d2e4f506172"])
    role: PartyRole = Field(description="Member of the consortium or subcontractor.", examples=["member"])


class SupplierContactRead(Output):
    """Whom to speak to at the supplier."""

    name: str | None = Field(description="Name.", examples=["Tiina Toimittaja"])
    email: str | None = Field(description="E-mail address.", examples=["contact@example.org"])
    phone: str | None = Field(description="Telephone number.", examples=["+358 9 310 1641"])
    language: str = Field(description="Language of the text to forward.", examples=["fi"])


class ProcurementSummary(Output):
    """A procurement as far as a contract shows it."""

    id: str = Field(description="Opaque id.", examples=["01932f7a5c7b7e6f9a3c1d2e4f506171"])
    reference: str = Field(description="The city's reference.", examples=["HEL 2018-001234"])
    title: str = Field(description="What is bought.", examples=["Cleaning services 2018–2020"])
    clause_type: ClauseType = Field(description="Type of its clause.", examples=["fixed_count"])


class ClauseWarning(Output):
    """What is doubtful about a clause while it can still be mended."""

    code: str = Field(description="Code of the warning.", examples=["leaves_little_time"])
    text: str = Field(description="The same as a sentence.", examples=["There is time to start only until 1.6.2018."])


class SupplierSituation(Output):
    """A party of the contract whom the company register has in trouble, while that matters to the obligation."""

    supplier_id: str = Field(description="Which supplier it is.", examples=["01932f7a5c7b7e6f9a3c1d2e4f506172"])
    business_id: str = Field(description="Finnish business ID.", examples=["0112038-9"])
    name: str = Field(description="Its name here.", examples=["Siivous Oy"])
    situation: CompanySituation = Field(description="What the register has.", examples=["bankruptcy"])
    since: date | None = Field(description="Day of the register's entry, where it tells one.", examples=["2019-02-20"])
    seen_on: date = Field(description="Day on which the service first saw it.", examples=["2019-02-26"])
    fetched_at: datetime = Field(
        description="When the register was last asked, UTC.", examples=["2019-03-01T05:00:00Z"]
    )
    source: str = Field(description="Which register says so.", examples=["PRH"])
    text: str = Field(
        description="The same as a sentence.",
        examples=["Siivous Oy is bankrupt. The entry in the register is of 20 February 2019."],
    )


class ContractItem(Output):
    """A contract as lists show it."""

    id: str = Field(description="Opaque id.", examples=["01932f7a5c7b7e6f9a3c1d2e4f506172"])
    reference: str = Field(description="Contract number.", examples=["S-2018-17"])
    unit_id: str = Field(description="Unit that owns the contract.", examples=["01932f7a5c7b7e6f9a3c1d2e4f506170"])
    procurement_id: str = Field(description="Its procurement.", examples=["01932f7a5c7b7e6f9a3c1d2e4f506171"])
    procurement: ProcurementSummary = Field(description="The same with its name.")
    supplier: SupplierSummary = Field(description="The supplier, who is the lead.")
    owner: OwnerRead = Field(description="The city's person answerable for it.")
    starts_on: date = Field(description="First day.", examples=["2018-03-01"])
    ends_on: date = Field(description="Last day without options.", examples=["2020-02-28"])
    value_eur: Money | None = Field(description="Value in euros net of VAT.", examples=["1200000.00"])
    terminated_on: date | None = Field(description="Last day of a terminated contract.", examples=[None])
    decided_on: date | None = Field(description="Day the termination was decided.", examples=[None])
    registered_on: date = Field(description="Day it came into the service.", examples=["2018-03-05"])
    last_recorded_on: date = Field(description="Last day anything was recorded on it.", examples=["2019-03-01"])
    acknowledged_at: datetime | None = Field(
        description="When the owner acknowledged the state of the obligation.", examples=[None]
    )
    snoozed_until: date | None = Field(description="Day until which reminders are muted.", examples=[None])
    obligation: ContractObligation = Field(description="How its obligation stands today.")


class ContractRead(ContractItem):
    """A contract."""

    supplier_contact: SupplierContactRead = Field(description="Whom to speak to at the supplier.")
    parties: list[PartyRead] = Field(description="Parties beside the supplier.", examples=[[]])
    counts_from: date | None = Field(
        description="Day from which positions count, where it is not the first day.", examples=[None]
    )
    committed_positions: int | None = Field(description="Positions the supplier promised.", examples=[None])
    ledger_accounts: list[str] = Field(
        description="Accounts of the purchase ledger whose rows belong to this contract; empty takes any.",
        examples=[["4470"]],
    )
    ledger_service_classes: list[str] = Field(description="Service classes, in the same way.", examples=[[]])
    ledger_buying_units: list[str] = Field(description="Buying units, in the same way.", examples=[["Varhaiskasvatus"]])
    options: list[OptionRead] = Field(description="Options by last day.", examples=[[]])
    warnings: list[ClauseWarning] = Field(description="What is doubtful about its clause.", examples=[[]])
    supplier_situations: list[SupplierSituation] = Field(
        description="Bankruptcies, liquidations and restructurings of the supplier and the other parties, as the "
        "company register had them when it was last asked. They change nothing of the obligation.",
        examples=[[]],
    )


class ContractList(Listing):
    """Contracts of one's units."""

    items: list[ContractItem] = Field(description="In the order asked for.", examples=[[]])
