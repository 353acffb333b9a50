"""How an obligation is judged, in plain words: what each status means and asks for, what counts, when reminders go.

Every number comes as a value from the rules' policy; none stands in a text.
"""

from app.language.catalogues import msgid
from app.language.formats import months
from app.language.labels import label
from app.language.sentences import made
from app.rules import policy
from app.rules.facts import ClauseType
from app.rules.reminders import ReminderKind
from app.rules.status import Status

STATUS_MEANINGS: dict[Status, str] = {
    Status.NOT_STARTED: msgid("The contract has not begun yet."),
    Status.NO_OBLIGATION: msgid(
        "Nobody needs to be employed at the moment. Under a purchase threshold the obligation begins when the "
        "purchases reach the threshold."
    ),
    Status.OPEN: msgid("A position is missing, and there is still enough time to start."),
    Status.AT_RISK: msgid(
        "A position is missing, and the last day to start is {lead_days} days away or nearer. A unit may set a longer "
        "or shorter time of its own."
    ),
    Status.OVERDUE: msgid(
        "The day by which the clause asks someone to start has passed. Everything can still be completed in time."
    ),
    Status.CANNOT_BE_MET: msgid(
        "The required positions can no longer all be completed in time, even if someone started today."
    ),
    Status.BREACHED: msgid(
        "The contract has ended, the last chance to start has passed, and the obligation was not fulfilled."
    ),
    Status.ON_TRACK: msgid(
        "Every required position is complete, running or agreed, and will be complete in time unless a job ends early."
    ),
    Status.FULFILLED: msgid("As many positions are complete as are required."),
    Status.CLOSED: msgid("The city has closed the obligation by a decision, whose reason and reference are kept."),
}
"""In the order in which a contract usually meets them."""

STATUS_ADVICE: dict[Status, str] = {
    Status.NOT_STARTED: msgid("Tell the supplier early what is coming: finding suitable people takes time."),
    Status.NO_OBLIGATION: msgid("See that the purchases are recorded, so that the obligation is noticed as it begins."),
    Status.OPEN: msgid("Agree with the supplier when someone starts. The business liaison helps to find people."),
    Status.AT_RISK: msgid("Take the matter up with the supplier now, and ask the business liaison to help."),
    Status.OVERDUE: msgid(
        "Ask the supplier why the start is late and when someone starts. Check what the contract says about delay."
    ),
    Status.CANNOT_BE_MET: msgid(
        "See on the contract's page what can still be saved. Decide what follows: an option, an adjustment, a "
        "consequence named in the contract, or closing the obligation."
    ),
    Status.BREACHED: msgid(
        "Settle the matter with the supplier as the contract says, and close the obligation by a decision."
    ),
    Status.ON_TRACK: msgid("Record at once if a job ends early. Confirm when an agreed job has begun."),
    Status.FULFILLED: msgid(
        "Nothing is asked of you. Under a purchase threshold the obligation may open again as the purchases grow."
    ),
    Status.CLOSED: msgid("Nothing is asked of you, and no reminders are sent."),
}

REQUIRED: dict[ClauseType, str] = {
    ClauseType.FIXED_COUNT: msgid("Required is the number of people that stands in the clause."),
    ClauseType.PURCHASE_THRESHOLD: msgid(
        "For every full threshold of purchases so many people are required as the clause says. Exactly the threshold "
        "is enough, credit notes are deducted, and the clause may set a maximum."
    ),
    ClauseType.AWARD_CRITERION: msgid("Required is the number of people that the supplier promised in its bid."),
}

COUNTING: tuple[str, ...] = (
    msgid(
        "A position counts when the clause accepts its form of employment and target group, and the weekly hours reach "
        "the clause's minimum where it has one. Unless the clause says otherwise, the accepted forms are: {forms}."
    ),
    msgid("It must start while the contract is in force. A contract may also count starts before its first day."),
    msgid(
        "A position is complete when it has lasted as many months as the clause asks. Unless the clause says "
        "otherwise, that is {months}."
    ),
    msgid(
        "The first and the last day both count: after that time, a job that began on {began_on} is complete at the end "
        "of {complete_on}."
    ),
    msgid(
        "Where the clause allows it, someone else may continue a job that ended early. The days served are kept, the "
        "days in between add nothing, and whoever continues needs only the days that are left."
    ),
    msgid(
        "Under a fixed count and an award criterion the positions must be complete when the contract ends. Under a "
        "purchase threshold it is enough to start before the contract ends. A clause may say otherwise."
    ),
    msgid(
        "Where a position may be completed after the contract, a replacement must be found before the contract ends or "
        "within a set time from the end of the job, whichever is later. Unless the clause says otherwise, the set time "
        "is {replacement_months}."
    ),
    msgid(
        "Purchases count from their own day, options from the day they are taken, adjustments from the day they take "
        "effect. What was entered wrongly is voided and counts for nothing."
    ),
)

REMINDER_WHEN: dict[ReminderKind, str] = {
    ReminderKind.WINDOW_CLOSING: msgid(
        "{steps} or {last_step} days or fewer are left to the last day to start. Told once at each step; if several "
        "steps have passed untold, only the nearest."
    ),
    ReminderKind.OVERDUE: msgid("Told as soon as the start is overdue, and again every {repeat_days} days."),
    ReminderKind.CANNOT_BE_MET: msgid(
        "Told as soon as the obligation can no longer be met, and again every {repeat_days} days."
    ),
    ReminderKind.BREACHED: msgid(
        "Told when the obligation was not fulfilled, and again every {repeat_days} days, but at most {times} times. "
        "After that the contract stays on the procurement officers' list."
    ),
    ReminderKind.THRESHOLD_REACHED: msgid("Told once for each position that the purchases have added."),
    ReminderKind.POSITION_INTERRUPTED: msgid("Told once for each job that ended early and that nobody continues."),
    ReminderKind.NINE_MONTHS_REACHED: msgid("Told once for each job that lasted as long as the clause asks."),
    ReminderKind.FULFILLED: msgid("Told once when the obligation is fulfilled."),
    ReminderKind.NO_NEWS: msgid(
        "Nothing has been recorded on the contract for {silent_days} days, and its obligation is not fulfilled. Told "
        "every {silent_days} days."
    ),
    ReminderKind.ERASURE_AHEAD: msgid(
        "The contract is over, and the time for which its jobs are kept ends. Told once, at least {notice_days} days "
        "before they are erased."
    ),
    ReminderKind.HANDOVER: msgid(
        "The contract passed to a new owner. Sent at once, on its own, with the contract's state and history; the "
        "former owner gets a copy."
    ),
}

REMINDER_RULES: tuple[str, ...] = (
    msgid(
        "A contract owner gets at most one e-mail a day. Everything due that day is in it, the most urgent first. Only "
        "the message about a new contract owner is sent on its own."
    ),
    msgid("What happened is told if it was recorded at most {event_days} days ago, however old its own day is."),
    msgid("Before sending, the reason is checked again. A reminder whose reason is gone is withdrawn."),
    msgid(
        "If you acknowledge a reminder, it is not repeated until the facts change. If you snooze a contract, it is "
        "silent until the day you choose, at the latest the last day to start."
    ),
    msgid(
        "A message that could not be delivered is tried again and stays in the list of messages until it is sent; none "
        "is lost."
    ),
)

OUTCOMES: tuple[str, ...] = (
    msgid(
        "Every figure belongs to an indicator, whose definition says what exactly is counted. It has a period and a "
        "source, and where it speaks of people, their number n."
    ),
    msgid(
        "A share of a target tells how much of it is reached. Of a figure given as a range the less favourable end "
        "counts."
    ),
    msgid(
        "The service asks a question where arithmetic shows that figures cannot be right together: no whole number out "
        "of n gives the share, parts do not add up to the whole, or more people came out than started. The figures are "
        "marked as doubtful until someone answers."
    ),
    msgid(
        "A figure is never overwritten. A correction keeps what stood there before, with who corrected it, when and "
        "why."
    ),
    msgid(
        "Figures of projects are never added up: they count different things, and the same people may be in several."
    ),
)
"""How the figures of projects are read."""


def explained(text: str, language: str, **more: object) -> str:
    """A text of these tables in a language, with the numbers of the policy and what else it speaks of."""
    *steps, last_step = sorted(policy.WINDOW_STEPS_DAYS, reverse=True)
    forms = [label("employment_form", form, language) for form in policy.DEFAULT_EMPLOYMENT_FORMS]
    values: dict[str, object] = {
        "lead_days": policy.DEFAULT_LEAD_DAYS,
        "months": policy.DEFAULT_MIN_DURATION_MONTHS,
        "replacement_months": months(policy.DEFAULT_REPLACEMENT_WITHIN_MONTHS, language),
        "forms": forms,
        "steps": ", ".join(map(str, steps)),
        "last_step": last_step,
        "repeat_days": policy.REPEAT_DAYS,
        "notice_days": policy.ERASURE_NOTICE_DAYS,
        "times": policy.BREACHED_TOLD_AT_MOST,
        "silent_days": policy.NO_NEWS_DAYS,
        "event_days": policy.EVENT_TOLD_WITHIN_DAYS,
    }
    return made(text, values | more, language)
