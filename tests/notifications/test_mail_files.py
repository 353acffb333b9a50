"""Senders without a network: files and memory."""

from pathlib import Path

import pytest

from notifications.envelope import build_email
from notifications.senders import FileSender, PermanentSendError, RecordingSender, Sender, TemporarySendError
from tests.notifications.test_mail_envelope import MAIL, envelope

RECIPIENTS = ("maija.mallikas@example.org",)


def test_a_message_becomes_a_file_named_after_its_id(tmp_path: Path) -> None:
    directory = tmp_path / "mail" / "out"
    message = build_email(envelope())
    FileSender(directory).send(message, "siepp@example.org", RECIPIENTS)
    assert (directory / "018f2c6e-1@siepp.example.org.eml").read_bytes() == message.as_bytes()


def test_the_same_id_overwrites_and_leaves_nothing_else(tmp_path: Path) -> None:
    sender = FileSender(tmp_path)
    for _ in range(2):
        sender.send(build_email(envelope()), "siepp@example.org", RECIPIENTS)
    assert [path.name for path in tmp_path.iterdir()] == ["018f2c6e-1@siepp.example.org.eml"]


def test_an_id_cannot_leave_the_directory_and_two_ids_never_share_a_file(tmp_path: Path) -> None:
    sender = FileSender(tmp_path)
    ids = ["<../../etc/passwd@x>", "<..!..!etc!passwd@x>", "<.hidden@x>", "<hidden@x>", f"<{'a' * 240}@x>"]
    paths = {sender.path_of(message_id) for message_id in ids}
    assert len(paths) == len(ids)
    assert all(path.parent == tmp_path and not path.name.startswith(".") for path in paths)


def test_what_cannot_be_written_is_tried_again_later_and_leaves_no_half_file(tmp_path: Path) -> None:
    (tmp_path / "018f2c6e-1@siepp.example.org.eml").mkdir()
    with pytest.raises(TemporarySendError) as caught:
        FileSender(tmp_path).send(build_email(envelope()), "siepp@example.org", RECIPIENTS)
    assert not caught.value.may_have_arrived
    assert len(list(tmp_path.iterdir())) == 1


def test_a_directory_that_cannot_be_made_is_a_temporary_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(TemporarySendError, match="could not be written"):
        FileSender(tmp_path / "file").send(build_email(envelope()), "siepp@example.org", RECIPIENTS)


def test_the_recording_sender_keeps_messages_and_fails_as_told() -> None:
    recording = RecordingSender([PermanentSendError("550 no such user"), None])
    sender: Sender = recording
    with pytest.raises(PermanentSendError):
        sender.send(build_email(envelope()), "siepp@example.org", RECIPIENTS)
    for _ in range(2):
        assert sender.send(build_email(envelope()), "siepp@example.org", RECIPIENTS).refused == {}
    assert [sent.message["Subject"] for sent in recording.sent] == [MAIL.subject] * 2
    assert recording.sent[0].recipients == RECIPIENTS


def test_a_reason_is_one_short_line() -> None:
    error = TemporarySendError("451 busy\r\ntry\tlater " + "x" * 500)
    assert error.reason.startswith("451 busy try later x")
    assert len(error.reason) == 300
    assert str(error) == error.reason
