"""Sending to real servers, and what the sender says of each way to fail."""

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default
from typing import Any

import pytest
import trustme

from notifications.senders import (
    Address,
    Delivery,
    Envelope,
    PermanentSendError,
    RecipientPutOff,
    RecipientRefused,
    SendError,
    SmtpSender,
    SmtpSettings,
    TemporarySendError,
    build_email,
)
from tests.notifications.smtp_servers import (
    PASSWORD,
    USER,
    Mailbox,
    authenticate,
    dialogue,
    mail_server,
    scripted_server,
    until_closed,
)
from tests.notifications.test_mail_envelope import MAIL, envelope

OWNER, COPY, OTHER = "maija.mallikas@example.org", "pekka@example.org", "liisa@example.org"


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def server_tls(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


@pytest.fixture(scope="module")
def client_tls(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def port(mailbox: Mailbox) -> Iterator[int]:
    with mail_server(mailbox) as port:
        yield port


def sender_to(port: int, *, context: ssl.SSLContext | None = None, **changes: Any) -> SmtpSender:
    timeouts = {key: changes.pop(key) for key in ("step_timeout", "whole_timeout") if key in changes}
    settings = SmtpSettings("127.0.0.1", port, **changes)
    return SmtpSender(settings, ssl_context=context, **{"step_timeout": 5, **timeouts})


def send(sender: SmtpSender, letter: Envelope | None = None) -> Delivery:
    letter = letter or envelope()
    return sender.send(build_email(letter), letter.sender.email, letter.recipients)


def failure(sender: SmtpSender, letter: Envelope | None = None) -> SendError:
    with pytest.raises(SendError) as caught:
        send(sender, letter)
    assert len(caught.value.reason) <= 300
    assert len(caught.value.reason.splitlines()) == 1
    assert PASSWORD not in caught.value.reason
    return caught.value


def temporary(sender: SmtpSender, letter: Envelope | None = None) -> TemporarySendError:
    error = failure(sender, letter)
    assert isinstance(error, TemporarySendError)
    return error


def with_copy(to: tuple[str, ...] = (OWNER,)) -> Envelope:
    return envelope(to=tuple(map(Address, to)), cc=(Address(COPY),))


# Mail that arrives


def test_a_mail_arrives_as_it_was_built(mailbox: Mailbox, port: int) -> None:
    assert send(sender_to(port)) == Delivery()
    (arrived,) = mailbox.arrived
    assert arrived.mail_from == "siepp@example.org"
    assert arrived.rcpt_tos == [OWNER]
    assert arrived.content == build_email(envelope()).as_bytes()


def test_a_subject_and_a_name_with_umlauts_arrive(mailbox: Mailbox, port: int) -> None:
    send(sender_to(port), envelope(to=(Address(OWNER, "Mäkeläinen, Åsa"),)))
    content = mailbox.arrived[0].content
    assert isinstance(content, bytes)
    message = message_from_bytes(content, policy=default)
    assert message["Subject"] == MAIL.subject
    assert message["To"].addresses[0].display_name == "Mäkeläinen, Åsa"


def test_a_second_copy_has_the_same_bytes_and_the_same_id(mailbox: Mailbox, port: int) -> None:
    for _ in range(2):
        send(sender_to(port))
    first, second = mailbox.arrived
    assert first.content == second.content
    assert b"\r\nMessage-ID: <018f2c6e-1@siepp.example.org>\r\n" in (first.content or b"")


def test_a_mail_goes_over_starttls_with_a_password(
    mailbox: Mailbox, server_tls: ssl.SSLContext, client_tls: ssl.SSLContext
) -> None:
    with mail_server(mailbox, tls_context=server_tls, auth_required=True, authenticator=authenticate) as port:
        send(sender_to(port, context=client_tls, tls="starttls", user=USER, password=PASSWORD))
    assert len(mailbox.arrived) == 1


def test_a_mail_goes_over_tls_from_the_start(
    mailbox: Mailbox, server_tls: ssl.SSLContext, client_tls: ssl.SSLContext
) -> None:
    with mail_server(mailbox, implicit_tls=server_tls) as port:
        send(sender_to(port, context=client_tls, tls="tls"))
    assert len(mailbox.arrived) == 1


def test_a_slow_goodbye_does_not_undo_a_sent_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("notifications.smtp.QUIT_TIMEOUT_SECONDS", 0.2)

    def talk(connection: socket.socket) -> None:
        dialogue(connection, "DATA")
        received = b""
        while not received.endswith(b"\r\n.\r\n"):
            received += connection.recv(65536)
        connection.sendall(b"250 queued\r\n")
        until_closed(connection)

    with scripted_server(talk) as port:
        assert send(sender_to(port)) == Delivery()


# Recipients


def test_a_refused_copy_does_not_stop_the_mail_and_is_told(mailbox: Mailbox, port: int) -> None:
    mailbox.answers[f"RCPT {COPY}"] = "550 5.1.1 no such user"
    delivery = send(sender_to(port), with_copy())
    assert list(delivery.refused) == [COPY]
    assert "550 5.1.1 no such user" in delivery.refused[COPY]
    assert mailbox.arrived[0].rcpt_tos == [OWNER]


@pytest.mark.parametrize("answer", ["550 no such user", "450 busy"])
def test_nothing_goes_to_the_copy_where_the_owner_is_refused(mailbox: Mailbox, port: int, answer: str) -> None:
    mailbox.answers[f"RCPT {OWNER}"] = answer
    failure(sender_to(port), with_copy())
    assert mailbox.arrived == []
    assert mailbox.named == [OWNER]


def test_one_accepted_owner_of_two_is_enough(mailbox: Mailbox, port: int) -> None:
    mailbox.answers[f"RCPT {OWNER}"] = "550 no such user"
    delivery = send(sender_to(port), with_copy((OWNER, OTHER)))
    assert list(delivery.refused) == [OWNER]
    assert mailbox.arrived[0].rcpt_tos == [OTHER, COPY]


def test_of_two_refused_owners_the_one_that_may_be_accepted_later_decides(mailbox: Mailbox, port: int) -> None:
    mailbox.answers |= {f"RCPT {OWNER}": "550 no such user", f"RCPT {OTHER}": "450 busy"}
    assert "450 busy" in temporary(sender_to(port), with_copy((OWNER, OTHER))).reason


# Refusals


@pytest.mark.parametrize("step", ["MAIL", f"RCPT {OWNER}", "DATA"])
@pytest.mark.parametrize("answer", ["421 shutting down", "450 greylisted", "451 local error", "452 full"])
def test_a_4xx_answer_is_temporary_and_nothing_arrived(mailbox: Mailbox, port: int, step: str, answer: str) -> None:
    mailbox.answers[step] = answer
    error = temporary(sender_to(port))
    assert answer in error.reason
    assert not error.may_have_arrived


@pytest.mark.parametrize("step", ["MAIL", f"RCPT {OWNER}", "DATA"])
@pytest.mark.parametrize("answer", ["550 5.1.1 no such user", "552 too large", "554 refused"])
def test_a_5xx_answer_is_permanent(mailbox: Mailbox, port: int, step: str, answer: str) -> None:
    mailbox.answers[step] = answer
    error = failure(sender_to(port))
    assert isinstance(error, PermanentSendError)
    assert answer in error.reason


@pytest.mark.parametrize("step", [f"RCPT {OWNER}", "DATA"])
@pytest.mark.parametrize(
    ("answer", "passes"),
    [("552 5.2.2 mailbox full", True), ("550 5.2.2", True), ("552 5.2.3 too long", False), ("550 5.2.21 no", False)],
)
def test_a_mailbox_that_is_full_is_tried_again_whatever_the_server_says(
    mailbox: Mailbox, port: int, step: str, answer: str, passes: bool
) -> None:
    mailbox.answers[step] = answer
    assert isinstance(failure(sender_to(port)), RecipientPutOff) is passes


@pytest.mark.parametrize(
    ("answer", "of_recipient"),
    [
        ("450 4.2.1 mailbox disabled", True),
        ("452 4.2.2 over quota", True),
        ("450 try again later", True),
        ("450 4.7.1 greylisted", False),
        ("450 4.1.8 sender domain not found", False),
        ("450 relay not ready", False),
        ("451 4.3.0 lookup failed", False),
        ("452 4.3.1 no room", False),
        ("452 insufficient system storage", False),
        ("421 4.2.0 closing", False),
    ],
)
def test_a_mailbox_that_takes_nothing_for_now_is_told_from_a_server_that_does_not(
    mailbox: Mailbox, port: int, answer: str, of_recipient: bool
) -> None:
    mailbox.answers[f"RCPT {OWNER}"] = answer
    assert type(failure(sender_to(port))) is (RecipientPutOff if of_recipient else TemporarySendError)


@pytest.mark.parametrize("answer", ["552 5.2.2 over quota", "452 4.2.2 over quota"])
def test_a_sender_whose_own_mailbox_is_full_says_nothing_of_the_recipient(
    mailbox: Mailbox, port: int, answer: str
) -> None:
    mailbox.answers["MAIL"] = answer
    assert type(temporary(sender_to(port))) is TemporarySendError


@pytest.mark.parametrize("answer", ["550 5.1.1 see our policy", "551 not here", "553 name not allowed", "550 gone"])
def test_an_address_that_the_server_does_not_take_is_told_apart(mailbox: Mailbox, port: int, answer: str) -> None:
    mailbox.answers[f"RCPT {OWNER}"] = answer
    assert type(failure(sender_to(port))) is RecipientRefused


@pytest.mark.parametrize(
    ("step", "answer"),
    [
        (f"RCPT {OWNER}", "550 5.7.1 relaying denied"),
        (f"RCPT {OWNER}", "554 5.7.26 unauthenticated mail"),
        (f"RCPT {OWNER}", "550 relay not permitted"),
        (f"RCPT {OWNER}", "554 Relaying denied"),
        (f"RCPT {OWNER}", "550 5.1.8 Sender address rejected: Domain not found"),
        (f"RCPT {OWNER}", "550 Sender verify failed"),
        (f"RCPT {OWNER}", "504 5.5.2 <x>: Helo command rejected"),
        ("MAIL", "550 5.1.8 bad sender"),
        ("DATA", "550 5.1.1 no such user"),
    ],
)
def test_what_may_be_ours_to_mend_says_nothing_of_the_address(
    mailbox: Mailbox, port: int, step: str, answer: str
) -> None:
    mailbox.answers[step] = answer
    assert type(failure(sender_to(port))) is PermanentSendError


@pytest.mark.parametrize(("answer", "kind"), [("554 no valid recipients", PermanentSendError), ("451 x", SendError)])
def test_a_refusal_before_the_message_is_judged_by_its_code(answer: str, kind: type[SendError]) -> None:
    with scripted_server(lambda connection: dialogue(connection, "QUIT", {"DATA": answer})) as port:
        assert isinstance(failure(sender_to(port)), kind)


def test_authentication_demanded_at_mail_from_is_temporary(mailbox: Mailbox, port: int) -> None:
    mailbox.answers["MAIL"] = "530 5.7.0 authentication required"
    assert "530 5.7.0" in temporary(sender_to(port)).reason


def test_a_greeting_that_refuses_service_is_temporary() -> None:
    with scripted_server(lambda connection: connection.sendall(b"554 not you\r\n")) as port:
        error = temporary(sender_to(port))
    assert "554 not you" in error.reason
    assert not error.may_have_arrived


def test_an_answer_of_many_long_lines_becomes_one_short_reason() -> None:
    answer = "550-" + "x" * 400 + "\r\n550 y"
    with scripted_server(lambda connection: dialogue(connection, "QUIT", {"RCPT": answer})) as port:
        assert failure(sender_to(port)).reason.startswith("550 xxx")


# Passwords and TLS


@pytest.mark.parametrize("password", ["wrong", PASSWORD + "x"])
def test_a_wrong_password_is_temporary_because_settings_can_be_mended(
    mailbox: Mailbox, server_tls: ssl.SSLContext, client_tls: ssl.SSLContext, password: str
) -> None:
    with mail_server(mailbox, tls_context=server_tls, auth_required=True, authenticator=authenticate) as port:
        error = temporary(sender_to(port, context=client_tls, tls="starttls", user=USER, password=password))
    assert "did not accept the user name and password (535)" in error.reason
    assert mailbox.arrived == []


def test_a_server_that_repeats_the_password_is_not_quoted() -> None:
    answers = {"EHLO": "250-mail\r\n250 AUTH PLAIN", "AUTH": f"535 no such password: {PASSWORD}"}
    with scripted_server(lambda connection: dialogue(connection, "QUIT", answers)) as port:
        temporary(sender_to(port, user=USER, password=PASSWORD))


def test_a_challenge_that_makes_no_sense_is_temporary() -> None:
    answers = {"EHLO": "250-mail\r\n250 AUTH CRAM-MD5", "AUTH": "334 x"}
    with scripted_server(lambda connection: dialogue(connection, "QUIT", answers)) as port:
        temporary(sender_to(port, user=USER, password=PASSWORD))


def test_a_server_without_login_is_temporary(mailbox: Mailbox, port: int) -> None:
    assert "does not offer" in temporary(sender_to(port, user=USER, password=PASSWORD)).reason
    assert mailbox.arrived == []


def test_where_starttls_is_asked_for_but_not_offered_nothing_is_sent_in_the_clear(mailbox: Mailbox, port: int) -> None:
    error = temporary(sender_to(port, tls="starttls", user=USER, password=PASSWORD))
    assert "STARTTLS" in error.reason
    assert mailbox.arrived == []
    assert mailbox.named == []


def test_a_refused_starttls_is_temporary() -> None:
    answers = {"EHLO": "250-mail\r\n250 STARTTLS", "STARTTLS": "454 not now"}
    with scripted_server(lambda connection: dialogue(connection, "QUIT", answers)) as port:
        assert "454" in temporary(sender_to(port, tls="starttls")).reason


@pytest.mark.parametrize("tls", ["starttls", "tls"])
def test_a_certificate_of_an_unknown_authority_is_temporary(
    mailbox: Mailbox, server_tls: ssl.SSLContext, tls: str
) -> None:
    options = {"implicit_tls": server_tls} if tls == "tls" else {"tls_context": server_tls}
    with mail_server(mailbox, **options) as port:
        assert "certificate was not accepted" in temporary(sender_to(port, tls=tls)).reason
    assert mailbox.arrived == []


def test_a_certificate_of_another_host_is_temporary(
    mailbox: Mailbox, authority: trustme.CA, client_tls: ssl.SSLContext
) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("other.example.org").configure_cert(context)
    with mail_server(mailbox, tls_context=context) as port:
        assert "certificate" in temporary(sender_to(port, tls="starttls", context=client_tls)).reason


def test_tls_towards_a_server_that_speaks_plainly_is_temporary(port: int) -> None:
    assert not temporary(sender_to(port, tls="tls", step_timeout=1)).may_have_arrived


# Connections that fail


def test_a_refused_connection_is_temporary() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    error = temporary(sender_to(port))
    assert error.reason == f"127.0.0.1:{port}: the connection was refused"
    assert not error.may_have_arrived


def test_a_name_that_is_not_found_is_temporary() -> None:
    sender = SmtpSender(SmtpSettings("mail.invalid", 25), step_timeout=1)
    assert not temporary(sender).may_have_arrived


def test_a_server_that_never_greets_is_given_up() -> None:
    with scripted_server(until_closed) as port:
        error = temporary(sender_to(port, step_timeout=0.2))
    assert "did not answer in time" in error.reason
    assert not error.may_have_arrived


def test_a_server_that_dribbles_is_given_up_when_the_whole_time_is_over() -> None:
    stop = threading.Event()

    def talk(connection: socket.socket) -> None:
        while not stop.wait(0.05):
            connection.sendall(b"220-still thinking\r\n")

    with scripted_server(talk) as port:
        began = time.monotonic()
        error = temporary(sender_to(port, step_timeout=0.3, whole_timeout=0.5))
        stop.set()
    assert time.monotonic() - began < 30  # it would go on for ever
    assert not error.may_have_arrived


@pytest.mark.parametrize("last", ["EHLO", "MAIL", "RCPT"])
def test_a_connection_dropped_before_the_message_is_known_not_to_have_arrived(last: str) -> None:
    with scripted_server(lambda connection: dialogue(connection, last)) as port:
        error = temporary(sender_to(port))
    assert not error.may_have_arrived


def test_a_connection_dropped_while_the_message_is_read_may_have_arrived() -> None:
    def talk(connection: socket.socket) -> None:
        dialogue(connection, "DATA")
        connection.recv(100)

    with scripted_server(talk) as port:
        assert temporary(sender_to(port)).may_have_arrived


def test_a_server_silent_after_the_message_may_have_taken_it(mailbox: Mailbox, port: int) -> None:
    mailbox.seconds_before_answer = 30
    error = temporary(sender_to(port, step_timeout=0.3))
    assert error.may_have_arrived
    assert "did not answer in time" in error.reason


def test_an_answer_to_the_message_that_makes_no_sense_may_mean_it_arrived() -> None:
    def talk(connection: socket.socket) -> None:
        dialogue(connection, "DATA")
        received = b""
        while not received.endswith(b"\r\n.\r\n"):
            received += connection.recv(65536)
        connection.sendall(b"hello?\r\n")

    with scripted_server(talk) as port:
        assert temporary(sender_to(port)).may_have_arrived


def test_an_address_that_could_end_a_command_is_refused_before_connecting() -> None:
    sender = SmtpSender(SmtpSettings("127.0.0.1", 1))
    with pytest.raises(ValueError, match="must be ASCII"):
        sender.send(build_email(envelope()), "siepp@example.org", [f"{OWNER}>\r\nRCPT TO:<{COPY}"])


def test_no_timer_is_left_running(port: int) -> None:
    send(sender_to(port))
    assert not [thread for thread in threading.enumerate() if isinstance(thread, threading.Timer)]
