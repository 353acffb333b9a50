"""Surveys with their questions; answers that nobody can trace; telephone numbers of those who agreed to a call."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.rules.codes import SurveyStatus
from app.storage.models.projects import Words, WordsOrNone
from app.storage.models.table import Code, Id, Table, Versioned, one_of

RandomId = String(32)
"""Hexadecimal, from chance or from a secret only the sender had; never one that sorts by time. What looks like an id is
not taken for an identity code when it stands in an address (schemas/text.py)."""


class Survey(Versioned, Table):
    """A questionnaire of a project; `key` names it there.

    `questions` are kept in one piece, as schemas.surveys reads them: they are worded together while the survey is a
    draft and never change again. `secret` opens the form to anyone who has the link, and nothing else; it is kept as
    it is, since the link is shown again. `taken_on` and `taken` count the answers of the last day on which some came,
    so that a machine cannot fill the database: a count of the day, not of whom.
    """

    __tablename__ = "survey"

    id: Mapped[Id]
    project_id: Mapped[str] = mapped_column(ForeignKey("project.id"))
    key: Mapped[str] = mapped_column(String(60))
    title: Words = mapped_column(JSON)
    intro: WordsOrNone = mapped_column(JSON(none_as_null=True))
    languages: Mapped[list[str]] = mapped_column(JSON)
    questions: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    asks_for_call: Mapped[bool]
    on_paper: Mapped[bool]
    period_start: Mapped[date | None]
    period_end: Mapped[date | None]
    status: Mapped[Code]
    secret: Mapped[str] = mapped_column(RandomId, unique=True)
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    taken_on: Mapped[date | None]
    taken: Mapped[int]
    created_at: Mapped[datetime]

    __table_args__ = (one_of("status", SurveyStatus), UniqueConstraint("project_id", "key"))


class SurveyAnswer(Table):
    """What one person answered, by question, and nothing else.

    There is no time, no address, no language and no author, nor an id that would tell the order in which answers came:
    any of them could show whose an answer is, in a group of twenty where someone remembers who answered last. The id
    is a digest of a random text of the form, so that one form sent twice is one answer. SQLite keeps the rows in the
    order of that id and numbers none; closing a survey gives all its answers new ids and writes them in one go, which
    ends what traces of an order PostgreSQL has in its files.
    """

    __tablename__ = "survey_answer"

    id: Mapped[str] = mapped_column(RandomId, primary_key=True)
    survey_id: Mapped[str] = mapped_column(ForeignKey("survey.id"))
    answers: Mapped[dict[str, Any]] = mapped_column(JSON)

    __table_args__ = (Index(None, "survey_id"), {"sqlite_with_rowid": False})


class SurveyCallback(Table):
    """A telephone number that someone left for one call after the survey, in a form of its own.

    Nothing leads from here to an answer or back: neither an id nor a time, `keep_until` being the last day of a month.
    The row is deleted once the call was made or that day is over, and no export or trail holds the number.
    """

    __tablename__ = "survey_callback"

    id: Mapped[str] = mapped_column(RandomId, primary_key=True)
    survey_id: Mapped[str] = mapped_column(ForeignKey("survey.id"))
    phone: Mapped[str] = mapped_column(String(40))
    keep_until: Mapped[date]

    __table_args__ = (
        UniqueConstraint("survey_id", "phone"),
        Index(None, "keep_until"),
        {"sqlite_with_rowid": False},
    )
