"""Words of a contract's page: no code without its sentence, and whole sentences in every language."""

import re
from pathlib import Path

import pytest

import app.services as services
from app.language.catalogues import SUPPORTED
from app.language.changes import ACTIONS, FIELDS, UNNAMED, action_words, field_word, signed, value_words
from app.language.positions import STATES, state_sentence
from app.language.purchases import next_threshold_sentences
from app.language.reminders import next_reminder_sentence
from app.language.terms import terms_in_words
from app.rules.clauses import NextThreshold
from app.rules.facts import AwardCriterion, FixedCount, PurchaseThreshold
from app.rules.pace import Pace
from app.rules.progress import JobState
from app.rules.reminders import Reminder, ReminderKind
from app.rules.reminders_ahead import ReminderAhead
from app.storage.changes import PARTS
from tests.factories import d


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize("language", SUPPORTED)
def test_every_state_of_a_job_is_told(language: str) -> None:
    assert set(STATES) == {state.value for state in JobState}
    assert len({state_sentence(state, {"on": d("1.6.2019")}, language) for state in JobState}) == len(JobState)


def test_every_action_that_the_trail_keeps_of_a_contract_has_its_words() -> None:
    source = "".join(path.read_text() for path in Path(services.__path__[0]).glob("*.py"))
    of_contract = {part.__tablename__ for part in PARTS} | {"contract"}
    assert {subject for subject, _ in ACTIONS} == of_contract
    kept = set(re.findall(r'trail\.record(?:_row)?\(session, act, "(\w+)"', source))
    for _, action in ACTIONS:
        assert action in kept | {"logged", "recorded", "changed", "voided", "undone"}, action


@pytest.mark.parametrize("language", SUPPORTED)
def test_a_change_is_told_in_words(language: str) -> None:
    for subject, action in ACTIONS:
        assert action_words(subject, action, language)
    assert len({field_word("contract", name, language) for name in FIELDS if "." not in name}) > len(FIELDS) - 6
    assert field_word("contract", "version", language) is None
    for name in UNNAMED:
        assert value_words(name, "0" * 32, language) is None


def test_values_of_the_trail_are_written_as_people_write_them() -> None:
    written = {
        ("ended_on", "2019-06-01"): "1.6.2019",
        ("value_cents", 1_200_000_00): "1 200 000 €",
        ("weekly_hours", "37.50"): "37,5",
        ("employment_form", "work_trial"): "työkokeilu",
        ("delta", -2): "−2",
        ("reference", ""): "tyhjä",
        ("ended_on", None): "tyhjä",
    }
    for (name, value), expected in written.items():
        assert plain(value_words(name, value, "fi") or "") == expected
    assert [signed(1), signed(-1)] == ["+1", "−1"]


def test_the_next_reminder_counts_the_days() -> None:
    step = ReminderAhead(d("2.5.2026"), Reminder(ReminderKind.WINDOW_CLOSING, "2026-06-01/30", d("1.6.2026"), 1))
    assert plain(next_reminder_sentence(step, False, "fi")) == (
        "Seuraava muistutus 2.5.2026: 30 päivää viimeiseen aloituspäivään."
    )
    last = ReminderAhead(d("1.6.2026"), Reminder(ReminderKind.WINDOW_CLOSING, "2026-06-01/7", d("1.6.2026"), 1))
    assert plain(next_reminder_sentence(last, True, "en")) == "In the next reminder: the last day to start."
    other = ReminderAhead(d("1.6.2026"), Reminder(ReminderKind.NO_NEWS, "2026-01-01/1", d("1.1.2026"), 151))
    assert "{" not in next_reminder_sentence(other, False, "sv")


def test_the_pace_is_told_with_its_basis() -> None:
    ahead = NextThreshold(1_000_000_00, 1_500_000_00)

    def told(pace: Pace | None, language: str = "en") -> str:
        return plain(" ".join(next_threshold_sentences(ahead, pace, language)))

    due = "The next position falls due at €1,500,000, €500,000 more than now."
    basis = "The pace: €1,000,000 bought since 1 March 2018."
    assert told(None) == due
    bought = (d("1.3.2018"), 1_000_000_00)
    assert told(Pace(*bought, d("1.7.2019"), 4)) == f"{due} At the present pace that is in about 4 months. {basis}"
    assert "in about 1 month." in told(Pace(*bought, d("1.4.2019"), 1))
    assert "within a month" in told(Pace(*bought, d("5.3.2019"), 0))
    assert "not reached before the contract ends" in told(Pace(*bought, None, None))
    assert "noin 4 kuukauden kuluttua" in told(Pace(*bought, d("1.7.2019"), 4), "fi")


def test_a_clause_in_a_few_words() -> None:
    words = {
        FixedCount(1): "ehdoton työllistämisehto, 1 työpaikka",
        FixedCount(3): "ehdoton työllistämisehto, 3 työpaikkaa",
        PurchaseThreshold(500_000_00, 2): "ostorajaan perustuva ehto, 2 työpaikkaa jokaista 500 000 € kohti",
        AwardCriterion(2): "vertailuperuste, 2 luvattua työpaikkaa",
    }
    assert {terms: plain(terms_in_words(terms, "fi")) for terms in words} == words
