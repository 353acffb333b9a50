"""`python -m app.language.extract` collects the msgids of the whole application into the Finnish and Swedish .po files.

New msgids come in empty, those no longer used go; translate the empty ones by hand. Texts of tables are marked with
`msgid`, `msgids` and `msgid_in`; pages and mails call gettext, ngettext and pgettext.
"""

from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

from app.language.catalogues import SOURCE, SUPPORTED, po_path

APPLICATION = Path(__file__).parent.parent
LINE_LENGTH = 120
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2"), ("**/templates/**.txt", "jinja2")]
OPTIONS = {
    pattern: {"silent": "false", "newstyle_gettext": "true"} for pattern, method in METHODS if method == "jinja2"
}
"""A template that cannot be read must not lose its texts in silence."""
KEYWORDS = dict(DEFAULT_KEYWORDS) | {"msgid": None, "msgids": (1, 2), "msgid_in": ((1, "c"), 2)}


def extracted() -> Catalog:
    """Every msgid marked or used anywhere in the application."""
    template = Catalog(project="siepp", fuzzy=False)
    found = extract_from_dir(str(APPLICATION), METHODS, OPTIONS, keywords=KEYWORDS)
    for name, _, message, _, context in sorted(found, key=lambda row: row[:2]):
        template.add(message, None, [(f"app/{Path(name).as_posix()}", 1)], context=context)
    return template


def updated(language: str, template: Catalog) -> Catalog:
    """The language's catalogue with the template's msgids and the translations it already had."""
    with po_path(language).open("rb") as file:
        catalogue = read_po(file, locale=language)
    catalogue.update(template, no_fuzzy_matching=True, update_creation_date=False)
    return catalogue


def main() -> None:
    """Rewrites the catalogues of every language but the source."""
    template = extracted()
    for language in SUPPORTED:
        if language != SOURCE:
            catalogue = updated(language, template)
            with po_path(language).open("wb") as file:
                write_po(file, catalogue, width=LINE_LENGTH, include_lineno=False, ignore_obsolete=True)


if __name__ == "__main__":
    main()
