"""Which positions count, how replacements form chains, when a chain completes and how a broken one can be continued."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from app.rules.dates import ONE_DAY, add_months, completes_on, days_needed
from app.rules.errors import RuleBroken
from app.rules.facts import ClauseFacts, Completion, ContractFacts, PositionFacts


def accepted(position: PositionFacts, clause: ClauseFacts) -> bool:
    """Whether form, group and weekly hours satisfy the clause; unknown hours do not where it asks for some."""
    return (
        position.employment_form in clause.employment_forms
        and (clause.target_groups is None or position.target_group in clause.target_groups)
        and (
            clause.min_weekly_hours is None
            or (position.weekly_hours is not None and position.weekly_hours >= clause.min_weekly_hours)
        )
    )


def refusals(position: PositionFacts, clause: ClauseFacts) -> list[str]:
    """Codes of why form, group or hours do not satisfy the clause; empty where they do."""
    codes = []
    if position.employment_form not in clause.employment_forms:
        codes.append("form_not_accepted")
    if clause.target_groups is not None and position.target_group not in clause.target_groups:
        codes.append("group_not_accepted")
    if clause.min_weekly_hours is not None:
        if position.weekly_hours is None:
            codes.append("hours_unknown")
        elif position.weekly_hours < clause.min_weekly_hours:
            codes.append("hours_too_few")
    return codes


class Chain(NamedTuple):
    """One unit of employment: a position and those who took it up again, followed as far as it is known.

    `completes_on` is set where it reaches completion; otherwise `short_since` is the last end, after `days_served` of
    the `days_needed`. `on_time_so_far`: every replacement started in time (asked only where the months may follow
    the contract).
    """

    members: tuple[PositionFacts, ...]
    days_needed: int
    days_served: int
    completes_on: date | None
    short_since: date | None
    on_time_so_far: bool
    in_time: bool

    @property
    def first_start(self) -> date:
        return self.members[0].starts_on

    @property
    def last(self) -> PositionFacts:
        return self.members[-1]


def known_end(position: PositionFacts, replacement: PositionFacts | None, as_of: date) -> date | None:
    """A member's end as known on a day: the recorded one that has happened, else the planned one (at the latest the
    day before its replacement starts), else open."""
    if position.ended_on is not None and position.ended_on <= as_of:
        return position.ended_on
    if position.planned_end_on is None:
        return None
    if replacement is None:
        return position.planned_end_on
    return min(position.planned_end_on, replacement.starts_on - ONE_DAY)


def member_completes_on(position: PositionFacts, needed: int, served: int, months: int) -> date:
    """The day a member fills the chain: the days still needed, or one's own full months where they are shorter."""
    day = position.starts_on + timedelta(days=needed - served - 1)
    return min(day, completes_on(position.starts_on, months))


def _replacement_deadline(clause: ClauseFacts, ended: date, effective_end: date) -> date:
    """Where the months may follow the contract: the last day for the next one to start after `ended`."""
    return max(effective_end, add_months(ended, clause.replacement_within_months))


def follow(
    head: PositionFacts,
    replaced_by: dict[str, PositionFacts],
    clause: ClauseFacts,
    effective_end: date,
    as_of: date,
) -> Chain:
    """Walks a chain from its first member until it completes, or comes short where nobody is known to go on."""
    needed = days_needed(head.starts_on, clause.min_duration_months)
    within = clause.completion is Completion.WITHIN_CONTRACT
    members = [head]
    served, on_time, position = 0, True, head
    while True:
        replacement = replaced_by.get(position.id)
        end = known_end(position, replacement, as_of)
        done = member_completes_on(position, needed, served, clause.min_duration_months)
        if end is None or done <= end:
            in_time = done <= effective_end if within else on_time
            return Chain(tuple(members), needed, served, done, None, on_time, in_time)
        served += (end - position.starts_on).days + 1
        if replacement is None:
            return Chain(tuple(members), needed, served, None, end, on_time, False)
        on_time = on_time and replacement.starts_on <= _replacement_deadline(clause, end, effective_end)
        members.append(replacement)
        position = replacement


def chains(facts: ContractFacts, effective_end: date, as_of: date) -> list[Chain]:
    """The chains that count as known on a day, in the order of their first starts.

    Positions not accepted or not yet known are left out first; what replaces one left out begins a chain of its own.
    Only the first start must lie between `counts_from` and the effective end.
    """
    clause = facts.clause
    known = [position for position in facts.positions if position.agreed_on <= as_of and accepted(position, clause)]
    replaced_by: dict[str, PositionFacts] = {}
    heads = known
    if clause.replacement_allowed and any(position.replaces_id is not None for position in known):
        ids = {position.id for position in known}
        replaced_by = {position.replaces_id: position for position in known if position.replaces_id in ids}
        heads = [position for position in known if position.replaces_id not in ids]
    walked = [
        follow(head, replaced_by, clause, effective_end, as_of)
        for head in heads
        if facts.counts_from <= head.starts_on <= effective_end
    ]
    walked.sort(key=lambda chain: (chain.first_start, chain.members[0].id))
    return walked


def continuation_latest_start(chain: Chain, clause: ClauseFacts, effective_end: date) -> date | None:
    """Until when someone could take up a short chain, needing only the days that are left; None where nobody can."""
    if chain.short_since is None or not clause.replacement_allowed:
        return None
    if clause.completion is Completion.WITHIN_CONTRACT:
        day = effective_end - timedelta(days=chain.days_needed - chain.days_served - 1)
        return day if day > chain.short_since else None
    if not chain.on_time_so_far:
        return None
    return _replacement_deadline(clause, chain.short_since, effective_end)


def counted_ids(walked: Iterable[Chain]) -> frozenset[str]:
    """Ids of the positions that are members of a chain that counts."""
    return frozenset(member.id for chain in walked for member in chain.members)


def check_period(position: PositionFacts, today: date) -> None:
    """Refuses dates that contradict each other.

    Raises RuleBroken naming the field: agreed after the start, planned end or end before the start, end after today
    or after the planned end (a renewed employment is the same position: its planned end is moved).
    """
    if position.agreed_on > position.starts_on:
        raise RuleBroken("agreed_after_start", "agreed_on")
    if position.planned_end_on is not None and position.planned_end_on < position.starts_on:
        raise RuleBroken("planned_end_before_start", "planned_end_on")
    if position.ended_on is None:
        return
    if position.ended_on < position.starts_on:
        raise RuleBroken("end_before_start", "ended_on")
    if position.ended_on > today:
        raise RuleBroken("end_after_today", "ended_on")
    if position.planned_end_on is not None and position.ended_on > position.planned_end_on:
        raise RuleBroken("end_after_planned_end", "ended_on")


def check_replacement(position: PositionFacts, others: Sequence[PositionFacts], allowed: bool) -> None:
    """Refuses a replacement that the clause or the other positions contradict.

    `others` are the contract's positions not voided, the position itself left out. Raises RuleBroken naming the
    field: replacement not allowed, unknown or already replaced predecessor, a predecessor that goes on, or a start
    not after the predecessor's end.
    """
    if position.replaces_id is None:
        return
    if not allowed:
        raise RuleBroken("replacement_not_allowed", "replaces_id")
    replaced = next((other for other in others if other.id == position.replaces_id), None)
    if replaced is None:
        raise RuleBroken("replaced_position_unknown", "replaces_id")
    if any(other.replaces_id == position.replaces_id for other in others):
        raise RuleBroken("already_replaced", "replaces_id")
    end = _end_on_record(replaced)
    if end is None:
        raise RuleBroken("replaced_position_goes_on", "replaces_id")
    if position.starts_on <= end:
        raise RuleBroken("replacement_starts_before_end", "starts_on", end=end)


def replaceable(positions: Sequence[PositionFacts]) -> dict[str, date]:
    """Those of a contract's positions that another may continue, each with its last day: it has one on record, and
    nobody continues it yet."""
    taken = {position.replaces_id for position in positions}
    ends = {position.id: _end_on_record(position) for position in positions if position.id not in taken}
    return {position_id: end for position_id, end in ends.items() if end is not None}


def _end_on_record(position: PositionFacts) -> date | None:
    return position.ended_on if position.ended_on is not None else position.planned_end_on


def check_successor(position: PositionFacts, others: Sequence[PositionFacts]) -> None:
    """A position already replaced must keep an end before the day its replacement starts. Raises RuleBroken."""
    successor = next((other for other in others if other.replaces_id == position.id), None)
    if successor is None:
        return
    field = "ended_on" if position.ended_on is not None else "planned_end_on"
    end = _end_on_record(position)
    if end is None or end >= successor.starts_on:
        raise RuleBroken("end_after_replacement_starts", field, start=successor.starts_on)


@dataclass(frozen=True, slots=True)
class Account:
    """What a position is told of itself: whether it counts and why not, and until when it must last to complete."""

    counts: bool
    not_counted_because: tuple[str, ...]
    completes_on: date | None


def account(position: PositionFacts, facts: ContractFacts, effective_end: date, as_of: date) -> Account:
    """Whether a position counts as known on a day, why not, and until when it must last.

    One agreed but not begun counts; so does one that later broke off, with the days it served.
    """
    codes = refusals(position, facts.clause)
    if position.agreed_on > as_of:
        codes.append("not_yet_agreed")
    if codes:
        return Account(False, tuple(codes), None)
    for chain in chains(facts, effective_end, as_of):
        served = 0
        for member, following in zip(chain.members, [*chain.members[1:], None], strict=True):
            if member.id == position.id:
                done = member_completes_on(member, chain.days_needed, served, facts.clause.min_duration_months)
                return Account(True, (), done)
            end = known_end(member, following, as_of)
            served += (end - member.starts_on).days + 1 if end is not None else 0
    return Account(False, (_left_out(position, facts, effective_end, as_of),), None)


def _left_out(position: PositionFacts, facts: ContractFacts, effective_end: date, as_of: date) -> str:
    """Why an accepted position is in no chain: its chain began outside the period, the one it replaces goes on as far
    as is known, or the chain was complete without it."""
    by_id = {other.id: other for other in facts.positions if other.agreed_on <= as_of and accepted(other, facts.clause)}
    head = position
    while facts.clause.replacement_allowed and head.replaces_id in by_id:
        head = by_id[head.replaces_id]
    if head.starts_on < facts.counts_from:
        return "starts_before_period"
    if head.starts_on > effective_end:
        return "starts_after_period"
    replaced = by_id.get(position.replaces_id or "")
    if replaced is not None and known_end(replaced, position, as_of) is None:
        return "replaced_position_goes_on"
    return "chain_already_complete"
