"""Facts of notices in words: every code in every language, with any value missing, and unknown codes as they are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.language.draft_facts import WORDS, fact_about, fact_text
from app.language.draft_words import MISSING, facts_told, missing_sentence
from app.rules.drafts import FactCode
from app.schemas.imported_drafts import Fact

VALUES = {
    **{"name": "Siivous Oy", "identifier": "123", "country": "GBR", "number": "LOT-0001", "title": "Koulut"},
    **{"reference": "A", "text": "Teksti {x}", "objective": "opp", "used": True, "count": 2, "reservation": "res-ws"},
    **{"unit": "months", "reason": "all-rej", "status": "clos-nw", "day": "2026-02-15", "first": "2026-03-01"},
    **{"last": "2028-02-29", "field": "value_eur", "amount": "1000.50", "currency": "EUR", "percent": "30"},
    **{"lots": 2, "type": "can-standard"},
}
LANGUAGES = ("fi", "sv", "en")


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", FactCode)
def test_every_fact_is_worded_whatever_is_known_of_it(code: FactCode, language: str) -> None:
    assert fact_about(code, language)
    for values in (VALUES, {}, *({name: value} for name, value in VALUES.items())):
        assert fact_text(code, values, language)


@given(
    st.sampled_from(list(FactCode)),
    st.dictionaries(st.sampled_from(list(VALUES)), st.booleans() | st.integers(0, 10**9) | st.text(max_size=20)),
    st.sampled_from(LANGUAGES),
)
def test_any_value_is_worded(code: FactCode, values: dict[str, bool | int | str], language: str) -> None:
    assert fact_text(code, values, language)


@pytest.mark.parametrize(
    ("code", "values", "text"),
    [
        (FactCode.BUYER, {"name": "Helsinki", "identifier": "0201256-6"}, "Helsinki, 0201256-6"),
        (FactCode.LOT, {"number": "LOT-0001", "title": "Schools", "reference": "A"}, "LOT-0001: Schools (A)"),
        (FactCode.PERIOD, {"first": "2026-03-01"}, "From 1 March 2026"),
        (FactCode.DURATION, {"count": 1, "unit": "months"}, "1 month"),
        (FactCode.DURATION, {"count": 24, "unit": "months"}, "24 months"),
        (FactCode.RENEWALS, {"count": 1}, "The contract can be renewed once."),
        (FactCode.RENEWALS, {"count": 3}, "The contract can be renewed 3 times."),
        (
            FactCode.OTHER_CURRENCY,
            {"field": "value_eur", "amount": "2000000.00", "currency": "GBP"},
            "Value of the contract: 2,000,000 GBP. Convert it to euros.",
        ),
        (FactCode.FRAMEWORK, {}, "The purchases are call-offs under a framework agreement."),
        (
            FactCode.NO_WINNER,
            {"status": "clos-nw", "reason": "all-rej"},
            "No winner was chosen and the competition is closed: all tenders were rejected",
        ),
        (FactCode.WITHHELD, {"field": "ten-val"}, "Value of the tender"),
        (FactCode.WITHHELD, {"field": "of-our-own"}, "Of-our-own"),
        (FactCode.NOTICE, {"type": "cn-standard", "number": "123-2026"}, "Contract notice, 123-2026"),
        (FactCode.CONDITION, {"text": "Two {people} are hired."}, "Two {people} are hired."),
    ],
)
def test_a_fact_in_words(code: FactCode, values: dict[str, bool | int | str], text: str) -> None:
    assert plain(fact_text(code, values, "en")) == text


def test_what_decides_about_the_clause_comes_first_and_contracts_last() -> None:
    found = [
        Fact(code=FactCode.SIGNED, contract=1),
        Fact(code=FactCode.BUYER),
        Fact(code=FactCode.SIGNED, contract=0),
        Fact(code=FactCode.SOCIAL_OBJECTIVE),
        Fact(code=FactCode.CONDITION),
    ]
    told = [(one.fact.code, one.fact.contract) for one in facts_told(found, "en")]
    assert told == [
        (FactCode.CONDITION, None),
        (FactCode.SOCIAL_OBJECTIVE, None),
        (FactCode.BUYER, None),
        (FactCode.SIGNED, 0),
        (FactCode.SIGNED, 1),
    ]


def test_what_is_missing_is_said_once_however_many_contracts_lack_it() -> None:
    fields = ["clause", "contracts.0.starts_on", "contracts.0.ends_on", "contracts.0.owner.email"]
    fields += ["contracts.1.owner.email", "contracts.1.parties.3.business_id", "contracts.1.reference"]
    assert missing_sentence(fields, "en") == (
        "Still to be filled in: the employment clause, the contract number, the business IDs of the other parties, "
        "the contract period and the contract owner."
    )
    assert missing_sentence([], "en") == "Everything needed is there. Check it and register."
    assert missing_sentence(["clause", "contracts.0.owner.email"], "fi") == (
        "Täydennä vielä työllistämisehto ja sopimusvastuuhenkilö."
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_a_list_is_said_in_every_language(language: str) -> None:
    for name in MISSING:
        field = name if name in {"reference", "title", "kind", "clause"} else f"contracts.0.{name}"
        assert missing_sentence([field.replace("contract.", "")], language)
    for objective in WORDS["social_objective"]:
        assert fact_text(FactCode.SOCIAL_OBJECTIVE, {"objective": objective}, language)
