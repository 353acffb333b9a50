"""What the forms of figures share: the indicator beside them, which part of the whole, and what is doubtful."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from app.language import figures
from app.language.catalogues import msgid, msgid_in, translated, translated_in
from app.language.formats import capitalised
from app.language.labels import label
from app.language.own_words import breakdown_name, category_name, own_words
from app.language.questions import question_sentence
from app.rules.codes import FigureStatus, FigureUnit
from app.rules.errors import Conflict, NotFound, RuleBroken
from app.rules.outcomes import ObservationFacts
from app.schemas.observations import ObservationCreate
from app.schemas.text import code_from
from app.schemas.words import Words
from app.services.figure_entry import Entry, Parts
from app.services.questions import Asked
from app.storage import indicators
from app.storage.models import Indicator, Observation
from app.storage.observations import to_facts
from app.web.forms import CSRF, ONCE, Form, FormView, FormWrong

CONFIRMED = "confirmed"
"""The button that saves figures in spite of the questions; its value are their keys. When other figures are sent with
it, other questions are asked."""
NEW_PART = "new_part"
LATEST_SHOWN = 5
STATUS_HINTS = {
    FigureStatus.PRELIMINARY: msgid("It may still change: the period goes on, or not all is known."),
    FigureStatus.FINAL: msgid("It changes no more. There is one final figure for a day."),
}
YES_OR_NO = (("1", msgid_in("figure", "yes")), ("0", msgid_in("figure", "no")))


class Doubtful(Exception):
    """The figures raise questions that whoever sent them has not seen yet."""

    def __init__(self, asked: Sequence[Asked]) -> None:
        super().__init__()
        self.asked = tuple(asked)


@dataclass(frozen=True, slots=True)
class Doubts:
    """What a form says of the figures typed into it: what they come to, and what is doubtful in them. `keys` are those
    of the questions; `problems` are why the figures could not be saved like this."""

    figure: str = ""
    sentences: tuple[str, ...] = ()
    keys: str = ""
    problems: tuple[str, ...] = ()
    ready: bool = False


@dataclass(frozen=True, slots=True)
class Earlier:
    """A figure recorded before, in words."""

    id: str
    figure: str
    part: str
    period: str
    people: int | None
    status: str


def unseen(form: Form, asked: Sequence[Asked]) -> None:
    """Raises Doubtful with the open questions unless all were seen and the figures are to be saved all the same."""
    seen = form.text(CONFIRMED).split()
    doubts = [one for one in asked if one.open]
    if any(one.question.key not in seen for one in doubts):
        raise Doubtful(doubts)


def doubts_of(asked: Sequence[Asked], language: str, figure: str = "") -> Doubts:
    """Questions as sentences; notes among them are told too, last."""
    ordered = sorted(asked, key=lambda one: not one.open)
    sentences = (question_sentence(one.question.code, one.question.values, language) for one in ordered)
    keys = " ".join(one.question.key for one in ordered if one.open)
    return Doubts(figure, tuple(sentences), keys, ready=True)


def foretold(form: Form, ask: Callable[[], Doubts]) -> Doubts:
    """What `ask` says; nothing while a field that is needed is empty, and why where it could not be saved."""
    try:
        return ask()
    except FormWrong as wrong:
        if any(error["type"] == "missing" for error in wrong.errors):
            return Doubts()
        return Doubts(problems=tuple(form.view(wrong).errors.values()))
    except (RuleBroken, Conflict, NotFound) as refused:
        if refused.code == "value_required":
            return Doubts()
        view = form.view(refused)
        return Doubts(problems=(*view.general, *view.errors.values()))


def breakdown_of(form: Form, indicator: Indicator) -> tuple[dict[str, str], dict[str, dict[str, Words]]]:
    """The part of the whole that the form names, and words for values typed anew."""
    chosen: dict[str, str] = {}
    names: dict[str, dict[str, Words]] = {}
    for dimension in indicator.dimensions:
        name = form.text(f"{NEW_PART}.{dimension}")
        value = (code_from(name) or name) if name else form.text(f"breakdown.{dimension}")
        if value:
            chosen[dimension] = value
        if name:
            names[dimension] = {value: {form.language: name}}
    return chosen, names


def about_indicator(indicator: Indicator, figures_before: Sequence[Observation], language: str) -> dict[str, Any]:
    """What stands beside a figure's form: what is counted, and the latest figures."""
    facts = indicators.to_facts(indicator)
    return {
        "indicator": indicator,
        "indicator_name": own_words(indicator.name, language),
        "definition": own_words(indicator.definition, language),
        "unit_word": label("figure_unit", indicator.unit, language),
        "target": figures.target_by(facts, language),
        "earlier": [earlier(indicator, row, language) for row in figures_before[:LATEST_SHOWN]],
    }


def earlier(indicator: Indicator, row: Observation, language: str) -> Earlier:
    facts = to_facts(row, indicator.key)
    return Earlier(
        row.id,
        figures.with_unit(indicators.to_facts(indicator), facts, language),
        breakdown_name(indicator.category_names, row.breakdown.items(), language),
        figures.period(row.period_start, row.period_end, language),
        facts.people,
        label("figure_status", row.status, language),
    )


def as_typed(form: Form) -> FormView:
    """What was sent, to be shown again: what a page carries along to be sent once is made anew."""
    return FormView({name: value for name, value in form.values.items() if name not in {ONCE, CSRF}})


def field_lists(indicator: Indicator, parts: Parts, language: str) -> dict[str, Any]:
    """What the fields of a figure offer to choose from."""
    return {
        "parts_known": [
            (
                dimension,
                capitalised(label("dimension", dimension, language)),
                [(value, part_name(indicator, dimension, value, language)) for value in parts.get(dimension, ())],
            )
            for dimension in indicator.dimensions
        ],
        "statuses": [
            (status, capitalised(label("figure_status", status, language)), translated(STATUS_HINTS[status], language))
            for status in FigureStatus
        ],
        "yes_or_no": [(value, capitalised(translated_in("figure", word, language))) for value, word in YES_OR_NO],
    }


def part_name(indicator: Indicator, dimension: str, value: str, language: str) -> str:
    return capitalised(category_name(indicator.category_names, dimension, value, language))


def offered(entry: Entry) -> dict[str, object]:
    """What the fields hold before anything is typed."""
    return {
        "indicator": entry.indicator.key,
        "period_start": entry.period.first,
        "period_end": entry.period.last,
        "source": entry.source,
        "status": entry.status,
    }


def worked_out(indicator: Indicator, command: ObservationCreate, language: str) -> str:
    """The share that a numerator and a denominator make; empty where the figure stands as typed."""
    given = command.model_dump(include={"period_start", "period_end", "numerator", "denominator"})
    figure = ObservationFacts(id="", indicator=indicator.key, **given).figure
    return "" if figure is None else figures.amount(figure, FigureUnit(indicator.unit), language, reported=False)
