"""The purchase ledger that the demo's officer has brought in: the latest purchases, one that waits, some gone wrong."""

from datetime import date

from app.sources.demo.city import COMPANIES
from app.sources.demo.current import Calendar

FILE_NAME = "ostolaskut-{on:%Y-%m}.csv"
HEADER = "Toimittajan Y-tunnus;Tili;Tulosyksikkö;Sopimusnumero;Kirjauspäivämäärä;Summa ilman ALV;Tositenumero"
SERVICES, TEMPORARY = "4470", "4341"
"""Accounts, as the city's chart of accounts might have them."""


def ledger(today: date) -> str:
    """The ledger as text: purchases of two contracts, one with a contract number that nobody knows, one that looks
    recorded already, one of a supplier without a purchase threshold, two with something wrong, and the totals row."""
    at = Calendar(today)
    first, second, builder = (COMPANIES[key].business_id for key in ("keikkakaari", "henkilovoima", "hirsimaki"))
    rows = (
        (first, TEMPORARY, "Päiväkoti Tuulimylly", "", at.ago(16), "2 310,50", "710231"),
        (first, TEMPORARY, "Päiväkoti Tuulimylly", "", at.ago(12), "1 874,00", "710248"),
        (first, TEMPORARY, "Päiväkoti Kuusikko", "", at.ago(9), "-240,00", "710260"),
        (first, SERVICES, "Päiväkoti Kuusikko", "VK-88", at.ago(8), "960,00", "710264"),
        (second, TEMPORARY, "Päiväkoti Saniainen", "", at.ago(11), "3 105,75", "710255"),
        (second, TEMPORARY, "Päiväkoti Saniainen", "", at.last(-1), "32 050,00", "710199"),
        (second, TEMPORARY, "Päiväkoti Saniainen", "", at.ago(7), "1 2x0,00", "710269"),
        (builder, SERVICES, "Rakennukset", "", at.ago(10), "18 400,00", "710251"),
    )
    lines = [";".join((*cells[:4], f"{cells[4]:%d.%m.%Y}", *cells[5:])) for cells in rows]
    wrong = f"{second};{TEMPORARY};Päiväkoti Saniainen;;31.02.{today.year};845,00;710271"
    return "\n".join([HEADER, *lines, wrong, ";;;;;Yhteensä;58 464,25", ""])
