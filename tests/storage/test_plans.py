"""What is asked again and again reads no more the longer the service has been running."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from sqlalchemy.orm import Session

from app.rules.codes import MessageStatus
from app.storage import figures, held_rows, judgements, keyset, messages, today
from app.storage.messages import Wanted
from tests.storage.plans import steps

DAY, MOMENT = date(2019, 3, 1), datetime(2019, 3, 1, tzinfo=UTC)
Ask = Callable[[Session], object]


def of_messages(which: Wanted) -> Ask:
    return lambda session: messages.visible(session, ["/a/"], keyset.Page(50), which)


QUESTIONS: dict[str, tuple[Ask, str]] = {
    "owners of what is due": (lambda session: judgements.due_owners(session, DAY), "ix_judgement_recheck_on"),
    "mails that were sent": (of_messages(Wanted(status=MessageStatus.SENT)), "ix_message_created_at_id"),
    "mails that were refused": (of_messages(Wanted(status=MessageStatus.REFUSED)), "ix_message_status_next_attempt_at"),
    "mails about a contract": (of_messages(Wanted(contract_id="c")), "ix_told_contract_id"),
    "how the service is doing": (lambda session: figures.read(session, "check"), "ix_message_sent_at"),
    "purchases that wait": (
        lambda session: held_rows.waiting(session, ["a"], "b", keyset.Page(50)),
        "ix_held_row_waiting",
    ),
    "jobs logged lately": (lambda session: today.logged(session, ["/a/"], MOMENT, 200), "ix_position_created_at_id"),
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_it_is_found_by_an_index(sqlite_url: str, question: str) -> None:
    ask, index = QUESTIONS[question]
    found = steps(sqlite_url, ask)
    assert any(index in step for step in found), found
    whole = tuple(f"SCAN {table} " for table in ("contract", "held_row", "told"))
    assert [step for step in found if step.startswith(whole)] == [], found


@pytest.mark.parametrize("question", ["mails that were sent", "jobs logged lately"])
def test_it_is_found_in_order(sqlite_url: str, question: str) -> None:
    assert not [step for step in steps(sqlite_url, QUESTIONS[question][0]) if "ORDER BY" in step]


def test_figures_of_mails_are_read_without_the_mails(sqlite_url: str) -> None:
    found = [step for step in steps(sqlite_url, QUESTIONS["how the service is doing"][0]) if " message " in step]
    counts, oldest, last = found
    assert counts == "SCAN message USING COVERING INDEX ix_message_status_next_attempt_at"
    assert oldest.endswith("(status=?)")  # of the few that wait
    assert "COVERING INDEX ix_message_sent_at" in last
