"""Feedback: what anyone may write about the service, signed in or not."""

from pydantic import Field

from app.rules.codes import FeedbackTopic
from app.schemas.fields import Email, Input, Key, Paragraphs


class FeedbackCreate(Input):
    """Give feedback."""

    topic: FeedbackTopic = Field(description="What it is about.", examples=["accessibility"])
    text: Paragraphs = Field(
        description="What does not work, or what could be better. Write nothing about the people employed.",
        examples=["The screen reader does not read the table of positions."],
    )
    answer_to: Email | None = Field(
        default=None, description="Address for the answer; empty where none is wished.", examples=["name@example.org"]
    )


class FeedbackMark(Input):
    """Say whether feedback has been handled."""

    feedback_id: Key = Field(description="Which feedback.", examples=["01932f7a5c7b7e6f9a3c1d2e4f506179"])
    handled: bool = Field(description="Handled, or to be handled again.", examples=[True])
