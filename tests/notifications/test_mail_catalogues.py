"""Every text of the templates is there in Finnish and Swedish, and the catalogues hold nothing else."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from string import ascii_letters

import pytest
from babel.messages.catalog import Catalog, Message

from notifications import catalogues
from notifications.catalogues import TRANSLATED, catalogue_path, extracted, language_of, read_catalogue, words

PLACEHOLDER = re.compile(r"%\((\w+)\)s")


@pytest.fixture(params=TRANSLATED)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def keys(catalogue: Catalog) -> set[tuple[str | None, str | tuple[str, ...]]]:
    return {(message.context, message.id) for message in catalogue if message.id}


def translations(message: Message) -> Iterator[tuple[str, str]]:
    """Pairs of English and translated text; the plural goes with every form but the first."""
    if isinstance(message.id, str):
        yield message.id, str(message.string)
        return
    yield message.id[0], message.string[0]
    for form in message.string[1:]:
        yield message.id[1], form


def test_the_catalogue_holds_exactly_the_texts_of_the_templates(language: str) -> None:
    assert keys(read_catalogue(language)) == keys(extracted())


def test_the_templates_have_texts_to_translate() -> None:
    assert len(keys(extracted())) > 60


def test_every_text_is_translated(language: str) -> None:
    catalogue = read_catalogue(language)
    missing = [message.id for message in catalogue if message.id and not all(text for _, text in translations(message))]
    assert missing == []


def test_no_translation_is_a_guess_or_left_over(language: str) -> None:
    catalogue = read_catalogue(language)
    assert [message.id for message in catalogue if message.id and message.fuzzy] == []
    assert not catalogue.obsolete
    assert "#, fuzzy" not in catalogue_path(language).read_text(encoding="utf-8")


def test_a_translation_has_the_placeholders_of_its_text(language: str) -> None:
    for message in read_catalogue(language):
        if not message.id:
            continue
        for english, translated in translations(message):
            assert sorted(PLACEHOLDER.findall(translated)) == sorted(PLACEHOLDER.findall(english)), english
            # A lone percent sign would fail only when the mail is rendered.
            assert "%" not in PLACEHOLDER.sub("", translated), english


def test_a_translation_ends_like_its_text(language: str) -> None:
    for message in read_catalogue(language):
        for english, translated in translations(message) if message.id else ():
            if not english.endswith(","):  # an English salutation
                assert (english[-1] in ".:") == (translated[-1] in ".:"), english
            assert translated == translated.strip()
            assert "!" not in translated


def test_the_translations_are_not_english_left_over(language: str) -> None:
    same = {
        english
        for message in read_catalogue(language)
        if message.id
        for english, translated in translations(message)
        if english == translated and any(letter in ascii_letters for letter in PLACEHOLDER.sub("", english))
    }
    assert same <= {"Status"}


def test_a_count_stays_with_its_word() -> None:
    days = words("fi").ngettext("%(num)s day is left.", "%(num)s days are left.", 2)
    assert days == "Aikaa on %(num)s\u00a0päivää."


@pytest.mark.parametrize(
    ("tag", "expected"),
    [("fi", "fi"), ("sv-FI", "sv"), ("EN_gb", "en"), ("de", "fi"), ("", "fi"), ("finska", "fi"), ("s", "fi")],
)
def test_an_unknown_language_becomes_finnish(tag: str, expected: str) -> None:
    assert language_of(tag) == expected


def test_the_command_leaves_catalogues_that_are_up_to_date_as_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {language: catalogue_path(language).read_bytes() for language in TRANSLATED}
    shutil.copytree(catalogues._LOCALE, tmp_path / "locale")
    monkeypatch.setattr(catalogues, "_LOCALE", tmp_path / "locale")
    catalogues.update()
    assert {language: catalogue_path(language).read_bytes() for language in TRANSLATED} == before
