"""Which figures of a project cannot be right, or want a look: questions, never a block.

Figures said "about" and ranges are left out of everything that is calculated exactly.
"""

from app.rules.doubtful_groups import answerers_doubted, cohorts_doubted, falling_counts
from app.rules.doubtful_history import jumps, outside_project
from app.rules.doubtful_money import money_doubted
from app.rules.doubtful_parts import beyond_group, not_adding_up
from app.rules.doubtful_shares import impossible, over_100
from app.rules.figures import settled
from app.rules.outcomes import ProjectFacts
from app.rules.questions import Question, QuestionCode, Weight

DOUBTS = (
    impossible,
    over_100,
    not_adding_up,
    beyond_group,
    cohorts_doubted,
    answerers_doubted,
    falling_counts,
    money_doubted,
    outside_project,
    jumps,
)
PLACE = {code: place for place, code in enumerate(QuestionCode)}


def questions(facts: ProjectFacts) -> tuple[Question, ...]:
    """All doubts about a project's figures: questions before notes, then in the order of their codes. The order in
    which the observations are given makes no difference."""
    stand = settled(facts)
    found = (question for doubt in DOUBTS for question in doubt(stand))
    return tuple(sorted(found, key=_place))


def _place(question: Question) -> tuple[bool, int, tuple[str, ...], tuple[str, ...]]:
    return question.weight is Weight.NOTE, PLACE[question.code], question.indicators, question.figures
