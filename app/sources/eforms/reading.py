"""What a contract notice or a result notice says, found by the paths of the SDK."""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from xml.etree.ElementTree import Element

from app.sources.eforms.document import Document
from app.sources.eforms.notices import Company, Lot, Notice, Period
from app.sources.eforms.results import Results
from app.sources.eforms.tree import (
    amount,
    amounts_inside,
    codes,
    companies,
    extension,
    find,
    find_all,
    local_name,
    number,
    text,
    whole_number,
    withheld,
    worded,
)
from app.sources.files import FileUnreadable

ROOTS = {"ContractNotice", "ContractAwardNotice", "PriorInformationNotice"}
NAMESPACE = re.compile(r"\{urn:oasis:names:specification:ubl:schema:xsd:(\w+)-2\}(\w+)")
PLANS = frozenset({"planning", "consultation"})
MODIFICATION = "cont-modif"
"""Form types (the list of BT-02) that tell of no procurement to be registered."""
EMPLOYMENT_CONDITION, OPPORTUNITIES = "employmentcondition", "howmanyopportunitiesisestimated"
"""Names of Hilma's statistics, whichever way they are written large."""


def notice_of(document: Document) -> Notice:
    """Raises FileUnreadable where the document is no notice of a procurement put out to tender, or of its result."""
    root = document.root
    name = _checked_name(root)
    own, project = extension(root), find(root, "cac:ProcurementProject")
    organisations = companies(own)
    results = Results(own, organisations)
    found = [element for element in find_all(root, "cac:ProcurementProjectLot") if _is_lot(element)]
    lots = {lot.id: lot for element in found if (lot := _lot(element, results, document.statistics, len(found)))}
    if not lots:
        raise FileUnreadable("notice_without_lots")
    own_id = _id(root)
    return Notice(
        id=own_id,
        version=text(root, "cbc:VersionID"),
        procedure=text(root, "cbc:ContractFolderID") or own_id,
        issued_on=text(root, "cbc:IssueDate"),
        kind=text(root, "cbc:NoticeTypeCode"),
        is_award=name == "ContractAwardNotice",
        number=text(own, "efac:Publication/efbc:NoticePublicationID"),
        is_cancelled="cancel" in codes(own, "efac:Changes/efac:ChangeReason/cbc:ReasonCode"),
        buyers=tuple(_buyers(root, organisations)),
        title=worded(project, "cbc:Name"),
        reference=_internal_id(project),
        nature=text(project, "cbc:ProcurementTypeCode"),
        procedure_type=text(root, "cac:TenderingProcess/cbc:ProcedureCode"),
        estimate=amount(project, "cac:RequestedTenderTotal/cbc:EstimatedOverallContractAmount"),
        lots=tuple(lots.values()),
    )


def _checked_name(root: Element) -> str:
    match = NAMESPACE.fullmatch(root.tag)
    if match is None or match[1] != match[2] or match[1] not in ROOTS:
        raise FileUnreadable("not_a_notice")
    kind = find(root, "cbc:NoticeTypeCode")
    form = None if kind is None else kind.get("listName")
    if form == MODIFICATION:
        raise FileUnreadable("notice_of_modification")
    if match[1] == "PriorInformationNotice" or form in PLANS:
        raise FileUnreadable("notice_of_plans")
    return match[1]


def _id(root: Element) -> str:
    own = next((one for one in find_all(root, "cbc:ID") if one.get("schemeName") in {None, "notice-id"}), None)
    found = None if own is None else text(own)
    if found is None:
        raise FileUnreadable("not_a_notice")
    return found


def _buyers(root: Element, organisations: Mapping[str, Company]) -> Iterator[Company]:
    for party in find_all(root, "cac:ContractingParty"):
        key = text(party, "cac:Party/cac:PartyIdentification/cbc:ID")
        if key is not None and key in organisations:
            yield organisations[key]


def _is_lot(element: Element) -> bool:
    """Groups of lots, and parts of a plan, are listed with the lots."""
    key = find(element, "cbc:ID")
    return key is not None and key.get("schemeName") in {None, "Lot"}


def _internal_id(project: Element | None) -> str | None:
    found = find_all(project, "cbc:ID")
    return next((text(one) for one in found if one.get("schemeName") in {None, "InternalID"}), None)


def _lot(element: Element, results: Results, statistics: Mapping[str, Any], of: int) -> Lot | None:
    key = text(element, "cbc:ID")
    if key is None:
        return None
    project, terms = find(element, "cac:ProcurementProject"), find(element, "cac:TenderingTerms")
    extended = find(project, "cac:ContractExtension")
    condition, opportunities = _hilma(element, statistics.get(key) or (statistics if of == 1 else {}))
    return Lot(
        id=key,
        title=worded(project, "cbc:Name"),
        reference=_internal_id(project),
        nature=text(project, "cbc:ProcurementTypeCode"),
        estimate=amount(project, "cac:RequestedTenderTotal/cbc:EstimatedOverallContractAmount"),
        framework=next(iter(_systems(element)), None),
        framework_maximum=amounts_inside(project, "efbc:FrameworkMaximumAmount"),
        period=_period(find(project, "cac:PlannedPeriod")),
        renewals=whole_number(text(extended, "cbc:MaximumNumberNumeric")),
        renewals_text=worded(extended, "cac:Renewal/cac:Period/cbc:Description"),
        options_text=worded(extended, "cbc:OptionsDescription"),
        strategies=tuple(_additional(project, "strategic-procurement")),
        objectives=tuple(_additional(project, "social-objective")),
        conditions=tuple(_conditions(terms)),
        reserved=tuple(_reserved(terms)),
        employment_condition=condition,
        opportunities=opportunities,
        withheld=withheld(element),
        result=results.of(key),
    )


def _period(period: Element | None) -> Period:
    measure = find(period, "cbc:DurationMeasure")
    return Period(
        starts_on=text(period, "cbc:StartDate"),
        ends_on=text(period, "cbc:EndDate"),
        length=None if measure is None else number(text(measure)),
        unit=None if measure is None else measure.get("unitCode"),
        open=text(period, "cbc:DescriptionCode"),
    )


def _systems(element: Element) -> Iterator[str]:
    """BT-765, where there is a framework agreement."""
    for system in find_all(element, "cac:TenderingProcess/cac:ContractingSystem/cbc:ContractingSystemTypeCode"):
        code = text(system)
        if system.get("listName") == "framework-agreement" and code not in {None, "none"}:
            yield str(code)


def _additional(project: Element | None, of: str) -> Iterator[str]:
    """Codes of a list among the additional types of a project."""
    for code in find_all(project, "cac:ProcurementAdditionalType/cbc:ProcurementTypeCode"):
        found = text(code)
        if code.get("listName") == of and found not in {None, "none"}:
            yield str(found)


def _conditions(terms: Element | None) -> Iterator[str]:
    """BT-70, in one language each."""
    for requirement in find_all(terms, "cac:ContractExecutionRequirement"):
        code = find(requirement, "cbc:ExecutionRequirementCode")
        told = worded(requirement, "cbc:Description")
        if code is not None and code.get("listName") == "conditions" and told is not None:
            yield told


def _reserved(terms: Element | None) -> Iterator[str]:
    path = "cac:TendererQualificationRequest/cac:SpecificTendererRequirement/cbc:TendererRequirementTypeCode"
    for code in find_all(terms, path):
        found = text(code)
        if code.get("listName") == "reserved-procurement" and found not in {None, "none"}:
            yield str(found)
    for code in find_all(terms, "cac:ContractExecutionRequirement/cbc:ExecutionRequirementCode"):
        if code.get("listName") == "reserved-execution" and text(code) == "yes":
            yield "execution"


def _hilma(element: Element, statistics: Any) -> tuple[bool | None, int | None]:
    """Hilma's statistics of a lot: elements of an extension in the notice, else what stood next to it."""
    found: dict[str, object] = {}
    if isinstance(statistics, dict):
        found |= {name.lower(): value for name, value in statistics.items()}
    for inner in element.iter():
        if local_name(inner) in {EMPLOYMENT_CONDITION, OPPORTUNITIES}:
            found[local_name(inner)] = text(inner)
    used, count = found.get(EMPLOYMENT_CONDITION), found.get(OPPORTUNITIES)
    said = {"true": True, "1": True, "false": False, "0": False}.get(str(used).lower())
    return said, whole_number(str(count)) if count is not None else None
