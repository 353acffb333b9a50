"""What every mail has while it waits for a mail server, and after."""

from datetime import datetime

from sqlalchemy.orm import Mapped

from app.storage.models.table import Code, Id


class Queued:
    """A row that is a mail to be handed over. `leased_until` keeps two processes apart while the mail server is spoken
    to; the queries are in storage/queue.py, what becomes of it in services/queue.py."""

    id: Mapped[Id]
    status: Mapped[Code]
    attempts: Mapped[int]
    next_attempt_at: Mapped[datetime | None]
    leased_until: Mapped[datetime | None]
    last_error: Mapped[str | None]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
