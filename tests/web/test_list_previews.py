"""What the page of an import says of a list of contracts or jobs, before it is brought in."""

from collections.abc import Callable
from pathlib import Path

import pytest

from app.rules.codes import ImportKind, Role
from tests.own_lists import A_CONTRACT, A_JOB, act_of, activate, as_csv, staged
from tests.portfolio import Portfolio
from tests.web.signed_in import SignedInBrowser

BrowserOf = Callable[[str], SignedInBrowser]


@pytest.fixture
def page_of(browser_of: BrowserOf) -> Callable[[str, str], str]:
    def page(who: str, import_id: str) -> str:
        answer = browser_of(who).get(f"/imports/{import_id}")
        assert answer.status_code == 200
        return answer.text.replace("&#39;", "'")

    return page


PageOf = Callable[[str, str], str]


def test_contracts_with_what_is_doubtful_and_what_was_not_read(
    portfolio: Portfolio, page_of: PageOf, tmp_path: Path
) -> None:
    act = act_of(portfolio, Role.PROCUREMENT_OFFICER)
    rows = [
        {**A_CONTRACT, "contract.ends_on": "31.10.2018", "Muistiinpano": "Soita Maijalle"},
        {**A_CONTRACT, "contract.reference": "S-2", "contract.starts_on": "eilen"},
    ]
    path = as_csv(tmp_path / "contracts.csv", ImportKind.CONTRACTS, *rows)
    text = page_of("officer", staged(portfolio, ImportKind.CONTRACTS, path, act, portfolio.division))
    assert "From the file would come 1 procurement and 1 contract." in text
    assert "Contract S-2018-17: " in text
    assert "This column was not read: Muistiinpano." in text
    assert "Contract starts on: This is not a date." in text
    assert "Maijalle" not in text


def test_jobs_with_what_each_contract_gains(portfolio: Portfolio, page_of: PageOf, tmp_path: Path) -> None:
    portfolio.contract(positions=2)
    act = act_of(portfolio, Role.BUSINESS_LIAISON)
    path = as_csv(tmp_path / "jobs.csv", ImportKind.POSITIONS, A_JOB, {**A_JOB, "Nimi": "Maija"})
    import_id = staged(portfolio, ImportKind.POSITIONS, path, act)
    text = page_of("liaison", import_id)
    assert "From the file would come 2 jobs." in text
    assert "Contract S-1: 0 of 2 positions covered so far, then 2 of 2." in text
    assert "This column was not read: Nimi." in text
    activate(portfolio, import_id, act)
    text = page_of("liaison", import_id)
    assert "From the file came 2 jobs." in text
    assert "Maija" not in text


def test_refused_rows_come_back_under_the_headers_of_the_template(
    portfolio: Portfolio, browser_of: BrowserOf, tmp_path: Path
) -> None:
    act = act_of(portfolio, Role.PROCUREMENT_OFFICER)
    wrong = as_csv(tmp_path / "contracts.csv", ImportKind.CONTRACTS, {**A_CONTRACT, "contract.ends_on": "never"})
    import_id = staged(portfolio, ImportKind.CONTRACTS, wrong, act, portfolio.division)
    given_back = browser_of("officer").get(f"/imports/{import_id}/refused.csv").content.decode("utf-8-sig")
    assert "Contract ends on: This is not a date." in given_back
    mended = tmp_path / "mended.csv"
    mended.write_text(given_back.replace("never", "28.2.2020"), encoding="utf-8")
    again = staged(portfolio, ImportKind.CONTRACTS, mended, act, portfolio.division)
    assert "1 procurement and 1 contract" in browser_of("officer").get(f"/imports/{again}").text
