"""What a database tells of how the service is doing: when work was last done, what waits, who is there."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, time
from typing import Any, NamedTuple

from sqlalchemy import exists, func, select, text
from sqlalchemy.orm import Session

from app.rules.codes import MessageStatus, Role
from app.storage.models import AuditEntry, AuditHead, Grant, HiddenImport, ImportRun, JobRun, Message, Token, Unit, User

DAYS_LOOKED_BACK = 400
"""Of a job that was not done for longer it says nothing more when it was done last."""


class PostgresServer(NamedTuple):
    """A server and how this connection is to it; `now` is its clock."""

    version: int
    timezone: str
    encoding: str
    superuser: bool
    standby: bool
    fsync: bool
    full_page_writes: bool
    synchronous_commit: str
    local: bool
    encrypted: bool
    now: datetime


_POSTGRES = text(
    """
    SELECT current_setting('server_version_num')::int / 10000,
           current_setting('TimeZone'),
           current_setting('server_encoding'),
           (SELECT rolsuper FROM pg_roles WHERE rolname = current_user),
           pg_is_in_recovery(),
           current_setting('fsync')::bool,
           current_setting('full_page_writes')::bool,
           current_setting('synchronous_commit'),
           inet_server_addr() IS NULL OR inet_server_addr() <<= '127.0.0.0/8' OR inet_server_addr() = '::1',
           coalesce((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), false),
           clock_timestamp()
    """
)


def postgres_server(session: Session) -> PostgresServer:
    return PostgresServer(*session.execute(_POSTGRES).one())


def server_time(session: Session) -> datetime | None:
    """What the clock of the database's server says; None where the database is a file, and has none."""
    if session.get_bind().dialect.name == "sqlite":
        return None
    return session.scalar(select(func.clock_timestamp()))


def journal_mode(session: Session) -> str:
    """Of SQLite: "wal" where readers and a writer do not wait for each other."""
    return str(session.scalar(text("PRAGMA journal_mode")))


class Queue(NamedTuple):
    """Mail that is not sent: how much waits and since when, and how much of it should have been tried by a moment."""

    waiting: int
    oldest: datetime | None
    untried: int


def made_after(session: Session, moment: datetime) -> bool:
    """Whether mail waits that was made after a moment."""
    wanted = (Message.status == MessageStatus.QUEUED, Message.created_at > moment)
    return session.scalar(select(Message.id).where(*wanted).limit(1)) is not None


def queue(session: Session, tried_by: datetime) -> Queue:
    queued = Message.status == MessageStatus.QUEUED
    waiting, oldest = session.execute(select(func.count(), func.min(Message.created_at)).where(queued)).one()
    untried = session.scalar(select(func.count()).where(queued, Message.next_attempt_at < tried_by))
    return Queue(waiting, oldest, untried or 0)


def refused_since(session: Session, since: datetime) -> int:
    """Mails made since a moment that no server took, and that nobody has dealt with."""
    wanted = (Message.status == MessageStatus.REFUSED, Message.created_at >= since)
    return session.scalar(select(func.count()).where(*wanted)) or 0


def last_sent_at(session: Session) -> datetime | None:
    return session.scalar(select(func.max(Message.sent_at)).where(Message.sent_at.is_not(None)))


def last_whole_run(session: Session, job: str, now: datetime) -> date | None:
    """The last day for which a job came to its end; none that is still to come, as where the clock was ahead for a
    while, nor one for which it was run beforehand only. `now` is in the city's time zone."""
    whole = (JobRun.job == job, JobRun.for_on <= now.date(), JobRun.finished_at.is_not(None))
    begun = select(JobRun.for_on, func.max(JobRun.started_at)).where(*whole).group_by(JobRun.for_on)
    for day, at in session.execute(begun.order_by(JobRun.for_on.desc()).limit(DAYS_LOOKED_BACK)):
        if at >= datetime.combine(day, time(), now.tzinfo):
            return day
    return None


def organisations(session: Session) -> int:
    return session.scalar(select(func.count()).where(Unit.parent_id.is_(None))) or 0


def without_admin(session: Session) -> Sequence[str]:
    """Names of the organisations of which no active user is admin as a whole."""
    admin = exists().where(
        Grant.unit_id == Unit.id, Grant.role == Role.ADMIN, User.id == Grant.user_id, User.active.is_(True)
    )
    return session.scalars(select(Unit.name).where(Unit.parent_id.is_(None), ~admin).order_by(Unit.name)).all()


def any_user_of(session: Session, emails: Collection[str]) -> bool:
    return session.scalar(select(User.id).where(User.email.in_(emails)).limit(1)) is not None


def endless_tokens(session: Session) -> int:
    """Tokens without a last day that open something: those made before there were any."""
    wanted = (Token.expires_on.is_(None), Token.revoked_at.is_(None), User.active.is_(True))
    return (
        session.scalar(select(func.count()).select_from(Token).join(User, User.id == Token.user_id).where(*wanted)) or 0
    )


def hidden_imports(session: Session) -> Sequence[Any]:
    """Imports whose purchases count for nothing, by number: `status`, and when they were last worked on."""
    worked_on = func.coalesce(ImportRun.undone_at, ImportRun.settled_at, ImportRun.touched_at).label("worked_on")
    statement = select(ImportRun.number, ImportRun.status, worked_on)
    return session.execute(statement.join(HiddenImport).order_by(ImportRun.number)).all()


def begun_at(session: Session) -> datetime | None:
    """When the first thing was written."""
    return session.scalar(select(AuditEntry.at).order_by(AuditEntry.seq).limit(1))


class TrailEnd(NamedTuple):
    """The last link of the audit trail, and whether the head that the next one hangs on is that link."""

    fits: bool
    at: datetime | None


def trail_end(session: Session) -> TrailEnd:
    head = session.get(AuditHead, 1)
    last = session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)).first()
    if head is None or last is None:
        return TrailEnd(head is not None and head.seq == 0, None)
    return TrailEnd((head.seq, head.hash) == (last.seq, last.hash), last.at)
