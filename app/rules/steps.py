"""What to do next on a contract: the one step that moves it on, by what someone may do."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from app.rules.clauses import next_threshold
from app.rules.judgement import Judgement
from app.rules.reminders import LIMIT_KINDS, Muting, is_snoozed
from app.rules.status import Status


class StepKind(StrEnum):
    LOG_POSITION = "log_position"
    LOG_REPLACEMENT = "log_replacement"
    TAKE_OPTION = "take_option"
    ADJUST = "adjust"
    CLOSE = "close"
    ADD_PURCHASE = "add_purchase"
    ACKNOWLEDGE = "acknowledge"
    SNOOZE = "snooze"
    HAND_OVER = "hand_over"


@dataclass(frozen=True, slots=True)
class Step:
    """`about` is the id of the job to take up again, or of the option to take."""

    kind: StepKind
    about: str = ""


def next_step(
    judgement: Judgement, muting: Muting, *, positions: bool, contracts: bool, reminders: bool
) -> Step | None:
    """The step of whoever may log positions, write contracts, or answer for reminders; None where nothing is asked of
    them. A job logged comes before a decision, a decision before the reminders."""
    if judgement.outlook.facts.kept is not None:
        return None
    choices: list[Iterator[Step]] = []
    if positions:
        choices.append(_by_position(judgement))
    if contracts:
        choices.append(_by_decision(judgement))
    if reminders:
        choices.append(_by_reminder(judgement, muting))
    return next((step for choice in choices for step in choice), None)


def _by_position(judgement: Judgement) -> Iterator[Step]:
    """Someone can be logged as long as it may help; who takes up a broken job where that gives more time."""
    outlook = judgement.outlook
    if judgement.status in {Status.CLOSED, Status.BREACHED, Status.CANNOT_BE_MET}:
        return
    if outlook.missing and outlook.continuations and outlook.continuations[0][0] >= judgement.as_of:
        until, chain = outlook.continuations[0]
        if until >= max(outlook.unit_latest_starts[outlook.covered :]):
            yield Step(StepKind.LOG_REPLACEMENT, chain.last.id)
            return
    yield Step(StepKind.LOG_POSITION)


def _by_decision(judgement: Judgement) -> Iterator[Step]:
    """Where the time is lost or the contract ends early the city decides: by an option, by adjusting, by closing."""
    codes = {reason.code: reason.values for reason in judgement.reasons}
    if "option_would_extend" in codes and judgement.status is not Status.OPEN:
        yield Step(StepKind.TAKE_OPTION, str(codes["option_would_extend"]["option_id"]))
    if judgement.status is Status.BREACHED:
        yield Step(StepKind.CLOSE)
    if judgement.status is Status.CANNOT_BE_MET or "termination_leaves_obligation" in codes:
        yield Step(StepKind.ADJUST)
    if judgement.status is not Status.CLOSED and next_threshold(
        judgement.outlook.facts, judgement.outlook.effective_end_on, judgement.as_of
    ):
        yield Step(StepKind.ADD_PURCHASE)


def _by_reminder(judgement: Judgement, muting: Muting) -> Iterator[Step]:
    """An owner acknowledges what repeats, or mutes what lies ahead."""
    latest = judgement.standing.latest_start_on
    if judgement.status in LIMIT_KINDS and not muting.acknowledged:
        yield Step(StepKind.ACKNOWLEDGE)
    ahead = latest is not None and latest > judgement.as_of
    if judgement.status is Status.AT_RISK and ahead and not is_snoozed(judgement, muting):
        yield Step(StepKind.SNOOZE)
    if judgement.status is not Status.CLOSED:
        yield Step(StepKind.HAND_OVER)
