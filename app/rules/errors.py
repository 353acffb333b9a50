"""What can go wrong in the rules and services, named by what happened; no HTTP numbers (app/http.py maps them).

Messages are made from `code` and `values` in the reader's language by app/language/errors.py.
"""

from collections.abc import Mapping


class DomainError(Exception):
    """Something a person can mend: `code` says what is wrong, `values` fill its sentence, `field` names where."""

    def __init__(self, code: str, field: str = "", **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.field = field
        self.values: Mapping[str, object] = values


class RuleBroken(DomainError):
    """The input contradicts a rule: wrong in itself, whatever the state (dates in the wrong order, replaced twice)."""


class NotFound(DomainError):
    """There is no such thing, or it lies outside the asker's units, which is the same to them."""


class Conflict(DomainError):
    """The input is fine but the present state forbids it (already closed, nothing to snooze)."""


class Stale(DomainError):
    """Someone else changed the thing since the caller read it."""


class Forbidden(DomainError):
    """The thing is visible to the asker, but the asker's role may not do this."""
