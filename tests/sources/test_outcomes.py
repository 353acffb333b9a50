"""The seeded outcomes: whole, in three languages, every figure with its meaning and its source."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from app.rules.codes import LANGUAGES, FigureUnit
from app.schemas.observations import ObservationCreate
from app.schemas.outcomes import OutcomesDocument, ProjectOutcomes
from app.schemas.words import DescriptionInput, NameInput
from app.sources.outcomes.seeds import SLUGS, seeded

DOCUMENTS = ("Strategisten hankkeiden raportti 2019, ", "Työkykyohjelman suunnitelma 2020–2022, ")
FIGURES = {"siepp": 13, "tyokyky-kayttoon": 11, "women-to-work": 27, "digirasti": 21, "tyokykyohjelma": 19}
"""Observations that have a figure; the others are findings in words."""


@pytest.fixture(scope="module")
def document() -> OutcomesDocument:
    return OutcomesDocument.model_validate(seeded())


def texts_in(value: Any, place: str) -> Iterator[tuple[str, NameInput | DescriptionInput]]:
    """Every text in languages that stands anywhere inside, with where it stands."""
    if isinstance(value, NameInput | DescriptionInput):
        yield place, value
    elif isinstance(value, list | tuple):
        for number, inner in enumerate(value):
            yield from texts_in(inner, f"{place}.{number}")
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from texts_in(inner, f"{place}.{key}")
    elif hasattr(type(value), "model_fields"):
        for name in type(value).model_fields:
            yield from texts_in(getattr(value, name), f"{place}.{name}")


def of(document: OutcomesDocument, slug: str) -> ProjectOutcomes:
    return next(one for one in document.projects if one.project.slug == slug)


def test_the_five_projects_are_there_each_in_the_file_of_its_name(document: OutcomesDocument) -> None:
    assert [one.project.slug for one in document.projects] == list(SLUGS)
    assert len(SLUGS) == 5


def test_every_text_is_there_in_all_three_languages(document: OutcomesDocument) -> None:
    texts = list(texts_in(document, "document"))
    assert len(texts) > 400
    assert [place for place, text in texts if not all(getattr(text, language) for language in LANGUAGES)] == []


def test_no_text_is_left_in_the_language_beside_it(document: OutcomesDocument) -> None:
    """A definition that is the same in two languages was not translated."""
    definitions = [one.definition for outcomes in document.projects for one in outcomes.indicators]
    assert all(len({text.fi, text.sv, text.en}) == 3 for text in definitions)


def test_every_figure_has_an_indicator_and_a_source_that_names_document_and_place(document: OutcomesDocument) -> None:
    for outcomes in document.projects:
        known = {indicator.key: indicator for indicator in outcomes.indicators}
        for observation in outcomes.observations:
            assert known[observation.indicator].computation is None
            assert observation.source.startswith(DOCUMENTS)
            assert "luku" in observation.source or "taulukko" in observation.source


def test_every_part_has_words(document: OutcomesDocument) -> None:
    for outcomes in document.projects:
        names = {indicator.key: indicator.category_names for indicator in outcomes.indicators}
        for observation in outcomes.observations:
            for dimension, value in observation.breakdown.items():
                assert value in names[observation.indicator][dimension], (observation.indicator, value)


def test_a_finding_without_a_figure_says_so_in_words(document: OutcomesDocument) -> None:
    for outcomes in document.projects:
        in_words = [one for one in outcomes.observations if one.value is None]
        assert all(one.note is not None for one in in_words)
        assert len(outcomes.observations) - len(in_words) == FIGURES[outcomes.project.slug]


def test_about_is_marked_wherever_the_note_says_it(document: OutcomesDocument) -> None:
    for outcomes in document.projects:
        for one in outcomes.observations:
            if one.note is not None and one.note.fi and any(word in one.note.fi for word in ("noin", "liki")):
                assert one.approximate, one.indicator


def test_nothing_that_comes_from_the_contracts_is_typed(document: OutcomesDocument) -> None:
    siepp = of(document, "siepp")
    computed = [indicator for indicator in siepp.indicators if indicator.computation is not None]
    assert {str(indicator.computation) for indicator in computed} == {
        "tenders_with_clause",
        "positions_promised",
        "positions_filled",
        "innovative_share",
        "clause_considered",
    }
    assert siepp.project.programme == "SIEPP"
    assert [one.computation for other in document.projects for one in other.indicators if other is not siepp] == (
        [None] * sum(len(other.indicators) for other in document.projects if other is not siepp)
    )


def test_the_overview_shows_a_handful_of_figures_of_each_project(document: OutcomesDocument) -> None:
    for outcomes in document.projects:
        assert 3 <= sum(indicator.headline for indicator in outcomes.indicators) <= 7


def test_people_of_a_share_are_counted_among_a_group_that_is_defined_before_them(document: OutcomesDocument) -> None:
    for outcomes in document.projects:
        before: set[str] = set()
        for indicator in outcomes.indicators:
            assert indicator.counted_among is None or indicator.counted_among in before
            before.add(indicator.key)


def test_figures_of_one_table_share_their_n(document: OutcomesDocument) -> None:
    for outcomes in document.projects:
        tables = {one.key: one.table for one in outcomes.indicators if one.table and one.unit is FigureUnit.PERCENT}
        counted: dict[str, set[int | None]] = {}
        for observation in outcomes.observations:
            if observation.indicator in tables:
                counted.setdefault(str(tables[observation.indicator]), set()).add(observation.n)
        assert all(len(numbers) == 1 for numbers in counted.values()), counted


def test_a_document_survives_being_written_as_json(document: OutcomesDocument) -> None:
    text = json.dumps(document.as_json(), ensure_ascii=False)
    again = OutcomesDocument.model_validate(json.loads(text))
    assert again == document
    assert again.as_json() == document.as_json()


@pytest.mark.parametrize("figure", ["78", "78.0", "78.50", "0", "-3", "4.3", "3000000000", "0.1000"])
def test_a_figure_keeps_its_decimals_in_json(document: OutcomesDocument, figure: str) -> None:
    project = of(document, "digirasti")
    first = project.observations[0]
    observation = ObservationCreate.model_validate({**first.model_dump(), "value": figure})
    written = OutcomesDocument(projects=[project.model_copy(update={"observations": [observation]})]).as_json()
    again = OutcomesDocument.model_validate(json.loads(json.dumps(written)))
    assert str(again.projects[0].observations[0].value) == figure
