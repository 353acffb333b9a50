"""Examines what the service does by itself, and what waits for people."""

from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from app.config import Settings
from app.jobs.doctor.findings import Finding, Findings, look, well, wrong
from app.rules import policy
from app.rules.codes import ImportStatus
from app.rules.time_passed import doubtful_pause
from app.services import clocks
from app.services.acting import COMMAND_LINE, SYSTEM, Act
from app.services.clocks import CHECK, CLOCKS_APART
from app.sources.demo.city import USERS
from app.storage import audit, condition

GRACE = timedelta(hours=1)
"""What a check may take, and what a round of the delivery may be late by."""
LONGEST_WAIT = timedelta(days=1)
REFUSED_LATELY = timedelta(days=7)
"""Who was told of a refused mail a week ago, and has left it, knows."""
AHEAD = timedelta(minutes=5)
SCHEDULER = "is siepp scheduler, or siepp serve, running? Its log says what keeps it"


def examine(session: Session, settings: Settings, now: datetime) -> Findings:
    yield last_check(session, settings, now)
    yield from delivery(session, now)
    yield from refused(session, now)
    yield from people(session)
    yield from tokens(session)
    yield from imports(session, now)
    yield from trail_end(session, now)
    yield from erasing(session, now)


def last_check(session: Session, settings: Settings, now: datetime) -> Finding:
    """The check of today, once it has had its time; before, that of yesterday."""
    about = "Last check"
    done = condition.last_whole_run(session, CHECK, now.astimezone(settings.timezone))
    due = (now - GRACE).astimezone(settings.timezone)
    wanted = due.date() if due.time() >= settings.check_at else due.date() - timedelta(days=1)
    if done is None:
        if not condition.organisations(session):
            return look(about, "Nothing is in the database yet: add an organisation with siepp unit add.")
        return wrong(about, f"The daily check has never been done: {SCHEDULER}.")
    if done < wanted:
        return wrong(about, f"The last one that came to its end is of {done}, that of {wanted} is due: {SCHEDULER}.")
    return well(about, f"The last one is of {done}.")


def delivery(session: Session, now: datetime) -> Findings:
    about = "Delivery"
    waiting = condition.queue(session, now - GRACE)
    sent = condition.last_sent_at(session)
    told = f"the last mail was sent at {_moment(sent)}" if sent else "none was sent yet"
    if waiting.untried:
        yield wrong(about, f"Mails that are due and nobody tries to send: {waiting.untried}; {SCHEDULER}.")
    if condition.made_after(session, now + CLOCKS_APART):
        yield wrong(about, "Mail waits that was made at a time that is still to come: the clock was ahead.")
    if waiting.oldest is not None and now - waiting.oldest > LONGEST_WAIT:
        yield wrong(
            about,
            f"Mails that wait: {waiting.waiting}, the oldest since {_moment(waiting.oldest)}; {told}. The page of "
            "messages says why each waits.",
        )
    elif not waiting.untried:
        yield well(about, f"Mails that wait: {waiting.waiting}; {told}.")


def refused(session: Session, now: datetime) -> Findings:
    count = condition.refused_since(session, now - REFUSED_LATELY)
    if count:
        yield wrong(
            "Refused mail",
            f"Mails of the last {REFUSED_LATELY.days} days that reached nobody: {count}. Put the addresses right and "
            "try again on the page of messages.",
        )


def people(session: Session) -> Findings:
    about = "Administrators"
    lacking = condition.without_admin(session)
    if lacking:
        yield wrong(about, f"Nobody administers {', '.join(lacking)}: siepp grant USER admin UNIT_ID gives someone.")
    elif condition.organisations(session):
        yield well(about, "Every organisation has one.")
    if condition.any_user_of(session, {user.person.email for user in USERS.values()}):
        yield wrong(
            "Demo", "Users of the demo are in this database, and everybody knows their tokens: begin with an empty one."
        )


def tokens(session: Session) -> Findings:
    count = condition.endless_tokens(session)
    if count:
        yield look(
            "Tokens",
            f"Tokens without a last day: {count}. Their users, or administrators on the pages of users, should revoke "
            "them once a new one is in use.",
        )


def imports(session: Session, now: datetime) -> Findings:
    about = "Imports"
    left = [run for run in condition.hidden_imports(session) if now - run.worked_on > LONGEST_WAIT]
    waiting = [run.number for run in left if run.status == ImportStatus.READY]
    stuck = [run.number for run in left if run.status != ImportStatus.READY]
    if stuck:
        yield wrong(about, f"What imports {_listed(stuck)} left has not been cleared away for a day: {SCHEDULER}.")
    if waiting:
        yield look(about, f"Imports {_listed(waiting)} wait for someone to activate or discard them.")


def trail_end(session: Session, now: datetime) -> Findings:
    about = "Audit trail"
    end = condition.trail_end(session)
    if not end.fits:
        yield wrong(
            about, "Its end is not the link that was written last: keep the database, and run siepp audit verify."
        )
    else:
        yield well(about, "Its end is there." if end.at else "It is empty.")
    if end.at is not None and end.at > now + AHEAD:
        yield wrong(
            "Clock", f"Something was recorded at {_moment(end.at)}, which is still to come: let the clock be set right."
        )


def erasing(session: Session, now: datetime) -> Findings:
    """Whether what is due is erased, and public tables are published."""
    found = clocks.witness(session, Act(SYSTEM, now, now.date(), COMMAND_LINE))
    pause = doubtful_pause(found, now.date())
    if pause is not None and found.begun is not None:  # of an empty database nothing is
        yield look(
            "Erasing",
            f"Nothing is erased, and no public tables are published: no daily check was begun for {pause.days} days in "
            "a row, and the clock may be ahead. Compare it with the right time. Where it is right, this goes on by "
            f"itself after checks on {policy.CLOCK_CHECKS} days; so far there were {pause.checks_since}.",
        )
    if found.is_ahead:
        yield look(
            "Erasing",
            "Nothing is erased, and no public tables are published: this computer's clock is ahead of the database "
            "server's. Set right whichever is wrong.",
        )


def whole_trail(session: Session) -> Findings:
    about = "Audit trail"
    found = audit.verify(session)
    if found.broken_at is None:
        yield well(about, f"All {found.entries} entries hold.")
    else:
        yield wrong(about, f"It is broken at entry {found.broken_at}: keep the database, and compare with a backup.")


def _listed(numbers: list[int]) -> str:
    return ", ".join(str(number) for number in numbers[:5]) + (" …" if len(numbers) > 5 else "")


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="minutes")
