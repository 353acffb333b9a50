"""What is said when a contract is registered or changed, at the limit of each warning."""

import pytest

from app.rules.facts import ClauseFacts, Completion, ContractFacts
from app.rules.warnings import clause_advice, registration_warnings
from tests.factories import clause, contract, d, fixed, promise, threshold

MAY_FOLLOW = fixed(completion=Completion.MAY_FOLLOW_CONTRACT)


def told(facts: ContractFacts, signed: str | None = None) -> list[tuple[str, dict[str, object]]]:
    """Codes and values of the warnings, in their order."""
    return [
        (reason.code, dict(reason.values)) for reason in registration_warnings(facts, d(signed) if signed else None)
    ]


def codes(facts: ContractFacts, signed: str | None = None) -> list[str]:
    return [code for code, _ in told(facts, signed)]


def test_a_sound_clause_is_registered_without_a_word() -> None:
    assert told(contract()) == []


# --- Too little time


def test_nine_months_cannot_be_met_in_a_contract_of_eight() -> None:
    assert told(contract(ends="31.10.2018")) == [
        ("cannot_be_met_from_start", {"months": 9, "starts_on": d("1.3.2018"), "ends_on": d("31.10.2018")})
    ]


@pytest.mark.parametrize(
    ("ends", "codes_told"),
    [
        ("29.11.2018", ["cannot_be_met_from_start"]),
        ("30.11.2018", ["leaves_little_time"]),  # exactly nine months: the first day is the only one
        ("26.2.2019", ["leaves_little_time"]),  # until 27.5.2018, 87 days
        ("27.2.2019", []),  # until 31.5.2018, 91 days
    ],
)
def test_the_warning_turns_on_the_last_day_to_start(ends: str, codes_told: list[str]) -> None:
    assert codes(contract(ends=ends)) == codes_told


@pytest.mark.parametrize(("lead", "warned"), [(90, False), (91, False), (92, True)])
def test_less_than_the_lead_time_is_little_and_exactly_the_lead_time_is_not(lead: int, warned: bool) -> None:
    expected = [("leaves_little_time", {"latest_start_on": d("31.5.2018"), "lead_days": 92})]
    assert told(contract(ends="27.2.2019", lead=lead)) == (expected if warned else [])


def test_someone_hired_before_the_start_may_save_a_short_contract() -> None:
    assert codes(contract(ends="31.10.2018", counts_from="31.1.2018")) == ["leaves_little_time"]
    assert codes(contract(ends="31.10.2018", counts_from="1.2.2018")) == ["leaves_little_time"]
    assert codes(contract(ends="31.10.2018", counts_from="2.2.2018")) == ["cannot_be_met_from_start"]


def test_where_the_months_may_follow_a_short_contract_can_be_met() -> None:
    assert codes(contract(ends="31.10.2018", clause=MAY_FOLLOW)) == []
    assert codes(contract(ends="29.5.2018", clause=MAY_FOLLOW)) == ["leaves_little_time"]
    assert codes(contract(ends="30.5.2018", clause=MAY_FOLLOW)) == []


def test_a_short_time_to_start_leaves_little_time() -> None:
    assert told(contract(clause=fixed(start_within=2))) == [
        ("leaves_little_time", {"latest_start_on": d("30.4.2018"), "lead_days": 90})
    ]
    assert codes(contract(clause=fixed(start_within=3))) == []  # 31.5.2018, 91 days


# --- The work condition


@pytest.mark.parametrize(
    ("signed", "months", "needed"),
    [
        ("1.9.2024", 9, None),
        ("1.9.2024", 6, None),
        ("1.9.2024", 5, 6),
        ("2.9.2024", 9, 12),
        ("2.9.2024", 11, 12),
        ("2.9.2024", 12, None),
    ],
)
def test_a_job_that_fulfils_no_work_condition_is_told_to_its_author(
    signed: str, months: int, needed: int | None
) -> None:
    expected = [] if needed is None else [("below_work_condition", {"months": months, "months_needed": needed})]
    assert told(contract(clause=fixed(months=months)), signed) == expected


def test_without_a_day_of_signing_the_contracts_start_decides() -> None:
    assert codes(contract(starts="1.9.2024", ends="31.8.2026")) == []
    assert codes(contract(starts="2.9.2024", ends="31.8.2026")) == ["below_work_condition"]


@pytest.mark.parametrize(
    ("signed", "hours", "warned"),
    [("1.9.2024", "17.99", True), ("1.9.2024", "18", False), ("1.9.2024", None, False), ("2.9.2024", "10", False)],
)
def test_hours_below_those_of_the_work_condition_are_told_to_its_author(
    signed: str, hours: str | None, warned: bool
) -> None:
    facts = contract(clause=clause(fixed().terms, months=12, hours=hours))
    expected = [("hours_below_work_condition", {"hours": facts.clause.min_weekly_hours, "hours_needed": 18})]
    assert told(facts, signed) == (expected if warned else [])


# --- Heavy for the value


@pytest.mark.parametrize("terms", [fixed(2), promise(2)])
@pytest.mark.parametrize(("value", "warned"), [("399999.99", True), (400_000, False), (None, False)])
def test_more_than_a_person_for_each_two_hundred_thousand_euros_is_heavy(
    terms: ClauseFacts, value: int | str | None, warned: bool
) -> None:
    expected = [("heavy_for_value", {"positions": 2, "cents": 399_999_99, "limit_cents": 200_000_00})]
    assert told(contract(clause=terms, value=value)) == (expected if warned else [])


@pytest.mark.parametrize(
    ("euros", "per", "warned"),
    [("199999.99", 1, True), (200_000, 1, False), (399_999, 2, True), (400_000, 2, False)],
)
def test_a_threshold_is_heavy_where_it_asks_for_more(euros: int | str, per: int, warned: bool) -> None:
    facts = contract(clause=threshold(euros, per))
    assert codes(facts) == (["heavy_for_value"] if warned else [])


def test_a_heavy_threshold_says_its_numbers() -> None:
    assert told(contract(clause=threshold(100_000, 2))) == [
        ("heavy_for_value", {"positions": 2, "cents": 100_000_00, "limit_cents": 200_000_00})
    ]


def test_every_warning_that_applies_is_told() -> None:
    facts = contract(
        clause=clause(fixed(5).terms, months=5, hours="10", start_within=2), starts="1.3.2018", value=100_000
    )
    assert codes(facts) == [
        "leaves_little_time",
        "below_work_condition",
        "hours_below_work_condition",
        "heavy_for_value",
    ]


# --- Advice for whoever still writes the clause


def advised(facts: ContractFacts, signed: str | None = None) -> list[tuple[str, dict[str, object]]]:
    """What the advice says beyond the warnings."""
    warned = registration_warnings(facts, d(signed) if signed else None)
    given = clause_advice(facts, d(signed) if signed else None)
    assert given[: len(warned)] == warned
    return [(reason.code, dict(reason.values)) for reason in given[len(warned) :]]


def test_of_twelve_months_nine_leave_three_to_start() -> None:
    assert advised(contract(ends="28.2.2019")) == [
        (
            "short_time_to_start",
            {
                "starts_on": d("1.3.2018"),
                "ends_on": d("28.2.2019"),
                "months": 9,
                "months_left": 3,
                "latest_start_on": d("1.6.2018"),
            },
        )
    ]
    assert advised(contract(starts="1.1.2018", ends="31.12.2018"))[0][1]["months_left"] == 3


@pytest.mark.parametrize(
    ("ends", "told_so"),
    [
        ("26.2.2019", False),  # until 27.5.2018, less than the lead time: a warning says it
        ("27.2.2019", True),  # until 31.5.2018
        ("31.5.2019", True),  # until 1.9.2018, exactly six months from the start
        ("1.6.2019", False),
    ],
)
def test_the_time_to_start_is_short_from_the_lead_time_to_half_a_year(ends: str, told_so: bool) -> None:
    assert [code for code, _ in advised(contract(ends=ends))] == (["short_time_to_start"] if told_so else [])


def test_a_lead_time_of_days_calls_less_than_a_month_enough() -> None:
    assert advised(contract(ends="29.12.2018", lead=14)) == []


@pytest.mark.parametrize(("signed", "told_so"), [("31.12.2024", False), ("1.1.2025", True)])
def test_services_relieve_the_municipality_no_more(signed: str, told_so: bool) -> None:
    forms = frozenset({"employment", "work_trial"})
    facts = contract(clause=clause(fixed().terms, months=12, forms=forms))
    assert advised(facts, signed) == ([("services_charged", {"since": d("1.1.2025")})] if told_so else [])
    assert advised(contract(clause=fixed(months=12)), signed) == []
