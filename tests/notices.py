"""Small eForms notices of our own, in the shape of the real ones: Notice(), award([Lot(won=[Won()])])."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import escape

from app.jobs import imports as importing
from app.rules.codes import ImportKind
from app.services import imports
from app.services.acting import Act
from app.storage.session import Database

UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
EFORMS = "http://data.europa.eu/p27/eforms-ubl-extension"
NAMESPACES = (
    f'xmlns:cac="{UBL}CommonAggregateComponents-2" xmlns:cbc="{UBL}CommonBasicComponents-2" '
    f'xmlns:ext="{UBL}CommonExtensionComponents-2" xmlns:efac="{EFORMS}-aggregate-components/1" '
    f'xmlns:efbc="{EFORMS}-basic-components/1" xmlns:efext="{EFORMS}s/1"'
)
NOTICE_ID, AWARD_ID = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"
PROCEDURE = "33333333-3333-4333-8333-333333333333"
HELSINKI, STOCKHOLM = ("Helsingin kaupunki", "0201256-6", "FIN"), ("Stockholms stad", "212000-0142", "SWE")
CONDITION = "Toimittaja työllistää sopimusaikana kaksi vaikeassa työmarkkina-asemassa olevaa henkilöä."
Named = tuple[str, str, str]


@dataclass
class Won:
    """A contract of a lot."""

    companies: Sequence[Named] = (HELSINKI,)
    subcontractors: Sequence[Named] = ()
    reference: str = "S-2026-1"
    signed_on: str = "2026-02-15+02:00"
    value: str = "480000.00"
    currency: str = "EUR"
    lead: int | None = None
    """Which of the companies is marked as the leader."""
    tender: str = ""
    """Key of its tender, where it is one that several lots share."""
    inside_tender: str = ""


@dataclass
class Lot:
    """A lot; what is empty is left out."""

    id: str = "LOT-0001"
    title: str = "Siivouspalvelut"
    reference: str = ""
    nature: str = "services"
    estimate: str = '<cbc:EstimatedOverallContractAmount currencyID="EUR">500000</cbc:EstimatedOverallContractAmount>'
    period: str = "<cbc:StartDate>2026-03-01+02:00</cbc:StartDate><cbc:EndDate>2028-02-29+02:00</cbc:EndDate>"
    extension: str = ""
    objectives: Sequence[str] = ("opp",)
    condition: str = CONDITION
    inside: str = ""
    """More XML at the lot's end."""
    won: Sequence[Won] = ()
    status: str = ""
    reason: str = ""
    shown: bool = True
    """Whether a result notice tells of it at all."""


@dataclass
class Notice:
    lots: Sequence[Lot] = field(default_factory=lambda: [Lot()])
    root: str = "ContractNotice"
    kind: str = "cn-standard"
    form: str = "competition"
    id: str = NOTICE_ID
    version: str = "01"
    procedure: str = PROCEDURE
    issued_on: str = "2026-01-10+02:00"
    title: str = "Siivouspalvelut 2026–2028"
    reference: str = "HEL 2026-000123"
    extension: str = ""
    """More XML in the notice's extension."""

    def xml(self) -> str:
        """The whole document."""
        companies: dict[Named, str] = {HELSINKI: "ORG-0001"}
        results = "".join(_result(lot, companies) for lot in self.lots) if self.root == "ContractAwardNotice" else ""
        organisations = "".join(_company(key, one) for one, key in companies.items())
        return (
            f'<?xml version="1.0" encoding="UTF-8"?><{self.root} xmlns="{UBL}{self.root}-2" {NAMESPACES}>'
            "<ext:UBLExtensions><ext:UBLExtension><ext:ExtensionContent><efext:EformsExtension>"
            f"{_results(results)}{self.extension}<efac:Organizations>{organisations}</efac:Organizations>"
            "</efext:EformsExtension></ext:ExtensionContent></ext:UBLExtension></ext:UBLExtensions>"
            "<cbc:CustomizationID>eforms-sdk-1.13</cbc:CustomizationID>"
            f'<cbc:ID schemeName="notice-id">{self.id}</cbc:ID>'
            f"<cbc:ContractFolderID>{self.procedure}</cbc:ContractFolderID><cbc:IssueDate>{self.issued_on}</cbc:IssueDate>"
            f'<cbc:VersionID>{self.version}</cbc:VersionID><cbc:NoticeTypeCode listName="{self.form}">{self.kind}'
            "</cbc:NoticeTypeCode><cac:ContractingParty><cac:Party><cac:PartyIdentification>"
            '<cbc:ID schemeName="organization">ORG-0001</cbc:ID></cac:PartyIdentification></cac:Party>'
            "</cac:ContractingParty>"
            "<cac:TenderingProcess><cbc:ProcedureCode>open</cbc:ProcedureCode></cac:TenderingProcess>"
            f'<cac:ProcurementProject><cbc:ID schemeName="InternalID">{self.reference}</cbc:ID>'
            f'<cbc:Name languageID="SWE">Städtjänster</cbc:Name>'
            f'<cbc:Name languageID="FIN">{escape(self.title)}</cbc:Name>'
            "<cbc:ProcurementTypeCode>services</cbc:ProcurementTypeCode></cac:ProcurementProject>"
            f"{''.join(map(_lot, self.lots))}</{self.root}>"
        )

    def bytes(self) -> bytes:
        return self.xml().encode()


def bring(database: Database, notice: Notice, root_id: str, unit_id: str, act: Act) -> str:
    """Reads and activates a notice; gives the import's id."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ilmoitus.xml"
        path.write_bytes(notice.bytes())
        import_id = importing.start(database, ImportKind.EFORMS, path, path.name, root_id, act)
        importing.read(database, import_id, path, lambda: act, unit_id=unit_id)
    with database.writing() as session:
        imports.activate(session, import_id, act)
    return import_id


def award(lots: Sequence[Lot], **changes: str) -> Notice:
    """A notice of the result of the same procedure."""
    kept = {"kind": "can-standard", "form": "result", "id": AWARD_ID, "issued_on": "2026-02-20+02:00"} | changes
    return Notice(lots, "ContractAwardNotice", **kept)  # type: ignore[arg-type]


def _results(inner: str) -> str:
    return f"<efac:NoticeResult>{inner}</efac:NoticeResult>" if inner else ""


def _company(key: str, one: Named) -> str:
    name, identifier, country = one
    number = f"<cac:PartyLegalEntity><cbc:CompanyID>{identifier}</cbc:CompanyID></cac:PartyLegalEntity>"
    return (
        "<efac:Organization><efac:Company><cac:PartyIdentification>"
        f'<cbc:ID schemeName="organization">{key}</cbc:ID></cac:PartyIdentification>'
        f"<cac:PartyName><cbc:Name>{escape(name)}</cbc:Name></cac:PartyName><cac:PostalAddress><cac:Country>"
        f"<cbc:IdentificationCode>{country}</cbc:IdentificationCode></cac:Country></cac:PostalAddress>"
        f"{number if identifier else ''}<cac:Contact><cbc:Name>Kaisa Kontakti</cbc:Name></cac:Contact>"
        "</efac:Company></efac:Organization>"
    )


def _key(companies: dict[Named, str], one: Named) -> str:
    return companies.setdefault(one, f"ORG-{len(companies) + 1:04}")


def _result(lot: Lot, companies: dict[Named, str]) -> str:
    if not lot.shown:
        return ""
    status = lot.status or ("selec-w" if lot.won else "clos-nw")
    reason = (
        f"<efac:DecisionReason><efbc:DecisionReasonCode>{lot.reason}</efbc:DecisionReasonCode></efac:DecisionReason>"
    )
    keys = [(one.tender or f"TEN-{lot.id}-{n}", f"CON-{lot.id}-{n}") for n, one in enumerate(lot.won)]
    named = "".join(f"<efac:LotTender><cbc:ID>{tender}</cbc:ID></efac:LotTender>" for tender, _ in keys)
    named += "".join(
        f"<efac:SettledContract><cbc:ID>{contract}</cbc:ID></efac:SettledContract>" for _, contract in keys
    )
    won = "".join(_won(one, *pair, lot.id, companies) for one, pair in zip(lot.won, keys, strict=True))
    return (
        f"<efac:LotResult><cbc:TenderResultCode>{status}</cbc:TenderResultCode>{reason if lot.reason else ''}{named}"
        f"<efac:TenderLot><cbc:ID>{lot.id}</cbc:ID></efac:TenderLot></efac:LotResult>{won}"
    )


def _won(one: Won, tender: str, contract: str, lot: str, companies: dict[Named, str]) -> str:
    tenderers = "".join(
        f"<efac:Tenderer><cbc:ID>{_key(companies, company)}</cbc:ID>"
        f"<efbc:GroupLeadIndicator>{str(number == one.lead).lower()}</efbc:GroupLeadIndicator></efac:Tenderer>"
        for number, company in enumerate(one.companies)
    )
    below = "".join(
        f"<efac:SubContractor><cbc:ID>{_key(companies, company)}</cbc:ID></efac:SubContractor>"
        for company in one.subcontractors
    )
    money = f'<cbc:PayableAmount currencyID="{one.currency}">{one.value}</cbc:PayableAmount>'
    return (
        f"<efac:LotTender><cbc:ID>{tender}</cbc:ID>{one.inside_tender}<cac:LegalMonetaryTotal>{money}"
        f"</cac:LegalMonetaryTotal><efac:TenderingParty><cbc:ID>TPA-{tender}</cbc:ID></efac:TenderingParty>"
        f"<efac:TenderLot><cbc:ID>{lot}</cbc:ID></efac:TenderLot></efac:LotTender>"
        f"<efac:SettledContract><cbc:ID>{contract}</cbc:ID><cbc:IssueDate>{one.signed_on}</cbc:IssueDate>"
        f"<efac:ContractReference><cbc:ID>{one.reference}</cbc:ID></efac:ContractReference>"
        f"<efac:LotTender><cbc:ID>{tender}</cbc:ID></efac:LotTender></efac:SettledContract>"
        f"<efac:TenderingParty><cbc:ID>TPA-{tender}</cbc:ID>{tenderers}{below}</efac:TenderingParty>"
    )


def _lot(lot: Lot) -> str:
    social = "".join(
        '<cac:ProcurementAdditionalType><cbc:ProcurementTypeCode listName="social-objective">'
        f"{code}</cbc:ProcurementTypeCode></cac:ProcurementAdditionalType>"
        for code in lot.objectives
    )
    condition = (
        '<cac:ContractExecutionRequirement><cbc:ExecutionRequirementCode listName="conditions">performance'
        f'</cbc:ExecutionRequirementCode><cbc:Description languageID="FIN">{escape(lot.condition)}</cbc:Description>'
        "</cac:ContractExecutionRequirement>"
    )
    own = f'<cbc:ID schemeName="InternalID">{lot.reference}</cbc:ID>' if lot.reference else ""
    return (
        f'<cac:ProcurementProjectLot><cbc:ID schemeName="Lot">{lot.id}</cbc:ID>'
        f"<cac:TenderingTerms>{condition if lot.condition else ''}</cac:TenderingTerms><cac:ProcurementProject>{own}"
        f'<cbc:Name languageID="FIN">{escape(lot.title)}</cbc:Name>'
        f'<cbc:ProcurementTypeCode listName="contract-nature">{lot.nature}</cbc:ProcurementTypeCode>{social}'
        f"<cac:RequestedTenderTotal>{lot.estimate}</cac:RequestedTenderTotal>"
        f"<cac:PlannedPeriod>{lot.period}</cac:PlannedPeriod>"
        f"<cac:ContractExtension>{lot.extension}</cac:ContractExtension></cac:ProcurementProject>{lot.inside}"
        "</cac:ProcurementProjectLot>"
    )
