"""A form sent after someone else changed the thing: what is stored now beside what was typed."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date

from app.language.formats import day
from app.web.forms import VERSION, FormView

Words = Mapping[str, Mapping[str, str]]
"""What stands for the codes of a field, by field."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that was typed otherwise than it is stored now. Its label is known once the form has rendered."""

    name: str
    stored: str
    typed: str


BUTTON = "do"
"""The name of a form's buttons; which one was pressed is nothing that is stored."""


def differences(typed: FormView, stored: FormView, words: Words, language: str) -> list[Difference]:
    """The fields of the form that differ, in the form's order; none unless the form was stale."""
    if not typed.stale:
        return []
    found = []
    for name in typed.values:
        before, after = _set(stored, name), _set(typed, name)
        if name not in {VERSION, BUTTON} and before != after:
            own = words.get(name, {})
            found.append(Difference(name, _worded(before, own, language), _worded(after, own, language)))
    return found


def compared(view: FormView, version: int) -> FormView:
    """A stale form with the version stored now, so that sending it again is a decision; what is wrong is told by the
    comparison. Any other form as it is."""
    if not view.stale:
        return view
    return replace(view, values={**view.values, VERSION: str(version)}, general=())


def afresh(view: FormView, stored: Mapping[str, object]) -> FormView:
    """For a small form: after a stale edit what is stored now, so that sending it again is a decision. Any other form
    as it is."""
    if not view.stale:
        return view
    return FormView(FormView.of(stored).values, {}, view.general, view.status, view.code)


def _set(view: FormView, name: str) -> Sequence[str]:
    """What a field holds; one that is empty and one that is not there are the same, as is an unticked box."""
    return sorted(one for one in view.all(name) if one not in {"", "false"})


def _worded(values: Sequence[str], words: Mapping[str, str], language: str) -> str:
    return ", ".join(words.get(value, _day(value, language)).strip("\N{NO-BREAK SPACE}") for value in values)


def _day(value: str, language: str) -> str:
    """A day as it is written, anything else as it is."""
    with suppress(ValueError):
        return day(date.fromisoformat(value), language) if len(value) == 10 else value
    return value
