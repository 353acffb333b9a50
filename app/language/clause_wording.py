"""The clause as it is written into a tender and the contract, in Finnish and Swedish, ready to copy.

A draft for the author to check: it says what the terms say, and that no more is reported of people than the service
keeps. Legal prose inflects its numbers, months and groups, so each language is written out and not translated.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from app.language import clause_wording_fi, clause_wording_sv
from app.language.clause_terms import WordedTerms

WORDED = ("fi", "sv")
"""The languages of tenders."""


@dataclass(frozen=True, slots=True)
class Wording:
    """A heading and the paragraphs under it."""

    language: str
    heading: str
    paragraphs: tuple[str, ...]

    @property
    def text(self) -> str:
        """As it is copied: numbered paragraphs."""
        numbered = (f"{number}. {paragraph}" for number, paragraph in enumerate(self.paragraphs, 1))
        return "\n\n".join([self.heading, *numbered])


_WORDS: dict[str, tuple[str, Callable[[WordedTerms], Iterator[str]]]] = {
    "fi": (clause_wording_fi.HEADING, clause_wording_fi.paragraphs),
    "sv": (clause_wording_sv.HEADING, clause_wording_sv.paragraphs),
}


def clause_wording(terms: WordedTerms, language: str) -> Wording:
    """The clause in Finnish or Swedish; raises KeyError for any other language."""
    heading, paragraphs = _WORDS[language]
    return Wording(language, heading, tuple(paragraphs(terms)))
