"""Purchases as a file: of the contracts of a list, and of one contract."""

from dataclasses import replace

from app.language.catalogues import msgid
from app.services import list_exports
from app.services.list_exports import ExportedPurchase
from app.web.exports.contracts import asked_of_contracts, asked_of_one, of_all, which_contract
from app.web.exports.listing import Listing, Titled, at, euros, titled

COLUMNS: tuple[Titled[ExportedPurchase], ...] = (
    *which_contract(),
    titled(msgid("day"), 12, at("purchase.on_date")),
    titled(msgid("sum in euros without VAT"), 16, lambda one, _reader: euros(one.purchase.amount_cents)),
    titled(msgid("reference"), 24, at("purchase.reference")),
    titled(msgid("counts"), 10, lambda one, reader: reader.yes_or_no(one.counts)),
    titled(
        msgid("a corrected row came later"),
        14,
        lambda one, reader: reader.yes_or_no(True) if one.purchase.replaced else None,
    ),
    titled(msgid("recorded on"), 12, at("purchase.recorded_on")),
    titled(msgid("voided at"), 16, lambda one, reader: reader.moment(one.purchase.voided_at)),
    titled(msgid("why voided"), 40, at("purchase.void_reason")),
)

PURCHASES = Listing(
    subject="purchase",
    title=msgid("purchases"),
    file_names={"fi": "ostot", "sv": "inkop", "en": "purchases"},
    columns=COLUMNS,
    asked=asked_of_contracts(list_exports.purchases_of_list),
    page="/contracts",
    everything=of_all(list_exports.purchases_of_list),
)


PURCHASES_OF_CONTRACT = replace(PURCHASES, asked=asked_of_one(list_exports.purchases_of_contract), everything=None)
