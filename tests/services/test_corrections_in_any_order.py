"""Ledgers brought in, decided on, discarded and undone in any order: of one row never two forms count."""

from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from typing import Any, NamedTuple

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.jobs import imports as importing
from app.rules.errors import Conflict
from app.services import imports
from app.storage import ledger_rows
from app.storage.models import Contract, Purchase, StoredJudgement
from tests.portfolio import Portfolio
from tests.scenarios import looking
from tests.services.test_corrections import EITHER, FIRST, SECOND, row, two
from tests.services.test_held_rows import decided, waiting
from tests.services.test_ledger_imports import Write, ahead_for, read, write

__all__ = ["two", "write"]
NUMBERS = count(1)
QUICK = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


class Step(NamedTuple):
    """What someone does, of two lines at the most: `which` is of the imports, or of the rows that wait; `chosen` one of
    the contracts, or none; `is_swept` whether what is over is cleared away then, which must make no difference;
    `is_late` whether someone decides on a row between the reckoning of an import and the transaction of it."""

    what: str
    accounts: tuple[str, str]
    euros: tuple[int, int]
    which: int
    chosen: int | None
    is_swept: bool
    is_late: bool


ACCOUNTS = st.sampled_from([FIRST, SECOND, EITHER, EITHER])
STEPS = st.lists(
    st.builds(
        Step,
        st.sampled_from(["bring", "bring", "bring", "look", "decide", "decide", "decide", "undo"]),
        st.tuples(ACCOUNTS, ACCOUNTS),
        st.tuples(st.integers(1, 2), st.integers(1, 2)),
        st.integers(0, 3),
        st.sampled_from([0, 1, None]),
        st.booleans(),
        st.booleans(),
    ),
    max_size=10,
)


@dataclass
class Play:
    """One voucher's life: the ids of its active imports in order, each with its forms: amount, and where it belongs
    (None while it waits)."""

    portfolio: Portfolio
    write: Write
    two: tuple[str, str]
    voucher: str = field(default_factory=lambda: f"v{next(NUMBERS)}")
    forms: dict[str, list[tuple[int, str | None]]] = field(default_factory=dict)

    def take(self, step: Step, rows: list[tuple[str, ...]]) -> None:
        match step.what:
            case "bring" | "look":
                self._bring(step, rows)
            case "decide":
                self._decide(step)
            case "undo" if self.forms:
                import_id = list(self.forms)[step.which % len(self.forms)]
                with suppress(Conflict):  # a later ledger left rows of it out
                    self._settle(import_id, imports.undo, "wrong", step=step)
                    del self.forms[import_id]
        if step.is_swept:
            importing.sweep(self.portfolio.database)
        looking.assert_stored_is_live(self.portfolio.database, self.portfolio.act().today)

    def _bring(self, step: Step, rows: list[tuple[str, ...]]) -> None:
        import_id = read(self.portfolio, self.write(*rows))
        self._settle(import_id, imports.activate if step.what == "bring" else imports.discard, step=step)
        if step.what == "bring":
            self.forms[import_id] = [(int(one[1]), None if one[4] == EITHER else one[4]) for one in rows]

    def _decide(self, step: Step) -> None:
        here = self.waiting()
        if not here:
            return
        one, contract_id = here[step.which % len(here)], None if step.chosen is None else self.two[step.chosen]
        decided(self.portfolio, one.id, contract_id)
        for forms in self.forms.values():
            place = next((at for at, form in enumerate(forms) if form == (one.amount_cents // 100, None)), None)
            if place is not None and one.import_id in self.forms and forms is self.forms[one.import_id]:
                forms[place] = (forms[place][0], contract_id or "none")

    def _settle(self, import_id: str, how: Any, *more: str, step: Step | None = None) -> None:
        ahead = ahead_for(self.portfolio, import_id, how)
        if step is not None and step.is_late:
            self._decide(step)
        with self.portfolio.database.writing() as session:
            how(session, import_id, *more, self.portfolio.act(), **ahead)

    def waiting(self) -> list[Any]:
        return [one for one in waiting(self.portfolio) if one.reference == self.voucher]

    def counting(self) -> list[int]:
        """Euros of the purchases that count."""
        with self.portfolio.database.reading() as session:
            wanted = select(Purchase.amount_cents).where(ledger_rows.counting(), Purchase.reference == self.voucher)
            return sorted(cents // 100 for cents in session.scalars(wanted))

    def clear(self) -> None:
        """Undoes all that is active, the last first: nothing is left of it."""
        for import_id in reversed(self.forms):
            self._settle(import_id, imports.undo, "wrong")
        importing.sweep(self.portfolio.database)
        assert (self.counting(), self.waiting()) == ([], [])


@QUICK
@given(STEPS)
def test_the_last_form_that_is_settled_counts_and_only_the_last_of_all_waits(
    portfolio: Portfolio, write: Write, two: tuple[str, str], steps: list[Step]
) -> None:
    play = Play(portfolio, write, two)
    for amount, step in enumerate(steps, 1):
        play.take(step, [row(amount, step.accounts[0], play.voucher)])
        forms = [forms[0] for forms in play.forms.values()]
        settled = [form for form in forms if form[1] is not None]
        assert play.counting() == [euros for euros, place in settled[-1:] if place != "none"]
        assert [one.amount_cents // 100 for one in play.waiting()] == [
            euros for euros, place in forms[-1:] if place is None
        ]
    play.clear()


@QUICK
@given(STEPS)
def test_of_two_lines_that_may_be_equal_two_forms_count_at_the_most(
    portfolio: Portfolio, write: Write, two: tuple[str, str], steps: list[Step]
) -> None:
    play = Play(portfolio, write, two)
    for number, step in enumerate(steps, 1):
        euros = [2 * number + one for one in step.euros]
        rows = [row(one, account, play.voucher) for one, account in zip(euros, step.accounts, strict=True)]
        play.take(step, rows)
        counting, waits = play.counting(), play.waiting()
        assert (len(counting) <= 2, len(waits) <= 2) == (True, True)
        last = list(play.forms.values())[-1] if play.forms else []
        if all(place is not None for _, place in last):
            assert counting == sorted(amount for amount, place in last if place != "none")
            assert waits == []
    play.clear()


@QUICK
@given(STEPS)
def test_a_row_that_says_again_what_it_said_before_counts_once(
    portfolio: Portfolio, write: Write, two: tuple[str, str], steps: list[Step]
) -> None:
    play = Play(portfolio, write, two)
    for step in steps:
        play.take(step, [row(step.euros[0], step.accounts[0], play.voucher)])
        assert len(play.counting()) <= 1
        assert len(play.waiting()) <= 1
    with portfolio.database.reading() as session:
        stored = {one.contract_id: one.required for one in session.scalars(select(StoredJudgement))}
        assert set(stored.values()) == {0}
        assert {one.id for one in session.scalars(select(Contract))} == set(stored)
    play.clear()
