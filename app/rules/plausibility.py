"""Which figures of a project cannot be right, or want a look: questions, never a block."""

from app.rules.outcomes import ProjectFacts
from app.rules.questions import Question


def questions(facts: ProjectFacts) -> tuple[Question, ...]:
    """All doubts about a project's figures: questions before notes, then in the order of their codes. The order in
    which the observations are given makes no difference."""
    raise NotImplementedError(facts)


def questions_about(facts: ProjectFacts, observation_id: str) -> tuple[Question, ...]:
    """The doubts in which one observation has a part."""
    return tuple(question for question in questions(facts) if observation_id in question.observation_ids)
