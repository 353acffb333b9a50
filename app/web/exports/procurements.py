"""Procurements with the terms of their clause as a file."""

from collections.abc import Callable

from app.language.catalogues import msgid
from app.services import list_exports
from app.services.list_exports import Named
from app.storage.keyset import Sort
from app.storage.procurements import SORTS, ProcurementFilter
from app.web.exports.listing import Asked, Listing, Reader, Titled, at, euros, titled
from app.web.procurements import LONGEST_SEARCH
from app.web.spreadsheets import Cell
from app.web.visiting import Visit


def _money(name: str) -> Callable[[Named, Reader], Cell]:
    return lambda one, _reader: euros(getattr(one.row, name))


def _replaceable(one: Named, reader: Reader) -> Cell:
    return None if one.row.type is None else reader.yes_or_no(one.row.replacement_allowed)


COLUMNS: tuple[Titled[Named], ...] = (
    titled(msgid("reference"), 18, at("row.reference")),
    titled(msgid("procurement"), 40, at("row.title")),
    titled(msgid("unit"), 30, at("unit_name")),
    titled(msgid("procurement's kind"), 14, lambda one, reader: reader.word("procurement_kind", one.row.kind)),
    titled(msgid("signed on"), 12, at("row.signed_on")),
    titled(msgid("estimated value in euros without VAT"), 18, _money("estimated_value_cents")),
    titled(msgid("programme"), 16, at("row.programme")),
    titled(msgid("procedure"), 20, at("row.procedure")),
    titled(msgid("notice"), 20, at("row.notice_id")),
    titled(msgid("innovative method"), 30, at("row.innovative_method")),
    titled(msgid("why there is no clause"), 40, at("row.no_clause_reason")),
    titled(msgid("clause type"), 20, lambda one, reader: reader.word("clause_type", one.row.type)),
    titled(msgid("positions required"), 12, at("row.positions")),
    titled(msgid("purchase threshold in euros"), 16, _money("threshold_cents")),
    titled(msgid("positions for each threshold"), 12, at("row.positions_per_threshold")),
    titled(msgid("positions at the most"), 12, at("row.max_positions")),
    titled(msgid("points for each position"), 12, at("row.points_per_position")),
    titled(msgid("points at the most"), 12, at("row.max_points")),
    titled(msgid("shortest duration in months"), 12, at("row.min_duration_months")),
    titled(msgid("least hours a week"), 12, at("row.min_weekly_hours")),
    titled(
        msgid("accepted forms of employment"),
        40,
        lambda one, reader: reader.words("employment_form", one.row.employment_forms),
    ),
    titled(
        msgid("accepted target groups"), 40, lambda one, reader: reader.words("target_group", one.row.target_groups)
    ),
    titled(msgid("another may continue a job"), 12, _replaceable),
    titled(
        msgid("when the months must be full"), 24, lambda one, reader: reader.word("completion", one.row.completion)
    ),
    titled(msgid("months to start in"), 12, at("row.start_within_months")),
    titled(msgid("months to replace in"), 12, at("row.replacement_within_months")),
)


def _of(q: str | None) -> Asked[Named]:
    """Newest first, as the list."""
    wanted, sort = ProcurementFilter(q=q), Sort(SORTS["created"].columns, descending=True)
    return Asked(lambda session, act: list_exports.procurement_list(session, wanted, sort, act), {"q": q})


def _asked(visit: Visit) -> Asked[Named] | None:
    q = visit.request.query_params.get("q", "")
    return None if len(q) > LONGEST_SEARCH else _of(q.strip() or None)


PROCUREMENTS = Listing(
    subject="procurement",
    title=msgid("procurements"),
    file_names={"fi": "hankinnat", "sv": "upphandlingar", "en": "procurements"},
    columns=COLUMNS,
    asked=_asked,
    page="/procurements",
    everything=_of(None),
)
