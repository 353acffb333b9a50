"""What can be wrong with a survey, its questions or the answers to them."""

from app.language.catalogues import Text, msgid, msgids

SURVEYS: dict[str, Text] = {
    "survey_not_draft": msgid(
        "The survey has been opened, so its questions and words stay as they are. Make a copy of it and change that."
    ),
    "survey_not_open": msgid("The survey is not open. Answers are taken only while it is."),
    "survey_not_on_paper": msgid("No paper forms are entered for this survey."),
    "survey_results_not_yet": msgid("Results are shown once the survey has been closed. Close it first."),
    "survey_full": msgid("So many answers have come today that no more are taken. Try again tomorrow."),
    "survey_period_reversed": msgid("The last day of the period is before its first day. Correct the days."),
    "survey_period_missing": msgid(
        "The answers become figures, and a figure speaks of a period. Give its first and last day."
    ),
    "survey_without_questions": msgid("The survey has no questions. Add one before opening it."),
    "survey_words_missing": msgid("The text is not there in every language of the survey. Still missing: {choices}."),
    "survey_options_missing": msgid("There is not enough to choose from. Give at least two alternatives."),
    "survey_options_unwanted": msgid("A question of this kind has no alternatives of its own. Leave them out."),
    "survey_lines_differ": msgid(
        "There are not as many alternatives here as in the first language. Write each on a line of its own."
    ),
    "survey_flow_incomplete": msgid("Say both which indicator gets the figures and what of the answers goes there."),
    "survey_flow_unfit": msgid(
        "The answers to this question cannot be figures of that indicator. Check the indicator's unit, scale and "
        "breakdowns, and what goes there."
    ),
    "survey_source_unknown": msgid("There is no such questionnaire to begin with. Choose another one."),
    "survey_question_unknown": msgid("The survey has no such question. Leave it out."),
    "survey_answer_missing": msgid("This question must be answered."),
    "survey_answer_unfit": msgid("This answer does not fit the question. Choose one of the alternatives."),
    "survey_answer_too_long": msgids(
        "The answer is too long. Shorten it to {maximum} character.",
        "The answer is too long. Shorten it to at most {maximum} characters.",
        by="maximum",
    ),
    "survey_answer_empty": msgid("Nothing has been answered. Answer at least one question."),
}
