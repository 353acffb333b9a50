"""The picture of a contract: what is done, what broke off, what runs, what is missing and how much time is left.

`timeline_of` makes everything the template contracts/timeline.html shows: the drawing, the list, the tables.
"""

from dataclasses import dataclass
from datetime import date

from app.language.reasons import sentence
from app.rules.judgement import Judgement
from app.web.timeline.layout import drawn
from app.web.timeline.listing import Row, Section, rows, sections
from app.web.timeline.model import seen
from app.web.timeline.shapes import Drawing
from app.web.timeline.words import AS_OF, TITLE, TODAY, Words


@dataclass(frozen=True, slots=True)
class Timeline:
    """A contract's timeline in a language. `description` is the judgement in a sentence or three."""

    title: str
    when: str
    description: str
    drawing: Drawing
    sections: tuple[Section, ...]
    rows: tuple[Row, ...]


def timeline_of(judgement: Judgement, language: str, today: date | None = None) -> Timeline:
    """The timeline of a judgement; where it is of `today`, it says so."""
    words, shown = Words(language), seen(judgement)
    now = TODAY if judgement.as_of == today else AS_OF
    when = words.say(now, on=judgement.as_of)
    return Timeline(
        title=words.say(TITLE, when=when),
        when=when,
        description=sentence(judgement.reasons[0], language),
        drawing=drawn(shown, Words(language, brief=True).say(now, on=judgement.as_of), language),
        sections=tuple(sections(shown, words)),
        rows=tuple(rows(shown, words)),
    )
