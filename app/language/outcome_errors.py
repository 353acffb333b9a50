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

PROJECTS: dict[str, Text] = {
    "slug_taken": msgid("There is already a project of this name in addresses. Choose another."),
    "project_ends_before_start": msgid("The project ends before it starts. Correct the days."),
    "continues_before_end": msgid(
        "The day until which the project may go on must be after its last day. Correct the days."
    ),
    "project_unknown": msgid("There is no project of this name in addresses among yours. Correct it."),
    "reporter_unknown": msgid(
        "No user with this address is a project reporter in the project's unit. Give the user that role first."
    ),
    "figure_unknown": msgid(
        "There is no such figure. Give two, each as the project's name in addresses, a dot and the indicator's key."
    ),
}

INDICATORS: dict[str, Text] = {
    "key_taken": msgid("The project already has an indicator of this key. Choose another."),
    "indicator_unknown": msgid("The project has no such indicator. Choose one of its indicators, or define it first."),
    "indicator_computed": msgid("The figures of this indicator come from the contracts and are not typed."),
    "names_without_dimension": msgid("There are names for something that the indicator is not broken down by."),
    "target_reversed": msgid("The upper end of the target is below the lower one. Correct them."),
    "target_missing": msgid("There is a day for the target, but no target. Give the target too."),
    "scale_without_score": msgid("Only a score has a scale. Leave the scale out."),
    "scale_missing": msgid("A score lies on a scale. Give both ends of it."),
    "scale_reversed": msgid("The upper end of the scale must be above the lower one. Correct them."),
    "counted_among_itself": msgid("The indicator would be counted among itself. Choose another group."),
    "accumulates_not_counted": msgid("Only people, things and euros add up towards a target. Leave this out."),
    "stage_not_counted": msgid("A stage is for people or things that are counted. Choose another unit, or no stage."),
    "stage_taken": msgid("Another indicator already holds this stage of the same group. Leave it out here."),
    "programme_missing": msgid(
        "Computed figures come from the procurements of a programme. Give the project its programme first."
    ),
    "computation_of_another_unit": msgid("Figures computed like this are in another unit. Choose that unit."),
    "computed_as_a_whole": msgid("Computed figures have no parts and no stage. Leave them out."),
    "dimension_in_use": msgid("There are figures broken down by what you take away. Void or correct them first."),
}

CORRECTIONS: dict[str, Text] = {
    "nothing_changed": msgid("Nothing differs from what is stored. Change something, or leave the form."),
    "already_answered": msgid("Someone has already answered this question. Open the page again to see the answer."),
}

PARTS_OF_PROJECTS: dict[str, Text] = {
    "done_after_today": msgid("That can be said only once it has happened. Give today or an earlier day."),
    "sum_and_share": msgid("Give either the sum or the share of the budget, not both."),
    "source_without_day": msgid("A source has no day until which it was used. Leave the day out."),
    "use_needs_sum": msgid("Say how many euros were used."),
    "use_needs_day": msgid("Say until which day the money was used."),
}

REPORTS: dict[str, Text] = {
    "report_to_come": msgid("The year is still to come. Choose this year or an earlier one."),
    "report_reversed": msgid("The last day is before the first. Correct the days."),
    "public_report_of_days": msgid(
        "The public form is of whole years. Leave the days out, or choose the internal form."
    ),
    "public_report_too_early": msgid("The public form is made once the year is over. Choose an earlier year."),
    "reports_busy": msgid("Several reports are being made just now. Try again in a moment."),
}

PUBLIC_TABLES: dict[str, Text] = {
    "not_a_quarter_end": msgid("Choose the last day of a quarter: 31 March, 30 June, 30 September or 31 December."),
}

OUTCOMES: dict[str, Text] = {
    **PROJECTS,
    **INDICATORS,
    **OBSERVATIONS,
    **CORRECTIONS,
    **PARTS_OF_PROJECTS,
    **REPORTS,
    **PUBLIC_TABLES,
}
"""All of them; a new noun's are named here."""
