"""Who won: from a lot's result to its contracts, their tenders, who made these, and which companies those are."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar
from xml.etree.ElementTree import Element

from app.sources.eforms.notices import Amount, Award, Company, Result
from app.sources.eforms.tree import amount, codes, find_all, text, whole_number, withheld, worded

Found = TypeVar("Found")
SELECTED = "selec-w"
"""BT-142: at least one winner was chosen."""
FIRST_RANK = "1"


class Results:
    """The results of a notice, by lot."""

    def __init__(self, own: Element | None, companies: Mapping[str, Company]) -> None:
        self._companies = companies
        results = find_all(own, "efac:NoticeResult/efac:LotResult")
        self._results: dict[str, list[Element]] = {}
        for one in results:
            for lot in codes(one, "efac:TenderLot/cbc:ID"):
                self._results.setdefault(lot, []).append(one)
        self._tenders = _by_key(find_all(own, "efac:NoticeResult/efac:LotTender"))
        self._contracts = _by_key(find_all(own, "efac:NoticeResult/efac:SettledContract"))
        self._parties = _by_key(find_all(own, "efac:NoticeResult/efac:TenderingParty"))
        self._lots_of = Counter(key for one in results for key in set(_tender_keys(one)))

    def of(self, lot: str) -> Result | None:
        """The result of a lot; None where the notice tells of none."""
        found = self._results.get(lot)
        if not found:
            return None
        statuses = [status for one in found if (status := text(one, "cbc:TenderResultCode")) is not None]
        return Result(
            statuses=tuple(dict.fromkeys(statuses)),
            reason=_first(text(one, "efac:DecisionReason/efbc:DecisionReasonCode") for one in found),
            tenders=_first(_tenders_received(one) for one in found),
            framework=_first(amount(one, "efac:FrameworkAgreementValues/cbc:MaximumValueAmount") for one in found),
            awards=tuple(award for one in found for award in self._awards(one, lot)),
            withheld=tuple(dict.fromkeys(code for one in found for code in withheld(one))),
        )

    def _awards(self, result: Element, lot: str) -> Iterator[Award]:
        """One for each tenderer with a contract. Where the result names no contract, the only tender that came in, or
        those ranked first, are the winners; otherwise it does not say who won."""
        tenders = [key for key in _tender_keys(result) if key in self._tenders]
        contracts = [
            self._contracts[key] for key in codes(result, "efac:SettledContract/cbc:ID") if key in self._contracts
        ]
        for contract in contracts:
            yield from self._of_contract(contract, tenders, lot)
        if not contracts and text(result, "cbc:TenderResultCode") == SELECTED:
            best = [key for key in tenders if text(self._tenders[key], "cbc:RankCode") == FIRST_RANK]
            yield from self._of_tenders(tenders if len(tenders) == 1 else best, Award())

    def _of_contract(self, contract: Element, tenders: Sequence[str], lot: str) -> Iterator[Award]:
        named = [key for key in _tender_keys(contract) if key in self._tenders]
        own = [key for key in named if key in tenders]
        own = own or [key for key in named if lot in codes(self._tenders[key], "efac:TenderLot/cbc:ID")]
        begun = Award(
            reference=text(contract, "efac:ContractReference/cbc:ID"),
            title=worded(contract, "cbc:Title"),
            signed_on=text(contract, "cbc:IssueDate"),
            awarded_on=text(contract, "cbc:AwardDate"),
            withheld=withheld(contract),
            differs=not own,
        )
        # What the result says of the lot goes before what the contract says of itself.
        chosen = own or (tenders if len(tenders) == 1 else named)
        if chosen:
            yield from self._of_tenders(chosen, begun)
        else:
            yield begun

    def _of_tenders(self, keys: Sequence[str], begun: Award) -> Iterator[Award]:
        """A contract may have been made with several tenderers: each has a contract of its own here."""
        by_party: dict[str, list[str]] = {}
        for key in keys:
            party = text(self._tenders[key], "efac:TenderingParty/cbc:ID") or key
            by_party.setdefault(party, []).append(key)
        for party, own in by_party.items():
            tenders = [self._tenders[key] for key in own]
            lead, members, subcontractors = self._companies_of(self._parties.get(party))
            yield begun._replace(
                value=_value(tenders),
                lead=lead,
                members=tuple(members),
                subcontractors=tuple(subcontractors),
                subcontracted_percent=_first(text(one, "efac:SubcontractingTerm/efbc:TermPercent") for one in tenders),
                subcontracted=_first(worded(one, "efac:SubcontractingTerm/efbc:TermDescription") for one in tenders),
                withheld=tuple(dict.fromkeys((*begun.withheld, *(code for one in tenders for code in withheld(one))))),
                lots=max(1, *(self._lots_of[key] for key in own)),
            )

    def _companies_of(self, party: Element | None) -> tuple[Company | None, list[Company], list[Company]]:
        """Who leads (the one marked, else the first named), who else made the tender, and the subcontractors."""
        tenderers = find_all(party, "efac:Tenderer")
        marked = [one for one in tenderers if text(one, "efbc:GroupLeadIndicator") == "true"]
        ordered = [*marked, *(one for one in tenderers if one not in marked)]
        keys = list(dict.fromkeys(key for one in ordered if (key := text(one, "cbc:ID")) in self._companies and key))
        below = dict.fromkeys(codes(party, "efac:SubContractor/cbc:ID"))
        subcontractors = [self._companies[key] for key in below if key in self._companies and key not in keys]
        found = [self._companies[key] for key in keys]
        return (found[0] if found else None), found[1:], subcontractors


def _by_key(elements: Sequence[Element]) -> dict[str, Element]:
    return {key: one for one in elements if (key := text(one, "cbc:ID")) is not None}


def _tender_keys(element: Element) -> list[str]:
    return list(dict.fromkeys(codes(element, "efac:LotTender/cbc:ID")))


def _tenders_received(result: Element) -> int | None:
    for one in find_all(result, "efac:ReceivedSubmissionsStatistics"):
        if text(one, "efbc:StatisticsCode") == "tenders":
            return whole_number(text(one, "efbc:StatisticsNumeric"))
    return None


def _value(tenders: Sequence[Element]) -> Amount | None:
    """The value of a contract's tender. Of several tenders there is none: they may be variants of one another."""
    found = [value for one in tenders if (value := amount(one, "cac:LegalMonetaryTotal/cbc:PayableAmount")) is not None]
    return found[0] if len(found) == 1 else None


def _first(values: Iterator[Found | None]) -> Found | None:
    return next((one for one in values if one is not None), None)
