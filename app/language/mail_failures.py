"""Why a mail was not delivered, in plain words, from what the mail server or the connection to it said."""

import re

from app.language.catalogues import msgid, translated

FAILURES: dict[str, str] = {
    "address_unknown": msgid(
        "The recipient's mail server does not know the address. Correct the contract owner's address and try again."
    ),
    "address_unusable": msgid("The address cannot be used. Correct the contract owner's address and try again."),
    "mailbox_full": msgid("The recipient's mailbox is full. Tell them in another way, and try again later."),
    "refused_by_rules": msgid(
        "The mail server refused the message by its own rules. Ask the e-mail support to let the service's messages "
        "through."
    ),
    "try_later": msgid("The mail server asked to try again later."),
    "refused": msgid("The mail server refused the message. Show the server's answer to the e-mail support."),
    "settings": msgid(
        "The service could not log in to the mail server or trust it. The administrator must check the settings."
    ),
    "may_have_arrived": msgid(
        "The connection broke while the message was being handed over. The message may have arrived."
    ),
    "unreachable": msgid("The mail server could not be reached."),
    "not_worded": msgid("The service could not put the message into words. Tell the administrator."),
    "not_stored": msgid("The message could not be written to the mail folder. The administrator must check it."),
    "unknown": msgid("The message could not be delivered. Show the technical reason to the administrator."),
}
SAYING: tuple[tuple[str, str], ...] = (
    ("not_worded", r"put into words"),
    ("not_stored", r"could not be written"),
    ("may_have_arrived", r"handed over|answer to the message makes no sense"),
    (
        "settings",
        r"name and password|asked for the password|certificate|TLS|does not offer|in answer to MAIL FROM",
    ),
    ("address_unusable", r"e-mail address must be|is not an e-mail address"),
    ("mailbox_full", r"\b[45]\.2\.2\b|\b(452|552) "),
    ("address_unknown", r"\b5\.1\.[0-36]\b|\b(550|551|553) (?!5\.7).*in answer to RCPT TO|no such user|user unknown"),
    ("refused_by_rules", r"\b5\.7\.\d+\b|\b554 "),
    ("try_later", r"(^|answered |: )4\d\d "),
    ("refused", r"(^|answered |: )5\d\d "),
    ("unreachable", r"name of the server|connection was refused|in time|closed the connection|connection failed"),
)
"""What a reason is known by, the most telling first."""


def failure(reason: str) -> str:
    """The code of a failure."""
    return next((code for code, sign in SAYING if re.search(sign, reason, re.IGNORECASE)), "unknown")


def failure_sentence(reason: str, language: str) -> str:
    """What went wrong, and what to do where a person can do something."""
    return translated(FAILURES[failure(reason)], language)
