"""Leaves in the trail that everything was taken out of the service, or brought back into it."""

from sqlalchemy.orm import Session

from app.services import trail
from app.services.acting import Act


def record_taken(session: Session, form: str, act: Act) -> None:
    """Told before it is taken, so that the backup says itself that it was."""
    trail.record(session, act, "exported", "backup", form, {"form": form})


def record_restored(session: Session, seal: str, taken_at: str, act: Act) -> None:
    """The seal says which file it was: what came after `taken_at` is not in this database."""
    trail.record(session, act, "restored", "backup", seal, {"seal": seal, "taken_at": taken_at})
