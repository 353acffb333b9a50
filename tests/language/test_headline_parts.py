"""The headline cut at the one day that matters: the same words, at most one of them strong."""

import pytest

from app.language.catalogues import SUPPORTED
from app.language.headlines import headline_parts
from app.language.reasons import sentence
from app.rules.judgement import judge
from tests.factories import closure, contract, d, fixed, position, threshold

SCENES = {
    "not started": (contract(), "1.2.2018", "1.3.2018"),
    "open": (contract(), "1.3.2018", "31.5.2019"),
    # The other days of the sentence hold the key one's digits: 1.3.2020 in 11.3.2020.
    "within other days": (contract(ends="30.11.2020"), "11.3.2019", "1.3.2020"),
    "overdue": (contract(clause=fixed(start_within=6)), "1.10.2018", "31.5.2019"),
    "cannot be met": (contract(), "1.6.2019", "31.5.2019"),
    "breached": (contract(), "29.2.2020", "28.2.2020"),
    "on track": (contract(position("31.5.2019")), "1.6.2019", "28.2.2020"),
    "fulfilled": (contract(position("31.5.2019")), "28.2.2020", None),
    "no obligation": (contract(clause=threshold()), "1.6.2018", None),
    "closed": (contract(closure("1.6.2018")), "1.6.2018", "1.6.2018"),
}


@pytest.mark.parametrize("language", SUPPORTED)
@pytest.mark.parametrize("name", SCENES)
def test_the_parts_are_the_sentence_with_its_one_day_marked(name: str, language: str) -> None:
    facts, day, key = SCENES[name]
    reason = judge(facts, d(day)).reasons[0]
    parts = headline_parts(reason.code, reason.values, language)
    assert "".join(part.text for part in parts) == sentence(reason, language)
    strong = [part.text for part in parts if part.is_key]
    assert len(strong) == (0 if key is None else 1)
    if language == "fi" and key is not None:
        assert strong == [key]
