"""The contract's period: the base period, options exercised, a termination decided."""

from datetime import date

from app.rules.facts import ContractFacts


def effective_end_on(facts: ContractFacts, as_of: date) -> date:
    """The contract's last day as known on `as_of`: the latest end among the base period and the options exercised by
    then, or the termination's day where that is earlier and decided by then."""
    end = facts.ends_on
    for option in facts.options:
        if option.exercised_on is not None and option.exercised_on <= as_of:
            end = max(end, option.ends_on)
    termination = facts.termination
    if termination is not None and termination.decided_on <= as_of:
        end = min(end, termination.terminated_on)
    return end


def next_open_option(facts: ContractFacts, as_of: date) -> tuple[str, date] | None:
    """Id and end of the next option not yet exercised that would prolong the contract; none once it is terminated or
    has ended."""
    if facts.termination is not None and facts.termination.decided_on <= as_of:
        return None
    end = effective_end_on(facts, as_of)
    ahead = [
        (option.ends_on, option.id)
        for option in facts.options
        if option.ends_on > end and (option.exercised_on is None or option.exercised_on > as_of)
    ]
    if not ahead or as_of > end:
        return None
    ends_on, option_id = min(ahead)
    return option_id, ends_on
