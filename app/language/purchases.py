"""How purchases grow, as sentences."""

from app.language.catalogues import Text, msgid, msgids
from app.language.sentences import made
from app.rules.clauses import NextThreshold
from app.rules.pace import Pace

NEXT_AT: Text = msgid("The next position falls due at {next_at_cents}, {left_cents} more than now.")
PACE: Text = msgids(
    "At the present pace that is in about {about} month.",
    "At the present pace that is in about {about} months.",
    by="about",
)
WITHIN_A_MONTH: Text = msgid("At the present pace that is within a month.")
NOT_BEFORE_END: Text = msgid("At the present pace that sum is not reached before the contract ends.")
BASIS: Text = msgid("The pace: {cents} bought since {since}.")


def next_threshold_sentences(ahead: NextThreshold, pace: Pace | None, language: str) -> list[str]:
    """At what sum the next position falls due, and when if purchases go on as they do."""
    values = {"next_at_cents": ahead.next_at_cents, "left_cents": ahead.left_cents}
    sentences = [made(NEXT_AT, values, language)]
    if pace is None:
        return sentences
    if pace.months is None:
        told = made(NOT_BEFORE_END, {}, language)
    elif pace.months == 0:
        told = made(WITHIN_A_MONTH, {}, language)
    else:
        told = made(PACE, {"about": pace.months}, language)
    return [*sentences, told, made(BASIS, {"cents": pace.cents, "since": pace.since}, language)]
