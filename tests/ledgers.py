"""Small purchase ledgers, and a contract with a purchase threshold that they concern."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from app.http.uploads import PREFIX
from app.rules.codes import BUSINESS_ID_SCHEME
from app.storage.models import Contract, Supplier, Unit
from tests.portfolio import Portfolio

HEADER = "Toimittajan y-tunnus;Tili;Laskun summa ilman ALV;Kirjauspäivämäärä;Tositenumero"
CITY, OTHER = "0201256-6", "0112038-9"


def ledger(*rows: tuple[str, str, str, str]) -> bytes:
    """A ledger of rows (business ID, amount, day, voucher), all from account 4341."""
    lines = [f"{business_id};4341;{amount};{day};{voucher}" for business_id, amount, day, voucher in rows]
    return "\n".join([HEADER, *lines]).encode()


def threshold_contract(portfolio: Portfolio, business_id: str = CITY, **terms: Any) -> str:
    """One position for each 500 000 euros bought from 1.3.2018 to 28.2.2020. A second one is with the same supplier."""
    contract_id = portfolio.contract(
        type="purchase_threshold",
        positions=None,
        threshold_cents=500_000_00,
        positions_per_threshold=1,
        completion="may_follow_contract",
        **terms,
    )
    with portfolio.database.writing() as session:
        contract = session.get_one(Contract, contract_id)
        unit = session.get_one(Unit, contract.unit_id)
        wanted = {"root_id": unit.root_id, "scheme": BUSINESS_ID_SCHEME, "identifier": business_id}
        known = session.query(Supplier).filter_by(**wanted).one_or_none()
        if known is None:
            session.get_one(Supplier, contract.supplier_id).identifier = business_id
        else:
            contract.supplier_id = known.id
    return contract_id


@contextmanager
def uploads_in(folder: Path) -> Iterator[None]:
    """Files that are sent lie in this folder meanwhile, where those of no other process do; in the end none is left."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tempfile, "tempdir", str(folder))
        yield
        assert uploads() == []


def uploads() -> list[Path]:
    """Folders of files that were sent and are not read yet."""
    return sorted(Path(tempfile.gettempdir()).glob(f"{PREFIX}*"))
