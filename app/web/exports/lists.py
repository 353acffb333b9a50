"""Every list that can be taken along, by its address; a list named here has its files on the pages, and those that do
not belong to one thing also have their command (app/cli/exports.py)."""

from typing import Any

from app.web.exports.audit import AUDIT
from app.web.exports.changes import CHANGES
from app.web.exports.contracts import CONTRACTS
from app.web.exports.history import HISTORY
from app.web.exports.listing import Listing
from app.web.exports.messages import MESSAGES
from app.web.exports.people_wanted import PEOPLE_WANTED
from app.web.exports.positions import POSITIONS, POSITIONS_OF_CONTRACT
from app.web.exports.procurements import PROCUREMENTS
from app.web.exports.purchases import PURCHASES, PURCHASES_OF_CONTRACT
from app.web.exports.suppliers import SUPPLIERS
from app.web.exports.units import UNITS
from app.web.exports.users import USERS

LISTS: dict[str, Listing[Any]] = {
    "/contracts": CONTRACTS,
    "/positions": POSITIONS,
    "/purchases": PURCHASES,
    "/procurements": PROCUREMENTS,
    "/suppliers": SUPPLIERS,
    "/messages": MESSAGES,
    "/people-wanted": PEOPLE_WANTED,
    "/users": USERS,
    "/units": UNITS,
    "/audit": AUDIT,
}
OF_ONE_CONTRACT: dict[str, Listing[Any]] = {
    "/contracts/{contract_id}/positions": POSITIONS_OF_CONTRACT,
    "/contracts/{contract_id}/purchases": PURCHASES_OF_CONTRACT,
    "/contracts/{contract_id}/history": HISTORY,
    "/contracts/{contract_id}/changes": CHANGES,
}
