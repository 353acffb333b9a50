"""Who changed what, in words, for the contract's page and the page of all its changes."""

from dataclasses import dataclass

from app.language.changes import action_words, field_word, value_words
from app.services.changes import Change, FieldChange
from app.storage.fingerprints import is_fingerprint

NEW: dict[str, tuple[str, ...]] = {
    "position": ("employment_form", "target_group", "starts_on"),
    "purchase": ("on_date", "amount_cents", "reference"),
    "contract_option": ("ends_on",),
    "adjustment": ("delta", "effective_on", "decision_reference"),
    "closure": ("effective_on", "decision_reference"),
    "party": ("role",),
    "contract": ("until", "purchases"),
}
"""What is said of a new thing; its other fields stand elsewhere on the page."""
FACTS = frozenset(
    {"created", "logged", "recorded", "closed", "written", "handed_over", "removed", "snoozed", "imported"}
)
"""Actions whose payload tells what is, not what was before."""


@dataclass(frozen=True, slots=True)
class FieldWords:
    """A field before and after; `before` None for what is new, `after` None where only the change is told."""

    name: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class ChangeWords:
    language: str

    def action(self, change: Change) -> str:
        return action_words(change.subject, change.action, self.language)

    def is_new(self, change: Change) -> bool:
        """Whether it tells what something new is, and no before and after."""
        return change.action in FACTS

    def fields(self, change: Change) -> list[FieldWords]:
        """What a change set, or what a new thing is, in the order that says it best."""
        if not self.is_new(change):
            told = (self._field(change.subject, field, is_new=False) for field in change.fields)
        else:
            by_name = {field.name: field for field in change.fields}
            names = [name for name in NEW.get(change.subject, ()) if name in by_name]
            told = (self._field(change.subject, by_name[name], is_new=True) for name in names)
        return [field for field in told if field is not None]

    def _field(self, subject: str, field: FieldChange, *, is_new: bool) -> FieldWords | None:
        name = field_word(subject, field.name, self.language)
        if name is None:
            return None
        if is_fingerprint(field.before) or is_fingerprint(field.after):  # of a person only that it changed is known
            return FieldWords(name, None, None)
        before = None if is_new else value_words(field.name, field.before, self.language)
        return FieldWords(name, before, value_words(field.name, field.after, self.language))
