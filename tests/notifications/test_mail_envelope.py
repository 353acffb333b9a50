"""From a rendered mail to the bytes on the wire."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import default
from email.utils import getaddresses
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notifications.envelope import Address, Envelope, build_email, parse_address
from notifications.render import Mail, one_line, render
from tests.notifications.sample_mails import reminded

OWNER = Address("maija.mallikas@example.org", "Maija Mallikas")
SERVICE = Address("siepp@example.org", "Työllistämisehtojen seuranta")
MAIL = Mail("Työntekijän on aloitettava 1.6.2026", "Hyvä lukija\n.\nFrom here on\n", "<p>Hyvä lukija</p>\n", "fi")


def envelope(**changes: Any) -> Envelope:
    whole = Envelope(
        to=(OWNER,),
        sender=SERVICE,
        message_id="<018f2c6e-1@siepp.example.org>",
        date=datetime(2026, 5, 2, 4, 0, tzinfo=UTC),
        mail=MAIL,
        unsubscribe_url="https://siepp.example.org/act/abc",
    )
    return replace(whole, **changes)


def read(message: EmailMessage) -> Any:
    """What a mail program would read."""
    return message_from_bytes(message.as_bytes(), policy=default)


def test_the_headers_say_who_to_whom_about_what_and_that_a_machine_wrote() -> None:
    message = read(build_email(envelope(cc=(Address("pekka@example.org"),))))
    assert message["From"] == "Työllistämisehtojen seuranta <siepp@example.org>"
    assert message["To"] == "Maija Mallikas <maija.mallikas@example.org>"
    assert message["Cc"] == "pekka@example.org"
    assert message["Subject"] == MAIL.subject
    assert message["Date"] == "Sat, 02 May 2026 04:00:00 +0000"
    assert message["Message-ID"] == "<018f2c6e-1@siepp.example.org>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Auto-Response-Suppress"] == "All"
    assert message["Content-Language"] == "fi"
    assert message["List-Unsubscribe"] == "<https://siepp.example.org/act/abc>"
    assert message["List-Unsubscribe-Post"] is None


def test_without_a_link_there_is_no_unsubscribe_header() -> None:
    assert build_email(envelope(unsubscribe_url=None))["List-Unsubscribe"] is None


def test_text_and_html_are_alternatives_in_utf8() -> None:
    message = read(build_email(envelope()))
    assert message.get_content_type() == "multipart/alternative"
    text, html = message.iter_parts()
    assert (text.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert (text.get_content_charset(), html.get_content_charset()) == ("utf-8", "utf-8")
    assert text.get_content().replace("\r\n", "\n") == MAIL.text
    assert html.get_content().replace("\r\n", "\n") == MAIL.html


def test_a_second_copy_is_identical() -> None:
    first, second = (build_email(envelope(mail=render(reminded("overdue", "sv")))) for _ in range(2))
    assert first.as_bytes() == second.as_bytes()


def test_other_message_ids_give_other_boundaries() -> None:
    boundaries = {build_email(envelope(message_id=f"<{n}@x.example>")).get_boundary() for n in range(3)}
    assert len(boundaries) == 3


def test_every_line_is_short_ascii_ended_by_crlf() -> None:
    long = replace(MAIL, text="å" * 5000 + "\n", html="<p>" + "x" * 5000 + "</p>\n")
    content = build_email(envelope(mail=long)).as_bytes()
    assert content.isascii()
    assert max(map(len, content.split(b"\r\n"))) <= 998
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", content)


def test_a_long_unsubscribe_link_is_not_encoded() -> None:
    url = "https://siepp.example.org/act/" + "a" * 300
    assert f"\r\nList-Unsubscribe: <{url}>\r\n".encode() in build_email(envelope(unsubscribe_url=url)).as_bytes()


@pytest.mark.parametrize(
    "name",
    [
        "Meikäläinen, Maija",
        "Åsa Öberg (Helsingfors) <x@evil.example>",
        'O"Neil, (x) ' + "y" * 70,
        "Meikäläinen, " + "ä" * 120,
        "=?utf-8?q?Bcc?=",
        "back\\slash",
        "",
    ],
)
def test_a_display_name_is_read_back_as_it_was(name: str) -> None:
    content = build_email(envelope(to=(Address("a@example.org", name), OWNER))).as_bytes()
    # Not the modern parser, which in Python 3.11 puts a space between two encoded words of a name.
    addresses = getaddresses([message_from_bytes(content)["To"]])
    assert [(str(make_header(decode_header(name))), email) for name, email in addresses] == [
        (name, "a@example.org"),
        ("Maija Mallikas", "maija.mallikas@example.org"),
    ]
    assert max(map(len, content.split(b"\r\n"))) <= 100


@pytest.mark.parametrize(
    "email",
    [
        "a@example.org\r\nBcc: b@example.org",
        "a@example.org\n",
        "a b@example.org",
        "a@",
        "@example.org",
        "a..b@example.org",
        "a@example.org,b@example.org",
        "a@exam_ple.org",
        "ä@example.org",
        "<a@example.org>",
        "a" * 65 + "@example.org",
        "a@" + "ö" * 80 + ".example",
        "",
    ],
)
def test_what_is_not_an_address_is_refused(email: str) -> None:
    with pytest.raises(ValueError, match="is not an e-mail address"):
        Address(email)


def test_a_domain_with_umlauts_is_written_in_ascii() -> None:
    assert Address("a@työ.example").email == "a@xn--ty-gka.example"


def test_a_name_cannot_start_a_new_header() -> None:
    message = read(build_email(envelope(to=(Address("a@example.org", "Maija\r\nBcc: b@example.org"),))))
    assert message["Bcc"] is None
    assert message["To"].addresses[0].display_name == "Maija Bcc: b@example.org"


def test_an_address_of_the_settings_is_read_with_its_name() -> None:
    assert parse_address("Seuranta <siepp@example.org>") == Address("siepp@example.org", "Seuranta")
    assert parse_address("siepp@example.org") == Address("siepp@example.org")
    for wrong in ("Seuranta", "a@example.org\nBcc: b@example.org", "", "a@example.org, b@example.org"):
        with pytest.raises(ValueError, match="e-mail address"):
            parse_address(wrong)


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"to": ()}, "recipient"),
        ({"message_id": "1@example.org"}, "message id"),
        ({"message_id": "<a@example.org>\r\nBcc: x@example.org"}, "message id"),
        ({"date": datetime(2026, 5, 2)}, "time zone"),  # noqa: DTZ001 (that is what is refused)
        ({"unsubscribe_url": "https://x.example/\r\nBcc: a@b.example"}, "unsubscribe link"),
        ({"unsubscribe_url": "mailto:a@b.example"}, "unsubscribe link"),
    ],
)
def test_an_envelope_that_cannot_be_sent_is_refused(changes: dict[str, Any], match: str) -> None:
    with pytest.raises(ValueError, match=match):
        envelope(**changes)


def test_each_recipient_is_named_once_to_first() -> None:
    copy = Address("pekka@example.org")
    assert envelope(cc=(OWNER, copy)).recipients == ("maija.mallikas@example.org", "pekka@example.org")


@settings(max_examples=30, deadline=None)
@given(subject=st.text(max_size=120), name=st.text(max_size=80), text=st.text(max_size=40))
def test_no_text_whatever_breaks_the_structure_of_the_headers(subject: str, name: str, text: str) -> None:
    text = text.encode("utf-8", "replace").decode("utf-8")
    mail = Mail(subject, text, text, "fi")
    letter = envelope(mail=mail, to=(Address("a@example.org", name), OWNER))
    built = build_email(letter)
    message = read(built)
    assert message.keys() == build_email(envelope()).keys()
    assert message["Subject"].replace(" ", "") == one_line(subject).replace(" ", "")
    assert [address.addr_spec for address in message["To"].addresses] == ["a@example.org", OWNER.email]
    assert len(list(message.iter_parts())) == 2
    assert built.as_bytes().isascii()
    assert max(map(len, built.as_bytes().split(b"\r\n"))) <= 998
    assert built.as_bytes() == build_email(letter).as_bytes()
