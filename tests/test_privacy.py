"""The record of processing tells the truth: its periods are those of the code."""

import re
from pathlib import Path

import pytest

from app.rules import policy
from app.schemas.units import RetentionMonths
from app.services import imports, outdated, sessions

ROOT = Path(__file__).parent.parent
DOCUMENT = (ROOT / "docs" / "privacy.md").read_text(encoding="utf-8")
BOUNDS = RetentionMonths.__metadata__[0].metadata  # type: ignore[attr-defined]
PERIODS = {
    "jobs, notes, reasons and contact persons of a contract": (
        f"{policy.RETENTION_MONTHS} months after everything under it is over; an organisation may set "
        f"{BOUNDS[1].ge} to {BOUNDS[2].le}"
    ),
    "notice of that to the owner": f"{policy.ERASURE_NOTICE_DAYS} days before",
    "remembered answers of the API": f"{outdated.ANSWERS_DAYS} days",
    "sign-ins of browsers": f"{sessions.KEPT.days} days",
    "previews of files brought in": f"{imports.READY_FOR.days} days",
    "refused rows of files": f"{imports.REFUSED_FOR.days} days",
    "texts of mails": f"{outdated.MAIL_TEXT_MONTHS} months",
    "alerts to those who run the service": f"{outdated.ALERT_DAYS} days",
    "address for an answer to feedback": f"{outdated.FEEDBACK_ADDRESS_DAYS} days",
    "feedback |": f"{outdated.FEEDBACK_MONTHS} months",
    "telephone numbers": f"{policy.CALLBACK_KEPT_MONTHS} months, to the end of the month",
    "users who may not sign in": f"{outdated.FORMER_PEOPLE_MONTHS} months after",
    "owners without a contract": f"{outdated.FORMER_PEOPLE_MONTHS} months after",
}


@pytest.mark.parametrize(("what", "period"), PERIODS.items())
def test_each_period_is_the_one_in_force(what: str, period: str) -> None:
    lines = [line for line in DOCUMENT.splitlines() if line.startswith(f"| {what}")]
    assert len(lines) == 1
    assert lines[0].split(" | ")[1].startswith(period)


def test_each_kind_that_is_erased_has_its_line() -> None:
    limits = [name for name in vars(outdated) if name.endswith(("_DAYS", "_MONTHS"))]
    assert len(limits) == 6
    assert all(re.search(rf"outdated\.{name}\b", Path(__file__).read_text(encoding="utf-8")) for name in limits)


def test_every_path_it_names_exists() -> None:
    named = set(re.findall(r"`((?:app|docs|tests)/[\w./-]*)`", DOCUMENT))
    assert len(named) > 5
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []
