"""Seven real rows of the City of Helsinki's published purchases, followed from the ledger to the owner's mail.

The rows name no business IDs and only two carry a date: the IDs are made up (valid, beginning with 9), and the others
are taken as bought on ASSUMED_DAY. Thresholds are 500 000 €, or 1 000 € where the real sums are small.
"""

import csv
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import NamedTuple

import pytest
from fastapi.testclient import TestClient
from stdnum.fi import ytunnus

from app.config import Settings
from app.jobs import daily_check, delivery
from app.storage.session import Database
from notifications.smtp import smtp_settings
from tests.conftest import SetClock
from tests.notifications.smtp_servers import Mailbox, mail_server
from tests.portfolio import Portfolio
from tests.registering import contract_body, post, procurement_body

DATA = os.environ.get("SIEPP_TEST_DATA")
pytestmark = pytest.mark.skipif(DATA is None, reason="SIEPP_TEST_DATA does not name the folder of real files")
ASSUMED_DAY = date(2014, 6, 30)
LARGE_CENTS = 500_000_00


class Row(NamedTuple):
    supplier: str
    amount_eur: str
    on: date


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    with (Path(DATA or "") / "fi" / "helsinki_openspending_rows.csv").open(encoding="utf-8-sig", newline="") as file:
        found = [
            Row(row["to_label"], row["amount"], date.fromisoformat(row["time"]) if row["time"] else ASSUMED_DAY)
            for row in csv.DictReader(file, delimiter=";")
        ]
    assert len(found) == 7
    return sorted(found, key=lambda row: row.on)


def business_ids() -> Iterator[str]:
    """Valid IDs that begin with 9; no company has one."""
    for number in range(9_000_000, 9_999_999):
        digits = f"{number:07}"
        for check in "0123456789":
            if ytunnus.is_valid(digits + check):
                yield ytunnus.format(digits + check)


def threshold_of(row: Row) -> str:
    large = float(row.amount_eur) * 100 >= LARGE_CENTS
    return "500000.00" if large else "1000.00"


@pytest.fixture
def mails(
    rows: list[Row],
    client: TestClient,
    portfolio: Portfolio,
    clock: SetClock,
    database: Database,
    settings: Settings,
) -> list[EmailMessage]:
    """What the owner finds the morning after, delivered by a real mail server."""
    clock.set(date(2012, 1, 2))
    contracts = {}
    for row, business_id in zip(rows, business_ids(), strict=False):
        clause = {"type": "purchase_threshold", "threshold_eur": threshold_of(row)}
        procured = post(
            client,
            "/procurements",
            procurement_body(
                portfolio, reference=row.supplier[:20], title=f"Puitesopimus: {row.supplier}", clause=clause
            ),
            portfolio.officer,
        ).json()
        body = contract_body(
            procured["id"],
            supplier={"business_id": business_id, "name": row.supplier},
            starts_on="2012-01-01",
            ends_on="2015-12-31",
            value_eur=None,
        )
        contracts[row] = post(client, "/contracts", body, portfolio.officer).json()["id"]
    for row in rows:
        clock.set(row.on)
        bought = {"on_date": row.on.isoformat(), "amount_eur": row.amount_eur, "reference": "ostot"}
        answer = post(client, f"/contracts/{contracts[row]}/purchases", bought, portfolio.officer)
        assert answer.status_code == 201, answer.text
    clock.set(date(2014, 7, 1))
    daily_check.run_check(database, clock.today, clock)
    mailbox = Mailbox()
    with mail_server(mailbox) as port:
        over_smtp = replace(settings, smtp=smtp_settings(f"smtp://127.0.0.1:{port}"))
        delivery.deliver_all(database, over_smtp, delivery.make_sender(over_smtp), clock)
    return [message_from_bytes(arrived.content, policy=policy.default) for arrived in mailbox.arrived]


def test_the_owner_is_told_of_every_threshold_reached_in_one_mail(mails: list[EmailMessage], tmp_path: Path) -> None:
    (mail,) = mails
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None
    assert html is not None
    kept = os.environ.get("SIEPP_TEST_KEEP_MAILS")
    if kept:
        Path(kept).write_bytes(mail.as_bytes())
    content = text.get_content()
    assert "HOITOKOTI PÄIVÄKUMPU OY" in content
    assert "RUOKAPASSELI OY" in content
    assert "31.12.2015" in content
    assert "FONDA DEL SOL" not in content.split("Puitesopimus: RUOKAPASSELI")[0]
