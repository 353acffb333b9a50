"""Procurements as open data tells them, by chance, and the way back from what an import would register."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st
from stdnum.fi import ytunnus

from app.language.open_data import milestone_title
from app.rules.clauses import purchase_counts
from app.rules.codes import PartyRole
from app.rules.contracts import effective_end_on
from app.rules.facts import (
    AdjustmentFacts,
    AwardCriterion,
    ClauseType,
    ClosureFacts,
    ContractFacts,
    FixedCount,
    OptionFacts,
    PurchaseFacts,
    PurchaseThreshold,
    TerminationFacts,
)
from app.rules.policy import DEFAULT_LEAD_DAYS
from app.schemas.contracts import ContractCreate
from app.schemas.imported_drafts import ImportedDraft
from app.schemas.owners import OwnerReference
from app.schemas.suppliers import SupplierReference
from app.services import ocds_drafts, ocds_own, ocds_registering
from app.services.clauses import fill, terms_of
from app.services.ocds_releases import (
    Json,
    OpenCompany,
    OpenContract,
    OpenDecision,
    OpenProcurement,
    OpenPurchase,
    OpenUnit,
    Told,
)
from app.sources.ocds.releases import release_of
from app.storage.facts import clause_facts
from app.storage.models import Clause
from tests.rules.strategies import contract_facts

TODAY = date(2021, 6, 15)
TOLD = Told(TODAY, ZoneInfo("Europe/Helsinki"), "0201256-6", milestone_title)
UNIT = OpenUnit("0" * 32, "Kaupunkiympäristön toimiala", "Helsingin kaupunki")
OWNER = OwnerReference(email="owner@example.org", name="Olli Omistaja", language="fi")
WORDING = "Työllistämisehto"

WORDS = st.text("abcdefghijklmnopqrstuvwxyzåäöÅÄÖ &-/.0", min_size=1, max_size=40).map(str.strip).filter(bool)
LINES = WORDS.filter(lambda text: " ".join(text.split()) == text)
CENTS = st.integers(0, 10**13)


def _business_id(number: int) -> str:
    """The business ID that begins with these digits; empty where none does."""
    found = next((f"{number}{check}" for check in "0123456789" if ytunnus.is_valid(f"{number}{check}")), "")
    return ytunnus.format(found) if found else ""


FINNISH = st.integers(9_000_000, 9_999_999).map(_business_id).filter(bool)
COMPANIES = st.one_of(
    st.builds(OpenCompany, st.just("FI-PRO"), FINNISH, LINES),
    st.builds(OpenCompany, st.just("GB-COH"), st.from_regex(r"[A-Z]{2}[0-9]{6}", fullmatch=True), LINES),
)
HEX = st.integers(0, 16**32 - 1).map(lambda number: f"{number:032x}")
HUNDREDTHS = st.integers(1, 6000).map(lambda number: Decimal(number) / 100)


KINDS: dict[type[Any], ClauseType] = {
    FixedCount: ClauseType.FIXED_COUNT,
    PurchaseThreshold: ClauseType.PURCHASE_THRESHOLD,
    AwardCriterion: ClauseType.AWARD_CRITERION,
}
OF_TYPES = ("positions", "threshold_cents", "positions_per_threshold", "max_positions")
COMMON = (
    "min_duration_months",
    "min_weekly_hours",
    "replacement_allowed",
    "start_within_months",
    "replacement_within_months",
)


def _clause(facts: ContractFacts, points: tuple[Decimal, Decimal] | None) -> Clause:
    """The row of a clause from its facts, and how bids were scored."""
    common, terms = facts.clause, facts.clause.terms
    kind = KINDS[type(terms)]
    scored = points if kind is ClauseType.AWARD_CRITERION else None
    return Clause(
        type=kind.value,
        completion=common.completion.value,
        employment_forms=sorted(common.employment_forms),
        target_groups=None if common.target_groups is None else sorted(common.target_groups),
        points_per_position=min(scored) if scored else None,
        max_points=max(scored) if scored else None,
        **{name: getattr(terms, name, None) for name in OF_TYPES},
        **{name: getattr(common, name) for name in COMMON},
    )


@st.composite
def open_contracts(draw: st.DrawFn, facts: ContractFacts, contract_id: str) -> OpenContract:
    """A contract with the facts, and with whatever open data tells beside them."""
    lead, *others = draw(st.lists(COMPANIES, min_size=1, max_size=4, unique_by=lambda one: one[:2]))
    parties = [(one, draw(st.sampled_from(PartyRole))) for one in others]
    ids = draw(st.lists(HEX, min_size=8, max_size=8, unique=True))
    purchases = [
        OpenPurchase(key, one.on_date, one.amount_cents) for key, one in zip(ids, facts.purchases, strict=False)
    ]
    decisions = [OpenDecision(one.effective_on, one.delta, draw(LINES)) for one in facts.adjustments]
    if facts.closure is not None:
        decisions.append(OpenDecision(facts.closure.effective_on, None, draw(LINES)))
    early = facts.counts_from if facts.counts_from != facts.starts_on else None
    promised = getattr(facts.clause.terms, "committed_positions", None)
    return OpenContract(
        *(contract_id, draw(LINES), UNIT, lead, parties, facts, early, promised, decisions, purchases),
    )


@st.composite
def open_procurements(draw: st.DrawFn) -> OpenProcurement:
    """A procurement with a clause and some contracts, or with the reason why it has no clause."""
    facts = draw(contract_facts().map(_as_published))
    clause = _clause(facts, draw(st.none() | st.tuples(HUNDREDTHS, HUNDREDTHS)))
    without = draw(st.integers(0, 5)) == 0
    ids = [] if without else draw(st.lists(HEX, max_size=3, unique=True))
    contracts = [draw(open_contracts(facts, contract_id)) for contract_id in ids]
    some = st.none() | LINES
    return OpenProcurement(
        ocid=f"siepp.example.org-{draw(HEX)}",
        unit=UNIT,
        reference=draw(LINES),
        title=draw(LINES),
        kind=draw(st.sampled_from(["services", "goods", "works"])),
        estimated_value_cents=draw(st.none() | CENTS),
        signed_on=draw(st.none() | st.dates(date(2010, 1, 1), date(2030, 1, 1))),
        programme=draw(some),
        innovative_method=draw(some),
        procedure=draw(some | st.sampled_from(["open", "Rajoitettu", "suorahankinta"])),
        notice_id=draw(some),
        no_clause_reason=draw(LINES) if without else None,
        terms=None if without else terms_of(clause),
        wording="" if without else WORDING,
        recorded_on=TODAY,
        contracts=contracts,
    )


def _as_published(facts: ContractFacts) -> ContractFacts:
    """Without what never leaves the city or is not registered by an import: days of recording, lead days, positions."""
    options = tuple(replace(one, id="") for one in sorted(facts.options, key=lambda one: one.ends_on))
    last = effective_end_on(facts, TODAY)
    purchases = tuple(
        PurchaseFacts(one.on_date, one.amount_cents or 1, TODAY)
        for one in facts.purchases
        if isinstance(facts.clause.terms, PurchaseThreshold)
        and purchase_counts(one.on_date, facts.starts_on, min(last, TODAY))
    )
    recorded = {"registered_on": TODAY, "last_recorded_on": TODAY, "lead_days": DEFAULT_LEAD_DAYS}
    ended = facts.termination
    if ended is not None and ended.decided_on > ended.terminated_on:
        ended = replace(ended, decided_on=ended.terminated_on)
    return replace(facts, positions=(), options=options, purchases=purchases, termination=ended, **recorded)


# --- And back


def as_read(release: Json) -> tuple[ImportedDraft, list[Json]]:
    """A release as an import understands it: its draft and what goes beyond one. Amounts are read exactly."""
    text = json.dumps(release, ensure_ascii=False)
    read = release_of(json.loads(text, parse_float=Decimal))
    (draft,) = ocds_drafts.drafts_of(read)
    return draft, [ocds_own.beyond(one) for one in read.contracts]


def as_registered(draft: ImportedDraft, beyond: Sequence[Json]) -> OpenProcurement:
    """What would be published of the procurement, had the draft been registered."""
    command, contracts = ocds_registering.commands_of(draft, "0" * 32, OWNER)
    clause = None
    if command.clause is not None:
        clause = Clause()
        fill(clause, command.clause)
    for more in beyond:
        ocds_registering.check_beyond(more)
    plain = ("reference", "title", "signed_on", "programme", "innovative_method", "procedure", "notice_id")
    return OpenProcurement(
        ocid=draft.source.key,
        unit=UNIT,
        kind=command.kind.value,
        estimated_value_cents=command.estimated_value_eur,
        no_clause_reason=command.no_clause_reason,
        terms=None if clause is None else terms_of(clause),
        wording="" if clause is None else WORDING,
        recorded_on=TODAY,
        contracts=[_contract(one, more, clause) for one, more in zip(contracts, beyond, strict=True)],
        **{name: getattr(command, name) for name in plain},
    )


def _contract(command: ContractCreate, more: Json, clause: Any) -> OpenContract:
    ended, adjusted, closed = more.get("termination"), more.get("adjustments", ()), more.get("closure")
    bought = [
        OpenPurchase(one["id"], _day(one["on_date"]), int(Decimal(one["amount_eur"]) * 100))
        for one in more.get("purchases", ())
    ]
    decided = [OpenDecision(_day(one["effective_on"]), one["delta"], one["reason"]) for one in adjusted]
    facts = ContractFacts(
        clause=clause_facts(clause, command.committed_positions),
        starts_on=command.starts_on,
        ends_on=command.ends_on,
        counts_from=command.counts_from or command.starts_on,
        registered_on=TODAY,
        last_recorded_on=TODAY,
        value_cents=command.value_eur,
        options=tuple(OptionFacts("", one.ends_on, one.exercised_on) for one in command.options),
        termination=ended and TerminationFacts(_day(ended["terminated_on"]), _day(ended["decided_on"])),
        adjustments=tuple(AdjustmentFacts(one.effective_on, one.delta or 0, TODAY) for one in decided),
        closure=closed and ClosureFacts(_day(closed["effective_on"])),
        purchases=tuple(PurchaseFacts(one.on_date, one.cents, TODAY) for one in bought),
    )
    if closed:
        decided.append(OpenDecision(_day(closed["effective_on"]), None, closed["reason"]))
    return OpenContract(
        *(more["ocds_id"], command.reference, UNIT, _company(command.supplier)),
        *([(_company(one), one.role) for one in command.parties], facts),
        *(command.counts_from, command.committed_positions, decided, bought),
    )


def _company(reference: SupplierReference) -> OpenCompany:
    return OpenCompany(*reference.key, reference.name or "")


def _day(text: str) -> date:
    return date.fromisoformat(text)
