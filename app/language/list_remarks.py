"""What is to be said of a list of contracts or jobs before it is brought in.

What each contract gains, what is doubtful, what was not read.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from app.language.catalogues import msgid, msgids, translated
from app.language.formats import number
from app.language.sentences import made
from app.language.warnings import warning_sentence
from app.rules.reasons import Reason

SHOWN = 10
"""Of each kind of remark: the others are of the same kind."""
GAIN = msgid(
    "Contract {reference}: {covered_before} of {required_before} positions covered so far, then {covered_after} of "
    "{required_after}."
)
DOUBTFUL = msgid("Contract {reference}: {sentence}")
DIFFERING = msgid(
    "Of jobs that are here already the list says something else on these rows: {lines}. The jobs stay as they are."
)
UNREAD = msgids("This column was not read: {columns}.", "These columns were not read: {columns}.", by="many")
MORE = msgids("{more} more remark like this is not shown.", "{more} more remarks like this are not shown.", by="more")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def remarks(content: Mapping[str, Any] | None, language: str) -> list[str]:
    """In sentences; nothing once the import is settled, since what waited is forgotten then."""
    told = content or {}
    found = [*_some(list(_gains(told, language)), language), *_some(list(_doubts(told, language)), language)]
    if differing := told.get("differing"):
        found.append(translated(DIFFERING, language).format(lines=", ".join(map(str, differing))))
    if unread := told.get("unread"):
        found.append(made(UNREAD, {"many": len(unread), "columns": unread}, language))
    return found


def _some(sentences: Sequence[str], language: str) -> list[str]:
    more = len(sentences) - SHOWN
    return list(sentences) if more <= 0 else [*sentences[:SHOWN], made(MORE, {"more": more}, language)]


def _gains(told: Mapping[str, Any], language: str) -> Iterator[str]:
    for one in told.get("contracts", ()):
        names = ("covered_before", "required_before", "covered_after", "required_after")
        if all(name in one for name in names):
            counts = {name: number(one[name], language) for name in names}
            yield translated(GAIN, language).format(reference=one["reference"], **counts)


def _doubts(told: Mapping[str, Any], language: str) -> Iterator[str]:
    for procurement in told.get("procurements", ()):
        for contract in procurement["contracts"]:
            for warning in contract["warnings"]:
                values = {name: _value(value) for name, value in warning["values"].items()}
                sentence = warning_sentence(Reason(warning["code"], values), language)
                yield translated(DOUBTFUL, language).format(reference=contract["reference"], sentence=sentence)


def _value(value: object) -> object:
    """Days come as text, since what waits is kept as JSON."""
    return date.fromisoformat(value) if isinstance(value, str) and _DAY.fullmatch(value) else value
