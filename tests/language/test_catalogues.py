"""The catalogues are whole, and a reader gets the language asked for."""

import re

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from app.language.catalogues import negotiate, po_path, translated, translations
from app.language.extract import extracted

TRANSLATED = ("fi", "sv")
SAME_IN_ALL = {"Työrasti", "Status", "status", "%(num)s person", "person", "n", "{first}–{last}", "organisation"}
SAME_IN_ALL |= {"Period", "Budget", "Budget %(sum)s", "Risk %(number)s", "import", "option", "risk", "text", "Id"}
"""Names, signs and words that are written alike in English and in one of the others."""
PLACEHOLDER = re.compile(r"\{(\w+)\}|%\((\w+)\)")


def catalogue(language: str) -> Catalog:
    with po_path(language).open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def messages(language: str) -> list[Message]:
    return [message for message in catalogue(language) if message.id]


def forms(text: str | tuple[str, ...] | list[str]) -> list[str]:
    return [text] if isinstance(text, str) else list(text)


def keys(found: Catalog) -> set[tuple[str | None, str]]:
    return {(message.context, forms(message.id)[0]) for message in found if message.id}


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_msgid_of_the_application_is_in_the_catalogue_and_no_other(language: str) -> None:
    found = catalogue(language)
    assert keys(found) == keys(extracted()), "run python -m app.language.extract and translate what is new"
    assert not found.obsolete


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_form_is_translated_and_none_is_fuzzy(language: str) -> None:
    for message in messages(language):
        assert not message.fuzzy, message.id
        assert len(forms(message.string)) == len(forms(message.id))
        assert all(forms(message.string)), message.id


@pytest.mark.parametrize("language", TRANSLATED)
def test_placeholders_are_those_of_the_msgid(language: str) -> None:
    for message in messages(language):
        for english, text in zip(forms(message.id), forms(message.string), strict=True):
            assert sorted(PLACEHOLDER.findall(text)) == sorted(PLACEHOLDER.findall(english)), text


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_english_is_left(language: str) -> None:
    for message in messages(language):
        for text in forms(message.string):
            assert text not in forms(message.id) or text in SAME_IN_ALL


@pytest.mark.parametrize("language", TRANSLATED)
def test_sentences_end_where_the_msgid_does_and_nobody_shouts(language: str) -> None:
    for message in messages(language):
        for text in forms(message.string):
            assert text.endswith(".") == forms(message.id)[0].endswith("."), text
            assert "!" not in text
            assert "  " not in text


def test_a_catalogue_is_read_once() -> None:
    assert translations("fi") is translations("fi")


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(KeyError):
        translations("de")


def test_a_text_without_a_translation_stays_as_it_is() -> None:
    assert translated("Not in any catalogue", "fi") == "Not in any catalogue"


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "fi"),
        ("", "fi"),
        ("fi", "fi"),
        ("sv", "sv"),
        ("en", "en"),
        ("en-GB", "en"),
        ("sv-FI,sv;q=0.9", "sv"),
        ("SV-fi", "sv"),
        ("sv;q=0.5, en;q=0.8", "en"),
        ("en;q=0.5,sv;q=0.5", "en"),
        ("de, en;q=0.3", "en"),
        ("de", "fi"),
        ("*", "fi"),
        ("de,*;q=0.1", "fi"),
        ("fi;q=0, *", "sv"),
        ("fi;q=0, sv;q=0, en;q=0, *", "fi"),
        ("en;q=0, sv", "sv"),
        ("zh-Hant-TW, sv ; q=0.7", "sv"),
        ("sv;q=high", "fi"),
        ("sv;;q=1", "fi"),
        ("en,,", "fi"),
        ("<script>", "fi"),
        ("sv;q=1.0000", "fi"),
    ],
)
def test_negotiation(header: str | None, language: str) -> None:
    assert negotiate(header) == language


def test_negotiation_falls_back_to_the_default_given() -> None:
    assert negotiate("de", default="sv") == "sv"
    assert negotiate("*", default="sv") == "sv"
