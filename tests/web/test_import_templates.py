"""The templates of own lists: what one writes, the reader reads, in every language; nothing comes in by mistake."""

import csv
from collections.abc import Callable
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from python_calamine import CalamineWorkbook, SheetVisibleEnum

from app.language.import_columns import COLUMNS, field_of, title_of, words_in
from app.language.listed_columns import Holds, ImportColumn
from app.rules.codes import ImportKind, Role
from app.services.import_cells import UnitNames, value_of
from app.services.own_lists import nameable_units
from app.sources.files import FileUnreadable
from tests.own_lists import act_of, staged
from tests.portfolio import Portfolio
from tests.web.signed_in import SignedInBrowser

KINDS = (ImportKind.CONTRACTS, ImportKind.POSITIONS)
WHO = {ImportKind.CONTRACTS: "officer", ImportKind.POSITIONS: "liaison"}
ROLES = {ImportKind.CONTRACTS: Role.PROCUREMENT_OFFICER, ImportKind.POSITIONS: Role.BUSINESS_LIAISON}
LANGUAGES = ("fi", "sv", "en")
BrowserOf = Callable[[str], SignedInBrowser]

each_kind = pytest.mark.parametrize("kind", KINDS)
each_language = pytest.mark.parametrize("language", LANGUAGES)


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Files and words: what they hold is the same whichever database the units were read from."""
    return sqlite_url


def fetched(browser: SignedInBrowser, kind: ImportKind, language: str, form: str = "xlsx") -> bytes:
    browser.post_form("/account", {"language": language}, "/language")
    answer = browser.get(f"/imports/templates/{kind}.{form}")
    assert answer.status_code == 200
    assert f".{form}" in answer.headers["content-disposition"]
    return answer.content


def choices_of(book: CalamineWorkbook, place: int) -> list[str]:
    rows = book.get_sheet_by_index(2).to_python(skip_empty_area=False)
    return [str(row[place]) for row in rows if place < len(row) and row[place] != ""]


@each_kind
@each_language
def test_every_header_is_understood(browser_of: BrowserOf, kind: ImportKind, language: str) -> None:
    with CalamineWorkbook.from_filelike(BytesIO(fetched(browser_of(WHO[kind]), kind, language))) as book:
        (titles,) = book.get_sheet_by_index(0).to_python()
    assert [field_of(kind, str(title)) for title in titles] == [column.field for column in COLUMNS[kind]]


@each_kind
@each_language
def test_every_word_to_choose_is_understood(
    browser_of: BrowserOf, portfolio: Portfolio, kind: ImportKind, language: str
) -> None:
    with portfolio.database.reading() as session:
        units = UnitNames(nameable_units(session, kind, None, act_of(portfolio, ROLES[kind])))
    with CalamineWorkbook.from_filelike(BytesIO(fetched(browser_of(WHO[kind]), kind, language))) as book:
        for place, column in enumerate(COLUMNS[kind]):
            read = [value_of(column, word, units) for word in choices_of(book, place)]
            assert len(set(read)) == len(read) == expected_choices(column, language), column.field


def expected_choices(column: ImportColumn, language: str) -> int:
    """The three units of the city, or as many as there are words; a cell with several words offers none."""
    if column.holds is Holds.UNIT:
        return 3
    return 0 if column.holds is Holds.CODES else len(words_in(column, language))


@each_kind
def test_units_are_named_from_the_organisation_down(browser_of: BrowserOf, kind: ImportKind) -> None:
    place = next(at for at, column in enumerate(COLUMNS[kind]) if column.holds is Holds.UNIT)
    with CalamineWorkbook.from_filelike(BytesIO(fetched(browser_of(WHO[kind]), kind, "fi"))) as book:
        assert choices_of(book, place) == [
            "Helsinki",
            "Helsinki / Kaupunkiympäristön toimiala",
            "Helsinki / Kaupunkiympäristön toimiala / Hankintayksikkö",
        ]


@each_kind
@each_language
def test_a_template_brings_nothing_in(
    browser_of: BrowserOf, portfolio: Portfolio, tmp_path: Path, kind: ImportKind, language: str
) -> None:
    path = tmp_path / "template.xlsx"
    path.write_bytes(fetched(browser_of(WHO[kind]), kind, language))
    with pytest.raises(FileUnreadable, match="table_empty"):
        staged(portfolio, kind, path, act_of(portfolio, ROLES[kind]))


@each_kind
@each_language
def test_the_second_sheet_explains_every_column(browser_of: BrowserOf, kind: ImportKind, language: str) -> None:
    with CalamineWorkbook.from_filelike(BytesIO(fetched(browser_of(WHO[kind]), kind, language))) as book:
        assert [sheet.visible for sheet in book.sheets_metadata][2] == SheetVisibleEnum.Hidden
        rows = book.get_sheet_by_index(1).to_python()[1:]
    assert [field_of(kind, str(row[0])) for row in rows] == [column.field for column in COLUMNS[kind]]
    assert all(row[2] for row in rows)
    assert [bool(row[1]) for row in rows] == [column.required for column in COLUMNS[kind]]


@each_kind
@each_language
def test_the_header_alone_comes_as_csv(browser_of: BrowserOf, kind: ImportKind, language: str) -> None:
    content = fetched(browser_of(WHO[kind]), kind, language, "csv")
    assert content.startswith(b"\xef\xbb\xbf")
    (titles,) = csv.reader(StringIO(content.decode("utf-8-sig")), delimiter=";")
    assert [field_of(kind, title) for title in titles] == [column.field for column in COLUMNS[kind]]


def test_the_words_are_those_of_the_readers_language(browser_of: BrowserOf) -> None:
    browser = browser_of("officer")
    firsts = set()
    for language in LANGUAGES:
        text = fetched(browser, ImportKind.CONTRACTS, language, "csv").decode("utf-8-sig")
        firsts.add(text.split(";")[0])
    assert firsts == {"Hankinnan tunnus", "Upphandlingens referens", "Procurement's reference"}


@pytest.mark.parametrize(
    ("who", "path"), [("liaison", "contracts.xlsx"), ("officer", "positions.xlsx"), ("viewer", "contracts.csv")]
)
def test_whoever_may_bring_in_nothing_of_the_kind_gets_no_template(browser_of: BrowserOf, who: str, path: str) -> None:
    assert browser_of(who).get(f"/imports/templates/{path}").status_code == 403


def test_whoever_is_not_signed_in_gets_none(client: TestClient, portfolio: Portfolio) -> None:
    answer = client.get("/imports/templates/contracts.xlsx", follow_redirects=False)
    assert answer.status_code == 303


@each_kind
def test_no_two_columns_have_one_header(kind: ImportKind) -> None:
    for language in LANGUAGES:
        titles = [title_of(column, language) for column in COLUMNS[kind]]
        assert len(set(titles)) == len(titles)
