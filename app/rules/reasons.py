"""The facts that decided a judgement, as codes with values; app/language/reasons.py makes the sentences.

The first reason is the judgement in a sentence; the others say what the status alone hides.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from app.rules.clauses import next_threshold, unlimited_latest_start
from app.rules.contracts import next_open_option
from app.rules.facts import OptionFacts
from app.rules.outlook import Outlook, outlook_on
from app.rules.positions import accepted, counted_ids
from app.rules.status import ChainState, Standing, Status, chain_state

SETTLED = frozenset({Status.CLOSED, Status.NO_OBLIGATION, Status.FULFILLED})
"""Nobody has to start: only the next threshold is of interest."""

FOR_SUPPLIER = frozenset(
    {"start_needed", "overdue", "cannot_be_met", "breached", "on_track", "fulfilled", "can_start_until"}
    | {"can_be_continued", "interrupted", "planned_end_too_early", "completes_late", "completed_late", "next_threshold"}
)
"""What a supplier is told of its own obligation; the city's options and decisions are the city's to tell."""


@dataclass(frozen=True, slots=True)
class Reason:
    """A code of the catalogue and what fills its sentence: counts, days, cents, ids."""

    code: str
    values: Mapping[str, object]


def _reason(code: str, **values: object) -> Reason:
    return Reason(code, values)


def reasons_for(outlook: Outlook, standing: Standing) -> tuple[Reason, ...]:
    """The judgement in a sentence, then what it hides; of a contract whose jobs are erased, that they are."""
    kept = outlook.facts.kept
    if kept is not None:
        settled = standing.status in SETTLED or standing.status is Status.BREACHED
        erased = _reason("jobs_erased", on=kept.told_as_of(outlook.as_of))
        return (_headline(outlook, standing), erased) if settled else (erased,)
    reasons = [_headline(outlook, standing)]
    if standing.status not in SETTLED:
        reasons += [*_by_day(outlook, standing), *_continuations(outlook), *_option(outlook), *_termination(outlook)]
        reasons += [*_troubled_chains(outlook), *_waiting_replacements(outlook), *_started_late(outlook)]
    if standing.status is not Status.CLOSED:
        reasons += _next_threshold(outlook)
    return tuple(reasons)


def _headline(outlook: Outlook, standing: Standing) -> Reason:
    facts = outlook.facts
    counts = {"required": standing.required, "covered": standing.covered, "missing": standing.missing}
    match standing.status:
        case Status.CLOSED:
            return _reason("closed", effective_on=facts.closure and facts.closure.effective_on)
        case Status.NOT_STARTED:
            return _reason("not_started", starts_on=facts.starts_on, required=standing.required)
        case Status.NO_OBLIGATION:
            return _reason("no_obligation")
        case Status.FULFILLED:
            return _reason("fulfilled", required=standing.required, completed=standing.completed)
        case Status.ON_TRACK:
            return _reason("on_track", **counts, completed=standing.completed, complete_on=_complete_on(outlook))
        case Status.BREACHED:
            return _reason("breached", **counts, late=standing.late, effective_end_on=outlook.effective_end_on)
        case Status.CANNOT_BE_MET:
            return _reason("cannot_be_met", **counts, **_limits(outlook))
        case Status.OVERDUE:
            return _reason("overdue", **counts, **_limits(outlook))
        case Status.OPEN | Status.AT_RISK:
            return _reason("start_needed", **counts, **_limits(outlook))


def _complete_on(outlook: Outlook) -> date | None:
    """The day on which the last chain needed reaches completion."""
    days = sorted(chain.completes_on for chain in outlook.chains if chain.in_time and chain.completes_on)
    return days[outlook.required - 1] if len(days) >= outlook.required else None


def _limits(outlook: Outlook) -> dict[str, object]:
    """L and how many units have it, C, and what sets L: the contract's end, the clause's time to start, or the days
    left of a broken job."""
    facts, first = outlook.facts, outlook.latest_start_on
    own = outlook.unit_latest_starts[outlook.covered]
    limit = facts.clause.completion.value
    if own < unlimited_latest_start(facts.clause, outlook.effective_end_on):
        limit = "start_within"
    if first is not None and first > own and any(day == first for day, _ in outlook.continuations):
        limit = "continuation"
    return {
        "latest_start_on": first,
        "first_count": outlook.missing_latest_starts.count(first) if first else 0,
        "last_chance_on": outlook.last_chance_on,
        "effective_end_on": outlook.effective_end_on,
        "months": facts.clause.min_duration_months,
        "start_within_months": facts.clause.start_within_months,
        "limit": limit,
    }


def _by_day(outlook: Outlook, standing: Standing) -> Iterator[Reason]:
    """Which missing units can still be saved and until when, where the headline's one day does not say it all."""
    days = Counter(outlook.missing_latest_starts)
    if len(days) < 2:
        return
    lost = sum(count for day, count in days.items() if day < outlook.as_of)
    if lost and standing.status in {Status.CANNOT_BE_MET, Status.OVERDUE, Status.BREACHED}:
        yield _reason("start_day_passed", count=lost)
    for day, count in sorted(days.items()):
        if day >= outlook.as_of:
            yield _reason("can_start_until", count=count, until=day)


def _continuations(outlook: Outlook) -> Iterator[Reason]:
    """Broken jobs that someone could take up again, needing only the days that are left."""
    for until, chain in outlook.continuations[: outlook.missing]:
        if until >= outlook.as_of:
            yield _reason(
                "can_be_continued",
                position_id=chain.last.id,
                ended_on=chain.short_since,
                days_served=chain.days_served,
                days_needed=chain.days_needed,
                days_left=chain.days_needed - chain.days_served,
                until=until,
            )


def _option(outlook: Outlook) -> Iterator[Reason]:
    """What taking the next unexercised option would change."""
    found = next_open_option(outlook.facts, outlook.as_of)
    if found is None or not outlook.missing:
        return
    option_id, ends_on = found
    taken = tuple(
        OptionFacts(option.id, option.ends_on, outlook.as_of if option.id == option_id else option.exercised_on)
        for option in outlook.facts.options
    )
    then = outlook_on(replace(outlook.facts, options=taken), outlook.as_of)
    if then.missing_latest_starts != outlook.missing_latest_starts:
        yield _reason("option_would_extend", option_id=option_id, ends_on=ends_on, latest_start_on=then.latest_start_on)


def _termination(outlook: Outlook) -> Iterator[Reason]:
    """A termination that leaves an obligation needs a decision: keep, adjust or close."""
    termination = outlook.facts.termination
    if termination is not None and termination.decided_on <= outlook.as_of and outlook.missing:
        yield _reason("termination_leaves_obligation", terminated_on=termination.terminated_on, missing=outlook.missing)


def _troubled_chains(outlook: Outlook) -> Iterator[Reason]:
    """Jobs that broke off, will by their planned end be too short, or complete too late."""
    for chain in outlook.chains:
        state = chain_state(chain, outlook.as_of)
        days = {"days_served": chain.days_served, "days_needed": chain.days_needed}
        if state is ChainState.INTERRUPTED:
            yield _reason("interrupted", position_id=chain.last.id, ended_on=chain.short_since, **days)
        elif chain.short_since is not None:
            yield _reason("planned_end_too_early", position_id=chain.last.id, ends_on=chain.short_since, **days)
        elif not chain.in_time:
            code = "completed_late" if state is ChainState.COMPLETED else "completes_late"
            end = outlook.effective_end_on
            yield _reason(code, position_id=chain.last.id, completes_on=chain.completes_on, effective_end_on=end)


def _waiting_replacements(outlook: Outlook) -> Iterator[Reason]:
    """A replacement agreed though the one it replaces has no end known yet: it counts for nothing so far."""
    facts = outlook.facts
    if not facts.clause.replacement_allowed:
        return
    open_ended = {chain.last.id for chain in outlook.chains if chain.last.planned_end_on is None}
    counted = counted_ids(outlook.chains)
    for position in facts.positions:
        waits = position.replaces_id in open_ended and position.id not in counted
        if waits and position.agreed_on <= outlook.as_of and accepted(position, facts.clause):
            yield _reason("replacement_waits", position_id=position.id, replaces_id=position.replaces_id)


def _started_late(outlook: Outlook) -> Iterator[Reason]:
    """Chains in time that began after the clause's time to start had passed for their unit."""
    if outlook.facts.clause.start_within_months is None:
        return
    in_time = [chain for chain in outlook.chains if chain.in_time]
    for chain, until in zip(in_time, outlook.unit_latest_starts, strict=False):
        if chain.first_start > until:
            yield _reason(
                "started_late", position_id=chain.members[0].id, starts_on=chain.first_start, latest_start_on=until
            )


def _next_threshold(outlook: Outlook) -> Iterator[Reason]:
    """How much has been bought and at what sum the next position falls due."""
    ahead = next_threshold(outlook.facts, outlook.effective_end_on, outlook.as_of)
    if ahead is not None:
        yield _reason("next_threshold", **ahead._asdict(), left_cents=ahead.left_cents)
