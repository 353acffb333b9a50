"""The organisation's units as a file, each before those below it."""

from app.language.catalogues import msgid
from app.services import list_exports
from app.services.list_exports import ExportedUnit
from app.storage.units import Liaison
from app.web.exports.listing import Asked, Listing, Titled, at, titled

NOBODY = Liaison("", None, None)


def _liaison(one: ExportedUnit) -> Liaison:
    """Whom to ask in the unit, by itself or from above."""
    return one.branch.inherited.liaison or NOBODY


COLUMNS: tuple[Titled[ExportedUnit], ...] = (
    titled(msgid("unit"), 40, at("branch.unit.name")),
    titled(msgid("unit above"), 40, at("above")),
    titled(msgid("level"), 8, lambda one, _reader: one.branch.depth + 1),
    titled(msgid("lead days"), 10, at("branch.inherited.lead_days")),
    titled(
        msgid("lead days of its own"), 10, lambda one, reader: reader.yes_or_no(one.branch.unit.lead_days is not None)
    ),
    titled(msgid("liaison"), 26, lambda one, _reader: _liaison(one).name),
    titled(msgid("liaison's e-mail"), 30, lambda one, _reader: _liaison(one).email),
    titled(msgid("liaison's telephone"), 18, lambda one, _reader: _liaison(one).phone),
)
ALL = Asked(list_exports.unit_list)

UNITS = Listing(
    subject="unit",
    title=msgid("units"),
    file_names={"fi": "yksikot", "sv": "enheter", "en": "units"},
    columns=COLUMNS,
    asked=lambda _visit: ALL,
    everything=ALL,
)
