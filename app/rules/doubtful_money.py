"""Money that does not add up: sources that are not the budget, and more used than there is."""

from collections.abc import Iterator

from app.rules.outcomes import FundingFacts, ProjectFacts
from app.rules.questions import Question, QuestionCode, asked


def money_doubted(facts: ProjectFacts) -> Iterator[Question]:
    """Whole cents are compared exactly: who rounded a budget is asked about it once."""
    funding = facts.funding
    if funding.budget_cents is None:
        return
    total = sum(funding.source_cents)
    if funding.source_cents and total != funding.budget_cents:
        values = {"sources_cents": total, "difference_cents": total - funding.budget_cents}
        yield _asked(QuestionCode.FUNDING_DOES_NOT_ADD_UP, funding, funding.source_cents, values)
    if funding.used_cents > funding.budget_cents:
        values = {"used_cents": funding.used_cents, "difference_cents": funding.used_cents - funding.budget_cents}
        yield _asked(QuestionCode.SPENT_BEYOND_BUDGET, funding, (funding.used_cents,), values)


def _asked(code: QuestionCode, funding: FundingFacts, sums: tuple[int, ...], values: dict[str, int]) -> Question:
    return asked(
        code,
        (),
        {"budget_cents": funding.budget_cents, **values},
        figures=(funding.budget_cents, *sorted(sums)),
    )
