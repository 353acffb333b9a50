"""Projects whose outcomes are followed."""

from datetime import date
from typing import Annotated

from pydantic import Field, StringConstraints

from app.rules.codes import RelationKind
from app.schemas.fields import Day, Email, Input, Key, Line, Listing, NonNegativeMoney, Output, Phone, if_sent
from app.schemas.text import LONGEST_CODE
from app.schemas.words import Description, Name, Words

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=LONGEST_CODE)]
"""What names a project in addresses: small letters without accents, digits, hyphens between."""
NAME = {"fi": "Digirasti", "sv": "Digirasti", "en": "Digirasti"}
SUMMARY = {"fi": "Digitaitoja pitkäaikaistyöttömille.", "en": "Digital skills for the long-term unemployed."}
AREAS = [{"fi": "Kontula", "sv": "Gårdsbacka", "en": "Kontula"}]
UNIT = "01932f7a5c7b7e6f9a3c1d2e4f506170"
MOST_LISTED = 50


class Relation(Input):
    """Another project that this one has to do with."""

    kind: RelationKind = Field(description="How it is related.", examples=["predecessor"])
    name: Name = Field(description="Its name.", examples=[{"fi": "HANDU"}])
    slug: Slug | None = Field(None, description="Where it is here too.", examples=[None])
    programme: Line | None = Field(
        None, description="Programme of its procurements, whose positions are counted in.", examples=["HANDU"]
    )


class ContactInput(Input):
    """Whom to ask about the project: someone at work for the city."""

    name: Line = Field(description="Name of a person or a desk.", examples=["Työllisyyspalvelut"])
    email: Email | None = Field(None, description="E-mail address.", examples=["projekti@example.org"])
    phone: Phone | None = Field(None, description="Telephone number.", examples=["+358 9 310 1641"])


CONTACT = {"name": "Työllisyyspalvelut", "email": "projekti@example.org", "phone": None}
RELATIONS = [{"kind": "predecessor", "name": {"fi": "HANDU"}, "slug": None, "programme": "HANDU"}]


class ProjectFields(Input):
    """What is said of a project wherever it is followed."""

    slug: Slug = Field(description="What names it in addresses; does not change.", examples=["digirasti"])
    name: Name = Field(description="Name.", examples=[NAME])
    summary: Description | None = Field(None, description="What it is about.", examples=[SUMMARY])
    starts_on: Day = Field(description="First day.", examples=["2019-04-01"])
    ends_on: Day | None = Field(None, description="Last day; empty where none is set.", examples=[None])
    may_continue_until: Day | None = Field(None, description="Until when it may go on.", examples=[None])
    programme: Line | None = Field(
        None, description="Programme of the procurements its computed figures come from.", examples=[None]
    )
    budget_eur: NonNegativeMoney | None = Field(None, description="Whole budget in euros.", examples=["269500.00"])
    budget_source: Line | None = Field(None, description="Where that is said.", examples=["Raportti 2019"])
    target_groups: list[Name] = Field(
        default_factory=list, max_length=MOST_LISTED, description="Whom it is for.", examples=[[]]
    )
    areas: list[Name] = Field(default_factory=list, max_length=MOST_LISTED, description="Where.", examples=[AREAS])
    relations: list[Relation] = Field(
        default_factory=list, max_length=MOST_LISTED, description="Related projects.", examples=[RELATIONS]
    )
    remarks: list[Description] = Field(
        default_factory=list,
        max_length=MOST_LISTED,
        description="What a reader must know that is no figure's own.",
        examples=[[]],
    )
    contact: ContactInput | None = Field(None, description="Whom to ask.", examples=[CONTACT])


class ProjectCreate(ProjectFields):
    """Begin to follow a project. For administrators of its unit."""

    unit_id: Key = Field(description="Unit that carries it.", examples=[UNIT])
    further_unit_ids: list[Key] = Field(
        default_factory=list, max_length=MOST_LISTED, description="Further units that carry it.", examples=[[]]
    )


class ProjectChange(Input):
    """Change a project: only the fields sent change; lists are replaced as a whole."""

    unit_id: Key = if_sent(description="Unit that carries it, of the same organisation.", examples=[UNIT])
    further_unit_ids: list[Key] = if_sent(
        max_length=MOST_LISTED, description="Further units that carry it.", examples=[[]]
    )
    name: Name = if_sent(description="Name.", examples=[NAME])
    summary: Description | None = if_sent(description="What it is about.", examples=[SUMMARY])
    starts_on: Day = if_sent(description="First day.", examples=["2019-04-01"])
    ends_on: Day | None = if_sent(description="Last day.", examples=["2021-12-31"])
    may_continue_until: Day | None = if_sent(description="Until when it may go on.", examples=[None])
    programme: Line | None = if_sent(description="Programme of the procurements.", examples=[None])
    budget_eur: NonNegativeMoney | None = if_sent(description="Whole budget in euros.", examples=["269500.00"])
    budget_source: Line | None = if_sent(description="Where that is said.", examples=["Raportti 2019"])
    target_groups: list[Name] = if_sent(max_length=MOST_LISTED, description="Whom it is for.", examples=[[]])
    areas: list[Name] = if_sent(max_length=MOST_LISTED, description="Where.", examples=[AREAS])
    relations: list[Relation] = if_sent(max_length=MOST_LISTED, description="Related projects.", examples=[RELATIONS])
    remarks: list[Description] = if_sent(max_length=MOST_LISTED, description="What a reader must know.", examples=[[]])
    contact: ContactInput | None = if_sent(description="Whom to ask.", examples=[CONTACT])


class RelationRead(Output):
    """Another project that this one has to do with."""

    kind: RelationKind = Field(description="How it is related.", examples=["predecessor"])
    name: Words = Field(description="Its name by language.", examples=[{"fi": "HANDU"}])
    slug: str | None = Field(description="Where it is here too.", examples=[None])
    programme: str | None = Field(description="Programme whose positions are counted in.", examples=["HANDU"])


class ContactRead(Output):
    """Whom to ask about the project."""

    name: str = Field(description="Name of a person or a desk.", examples=["Työllisyyspalvelut"])
    email: str | None = Field(description="E-mail address.", examples=["projekti@example.org"])
    phone: str | None = Field(description="Telephone number.", examples=["+358 9 310 1641"])


class ProjectRead(Output):
    """A project."""

    slug: str = Field(description="What names it in addresses.", examples=["digirasti"])
    unit_id: str = Field(description="Unit that carries it.", examples=[UNIT])
    further_unit_ids: list[str] = Field(description="Further units that carry it.", examples=[[]])
    name: Words = Field(description="Name by language.", examples=[NAME])
    summary: Words | None = Field(description="What it is about, by language.", examples=[SUMMARY])
    starts_on: date = Field(description="First day.", examples=["2019-04-01"])
    ends_on: date | None = Field(description="Last day; empty where none is set.", examples=[None])
    may_continue_until: date | None = Field(description="Until when it may go on.", examples=[None])
    programme: str | None = Field(description="Programme of the procurements.", examples=[None])
    budget_eur: str | None = Field(description="Whole budget in euros.", examples=["269500.00"])
    budget_source: str | None = Field(description="Where that is said.", examples=["Raportti 2019"])
    target_groups: list[Words] = Field(description="Whom it is for.", examples=[[]])
    areas: list[Words] = Field(description="Where.", examples=[AREAS])
    relations: list[RelationRead] = Field(description="Related projects.", examples=[RELATIONS])
    remarks: list[Words] = Field(description="What a reader must know that is no figure's own.", examples=[[]])
    contact: ContactRead | None = Field(description="Whom to ask.", examples=[CONTACT])


class ReporterAdd(Input):
    """Give the project's outcomes to a user to write, who has the role of project reporter in its unit."""

    email: Email = Field(description="The user's e-mail address.", examples=["reporter@example.org"])


class ReporterRead(Output):
    """A user to whom the project is given."""

    user_id: str = Field(description="Opaque id.", examples=[UNIT])
    name: str = Field(description="Name.", examples=["Rita Raportoija"])
    email: str = Field(description="E-mail address.", examples=["reporter@example.org"])


class ReporterList(Listing):
    """Users to whom the project is given; while there are none, every project reporter of its unit writes it."""

    items: list[ReporterRead] = Field(description="By name.", examples=[[]])
