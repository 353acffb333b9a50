"""From the check to a mail server that is down, hangs, breaks off, puts off or refuses: nothing is lost, nothing is
said twice in two wordings, and what is no longer so is not said."""

import os
import signal
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from fastapi.testclient import TestClient
from sqlalchemy import select, update

from app.config import Settings
from app.jobs import daily_check, delivery
from app.services import delivery as service
from app.services.queue import FIRST_PAUSE, JITTER, LEASE, LONGEST_PAUSE
from app.storage.models import Clause, Contract, Message, Told
from app.storage.session import Database
from notifications.senders import Delivery, SmtpSender
from notifications.smtp import SmtpSettings
from tests.conftest import SetClock
from tests.notifications.smtp_servers import Mailbox, dialogue, mail_server, scripted_server, until_closed
from tests.portfolio import Portfolio
from tests.scenarios import looking, work
from tests.scenarios.processes import Worker
from tests.scenarios.work import Job

DAY = date(2019, 3, 2)
STEP_SECONDS = 30
"""For so long a server may say nothing, which on a busy machine happens for seconds."""


@dataclass
class Post:
    """A contract of two positions on the day its owner is to hear that the window closes, and the way of the mail."""

    database: Database
    settings: Settings
    client: TestClient
    portfolio: Portfolio
    clock: SetClock
    contract_id: str = ""
    jobs: list[str] = field(default_factory=list)

    def deliver(self, port: int, step_timeout: float = STEP_SECONDS) -> delivery.Counts:
        sender = SmtpSender(SmtpSettings("127.0.0.1", port), step_timeout=step_timeout, whole_timeout=2 * STEP_SECONDS)
        return delivery.deliver_all(self.database, self.settings, sender, self.clock)

    def check(self) -> daily_check.Counts:
        return daily_check.run_check(self.database, self.clock.today, self.clock)

    def message(self, number: int = 0) -> Message:
        with self.database.reading() as session:
            return session.scalars(select(Message).order_by(Message.id)).all()[number]

    def shown(self, **query: str) -> list[dict[str, Any]]:
        answer = self.client.get("/api/v1/messages", params=query, headers=self.portfolio.officer)
        assert answer.status_code == 200, answer.text
        return list(answer.json()["items"])

    def post(self, path: str, body: Any = None, who: str = "officer", expect: int = 201) -> dict[str, Any]:
        headers = getattr(self.portfolio, who)
        answer = self.client.post(f"/api/v1{path}", json=body, headers=headers)
        assert answer.status_code == expect, answer.text
        return dict(answer.json())

    def log_job(self) -> None:
        body = {"starts_on": self.clock.today.isoformat(), "employment_form": "employment", "target_group": "youth"}
        self.jobs.append(self.post(f"/contracts/{self.contract_id}/positions", body, "liaison")["id"])

    def next_attempt(self) -> None:
        """Moves the clock to where the message is due again."""
        due = self.message().next_attempt_at
        assert due is not None
        self.clock.now = due

    def next_day(self) -> None:
        self.clock.set(self.clock.today + timedelta(days=1))


@pytest.fixture
def post(database: Database, settings: Settings, client: TestClient, portfolio: Portfolio, clock: SetClock) -> Post:
    made = Post(database, settings, client, portfolio, clock)
    made.contract_id = portfolio.contract(positions=2)
    clock.set(DAY)
    assert made.check().mails == 1
    return made


def content_of(envelope: Envelope) -> bytes:
    return bytes(envelope.original_content or b"")


def text_of(content: bytes) -> str:
    message = message_from_bytes(content, _class=EmailMessage, policy=default)
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def nobody_listens() -> int:
    """A port at which connections are refused."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


# --- Temporary failures


def assert_put_off(post: Post, attempts: int) -> None:
    """Queued still, with a pause that doubles from a minute to six hours, a fifth more or less."""
    message = post.message()
    plain = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (attempts - 1))
    assert (message.status, message.attempts, message.leased_until) == ("queued", attempts, None)
    assert message.next_attempt_at is not None
    pause = message.next_attempt_at - post.clock.now
    assert plain * (1 - JITTER) <= pause <= plain * (1 + JITTER), f"attempt {attempts}: a pause of {pause}"


def greets_with(code: int) -> Callable[[socket.socket], None]:
    return lambda connection: connection.sendall(f"{code} not now\r\n".encode())


def answers(step: str, code: int) -> Callable[[socket.socket], None]:
    said = {step: f"{code} not now"} | ({"HELO": f"{code} not now"} if step == "EHLO" else {})
    return lambda connection: dialogue(connection, "QUIT", said)


def busy_servers() -> Iterator[tuple[str, AbstractContextManager[int]]]:
    """Servers that say "later" at each step of the conversation."""
    for code in (421, 450, 451):
        yield str(code), scripted_server(greets_with(code))
        for step in ("EHLO", "MAIL", "RCPT", "DATA"):
            yield str(code), scripted_server(answers(step, code))
        yield str(code), mail_server(Mailbox(answers={"DATA": f"{code} not now"}))


def test_a_server_that_says_later_at_any_step_is_tried_again_after_growing_pauses(post: Post) -> None:
    attempts = 0
    for code, server in busy_servers():
        attempts += 1
        with server as port:
            assert post.deliver(port) == delivery.Counts(put_off=1)
        assert_put_off(post, attempts)
        message = post.message()
        assert code in (message.last_error or "")
        assert not message.may_have_arrived
        assert post.deliver(nobody_listens()) == delivery.Counts(), "it was tried again before its time"
        post.next_attempt()
    assert attempts == 18
    mailbox = Mailbox()
    with mail_server(mailbox) as port:
        assert post.deliver(port) == delivery.Counts(sent=1)
    message = post.message()
    assert (message.status, message.last_error, message.next_attempt_at) == ("sent", None, None)
    assert len(mailbox.arrived) == 1


def test_a_server_that_is_down_or_hangs_puts_the_mail_off_and_is_shown(post: Post) -> None:
    assert post.deliver(nobody_listens()) == delivery.Counts(put_off=1)
    assert_put_off(post, 1)
    assert "refused" in (post.message().last_error or "")
    post.next_attempt()
    with scripted_server(until_closed) as port:
        assert post.deliver(port, step_timeout=0.3) == delivery.Counts(put_off=1)
    assert_put_off(post, 2)
    assert not post.message().may_have_arrived
    shown = post.shown(status="queued")[0]
    assert (shown["attempts"], shown["last_error"]) == (2, post.message().last_error)
    assert "in time" in shown["last_error"]
    assert post.post(f"/messages/{shown['id']}/retry", expect=200)["status"] == "queued"
    mailbox = Mailbox()
    with mail_server(mailbox) as port:
        assert post.deliver(port) == delivery.Counts(sent=1)
    assert len(mailbox.arrived) == 1


def test_what_waits_at_a_dead_server_holds_up_no_other_mail_for_ever(post: Post) -> None:
    """Many mails, a server that is down for a day: all of them go out afterwards, each once."""
    for number in range(5):
        post.portfolio.contract(owner=f"another{number}@example.org", registered_on=date(2019, 2, 1))
    post.check()
    assert post.deliver(nobody_listens()).put_off == 6
    post.clock.now += timedelta(hours=20)
    mailbox = Mailbox()
    with mail_server(mailbox) as port:
        assert post.deliver(port) == delivery.Counts(sent=6)
        assert post.deliver(port) == delivery.Counts()
    assert len({content_of(envelope) for envelope in mailbox.arrived}) == 6


# --- Permanent failures


@pytest.mark.parametrize("step", ["MAIL", "RCPT owner@example.org", "DATA"])
def test_a_refused_mail_is_shown_with_what_the_server_said_and_can_be_tried_again(post: Post, step: str) -> None:
    with mail_server(Mailbox(answers={step: "550 5.7.1 No such user here"})) as port:
        assert post.deliver(port) == delivery.Counts(refused=1)
    (shown,) = post.shown(status="refused")
    assert "No such user here" in shown["last_error"]
    assert (shown["status"], shown["attempts"], shown["next_attempt_at"]) == ("refused", 1, None)
    post.clock.now += timedelta(days=3)
    mailbox = Mailbox()
    with mail_server(mailbox) as port:
        assert post.deliver(port) == delivery.Counts(), "a refused mail is tried only when someone says so"
        assert post.post(f"/messages/{shown['id']}/retry", expect=200)["status"] == "queued"
        assert post.deliver(port) == delivery.Counts(sent=1)
    assert post.shown(status="refused") == []
    assert len(mailbox.arrived) == 1
    refused = post.client.post(f"/api/v1/messages/{shown['id']}/retry", headers=post.portfolio.officer)
    assert (refused.status_code, refused.json()["code"]) == (409, "message_not_retryable")


def test_a_mail_certainly_not_delivered_is_worded_anew_with_what_is_so_by_then(post: Post) -> None:
    """For a refusal and for a temporary failure before the text was handed over; the name stays."""
    with mail_server(Mailbox(answers={"DATA": "550 no"})) as port:
        post.deliver(port)
    first = post.message()
    post.log_job()
    post.post(f"/messages/{first.id}/retry", expect=200)
    assert post.deliver(nobody_listens()) == delivery.Counts(put_off=1)
    second = post.message()
    post.next_day()
    mailbox = Mailbox()
    with mail_server(mailbox) as port:
        assert post.deliver(port) == delivery.Counts(sent=1)
    third = post.message()
    assert first.text != second.text != third.text
    assert first.message_id == second.message_id == third.message_id
    assert text_of(content_of(mailbox.arrived[0])) == third.text


# --- Nobody knows whether it arrived


class SaysNothingAfterTheText:
    """Takes the whole message, and goes away without a word."""

    def __init__(self) -> None:
        self.content = b""

    def __call__(self, connection: socket.socket) -> None:
        dialogue(connection, "DATA")
        taken = b""
        while not taken.endswith(b"\r\n.\r\n") and (part := connection.recv(65536)):
            taken += part
        self.content = taken.removesuffix(b".\r\n").replace(b"\r\n..", b"\r\n.")


def break_off(post: Post) -> bytes:
    """One attempt after which nobody knows; the bytes the server had."""
    talk = SaysNothingAfterTheText()
    with scripted_server(talk) as port:
        assert post.deliver(port) == delivery.Counts(put_off=1)
    message = post.message()
    assert (message.status, message.may_have_arrived) == ("queued", True)
    assert "while the message was being handed over" in (message.last_error or "")
    return talk.content


def test_a_mail_that_may_have_arrived_is_sent_again_byte_for_byte_though_the_facts_have_changed(post: Post) -> None:
    first = break_off(post)
    post.log_job()
    post.next_attempt()
    with mail_server(Mailbox(answers={"DATA": "450 later"})) as port:
        assert post.deliver(port) == delivery.Counts(put_off=1)
    post.next_day()
    mailbox = Mailbox()
    with mail_server(mailbox) as port:
        assert post.deliver(port) == delivery.Counts(sent=1)
    assert content_of(mailbox.arrived[0]) == first
    assert post.message().subject is not None


def test_a_mail_that_may_have_arrived_is_not_sent_again_when_nothing_of_it_is_so_any_more(post: Post) -> None:
    break_off(post)
    post.log_job()
    post.log_job()
    post.next_attempt()
    with mail_server(Mailbox()) as port:
        assert post.deliver(port) == delivery.Counts(withdrawn=1)
    assert post.message().status == "withdrawn"


@dataclass
class KillsTheSender(Mailbox):
    """Kills the process that delivers: when it has the text and has not said so, or when it has said so."""

    at: str = "DATA"
    pid: int = 0

    def _kill(self, step: str) -> None:
        if step == self.at:
            os.kill(self.pid, signal.SIGKILL)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        answer = await super().handle_DATA(server, session, envelope)
        self._kill("DATA")
        return answer

    async def handle_QUIT(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self._kill("QUIT")
        return "221 Bye"


def killed_by(mailbox: KillsTheSender, post: Post, port: int) -> None:
    """One attempt by a process that does not live to say what came of it."""
    worker = Worker(work.deliver, Job(post.settings.database_url, post.clock.now, port))
    mailbox.pid = worker.pid
    assert worker.end() == -signal.SIGKILL
    assert len(mailbox.arrived) == 1
    mailbox.at = "never again"


@pytest.mark.kill
@pytest.mark.parametrize("at", ["DATA", "QUIT"])
def test_a_delivery_killed_after_the_server_has_the_mail_sends_the_very_same_once_more(post: Post, at: str) -> None:
    mailbox = KillsTheSender(at=at)
    with mail_server(mailbox) as port:
        killed_by(mailbox, post, port)
        post.log_job()  # the facts change meanwhile
        assert post.deliver(port) == delivery.Counts(), "the dead process still holds it"
        post.clock.now += LEASE + timedelta(minutes=1)
        assert post.deliver(port) == delivery.Counts(sent=1)
    one, other = (content_of(envelope) for envelope in mailbox.arrived)
    assert one == other
    assert message_from_bytes(one)["Message-ID"] == post.message().message_id
    assert post.message().attempts == 2


@pytest.mark.kill
def test_it_sends_the_very_same_even_when_the_contract_could_not_be_judged_in_between(post: Post) -> None:
    mailbox = KillsTheSender(at="QUIT")
    with mail_server(mailbox) as port:
        killed_by(mailbox, post, port)
        with post.database.writing() as session:
            session.execute(update(Clause).values(type="purchase_threshold", threshold_cents=None))
        post.clock.now += LEASE + timedelta(minutes=1)
        assert post.deliver(port) == delivery.Counts(put_off=1)
        assert post.message().last_error == "The message could not be put into words."
        with post.database.writing() as session:
            session.execute(update(Clause).values(type="fixed_count"))
        post.next_attempt()
        assert post.deliver(port) == delivery.Counts(sent=1)
    one, other = (content_of(envelope) for envelope in mailbox.arrived)
    assert one == other


# --- Two deliveries that overlap although they should not, and messages that cannot be worded


def test_who_comes_too_late_does_not_undo_what_another_delivery_has_done(post: Post) -> None:
    """A process stands still for longer than its lease; another one sends meanwhile."""
    act = post.portfolio.act()
    sender = delivery.sender_of(post.settings)
    with post.database.writing() as session:
        late = service.claim_next(session, sender, act)
    assert late is not None
    post.clock.now += LEASE + timedelta(minutes=1)
    mailbox = Mailbox()
    with mail_server(mailbox) as port:
        assert post.deliver(port) == delivery.Counts(sent=1)
    with post.database.writing() as session:
        service.refuse(session, late, "550 no", act)
    assert (post.message().status, post.message().last_error) == ("sent", None)
    with post.database.writing() as session:
        service.put_off(session, late, "450 later", True, post.clock.now)
    assert (post.message().status, post.message().next_attempt_at) == ("sent", None)


def test_who_comes_too_late_does_not_end_the_lease_of_the_one_that_is_at_it(post: Post) -> None:
    sender = delivery.sender_of(post.settings)
    with post.database.writing() as session:
        late = service.claim_next(session, sender, post.portfolio.act())
    post.clock.now += LEASE + timedelta(minutes=1)
    with post.database.writing() as session:
        other = service.claim_next(session, sender, post.portfolio.act())
    assert late is not None
    assert other is not None
    with post.database.writing() as session:
        service.put_off(session, late, "450 later", False, post.clock.now)
    assert post.message().leased_until == post.clock.now + LEASE
    with post.database.writing() as session:
        service.sent(session, late, (), post.clock.now)
    with post.database.writing() as session:
        service.refuse(session, other, "550 no", post.portfolio.act())
    assert post.message().status == "sent"


def test_a_message_that_cannot_be_worded_is_put_off_and_shown_and_no_other_one_is(post: Post) -> None:
    post.portfolio.contract(owner="another@example.org")
    post.check()
    with post.database.writing() as session:
        clause = session.get_one(Clause, session.get_one(Contract, post.contract_id).procurement_id)
        clause.type, clause.threshold_cents = "purchase_threshold", None
    mailbox = Mailbox()
    with mail_server(mailbox) as port:
        assert post.deliver(port) == delivery.Counts(sent=1, put_off=1)
    shown = {item["to"]: item for item in post.shown()}
    assert shown["another@example.org"]["status"] == "sent"
    assert shown["owner@example.org"]["last_error"] == "The message could not be put into words."
    assert_put_off(post, 1)


def test_a_sender_that_fails_in_a_way_nobody_foresaw_puts_the_mail_off_and_shows_it(post: Post) -> None:
    class Broken:
        def send(self, message: EmailMessage, sender: str, recipients: Sequence[str]) -> Delivery:
            raise RuntimeError("a defect")

    assert delivery.deliver_all(post.database, post.settings, Broken(), post.clock) == delivery.Counts(put_off=1)
    assert_put_off(post, 1)
    assert post.message().may_have_arrived
    assert post.shown(status="queued")[0]["last_error"] == "The message could not be handed over."


def test_two_deliveries_that_stumble_over_the_same_message_put_off_that_one_only(post: Post) -> None:
    post.portfolio.contract(owner="another@example.org")
    post.check()
    with post.database.writing() as session:
        session.execute(update(Clause).values(type="purchase_threshold", threshold_cents=None))
    act, sender = post.portfolio.act(), delivery.sender_of(post.settings)
    stumbled = []
    for _ in range(2):
        with pytest.raises(service.NotWorded) as caught, post.database.writing() as session:
            service.claim_next(session, sender, act)
        stumbled.append(caught.value.message_id)
    for message_id in stumbled:
        with post.database.writing() as session:
            service.set_aside(session, message_id, "The message could not be put into words.", act)
    assert (post.message(0).attempts, post.message(1).attempts) == (1, 0)


# --- Before sending, the reason is checked again


def assert_withdrawn(post: Post) -> None:
    mailbox = Mailbox()
    with mail_server(mailbox) as port:
        assert post.deliver(port) == delivery.Counts(withdrawn=1)
    assert mailbox.arrived == []
    (shown,) = post.shown(status="withdrawn")
    assert [reminder["withdrawn"] for reminder in shown["reminders"]] == [True]
    assert (shown["next_attempt_at"], shown["sent_at"]) == (None, None)


def test_a_reminder_whose_reason_is_gone_is_withdrawn_and_told_again_when_it_is_so_again(post: Post) -> None:
    post.log_job()
    post.log_job()
    key = post.shown()[0]["reminders"][0]["key"]
    assert_withdrawn(post)
    post.next_day()
    assert post.check().mails == 0
    for position_id in post.jobs:
        post.post(f"/positions/{position_id}/void", {"reason": "Logged on the wrong contract"}, "liaison", 200)
    post.next_day()
    assert post.check().mails == 1
    mailbox = Mailbox()
    with mail_server(mailbox) as port:
        assert post.deliver(port) == delivery.Counts(sent=1)
    newest, withdrawn = post.shown()
    assert (newest["status"], withdrawn["status"]) == ("sent", "withdrawn")
    assert [reminder["key"] for reminder in newest["reminders"]] == [key]


def test_only_what_is_gone_is_withdrawn_from_a_mail_of_several_reminders(post: Post) -> None:
    other = post.portfolio.contract(owner="third@example.org", registered_on=date(2019, 2, 1))
    again = post.portfolio.contract(owner="third@example.org", registered_on=date(2019, 2, 1))
    post.check()
    first, post.contract_id = post.contract_id, other
    post.log_job()
    mailbox = Mailbox()
    with mail_server(mailbox) as port:
        assert post.deliver(port) == delivery.Counts(sent=2)
    shown = next(item for item in post.shown() if item["to"] == "third@example.org")
    assert {one["contract_id"]: one["withdrawn"] for one in shown["reminders"]} == {other: True, again: False}
    assert first not in {one["contract_id"] for one in shown["reminders"]}


def test_a_snooze_after_queueing_withdraws_the_mail_until_its_day(post: Post) -> None:
    post.post(f"/contracts/{post.contract_id}/snooze", {"until": "2019-03-20"}, "owner", 200)
    assert_withdrawn(post)
    post.clock.set(date(2019, 3, 19))
    assert post.check().mails == 0
    post.clock.set(date(2019, 3, 20))
    assert post.check().mails == 1


def test_a_closure_after_queueing_withdraws_the_mail(post: Post) -> None:
    closure = {"effective_on": DAY.isoformat(), "reason": "Ceased trading", "decision_reference": "HEL 2019-1"}
    post.post(f"/contracts/{post.contract_id}/closure", closure)
    assert_withdrawn(post)
    post.next_day()
    assert post.check().mails == 0


def test_a_handover_after_queueing_withdraws_the_former_owners_mail_and_the_new_one_is_reminded(post: Post) -> None:
    successor = {"name": "Sirpa Seuraaja", "email": "successor@example.org", "language": "sv"}
    post.post(f"/contracts/{post.contract_id}/handover", {"owner": successor})
    mailbox = Mailbox()
    with mail_server(mailbox) as port:
        assert post.deliver(port) == delivery.Counts(sent=1, withdrawn=1)
        assert [envelope.rcpt_tos for envelope in mailbox.arrived] == [["successor@example.org", "owner@example.org"]]
        post.next_day()
        assert post.check().mails == 1
        assert post.deliver(port) == delivery.Counts(sent=1)
    assert mailbox.arrived[1].rcpt_tos == ["successor@example.org"]
    with post.database.reading() as session:
        rows = session.execute(select(Told.kind, Told.withdrawn_at).order_by(Told.id)).all()
    assert [(kind, at is not None) for kind, at in rows] == [
        ("window_closing", True),
        ("handover", False),
        ("window_closing", False),
    ]


# --- No mail server


def test_without_a_mail_server_each_message_becomes_a_file_once(post: Post) -> None:
    sender = delivery.make_sender(post.settings)
    assert delivery.deliver_all(post.database, post.settings, sender, post.clock) == delivery.Counts(sent=1)
    assert delivery.deliver_all(post.database, post.settings, sender, post.clock) == delivery.Counts()
    (file,) = post.settings.mail_dir.iterdir()
    content = file.read_bytes()
    assert file.name == f"{(post.message().message_id or '').strip('<>')}.eml"
    assert message_from_bytes(content)["Message-ID"] == post.message().message_id
    assert text_of(content) == post.message().text
    looking.assert_nothing_is_half_written(post.database)
