"""The page of public tables: what is folded and why, and the same as files."""

import csv
from collections.abc import Callable
from contextlib import closing
from datetime import date
from io import BytesIO, StringIO

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import update

from app.jobs import daily_check
from app.storage.models import Position, User, new_id
from app.storage.session import Database
from tests.conftest import SetClock
from tests.portfolio import Portfolio
from tests.web.signed_in import SignedInBrowser
from tests.witnesses import checked_daily

BrowserOf = Callable[[str], SignedInBrowser]


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What a page shows does not depend on the database."""
    return sqlite_url


@pytest.fixture
def published(portfolio: Portfolio, clock: SetClock, database: Database) -> Portfolio:
    """Nineteen jobs of the first quarter of 2019: nine, six and four by form and channel; a quarter without any."""
    clock.set(date(2019, 1, 1))
    forms = ["employment", "apprenticeship", "work_trial"]
    terms = {"starts_on": date(2019, 1, 1), "ends_on": date(2021, 12, 31), "employment_forms": forms}
    contract_id = portfolio.contract(positions=20, **terms)
    day = date(2019, 2, 1)
    alike = {"contract_id": contract_id, "starts_on": day, "agreed_on": day, "logged_on": day, "channel": "team"}
    with database.writing() as session:
        for form, count in zip(forms, (9, 6, 4), strict=True):
            for _ in range(count):
                row = Position(id=new_id(), employment_form=form, target_group="youth", created_at=clock(), **alike)
                session.add(row)
    for day in (date(2019, 4, 30), date(2019, 7, 30)):
        clock.set(day)
        checked_daily(database, day)
        daily_check.run_check(database, clock.today, clock)
    return portfolio


def speaks(portfolio: Portfolio, email: str, language: str) -> None:
    with portfolio.database.writing() as session:
        session.execute(update(User).where(User.email == email).values(language=language))


def test_it_says_in_finnish_what_is_folded_and_why(published: Portfolio, browser_of: BrowserOf) -> None:
    speaks(published, "viewer@example.org", "fi")
    page = browser_of("viewer").get("/public-tables?quarter=2019-03-31").text
    assert "Alle 5 henkilön ryhmät on yhdistetty, jotta luvuista ei voi tunnistaa ketään." in page
    assert "aikaisintaan 30 päivää" in page
    assert "Muut yhteensä<br>" in page
    assert "oppisopimus, työkokeilu" in page


def test_a_quarter_is_shown_with_its_tables(published: Portfolio, browser_of: BrowserOf) -> None:
    page = browser_of("viewer").get("/public-tables?quarter=2019-03-31").text
    assert page.count("<h2 id=") == 4
    assert '<th scope="row">Employment</th><td class="n">9</td>' in page
    assert 'apprenticeship, work trial</span></th><td class="n">10</td>' in page
    assert '<option value="2019-03-31" selected>1 January' in page.replace("\N{NO-BREAK SPACE}", " ")


def test_without_a_quarter_the_latest_is_shown(published: Portfolio, browser_of: BrowserOf) -> None:
    page = browser_of("viewer").get("/public-tables").text
    assert '<option value="2019-06-30" selected>' in page
    assert page.count('<td class="n">fewer than 5</td>') == 3


@pytest.mark.parametrize("quarter", ["2019-03-30", "soon"])
def test_a_day_that_ends_no_quarter_is_told_beside_the_choice(
    published: Portfolio, browser_of: BrowserOf, quarter: str
) -> None:
    answer = browser_of("viewer").get(f"/public-tables?quarter={quarter}")
    assert answer.status_code == 422
    assert 'href="#quarter"' in answer.text
    assert '<option value="2019-06-30" selected>' in answer.text


def test_a_city_without_tables_is_told_so(published: Portfolio, browser_of: BrowserOf) -> None:
    page = browser_of("stranger").get("/public-tables").text
    assert "Nothing has been published yet." in page
    assert "Helsinki" not in page


def test_csv_is_as_finnish_spreadsheets_open_it(published: Portfolio, browser_of: BrowserOf) -> None:
    speaks(published, "viewer@example.org", "fi")
    answer = browser_of("viewer").get("/public-tables.csv?quarter=2019-03-31")
    assert 'filename="julkiset-taulukot-2019-03-31.csv"' in answer.headers["content-disposition"]
    rows = list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig"), newline=""), delimiter=";"))
    forms = [row for row in rows if row["Taulukko"] == "Alkaneet työpaikat työn muodon mukaan"]
    assert [(row["Ryhmä"], row["Koodi"], row["Lukumäärä"]) for row in forms] == [
        ("Palkkasuhde", "employment", "9"),
        ("Muut yhteensä", "", "10"),
        ("Yhteensä", "", "19"),
    ]
    assert forms[0]["Jakson ensimmäinen päivä"] == "01.01.2019"


def test_xlsx_has_the_same_lines(published: Portfolio, browser_of: BrowserOf) -> None:
    answer = browser_of("viewer").get("/public-tables.xlsx")
    with closing(CalamineWorkbook.from_filelike(BytesIO(answer.content))) as book:
        header, first, *_ = book.get_sheet_by_index(0).to_python()
    assert first[header.index("Count")] == "fewer than 5"
    assert first[header.index("Last day of the period")] == date(2019, 6, 30)


def test_json_is_what_the_api_answers(published: Portfolio, browser_of: BrowserOf) -> None:
    viewer = browser_of("viewer")
    taken = viewer.get("/public-tables.json?quarter=2019-03-31")
    assert 'filename="public-tables-2019-03-31.json"' in taken.headers["content-disposition"]
    asked = viewer.client.get("/api/v1/public-tables?quarter=2019-03-31", headers=published.viewer)
    assert taken.json() == asked.json()
