"""What open data calls things: names and codes of OCDS 1.1.5, of its extensions and of our own."""

import re
from datetime import UTC, date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

VERSION = "1.1"
"""As packages say it: 1.1.5 is a version of the documentation and not of the format."""
LICENSE = "https://creativecommons.org/licenses/by/4.0/"
"""What Finnish public bodies publish their open data under (JHS 189)."""
_REGISTERED = "https://raw.githubusercontent.com/open-contracting-extensions"
SUSTAINABILITY = f"{_REGISTERED}/ocds_sustainability_extension/master/extension.json"
CONTRACT_TERMS = f"{_REGISTERED}/ocds_contractTerms_extension/master/extension.json"
PAGINATION = f"{_REGISTERED}/ocds_pagination_extension/master/extension.json"
OWN_PATH = "/static/ocds-employment-clause/extension.json"
"""Our own extension: the service that publishes by it shows it, so that it is found wherever the data is."""
EURO = "EUR"
UNIT = "unit-"
"""Before a unit's id in the id of its party: a unit is in no register."""

GOAL = "social.disadvantagedEmploymentOpportunities"
"""Sustainability goal of an employment clause; eForms calls it `opp`."""
INNOVATION_GOAL = "economic.innovativePurchase"
PERFORMED, AWARDED_FOR = "contractPerformanceConditions", "awardCriteria"
"""Sustainability strategies."""

PROCUREMENT_METHODS = {
    "open": ("open", "avoin", "avoin menettely", "öppet förfarande", "avoin hankintamenettely"),
    "selective": (
        *("restricted", "rajoitettu", "rajoitettu menettely", "selektivt förfarande", "selective"),
        *("neg-w-call", "competitive procedure with negotiation", "neuvottelumenettely", "förhandlat förfarande"),
        *("comp-dial", "competitive dialogue", "kilpailullinen neuvottelumenettely", "konkurrenspräglad dialog"),
        *("innovation", "innovation partnership", "innovaatiokumppanuus", "innovationspartnerskap"),
    ),
    "limited": ("neg-wo-call", "limited", "negotiated without prior call for competition"),
    "direct": ("direct", "suorahankinta", "direktupphandling"),
}
"""Method of OCDS by how people and eForms call the procedure; another name is told as it is, without a method."""


def procurement_method(procedure: str) -> str | None:
    wanted = procedure.strip().casefold()
    return next((method for method, names in PROCUREMENT_METHODS.items() if wanted in names), None)


def camel(name: str) -> str:
    """A name or code of ours as OCDS writes names: long_term_unemployed is longTermUnemployed."""
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def snake(name: str) -> str:
    """The same back."""
    return re.sub(r"([A-Z])", lambda match: f"_{match[1].lower()}", name)


def number(value: Decimal) -> int | float:
    """A number of JSON that reads as the decimal does. A float is exact here: with at most fifteen digits its text is
    that of the decimal it was made from, and our amounts have fourteen."""
    return int(value) if value == value.to_integral_value() else float(value)


def amount(cents: int) -> int | float:
    """Euros of whole cents, as JSON has them."""
    return number(Decimal(cents) / 100)


def begins(day: date, zone: ZoneInfo) -> str:
    """The first second of a calendar day."""
    return datetime.combine(day, time(), zone).isoformat()


def ends(day: date, zone: ZoneInfo) -> str:
    """The last second of a calendar day."""
    return datetime.combine(day, time(23, 59, 59), zone).isoformat()


def instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


ROW_KEY = "ocds:"
LONGEST_KEY = 64
"""Of a purchase's key of its row."""


def transaction_key(transaction_id: str) -> str | None:
    """What a purchase from open data is known by, so that it comes once and keeps its id when it goes out again; None
    for an id too long for that."""
    key = ROW_KEY + transaction_id
    return key if len(key) <= LONGEST_KEY else None


def transaction_id(purchase_id: str, row_key: str | None) -> str:
    """The id a purchase goes out with: the one it came with, else its own."""
    return row_key.removeprefix(ROW_KEY) if row_key is not None and row_key.startswith(ROW_KEY) else purchase_id
