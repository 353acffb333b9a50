"""The SMTP address of the settings."""

import pytest

from notifications.senders import SmtpSettings, smtp_settings

HIDDEN = "hunter2"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.example.org", SmtpSettings("mail.example.org", 25)),
        ("smtp://mail.example.org:2525/", SmtpSettings("mail.example.org", 2525)),
        ("smtp://mail.example.org?tls=starttls", SmtpSettings("mail.example.org", 587, "starttls")),
        ("smtp://mail.example.org:587?tls=none", SmtpSettings("mail.example.org", 587)),
        ("smtp://mail.example.org?tls=tls", SmtpSettings("mail.example.org", 465, "tls")),
        ("smtps://mail.example.org", SmtpSettings("mail.example.org", 465, "tls")),
        ("smtp://u%40x:p%2F%3A%25@h:587?tls=starttls", SmtpSettings("h", 587, "starttls", "u@x", "p/:%")),
        ("smtps://u:p@mail.example.org:1465", SmtpSettings("mail.example.org", 1465, "tls", "u", "p")),
        ("smtp://u:p@localhost:1025", SmtpSettings("localhost", 1025, "none", "u", "p")),
        ("smtp://u:p@127.0.0.2", SmtpSettings("127.0.0.2", 25, "none", "u", "p")),
        ("smtp://u:p@[::1]:25", SmtpSettings("::1", 25, "none", "u", "p")),
        ("smtp://:@mail.example.org", SmtpSettings("mail.example.org", 25)),
    ],
)
def test_an_address_is_read(url: str, expected: SmtpSettings) -> None:
    assert smtp_settings(url) == expected


@pytest.mark.parametrize(
    ("url", "match"),
    [
        (f"smtp://u:{HIDDEN}@mail.example.org", "no TLS"),
        (f"smtp://u:{HIDDEN}@mail.example.org?tls=none", "no TLS"),
        (f"smtp://u:{HIDDEN}@localhost.example.org", "no TLS"),
        (f"smtps://u:{HIDDEN}@mail.example.org?tls=starttls", "smtps:// means"),
        (f"smtp://u:{HIDDEN}@mail.example.org?tls=maybe", "none, starttls or tls"),
        (f"smtp://u:{HIDDEN}@mail.example.org?tls=", "none, starttls or tls"),
        (f"smtp://u:{HIDDEN}@mail.example.org?starttls=1", "one option only"),
        (f"smtp://u:{HIDDEN}@mail.example.org?starttls", "cannot be read"),
        (f"smtp://u:{HIDDEN}@mail.example.org:port", "cannot be read"),
        (f"smtp://u:{HIDDEN}@mail.example.org:70000", "cannot be read"),
        (f"smtp://u:{HIDDEN}@mail.example.org:0", "between 1 and 65535"),
        (f"smtp://u:{HIDDEN}@[mail", "cannot be read"),
        (f"smtp://u:{HIDDEN}@/", "should look like"),
        (f"http://u:{HIDDEN}@mail.example.org", "should look like"),
        (f"u:{HIDDEN}@mail.example.org", "should look like"),
        (f"smtp://u:{HIDDEN}@mail.example.org/queue", "should look like"),
        (f"smtp://u:{HIDDEN}%0D%0AX@mail.example.org?tls=starttls", "printable ASCII"),
        (f"smtp://u:{HIDDEN}%C3%B6@mail.example.org?tls=starttls", "printable ASCII"),
        (f"smtp://u:{HIDDEN}%FF@mail.example.org?tls=starttls", "printable ASCII"),
        ("smtp://hunter2@mail.example.org?tls=starttls", "both a user name and a password"),
        ("", "should look like"),
    ],
)
def test_a_wrong_address_is_refused_without_repeating_the_password(url: str, match: str) -> None:
    with pytest.raises(ValueError, match=match) as caught:
        smtp_settings(url)
    assert HIDDEN not in str(caught.value)
    assert caught.value.__cause__ is None


def test_the_settings_do_not_show_the_password() -> None:
    assert HIDDEN not in repr(smtp_settings(f"smtps://u:{HIDDEN}@mail.example.org"))
