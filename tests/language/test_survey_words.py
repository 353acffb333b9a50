"""Every word around a survey in each language people answer in, and every questionnaire's own words."""

import re

import pytest

from app.language.survey_words import LANGUAGE_NAMES, OTHERS, direction, survey_words, wanted_language
from app.rules.surveys import LONGEST_TEXT
from app.schemas.surveys import SURVEY_LANGUAGES, SurveyCreate
from app.sources.surveys import questionnaires

LETTERS = {"ru": r"[А-Яа-яЁё]", "ar": r"[\u0600-\u06ff]", "so": r"[a-z]"}


@pytest.mark.parametrize("language", SURVEY_LANGUAGES)
def test_every_language_has_every_word(language: str) -> None:
    words = survey_words(language)
    assert words.keys() == survey_words("en").keys()
    assert all(words.values())
    assert str(LONGEST_TEXT) in re.sub(r"[\s,]", "", words["survey_answer_too_long"])
    assert "{" not in "".join(words.values())


@pytest.mark.parametrize("language", OTHERS)
def test_the_languages_of_participants_are_written_in_their_own_letters_and_not_in_english(language: str) -> None:
    words, english = survey_words(language), survey_words("en")
    assert [name for name, text in words.items() if not re.search(LETTERS[language], text)] == []
    assert [name for name, text in words.items() if text == english[name]] == []


def test_each_language_is_named_and_only_arabic_runs_from_right_to_left() -> None:
    assert set(LANGUAGE_NAMES) == set(SURVEY_LANGUAGES)
    assert {one for one in SURVEY_LANGUAGES if direction(one) == "rtl"} == {"ar"}


@pytest.mark.parametrize(
    ("header", "wanted"),
    [("ar-SO,fi;q=0.9", "ar"), ("et,so", "so"), ("et", "sv"), ("", "sv"), (None, "sv"), (";;,,", "sv")],
)
def test_the_browsers_first_language_that_the_survey_has_is_taken(header: str | None, wanted: str) -> None:
    assert wanted_language(header, ["sv", "ar", "so", "fi"]) == wanted


@pytest.mark.parametrize("one", questionnaires(), ids=lambda one: one.key)
def test_a_questionnaire_is_whole_in_each_of_its_languages(one: object) -> None:
    command = SurveyCreate.model_validate(dict(one.body))  # type: ignore[attr-defined]
    kept = command.model_dump()
    texts = [kept["title"], kept["intro"]]
    for question in kept["questions"]:
        texts += [question["words"], *(question[name] for name in ("hint", "low", "high") if question[name])]
        texts += [option["words"] for option in question["options"]]
    assert [text for text in texts if list(text) != kept["languages"]] == []
