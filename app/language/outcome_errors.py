"""What can be wrong with the outcomes of a project: its indicators, observations and surveys."""

from app.language.catalogues import Text, msgid

OBSERVATIONS: dict[str, Text] = {
    "value_required": msgid("Give the figure, or the numerator and the denominator. A finding in words needs a note."),
    "denominator_zero": msgid("A share of nobody is no share. Give a denominator of at least 1, or leave both out."),
    "numerator_without_denominator": msgid("There is a numerator, but no denominator. Give the denominator too."),
    "denominator_without_numerator": msgid("There is a denominator, but no numerator. Give the numerator too."),
    "numerator_not_percent": msgid(
        "Only an indicator in percent has a numerator and a denominator. Give the figure as a value."
    ),
    "value_contradicts_numerator": msgid(
        "The percentage is not the one that the numerator and the denominator give. Correct it or leave it out."
    ),
    "not_whole": msgid("People and things are counted in whole numbers from 0 on. Correct the figure."),
    "breakdown_not_allowed": msgid(
        "The indicator is not broken down by this. Leave it out, or add it to the indicator first."
    ),
    "period_reversed": msgid("The period ends before it starts. Correct the days."),
    "period_in_future": msgid(
        "The period is still to come or has not ended. Correct the days; while it goes on, record the figure as "
        "preliminary."
    ),
    "range_reversed": msgid("The upper end of the range is below the lower one. Correct them."),
    "observation_overlaps": msgid(
        "There is already a final figure of the same for {first}–{last}. Choose days outside that period, correct that "
        "figure, or record this one as preliminary."
    ),
}
