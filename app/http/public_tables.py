"""A published table in the reader's language, as the API answers it and the pages show it."""

from typing import Any

from app.language.public_tables import category_of, title_of
from app.schemas.public_tables import PublicCategory, PublicRow, PublicTableRead
from app.services.public_tables import Published


def read_model(published: Published, language: str) -> PublicTableRead:
    row = published.table
    contents: dict[str, Any] = row.contents
    shown = {one["code"]: one["count"] for one in contents["rows"]}
    names = {code: category_of(row.key, contents, code, language) for code in [*shown, *contents.get("categories", ())]}
    return PublicTableRead(
        quarter_end=row.quarter_end,
        unit_id=row.root_id,
        unit_name=published.unit_name,
        key=row.key,
        title=title_of(row.key, contents, language),
        period_start=contents["period_start"],
        period_end=contents["period_end"],
        rows=[PublicRow(code=code, name=names[code], count=count) for code, count in shown.items()],
        others=contents["others"],
        folded=[PublicCategory(code=code, name=name) for code, name in names.items() if code not in shown],
        total=contents["total"],
        is_folded=contents["others"] is not None or contents["total"] is None,
        project=contents.get("project"),
        published_at=row.published_at,
    )
