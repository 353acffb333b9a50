"""What is doubtful in figures, as sentences: what does not go together, and what to check."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from itertools import groupby

from babel.lists import format_list
from babel.numbers import format_decimal

from app.language import formats
from app.language.catalogues import msgid, translated
from app.language.sentences import written
from app.rules.codes import FigureUnit
from app.rules.questions import QuestionCode

Values = Mapping[str, object]

SHARES_IMPOSSIBLE = msgid("If n is {n}, no whole number gives {percents}.")
SUM_IMPOSSIBLE = msgid(
    "If n is {n}, each share is possible, but not all of them together: they would not add up to it."
)
MEANS_IMPOSSIBLE = msgid("If n is {n}, answers in whole numbers cannot have the mean {means}.")
FITTING = msgid("With n up to {up_to}, all figures of the table fit only if it is {fitting_n}.")
NOTHING_FITS = msgid("No n up to {up_to} fits all figures of the table.")
CHECK_SHARES = msgid("Check the n and the shares.")
CHECK_MEANS = msgid("Check the n and the means.")

PARTS_TOO_MANY = msgid(
    "The parts add up to {total}, but the whole is {whole}: {difference} too many. Check the parts and the whole."
)
PARTS_TOO_FEW = msgid(
    "The parts add up to {total}, but the whole is {whole}: {difference} are missing. Check the parts and the "
    "whole, or record what is missing as a part of its own."
)
SHARES_DO_NOT_ADD_UP = msgid(
    "The shares of the parts add up to {total}, and rounding does not explain the difference from {whole}. Check "
    "the shares, and whether each person is in one part only."
)
PARTS_ROUNDED = msgid(
    "The shares of the parts add up to {total}. Rounding explains the difference from {whole}, so nothing has to "
    "be corrected."
)
PART_EXCEEDS_WHOLE = msgid(
    "The part is larger than the whole: {part} of {whole}. Check both figures, and whether they count the same "
    "thing in the same way."
)
COUNTED_OVER_100 = msgid("The numerator is larger than the denominator: {numerator} of {denominator}. Check both.")
SHARE_OVER_100 = msgid("The share is {percent}, more than all. Check the figure, and what it is a share of.")
N_BEYOND_GROUP = msgid(
    "The figures speak of {n} people, but they are among no more than {group}. Check the n and the size of the group."
)
ANSWERERS_LOST = msgid(
    "The figures speak of {n} people out of {group}. Those who are missing may differ from the others: bear it in "
    "mind when you read the figures."
)
COUNT_FELL = msgid(
    "From {starts_on} to {before_ends_on} the count was {figure_before}, but to {ends_on} it is only {figure}. A "
    "running count does not fall. Check both figures and their periods."
)
MORE_OUT = msgid(
    "More people came out than started: {started} started, {dropped_out} dropped out and {finished} finished. "
    "Check the figures and their periods."
)
SOME_LOST = msgid(
    "{started} started, {dropped_out} dropped out and {finished} finished: what became of {difference} is not "
    "told. Check the figures, or mark them as preliminary while people are still taking part."
)
FUNDING_TOO_MUCH = msgid(
    "The sources add up to {sources_cents}, but the budget is {budget_cents}: {difference_cents} too much. Check "
    "which sum is right."
)
FUNDING_TOO_LITTLE = msgid(
    "The sources add up to {sources_cents}, but the budget is {budget_cents}: {difference_cents} is missing. "
    "Check which sum is right."
)
SPENT_BEYOND_BUDGET = msgid(
    "{used_cents} has been used, which is {difference_cents} more than the budget of {budget_cents}. Check the sums."
)
OUTSIDE_PROJECT = msgid(
    "The figure is for {period_start}–{period_end}, but the project lasts {starts_on}–{ends_on}. Check the days. "
    "If the figure is meant for a time before or after the project, say so in the answer."
)
BEFORE_PROJECT = msgid(
    "The figure is for {period_start}–{period_end}, but the project starts on {starts_on}. Check the days. If the "
    "figure is meant for a time before the project, say so in the answer."
)
JUMP = msgid(
    "The figure, {figure}, is far from those before it: from {history} earlier figures one would expect "
    "{low}–{high}. Check the figure and its period."
)

LONGEST_LISTED = 3
"""So many numbers in a row are named one by one, longer rows by their ends."""
MOST_DECIMALS = 2
"""A percentage that was calculated is written with no more."""
DIFFERENCES = ("difference", "difference_cents")
BY_UNIT = frozenset({"total", "whole", "difference", "part", "figure", "figure_before", "low", "high"})
"""Values in the unit of the figure."""


def question_sentence(code: str, values: Values, language: str) -> str:
    """A question in a language; raises ValueError for a code and KeyError for a language that is unknown, and for a
    value that the sentence needs and was not given."""
    words = _words(values, language)
    texts = (translated(text, language) for text in _texts(QuestionCode(code), values))
    return " ".join(formats.capitalised(text.format_map(words)) for text in texts)


def _texts(code: QuestionCode, values: Values) -> tuple[str, ...]:
    """The sentences of a question, one after the other."""
    match code:
        case QuestionCode.SHARE_IMPOSSIBLE:
            return (SHARES_IMPOSSIBLE if values["percents"] else SUM_IMPOSSIBLE, _fitting(values), CHECK_SHARES)
        case QuestionCode.MEAN_IMPOSSIBLE:
            return (MEANS_IMPOSSIBLE, _fitting(values), CHECK_MEANS)
        case _:
            return (_text(code, values),)


def _fitting(values: Values) -> str:
    return FITTING if values["fitting_n"] else NOTHING_FITS


def _text(code: QuestionCode, values: Values) -> str:
    more = any(_number(values.get(name)) > 0 for name in DIFFERENCES)
    match code:
        case QuestionCode.PARTS_DO_NOT_ADD_UP if values["unit"] == FigureUnit.PERCENT:
            return SHARES_DO_NOT_ADD_UP
        case QuestionCode.PARTS_DO_NOT_ADD_UP:
            return PARTS_TOO_MANY if more else PARTS_TOO_FEW
        case QuestionCode.SHARE_OVER_100:
            return COUNTED_OVER_100 if "numerator" in values else SHARE_OVER_100
        case QuestionCode.N_SHRINKS:
            return COUNT_FELL if "figure_before" in values else ANSWERERS_LOST
        case QuestionCode.COHORT_DOES_NOT_ADD_UP:
            return MORE_OUT if more else SOME_LOST
        case QuestionCode.FUNDING_DOES_NOT_ADD_UP:
            return FUNDING_TOO_MUCH if more else FUNDING_TOO_LITTLE
        case QuestionCode.PERIOD_OUTSIDE_PROJECT:
            return BEFORE_PROJECT if values["ends_on"] is None else OUTSIDE_PROJECT
    return PLAIN[code]


PLAIN = {
    QuestionCode.PARTS_ROUNDED: PARTS_ROUNDED,
    QuestionCode.PART_EXCEEDS_WHOLE: PART_EXCEEDS_WHOLE,
    QuestionCode.N_BEYOND_GROUP: N_BEYOND_GROUP,
    QuestionCode.SPENT_BEYOND_BUDGET: SPENT_BEYOND_BUDGET,
    QuestionCode.JUMP: JUMP,
}
"""The codes with one sentence whatever their values."""


def _number(value: object) -> Decimal:
    return Decimal(value) if isinstance(value, int | Decimal) else Decimal(0)


def _words(values: Values, language: str) -> dict[str, str]:
    """The values as they stand in the sentences; how much two sums differ is said without a sign."""
    plain = {name: value for name, value in values.items() if value is not None}
    sizes = {name: abs(_number(plain[name])) for name in DIFFERENCES if name in plain}
    if "difference_cents" in sizes:
        plain["difference_cents"] = int(sizes["difference_cents"])
    words = written(plain, language)
    for name in BY_UNIT & plain.keys():
        words[name] = _figure(sizes.get(name, _number(plain[name])), str(plain.get("unit")), language)
    for name, written_as in (("percents", percent), ("means", _decimal)):
        listed = plain.get(name)
        if isinstance(listed, tuple):
            words[name] = either([written_as(value, language) for value in listed], language)
    if "percent" in plain:
        words["percent"] = percent(_number(plain["percent"]), language)
    fitting = plain.get("fitting_n")
    if isinstance(fitting, tuple):
        words["fitting_n"] = either(_rows(fitting, language), language)
    return words


def _figure(value: Decimal, unit: str, language: str) -> str:
    """A figure in its unit."""
    if unit == FigureUnit.PERCENT:
        return percent(value, language)
    if unit == FigureUnit.EUROS:
        return formats.euros(round(value * 100), language)
    return formats.number(value, language)


def percent(value: Decimal, language: str) -> str:
    """A percentage with the decimals that it was reported with: 78.0 is not 78."""
    return f"{_decimal(value, language)}{formats.NO_BREAK_SPACE}%"


def _decimal(value: Decimal, language: str) -> str:
    exponent = value.as_tuple().exponent
    places = min(max(-exponent, 0), MOST_DECIMALS) if isinstance(exponent, int) else 0
    pattern = f"#,##0.{'0' * places}" if places else "#,##0"
    return format_decimal(value, format=pattern, locale=formats.LOCALES[language])


def either(words: Iterable[str], language: str) -> str:
    """One of several, as the language lists them: 54, 88, 89 or 90."""
    return format_list(list(words), style="or", locale=formats.LOCALES[language])


def _rows(numbers: Iterable[int], language: str) -> Iterator[str]:
    """Numbers in order, long rows of them by their ends: 54, 80–90."""
    for _, found in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0]):
        row = [number for _, number in found]
        if len(row) > LONGEST_LISTED:
            yield f"{formats.number(row[0], language)}–{formats.number(row[-1], language)}"
        else:
            yield from (formats.number(number, language) for number in row)
