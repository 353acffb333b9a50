"""What becomes of a notice's lot: which field takes what, and what is told beside it."""

from typing import Any

import pytest
from pydantic import ValidationError

from app.rules.drafts import FactCode
from app.schemas.imported_drafts import LINE, ImportedDraft, day, fact, line, money, paragraphs
from app.services.eforms_drafts import draft_of, period_days
from app.sources.eforms.document import read
from app.sources.eforms.notices import Period
from app.sources.eforms.reading import notice_of
from tests import notices
from tests.notices import HELSINKI, Lot, Notice, Won, award


def draft(notice: Notice, place: int = 0) -> ImportedDraft:
    found = notice_of(read(notice.bytes()))
    return draft_of(found, found.lots[place])


def facts(told: ImportedDraft) -> dict[FactCode, Any]:
    return {one.code: one.values for one in told.found}


def with_contract(**changes: Any) -> ImportedDraft:
    return draft(award([Lot(won=[Won(**changes)])]))


# --- The procurement


@pytest.mark.parametrize(
    ("whole", "part", "title"),
    [
        ("Siivouspalvelut", "Osa 1: koulut", "Siivouspalvelut: Osa 1: koulut"),
        ("Siivouspalvelut", "siivouspalvelut", "Siivouspalvelut"),
        ("Siivous", "Siivous, osa 1", "Siivous, osa 1"),
        ("S" * 150, "O" * 48, "S" * 150 + ": " + "O" * 48),
        ("S" * 150, "O" * 49, "O" * 49),
    ],
)
def test_a_lot_is_called_by_the_procedure_and_itself_where_both_fit(whole: str, part: str, title: str) -> None:
    told = draft(Notice([Lot(title=part)], title=whole))
    assert told.procurement.title == title
    assert (FactCode.PROCEDURE_TITLE in facts(told)) == (whole not in title)


def test_a_title_too_long_for_its_field_is_cut_and_said_to_be() -> None:
    told = draft(Notice([Lot(title="")], title="S" * (LINE + 1)))
    assert told.procurement.title == "S" * (LINE - 1) + "…"
    assert facts(told)[FactCode.SHORTENED] == {"field": "title"}
    assert FactCode.SHORTENED not in facts(draft(Notice([Lot(title="")], title="S" * LINE)))


@pytest.mark.parametrize(("nature", "kind"), [("services", "services"), ("supplies", "goods"), ("works", "works")])
def test_the_kind_of_procurement(nature: str, kind: str) -> None:
    assert draft(Notice([Lot(nature=nature)])).procurement.kind == kind


def test_a_kind_that_is_unknown_is_left_to_a_person() -> None:
    told = draft(Notice([Lot(nature="combined")]))
    assert told.procurement.kind is None
    assert "kind" in told.missing
    assert facts(told)[FactCode.UNREADABLE] == {"field": "kind", "text": "combined"}


def test_the_estimate_of_the_procedure_is_that_of_its_only_lot_and_no_others() -> None:
    end = "</cac:ProcurementProject><cac:ProcurementProjectLot>"
    whole = "<cac:RequestedTenderTotal><cbc:EstimatedOverallContractAmount currencyID='EUR'>900000"
    whole += "</cbc:EstimatedOverallContractAmount></cac:RequestedTenderTotal>"

    def with_whole(lots: list[Lot]) -> ImportedDraft:
        text = Notice(lots).xml()
        text = text.replace(end, whole + end, 1)
        found = notice_of(read(text.encode()))
        return draft_of(found, found.lots[0])

    assert with_whole([Lot(estimate="")]).procurement.estimated_value_eur == 90_000_000
    assert with_whole([Lot(estimate=""), Lot(id="LOT-0002")]).procurement.estimated_value_eur is None


def test_that_an_objective_is_about_employment_makes_no_clause() -> None:
    told = draft(Notice([Lot(objectives=["opp"])]))
    assert told.procurement.clause is None
    assert facts(told)[FactCode.SOCIAL_OBJECTIVE] == {"objective": "opp"}
    assert told.missing == ["clause"]


# --- The period


@pytest.mark.parametrize(
    ("period", "days"),
    [
        (Period("2026-03-01+02:00", "2028-02-29+02:00"), ("2026-03-01", "2028-02-29")),
        (Period("2026-03-01Z", None, 24, "MONTH"), ("2026-03-01", "2028-02-29")),
        (Period("2026-05-31", None, 9, "MONTH"), ("2026-05-31", "2027-02-27")),
        (Period("2026-03-01", None, 2, "YEAR"), ("2026-03-01", "2028-02-29")),
        (Period("2026-03-01", None, 1, "WEEK"), ("2026-03-01", "2026-03-07")),
        (Period("2026-03-01", None, 1, "DAY"), ("2026-03-01", "2026-03-01")),
        (Period("2026-03-01", None, 0, "MONTH"), ("2026-03-01", None)),
        (Period("2026-03-01", None, 5, "CENTURY"), ("2026-03-01", None)),
        (Period("2026-03-01", None, 1201, "MONTH"), ("2026-03-01", None)),
        (Period("2150-03-01", None, 1200, "MONTH"), ("2150-03-01", None)),
        (Period(None, None, 24, "MONTH"), (None, None)),
        (Period("2026-02-30", "20019-01-01"), (None, None)),
        (Period("1989-12-31", "2200-01-01"), (None, None)),
    ],
)
def test_the_last_day_is_counted_from_the_first_where_only_the_length_is_given(
    period: Period, days: tuple[str | None, str | None]
) -> None:
    assert period_days(period) == days


def test_a_day_is_the_one_written_whatever_the_offset() -> None:
    assert day("2019-09-03+02:00") == day("2019-09-03-12:00") == day(" 2019-09-03T23:59:59Z") == "2019-09-03"
    assert [day(text) for text in (None, "", "3.9.2019", "2019-9-3", "2019-09-031", "١٩٩٩-٠١-٠١")] == [None] * 6


def test_a_day_that_cannot_be_one_is_told() -> None:
    told = with_contract(signed_on="20260-02-15")
    assert told.procurement.signed_on is None
    assert facts(told)[FactCode.UNREADABLE] == {"field": "signed_on", "text": "20260-02-15"}


def test_the_promise_counts_from_the_first_signing() -> None:
    lot = Lot(won=[Won(signed_on="2026-02-16Z"), Won(signed_on="2026-02-15Z", reference="S-2"), Won(signed_on="x")])
    assert str(draft(award([lot])).procurement.signed_on) == "2026-02-15"


# --- Money


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("0", "0.00"),
        ("1200000", "1200000.00"),
        ("0.005", "0.01"),
        ("1E+5", "100000.00"),
        ("999999999999.99", "999999999999.99"),
        ("999999999999.995", None),
        ("1000000000000", None),
        ("-0.01", None),
        ("-1", None),
        ("NaN", None),
        ("Infinity", None),
        ("1E+999999", None),
        ("1,5", None),
        ("", None),
    ],
)
def test_an_amount_is_whole_cents_or_none(text: str, amount: str | None) -> None:
    assert money(text) == amount


def test_only_euros_are_a_value_and_other_money_is_told() -> None:
    assert with_contract(value="1000.5").contracts[0].value_eur == 100050
    told = with_contract(value="1000.5", currency="SEK")
    assert told.contracts[0].value_eur is None
    assert facts(told)[FactCode.OTHER_CURRENCY] == {"field": "value_eur", "amount": "1000.50", "currency": "SEK"}


def test_the_value_of_a_tender_for_several_lots_is_told_and_not_doubled() -> None:
    lots = [Lot(id=f"LOT-000{n}", won=[Won(tender="TEN-1")]) for n in (1, 2)]
    told = draft(award(lots))
    assert told.contracts[0].value_eur is None
    assert facts(told)[FactCode.SHARED_VALUE] == {"amount": "480000.00", "currency": "EUR", "lots": 2}


def test_a_value_that_is_withheld_is_none_and_said_to_be_withheld() -> None:
    privacy = "<efac:FieldsPrivacy><efbc:FieldIdentifierCode>ten-val</efbc:FieldIdentifierCode></efac:FieldsPrivacy>"
    told = with_contract(value="-1", inside_tender=privacy)
    assert told.contracts[0].value_eur is None
    assert facts(told)[FactCode.WITHHELD] == {"field": "ten-val"}
    assert FactCode.UNREADABLE not in facts(told)


# --- Companies


@pytest.mark.parametrize(
    ("company", "body"),
    [
        (("A", "0201256-6", "FIN"), {"business_id": "0201256-6"}),
        (("A", "FI02012566", "FIN"), {"business_id": "0201256-6"}),
        (("A", "02012566", ""), {"business_id": "0201256-6"}),
        (("A", "212000-0142", "SWE"), {"identifier_scheme": "SE-ON", "identifier": "2120000142"}),
        (("A", "12345678", "EST"), {"identifier_scheme": "EE-RIK", "identifier": "12345678"}),
        (("A", "988 077 917", "NOR"), {"identifier_scheme": "NO-BRC", "identifier": "988077917"}),
        (("A", "13585628", "DNK"), {"identifier_scheme": "DK-CVR", "identifier": "13585628"}),
    ],
)
def test_a_number_with_the_right_check_digit_identifies_its_company(
    company: notices.Named, body: dict[str, str]
) -> None:
    told = with_contract(companies=[company])
    supplier = told.contracts[0].supplier
    assert supplier is not None
    assert supplier.model_dump(exclude_none=True) == body | {"name": "A"}
    assert not {FactCode.COMPANY_ID_UNKNOWN, FactCode.COMPANY_ID_MISSING} & set(facts(told))


@pytest.mark.parametrize(
    "company",
    [("A", "0201256-7", "FIN"), ("A", "123 456 789", "GBR"), ("A", "0201256-6", "DEU"), ("A", "Puuttuu", "FIN")],
)
def test_any_other_number_is_told_and_left_to_a_person(company: notices.Named) -> None:
    told = with_contract(companies=[company])
    assert told.contracts[0].supplier is not None
    assert told.contracts[0].supplier.model_dump(exclude_none=True) == {"name": "A"}
    assert facts(told)[FactCode.COMPANY_ID_UNKNOWN] == {"name": "A", "identifier": company[1], "country": company[2]}
    assert "contracts.0.supplier.business_id" in told.missing


@pytest.mark.parametrize(
    "company", [("A", "880320-0016", "SWE"), ("A", "36805280109", "EST"), ("A", "15108695088", "NOR"), ("A", "", "FIN")]
)
def test_a_persons_number_is_neither_kept_nor_shown(company: notices.Named) -> None:
    told = with_contract(companies=[company])
    assert facts(told)[FactCode.COMPANY_ID_MISSING] == {"name": "A", "country": company[2]}
    assert not company[1] or company[1] not in str(told.stored())


def test_parties_without_an_identifier_are_missing_by_their_place() -> None:
    told = with_contract(companies=[HELSINKI, ("B", "", "FIN")])
    assert "contracts.0.parties.0.business_id" in told.missing


def test_more_contracts_than_fit_are_counted() -> None:
    told = draft(award([Lot(won=[Won(reference=f"S-{n}") for n in range(102)])]))
    assert len(told.contracts) == 100
    assert facts(told)[FactCode.MORE_CONTRACTS] == {"count": 2}


def test_a_contract_that_names_another_tender_than_its_lot_is_told() -> None:
    text = award([Lot(won=[Won()])]).xml()
    swapped = text.replace("<efac:LotTender><cbc:ID>TEN-LOT-0001-0", "<efac:LotTender><cbc:ID>TEN-OTHER", 1)
    end = "</cbc:ID></efac:TenderLot></efac:LotTender>"
    swapped = swapped.replace(f"LOT-0001{end}", f"LOT-0009{end}")
    other = "<efac:LotTender><cbc:ID>TEN-OTHER</cbc:ID></efac:LotTender>"
    found = notice_of(read(swapped.replace("</efac:NoticeResult>", f"{other}</efac:NoticeResult>", 1).encode()))
    told = draft_of(found, found.lots[0])
    assert FactCode.WINNER_DIFFERS in facts(told)
    assert told.contracts[0].reference == "S-2026-1"


# --- Texts


def test_texts_lose_control_characters_and_spare_spaces() -> None:
    assert line(" a\x00b \n\t c\u2028 ") == "a b c"
    assert paragraphs("a\x07 b\r\n\r\n\r\n\r\nc  d") == "a b\n\nc d"
    assert (line("  "), line(None), paragraphs("\x00")) == (None, None, None)
    assert line("x" * 201) == "x" * 199 + "…"


def test_an_identity_code_refuses_the_draft_even_where_a_cut_would_hide_it() -> None:
    for text in ("131052-308T", "x" * 195 + " 131052-308T", "y" * 5000 + " 131052-308T"):
        body = {"source": {"kind": "eforms", "key": "k"}, "procurement": {"title": line(text)}}
        with pytest.raises(ValidationError):
            ImportedDraft.model_validate(body)
        told = {"found": [fact(FactCode.CONDITION, text=text)], "procurement": {}}
        with pytest.raises(ValidationError):
            ImportedDraft.model_validate(body | told)
