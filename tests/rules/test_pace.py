"""When the next position falls due if purchases go on as they do."""

from app.rules.clauses import next_threshold
from app.rules.facts import ContractFacts
from app.rules.pace import Pace, pace, whole_months
from tests.factories import contract, d, fixed, purchase, threshold

END = d("28.2.2020")


def framework(*purchases: object, **changes: object) -> ContractFacts:
    """A threshold of 1 000 euros, from 1.3.2018 to 28.2.2020."""
    return contract(*purchases, clause=threshold(1000), **changes)  # type: ignore[arg-type]


def pace_on(facts: ContractFacts, day: str) -> Pace | None:
    return pace(facts, END, d(day))


def test_a_short_contract_is_measured_from_its_start() -> None:
    # 92 days of March, April and May brought 460 euros: 5 a day, and 540 are left.
    found = pace_on(framework(purchase("1.3.2018", 460)), "31.5.2018")
    assert found == Pace(d("1.3.2018"), 460_00, d("16.9.2018"), 4)


def test_before_three_full_months_nothing_is_foretold() -> None:
    facts = framework(purchase("1.3.2018", 460))
    assert pace_on(facts, "30.5.2018") is None
    assert pace_on(facts, "31.5.2018") is not None


def test_only_the_last_twelve_months_count() -> None:
    facts = framework(purchase("31.5.2018", 900), purchase("1.6.2018", 10), purchase("1.3.2019", 20))
    found = pace_on(facts, "31.5.2019")
    assert found is not None
    assert (found.since, found.cents) == (d("1.6.2018"), 30_00)


def test_credit_notes_slow_the_pace_and_may_stop_it() -> None:
    assert pace_on(framework(purchase("1.3.2018", 500), purchase("1.4.2018", -500)), "30.6.2018") is None
    assert pace_on(framework(purchase("1.3.2018", 500), purchase("1.4.2018", -501)), "30.6.2018") is None
    assert pace_on(framework(purchase("1.3.2018", 500), purchase("1.4.2018", -499)), "30.6.2018") is not None


def test_the_sum_must_be_reached_within_the_contract() -> None:
    # As much is left as was bought in a year, and a year is left; with a cent less it would be a day too late.
    assert pace_on(framework(purchase("1.3.2018", 500)), "28.2.2019") == Pace(d("1.3.2018"), 500_00, END, 12)
    late = pace_on(framework(purchase("1.3.2018", "499.99")), "28.2.2019")
    assert late == Pace(d("1.3.2018"), 499_99, None, None)


def test_nothing_is_foretold_where_no_position_can_fall_due() -> None:
    bought = purchase("1.3.2018", 1500)
    assert pace_on(contract(bought, clause=fixed(1)), "31.12.2018") is None
    assert pace_on(contract(bought, clause=threshold(1000, cap=1)), "31.12.2018") is None
    lately = framework(bought, purchase("1.2.2020", 10))
    assert pace_on(lately, "28.2.2020") == Pace(d("28.2.2019"), 10_00, None, None)
    assert pace_on(lately, "29.2.2020") is None


def test_the_next_threshold_is_the_one_not_yet_reached() -> None:
    for euros, next_at in ((0, 1000), ("999.99", 1000), (1000, 2000), (-500, 1000)):
        ahead = next_threshold(framework(purchase("1.3.2018", euros)), END, d("1.4.2018"))
        assert ahead is not None
        assert ahead.next_at_cents == next_at * 100
        assert ahead.left_cents == ahead.next_at_cents - ahead.purchased_cents


def test_days_become_the_nearest_whole_months() -> None:
    assert [whole_months(days) for days in (0, 15, 16, 45, 46, 365)] == [0, 0, 1, 1, 2, 12]
