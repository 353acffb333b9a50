"""Column types that keep exactness on both databases: hundredths as whole numbers, instants always in UTC."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import DateTime, Integer, String
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator


def hundredths(value: int | None) -> Decimal | None:
    """Such a whole number as the decimal it stands for."""
    return None if value is None else Decimal(value) / 100


class Hundredths(TypeDecorator[Decimal]):
    """A decimal with two places, kept as a whole number: weekly hours, points. Never binary floating point."""

    impl = Integer
    cache_ok = True

    @property
    def python_type(self) -> type[Decimal]:
        return Decimal

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        return None if value is None else int(value * 100)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        return hundredths(value)


class Exact(TypeDecorator[Decimal]):
    """A decimal with the places it was given with, kept as text: 78 stays 78 and 78.0 stays 78.0 on both databases."""

    impl = String(40)
    cache_ok = True

    @property
    def python_type(self) -> type[Decimal]:
        return Decimal

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:
        return None if value is None else f"{value:f}"

    def process_result_value(self, value: str | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value)

    def compare_values(self, x: Any, y: Any) -> bool:
        """Whether a change is none: 78 to 78.0 is one, though the numbers are equal."""
        return str(x) == str(y)


class Instant(TypeDecorator[datetime]):
    """A moment in UTC; SQLite, which knows no zones, keeps and gives it as such."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        return datetime

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
