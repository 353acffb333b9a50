"""Why two figures are not added up, as sentences."""

from app.language.catalogues import Text, msgid
from app.language.sentences import made
from app.rules.sums import SumReason

SENTENCES: dict[SumReason, Text] = {
    SumReason.DIFFERENT_UNIT: msgid("The figures are of different kinds: people, things, euros, shares or grades."),
    SumReason.NEVER_ADDED: msgid("Shares, grades and answers of yes or no are never added up."),
    SumReason.DIFFERENT_DEFINITION: msgid("The figures count different things: each has a definition of its own."),
    SumReason.DIFFERENT_PERIOD: msgid("The figures are of different periods."),
    SumReason.SAME_PEOPLE: msgid("The same people may be in both: nobody knows, since no names are kept."),
}


def sum_sentence(reason: SumReason, language: str) -> str:
    """One reason as a sentence."""
    return made(SENTENCES[reason], {}, language)
