"""Texts that people write in several languages: names, definitions, descriptions."""

from typing import Annotated, Any

from pydantic import AfterValidator, PlainSerializer
from pydantic_core import PydanticCustomError

from app.schemas.fields import Input, Line, Paragraphs

LANGUAGES = ("fi", "sv", "en")


class _OneLine(Input):
    """A name in at least one language."""

    fi: Line | None = None
    sv: Line | None = None
    en: Line | None = None


class _SomeLines(Input):
    """A text of some lines in at least one language."""

    fi: Paragraphs | None = None
    sv: Paragraphs | None = None
    en: Paragraphs | None = None


def _in_some_language(words: Any) -> Any:
    if not any(getattr(words, language) for language in LANGUAGES):
        raise PydanticCustomError("missing_field", "missing_field")
    return words


def plain(words: _OneLine | _SomeLines) -> dict[str, str]:
    """The texts there are, by language, as they are kept."""
    return {language: text for language in LANGUAGES if (text := getattr(words, language)) is not None}


Name = Annotated[_OneLine, AfterValidator(_in_some_language), PlainSerializer(plain, return_type=dict[str, str])]
"""One line in at least one of the three languages; a reader of another one gets the first there is."""
Description = Annotated[
    _SomeLines, AfterValidator(_in_some_language), PlainSerializer(plain, return_type=dict[str, str])
]
"""Some lines in at least one of the three languages."""
Words = dict[str, str]
"""The same as it goes out: by language, only those there are."""
NAME_EXAMPLE = {"fi": "Ryhmän päättäneet", "sv": "De som slutförde gruppen", "en": "Those who finished the group"}
