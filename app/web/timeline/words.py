"""The words of the picture, the list and the table; in lower case, since most stand beside a bar."""

from datetime import date

from babel.dates import format_date

from app.language import formats
from app.language.catalogues import Counted, Text, msgid, msgid_in, msgids, translated, translated_in
from app.language.labels import label
from app.language.sentences import whole_number, written
from app.rules.facts import ClauseFacts, Completion
from app.web.timeline.model import Job, Kind, Missing, Prospect, Stretch, Trouble

CONTEXT = "timeline"
PERIOD = msgid_in("timeline", "Contract period")
PURCHASES = msgid_in("timeline", "Purchases")
JOBS = msgid_in("timeline", "Jobs")
NOT_COUNTED = msgid_in("timeline", "Do not count")
MISSING = msgid_in("timeline", "Missing")

AS_OF = msgid("as of {on}")
TODAY = msgid("today {on}")
TITLE = msgid("Timeline of the contract, {when}")

COMPLETED = msgid("completed on {full_on}")
COMPLETED_LATE = msgid("completed on {full_on}, too late")
WILL_COMPLETE = msgid("will be complete on {full_on}")
WILL_COMPLETE_LATE = msgid("will be complete only on {full_on}, too late")
ENDED = msgid("ended on {ends_on}, {days}")
ENDS = msgid("ends on {ends_on}, {days}")
AGREED_TO_END = msgid("agreed to end on {ends_on}, {days}")
STARTS = msgid("starts on {starts_on}, {then}")
REPLACEMENT = msgid("replacement, {then}")
DOES_NOT_COUNT = msgid("does not count")
DAYS = msgids("{served} / {needed} day", "{served} / {needed} days", by="needed")
FROM = msgid("from {starts_on}")
FROM_TO = "{starts_on} – {ends_on}"

GROUPED = {
    Kind.COMPLETED: msgids("{jobs} completed", "{jobs} completed", by="jobs"),
    Kind.LATE: msgids("{jobs} completed late", "{jobs} completed late", by="jobs"),
    Kind.RUNNING: msgids("{jobs} running", "{jobs} running", by="jobs"),
    Kind.UPCOMING: msgids("{jobs} upcoming", "{jobs} upcoming", by="jobs"),
    Kind.INTERRUPTED: msgids("{jobs} interrupted", "{jobs} interrupted", by="jobs"),
    Kind.NOT_COUNTED: msgids("{jobs} does not count", "{jobs} do not count", by="jobs"),
}
"""Many jobs that stand alike."""

TIME_LEFT = msgids("{days} day to start", "{days} days to start", by="days")
LAST_DAY_NOW = msgid("this is the last day to start")
DAYS_LEFT = msgids("replacement, {days} day", "replacement, {days} days", by="days")
MISSING_COUNT = msgids("{missing} missing", "{missing} missing", by="missing")
LAST_START = msgid("last day to start {on}")
LAST_CHANCE = msgid("can still be met if the work starts by {on}")
OPTION_START = msgid("with the option, time until {on}")
COMPLETE_THEN = msgid("if started then, complete on {on}")

WHY: dict[str, Text] = {
    Completion.WITHIN_CONTRACT.value: msgid("to complete {months} by {effective_end_on}, when the contract ends"),
    Completion.MAY_FOLLOW_CONTRACT.value: msgid("the contract ends then; {months} may be completed after it"),
    "start_within": msgid("the clause gives {start_within_months} to start"),
    "continuation": msgids(
        "whoever goes on with the job that breaks off needs {days} day",
        "whoever goes on with the job that breaks off needs {days} days",
        by="days",
    ),
}
"""Why the last day to start is that day."""

OPTION_TAKEN = msgid("option until {ends_on}")
OPTION_TAKEN_ON = msgid("taken on {taken_on}")
OPTION_OPEN = msgid("option until {ends_on}, not taken")
ENDS_EARLY = msgid("ends early on {on}")
ENDED_EARLY = msgid("ended early on {on}")
DECIDED = msgid("decided on {on}")
CLOSED = msgid("obligation closed on {on}")
COUNTS_FROM = msgid("jobs count from {on}")
ADJUSTED = msgid("obligation {delta} from {on}")

TOTAL = msgid("bought {total_cents}")
PER_THRESHOLD = msgids(
    "{units} position for each {threshold_cents}", "{units} positions for each {threshold_cents}", by="units"
)
REACHED = msgid("{reached_cents} reached on {on}: +{units}")
NEXT_THRESHOLD = msgid("next threshold {next_at_cents}, {left_cents} to go")
NO_MORE = msgid("no more positions can fall due")


class Words:
    """Phrases in a language. `brief` writes the month of English dates short, as labels of the picture need it."""

    def __init__(self, language: str, brief: bool = False) -> None:
        self.language, self.brief = language, brief

    def day(self, on: date) -> str:
        if not self.brief or self.language != "en":
            return formats.day(on, self.language)
        return format_date(on, "d MMM y", locale="en_GB").replace(" ", formats.NO_BREAK_SPACE)

    def say(self, text: Text, **values: object) -> str:
        """A phrase with its values in place."""
        words = written(values, self.language)
        words |= {name: self.day(value) for name, value in values.items() if isinstance(value, date)}
        count = whole_number(values, text.by) if isinstance(text, Counted) else 1
        return translated(text, self.language, count).format_map(words)

    def word(self, text: str) -> str:
        return translated_in(CONTEXT, text, self.language)

    def label(self, kind: str, code: str) -> str:
        return label(kind, code, self.language)

    def money(self, cents: int) -> str:
        return formats.euros(cents, self.language)

    def months(self, count: int) -> str:
        return formats.months(count, self.language)

    # --- Jobs

    def days(self, served: int, needed: int) -> str:
        return self.say(DAYS, served=served, needed=needed).replace(" ", formats.NO_BREAK_SPACE)

    def standing(self, job: Job, as_of: date) -> str:
        """How a job stands, with the days that matter."""
        said = self._standing(job, as_of)
        if job.kind is Kind.UPCOMING or (job.kind is Kind.CONTINUED and job.starts_on > as_of):
            said = self.say(STARTS, starts_on=job.starts_on, then=said)
        return self.say(REPLACEMENT, then=said) if job.continues else said

    def _standing(self, job: Job, as_of: date) -> str:
        if job.kind is Kind.NOT_COUNTED:
            return self.say(DOES_NOT_COUNT)
        if job.kind is Kind.COMPLETED:
            return self.say(COMPLETED, full_on=job.full_on)
        if job.kind is Kind.LATE:
            return self.say(COMPLETED_LATE, full_on=job.full_on)
        days = self.days(job.lasts, job.needed)
        if job.kind in {Kind.INTERRUPTED, Kind.CONTINUED}:
            past = job.ends_on is not None and job.ends_on <= as_of
            return self.say(ENDED if past else ENDS, ends_on=job.ends_on, days=days)
        if job.trouble is Trouble.SHORT:
            return self.say(AGREED_TO_END, ends_on=job.ends_on, days=days)
        return self.say(WILL_COMPLETE_LATE if job.trouble is Trouble.LATE else WILL_COMPLETE, full_on=job.full_on)

    def lasting(self, job: Job) -> str:
        """From when to when."""
        if job.ends_on is None:
            return self.say(FROM, starts_on=job.starts_on)
        return self.say(FROM_TO, starts_on=job.starts_on, ends_on=job.ends_on)

    # --- What is missing

    def time_left(self, missing: Missing, as_of: date) -> str:
        """How long there is time to start, or that there is none."""
        if missing.prospect is Prospect.OPEN:
            days = (missing.latest_start_on - as_of).days
            return self.say(TIME_LEFT, days=days) if days else self.say(LAST_DAY_NOW)
        if missing.prospect is Prospect.OVERDUE:
            return self.label("status", "overdue")
        return self.label("status", missing.prospect.value)

    def needed(self, missing: Missing, months: int) -> str:
        """What has to be filled from the last day on."""
        return self.months(months) if missing.days_left is None else self.say(DAYS_LEFT, days=missing.days_left)

    def why(self, missing: Missing, clause: ClauseFacts, effective_end_on: date) -> str:
        """Why the last day to start is that day."""
        return self.say(
            WHY[missing.limit],
            months=clause.min_duration_months,
            start_within_months=clause.start_within_months,
            effective_end_on=effective_end_on,
            days=missing.days_left or 0,
        )

    def limits(self, missing: Missing, clause: ClauseFacts, effective_end_on: date) -> list[tuple[date, str, str]]:
        """The last days to start, each in words and with what is to say of it: the day of the clause and, where that
        is past but not yet too late, the day until which the obligation can still be met."""
        day, why = missing.latest_start_on, self.why(missing, clause, effective_end_on)
        found = [(day, self.say(LAST_START, on=day), why)]
        if missing.prospect is Prospect.OVERDUE:
            chance, then = missing.chance_on, self.say(COMPLETE_THEN, on=missing.chance_full_on)
            found.insert(0, (chance, self.say(LAST_CHANCE, on=chance), then))
        return found

    # --- The period

    def stretch(self, stretch: Stretch) -> str:
        if not stretch.option:
            return self.say(FROM_TO, starts_on=stretch.starts_on, ends_on=stretch.ends_on)
        return self.say(OPTION_OPEN if stretch.taken_on is None else OPTION_TAKEN, ends_on=stretch.ends_on)

    def signed(self, delta: int) -> str:
        """A change with its sign."""
        return ("+" if delta > 0 else "") + formats.number(delta, self.language)
