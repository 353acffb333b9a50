"""What is doubtful in a project's figures, asked until someone answers: worked out anew whenever it is looked at.

Only answers are kept. Each belongs to the figures it was given for; once one of them changes, the question is another.
"""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.rules.errors import Conflict, NotFound
from app.rules.outcomes import ProjectFacts
from app.rules.plausibility import questions
from app.rules.questions import Question, Weight
from app.schemas.observations import QuestionAnswer
from app.services import projects, trail
from app.services.acting import Act, Permission
from app.services.project_facts import load_facts
from app.services.projects import ProjectFound
from app.storage import observations
from app.storage.models import AnsweredQuestion, new_id
from app.storage.upsert import insert_new


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, with its answer where it has one."""

    question: Question
    answer: AnsweredQuestion | None

    @property
    def open(self) -> bool:
        """Whether someone is to answer it; a note wants no answer."""
        return self.answer is None and self.question.weight is Weight.QUESTION


def asked_of(session: Session, found: ProjectFound, facts: ProjectFacts) -> list[Asked]:
    """All questions about the facts, with their answers."""
    answers = observations.answered(session, found.id)
    return [Asked(question, answers.get(question.key)) for question in questions(facts)]


def list_questions(session: Session, slug: str, act: Act) -> list[Asked]:
    """What is doubtful in a project's figures: what someone is to answer first, then notes, then what was answered."""
    found = projects.find_project(session, slug, act.actor)
    asked = asked_of(session, found, load_facts(session, found))
    return sorted(asked, key=lambda one: (not one.open, one.answer is not None))


def waiting(session: Session, act: Act) -> list[tuple[ProjectFound, int]]:
    """The projects whose outcomes the actor writes, each with how many questions wait for an answer."""
    listed = projects.list_projects(session, act.actor)
    own = [one for one in listed if projects.may_write(session, one, act.actor, Permission.OUTCOMES)]
    return [(one, sum(asked.open for asked in asked_of(session, one, load_facts(session, one)))) for one in own]


def answer_question(session: Session, slug: str, key: str, command: QuestionAnswer, act: Act) -> Asked:
    """Answers a question. Raises NotFound where the figures do not ask it (any more), Conflict where someone has
    answered it already."""
    found = projects.hold_project(session, slug, act)
    question = next((one for one in questions(load_facts(session, found)) if one.key == key), None)
    if question is None:
        raise NotFound("not_found")
    values = {
        "id": new_id(),
        "project_id": found.id,
        "key": key,
        "code": question.code.value,
        "answer": command.answer,
        "answered_by": act.actor.name,
        "answered_at": act.now,
    }
    if not insert_new(session, AnsweredQuestion, [values]):
        raise Conflict("already_answered")
    trail.record(session, act, "answered", "question", found.id, {"key": key, "code": question.code.value})
    return Asked(question, observations.answered(session, found.id)[key])
