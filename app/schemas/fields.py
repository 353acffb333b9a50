"""The kinds of field that bodies are made of, each with its limits: money, days, hours, texts, identifiers."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    EmailStr,
    Field,
    PlainSerializer,
    StringConstraints,
    field_validator,
)
from pydantic_core import PydanticCustomError

from app.schemas.text import holds_control_characters, holds_identity_code

FIRST_DAY = date(1990, 1, 1)
LAST_DAY = date(2199, 12, 31)
"""Days outside are typing errors: no contract with a clause is older, none reaches further."""
MAX_EMAIL = 254
"""The longest address that mail can be sent to."""


def _refuse_secrets(value: Any, depth: int = 0) -> None:
    """Walks whatever JSON was sent: an identity code is refused in keys and values alike, before anything else looks
    at it, so that no other error can echo it."""
    if isinstance(value, str):
        if holds_identity_code(value):
            raise PydanticCustomError("identity_code", "identity_code")
        if holds_control_characters(value, lines=True):
            raise PydanticCustomError("control_characters", "control_characters")
    elif isinstance(value, dict) and depth < 10:
        for key, inner in value.items():
            _refuse_secrets(key, depth + 1)
            _refuse_secrets(inner, depth + 1)
    elif isinstance(value, list) and depth < 10:
        for inner in value:
            _refuse_secrets(inner, depth + 1)


class Input(BaseModel):
    """A body as it comes in: unknown fields are refused, spaces around texts cut, identity codes refused anywhere."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, frozen=True)

    @field_validator("*", mode="before")
    @classmethod
    def refuse_secrets(cls, value: Any) -> Any:
        _refuse_secrets(value)
        return value


def if_sent(**options: Any) -> Any:
    """A field of a change: left out it changes nothing, sent it must be right (null only where its type says so)."""
    return Field(default_factory=lambda: None, **options)


class Output(BaseModel):
    """A body as it goes out."""

    model_config = ConfigDict(frozen=True)


class Listing(Output):
    """A page of a list."""

    next_cursor: str | None = Field(
        description="Where the next page begins; empty on the last one. Hand it back as `cursor`.", examples=[None]
    )


def _money_to_cents(value: Any) -> Any:
    if isinstance(value, bool | float):
        raise PydanticCustomError("float_money", "float_money")
    text = str(value) if isinstance(value, int) else value
    if not isinstance(text, str):
        raise PydanticCustomError("not_money", "not_money")
    whole, dot, places = text.removeprefix("-").partition(".")
    digits = whole.isascii() and whole.isdigit() and len(whole) <= 12
    if not digits or (dot and not (places.isascii() and places.isdigit() and len(places) <= 2)):
        raise PydanticCustomError("not_money", "not_money")
    cents = int(whole) * 100 + int((places + "00")[:2])
    return -cents if text.startswith("-") else cents


def cents_to_money(cents: int) -> str:
    """Whole cents as the API writes euros: 123456 is "1234.56"."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02}"


_MONEY_SCHEMA = {"type": "string", "pattern": r"^-?\d{1,12}(\.\d{1,2})?$"}
Money = Annotated[
    int,
    BeforeValidator(_money_to_cents, json_schema_input_type=str),
    PlainSerializer(cents_to_money, return_type=str, when_used="json"),
    Field(json_schema_extra=_MONEY_SCHEMA),
]
"""Euros as a decimal string outside, whole cents inside; a JSON float is refused, since it is not exact."""


def _not_negative(cents: int) -> int:
    if cents < 0:
        raise PydanticCustomError("out_of_range", "out_of_range", {"minimum": "0.00"})
    return cents


NonNegativeMoney = Annotated[Money, AfterValidator(_not_negative)]


def _day_only(value: Any) -> Any:
    if isinstance(value, date) or value is None:
        return value
    if not isinstance(value, str) or len(value) != 10:
        raise PydanticCustomError("not_a_date", "not_a_date")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise PydanticCustomError("not_a_date", "not_a_date") from None


def _sane_day(value: date) -> date:
    if not FIRST_DAY <= value <= LAST_DAY:
        limits = {"first": FIRST_DAY.isoformat(), "last": LAST_DAY.isoformat()}
        raise PydanticCustomError("date_out_of_range", "date_out_of_range", limits)
    return value


Day = Annotated[date, BeforeValidator(_day_only), AfterValidator(_sane_day)]
"""A calendar day, ISO 8601, between 1990 and 2199."""


def exact(value: Any) -> Any:
    """Decimals come as strings or whole numbers; a float with few places is what JSON makes of 30.5."""
    if isinstance(value, bool):
        raise PydanticCustomError("wrong_type", "wrong_type")
    return str(value) if isinstance(value, float) else value


def _places(value: Decimal) -> str:
    """At least one place, no more than needed: 30 is "30.0", 37.25 stays."""
    text = f"{value:.2f}"
    return text.removesuffix("0")


Hours = Annotated[
    Decimal,
    BeforeValidator(exact),
    Field(gt=0, le=60, max_digits=4, decimal_places=2, json_schema_extra={"type": "string"}),
    PlainSerializer(_places, return_type=str, when_used="json"),
]
"""Weekly hours, more than 0, at most 60, exact to hundredths."""
Points = Annotated[
    Decimal,
    BeforeValidator(exact),
    Field(ge=0, le=100_000, max_digits=8, decimal_places=2, json_schema_extra={"type": "string"}),
    PlainSerializer(_places, return_type=str, when_used="json"),
]


def _one_line(value: str) -> str:
    if holds_control_characters(value):
        raise PydanticCustomError("control_characters", "control_characters")
    return value


def _mailbox(email: str) -> str:
    """Lower-cased: upper and lower case are one address. Most mail servers take no other letters before the @."""
    if len(email) > MAX_EMAIL:
        raise PydanticCustomError("too_long", "too_long", {"max_length": MAX_EMAIL})
    # The last three have a meaning in the address of a mailto link.
    if not email.rpartition("@")[0].isascii() or set(email) & set("?&%"):
        raise PydanticCustomError("not_email", "not_email")
    return email.lower()


Email = Annotated[EmailStr, AfterValidator(_mailbox)]
"""An e-mail address that mail can be sent to."""
Line = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(_one_line)]
"""A name, a title, a reference: one line, not empty."""
Paragraphs = Annotated[str, StringConstraints(min_length=1, max_length=4000)]
"""A reason, a note: some lines, not empty."""
Key = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
"""An opaque id in a body."""
Phone = Annotated[str, StringConstraints(min_length=3, max_length=40, pattern=r"^[+0-9][0-9 ()/-]*$")]
Count = Annotated[int, Field(ge=0, le=10_000, strict=True)]
PositiveCount = Annotated[int, Field(ge=1, le=10_000, strict=True)]
Months = Annotated[int, Field(ge=1, le=60, strict=True)]
