"""Notices read: what of them is found, and files that are no notices or mean harm."""

import base64
import json
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from app.services.eforms_drafts import draft_of
from app.sources.eforms import document
from app.sources.eforms.document import read
from app.sources.eforms.notices import Amount, Company, Notice
from app.sources.eforms.reading import notice_of
from app.sources.files import FileUnreadable
from tests import notices
from tests.notices import HELSINKI, STOCKHOLM, Lot, Won, award

DATA = os.environ.get("SIEPP_TEST_DATA")
needs_data = pytest.mark.skipif(DATA is None, reason="SIEPP_TEST_DATA is unset: the published notices are not at hand")


def read_notice(data: bytes | str) -> Notice:
    return notice_of(read(data.encode() if isinstance(data, str) else data))


def published(name: str) -> bytes:
    assert DATA is not None
    return (Path(DATA) / "eforms" / f"{name}.xml").read_bytes()


def refused(data: bytes) -> str:
    with pytest.raises(FileUnreadable) as caught:
        read_notice(data)
    return caught.value.code


# --- What a notice tells


def test_a_contract_notice_tells_of_the_procedure_and_its_lots() -> None:
    found = read_notice(notices.Notice().bytes())
    assert (found.title, found.reference, found.procedure_type) == (
        "Siivouspalvelut 2026–2028",
        "HEL 2026-000123",
        "open",
    )
    assert found.buyers == (Company(*HELSINKI),)
    assert not found.is_award
    lot = found.lots[0]
    assert (lot.id, lot.estimate, lot.objectives) == ("LOT-0001", Amount("500000", "EUR"), ("opp",))
    assert lot.conditions == (notices.CONDITION,)
    assert lot.result is None


def test_a_text_in_several_languages_is_taken_in_finnish_then_swedish_then_english() -> None:
    text = notices.Notice().xml()
    assert read_notice(text.replace('"FIN"', '"SWE"')).title == "Städtjänster"
    assert read_notice(text.replace('"SWE"', '"DEU"')).title == "Siivouspalvelut 2026–2028"
    assert read_notice(text.replace('"FIN"', '"LIT"').replace('"SWE"', '"DEU"')).title == "Städtjänster"


def test_a_winner_is_found_from_the_result_by_tender_and_tenderer_to_the_company() -> None:
    found = read_notice(award([Lot(won=[Won([HELSINKI, STOCKHOLM], [("Ali Oy", "1234567-1", "FIN")])])]).bytes())
    result = found.lots[0].result
    assert result is not None
    (won,) = result.awards
    assert (won.reference, won.signed_on, won.value) == ("S-2026-1", "2026-02-15+02:00", Amount("480000.00", "EUR"))
    assert won.lead == Company(*HELSINKI)
    assert won.members == (Company(*STOCKHOLM),)
    assert won.subcontractors == (Company("Ali Oy", "1234567-1", "FIN"),)


def test_the_member_marked_as_leader_leads_whatever_the_order() -> None:
    found = read_notice(award([Lot(won=[Won([HELSINKI, STOCKHOLM], lead=1)])]).bytes())
    assert found.lots[0].result is not None
    assert found.lots[0].result.awards[0].lead == Company(*STOCKHOLM)


def test_a_lot_without_a_winner_says_why() -> None:
    found = read_notice(award([Lot(status="clos-nw", reason="no-rece"), Lot(id="LOT-0002", won=[Won()])]).bytes())
    first, second = (lot.result for lot in found.lots)
    assert first is not None
    assert second is not None
    assert (first.statuses, first.reason, first.awards) == (("clos-nw",), "no-rece", ())
    assert second.awards


def test_a_tender_that_several_lots_name_has_one_value_for_all_of_them() -> None:
    lots = [Lot(id=f"LOT-000{n}", won=[Won(tender="TEN-1")]) for n in (1, 2)]
    found = read_notice(award(lots).bytes())
    assert [lot.result.awards[0].lots for lot in found.lots if lot.result] == [2, 2]


def test_contact_persons_are_not_read() -> None:
    assert "Kontakti" not in str(read_notice(notices.Notice().bytes()))


@pytest.mark.parametrize(("said", "used"), [("true", True), ("false", False), ("1", True), ("perhaps", None)])
def test_hilmas_statistics_are_read_from_an_extension(said: str, used: bool | None) -> None:
    inside = (
        f"<h:EmploymentCondition xmlns:h='urn:hilma'>{said}</h:EmploymentCondition>"
        "<h:HowManyOpportunitiesIsEstimated xmlns:h='urn:hilma'>3</h:HowManyOpportunitiesIsEstimated>"
    )
    lot = read_notice(notices.Notice([Lot(inside=inside)]).bytes()).lots[0]
    assert (lot.employment_condition, lot.opportunities) == (used, 3)


def test_hilmas_statistics_are_read_next_to_the_notice_in_its_own_interfaces_shape() -> None:
    statistics = {"LOT-0002": {"employmentCondition": True, "howManyOpportunitiesIsEstimated": 4}}
    body = {
        "eForm": base64.b64encode(notices.Notice([Lot(), Lot(id="LOT-0002")]).bytes()).decode(),
        "hilmaStatistics": statistics,
    }
    first, second = read_notice(json.dumps(body)).lots
    assert (first.employment_condition, first.opportunities) == (None, None)
    assert (second.employment_condition, second.opportunities) == (True, 4)


def test_the_texts_of_a_document_are_known_by_line() -> None:
    text = notices.Notice().xml().replace("<cac:ContractingParty>", "\n\n<cac:ContractingParty>")
    texts = {words: line for line, words in read(text.encode()).texts}
    assert (texts["01"], texts["ORG-0001"], texts["HEL 2026-000123"]) == (1, 3, 3)


# --- Files that are no notice, or mean harm

HEAD = b'<?xml version="1.0"?>'
LAUGHS = HEAD + b'<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><a>&b;</a>'
QUADRATIC = HEAD + b'<!DOCTYPE a [<!ENTITY a "' + b"x" * 50_000 + b'">]><a>' + b"&a;" * 50_000 + b"</a>"
OUTSIDE = HEAD + b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
REMOTE = HEAD + b'<!DOCTYPE a SYSTEM "http://127.0.0.1:9/evil.dtd"><a/>'
PARAMETER = HEAD + b'<!DOCTYPE a [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x"> %x;]><a/>'


@pytest.mark.parametrize("data", [LAUGHS, QUADRATIC, OUTSIDE, REMOTE, PARAMETER, HEAD + b"<!DOCTYPE a><a/>"])
def test_a_document_type_is_refused_before_anything_in_it_is_expanded_or_fetched(data: bytes) -> None:
    assert refused(data) == "xml_with_entities"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\x03\x04\x14\x00",
        b"<!doctype html><html><body>404</body></html>"[9:],
        b"a;b;c\n1;2;3\n",
        notices.Notice().bytes()[:-40],
        notices.Notice().bytes()[:2000],
        notices.Notice().xml().encode("latin-1", "replace").replace(b"?", b"\xe4", 40),
        notices.Notice().xml().replace("UTF-8", "no-such-encoding").encode(),
        notices.Notice().xml().encode("utf-16"),
        b'{"eForm": 5}',
        b'{"eForm": "!!!"}',
        b'{"eForm"',
        b"{" * 100_000,
        b'{"a":' * 100_000,
    ],
)
def test_what_is_no_xml_is_said_to_be_none(data: bytes) -> None:
    assert refused(data) == "not_xml"


def test_html_that_asks_for_a_document_type_is_refused_too() -> None:
    assert refused(b"<!DOCTYPE html><html></html>") == "xml_with_entities"


def test_a_notice_in_another_encoding_that_it_names_is_read() -> None:
    text = notices.Notice().xml()
    assert read_notice(text.replace("UTF-8", "UTF-16").encode("utf-16")).title == "Siivouspalvelut 2026–2028"
    plain = text.replace("2026–2028", "2026").replace("UTF-8", "ISO-8859-1").encode("latin-1")
    assert read_notice(plain).lots[0].conditions == (notices.CONDITION,)
    assert read_notice(b"\xef\xbb\xbf" + notices.Notice().bytes()).lots


@pytest.mark.parametrize("root", ["html", "Invoice", "{urn:x}ContractNotice"])
def test_xml_of_another_kind_is_no_notice(root: str) -> None:
    name = root.rpartition("}")[2]
    assert refused(f"<{name} xmlns='urn:x'/>".encode()) == "not_a_notice"


def test_a_notice_without_an_id_is_none() -> None:
    assert refused(notices.Notice(id="").bytes()) == "not_a_notice"


@pytest.mark.parametrize(
    ("root", "form", "code"),
    [
        ("PriorInformationNotice", "planning", "notice_of_plans"),
        ("PriorInformationNotice", "competition", "notice_of_plans"),
        ("ContractNotice", "planning", "notice_of_plans"),
        ("ContractAwardNotice", "cont-modif", "notice_of_modification"),
    ],
)
def test_notices_of_plans_and_of_changes_to_contracts_are_named_as_what_they_are(
    root: str, form: str, code: str
) -> None:
    assert refused(notices.Notice(root=root, form=form).bytes()) == code


def test_a_notice_without_lots_has_nothing_to_register() -> None:
    assert refused(notices.Notice([]).bytes()) == "notice_without_lots"
    assert refused(notices.Notice().xml().replace('"Lot"', '"LotsGroup"').encode()) == "notice_without_lots"


def padded(size: int) -> bytes:
    begun = notices.Notice().bytes()
    return begun + b" " * (size - len(begun))


def test_size_is_bounded_at_the_byte() -> None:
    assert read_notice(padded(document.MAX_BYTES - 1)).lots
    assert read_notice(padded(document.MAX_BYTES)).lots
    assert refused(padded(document.MAX_BYTES + 1)) == "xml_too_large"


def test_size_is_bounded_within_json_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document, "MAX_BYTES", 3000)
    for size, code in ((3000, None), (3001, "xml_too_large")):
        data = json.dumps({"eForm": base64.b64encode(b"<a/>" + b" " * (size - 4)).decode()}).encode()
        assert refused(data) == (code or "not_a_notice")
    monkeypatch.setattr(document, "MAX_WRAPPED_BYTES", 100)
    assert refused(b'{"eForm": "' + b"A" * 100 + b'"}') == "xml_too_large"


def nested(depth: int) -> bytes:
    return b"<a>" * depth + b"</a>" * depth


def test_depth_and_number_of_elements_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document, "MAX_ELEMENTS", 100)
    assert refused(nested(document.MAX_DEPTH)) == "not_a_notice"
    assert refused(nested(document.MAX_DEPTH + 1)) == "xml_too_deep"
    assert refused(b"<a>" + b"<b/>" * 99 + b"</a>") == "not_a_notice"
    assert refused(b"<a>" + b"<b/>" * 100 + b"</a>") == "xml_too_deep"
    assert refused(b"<a>" + b"<b c='d'/>" * 50 + b"</a>") == "xml_too_deep"


# --- Whatever comes


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=2000) | st.text(max_size=500).map(str.encode))
@example(LAUGHS)
def test_any_bytes_are_a_notice_or_a_file_that_cannot_be_read(data: bytes) -> None:
    refused_or_drafted(data)


RICH = award(
    [
        Lot(
            won=[Won([HELSINKI, STOCKHOLM], [("Ali Oy", "1234567-1", "FIN")]), Won(reference="S-2", currency="SEK")],
            extension="<cbc:MaximumNumberNumeric>2</cbc:MaximumNumberNumeric>",
        ),
        Lot(id="LOT-0002", status="open-nw", period='<cbc:DurationMeasure unitCode="MONTH">24</cbc:DurationMeasure>'),
    ]
).xml()
TOKENS = [
    "",
    "0",
    "-1",
    "999999999999999999999",
    "NaN",
    "1E9",
    "€",
    "\u200b",
    "2026-02-30",
    "20019-01-01",
    "<x/>",
    "]]>",
]


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_notice_changed_anywhere_is_drafted_or_cannot_be_read(data: st.DataObject) -> None:
    text = RICH
    for _ in range(data.draw(st.integers(1, 4))):
        begin = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(begin, min(begin + 60, len(text))))
        text = text[:begin] + data.draw(st.sampled_from(TOKENS) | st.text(max_size=30)) + text[end:]
    refused_or_drafted(text.encode("utf-8", "surrogatepass"))


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_any_value_in_the_place_of_any_other_is_drafted_or_cannot_be_read(data: st.DataObject) -> None:
    """The XML stays well formed, so that what lies behind the parser is reached."""
    parts = RICH.split(">")
    places = [n for n, part in enumerate(parts) if not part.startswith("<") and "<" in part]
    for place in data.draw(st.lists(st.sampled_from(places), min_size=1, max_size=5)):
        value = data.draw(st.sampled_from(TOKENS[:-2]) | st.text(st.characters(codec="utf-8"), max_size=40))
        plain = "".join(sign for sign in value if sign.isprintable() and sign not in "<&")
        parts[place] = plain + parts[place][parts[place].index("<") :]
    refused_or_drafted(">".join(parts).encode())


def refused_or_drafted(data: bytes) -> None:
    try:
        found = read_notice(data)
    except FileUnreadable:
        return
    for lot in found.lots:
        told = draft_of(found, lot)
        assert type(told).model_validate(told.stored()) == told


# --- Published notices


@needs_data
@pytest.mark.parametrize(
    ("name", "lots", "awards"),
    [
        ("cn_24_maximal", ["LOT-0001", "LOT-0002"], [0, 0]),
        ("can_24_maximal", ["LOT-0001", "LOT-0002"], [2, 0]),
        ("can_24_minimal", ["LOT-0000"], [1]),
        ("can_23_contracts", ["LOT-0000"], [2]),
        ("can-social_24", ["LOT-0001", "LOT-0002", "LOT-0003"], [0, 1, 0]),
    ],
)
def test_a_published_notice_gives_its_lots_and_contracts(name: str, lots: list[str], awards: list[int]) -> None:
    found = read_notice(published(name))
    assert [lot.id for lot in found.lots] == lots
    assert [len(lot.result.awards) if lot.result else 0 for lot in found.lots] == awards


@needs_data
def test_the_largest_published_notice_is_read_as_it_stands() -> None:
    found = read_notice(published("can_24_maximal"))
    lot = found.lots[0]
    assert (lot.strategies, lot.objectives, lot.renewals) == (("env-imp",), ("acc-all",), 3)
    assert lot.period.starts_on == "2023-01-01+01:00"
    assert lot.result is not None
    first = lot.result.awards[0]
    assert first.lead is not None
    assert (first.lead.name, [one.name for one in first.members]) == ("Gyro Soft SA", ["The best App Ltd."])
    assert [one.name for one in first.subcontractors] == ["Ayuda"]
    assert (first.reference, first.value) == ("REF RST-678", Amount("9999999.99", "EUR"))


@needs_data
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_published_notice_changed_anywhere_is_drafted_or_cannot_be_read(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(["can_24_minimal", "can-social_24", "can_23_contracts"]))
    raw = bytearray(published(name))
    for _ in range(data.draw(st.integers(1, 5))):
        place = data.draw(st.integers(0, len(raw) - 1))
        raw[place : place + data.draw(st.integers(0, 40))] = data.draw(st.binary(max_size=20))
    refused_or_drafted(bytes(raw))
