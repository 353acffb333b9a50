"""What is known of a project in a few sentences, and what of it is shown strong."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.language.project_sentences import Known, known_parts, reached_percent
from app.rules.codes import CohortStage, Direction, FigureStatus, FigureUnit
from app.rules.cohorts import latest_flow
from app.rules.indicators import Progress, progress
from app.rules.outcomes import IndicatorFacts, ObservationFacts, ProjectFacts

FIRST, LAST = date(2019, 8, 1), date(2019, 11, 30)
STARTED = IndicatorFacts(
    "started",
    FigureUnit.PEOPLE,
    Direction.UP,
    target_min=Decimal(250),
    target_on=date(2021, 2, 28),
    stage=CohortStage.STARTED,
)
DROPPED_OUT = IndicatorFacts("dropped_out", FigureUnit.PEOPLE, stage=CohortStage.DROPPED_OUT)
FINISHED = IndicatorFacts("finished", FigureUnit.PEOPLE, stage=CohortStage.FINISHED)
COURSES = IndicatorFacts("courses", FigureUnit.COUNT)


def figure(indicator: IndicatorFacts, value: int | None, **more: Any) -> ObservationFacts:
    return ObservationFacts("1", indicator.key, FIRST, LAST, None if value is None else Decimal(value), **more)


def known(name: str, indicator: IndicatorFacts, value: int | None) -> Known:
    seen = figure(indicator, value)
    return Known(name, indicator, seen, progress(indicator, seen))


def told(observations: list[ObservationFacts], *figures: Known, language: str = "fi") -> str:
    facts = ProjectFacts(date(2019, 3, 1), None, (STARTED, DROPPED_OUT, FINISHED, COURSES), tuple(observations))
    parts = known_parts(latest_flow(facts), figures, language)
    return "".join(f"*{part.text}*" if part.is_key else part.text for part in parts).replace("\N{NO-BREAK SPACE}", " ")


def test_the_cohort_comes_first_and_the_target_last() -> None:
    cohort = [figure(STARTED, 27), figure(DROPPED_OUT, 6), figure(FINISHED, 21)]
    assert told(cohort, known("Aloittaneet", STARTED, 27), known("Kurssit", COURSES, 11)) == (
        "27 aloitti, 6 keskeytti ja 21 jatkoi loppuun asti (1.8.–30.11.2019). Kurssit: 11. "
        "Aloittaneet: tavoite on vähintään 250 (28.2.2021 mennessä), ja siitä on saavutettu *11 %*."
    )


@pytest.mark.parametrize(
    ("others", "sentence"),
    [
        ([], "27 started (1 August 2019–30 November 2019)."),
        ([figure(FINISHED, 21)], "27 started and 21 finished (1 August 2019–30 November 2019)."),
        ([figure(DROPPED_OUT, 6)], "27 started and 6 dropped out (1 August 2019–30 November 2019)."),
        (
            [figure(DROPPED_OUT, 6, status=FigureStatus.PRELIMINARY), figure(FINISHED, 20)],
            "27 started, 6 dropped out and 20 finished (1 August 2019–30 November 2019). 1 is still taking part.",
        ),
    ],
)
def test_only_what_is_known_of_a_cohort_is_told(others: list[ObservationFacts], sentence: str) -> None:
    assert told([figure(STARTED, 27), *others], language="en") == sentence


def test_a_target_that_is_met_is_told_with_its_figure() -> None:
    assert told([], known("Aloittaneet", STARTED, 250)) == (
        "Aloittaneet: *250 henkilöä*. Tavoite vähintään 250 (28.2.2021 mennessä) on saavutettu."
    )


def test_what_is_in_words_only_makes_no_sentence_and_nothing_is_said_so() -> None:
    assert told([], known("Kurssit", COURSES, None)) == "Tältä jaksolta ei ole kirjattu lukuja."


@pytest.mark.parametrize(
    ("figure_reached", "met", "percent"),
    [
        ("0", False, 0),
        ("0.084", False, 8),
        ("0.994", False, 99),
        ("0.996", False, 99),
        ("1", True, 100),
        ("2.8", True, 280),
    ],
)
def test_a_target_is_never_reached_in_full_before_it_is_met(figure_reached: str, met: bool, percent: int) -> None:
    assert reached_percent(Progress(Decimal(figure_reached), met, Decimal(0))) == percent
