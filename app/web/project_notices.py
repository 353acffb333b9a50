"""What the pages of a project say at their top after something was done: `?done=CODE&…` names it, the facts word it.

A form goes to the address that `address` builds; the page it leads to shows what `notice` says, by way of
project_forms/notice.html. A code or an id that nobody knows says nothing: the address is anyone's to write.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from app.language import figures
from app.language.catalogues import msgid, translated
from app.language.sentences import made
from app.rules.errors import NotFound
from app.services import observations
from app.services.observations import Recorded
from app.storage import indicators
from app.storage.observations import to_facts
from app.web.notices import ALERT, SUCCESS
from app.web.visiting import Visit

SAVED = msgid("The changes were saved.")
DONE: dict[str, str] = {
    "project_added": msgid("The project was added. Next say what its figures mean: define its indicators."),
    "project_changed": SAVED,
    "reporter_given": msgid(
        "The project was given to the reporter. Only those on the list and administrators write it."
    ),
    "reporter_taken": msgid("The project is given to the reporter no more."),
    "indicator_defined": msgid("The indicator was defined. Its figures can be recorded now."),
    "indicator_changed": SAVED,
    "table_recorded": msgid("The figures of the table were recorded."),
    "observation_voided": msgid("The figure was voided. It no longer counts."),
    "question_answered": msgid("Your answer was saved. The question is asked again only if the figures change."),
    "milestone_added": msgid("The step was added to the timetable."),
    "milestone_changed": SAVED,
    "milestone_voided": msgid("The step was voided. It no longer stands in the timetable."),
    "risk_added": msgid("The risk was added."),
    "risk_changed": SAVED,
    "risk_voided": msgid("The risk was voided. It no longer stands in the register."),
    "funding_added": msgid("The sum was added."),
    "funding_changed": SAVED,
    "funding_voided": msgid("The sum was voided. It no longer counts."),
}
"""What is said whatever the facts are."""
RECORDED = msgid("The figure was recorded: {figure}, {period}.")
CORRECTED = msgid("The figure was corrected: {figure}, {period}. The earlier one is kept, with your reason.")
QUESTIONS = msgid("It raises questions that wait for an answer.")
SEE_QUESTIONS = msgid("See the questions")
NEXT_PART = msgid("Record the next part")
NEXT_FIGURE = msgid("Record another figure")
OF_FIGURES = {"observation_recorded": RECORDED, "observation_corrected": CORRECTED}
CODES = frozenset(DONE) | frozenset(OF_FIGURES)


@dataclass(frozen=True, slots=True)
class Link:
    address: str
    text: str


@dataclass(frozen=True, slots=True)
class Notice:
    """`kind` is its look, `links` what someone may want to do next."""

    kind: str
    sentences: tuple[str, ...]
    links: tuple[Link, ...] = ()


def address(path: str, code: str, part: str = "", **ids: str) -> str:
    """A page of the project, saying that something was done; `part` of the page is where it shows. Raises KeyError for
    a code that no page knows. `observation=ID` goes with the codes of figures."""
    if code not in CODES:
        raise KeyError(code)
    return f"{path}?{urlencode({'done': code} | ids)}" + (f"#{part}" if part else "")


def notice(visit: Visit, asked: Mapping[str, str]) -> Notice | None:
    """What to say of what was just done; None where the address names nothing that this page knows. `asked` are the
    address's parameters."""
    code = asked.get("done", "")
    if code in DONE:
        return Notice(SUCCESS, (translated(DONE[code], visit.language),))
    if code not in OF_FIGURES:
        return None
    try:
        recorded = observations.read_observation(visit.session, asked.get("observation", ""), visit.act)
    except NotFound:
        return None
    return _of_figure(visit, recorded, OF_FIGURES[code])


def _of_figure(visit: Visit, recorded: Recorded, text: str) -> Notice:
    row, language = recorded.observation, visit.language
    facts = to_facts(row, recorded.indicator.key)
    values = {
        "figure": figures.with_unit(indicators.to_facts(recorded.indicator), facts, language),
        "period": figures.period(row.period_start, row.period_end, language),
    }
    sentences, links = [made(text, values, language)], []
    slug = observations.project_of(visit.session, recorded.indicator, visit.act).project.slug
    if any(one.open for one in recorded.asked):
        sentences.append(translated(QUESTIONS, language))
        links.append(Link(f"/projects/{slug}/questions", translated(SEE_QUESTIONS, language)))
    query = {"indicator": recorded.indicator.key} | ({"like": row.id} if row.breakdown else {})
    again = NEXT_PART if row.breakdown else NEXT_FIGURE
    links.append(Link(f"/projects/{slug}/observations/new?{urlencode(query)}", translated(again, language)))
    return Notice(ALERT if len(sentences) > 1 else SUCCESS, tuple(sentences), tuple(links))
