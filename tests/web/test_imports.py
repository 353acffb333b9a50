"""Files brought in on pages: sent, read, looked at, brought in, undone."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import delete, event, select
from sqlalchemy.orm import Session

from app.http import uploads
from app.jobs import imports as importing
from app.rules.codes import ImportStatus
from app.services import imports
from app.storage.models import BrowserSession, Contract, Grant, ImportRun, StoredJudgement
from app.storage.session import Database
from tests.conftest import SetClock
from tests.ledgers import CITY, OTHER, ledger, threshold_contract, uploads_in
from tests.notices import Lot, Notice
from tests.one_database import on_one_database
from tests.portfolio import Portfolio
from tests.web.signed_in import SignedInBrowser
from tests.witnesses import checked_daily

Browsers = Callable[[str], SignedInBrowser]
GROWING = ledger((CITY, "499999,99", "1.2.2019", "1"), (CITY, "0,01", "2.2.2019", "2"), (OTHER, "7", "2.2.2019", "3"))


@pytest.fixture(autouse=True)
def nothing_left(tmp_path: Path) -> Iterator[None]:
    """Whatever comes of a file, it does not stay on the disk."""
    with uploads_in(tmp_path):
        yield


def send(browser: SignedInBrowser, content: bytes, name: str = "ostot.csv", **fields: str) -> Response:
    """Sends a file as the page's form does, and waits until it is read."""
    given = dict(browser.form("/imports/new")["fields"])
    given.pop("file", None)
    files = {"file": (name, content, "text/csv")}
    answer = browser.client.post("/imports/new", data=given | fields, files=files, follow_redirects=False)
    browser.client.app.state.readers.wait()  # type: ignore[attr-defined]
    return answer


def sent(browser: SignedInBrowser, content: bytes, name: str = "ostot.csv", **fields: str) -> str:
    """The address of the import's page."""
    answer = send(browser, content, name, **fields)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def required(database: Database, contract_id: str) -> int:
    with database.reading() as session:
        return session.get_one(StoredJudgement, contract_id).required


def runs(database: Database) -> list[ImportRun]:
    with database.reading() as session:
        return list(session.scalars(select(ImportRun).order_by(ImportRun.number)))


def test_a_ledger_is_read_looked_at_and_brought_in(
    browser_of: Browsers, portfolio: Portfolio, database: Database
) -> None:
    contract_id = threshold_contract(portfolio)
    officer = browser_of("officer")
    address = sent(officer, GROWING)
    page = officer.get(address).text
    assert "From the file 2 purchases would come to one contract." in page
    assert "The obligation of one contract would grow: S-1 (before 0, then 1)." in page
    assert "The supplier has no contract with a purchase threshold" in page
    assert required(database, contract_id) == 0
    answer = officer.post_form(address, {}, f"{address}/activation")
    assert answer.headers["location"] == f"{address}?done=activated"
    page = officer.get(f"{address}?done=activated").text
    assert "Everything that was to come from the file came in." in page
    assert "From the file 2 purchases came to one contract." in page
    assert required(database, contract_id) == 1
    assert f'href="{address}"' in officer.get("/imports").text
    assert f'href="{address}"' in officer.get(f"/contracts/{contract_id}").text


def test_a_discarded_file_brings_nothing_and_leaves_room_for_the_next(
    browser_of: Browsers, portfolio: Portfolio, database: Database
) -> None:
    contract_id = threshold_contract(portfolio)
    officer = browser_of("officer")
    address = sent(officer, GROWING)
    blocked = send(officer, GROWING)
    assert (blocked.status_code, "Finish or discard it first" in blocked.text) == (409, True)
    assert officer.post_form(address, {}, f"{address}/discard").status_code == 303
    assert "Nothing came in." in officer.get(address).text
    assert required(database, contract_id) == 0
    assert send(officer, GROWING).status_code == 303


@contextmanager
def while_reckoned(database: Database, change: Callable[[Session], None]) -> Iterator[None]:
    """What somebody else does once, while an import is reckoned."""
    waiting = [change]

    def meanwhile(_connection: Any, _cursor: Any, text: str, *_others: Any) -> None:
        if "purchase_rows" in text and waiting:
            with database.writing() as session:
                waiting.pop()(session)

    event.listen(database.engine, "before_cursor_execute", meanwhile)
    yield
    event.remove(database.engine, "before_cursor_execute", meanwhile)
    assert not waiting


def without_roles(session: Session) -> None:
    session.execute(delete(Grant))


def signed_out(session: Session) -> None:
    session.execute(delete(BrowserSession))


@pytest.mark.parametrize(("change", "status"), [(without_roles, 403), (signed_out, 401)])
def test_whoever_may_no_longer_once_it_is_reckoned_brings_nothing_in(
    browser_of: Browsers, portfolio: Portfolio, database: Database, change: Callable[[Session], None], status: int
) -> None:
    contract_id = threshold_contract(portfolio)
    officer = browser_of("officer")
    address = sent(officer, GROWING)
    form = officer.form(address, f"{address}/activation")
    with while_reckoned(database, change):
        answer = officer.client.post(f"{address}/activation", data=dict(form["fields"]), follow_redirects=False)
    assert answer.status_code == status
    assert "done=" not in answer.headers.get("location", "")
    assert required(database, contract_id) == 0


def test_an_import_is_undone_with_a_reason(
    browser_of: Browsers, portfolio: Portfolio, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    contract_id = threshold_contract(portfolio)
    officer = browser_of("officer")
    address = sent(officer, GROWING)
    assert officer.get(f"{address}/undo").status_code == 404
    officer.post_form(address, {}, f"{address}/activation")
    with monkeypatch.context() as patched:
        patched.setattr(imports, "reckoned", lambda *_: pytest.fail("nothing is undone that would have to be reckoned"))
        refused = officer.post_form(f"{address}/undo", {"reason": ""})
    assert refused.status_code == 422
    assert officer.post_form(f"{address}/undo", {"reason": "Wrong city"}).status_code == 303
    assert "Undone by officer@example.org" not in officer.get("/imports").text
    assert "Wrong city" in officer.get(address).text
    assert required(database, contract_id) == 0


def test_two_who_decide_at_once_are_told_of_each_other(browser_of: Browsers, portfolio: Portfolio) -> None:
    threshold_contract(portfolio)
    officer, admin = browser_of("officer"), browser_of("admin")
    address = sent(officer, GROWING)
    late = admin.form(address, f"{address}/activation")
    officer.post_form(address, {}, f"{address}/discard")
    answer = admin.send(late, {})
    assert answer.status_code in {409, 412}
    assert "Nothing came in." in answer.text


def test_the_same_file_again_is_told_with_the_first_import(browser_of: Browsers, portfolio: Portfolio) -> None:
    threshold_contract(portfolio)
    officer = browser_of("officer")
    first = sent(officer, GROWING)
    officer.post_form(first, {}, f"{first}/activation")
    page = officer.get(sent(officer, GROWING, "another-name.csv")).text
    assert "Nothing would come from the file." in page
    assert "The very same file was brought in before" in page
    assert f'href="{first}"' in page


REFUSED = ledger(
    (CITY, "abc", "1.2.2019", "=1+1"), (CITY, "-5,00", "31.2.2019", "2"), (CITY, "7,00", "3.3.2019", "131052-308T")
)


def test_refused_rows_are_told_by_line_and_go_back_as_a_file(browser_of: Browsers, portfolio: Portfolio) -> None:
    threshold_contract(portfolio)
    officer = browser_of("officer")
    address = sent(officer, REFUSED)
    page = officer.get(address).text
    assert "The amount cannot be read." in page
    assert "abc" not in page
    file = officer.get(f"{address}/refused.csv")
    lines = file.content.decode("utf-8-sig").splitlines()
    assert file.content.startswith(b"\xef\xbb\xbf")
    assert lines[0].endswith("Toimittajan y-tunnus;Tili;Laskun summa ilman ALV;Kirjauspäivämäärä;Tositenumero")
    assert lines[1].endswith(f"{CITY};4341;abc;1.2.2019;'=1+1")
    assert lines[2].endswith(f"{CITY};4341;-5,00;31.2.2019;2")
    assert lines[3].endswith(";***")
    assert "308T" not in file.text


def test_a_mended_file_of_refused_rows_comes_in(browser_of: Browsers, portfolio: Portfolio, database: Database) -> None:
    contract_id = threshold_contract(portfolio)
    officer = browser_of("officer")
    address = sent(officer, ledger((CITY, "600 000", "31.2.2019", "1")))
    mended = officer.get(f"{address}/refused.csv").content.replace(b"31.2.2019", b"28.2.2019")
    officer.post_form(address, {}, f"{address}/discard")
    again = sent(officer, mended)
    officer.post_form(again, {}, f"{again}/activation")
    assert required(database, contract_id) == 1


def test_a_file_that_is_no_ledger_says_why_and_what_to_do(browser_of: Browsers, portfolio: Portfolio) -> None:
    threshold_contract(portfolio)
    officer = browser_of("officer")
    page = officer.get(sent(officer, b"Toimittaja;Summa\nX Oy;5\n")).text
    assert "Could not be read. Nothing came in." in page
    lacking = officer.get(sent(officer, b"Y-tunnus;Summa ilman ALV\n0201256-6;5\n")).text
    assert "no column for: day of the purchase" in lacking


def test_while_a_file_is_read_the_page_shows_how_far_and_later_that_nobody_reads_it(
    browser_of: Browsers, portfolio: Portfolio, database: Database, clock: SetClock
) -> None:
    threshold_contract(portfolio)
    officer = browser_of("officer")
    address = sent(officer, GROWING)
    with database.writing() as session:
        run = session.scalars(select(ImportRun)).one()
        run.status, run.read_bytes, run.file_bytes, run.touched_at = ImportStatus.READING, 450, 1000, clock.now
    assert "Being read, 45% done." in officer.get(address).text
    piece = officer.get(address, headers={"X-Part": "progress"})
    assert (piece.status_code, "<html" in piece.text, 'value="45"' in piece.text) == (200, False, True)
    clock.now += timedelta(seconds=599)
    assert "Being read" in officer.get(address).text
    clock.now += timedelta(seconds=1)
    assert "Reading was interrupted." in officer.get(address).text
    assert officer.get(address, headers={"X-Part": "progress"}).status_code == 204
    assert send(officer, GROWING).status_code == 303
    assert [one.status for one in runs(database)] == [ImportStatus.FAILED, ImportStatus.READY]


def test_what_nobody_decides_on_is_discarded_after_a_week(
    browser_of: Browsers, portfolio: Portfolio, database: Database, clock: SetClock
) -> None:
    threshold_contract(portfolio)
    address = sent(browser_of("officer"), REFUSED)
    begun = clock.now
    clock.now = begun + timedelta(days=400)
    importing.tidy(database, portfolio.act)
    assert runs(database)[0].status == "ready"  # for all that it knows, the clock is ahead
    checked_daily(database, (begun + timedelta(days=31)).date(), 60)
    for later, status in ((timedelta(days=7) - timedelta(seconds=1), "ready"), (timedelta(days=7), "discarded")):
        clock.now = begun + later
        importing.tidy(database, portfolio.act)
        importing.tidy(database, portfolio.act)
        assert runs(database)[0].status == status
    clock.now = begun + timedelta(days=30)
    importing.tidy(database, portfolio.act)
    assert browser_of("officer").get(f"{address}/refused.csv").text.count("\n") == 4
    clock.now += timedelta(seconds=1)
    importing.tidy(database, portfolio.act)
    assert "Download" not in browser_of("officer").get(address).text


def test_a_file_too_large_for_its_kind_is_refused_before_it_is_whole(
    browser_of: Browsers, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "LARGEST_FILE", 1000)
    officer = browser_of("officer")
    answer = send(officer, b"x" * 1001, kind="contracts")
    assert (answer.status_code, "too large" in answer.text) == (413, True)
    assert runs(database) == []


@pytest.mark.parametrize(
    ("content", "fields", "status"),
    [
        (b"", {}, 422),
        (GROWING, {"kind": "unicorns"}, 422),
        (GROWING, {"unit_id": "x"}, 422),
        (GROWING, {"csrf": "0" * 64}, 403),
        (GROWING, {"csrf": ""}, 403),
    ],
)
@on_one_database
def test_what_may_not_be_read_leaves_nothing(
    browser_of: Browsers, database: Database, content: bytes, fields: dict[str, str], status: int
) -> None:
    assert send(browser_of("officer"), content, **fields).status_code == status
    assert runs(database) == []


def test_a_form_without_a_file_says_so(browser_of: Browsers) -> None:
    officer = browser_of("officer")
    given = dict(officer.form("/imports/new")["fields"])
    answer = officer.client.post("/imports/new", files={name: (None, value) for name, value in given.items()})
    assert (answer.status_code, "Choose the file." in answer.text) == (422, True)


BROKEN: list[tuple[str, bytes]] = [
    ("multipart/form-data", b""),
    ("multipart/form-data; boundary=x; charset=utf-7", b"--x--\r\n"),
    ("application/x-www-form-urlencoded", b"kind=purchases"),
    ("multipart/form-data; boundary=x", b"\x00" * 5000),
    ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="kind"\r\n\r\n' + b"k" * 5000),
    ("multipart/form-data; boundary=x", b"--x\r\nX: y\r\n\r\nz\r\n--x--\r\n"),
    ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="\xff"\r\n\r\nz\r\n--x--\r\n'),
    ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nz\r\n' * 30),
    ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="f"; filename="a"\r\n\r\n'),
]


@pytest.mark.parametrize(("kind", "body"), BROKEN)
@on_one_database
def test_what_is_no_form_of_ours_is_refused(browser_of: Browsers, kind: str, body: bytes, database: Database) -> None:
    officer = browser_of("officer")
    answer = officer.client.post("/imports/new", content=body, headers={"Content-Type": kind})
    assert answer.status_code == 403
    assert runs(database) == []


def test_a_form_that_breaks_off_in_the_file_leaves_nothing(
    browser_of: Browsers, database: Database, portfolio: Portfolio
) -> None:
    threshold_contract(portfolio)
    officer = browser_of("officer")
    csrf = dict(officer.form("/imports/new")["fields"])["csrf"]
    begin = "--x\r\nContent-Disposition: form-data; name="
    body = f'{begin}"csrf"\r\n\r\n{csrf}\r\n{begin}"kind"\r\n\r\npurchases\r\n'.encode()
    body += f'{begin}"file"; filename="a"\r\n\r\n'.encode() + GROWING
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    answer = officer.client.post("/imports/new", content=body, headers=headers)
    assert (answer.status_code, "came only in part" in answer.text) == (422, True)
    assert runs(database) == []
    assert officer.client.post("/imports/new", content=body + b"\r\n--x--\r\n", headers=headers).status_code == 200
    officer.client.app.state.readers.wait()  # type: ignore[attr-defined]


def test_an_identity_code_in_the_name_of_a_file_is_refused(browser_of: Browsers, database: Database) -> None:
    answer = send(browser_of("officer"), GROWING, "131052-308T.csv")
    assert answer.status_code == 422
    assert "308T" not in answer.text
    assert runs(database) == []


def test_who_may_write_nothing_brings_nothing_in(browser_of: Browsers) -> None:
    for who in ("viewer", "owner", "reporter"):
        assert browser_of(who).get("/imports").status_code == 403
        assert browser_of(who).get("/imports/new").status_code == 403
        assert "/imports" not in browser_of(who).get("/account").text
    liaison = browser_of("liaison").get("/imports/new").text
    assert ("A table with a job on each row" in liaison, "purchase ledger" in liaison) == (True, False)
    assert send(browser_of("liaison"), GROWING, kind="purchases").status_code == 403


def test_an_import_is_seen_by_those_who_write_throughout_the_organisation_and_by_whoever_brought_it(
    browser_of: Browsers, portfolio: Portfolio
) -> None:
    threshold_contract(portfolio)
    address = sent(browser_of("officer"), GROWING)
    seen: Any = {who: browser_of(who).get(address).status_code for who in ("officer", "admin", "liaison", "viewer")}
    assert seen == {"officer": 200, "admin": 200, "liaison": 404, "viewer": 404}
    assert browser_of("stranger").get(address).status_code == 404
    assert address not in browser_of("stranger").get("/imports").text


def test_a_stranger_is_asked_to_log_in(client: TestClient) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    assert client.post("/imports/new", content=b"x" * 2_000_000, headers=headers).status_code == 401


def test_a_purchase_that_a_later_ledger_corrected_says_so(
    browser_of: Browsers, portfolio: Portfolio, clock: SetClock
) -> None:
    contract_id = threshold_contract(portfolio)
    officer = browser_of("officer")
    for amount in ("100,00", "200,00"):
        address = sent(officer, ledger((CITY, amount, "1.2.2019", "1")))
        officer.post_form(address, {}, f"{address}/activation")
    page = officer.get(f"/contracts/{contract_id}").text
    assert "A later ledger corrected it" in page
    assert page.count(">Void<") == 1
    assert "/imports/" not in browser_of("viewer").get(f"/contracts/{contract_id}").text


def test_the_start_page_of_an_officer_tells_of_purchases_that_wait(
    browser_of: Browsers, portfolio: Portfolio, clock: SetClock
) -> None:
    for _ in range(2):
        threshold_contract(portfolio)
    clock.set(date(2019, 3, 15))
    officer = browser_of("officer")
    address = sent(officer, GROWING)
    assert "/held-purchases" not in officer.get("/").text
    officer.post_form(address, {}, f"{address}/activation")
    assert "2 purchases wait for a decision" in officer.get("/").text
    assert "/held-purchases" not in browser_of("viewer").get("/").text


@pytest.mark.parametrize(
    ("typed", "kept", "shown"),
    [
        ("4470, 4341,", ["4470", "4341"], "4470, 4341"),
        ("Siivous, muu; Vartiointi", ["Siivous, muu", "Vartiointi"], "Siivous, muu; Vartiointi"),
        ("Siivous, muu;", ["Siivous, muu"], "Siivous, muu;"),
        ("", [], ""),
    ],
)
def test_a_contracts_form_takes_names_of_the_ledger_between_commas(
    browser_of: Browsers, portfolio: Portfolio, database: Database, typed: str, kept: list[str], shown: str
) -> None:
    contract_id = threshold_contract(portfolio)
    officer, path = browser_of("officer"), f"/contracts/{contract_id}/change"
    assert officer.post_form(path, {"ledger_service_classes": typed}).status_code == 303
    with database.reading() as session:
        contract = session.get_one(Contract, contract_id)
        assert (contract.ledger_service_classes, contract.ledger_accounts) == (kept, [])
    assert dict(officer.form(path)["fields"])["ledger_service_classes"] == shown
    if kept:
        assert ", ".join(kept) in officer.get(f"/contracts/{contract_id}").text


def test_other_clauses_ask_nothing_of_ledgers(browser_of: Browsers, portfolio: Portfolio) -> None:
    assert "ledger_accounts" not in browser_of("officer").get(f"/contracts/{portfolio.contract()}/change").text


def test_a_notice_is_read_at_once_and_becomes_a_draft(browser_of: Browsers, portfolio: Portfolio) -> None:
    officer = browser_of("officer")
    notice = Notice([Lot(title="Koulujen siivous")], title="Koulujen siivous").bytes()
    address = sent(officer, notice, "ilmoitus.xml", kind="eforms")
    page = officer.get(address).text
    assert "From the file would come 1 draft." in page
    assert "<li>Koulujen siivous</li>" in page
    officer.post_form(address, {}, f"{address}/activation")
    page = officer.get(address).text
    assert "From the file came 1 draft." in page
    assert 'href="/drafts"' in page
    again = officer.get(sent(officer, notice, "ilmoitus.xml", kind="eforms")).text
    assert "Nothing would come from the file." in again
    assert "What would come in" not in again


def test_a_file_that_is_no_notice_fails_on_its_own_page(browser_of: Browsers, portfolio: Portfolio) -> None:
    address = sent(browser_of("officer"), b"no notice", "ilmoitus.xml", kind="eforms")
    assert "Could not be read. Nothing came in." in browser_of("officer").get(address).text
