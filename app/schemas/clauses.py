"""The employment clause of a procurement: common terms, and those of its type."""

from enum import StrEnum
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, Discriminator, Field, StrictBool, Tag, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from app.rules import policy
from app.rules.facts import ClauseType, Completion, EmploymentForm, TargetGroup
from app.schemas.fields import Hours, Input, Money, Months, Points, PositiveCount, if_sent

T = TypeVar("T", bound=StrEnum)


def _listed_once(values: list[T]) -> list[T]:
    if not values:
        raise PydanticCustomError("missing_field", "missing_field")
    if len(set(values)) < len(values):
        raise PydanticCustomError("listed_twice", "listed_twice")
    return values


def _positive_threshold(cents: int) -> int:
    if cents <= 0:
        raise PydanticCustomError("threshold_not_positive", "threshold_not_positive")
    return cents


Forms = Annotated[list[EmploymentForm], AfterValidator(_listed_once)]
Groups = Annotated[list[TargetGroup], AfterValidator(_listed_once)]
Threshold = Annotated[Money, AfterValidator(_positive_threshold)]


class CommonTerms(Input):
    """Terms that every clause has, with the defaults of a clause that does not speak of them."""

    min_duration_months: Months = Field(
        policy.DEFAULT_MIN_DURATION_MONTHS, description="Months a position must last.", examples=[9]
    )
    min_weekly_hours: Hours | None = Field(
        None, description="Hours a week a position must reach; empty for no such limit.", examples=["18.0"]
    )
    employment_forms: Forms = Field(
        default_factory=lambda: [EmploymentForm(form) for form in policy.DEFAULT_EMPLOYMENT_FORMS],
        description="Forms of employment accepted.",
        examples=[["employment", "apprenticeship"]],
    )
    target_groups: Groups | None = Field(
        None, description="Groups accepted; empty for all.", examples=[["long_term_unemployed", "youth"]]
    )
    replacement_allowed: StrictBool = Field(
        True, description="Whether one position may go on with the months of another.", examples=[True]
    )
    start_within_months: Months | None = Field(
        None,
        description="Months within which a position must start; empty where the supplier chooses the time.",
        examples=[6],
    )
    replacement_within_months: Months = Field(
        policy.DEFAULT_REPLACEMENT_WITHIN_MONTHS,
        description="Months within which a replacement must start, where it may follow the contract.",
        examples=[3],
    )


class FixedCountClause(CommonTerms):
    """An exact number of people."""

    type: Literal[ClauseType.FIXED_COUNT] = Field(description="Type of the clause.", examples=["fixed_count"])
    positions: PositiveCount = Field(description="People to employ.", examples=[1])
    completion: Completion = Field(
        Completion.WITHIN_CONTRACT,
        description="Whether the months must be full by the contract's end.",
        examples=["within_contract"],
    )


class PurchaseThresholdClause(CommonTerms):
    """So many people for every so many euros bought."""

    type: Literal[ClauseType.PURCHASE_THRESHOLD] = Field(
        description="Type of the clause.", examples=["purchase_threshold"]
    )
    threshold_eur: Threshold = Field(description="Euros bought, net of VAT, for each step.", examples=["500000.00"])
    positions_per_threshold: PositiveCount = Field(1, description="People to employ for each step.", examples=[1])
    max_positions: PositiveCount | None = Field(None, description="At most so many people in all.", examples=[5])
    completion: Completion = Field(
        Completion.MAY_FOLLOW_CONTRACT,
        description="Whether the months must be full by the contract's end, or only begun by it.",
        examples=["may_follow_contract"],
    )


class AwardCriterionClause(CommonTerms):
    """Bidders earned points for promised hires; each contract says what its supplier promised."""

    type: Literal[ClauseType.AWARD_CRITERION] = Field(description="Type of the clause.", examples=["award_criterion"])
    points_per_position: Points | None = Field(None, description="Points for each promised position.", examples=["2.0"])
    max_points: Points | None = Field(None, description="Points at most.", examples=["10.0"])
    completion: Completion = Field(
        Completion.WITHIN_CONTRACT,
        description="Whether the months must be full by the contract's end.",
        examples=["within_contract"],
    )

    @field_validator("max_points")
    @classmethod
    def reach_one_position(cls, value: Points | None, info: ValidationInfo) -> Points | None:
        """The most points cannot be fewer than those of a single position."""
        one = info.data.get("points_per_position")
        if value is not None and one is not None and value < one:
            raise PydanticCustomError("out_of_range", "out_of_range", {"minimum": one})
        return value


def _type_of(value: Any) -> str | None:
    """A function and not the field's name, since every field of a body is first searched for what it must not hold."""
    found = value.get("type") if isinstance(value, dict) else getattr(value, "type", None)
    return str(found) if isinstance(found, str) else None


ClauseTerms = Annotated[
    Annotated[FixedCountClause, Tag(ClauseType.FIXED_COUNT)]
    | Annotated[PurchaseThresholdClause, Tag(ClauseType.PURCHASE_THRESHOLD)]
    | Annotated[AwardCriterionClause, Tag(ClauseType.AWARD_CRITERION)],
    Discriminator(_type_of),
]
"""A clause as it comes in and goes out."""


class ClauseChange(Input):
    """Change a clause: only the terms sent change. Another type begins anew from the terms sent and the defaults."""

    type: ClauseType = if_sent(description="Type; fixed once the clause has contracts.", examples=["fixed_count"])
    positions: PositiveCount = if_sent(description="People to employ.", examples=[2])
    threshold_eur: Threshold = if_sent(description="Euros bought for each step.", examples=["500000.00"])
    positions_per_threshold: PositiveCount = if_sent(description="People to employ for each step.", examples=[1])
    max_positions: PositiveCount | None = if_sent(description="At most so many people in all.", examples=[5])
    points_per_position: Points | None = if_sent(description="Points for each promised position.", examples=["2.0"])
    max_points: Points | None = if_sent(description="Points at most.", examples=["10.0"])
    min_duration_months: Months = if_sent(description="Months a position must last.", examples=[12])
    min_weekly_hours: Hours | None = if_sent(description="Hours a week a position must reach.", examples=["18.0"])
    employment_forms: Forms = if_sent(description="Forms of employment accepted.", examples=[["employment"]])
    target_groups: Groups | None = if_sent(description="Groups accepted; empty for all.", examples=[None])
    replacement_allowed: StrictBool = if_sent(description="Whether a position may be replaced.", examples=[True])
    completion: Completion = if_sent(
        description="Whether the months must be full by the contract's end.", examples=["may_follow_contract"]
    )
    start_within_months: Months | None = if_sent(description="Months within which a position must start.", examples=[6])
    replacement_within_months: Months = if_sent(
        description="Months within which a replacement must start.", examples=[3]
    )
