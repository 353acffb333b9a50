"""How far each job has come, and what has become of it."""

import pytest

from app.rules.facts import Completion, ContractFacts
from app.rules.judgement import judge
from app.rules.progress import Progress, progress_of
from tests.factories import contract, d, fixed, position


def progress(facts: ContractFacts, day: str) -> list[Progress]:
    return list(progress_of(judge(facts, d(day)).outlook))


def told(facts: ContractFacts, day: str) -> list[str]:
    """State, days and the day it is about, one line each."""
    return [f"{one.state} {one.served}/{one.needed} {one.on}" for one in progress(facts, day)]


@pytest.mark.parametrize(
    ("day", "line"),
    [
        ("30.5.2019", "upcoming 0/274 2020-02-28"),
        ("31.5.2019", "running 1/274 2020-02-28"),
        ("27.2.2020", "running 273/274 2020-02-28"),
        ("28.2.2020", "completed 274/274 2020-02-28"),
        ("1.6.2020", "completed 274/274 2020-02-28"),
    ],
)
def test_a_job_from_its_agreement_to_its_completion(day: str, line: str) -> None:
    assert told(contract(position("31.5.2019", agreed="1.5.2019")), day) == [line]


def test_a_job_that_completes_after_the_contract_is_late() -> None:
    facts = contract(position("15.6.2019", agreed="1.5.2019"))
    assert told(facts, "1.6.2019") == ["upcoming_late 0/274 2020-03-14"]
    assert told(facts, "1.7.2019") == ["running_late 17/274 2020-03-14"]
    assert told(facts, "14.3.2020") == ["completed_late 274/274 2020-03-14"]


def test_a_job_broken_off_is_too_short_before_its_planned_end() -> None:
    facts = contract(position("1.3.2019", planned_end="31.8.2019"))
    assert told(facts, "30.8.2019") == ["too_short 183/275 2019-08-31"]
    assert told(facts, "31.8.2019") == ["broken_off 184/275 2019-08-31"]


def test_who_continues_needs_only_the_days_that_are_left() -> None:
    facts = contract(
        position("7.1.2019", "first", ended="6.4.2019"),
        position("1.6.2019", "next", agreed="1.5.2019", replaces="first"),
    )
    assert told(facts, "1.6.2019") == ["continued 90/273 2019-04-06", "running 1/183 2019-11-30"]
    assert [(one.unit, one.continues) for one in progress(facts, "1.6.2019")] == [(1, False), (1, True)]
    assert [one.completes_on for one in progress(facts, "1.6.2019")] == [d("6.10.2019"), d("30.11.2019")]


def test_a_job_with_an_agreed_successor_will_be_continued() -> None:
    facts = contract(
        position("7.1.2019", "first", planned_end="6.4.2019"),
        position("1.6.2019", "next", agreed="1.2.2019", replaces="first"),
    )
    assert told(facts, "1.3.2019") == ["will_be_continued 54/273 2019-04-06", "upcoming 0/183 2019-11-30"]


def test_a_job_that_does_not_count_has_no_progress() -> None:
    assert progress(contract(position("1.6.2018", form="work_trial")), "1.7.2018") == []
    may_follow = fixed(completion=Completion.MAY_FOLLOW_CONTRACT)
    assert progress(contract(position("29.2.2020"), clause=may_follow), "1.6.2020") == []
