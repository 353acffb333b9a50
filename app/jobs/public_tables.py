"""Publishes what is due of the public tables: each quarter of an organisation in a transaction of its own."""

import structlog

from app.services import public_tables
from app.services.acting import SYSTEM, Act
from app.storage.session import Database

log = structlog.get_logger(__name__)


def publish_due(database: Database, act: Act) -> int:
    """How many quarters were published. May be run again at any time and by several at once. What goes wrong is logged
    and waits for the next time: it keeps neither another organisation nor the caller from going on.

    A check may be asked for a day ahead, to see what it would say. What is published stays, so here no day after the
    present one counts: in UTC, which is never ahead of the city's.
    """
    act = Act(SYSTEM, act.now, min(act.today, act.now.date()), act.where)
    try:
        with database.reading() as session:
            root_ids = public_tables.roots(session)
    except Exception:
        log.exception("public_tables_not_published")
        return 0
    return sum(_publish(database, root_id, act) for root_id in root_ids)


def _publish(database: Database, root_id: str, act: Act) -> int:
    published = 0
    try:
        with database.reading() as session:
            drafts = public_tables.tables_due(session, root_id, act)
        for draft in drafts:
            with database.writing() as session:
                published += public_tables.publish(session, draft, act)
    except Exception:  # one organisation's trouble must not keep the others' tables back
        log.exception("public_tables_not_published", root_id=root_id)
    return published
