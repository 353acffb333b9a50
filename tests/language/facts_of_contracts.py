"""Facts of contracts for the tests of sentences: two years from 1.3.2018, nine months, unless said otherwise."""

from datetime import date

from app.rules.facts import ClauseFacts, Completion, ContractFacts, FixedCount, PositionFacts, Terms

STARTS_ON, ENDS_ON = date(2018, 3, 1), date(2020, 2, 28)


def clause(positions: int = 1, *, terms: Terms | None = None, **changes: object) -> ClauseFacts:
    values: dict[str, object] = {"terms": terms or FixedCount(positions), "completion": Completion.WITHIN_CONTRACT}
    return ClauseFacts(**(values | changes))  # type: ignore[arg-type]


def contract(terms: ClauseFacts, **changes: object) -> ContractFacts:
    days = dict.fromkeys(("starts_on", "counts_from", "registered_on", "last_recorded_on"), STARTS_ON)
    return ContractFacts(**({"clause": terms, "ends_on": ENDS_ON} | days | changes))  # type: ignore[arg-type]


def job(name: str, starts_on: date, **changes: object) -> PositionFacts:
    values: dict[str, object] = {"id": name, "starts_on": starts_on, "agreed_on": starts_on, "logged_on": starts_on}
    kind = {"employment_form": "employment", "target_group": "immigrant"}
    return PositionFacts(**(values | kind | changes))  # type: ignore[arg-type]


def jobs(count: int, starts_on: date = date(2018, 9, 2)) -> tuple[PositionFacts, ...]:
    return tuple(job(f"job-{number}-id", starts_on) for number in range(count))
