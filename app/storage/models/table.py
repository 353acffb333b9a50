"""What every table has in common: naming of constraints, opaque ids, versions for ETags."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, ClassVar

import uuid_utils
from sqlalchemy import CheckConstraint, MetaData, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

from app.storage.types import Instant


class Table(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar = {datetime: Instant(), str: Text()}


class Versioned:
    """A row that is a single thing of the API: `version` counts its changes, is its ETag, and refuses a lost update."""

    version: Mapped[int] = mapped_column()

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, object]:
        return {"version_id_col": cls.version}


def new_id() -> str:
    """An opaque id that sorts by the time it was made, so that new rows lie together in the index."""
    return uuid_utils.uuid7().hex


Id = Annotated[str, mapped_column(String(32), primary_key=True, default=new_id)]
Code = Annotated[str, mapped_column(String(40))]
Email = Annotated[str, mapped_column(String(254))]
Reference = Annotated[str, mapped_column(String(200))]


def one_of(column: str, codes: Iterable[str]) -> CheckConstraint:
    """Enumerations are strings the database checks: a new code is a change of a constraint, not of a type."""
    listed = ", ".join(f"'{code}'" for code in codes)
    return CheckConstraint(f"{column} IN ({listed})", name=column)
