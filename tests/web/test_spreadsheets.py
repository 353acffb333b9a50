"""The contract list as CSV and XLSX: whole, in the reader's language, and safe to open."""

import csv
from collections.abc import Callable
from contextlib import closing
from datetime import date
from io import BytesIO, StringIO
from typing import Any
from zipfile import ZipFile

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select, update
from xlsxwriter.utility import xl_col_to_name

from app.services import list_exports
from app.storage.audit import verify
from app.storage.models import AuditEntry, AuditPayload, Procurement, User
from app.storage.session import Database
from tests.conftest import SetClock
from tests.one_database import on_one_database
from tests.portfolio import Portfolio
from tests.web.signed_in import SignedInBrowser

BrowserOf = Callable[[str], SignedInBrowser]
NASTY = '=HYPERLINK("https://example.org";"x")'
BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"


@pytest.fixture
def listed(portfolio: Portfolio, clock: SetClock) -> Portfolio:
    """Three contracts of ours, one of them with a title that a spreadsheet would run, and one of another city."""
    clock.set(date(2019, 3, 2))
    for number in range(3):
        portfolio.contract(value_cents=1_200_000_50 + number)
    portfolio.contract(unit_id=portfolio.other_root)
    with portfolio.database.writing() as session:
        session.execute(update(Procurement).where(Procurement.reference == "HEL 1").values(title=NASTY))
    return portfolio


def speaks(portfolio: Portfolio, email: str, language: str) -> None:
    with portfolio.database.writing() as session:
        session.execute(update(User).where(User.email == email).values(language=language))


def rows_of_csv(browser: SignedInBrowser, query: str = "") -> list[dict[str, str]]:
    answer = browser.get(f"/contracts.csv{query}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.content.startswith(BOM.encode())
    return list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig"), newline=""), delimiter=";"))


def sheet_of(browser: SignedInBrowser, query: str = "") -> tuple[bytes, list[list[Any]]]:
    answer = browser.get(f"/contracts.xlsx{query}")
    assert answer.status_code == 200, answer.text
    with closing(CalamineWorkbook.from_filelike(BytesIO(answer.content))) as book:
        return answer.content, book.get_sheet_by_index(0).to_python()


def test_csv_is_as_finnish_spreadsheets_open_it(listed: Portfolio, browser_of: BrowserOf) -> None:
    speaks(listed, "viewer@example.org", "fi")
    rows = rows_of_csv(browser_of("viewer"), "?sort=reference")
    assert [row["Sopimusnumero"] for row in rows] == ["S-1", "S-2", "S-3"]
    assert rows[1]["Ensimmäinen päivä"] == "01.03.2018"
    assert rows[1]["Arvo euroina ilman arvonlisäveroa"] == "1200000,51"
    assert (rows[1]["Tila"], rows[1]["Vaaditaan"]) == ("vaarassa", "1")
    assert rows[1]["Organisaatioyksikkö"] == "Kaupunkiympäristön toimiala"


def test_no_text_becomes_a_formula(listed: Portfolio, browser_of: BrowserOf) -> None:
    viewer = browser_of("viewer")
    assert next(row["Procurement"] for row in rows_of_csv(viewer, "?sort=reference")) == f"'{NASTY}"
    content, (header, first, *_) = sheet_of(viewer, "?sort=reference")
    assert first[header.index("Procurement")] == NASTY
    with ZipFile(BytesIO(content)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet.replace("HYPERLINK", "")


def test_xlsx_has_days_and_numbers_that_can_be_sorted(listed: Portfolio, browser_of: BrowserOf) -> None:
    content, (header, *rows) = sheet_of(browser_of("viewer"), "?sort=reference")
    row = dict(zip(header, rows[1], strict=True))
    assert row["First day"] == date(2018, 3, 1)
    assert row["Value in euros without VAT"] == 1_200_000.51
    assert (row["Required"], row["Status"]) == (1, "at risk")
    with ZipFile(BytesIO(content)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert 'state="frozen"' in sheet
    assert f'<autoFilter ref="A1:{xl_col_to_name(len(header) - 1)}4"' in sheet


def test_all_rows_are_there_however_many_chunks(
    listed: Portfolio, browser_of: BrowserOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(list_exports, "CHUNK", 2)
    viewer = browser_of("viewer")
    assert len(rows_of_csv(viewer)) == 3
    assert len(sheet_of(viewer)[1]) == 4


def test_only_what_is_asked_for_and_seen_is_exported(listed: Portfolio, browser_of: BrowserOf) -> None:
    assert [row["Contract number"] for row in rows_of_csv(browser_of("viewer"), "?q=HEL+2")] == ["S-2"]
    assert rows_of_csv(browser_of("viewer"), "?status=closed") == []
    assert [row["Contract number"] for row in rows_of_csv(browser_of("stranger"))] == ["S-4"]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_trail_says_who_took_what(listed: Portfolio, browser_of: BrowserOf, database: Database, kind: str) -> None:
    browser_of("viewer").get(f"/contracts.{kind}?status=at_risk")
    with database.reading() as session:
        entry, payload = session.execute(
            select(AuditEntry, AuditPayload.payload)
            .join(AuditPayload, AuditPayload.seq == AuditEntry.seq)
            .where(AuditEntry.action == "exported")
        ).one()
        assert session.get_one(User, entry.actor).email == "viewer@example.org"
        assert (entry.subject, entry.subject_id) == ("contract", "list")
        assert payload["@from"] == {"channel": "web"}
        assert payload.items() >= {"kind": kind, "rows": 3, "wanted": {"statuses": ["at_risk"]}}.items()
        assert verify(session).broken_at is None


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_strangers_sign_in_first(listed: Portfolio, client: Any, kind: str) -> None:
    answer = client.get(f"/contracts.{kind}", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/sign-in?next=%2Fcontracts.{kind}")


@pytest.mark.parametrize("query", ["status=lost", "clause_type=weather", "latest_start_before=soon", "sort=luck"])
@on_one_database
def test_a_filter_that_does_not_fit_is_told_instead_of_left_out(
    listed: Portfolio, browser_of: BrowserOf, database: Database, query: str
) -> None:
    answer = browser_of("viewer").get(f"/contracts.csv?{query}")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/contracts?{query}")
    with database.reading() as session:
        assert session.scalar(select(AuditEntry.seq).where(AuditEntry.action == "exported")) is None
