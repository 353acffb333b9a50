"""A contract's page in words: what its template says beyond single days, sums and labels."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.language.catalogues import Text, msgid, translated
from app.language.changes import signed
from app.language.formats import capitalised, months
from app.language.headlines import Part, headline_parts
from app.language.labels import label
from app.language.positions import not_counted_sentence, state_sentence
from app.language.purchases import next_threshold_sentences
from app.language.reasons import sentence
from app.language.reminders import next_reminder_sentence
from app.language.requirements import requirement_sentence
from app.language.sentences import made
from app.language.terms import terms_in_words
from app.rules.facts import ClauseFacts, Completion
from app.rules.reasons import Reason
from app.rules.requirements import required_people
from app.rules.steps import Step, StepKind
from app.services.contract_pages import ContractView, PositionLine

WITH_HEADLINE = frozenset({"option_would_extend"})
"""What stands with the headline: it may save what looks lost."""
TOLD_ELSEWHERE = frozenset({"next_threshold"})
"""What the section of purchases says."""
WITHIN: Text = msgid("The contract lasts until {effective_end_on}, and {months} must be full by then.")
FOLLOWS: Text = msgid(
    "The contract lasts until {effective_end_on}. The work must start by then; {months} may be full later."
)

STEPS: dict[StepKind, tuple[str, str]] = {
    StepKind.LOG_POSITION: (msgid("Log a position"), "/contracts/{contract}/positions/new"),
    StepKind.LOG_REPLACEMENT: (msgid("Log who continues"), "/contracts/{contract}/positions/new?replaces={about}"),
    StepKind.TAKE_OPTION: (msgid("Take the option"), "/contracts/{contract}/options/{about}/exercise"),
    StepKind.ADJUST: (msgid("Adjust the obligation"), "/contracts/{contract}/adjustments/new"),
    StepKind.CLOSE: (msgid("Close the obligation"), "/contracts/{contract}/closure"),
    StepKind.ADD_PURCHASE: (msgid("Add a purchase"), "/contracts/{contract}/purchases/new"),
    StepKind.ACKNOWLEDGE: (msgid("Acknowledge the reminders"), "/contracts/{contract}/reminders"),
    StepKind.SNOOZE: (msgid("Mute the reminders for a while"), "/contracts/{contract}/reminders"),
    StepKind.HAND_OVER: (msgid("Hand over"), "/contracts/{contract}/handover"),
}
"""The words of a button and where it leads."""
ASIDE = frozenset({StepKind.ACKNOWLEDGE, StepKind.SNOOZE, StepKind.HAND_OVER})
"""They quiet or pass on what is asked, and bring nobody to work: never the first button."""


@dataclass(frozen=True, slots=True)
class Button:
    """`is_main`: it moves the obligation on."""

    text: str
    address: str
    is_main: bool


@dataclass(frozen=True, slots=True)
class ContractWords:
    """The words for one view in one language."""

    view: ContractView
    language: str

    @property
    def headline(self) -> list[Part]:
        first = self.view.reasons[0]
        return headline_parts(first.code, first.values, self.language)

    @property
    def with_headline(self) -> list[str]:
        return [self._sentence(one) for one in self.view.reasons[1:] if one.code in WITH_HEADLINE]

    @property
    def details(self) -> list[str]:
        """What the headline hides, each a sentence."""
        elsewhere = WITH_HEADLINE | (TOLD_ELSEWHERE if self.view.purchases else frozenset())
        return [self._sentence(one) for one in self.view.reasons[1:] if one.code not in elsewhere]

    def _sentence(self, reason: Reason) -> str:
        return sentence(reason, self.language)

    @property
    def terms(self) -> str:
        return terms_in_words(self.view.judgement.outlook.facts.clause.terms, self.language)

    @property
    def requirement(self) -> str:
        told = (requirement_sentence(one, self.language) for one in required_people(self._clause))
        return " ".join(told)

    @property
    def _clause(self) -> ClauseFacts:
        return self.view.judgement.outlook.facts.clause

    def listed(self, kind: str, codes: Iterable[str]) -> str:
        """Codes of a kind as one line, in the order in which the kind lists them."""
        return ", ".join(label(kind, code, self.language) for code in sorted(codes))

    @property
    def next_reminder(self) -> str | None:
        ahead = self.view.reminders.ahead
        return None if ahead is None else next_reminder_sentence(ahead, ahead.on == self.view.as_of, self.language)

    @property
    def purchases(self) -> list[str]:
        shown = self.view.purchases
        if shown is None or shown.ahead is None:
            return []
        return next_threshold_sentences(shown.ahead, shown.pace, self.language)

    def position(self, row: Any) -> str:
        """What job it is: form and group."""
        words = (label(kind, getattr(row, kind), self.language) for kind in ("employment_form", "target_group"))
        return capitalised(", ".join(words))

    def state(self, line: PositionLine) -> str:
        """What has become of a position, or why it does not count."""
        if line.progress is None:
            return " ".join(not_counted_sentence(code, self.language) for code in line.not_counted)
        return state_sentence(line.progress.state, {"on": line.progress.on}, self.language)

    def button(self, step: Step | None) -> Button | None:
        if step is None:
            return None
        text, address = STEPS[step.kind]
        where = address.format(contract=self.view.row.id, about=step.about)
        return Button(translated(text, self.language), where, step.kind not in ASIDE)

    def change(self, delta: int) -> str:
        """A signed number."""
        return signed(delta)

    @property
    def days(self) -> str:
        """Until when the contract lasts and what has to fit into it."""
        clause, standing = self._clause, self.view.judgement.standing
        text = WITHIN if clause.completion is Completion.WITHIN_CONTRACT else FOLLOWS
        values = {"effective_end_on": standing.effective_end_on, "months": clause.min_duration_months}
        return made(text, values, self.language)

    @property
    def missing_by_day(self) -> list[tuple[date, int]]:
        """How many of the missing positions have each last day to start."""
        return sorted(Counter(self.view.judgement.standing.missing_latest_starts).items())

    @property
    def months(self) -> str:
        return months(self._clause.min_duration_months, self.language)

    @property
    def time_to_start(self) -> str:
        return months(self._clause.start_within_months or 0, self.language)

    def lower(self, kind: str, code: str) -> str:
        """A label in the middle of a line."""
        return label(kind, code, self.language)
