"""Texts that people write in several languages: names, definitions, descriptions."""

from typing import Annotated, Any

from pydantic import AfterValidator, Field, PlainSerializer
from pydantic_core import PydanticCustomError

from app.rules.codes import LANGUAGES
from app.schemas.fields import Input, Line, Paragraphs


class NameInput(Input):
    """A name in at least one language."""

    fi: Line | None = Field(None, description="In Finnish.", examples=["Ryhmän päättäneet"])
    sv: Line | None = Field(None, description="In Swedish.", examples=["De som slutförde gruppen"])
    en: Line | None = Field(None, description="In English.", examples=["Those who finished the group"])


class DescriptionInput(Input):
    """A text of some lines in at least one language."""

    fi: Paragraphs | None = Field(None, description="In Finnish.", examples=["Loppuun asti osallistuneet."])
    sv: Paragraphs | None = Field(None, description="In Swedish.", examples=["De som deltog till slutet."])
    en: Paragraphs | None = Field(None, description="In English.", examples=["Those who took part until the end."])


def _in_some_language(words: Any) -> Any:
    if not any(getattr(words, language) for language in LANGUAGES):
        raise PydanticCustomError("missing_field", "missing_field")
    return words


def plain(words: NameInput | DescriptionInput) -> dict[str, str]:
    """The texts there are, by language, as they are kept."""
    return {language: text for language in LANGUAGES if (text := getattr(words, language)) is not None}


Name = Annotated[NameInput, AfterValidator(_in_some_language), PlainSerializer(plain, return_type=dict[str, str])]
"""One line in at least one of the three languages; a reader of another one gets the first there is."""
Description = Annotated[
    DescriptionInput, AfterValidator(_in_some_language), PlainSerializer(plain, return_type=dict[str, str])
]
"""Some lines in at least one of the three languages."""
Words = dict[str, str]
"""The same as it goes out: by language, only those there are."""
NAME_EXAMPLE = {"fi": "Ryhmän päättäneet", "sv": "De som slutförde gruppen", "en": "Those who finished the group"}
