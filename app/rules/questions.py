"""What a doubt about a project's figures is: a question, never a block; app/language/questions.py makes the sentence.

An answer belongs to the figures it was given for: `key` stays as long as they stay and is another once one of them
changes, so that the question is asked again.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from hashlib import sha256
from typing import NamedTuple

from app.rules.outcomes import ObservationFacts


class QuestionCode(StrEnum):
    """What is doubtful, in the order in which questions are listed."""

    SHARE_IMPOSSIBLE = "share_impossible"
    MEAN_IMPOSSIBLE = "mean_impossible"
    SHARE_OVER_100 = "share_over_100"
    PART_EXCEEDS_WHOLE = "part_exceeds_whole"
    PARTS_DO_NOT_ADD_UP = "parts_do_not_add_up"
    COHORT_DOES_NOT_ADD_UP = "cohort_does_not_add_up"
    N_BEYOND_GROUP = "n_beyond_group"
    N_SHRINKS = "n_shrinks"
    FUNDING_DOES_NOT_ADD_UP = "funding_does_not_add_up"
    SPENT_BEYOND_BUDGET = "spent_beyond_budget"
    PERIOD_OUTSIDE_PROJECT = "period_outside_project"
    JUMP = "jump"
    PARTS_ROUNDED = "parts_rounded"


class Weight(StrEnum):
    """A question wants an answer; a note is worth knowing, and may well be right."""

    QUESTION = "question"
    NOTE = "note"


class Question(NamedTuple):
    """A doubt. `indicators` are keys (none: it is of the project), `observation_ids` the figures it would be shown at,
    `values` what fills its sentence: whole numbers, decimals, days, texts and tuples of numbers. `figures` are what it
    was asked about, written out, in order."""

    code: QuestionCode
    weight: Weight
    indicators: tuple[str, ...]
    observation_ids: tuple[str, ...]
    values: Mapping[str, object]
    figures: tuple[str, ...]

    @property
    def key(self) -> str:
        """Names the question as long as its figures stay."""
        return sha256("\n".join((self.code, *self.figures)).encode()).hexdigest()


def asked(
    code: QuestionCode,
    about: Iterable[ObservationFacts],
    values: Mapping[str, object],
    *,
    weight: Weight = Weight.QUESTION,
    figures: Iterable[object] | None = None,
) -> Question:
    """A question about observations, in whatever order they come. `figures` are what the doubt hangs on where that is
    not the observations themselves."""
    observations = sorted(about, key=written_out)
    hangs_on = map(written_out, observations) if figures is None else map(str, figures)
    return Question(
        code,
        weight,
        tuple(sorted({observation.indicator for observation in observations})),
        tuple(observation.id for observation in observations),
        values,
        tuple(hangs_on),
    )


def written_out(observation: ObservationFacts) -> str:
    """All that a figure says, without the id it is kept under."""
    parts = (
        observation.indicator,
        observation.period_start,
        observation.period_end,
        *(f"{dimension}={value}" for dimension, value in sorted(observation.breakdown)),
        observation.value,
        observation.value_max,
        f"{observation.numerator}/{observation.denominator}",
        observation.n,
    )
    return "|".join(map(str, parts))
