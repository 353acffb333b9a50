"""The register of suppliers as a file."""

from app.language.catalogues import msgid
from app.services import list_exports
from app.services.list_exports import Named
from app.web.exports.listing import Asked, Listing, Titled, at, titled

COLUMNS: tuple[Titled[Named], ...] = (
    titled(msgid("supplier"), 40, at("row.name")),
    titled(msgid("register of the identifier"), 14, at("row.scheme")),
    titled(msgid("supplier's identifier"), 18, at("row.identifier")),
    titled(msgid("organisation"), 30, at("unit_name")),
)
ALL = Asked(list_exports.supplier_list)

SUPPLIERS = Listing(
    subject="supplier",
    title=msgid("suppliers"),
    file_names={"fi": "toimittajat", "sv": "leverantorer", "en": "suppliers"},
    columns=COLUMNS,
    asked=lambda _visit: ALL,
    everything=ALL,
)
