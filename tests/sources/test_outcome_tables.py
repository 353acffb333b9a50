"""Tables of observations as people and spreadsheets write them."""

from pathlib import Path

import pytest

from app.sources.outcomes.tables import COLUMNS, MAX_BYTES, OutcomesUnreadable, Row, read_table

HEADER = "Project;Indicator;Period_start;Period_end;Value;Source"


def read(tmp_path: Path, text: str, encoding: str = "utf-8") -> list[Row]:
    path = tmp_path / "observations.csv"
    path.write_bytes(text.encode(encoding))
    return read_table(path)


def test_a_row_becomes_the_fields_of_a_body(tmp_path: Path) -> None:
    header = ";".join(COLUMNS)
    cells = {
        "project": "women-to-work",
        "indicator": "finished",
        "period_start": "1.8.2019",
        "period_end": "2019-11-30",
        "value": "1 234,50",
        "numerator": "1 200",
        "denominator": "62",
        "breakdown": "next_step=other & phase=later",
        "status": "final",
        "approximate": "TRUE",
        "source": "'=Raportti",
        "note_sv": "'-text",
        "note_fi": "Muu",
    }
    row = ";".join(f'"{cells.get(name, "")}"' for name in COLUMNS)
    assert read(tmp_path, f"{header}\n{row}\n") == [
        (
            2,
            {
                "project": "women-to-work",
                "indicator": "finished",
                "period_start": "2019-08-01",
                "period_end": "2019-11-30",
                "value": "1234.50",
                "numerator": 1200,
                "denominator": 62,
                "breakdown": {"next_step": "other", "phase": "later"},
                "status": "final",
                "approximate": True,
                "source": "=Raportti",
                "note": {"fi": "Muu", "sv": "-text"},
            },
        )
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", ","])
def test_it_is_read_however_excel_saved_it(tmp_path: Path, encoding: str, delimiter: str) -> None:
    text = f"{HEADER}\nsiepp;tenders;2019-01-01;2019-10-31;28;Selvitys Äänekoskelta\n".replace(";", delimiter)
    [(line, fields)] = read(tmp_path, text, encoding)
    assert (line, fields["value"], fields["source"]) == (2, "28", "Selvitys Äänekoskelta")


def test_lines_are_those_of_the_file_and_empty_ones_are_passed_over(tmp_path: Path) -> None:
    rows = 'siepp;a;2019-01-01;2019-10-31;1;"on two\nlines"\n;;;;;\nsiepp;b;2019-01-01;2019-10-31;2;x\n'
    assert [(line, fields["indicator"]) for line, fields in read(tmp_path, f"{HEADER}\n{rows}")] == [(2, "a"), (5, "b")]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "has no column project, indicator, period_start, period_end, source"),
        ("Project;Indicator;Period_start;Period_end;Value\n", "has no column source"),
        (f"{HEADER};Weather\n", "and no other"),
        (f"{HEADER};Value\n", "each of these columns once"),
        (f"{HEADER}\nsiepp;a;2019-01-01;2019-10-31;1;x;y\n", "Line 2 has 7 cells"),
        (f'{HEADER}\nsiepp;a;2019-01-01;2019-10-31;1;x\nsiepp;"a"b;;;;\n', "Line 3 cannot be read"),
    ],
)
def test_what_cannot_be_read_is_told_in_a_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(OutcomesUnreadable, match=sentence):
        read(tmp_path, text)


def test_a_file_that_is_not_there_or_too_large_is_told_too(tmp_path: Path) -> None:
    with pytest.raises(OutcomesUnreadable, match="cannot be opened: No such file"):
        read_table(tmp_path / "nowhere.csv")
    large = tmp_path / "large.csv"
    with large.open("wb") as file:
        file.truncate(MAX_BYTES)
    with pytest.raises(OutcomesUnreadable, match="Line 1 cannot be read"):
        read_table(large)
    with large.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(OutcomesUnreadable, match="too large"):
        read_table(large)
