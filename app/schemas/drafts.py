"""A registration that is still being filled in: what is understood of it so far, nothing required."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from pydantic import Field, ValidationError

from app.rules.facts import ClauseType
from app.schemas.clauses import ClauseTerms
from app.schemas.fields import Count, Day, Input, Key, NonNegativeMoney

MAX_MENDED = 200
"""No form has more fields that can be wrong at once."""


class OptionDraft(Input):
    """An option, where its last day is known."""

    ends_on: Day = Field(description="The contract's last day, once it is taken.", examples=["2021-02-28"])
    exercised_on: Day | None = Field(None, description="Day it was taken.", examples=[None])


class ContractDraft(Input):
    """What a contract's obligation depends on."""

    starts_on: Day | None = Field(None, description="First day.", examples=["2018-03-01"])
    ends_on: Day | None = Field(None, description="Last day without options.", examples=["2020-02-28"])
    counts_from: Day | None = Field(None, description="Day from which positions count.", examples=[None])
    value_eur: NonNegativeMoney | None = Field(None, description="Value in euros.", examples=["1200000.00"])
    committed_positions: Count | None = Field(None, description="Positions the supplier promised.", examples=[None])
    options: list[OptionDraft] = Field(default_factory=list, description="Options.", examples=[[]])


class RegistrationDraft(Input):
    """A procurement with its clause and contracts, as far as it is filled in."""

    unit_id: Key | None = Field(None, description="Unit that buys.", examples=[None])
    estimated_value_eur: NonNegativeMoney | None = Field(None, description="Estimated value.", examples=["1200000.00"])
    signed_on: Day | None = Field(None, description="Day from which the promise is counted.", examples=[None])
    clause: ClauseTerms | None = Field(None, description="Its clause, where it is whole.")
    contracts: list[ContractDraft] = Field(default_factory=list, description="Its contracts.", examples=[[]])


def understood(body: Mapping[str, Any]) -> RegistrationDraft:
    """The part of a body that is right; what is wrong or unknown counts as not filled in."""
    rest: dict[str, Any] = deepcopy(
        {name: value for name, value in body.items() if name in RegistrationDraft.model_fields}
    )
    for _ in range(MAX_MENDED):
        try:
            return RegistrationDraft.model_validate(rest)
        except ValidationError as error:
            for one in reversed(error.errors(include_url=False, include_input=False, include_context=False)):
                _forget(rest, [part for part in one["loc"] if part not in set(ClauseType)])
    return RegistrationDraft()


def _forget(tree: dict[str, Any], path: list[int | str]) -> None:
    """Empties the place of an error. Where there is nothing to empty something is missing, and what lacks it goes; an
    item of a list is emptied first, since the others are known by their place."""
    chain: list[Any] = [tree]
    for part in path:
        try:
            chain.append(chain[-1][part])
        except (KeyError, IndexError, TypeError):
            break
    if len(chain) == 1:
        tree.clear()
        return
    holder, place = chain[-2], path[len(chain) - 2]
    is_item = isinstance(holder, list)
    if is_item and holder[place]:
        holder[place] = {}
    else:
        del holder[place]
