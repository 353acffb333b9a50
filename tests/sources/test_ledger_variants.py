"""What each published kind of ledger must give: the table, and rows of our own in each kind's manner of writing.

Headers and traps are those of thirteen Finnish ledgers, collected with their sources in the folder of real files.
"""

import json
import os
from collections.abc import Sequence
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from app.sources.ledgers import open_ledger
from tests.sources.ledger_files import as_text, read, write_text, write_workbook

DATA = os.environ.get("SIEPP_TEST_DATA")
pytestmark = pytest.mark.skipif(DATA is None, reason="SIEPP_TEST_DATA does not name the folder of real files")
DAY = date(2021, 3, 31)
SUPPLIER, BUYER = "0201256-6", "2012566-8"
CONTRACT = "HEL 2018-001234"


class Manner(NamedTuple):
    """How a ledger is written; for a workbook the delimiter is None."""

    day: Any = DAY
    amount: Any = -1234.5
    delimiter: str | None = None
    encoding: str = "utf-8"
    above: Sequence[Sequence[Any]] = ()
    """Rows above the header."""
    below: Sequence[Any] = ()
    """A last row of its own."""


class Variant(NamedTuple):
    """What a kind of ledger must give: which of its columns say what, and (lacks) why it cannot attach by itself."""

    columns: dict[str, str]
    lacks: tuple[str, ...] = ()
    manner: Manner = Manner()

    @property
    def attaches_by(self) -> set[str]:
        return set() if self.lacks else self.columns.keys() & {"business_id", "contract_number"}


def semicolons(encoding: str = "utf-8", day: str = "31.3.2021", amount: str = "-1 234,50", **more: Any) -> Manner:
    return Manner(day, amount, ";", encoding, **more)


def columns(amount: str, on_date: str | None = None, business_id: str | None = None, **more: str) -> dict[str, str]:
    found = {"amount": amount, "on_date": on_date, "business_id": business_id, **more}
    return {meaning: name for meaning, name in found.items() if name is not None}


VARIANTS: dict[str, Variant] = {
    "kuntaliitto_2021_as_used_by_Jyvaskyla_2021_xlsx": Variant(
        columns(
            "Laskun summa ilman ALV",
            "Kirjauspäivämäärä",
            "Toimittajan y-tunnus",
            account="Tili",
            service_class="Palveluluokka",
            buying_unit="Tulosyksikkö",
            buyer="Kunnan y-tunnus",
        )
    ),
    "jyvaskyla_2020_xlsx": Variant(
        columns("Nettosumma", "Kirjauspvm", "Y-tunnus", account="Tili", buying_unit="Vastuualue")
    ),
    "jyvaskyla_2018_2019_xlsx": Variant(
        columns("Nettosumma", "Kirjauspäivä", "Y-tunnus", account="Tili"),
        manner=Manner(below=[None, None, None, None, None, None, None, 99999.99, None]),
    ),
    "jyvaskyla_2014_xlsx": Variant(columns("Netto", account="Tili nro"), lacks=("business_id", "on_date")),
    "oulu_2021_xlsx": Variant(
        columns(
            "Laskun summa ilman ALV:tä",
            "Tositepäivämäärä",
            "Toimittajan y-tunnus",
            voucher="Tosite numero",
            account="TILI",
            account_name="TILIN NIMI",
            buying_unit="Kustannuspaikka",
            buyer="Oulun kaupungin Y-tunnus",
        ),
        manner=Manner(day=210331),
    ),
    "kaarina_2023_csv": Variant(
        columns("Laskun summa ilman ALV", "Tapaht.pvm", account_name="Tilin nimi"),
        lacks=("business_id",),
        manner=semicolons("latin-1", "31.03.2021", "-1\u00a0234,50"),
    ),
    "porvoo_2021_csv": Variant(
        columns("Laskun summa ilman ALV", "Kirjauspäivämäärä", "Toimittajan y-tunnus"), manner=semicolons("cp1252")
    ),
    "paimio_2020_2025_xlsx": Variant(
        columns("Summa", "Tapaht.pvm", "Y-tunnus", voucher="Tapahtumanumero", account="Tilinro"),
        manner=Manner(above=[["Paimion kaupunki"], [], ["Ostolaskut", 2021]]),
    ),
    "sastamala_2023": Variant(
        columns(
            "Laskun summa ilman ALV",
            "Tositepäivämäärä",
            "Toimittajan Y-tunnus",
            voucher="Tositenumero",
            account="Kirjanpidon tilinumero",
        ),
        manner=semicolons("utf-8-sig"),
    ),
    "oulu_api": Variant(
        columns(
            "summa_alv0_euroina",
            "kirjauspaivamaara",
            "toimittajan_y_tunnus",
            contract_number="sopimusnumero",
            voucher="tositteen_numero",
            invoice_number="laskun_numero",
            account="tilin_numero",
            buying_unit="tulosyksikon_id",
        ),
        manner=Manner("2021-03-31", "-1234.50", ","),
    ),
    "6aika_2015_draft": Variant(
        columns(
            "Summa ALV0 euroina",
            "Kirjauspäivämäärä",
            "Toimittajan Y-tunnus",
            contract_number="Sopimusnumero",
            voucher="Tositteen numero",
            invoice_number="Laskun numero",
            account="Tilin numero",
            buying_unit="Tulosyksikön ID",
            buyer="Ostajan Y-tunnus",
        ),
        manner=semicolons("utf-16"),
    ),
    "tutkihankintoja_th_data_YYYY": Variant(
        columns(
            "tiliointisumma",
            "tositepvm",
            "toimittaja_y_tunnus",
            invoice_number="lasku_id",
            account="tili",
            service_class="tuote_palveluryhma",
            buying_unit="hankintayksikko_tunnus",
        ),
        manner=Manner("31.03.2021", "-1234.50", "\t"),
    ),
    "helsinki_ostot": Variant(
        {"business_id": "Y-tunnus", "account": "TiliNro", "account_name": "Tili", "supplier_number": "ToimittajaNro"},
        lacks=("on_date", "amount"),
    ),
}


def published() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((Path(DATA or "") / "fi/ledger_header_variants.json").read_text("utf-8"))
    return found


def headers_of(name: str) -> list[list[str]]:
    """The headers that the kind of ledger has had; of Porvoo's only the manner is known, so it gets the common one."""
    variant = published()[name]
    match name:
        case "porvoo_2021_csv":
            return headers_of("kuntaliitto_2021_as_used_by_Jyvaskyla_2021_xlsx")
        case "paimio_2020_2025_xlsx":
            return [list(names) for names in product(*variant["aliases"].values())]
        case "6aika_2015_draft":
            return [variant["mandatory"], variant["mandatory"] + variant["optional"]]
        case "tutkihankintoja_th_data_YYYY":
            return [variant["header"], variant["header"] + variant["newer_adds"]]
        case "helsinki_ostot":
            return [variant["2012_2014_xlsx_columns_mentioned"]]
        case "oulu_api":
            return [variant["fields"]]
    header = variant.get("header") or variant["header_seen"]
    ways = [cell.split(" | ") for cell in header]
    return [list(names) for names in product(*ways)]


def named(header: Sequence[str], wanted: str, meaning: str) -> int:
    """Where the column of a meaning stands: by the name in the table, or by what Paimio calls it in another year."""
    others = {
        "Summa": ("Summa (alv 0%)",),
        "Tapaht.pvm": ("Tositepvä",),
        "Tapahtumanumero": ("Tositenumero",),
        "Tilinro": ("Tilinumero",),
        "Kirjauspäivä": ("Kirjauspäivämäärä",),
    }
    return next(header.index(name) for name in (wanted, *others.get(wanted, ())) if name in header)


def row_of(header: Sequence[str], variant: Variant, supplier: str = SUPPLIER, contract: str = CONTRACT) -> list[Any]:
    said = {
        "amount": variant.manner.amount,
        "on_date": variant.manner.day,
        "business_id": supplier,
        "contract_number": contract,
        "voucher": "4711",
        "invoice_number": "900",
        "account": "4341",
        "account_name": "Älykäs siivous",
        "service_class": "8120",
        "buying_unit": "1234",
        "buyer": BUYER,
    }
    cells: list[Any] = ["Jäähalli"] * len(header)
    for at, name in enumerate(header):
        if "kokonaissumma" in name.casefold() or "kokonaisumma" in name.casefold():
            cells[at] = "-1530,78"
    for meaning, name in variant.columns.items():
        cells[named(header, name, meaning)] = said.get(meaning, "17")
    return cells


def written(folder: Path, header: Sequence[str], rows: Sequence[Sequence[Any]], manner: Manner) -> Path:
    every = [*manner.above, header, *rows, *([manner.below] if manner.below else [])]
    if manner.delimiter is None:
        return write_workbook(folder, every)
    return write_text(folder, every, manner.delimiter, manner.encoding)


def test_the_table_knows_every_kind() -> None:
    assert VARIANTS.keys() == published().keys()


@pytest.mark.parametrize("name", VARIANTS)
def test_every_header_says_what_its_columns_mean(name: str, tmp_path: Path) -> None:
    variant = VARIANTS[name]
    for header in headers_of(name)[::9]:
        ledger = open_ledger(written(tmp_path, header, [], variant.manner))
        expected = {meaning: header[named(header, wanted, meaning)] for meaning, wanted in variant.columns.items()}
        assert {meaning: ledger.columns.get(meaning) for meaning in expected} == expected
        assert (ledger.lacks, ledger.can_attach) == (variant.lacks, not variant.lacks)
        assert ledger.header == [str(cell) for cell in header]


@pytest.mark.parametrize("name", VARIANTS)
def test_every_kind_gives_what_its_columns_say(name: str, tmp_path: Path) -> None:
    variant = VARIANTS[name]
    header = headers_of(name)[-1]
    ledger = open_ledger(written(tmp_path, header, [row_of(header, variant)] * 2, variant.manner))
    rows, refused, unconcerned = read(ledger)
    if variant.lacks:
        assert (rows, refused, unconcerned) == ([], [], 2)
        return
    assert len({row.key for row in rows}) == 1
    says = variant.columns
    assert [row[1:9] for row in rows] == [
        (
            SUPPLIER,
            CONTRACT if "contract_number" in says else None,
            DAY,
            -123450,
            "4711" if "voucher" in says else "900" if "invoice_number" in says else None,
            "4341" if "account" in says else ledger_default(ledger.columns, "account"),
            "8120" if "service_class" in says else ledger_default(ledger.columns, "service_class"),
            "1234" if "buying_unit" in says else ledger_default(ledger.columns, "buying_unit"),
        )
    ] * 2
    assert all((row.voucher is not None) == bool(says.keys() & {"voucher", "invoice_number"}) for row in rows)
    assert [row.reason.value for row in refused] == (["totals_row"] if variant.manner.below else [])


def ledger_default(found: Any, meaning: str) -> str | None:
    """What stands in the columns that the table does not speak of."""
    return "Jäähalli" if found.keys() & {meaning, f"{meaning}_name"} else None


@pytest.mark.parametrize("name", [name for name, variant in VARIANTS.items() if not variant.lacks])
@pytest.mark.parametrize(
    ("supplier", "reason"),
    [
        ("Puuttuu", "business_id_missing"),
        ("anonymisoitu", "business_id_missing"),
        ("SE556012579001", "business_id_foreign"),
        ("123.456", "business_id_invalid"),
        ("FI2112345600000785", "business_id_invalid"),
        ("FI02012566", None),
        ("02012566", None),
    ],
)
def test_every_kind_attaches_by_supplier_or_else_by_contract_number(
    name: str, supplier: str, reason: str | None, tmp_path: Path
) -> None:
    variant = VARIANTS[name]
    manner = variant.manner._replace(below=())
    header = headers_of(name)[0]
    rows, refused, _ = read(open_ledger(written(tmp_path, header, [row_of(header, variant, supplier)], manner)))
    if reason is None:
        assert [row.business_id for row in rows] == [SUPPLIER]
    elif "contract_number" in variant.attaches_by:
        assert [(row.business_id, row.contract_number) for row in rows] == [(None, CONTRACT)]
        header_rows = [row_of(header, variant, supplier, contract="")]
        rows, refused, _ = read(open_ledger(written(tmp_path, header, header_rows, manner)))
        assert (rows, [row.reason for row in refused]) == ([], [reason])
    else:
        assert (rows, [row.reason for row in refused]) == ([], [reason])


def test_a_tutkihankintoja_file_with_unbalanced_marks_loses_no_row(tmp_path: Path) -> None:
    name = "tutkihankintoja_th_data_YYYY"
    header = headers_of(name)[0]
    row = row_of(header, VARIANTS[name])
    odd = ['"Kulma Oy' if column == "toimittaja_nimi" else cell for column, cell in zip(header, row, strict=True)]
    path = tmp_path / "th_data_2018.csv"
    path.write_text("\n".join("\t".join(cells) for cells in (header, row, odd, row, odd, row)) + "\n", "utf-8")
    rows, refused, _ = read(open_ledger(path))
    assert ([row.line for row in rows], refused) == ([2, 3, 4, 5, 6], [])
    assert len({row.key for row in rows}) == 1
    for delimiter in ";,":
        path.write_text(as_text([header, row, odd, row], delimiter), "utf-8", newline="")
        assert len(read(open_ledger(path))[0]) == 3


def test_helsinkis_published_rows_are_understood_and_cannot_attach_by_themselves() -> None:
    ledger = open_ledger(Path(DATA or "") / "fi/helsinki_openspending_rows.csv")
    assert ledger.lacks == ("business_id",)
    assert ledger.columns == {
        "amount": "amount",
        "on_date": "time",
        "account": "account_name",
        "account_name": "account_label",
        "buying_unit": "from_name",
        "buying_unit_name": "from_label",
        "supplier_number": "to_name",
    }
    assert read(ledger) == ([], [], 7)


def test_helsinkis_published_rows_attach_once_their_suppliers_are_named(tmp_path: Path) -> None:
    text = (Path(DATA or "") / "fi/helsinki_openspending_rows.csv").read_text("utf-8-sig")
    header, *lines = text.splitlines()
    path = tmp_path / "named.csv"
    path.write_text("\n".join([f"{header};y-tunnus", *(f"{line};{SUPPLIER}" for line in lines)]), "utf-8")
    rows, refused, _ = read(open_ledger(path))
    assert [(row.on_date, row.amount_cents, row.account, row.buying_unit) for row in rows] == [
        (date(2012, 12, 1), 227000, "447800", "5000"),
        (date(2014, 6, 1), 6274, "462900", "3900"),
    ]
    assert [row.reason.value for row in refused] == ["not_a_date"] * 5
