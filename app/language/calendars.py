"""The days of a calendar as sentences."""

from collections.abc import Mapping

from app.language.catalogues import Text, msgid, msgids, translated
from app.language.sentences import made

TITLES: Mapping[str, Text] = {
    "last_start": msgids(
        "Last day for {count} person to start: {title}, {reference}",
        "Last day for {count} people to start: {title}, {reference}",
        by="count",
    ),
    "contract_end": msgid("The contract ends: {title}, {reference}"),
    "completion": msgids(
        "{count} person completes {months}: {title}, {reference}",
        "{count} people complete {months}: {title}, {reference}",
        by="count",
    ),
}
NAME: Text = msgid("Days of the employment clauses (SIEPP)")
MORE: Text = msgid("How the obligation stands: {address}")


def day_title(kind: str, count: int, months: int, title: str, reference: str, language: str) -> str:
    """What is on a day of a contract; raises KeyError for an unknown kind."""
    values = {"count": count, "months": months, "title": title, "reference": reference}
    return made(TITLES[kind], values, language)


def more_sentence(address: str, language: str) -> str:
    """Where there is more to read: the address of the contract's page."""
    return made(MORE, {"address": address}, language)


def calendar_name(language: str) -> str:
    return translated(NAME, language)
