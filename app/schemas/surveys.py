"""Surveys: their questions, what people answer, and what may be shown of it."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, PlainSerializer, PlainValidator, StringConstraints
from pydantic_core import PydanticCustomError

from app.rules.codes import AnswerFlow, Dimension, QuestionKind, SurveyStatus
from app.schemas.fields import Day, Input, Line, Listing, Output, Paragraphs, Phone, if_sent
from app.schemas.indicators import Code
from app.schemas.projects import Slug
from app.schemas.words import Words

SurveyLanguage = Literal["fi", "sv", "en", "ru", "ar", "so"]
SURVEY_LANGUAGES: tuple[SurveyLanguage, ...] = ("fi", "sv", "en", "ru", "ar", "so")
"""The service's own, and those in which a project's participants answer."""
MOST_QUESTIONS = 40
MOST_OPTIONS = 30
TITLE = {"fi": "Kurssin loppukysely", "sv": "Enkät efter kursen", "en": "End-of-course survey"}
INTRO = {"fi": "Vastaukset ovat nimettömiä.", "en": "The answers are anonymous."}
ASKED = {"fi": "Opin taitoja, joista on hyötyä työnhaussa.", "en": "I learnt skills useful in job search."}
SURVEY_ID = "01932f7a5c7b7e6f9a3c1d2e4f506180"


class WordingInput(Input):
    """One line, by language."""

    fi: Line | None = Field(None, description="In Finnish.", examples=["Kyllä"])
    sv: Line | None = Field(None, description="In Swedish.", examples=["Ja"])
    en: Line | None = Field(None, description="In English.", examples=["Yes"])
    ru: Line | None = Field(None, description="In Russian.", examples=["Да"])
    ar: Line | None = Field(None, description="In Arabic.", examples=["نعم"])
    so: Line | None = Field(None, description="In Somali.", examples=["Haa"])


class LongWordingInput(Input):
    """Some lines, by language."""

    fi: Paragraphs | None = Field(None, description="In Finnish.", examples=["Kyllä"])
    sv: Paragraphs | None = Field(None, description="In Swedish.", examples=["Ja"])
    en: Paragraphs | None = Field(None, description="In English.", examples=["Yes"])
    ru: Paragraphs | None = Field(None, description="In Russian.", examples=["Да"])
    ar: Paragraphs | None = Field(None, description="In Arabic.", examples=["نعم"])
    so: Paragraphs | None = Field(None, description="In Somali.", examples=["Haa"])


def _in_some_language(words: WordingInput | LongWordingInput) -> WordingInput | LongWordingInput:
    if not any(getattr(words, language) for language in SURVEY_LANGUAGES):
        raise PydanticCustomError("missing_field", "missing_field")
    return words


def _plain(words: WordingInput | LongWordingInput) -> Words:
    """The texts there are, by language, as they are kept."""
    return {one: text for one in SURVEY_LANGUAGES if (text := getattr(words, one)) is not None}


_kept = PlainSerializer(_plain, return_type=dict[str, str])
Wording = Annotated[WordingInput, AfterValidator(_in_some_language), _kept]
"""One line in the survey's languages."""
LongWording = Annotated[LongWordingInput, AfterValidator(_in_some_language), _kept]
"""Some lines in the survey's languages."""


class SurveyOptionInput(Input):
    """One of the answers to choose from."""

    key: Code = Field(description="What names it in the question, and in a breakdown.", examples=["work_trial"])
    words: Wording = Field(description="Its words.", examples=[{"fi": "Työkokeilu", "en": "Work trial"}])


class SurveyQuestionInput(Input):
    """A question, a statement to agree with, or a grade to give."""

    key: Code = Field(description="What names it in the survey.", examples=["useful_skills"])
    kind: QuestionKind = Field(description="How it is answered.", examples=["agreement"])
    words: Wording = Field(description="The question or statement.", examples=[ASKED])
    hint: LongWording | None = Field(None, description="What helps to answer it.", examples=[None])
    options: list[SurveyOptionInput] = Field(
        default_factory=list, max_length=MOST_OPTIONS, description="Of `single` and `multiple`.", examples=[[]]
    )
    scale_min: int = Field(1, ge=0, le=1, strict=True, description="Lowest point of a scale.", examples=[1])
    scale_max: int = Field(5, ge=2, le=10, strict=True, description="Highest point of a scale.", examples=[5])
    low: Wording | None = Field(None, description="What the lowest point means.", examples=[{"fi": "Huono"}])
    high: Wording | None = Field(None, description="What the highest means.", examples=[{"fi": "Erittäin hyvä"}])
    required: bool = Field(False, description="Whether it must be answered.", examples=[False])
    indicator: Code | None = Field(None, description="Indicator whose figures it gives.", examples=["useful_skills"])
    flow: AnswerFlow | None = Field(None, description="What of its answers becomes figures.", examples=["share"])
    shared: list[Code] = Field(
        default_factory=list,
        max_length=MOST_OPTIONS,
        description="Options whose share it is; for a statement, agreement.",
        examples=[["agree"]],
    )
    dimension: Dimension | None = Field(None, description="What its options break the figure down by.", examples=[None])


class SurveyCreate(Input):
    """Begin a survey, as a draft."""

    key: Code = Field(description="What names it in the project; does not change.", examples=["end-of-course-2019"])
    title: Wording = Field(description="Title.", examples=[TITLE])
    intro: LongWording | None = Field(None, description="What stands above the questions.", examples=[INTRO])
    languages: list[SurveyLanguage] = Field(
        min_length=1, max_length=6, description="Languages of the form, the first by default.", examples=[["fi", "en"]]
    )
    questions: list[SurveyQuestionInput] = Field(
        default_factory=list, max_length=MOST_QUESTIONS, description="In their order.", examples=[[]]
    )
    asks_for_call: bool = Field(
        False, description="Whether it asks, in a form of its own, for consent to a call later.", examples=[False]
    )
    on_paper: bool = Field(True, description="Whether paper forms are entered too.", examples=[True])
    period_start: Day | None = Field(None, description="First day its figures speak of.", examples=["2019-08-01"])
    period_end: Day | None = Field(None, description="Last day its figures speak of.", examples=["2019-11-30"])


class SurveyChange(Input):
    """Change a draft: only the fields sent change; the questions are replaced as a whole."""

    title: Wording = if_sent(description="Title.", examples=[TITLE])
    intro: LongWording | None = if_sent(description="What stands above the questions.", examples=[INTRO])
    languages: list[SurveyLanguage] = if_sent(
        min_length=1, max_length=6, description="Languages of the form.", examples=[["fi"]]
    )
    questions: list[SurveyQuestionInput] = if_sent(
        max_length=MOST_QUESTIONS, description="In their order.", examples=[[]]
    )
    asks_for_call: bool = if_sent(description="Whether it asks for consent to a call later.", examples=[False])
    on_paper: bool = if_sent(description="Whether paper forms are entered too.", examples=[True])
    period_start: Day | None = if_sent(description="First day its figures speak of.", examples=["2019-08-01"])
    period_end: Day | None = if_sent(description="Last day its figures speak of.", examples=["2019-11-30"])


class SurveyStart(Input):
    """Begin a draft from something that is there."""

    based_on: Line | None = Field(
        None,
        description="`questionnaire:KEY` of one that comes with the service, or `survey:ID`; empty for none.",
        examples=["questionnaire:end-of-course"],
    )
    title: Wording | None = Field(None, description="Title; by default that of the other.", examples=[TITLE])


def _given(value: Any) -> int | str | list[str]:
    """Told at the question, not at one of the types it may have. Whether it fits is for rules.surveys to say."""
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return value
    if isinstance(value, int | str) and not isinstance(value, bool):
        return value
    raise PydanticCustomError("wrong_type", "wrong_type")


GivenAnswer = Annotated[int | str | list[str], PlainValidator(_given, json_schema_input_type=int | str | list[str])]
GIVEN = {"useful_skills": "agree", "grade": 5, "next_steps": ["work_trial"]}


class SurveyAnswerCreate(Input):
    """Enter one paper form. Write no names and nothing about health."""

    answers: dict[Code, GivenAnswer] = Field(
        max_length=MOST_QUESTIONS, description="By question; those without an answer left out.", examples=[GIVEN]
    )
    once: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{22,64}$")] = Field(
        description="A random text made for this form: sent again, the form counts once and its last answers stand.",
        examples=["pX3mQ9vT4kLr8Zs1YbWc7A"],
    )


class CallbackCreate(Input):
    """Agree to one call later. Kept apart from the answers."""

    phone: Phone = Field(description="Telephone number.", examples=["+358 40 123 4567"])


class SurveyOptionRead(Output):
    """One of the answers to choose from."""

    key: str = Field(description="What names it in the question.", examples=["work_trial"])
    words: Words = Field(description="Its words by language.", examples=[{"fi": "Työkokeilu", "en": "Work trial"}])


class SurveyQuestionRead(Output):
    """A question of a survey."""

    key: str = Field(description="What names it in the survey.", examples=["useful_skills"])
    kind: QuestionKind = Field(description="How it is answered.", examples=["agreement"])
    words: Words = Field(description="The question or statement, by language.", examples=[ASKED])
    hint: Words | None = Field(None, description="What helps to answer it.", examples=[None])
    options: list[SurveyOptionRead] = Field(description="What to choose from.", examples=[[]])
    scale_min: int = Field(description="Lowest point of a scale.", examples=[1])
    scale_max: int = Field(description="Highest point of a scale.", examples=[5])
    low: Words | None = Field(None, description="What the lowest point means.", examples=[None])
    high: Words | None = Field(None, description="What the highest point means.", examples=[None])
    required: bool = Field(description="Whether it must be answered.", examples=[False])
    indicator: str | None = Field(None, description="Indicator whose figures it gives.", examples=["useful_skills"])
    flow: AnswerFlow | None = Field(None, description="What of its answers becomes figures.", examples=["share"])
    shared: list[str] = Field(description="Options whose share it is.", examples=[["agree"]])
    dimension: Dimension | None = Field(None, description="What its options break the figure down by.", examples=[None])


class SurveyRead(Output):
    """A survey."""

    id: str = Field(description="Opaque id.", examples=[SURVEY_ID])
    project: Slug = Field(description="Its project.", examples=["digirasti"])
    key: str = Field(description="What names it in the project.", examples=["end-of-course-2019"])
    title: Words = Field(description="Title by language.", examples=[TITLE])
    intro: Words | None = Field(description="What stands above the questions, by language.", examples=[INTRO])
    languages: list[str] = Field(description="Languages of the form.", examples=[["fi", "en"]])
    questions: list[SurveyQuestionRead] = Field(description="In their order.", examples=[[]])
    asks_for_call: bool = Field(description="Whether it asks for consent to a call later.", examples=[False])
    on_paper: bool = Field(description="Whether paper forms are entered too.", examples=[True])
    period_start: date | None = Field(description="First day its figures speak of.", examples=["2019-08-01"])
    period_end: date | None = Field(description="Last day its figures speak of.", examples=["2019-11-30"])
    status: SurveyStatus = Field(description="draft, open or closed.", examples=["open"])
    answered: int = Field(description="How many have answered.", examples=[21])
    link: str | None = Field(
        description="Address of the form, for those who may write the project.",
        examples=["https://siepp.example.org/s/pX3mQ9vT4kLr8Zs1YbWc7A"],
    )
    opened_at: datetime | None = Field(description="When it was opened.", examples=["2019-11-01T08:00:00Z"])
    closed_at: datetime | None = Field(description="When it was closed.", examples=[None])


class SurveyList(Listing):
    """Surveys of a project."""

    items: list[SurveyRead] = Field(description="The newest first.", examples=[[]])


class SurveyAnswerTaken(Output):
    """A form was entered. Nothing names it: an answer cannot be asked for."""

    survey_id: str = Field(description="Its survey.", examples=[SURVEY_ID])
    answered: int = Field(description="How many have answered by now.", examples=[21])


class OptionCountRead(Output):
    """How many chose an option."""

    option: str = Field(description="Key of the option, or a point of the scale.", examples=["agree"])
    count: int = Field(description="How many chose it.", examples=[77])
    share: float = Field(description="Of those who answered the question, from 0 to 1.", examples=[0.928])


def _as_number(value: Decimal) -> float:
    return float(value)


class SurveyResultRead(Output):
    """What may be shown of the answers to a question."""

    question: str = Field(description="Key of the question.", examples=["useful_skills"])
    n: int | None = Field(description="How many answered it; empty where too few to show.", examples=[83])
    counts: list[OptionCountRead] = Field(description="Options that may be shown.", examples=[[]])
    folded: list[str] = Field(description="Options not shown, as few chose one of them.", examples=[[]])
    mean: Annotated[Decimal, PlainSerializer(_as_number, return_type=float, when_used="json")] | None = Field(
        description="Mean of a scale.", examples=[4.3]
    )
    texts: list[str] = Field(description="Free answers, in an order that tells nothing.", examples=[[]])


class SurveyResults(Output):
    """What came of a closed survey."""

    survey_id: str = Field(description="Its survey.", examples=[SURVEY_ID])
    answered: int = Field(description="How many answered.", examples=[83])
    smallest_group: int = Field(description="Fewer people than this are not shown.", examples=[5])
    results: list[SurveyResultRead] = Field(description="By question, in their order.", examples=[[]])
