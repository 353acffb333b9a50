"""Runs of jobs: which day's work was done."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from app.storage.models import JobRun, new_id


def start(session: Session, job: str, for_on: date, at: datetime) -> str:
    run_id = new_id()
    session.execute(insert(JobRun).values(id=run_id, job=job, for_on=for_on, started_at=at))
    return run_id


def finish(session: Session, run_id: str, counts: dict[str, Any], at: datetime) -> None:
    session.execute(update(JobRun).where(JobRun.id == run_id).values(finished_at=at, counts=counts))


def days_begun(session: Session, job: str, since: datetime, until: datetime) -> frozenset[date]:
    """Days (UTC) on which a run of the job was begun, for whichever day."""
    wanted = (JobRun.job == job, JobRun.started_at >= since, JobRun.started_at <= until)
    return frozenset(at.date() for at in session.scalars(select(JobRun.started_at).where(*wanted)))


def is_finished(session: Session, job: str, for_on: date, since: datetime, until: datetime) -> bool:
    """Whether a run of the job for that day began and came to its end between the two moments."""
    when = (JobRun.started_at >= since, JobRun.finished_at <= until)
    wanted = (JobRun.job == job, JobRun.for_on == for_on, *when)
    return session.scalar(select(JobRun.id).where(*wanted).limit(1)) is not None
