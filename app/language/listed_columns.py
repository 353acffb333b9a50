"""What is to be known of a column of people's own lists."""

from dataclasses import dataclass
from enum import StrEnum


class Holds(StrEnum):
    """What a column's cells hold."""

    TEXT = "text"
    DAY = "day"
    MONEY = "money"
    WHOLE = "whole"
    DECIMAL = "decimal"
    YES_NO = "yes_no"
    CODE = "code"
    CODES = "codes"
    """Several codes, parted by commas or semicolons."""
    UNIT = "unit"


@dataclass(frozen=True, slots=True)
class ImportColumn:
    """A column: the field it fills, its title, what is to be said of it, and what its cells hold. `labels` is the kind
    of label whose words it takes; `aliases` are further headers, in any language."""

    field: str
    title: str
    explanation: str
    holds: Holds = Holds.TEXT
    labels: str | None = None
    width: int = 18
    required: bool = False
    aliases: tuple[str, ...] = ()
