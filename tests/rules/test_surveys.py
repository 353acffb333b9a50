"""What may be shown of a survey's answers, what fits its questions, and what becomes figures."""

import random
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.codes import AnswerFlow, Dimension, QuestionKind
from app.rules.policy import SMALL_COUNT
from app.rules.surveys import (
    LONGEST_TEXT,
    Fault,
    Figure,
    SurveyQuestion,
    SurveyResult,
    callback_kept_until,
    faults,
    figures,
    results,
)
from tests.factories import d

AGREEMENT = SurveyQuestion(
    "useful", QuestionKind.AGREEMENT, indicator="useful", flow=AnswerFlow.SHARE, shared=("agree",)
)
GRADE = SurveyQuestion("grade", QuestionKind.SCALE, indicator="grade", flow=AnswerFlow.MEAN)
SITUATION = SurveyQuestion(
    "situation",
    QuestionKind.SINGLE,
    ("unemployed", "at_work", "trial", "other"),
    indicator="after",
    flow=AnswerFlow.SHARES_BY,
    dimension=Dimension.SITUATION,
)
STEPS = SurveyQuestion("steps", QuestionKind.MULTIPLE, ("work", "course", "other"))
WORDS = SurveyQuestion("words", QuestionKind.TEXT)


def asked(question: SurveyQuestion, answers: Sequence[Any]) -> SurveyResult:
    [result] = results([question], [{question.key: one} for one in answers])
    return result


def counts(result: SurveyResult) -> dict[str, int]:
    return {one.option: one.count for one in result.counts}


@pytest.mark.parametrize("question", [AGREEMENT, GRADE, SITUATION, STEPS, WORDS], ids=lambda one: one.key)
def test_of_four_answers_nothing_is_shown_and_of_five_something(question: SurveyQuestion) -> None:
    answer: Any = {"useful": "agree", "grade": 5, "situation": "at_work", "steps": ["work"], "words": "Kiitos"}
    given_answers = [answer[question.key]] * 5
    assert asked(question, given_answers[:4]) == SurveyResult(question.key)
    assert asked(question, given_answers).n == 5


def test_who_skipped_a_question_is_not_among_those_who_answered_it() -> None:
    answers: list[dict[str, Any]] = [{"useful": "agree"}] * 6 + [{"grade": 4}] * 4
    useful, grade = results([AGREEMENT, GRADE], answers)
    assert (useful.n, grade.n) == (6, None)


def test_a_statement_is_shown_whole_however_few_disagree() -> None:
    result = asked(AGREEMENT, ["agree"] * 82 + ["disagree"])
    assert counts(result) == {"agree": 82, "disagree": 1}
    assert result.folded == ()


def test_a_grade_has_its_mean_to_hundredths_and_its_distribution() -> None:
    result = asked(GRADE, [5, 5, 4, 4, 4, 3])
    assert result.mean == Decimal("4.17")
    assert counts(result) == {"1": 0, "2": 0, "3": 1, "4": 3, "5": 2}


def test_a_situation_that_four_are_in_is_folded_with_another_and_one_that_five_are_in_is_not() -> None:
    four = asked(SITUATION, ["unemployed"] * 20 + ["at_work"] * 6 + ["trial"] * 4 + ["other"] * 5)
    assert "trial" in four.folded
    assert len(four.folded) > 1, "alone it could be worked out from the whole"
    five = asked(SITUATION, ["unemployed"] * 20 + ["at_work"] * 6 + ["trial"] * 5 + ["other"] * 5)
    assert five.folded == ()


def test_where_several_may_be_chosen_each_option_is_shown_unless_few_chose_it_or_few_did_not() -> None:
    answers = [["work"]] * 4 + [["course"]] * 6 + [["course", "other"]] * 5
    assert counts(asked(STEPS, answers)) == {"other": 5}, "four chose work, and all but four a course"
    assert counts(asked(STEPS, [*answers, ["work"]])) == {"work": 5, "course": 11, "other": 5}


@given(st.lists(st.sampled_from(SITUATION.options), min_size=SMALL_COUNT, max_size=60))
def test_no_situation_is_ever_shown_that_fewer_than_five_are_in(answers: list[str]) -> None:
    result = asked(SITUATION, answers)
    assert all(count >= SMALL_COUNT for count in counts(result).values())
    assert set(counts(result)) | set(result.folded) == set(SITUATION.options)


@given(st.lists(st.lists(st.sampled_from(STEPS.options), min_size=1, unique=True), min_size=5, max_size=40))
def test_neither_few_who_chose_nor_few_who_did_not_can_be_told(answers: list[list[str]]) -> None:
    result = asked(STEPS, answers)
    for count in counts(result).values():
        assert SMALL_COUNT <= count <= len(answers) - SMALL_COUNT


def test_texts_of_one_person_do_not_stand_at_one_place() -> None:
    other = SurveyQuestion("other_words", QuestionKind.TEXT)
    answers = [{"words": f"Text {number}", "other_words": f"Text {number}"} for number in range(40)]
    random.Random(1).shuffle(answers)
    first, second = results([WORDS, other], answers)
    assert sorted(first.texts) == sorted(second.texts)
    same = sum(one == another for one, another in zip(first.texts, second.texts, strict=True))
    assert same < 8, "by chance one of forty stays at its place"


def test_texts_stand_in_the_same_order_whatever_the_order_of_the_answers() -> None:
    texts = [f"Text {number}" for number in range(20)]
    assert asked(WORDS, texts).texts == asked(WORDS, texts[::-1]).texts != tuple(texts)


# --- What fits


@pytest.mark.parametrize(
    ("question", "fitting", "unfit"),
    [
        (AGREEMENT, ["agree", "disagree"], ["yes", "", 1, ["agree"], None]),
        (GRADE, [1, 5], [0, 6, "5", 4.5, True, [5]]),
        (SITUATION, ["unemployed"], ["retired", ["unemployed"], 1]),
        (STEPS, [["work"], ["work", "other"]], [[], ["work", "work"], ["retired"], "work"]),
        (WORDS, ["Hyvä"], ["", "  ", 3, ["Hyvä"]]),
    ],
    ids=lambda one: one.key if isinstance(one, SurveyQuestion) else "",
)
def test_an_answer_fits_the_kind_of_its_question(question: SurveyQuestion, fitting: Any, unfit: Any) -> None:
    assert [faults([question], {question.key: one}) for one in fitting] == [[]] * len(fitting)
    wrong = [Fault("survey_answer_unfit", question.key)]
    assert [faults([question], {question.key: one}) for one in unfit] == [wrong] * len(unfit)


def test_a_text_may_fill_a_page_and_no_more() -> None:
    assert faults([WORDS], {"words": "a" * LONGEST_TEXT}) == []
    assert faults([WORDS], {"words": "a" * (LONGEST_TEXT + 1)}) == [Fault("survey_answer_too_long", "words")]


def test_what_must_be_answered_and_what_nobody_asked_are_named() -> None:
    must = WORDS._replace(required=True)
    assert faults([must, GRADE], {"grade": 4}) == [Fault("survey_answer_missing", "words")]
    assert faults([GRADE], {"grade": 4, "name": "Kaisa"}) == [Fault("survey_question_unknown", "name")]
    assert faults([GRADE], {}) == [Fault("survey_answer_empty")]


# --- What becomes figures


def figures_of(question: SurveyQuestion, answers: Sequence[Any]) -> list[Figure]:
    return figures([question], results([question], [{question.key: one} for one in answers]))


def test_agreement_becomes_a_share_with_numerator_and_denominator() -> None:
    assert figures_of(AGREEMENT, ["agree"] * 77 + ["disagree"] * 6) == [
        Figure("useful", (), numerator=77, denominator=83)
    ]


def test_grades_become_a_mean_with_its_n() -> None:
    assert figures_of(GRADE, [4, 4, 4, 4, 5]) == [Figure("grade", (), value=Decimal("4.20"), n=5)]


def test_four_answers_become_no_figure() -> None:
    assert figures_of(AGREEMENT, ["agree"] * 4) == []
    assert figures_of(GRADE, [4] * 4) == []


def test_situations_become_a_figure_each_and_those_folded_none() -> None:
    made = figures_of(SITUATION, ["unemployed"] * 30 + ["at_work"] * 8 + ["trial"] * 3 + ["other"] * 3)
    assert {one.breakdown[0][1]: (one.numerator, one.denominator) for one in made}["unemployed"] == (30, 44)
    assert not {"trial", "other"} & {one.breakdown[0][1] for one in made}
    counted = SITUATION._replace(flow=AnswerFlow.COUNTS_BY)
    answers = ["unemployed"] * 9 + ["at_work"] * 6 + ["trial"] * 5 + ["other"] * 7
    values = {one.breakdown[0][1]: (one.value, one.n) for one in figures_of(counted, answers)}
    assert values == {"unemployed": (9, 27), "at_work": (6, 27), "trial": (5, 27), "other": (7, 27)}


def test_the_share_of_options_that_are_folded_becomes_no_figure() -> None:
    question = SITUATION._replace(flow=AnswerFlow.SHARE, shared=("trial",), dimension=None)
    assert figures_of(question, ["unemployed"] * 30 + ["at_work"] * 8 + ["trial"] * 3 + ["other"] * 3) == []
    assert figures_of(question._replace(shared=("unemployed", "at_work")), ["unemployed"] * 9 + ["at_work"] * 8) == []


def test_a_question_without_an_indicator_becomes_no_figure() -> None:
    assert figures_of(GRADE._replace(indicator=None, flow=None), [4] * 9) == []


# --- How long a number is kept


@pytest.mark.parametrize(
    ("today", "last"),
    [("1.1.2026", "31.8.2026"), ("31.1.2026", "31.8.2026"), ("31.7.2026", "28.2.2027"), ("29.2.2024", "30.9.2024")],
)
def test_a_number_is_kept_to_the_end_of_the_seventh_month(today: str, last: str) -> None:
    assert callback_kept_until(d(today)) == d(last)
