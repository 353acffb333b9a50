"""Help: every status and reminder, the glossary in three languages, and no number but the policy's."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from fastapi.testclient import TestClient

from app.language.catalogues import SUPPORTED
from app.language.explanations import COUNTING, REQUIRED, STATUS_ADVICE, STATUS_MEANINGS
from app.rules import policy
from app.rules.facts import ClauseType
from app.rules.reminders import ReminderKind
from app.rules.status import Status
from tests.portfolio import Portfolio
from tests.web.signed_in import SignedInBrowser

Browsers = Callable[[str], SignedInBrowser]
WORDS = {
    "työllistämisehto": ("sysselsättningsvillkor", "employment clause"),
    "ehdoton työllistämisehto": ("ovillkorlig klausul", "fixed count"),
    "ostorajaan perustuva ehto": ("inköpsgränsbaserad klausul", "purchase threshold"),
    "vertailuperuste, lisäpisteet": ("tilldelningskriterium", "award criterion"),
    "hankinta": ("upphandling", "procurement"),
    "sopimus": ("avtal", "contract"),
    "sopimuskumppani, toimittaja": ("leverantör", "supplier"),
    "työpaikka, työsuhde": ("anställning", "position"),
    "sopimusvastuuhenkilö": ("avtalsansvarig", "contract owner"),
    "hankinta-asiantuntija": ("upphandlare", "procurement officer"),
    "yritysluotsi": ("företagslots", "business liaison"),
    "organisaatioyksikkö, toimiala": ("enhet, sektor", "unit"),
    "optiokausi": ("option", "option"),
    "työmarkkinatuen kuntaosuus": (
        "kommunandel av arbetsmarknadsstödet",
        "labour-market subsidy, municipal share",
    ),
}
NUMBERS = {
    "DEFAULT_MIN_DURATION_MONTHS": 31,
    "DEFAULT_REPLACEMENT_WITHIN_MONTHS": 37,
    "DEFAULT_LEAD_DAYS": 141,
    "REPEAT_DAYS": 143,
    "BREACHED_TOLD_AT_MOST": 147,
    "NO_NEWS_DAYS": 149,
    "EVENT_TOLD_WITHIN_DAYS": 151,
    "ERASURE_NOTICE_DAYS": 173,
}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Words and numbers: nothing is read but who asks."""
    return sqlite_url


def help_in(client: TestClient, language: str) -> str:
    answer = client.get("/help", headers={"Accept-Language": language})
    assert answer.status_code == 200
    return answer.text


def visible(html: str) -> str:
    main = html.split("<main", 1)[1].split("</main", 1)[0].partition(">")[2]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", main)))


def test_every_status_has_its_place_its_meaning_and_what_to_do(client: TestClient) -> None:
    html = help_in(client, "en")
    for status in Status:
        assert f'id="status-{status}"' in html
        assert STATUS_ADVICE[status] in unescape(html)
    assert set(STATUS_MEANINGS) == set(Status)
    assert set(REQUIRED) == set(ClauseType)
    assert len(re.findall("What to do:", html)) == len(Status)


def test_every_reminder_is_told(client: TestClient) -> None:
    html = help_in(client, "fi")
    assert all(f'id="reminder-{kind}"' in html for kind in ReminderKind)


@pytest.mark.parametrize("language", SUPPORTED)
def test_the_glossary_has_every_word_in_three_languages(client: TestClient, language: str) -> None:
    html = help_in(client, language)
    for fi, (sv, en) in WORDS.items():
        row = re.search(rf'<th scope="row" lang="fi">{re.escape(fi)}</th>(.*?)</tr>', html, re.DOTALL)
        assert row is not None, fi
        assert f">{sv}</td>" in row[1]
        assert f">{en}</td>" in row[1]


def test_every_limit_that_is_shown_comes_from_the_policy(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in NUMBERS.items():
        monkeypatch.setattr(policy, name, value)
    monkeypatch.setattr(policy, "WINDOW_STEPS_DAYS", (161, 163, 167))
    text = visible(help_in(client, "en")).rpartition("Using the keyboard")[0]
    for value in (*NUMBERS.values(), 161, 163, 167):
        assert re.search(rf"\b{value}\b", text), value
    without_days = re.sub(r"\b\d{1,2}\s\w+\s\d{4}\b", "", text)
    shown = {int(number) for number in re.findall(r"\d+", without_days)}
    assert shown == {*NUMBERS.values(), 161, 163, 167}
    assert "nine" not in text.split()


def test_the_example_is_computed_by_the_rules(client: TestClient) -> None:
    assert "14.10.2019" in help_in(client, "fi")
    assert any("{complete_on}" in text for text in COUNTING)


def test_whom_to_ask_is_told_to_those_who_are_signed_in(
    client: TestClient, browser_of: Browsers, portfolio: Portfolio
) -> None:
    liaison = {"name": "Liisa Luotsi", "email": "liisa@example.org", "phone": "+358 9 310 1"}
    unit = f"/api/v1/units/{portfolio.root}"
    assert client.patch(unit, json={"liaison": liaison, "lead_days": 77}, headers=portfolio.admin).status_code == 200
    told = browser_of("viewer").get("/help").text
    assert "Liisa Luotsi" in told
    assert "admin@example.org" in told
    assert "77 days before" in told
    assert "@example.org" not in help_in(client, "fi")
    assert "Liisa Luotsi" not in browser_of("stranger").get("/help").text


@pytest.mark.parametrize("language", SUPPORTED)
def test_the_accessibility_statement_is_open_to_anyone(client: TestClient, language: str) -> None:
    html = client.get("/accessibility", headers={"Accept-Language": language}).text
    assert f'<html lang="{language}">' in html
    assert "306/2019" in html
    assert "saavutettavuus@traficom.fi" in html
    assert 'href="/feedback?topic=accessibility"' in html
