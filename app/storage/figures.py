"""What a monitor asks of the database: a few counts, read at once and never waited for long."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.rules.codes import ImportStatus, MessageStatus
from app.storage.condition import last_sent_at
from app.storage.models import ImportRun, JobRun, Message, StoredJudgement
from app.storage.session import is_sqlite

PATIENCE_MS = 3_000
"""Of one statement on PostgreSQL: a monitor gives up after some ten seconds, and must not keep the server busy."""
UNFINISHED = (ImportStatus.READING, ImportStatus.READY)


@dataclass(frozen=True, slots=True)
class Figures:
    """How the service is doing. Empty moments: it never happened, or nothing waits. `queued_since` is when the oldest
    mail that waits was made, `messages` and `contracts` are counts by status, `imports` those that are being read or
    wait for a person."""

    messages: Mapping[str, int]
    queued_since: datetime | None
    last_sent_at: datetime | None
    contracts: Mapping[str, int]
    imports: Mapping[str, int]
    check_started_at: datetime | None
    check_finished_at: datetime | None


def read(session: Session, job: str) -> Figures:
    """Six statements; `job` names the daily check among the runs of jobs."""
    if not is_sqlite(session):
        session.execute(text(f"SET LOCAL statement_timeout = {PATIENCE_MS}"))
    # One by one, each from an index: together they would be gathered from every mail there ever was, text and all.
    mails = select(Message.status, func.count()).group_by(Message.status)
    queued = select(func.min(Message.created_at)).where(Message.status == MessageStatus.QUEUED)
    judged = select(StoredJudgement.status, func.count()).group_by(StoredJudgement.status)
    unfinished = select(ImportRun.status, func.count()).where(ImportRun.status.in_(UNFINISHED))
    whole = select(JobRun.started_at, JobRun.finished_at).where(JobRun.job == job, JobRun.finished_at.is_not(None))
    check = session.execute(whole.order_by(JobRun.finished_at.desc()).limit(1)).one_or_none()
    return Figures(
        messages={row[0]: row[1] for row in session.execute(mails)},
        queued_since=session.scalar(queued),
        last_sent_at=last_sent_at(session),
        contracts={row[0]: row[1] for row in session.execute(judged)},
        imports={row[0]: row[1] for row in session.execute(unfinished.group_by(ImportRun.status))},
        check_started_at=check.started_at if check else None,
        check_finished_at=check.finished_at if check else None,
    )
