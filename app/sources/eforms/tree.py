"""Finding things in a notice's tree: by the SDK's paths, a text in the language wanted, amounts, organisations."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from app.sources.eforms.notices import Amount, Company

UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
EFORMS = "http://data.europa.eu/p27/eforms-ubl-extension"
PREFIXES = {
    "cac": f"{UBL}CommonAggregateComponents-2",
    "cbc": f"{UBL}CommonBasicComponents-2",
    "ext": f"{UBL}CommonExtensionComponents-2",
    "efext": f"{EFORMS}s/1",
    "efac": f"{EFORMS}-aggregate-components/1",
    "efbc": f"{EFORMS}-basic-components/1",
}
LANGUAGES = ("FIN", "SWE", "ENG")
"""Of a text in several languages the first of these is taken, else the first that stands there."""
UNPUBLISHED = "unpublished"
"""What stands in the place of a text that is withheld."""
MAX_DIGITS = 6
"""Of a number of months, renewals, tenders; more is a mistake."""
EXTENSION = "ext:UBLExtensions/ext:UBLExtension/ext:ExtensionContent/efext:EformsExtension"


def find(element: Element | None, path: str) -> Element | None:
    return None if element is None else element.find(path, PREFIXES)


def find_all(element: Element | None, path: str) -> list[Element]:
    return [] if element is None else element.findall(path, PREFIXES)


def extension(root: Element) -> Element | None:
    """Where the EU keeps what UBL has no place for: results, organisations, changes."""
    return find(root, EXTENSION)


def text(element: Element | None, path: str = "") -> str | None:
    """The text of an element, or of the one at a path; None where there is none, or it is withheld."""
    found = find(element, path) if path else element
    plain = (found.text or "").strip() if found is not None else ""
    return None if plain in {"", UNPUBLISHED} else plain


def worded(element: Element | None, path: str) -> str | None:
    """A text that may stand there in several languages."""
    told: dict[str, str] = {}
    for one in find_all(element, path):
        words = text(one)
        if words is not None:
            told.setdefault(one.get("languageID", ""), words)
    return next((told[language] for language in LANGUAGES if language in told), next(iter(told.values()), None))


def codes(element: Element | None, path: str) -> list[str]:
    return [code for one in find_all(element, path) if (code := text(one)) is not None]


def amount(element: Element | None, path: str) -> Amount | None:
    return _amount(find(element, path))


def amounts_inside(element: Element | None, name: str) -> Amount | None:
    """The first amount of a name, however deep it lies: extensions lie very deep."""
    return None if element is None else _amount(element.find(f".//{name}", PREFIXES))


def _amount(found: Element | None) -> Amount | None:
    value = text(found)
    return None if value is None or found is None else Amount(value, found.get("currencyID", ""))


def number(value: str | None) -> int | None:
    """A whole number, also one written with a point and nothing after it."""
    return whole_number((value or "").partition(".")[0]) if not (value or "").partition(".")[2].strip("0") else None


def whole_number(value: str | None) -> int | None:
    plain = (value or "").strip()
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) <= MAX_DIGITS else None


def local_name(element: Element) -> str:
    """The name without its namespace, in small letters."""
    return element.tag.rpartition("}")[2].lower()


def withheld(element: Element | None) -> tuple[str, ...]:
    """Codes of the fields that are not published (BT-195), at this place or below it."""
    if element is None:
        return ()
    found = element.iterfind(".//efac:FieldsPrivacy/efbc:FieldIdentifierCode", PREFIXES)
    return tuple(dict.fromkeys(code for one in found if (code := text(one)) is not None))


def companies(own: Element | None) -> dict[str, Company]:
    """The organisations of a notice by their key in it. Contact persons and owners are not read: they are people."""
    return dict(_companies(own))


def _companies(own: Element | None) -> Iterator[tuple[str, Company]]:
    for company in find_all(own, "efac:Organizations/efac:Organization/efac:Company"):
        key = text(company, "cac:PartyIdentification/cbc:ID")
        if key is not None:
            yield (
                key,
                Company(
                    worded(company, "cac:PartyName/cbc:Name"),
                    text(company, "cac:PartyLegalEntity/cbc:CompanyID"),
                    text(company, "cac:PostalAddress/cac:Country/cbc:IdentificationCode"),
                ),
            )
