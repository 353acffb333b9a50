"""The next reminder that will be sent, were nothing more recorded: for telling people beforehand."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta

from app.rules import policy
from app.rules.judgement import Judgement, judge
from app.rules.recheck import recheck_on
from app.rules.reminders import Muting, Reminder, ReminderKey, reminders_due


@dataclass(frozen=True, slots=True)
class ReminderAhead:
    """The most urgent reminder of the day on which the next one falls due; that day is today where it only waits for
    the next mail."""

    on: date
    reminder: Reminder


def next_reminder(judgement: Judgement, told: AbstractSet[ReminderKey], muting: Muting) -> ReminderAhead | None:
    """Walks the days on which the daily check would look again, and asks it what it would send.

    None where nothing is due within `REMINDERS_AHEAD_DAYS`.
    """
    last = judgement.as_of + timedelta(days=policy.REMINDERS_AHEAD_DAYS)
    while True:
        due = reminders_due(judgement, told, muting)
        if due:
            return ReminderAhead(judgement.as_of, due[0])
        day = recheck_on(judgement, muting)
        if day is None or day > last:
            return None
        judgement = judge(judgement.outlook.facts, day)
