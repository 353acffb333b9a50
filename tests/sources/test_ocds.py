"""Files of open contracting data: what is read of them, what is merged, and what is refused with its number."""

import json
import time
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.sources.files import FileUnreadable
from app.sources.ocds import ReleaseRefused, files
from app.sources.ocds.files import MAX_DEPTH, Found, read_releases
from app.sources.ocds.merging import merged
from app.sources.ocds.releases import Money, release_of
from tests.json_trees import NAMES, TREES

RELEASE: dict[str, Any] = {"ocid": "ocds-213czf-1", "id": "1", "date": "2019-01-01T00:00:00Z", "tag": ["tender"]}


def read(tmp_path: Path, content: Any) -> list[Found]:
    file = tmp_path / "file.json"
    file.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return read_releases(file)


def refused(tmp_path: Path, content: Any) -> str:
    with pytest.raises(FileUnreadable) as error:
        read(tmp_path, content)
    return error.value.code


def package(*releases: Any, **more: Any) -> dict[str, Any]:
    return {"version": "1.1", "releases": list(releases)} | more


def titled(title: str, ocid: str = "ocds-213czf-1", **more: Any) -> dict[str, Any]:
    return RELEASE | {"ocid": ocid, "tender": {"id": "t", "title": title}} | more


@pytest.mark.parametrize(
    "content",
    [
        package(titled("A")),
        titled("A"),
        [titled("A")],
        [package(titled("A"))],
        {"records": [{"ocid": "ocds-213czf-1", "compiledRelease": titled("A")}]},
        {"records": [{"ocid": "ocds-213czf-1", "releases": [titled("A")]}]},
        {"ocid": "ocds-213czf-1", "compiledRelease": titled("A")},
        {"ocid": "ocds-213czf-1", "releases": [titled("A")]},
        json.dumps(titled("A")).encode() + b"\n\n",
        b"\xef\xbb\xbf" + json.dumps(titled("A")).encode(),
        json.dumps(titled("A")).encode("utf-16"),
    ],
)
def test_a_release_is_found_however_it_is_wrapped(tmp_path: Path, content: Any) -> None:
    (found,) = read(tmp_path, content)
    assert found.number == 1
    assert found.release is not None
    assert release_of(found.release).title == "A"


def test_json_lines_are_read_line_by_line_and_a_broken_one_is_refused_with_its_number(tmp_path: Path) -> None:
    lines = [json.dumps(titled("A", "a")), '{"ocid": ', json.dumps(package(titled("B", "b"), titled("C", "c")))]
    found = read(tmp_path, "\r\n".join(lines).encode())
    assert [(one.number, one.ocid, one.reason) for one in found] == [
        (1, "a", ""),
        (2, "", "ocds_no_release"),
        (3, "b", ""),
        (4, "c", ""),
    ]


def test_releases_of_one_procurement_are_merged_by_date_whatever_their_order(tmp_path: Path) -> None:
    award = {"id": "1", "suppliers": [{"id": "x", "name": "First"}], "status": "pending"}
    late = titled("Late", date="2019-03-01T00:00:00+02:00", awards=[{"id": 1, "status": "active"}], buyer=None)
    early = titled("Early", awards=[award], buyer={"id": "b"}, language="fi")
    (found,) = read(tmp_path, package(late, early))
    assert found.release is not None
    assert found.release["tender"]["title"] == "Late"
    assert found.release["awards"] == [award | {"id": 1, "status": "active"}]
    assert found.release["language"] == "fi"
    assert "buyer" not in found.release


def test_lists_without_ids_are_replaced_as_a_whole() -> None:
    lists = [{"x": [{"goal": "a"}], "y": ["a"]}, {"x": [{"goal": "b"}], "y": ["b"], "date": "2019-02-01T00:00:00Z"}]
    result = merged([RELEASE | one for one in lists])
    assert (result["x"], result["y"]) == ([{"goal": "b"}], ["b"])


def test_a_release_of_1_0_is_upgraded(tmp_path: Path) -> None:
    company = {"name": "Oy Ab", "identifier": {"scheme": "FI-PRO", "id": "0201256-6"}, "address": {"countryName": "FI"}}
    payment = {"id": "p", "date": "2019-02-01T00:00:00Z", "amount": {"amount": 10.5, "currency": "EUR"}}
    old = RELEASE | {
        "buyer": {"name": "Kaupunki", "identifier": {"scheme": "FI-PRO", "id": "0201256-6"}},
        "awards": [{"id": "a", "suppliers": [company]}],
        "contracts": [{"id": "c", "awardID": "a", "implementation": {"transactions": [payment]}}],
    }
    (found,) = read(tmp_path, package(old, version="1.0"))
    assert found.release is not None
    release = release_of(found.release)
    (contract,) = release.contracts
    assert release.buyer is not None
    assert release.buyer.name == "Kaupunki"
    assert contract.suppliers[0][:3] == ("Oy Ab", "FI-PRO", "0201256-6")
    assert contract.payments[0].money == Money(Decimal("10.5"), "EUR")
    assert [one["roles"] for one in found.release["parties"]] == [["buyer"], ["supplier"]]


@pytest.mark.parametrize(
    ("release", "reason"),
    [
        ('"a text"', "ocds_no_release"),
        ("{}", "ocds_no_release"),
        ('{"ocid": ""}', "ocds_no_release"),
        ('{"ocid": 5}', "ocds_no_release"),
        (json.dumps({"ocid": "x" * 201}), "ocds_no_release"),
        ('{"url": "https://example.org/1.json"}', "ocds_linked"),
        ('{"ocid": "x", "value": NaN}', "ocds_no_number"),
        ('{"ocid": "x", "value": [-Infinity]}', "ocds_no_number"),
        (f'{{"ocid": "x", "value": {"9" * 41}}}', "ocds_no_number"),
        (f'{{"ocid": "x", "value": {"9" * 5000}}}', "ocds_no_number"),
        ('{"ocid": "x", "value": 1e41}', "ocds_no_number"),
        (f'{{"ocid": "x", "value": 1e{"9" * 30}}}', "ocds_no_number"),
        ('{"ocid": "x", "tender": {"id": 1, "id": 2}}', "ocds_name_twice"),
        ('{"ocid": "x", "a": ' + "[" * MAX_DEPTH + "]" * MAX_DEPTH + "}", "ocds_too_deep"),
    ],
)
def test_a_release_that_is_no_json_of_ours_is_refused_and_the_others_go_on(
    tmp_path: Path, release: str, reason: str
) -> None:
    text = f'{{"releases": [{json.dumps(titled("A", "a"))}, {release}, {json.dumps(titled("B", "b"))}]}}'
    assert [(one.number, one.reason) for one in read(tmp_path, text.encode())] == [(1, ""), (2, reason), (3, "")]


def test_what_is_as_deep_as_allowed_is_read(tmp_path: Path) -> None:
    text = '{"ocid": "x", "a": ' + "[" * (MAX_DEPTH - 1) + "]" * (MAX_DEPTH - 1) + "}"
    assert read(tmp_path, text.encode())[0].reason == ""


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "ocds_not_json"),
        (b"not json", "ocds_not_json"),
        (b'{"releases": [{"ocid": "x"}', "ocds_not_json"),
        (b"\xff\xfe\xfa", "ocds_not_utf8"),
        ('{"ocid": "ä"}'.encode("latin-1"), "ocds_not_utf8"),
        (b'{"releases": []}', "ocds_without_releases"),
        (b"[]", "ocds_without_releases"),
        (b"[" * 100_000, "ocds_too_deep"),
        (b'{"a":' * 100_000, "ocds_too_deep"),
    ],
)
def test_a_file_that_is_no_json_as_a_whole_is_refused(tmp_path: Path, content: bytes, code: str) -> None:
    assert refused(tmp_path, content) == code


def test_a_file_is_read_up_to_its_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = json.dumps(titled("A")).encode()
    monkeypatch.setattr(files, "MAX_BYTES", len(content))
    assert read(tmp_path, content)[0].ocid == "ocds-213czf-1"
    assert refused(tmp_path, content + b" ") == "ocds_too_large"


@pytest.mark.parametrize("form", ["$numberLong", "$numberDecimal", "$numberInt", "$numberDouble"])
def test_amounts_as_a_database_writes_them_are_amounts(form: str) -> None:
    body = RELEASE | {"tender": {"value": {"amount": {form: "123456"}, "currency": "EUR"}}}
    assert release_of(body).whole.value == Money(Decimal(123456), "EUR")


@pytest.mark.parametrize(
    ("part", "field"),
    [
        ({"tender": "text"}, "tender"),
        ({"tender": {"title": {"fi": "x"}}}, "tender.title"),
        ({"tender": {"value": {"amount": "a lot"}}}, "tender.value.amount"),
        ({"tender": {"value": {"amount": {"$numberLong": True}}}}, "tender.value.amount"),
        ({"tender": {"value": {"amount": "9" * 61}}}, "tender.value.amount"),
        ({"tender": {"value": {"amount": "NaN"}}}, "tender.value.amount"),
        ({"tender": {"value": {"amount": True}}}, "tender.value.amount"),
        ({"tender": {"numberOfTenderers": "two"}}, "tender.numberOfTenderers"),
        ({"tender": {"lots": {"id": "1"}}}, "tender.lots"),
        ({"contracts": ["x"]}, "contracts"),
        ({"contracts": [{"id": "c", "period": []}]}, "contracts.period"),
        ({"parties": [{"id": ["x"]}]}, "parties.id"),
        ({"awards": [{"id": "a", "suppliers": [1]}]}, "awards.suppliers"),
    ],
)
def test_a_field_of_another_type_is_named(part: dict[str, Any], field: str) -> None:
    with pytest.raises(ReleaseRefused) as error:
        release_of(RELEASE | part)
    assert (error.value.code, error.value.field) == ("ocds_wrong_type", field)


def test_addresses_and_documents_may_be_as_wrong_as_they_like() -> None:
    release = RELEASE | {"tender": {"title": "A", "documents": [{"id": "1", "url": "nowhere", "format": 5}]}}
    assert release_of(release).title == "A"


def test_an_award_without_a_contract_is_a_contract_unless_it_led_to_nothing() -> None:
    suppliers = [{"id": "x", "name": "Oy"}]
    awards = [
        {"id": "1", "suppliers": suppliers, "contractPeriod": {"startDate": "2019-01-01"}},
        {"id": "2", "suppliers": suppliers, "status": "unsuccessful"},
        {"id": "3", "suppliers": suppliers, "status": "cancelled"},
        {"id": "4"},
        {"id": "5", "suppliers": suppliers},
    ]
    release = release_of(RELEASE | {"awards": awards, "contracts": [{"id": "c", "awardID": "5"}]})
    assert [(one.id, one.period.starts_on) for one in release.contracts] == [("c", None), (None, "2019-01-01")]


@given(st.dictionaries(NAMES, TREES, max_size=6))
def test_any_tree_is_read_or_refused_with_a_field(tree: dict[str, Any]) -> None:
    text = json.dumps(RELEASE | tree)
    for one in list(files._numbered(files._documents(text))):
        if one.release is not None:
            with suppress(ReleaseRefused):
                release_of(files._one([one]).release or {})


@settings(max_examples=300)
@given(
    st.binary(max_size=200) | st.text(max_size=200).map(str.encode) | TREES.map(lambda tree: json.dumps(tree).encode())
)
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    try:
        found = read(tmp_path_factory.getbasetemp(), content)
    except FileUnreadable:
        return
    assert all(one.release is not None or one.reason for one in found)


def test_a_long_file_is_read_in_a_time_that_grows_with_its_length(tmp_path: Path) -> None:
    def seconds(count: int) -> float:
        """Of the processor, in the quickest of three: a busy machine stops now and then."""
        content = json.dumps(package(*(titled("A", f"ocds-{number}") for number in range(count)))).encode()
        taken = []
        for _ in range(3):
            began = time.process_time()
            assert len(read(tmp_path, content)) == count
            taken.append(time.process_time() - began)
        return min(taken)

    seconds(500)
    assert seconds(8000) < 24 * max(seconds(1000), 0.005)
