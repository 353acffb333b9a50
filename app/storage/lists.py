"""Lists that travel as one value: ids into a statement, the rows that hang on each of them out of it.

A parameter for each id, or a result row for each purchase, costs more than the work the database does with it; and one
statement for a contract with all its parts costs less than one for each part.
"""

import json
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import BindParameter, String, TableValuedAlias, bindparam
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine


class _Ids(TypeDecorator[Sequence[str]]):
    """A list of ids as a parameter."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        kind: TypeEngine[Any] = String() if dialect.name == "sqlite" else ARRAY(String())
        return dialect.type_descriptor(kind)

    def process_bind_param(self, value: Sequence[str] | None, dialect: Dialect) -> Any:
        return json.dumps(list(value or ())) if dialect.name == "sqlite" else list(value or ())


class _listed(FunctionElement[str]):
    """One row for each value of a list."""

    inherit_cache = True


@compiles(_listed, "sqlite")
def _listed_json(element: _listed, compiler: SQLCompiler, **options: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **options)})"


@compiles(_listed, "postgresql")
def _listed_array(element: _listed, compiler: SQLCompiler, **options: Any) -> str:
    return f"unnest({compiler.process(element.clauses, **options)})"


def listed(name: str) -> TableValuedAlias:
    """The ids in the parameter of this name as a table with the column `value`, to begin a join with: both databases
    then look each id up by index. (Asked for ids within a list of unknown length, SQLite may read the whole table.)"""
    ids: BindParameter[Sequence[str]] = bindparam(name, type_=_Ids())
    # PostgreSQL names the one column after the alias, SQLite calls it "value": the same name serves both.
    return _listed(ids).table_valued("value", name="value")


class _Rows(TypeDecorator[Sequence[Sequence[Any]]]):
    """Rows of a subquery, each a list; none where it finds none."""

    impl = String
    cache_ok = True

    def process_result_value(self, value: Any, dialect: Dialect) -> Sequence[Sequence[Any]]:
        found: Sequence[Sequence[Any]] = json.loads(value) if isinstance(value, str) else value or ()
        return found


class rows_of(FunctionElement[Sequence[Sequence[Any]]]):
    """All rows of a subquery in one value, in no order: of each the columns as the database keeps them, days as text
    (see `day`)."""

    inherit_cache = True
    type = _Rows()


@compiles(rows_of, "sqlite")
def _rows_in_json(element: rows_of, compiler: SQLCompiler, **options: Any) -> str:
    return f"json_group_array(json_array({compiler.process(element.clauses, **options)}))"


@compiles(rows_of, "postgresql")
def _rows_in_array(element: rows_of, compiler: SQLCompiler, **options: Any) -> str:
    return f"json_agg(json_build_array({compiler.process(element.clauses, **options)}))"


@lru_cache(maxsize=65536)
def day(text: str) -> date:
    """A day of such a row."""
    return date.fromisoformat(text)


def day_or_none(text: str | None) -> date | None:
    return None if text is None else day(text)
