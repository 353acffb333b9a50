"""What the company register says, on the pages: a risk on the contract, a word in the list, a hint beside the form."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import event, func, select

from app.config import Settings
from app.jobs import companies
from app.jobs.companies import Asking
from app.language.catalogues import SUPPORTED
from app.main import create_app
from app.sources.company_register import CompanyRegister
from app.storage.models import Company, User
from app.storage.session import Database
from tests.conftest import HELSINKI, SetClock
from tests.portfolio import Portfolio
from tests.registering import a_contract, a_procurement
from tests.sources.lying_register import KNOWN, LyingRegister, company, in_trouble, running
from tests.web.signed_in import SignedInBrowser, sign_in

Browsers = Callable[[str], SignedInBrowser]
SUPPLIER = {"business_id": KNOWN, "name": "Siivous"}
CITY = "0201256-6"
WORDS = {"fi": "konkurssissa", "sv": "i konkurs", "en": "bankrupt"}
SHORT = {"fi": "Konkurssi", "sv": "Konkurs", "en": "Bankruptcy"}
FIELD = "contracts.0.supplier.business_id"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What a page says does not depend on the database."""
    return sqlite_url


@pytest.fixture
def lying() -> Iterator[LyingRegister]:
    with running() as register:
        yield register


@pytest.fixture
def client(settings: Settings, database: Database, clock: SetClock, lying: LyingRegister) -> Iterator[TestClient]:
    """The service with the register set."""
    app = create_app(replace(settings, company_register=lying.address), database, clock)
    with TestClient(app, raise_server_exceptions=False) as made:
        yield made


@pytest.fixture
def ask(lying: LyingRegister, database: Database, clock: SetClock) -> Callable[[], companies.Counts]:
    """What the clock does."""
    asking = Asking(database, CompanyRegister(lying.address, interval=0, timeout=60), clock, HELSINKI)

    def asked() -> companies.Counts:
        asking.register.rest(timedelta(0))
        return companies.refresh_all(asking)

    return asked


@pytest.fixture
def bankrupt(
    client: TestClient, portfolio: Portfolio, lying: LyingRegister, ask: Callable[[], companies.Counts]
) -> str:
    """A contract whose supplier is bankrupt."""
    contract_id = a_contract(client, portfolio, supplier=SUPPLIER)
    lying.knows(in_trouble("KONK"))
    assert ask().new_risks == 1
    return contract_id


def words(page: Response) -> str:
    assert page.status_code == 200, page.text[:500]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page.text[page.text.find("<main") :])))


def speak(database: Database, language: str) -> None:
    with database.writing() as session:
        for user in session.scalars(select(User)):
            user.language = language


# --- On a contract and in the list


@pytest.mark.parametrize("language", SUPPORTED)
def test_the_contracts_page_tells_the_risk_since_when_and_from_where(
    browser_of: Browsers, database: Database, bankrupt: str, language: str
) -> None:
    speak(database, language)
    told = words(browser_of("viewer").get(f"/contracts/{bankrupt}"))
    days = {"en": ("20 February 2019", "1 March 2019")}.get(language, ("20.2.2019", "1.3.2019"))
    assert f"Siivous {'är' if language == 'sv' else 'on' if language == 'fi' else 'is'} {WORDS[language]}." in told
    assert days[0] in told.replace("\u00a0", " ")
    assert ("PRS" if language == "sv" else "PRH") in told
    assert told.replace("\u00a0", " ").count(days[1]) >= 2


def test_the_risk_is_a_section_of_its_own_and_the_register_s_name_stands_with_the_supplier(
    browser_of: Browsers, bankrupt: str
) -> None:
    page = browser_of("viewer").get(f"/contracts/{bankrupt}")
    assert page.text.index('class="verdict') < page.text.index('id="in-trouble"') < page.text.index('class="figures"')
    assert "In the company register 1 March 2019: Siivous Oy, limited company." in words(page).replace("\u00a0", " ")


def test_without_trouble_there_is_no_warning_and_the_entry_stands(
    browser_of: Browsers, client: TestClient, portfolio: Portfolio, lying: LyingRegister, ask: Callable[[], object]
) -> None:
    lying.knows(company())
    contract_id = a_contract(client, portfolio, supplier=SUPPLIER)
    browser = browser_of("viewer")
    assert "company register" not in words(browser.get(f"/contracts/{contract_id}"))
    ask()
    page = browser.get(f"/contracts/{contract_id}")
    assert "in-trouble" not in page.text
    assert "Siivous Oy, limited company" in words(page)


def test_one_whom_the_register_does_not_know_is_said_to_be_so(
    browser_of: Browsers, client: TestClient, portfolio: Portfolio, ask: Callable[[], object]
) -> None:
    contract_id = a_contract(client, portfolio)
    ask()
    page = browser_of("viewer").get(f"/contracts/{contract_id}")
    assert "Not in the company register (1 March 2019)." in words(page).replace("\u00a0", " ")
    assert "in-trouble" not in page.text


def test_a_past_day_tells_nothing_of_what_the_register_says_today(
    browser_of: Browsers, clock: SetClock, bankrupt: str
) -> None:
    page = browser_of("viewer").get(f"/contracts/{bankrupt}?as_of=2019-02-28")
    assert page.status_code == 200
    assert "bankrupt" not in page.text


@pytest.mark.parametrize("language", SUPPORTED)
def test_the_list_has_a_word_for_it(browser_of: Browsers, database: Database, bankrupt: str, language: str) -> None:
    speak(database, language)
    assert SHORT[language] in words(browser_of("viewer").get("/contracts"))


def test_the_list_says_nothing_of_a_contract_that_is_over(
    browser_of: Browsers, clock: SetClock, client: TestClient, portfolio: Portfolio, bankrupt: str
) -> None:
    body = {"effective_on": "2019-03-01", "reason": "Konkurssi", "decision_reference": "HEL 1 §"}
    client.post(f"/api/v1/contracts/{bankrupt}/closure", json=body, headers=portfolio.officer)
    assert "Bankruptcy" not in words(browser_of("viewer").get("/contracts"))


def test_the_list_asks_once_however_many_contracts(
    browser_of: Browsers, client: TestClient, portfolio: Portfolio, database: Database, bankrupt: str
) -> None:
    procurement_id = a_procurement(client, portfolio, reference="HEL 7")
    for number in range(5):
        a_contract(client, portfolio, procurement_id, supplier=SUPPLIER, reference=f"S-{number}")
    asked: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *call: asked.append(call[2]))
    assert words(browser_of("viewer").get("/contracts")).count("Bankruptcy") == 6
    assert len([one for one in asked if "FROM company" in one]) == 1


# --- Beside the form


def previewed(
    browser: SignedInBrowser, business_id: str, path: str = "/procurements/preview", field: str = FIELD
) -> str:
    answer = browser.client.post(path, data={field: business_id})
    assert answer.status_code == 200, answer.text
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.text))).replace("\u00a0", " ")


def waiting(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(Company)) or 0


def test_an_id_not_asked_about_waits_for_the_clock_and_no_page_asks(
    browser_of: Browsers, lying: LyingRegister, database: Database, ask: Callable[[], object]
) -> None:
    lying.knows(company())
    officer = browser_of("officer")
    assert "asks the company register about 0112038-9" in previewed(officer, "0112038-9")
    assert lying.asked == []
    ask()
    assert "0112038-9 is Siivous Oy in the company register (1 March 2019)." in previewed(officer, "01120389")
    assert lying.ids == [KNOWN]
    assert waiting(database) == 1


def test_an_id_in_trouble_is_told_to_whoever_is_about_to_register(
    browser_of: Browsers, bankrupt: str, lying: LyingRegister
) -> None:
    told = previewed(browser_of("officer"), KNOWN)
    assert "Siivous Oy is bankrupt." in told


def test_an_id_that_the_register_does_not_know_only_warns(
    browser_of: Browsers, ask: Callable[[], object], client: TestClient
) -> None:
    officer = browser_of("officer")
    previewed(officer, CITY)
    ask()
    told = previewed(officer, CITY)
    assert "is not in the company register" in told
    assert "Municipalities, associations and foundations are not in it" in told


def test_a_register_that_is_away_only_warns(
    browser_of: Browsers, lying: LyingRegister, ask: Callable[[], object], portfolio: Portfolio, client: TestClient
) -> None:
    lying.status = 503
    officer = browser_of("officer")
    previewed(officer, KNOWN)
    ask()
    assert "has not answered about 0112038-9 yet. You can register all the same." in previewed(officer, KNOWN)
    a_contract(client, portfolio, supplier=SUPPLIER)


def test_the_preview_button_tells_it_too_without_script(
    browser_of: Browsers, lying: LyingRegister, database: Database, ask: Callable[[], object]
) -> None:
    lying.knows(company())
    officer = browser_of("officer")
    typed = {FIELD: KNOWN, "do": "preview"}
    page = officer.post_form("/procurements/new", typed, "/procurements/new")
    assert "asks the company register about 0112038-9" in words(page)
    ask()
    page = officer.post_form("/procurements/new", typed, "/procurements/new")
    assert "0112038-9 is Siivous Oy" in words(page)


def test_one_more_contract_of_a_procurement_gets_the_hint_too(
    browser_of: Browsers, client: TestClient, portfolio: Portfolio, bankrupt: str
) -> None:
    at = f"/procurements/{a_procurement(client, portfolio, reference='HEL 8')}/contracts"
    officer = browser_of("officer")
    assert "is bankrupt" in previewed(officer, KNOWN, f"{at}/preview", "supplier.business_id")
    typed = {"supplier.business_id": KNOWN, "do": "preview"}
    assert "is bankrupt" in words(officer.post_form(f"{at}/new", typed, f"{at}/new"))


@pytest.mark.parametrize("typed", ["", "0112038", "0112038-8", "Siivous Oy", "131052-308T"])
def test_what_is_no_business_id_is_asked_of_nobody(browser_of: Browsers, database: Database, typed: str) -> None:
    assert "register" not in previewed(browser_of("officer"), typed)
    assert waiting(database) == 0


@pytest.mark.parametrize("who", ["viewer", "owner", "liaison", "reporter"])
def test_who_may_not_register_makes_nobody_ask(browser_of: Browsers, database: Database, who: str) -> None:
    previewed(browser_of(who), KNOWN)
    assert waiting(database) == 0


def test_where_no_register_is_set_nothing_is_said_and_nothing_waits(
    settings: Settings, database: Database, clock: SetClock, portfolio: Portfolio
) -> None:
    with TestClient(create_app(settings, database, clock)) as client:
        officer = sign_in(client, database, "procurement_officer@example.org", clock())
        assert "register" not in previewed(officer, KNOWN)
    assert waiting(database) == 0


def test_the_settings_say_where_the_register_is(browser_of: Browsers, lying: LyingRegister) -> None:
    assert lying.address in words(browser_of("admin").get("/settings"))


def test_names_of_the_register_stay_text(
    browser_of: Browsers, client: TestClient, portfolio: Portfolio, lying: LyingRegister, ask: Callable[[], object]
) -> None:
    lying.knows(company(names=[{"name": "<script>alert(1)</script> Oy", "type": "1", "version": 1}]))
    contract_id = a_contract(client, portfolio, supplier=SUPPLIER)
    ask()
    page = browser_of("viewer").get(f"/contracts/{contract_id}")
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;alert(1)" in page.text
