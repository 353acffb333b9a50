"""A link of the trail in words, for the page and for its file."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.language.audit import actor_words, channel_words, content_words, event_words, name_words
from app.services.audit import Entry
from app.storage.fingerprints import MARK, is_fingerprint
from app.web.change_words import FieldWords

SHOWN_DIGITS = 8
"""Of a fingerprint: enough to know the same one again on a page."""
UNSAID = frozenset({"id", "version", "created_at", "last_recorded_on"})
"""Columns that tell a reader nothing."""


@dataclass(frozen=True, slots=True)
class EntryWords:
    language: str

    def what(self, entry: Entry) -> str:
        return event_words(entry.subject, entry.action, self.language)

    def who(self, entry: Entry) -> str:
        return actor_words(entry.actor, entry.name, self.language)

    def channel(self, entry: Entry) -> str:
        return channel_words(entry.channel, self.language)

    def fields(self, entry: Entry) -> Sequence[FieldWords]:
        """What changed; of anything else what it says, without what is empty."""
        changed = entry.before is not None
        told = [one for one in entry.fields if one.name not in UNSAID and (changed or one.after not in (None, "", []))]
        return [
            FieldWords(
                name_words(entry.subject, one.name, self.language),
                self._value(entry.subject, one.name, one.before) if changed else None,
                self._value(entry.subject, one.name, one.after),
            )
            for one in told
        ]

    def _value(self, subject: str, name: str, value: Any) -> str:
        return content_words(subject, name, value, _digits(value), self.language)


def _digits(value: Any) -> str | None:
    """The first signs of a fingerprint, of each where there are several; None for anything else."""
    if not is_fingerprint(value):
        return None
    several = value if isinstance(value, list) else [value]
    return ", ".join(str(one).removeprefix(MARK)[:SHOWN_DIGITS] for one in several)
