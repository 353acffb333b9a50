"""The picture of a contract: nothing is left out, nothing lies outside, no label on another, in any language."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.language.catalogues import SUPPORTED
from app.rules.facts import (
    ClauseFacts,
    Completion,
    ContractFacts,
    FixedCount,
    OptionFacts,
    PositionFacts,
    PurchaseFacts,
    PurchaseThreshold,
)
from app.rules.judgement import judge
from app.rules.status import Status
from app.web.pages import fragment
from app.web.timeline import Timeline, timeline_of
from app.web.timeline.letters import SIZE, width
from app.web.timeline.model import Prospect, seen
from app.web.timeline.shapes import Box, Drawing, Sign, Stroke, Written
from tests.rules.strategies import facts_and_day

DAY = timedelta(days=1)
TODAY = date(2026, 3, 17)


def job(job_id: str, starts_on: date, **details: object) -> PositionFacts:
    plain = PositionFacts(
        id=job_id,
        starts_on=starts_on,
        agreed_on=starts_on,
        employment_form="employment",
        target_group="immigrant",
        logged_on=starts_on,
        weekly_hours=Decimal("37.5"),
    )
    return plain._replace(**details)


def contract(terms: FixedCount | PurchaseThreshold, starts_on: date, ends_on: date) -> ContractFacts:
    return ContractFacts(
        clause=ClauseFacts(terms, Completion.WITHIN_CONTRACT),
        starts_on=starts_on,
        ends_on=ends_on,
        counts_from=starts_on,
        registered_on=starts_on,
        last_recorded_on=starts_on,
    )


SKETCH = replace(
    contract(FixedCount(3), date(2024, 3, 1), date(2027, 2, 28)),
    options=(OptionFacts("option", date(2028, 2, 28)),),
    positions=(
        job("done", date(2024, 9, 2)),
        job("broke", date(2025, 4, 1), ended_on=date(2025, 7, 31), employment_form="apprenticeship"),
        job("goes-on", date(2026, 1, 12), replaces_id="broke", employment_form="apprenticeship"),
    ),
)
"""The contract of the sketch: one done, one broken off and taken up again, one missing."""


def words_of(drawing: Drawing) -> str:
    return " | ".join(text.text for text in drawing.texts).replace("\u00a0", " ")


def box_of(text: Written) -> tuple[float, float, float, float]:
    wide = width(text.text, "strong" in text.look)
    left = text.x - wide if text.end else text.x
    return left, text.y - SIZE * 0.72, left + wide, text.y + SIZE * 0.2


def places(drawing: Drawing) -> Iterator[tuple[float, float]]:
    """The corners of everything drawn."""
    for shape in drawing.shapes:
        match shape:
            case Box():
                yield from ((shape.x, shape.y), (shape.x + shape.w, shape.y + shape.h))
            case Sign():
                yield shape.x, shape.y
            case Written():
                left, top, right, bottom = box_of(shape)
                yield from ((left, top), (right, bottom))
            case Stroke():
                yield from ((float(x), 1.0) for x in re.findall(r"[MH](-?[\d.]+)", shape.d))
                yield from (
                    (1.0, float(y)) for y in re.findall(r"V(-?[\d.]+)|M-?[\d.]+ (-?[\d.]+)", shape.d) for y in y if y
                )


def addresses(timeline: Timeline) -> Counter[str]:
    return Counter(entry.address for section in timeline.sections for entry in section.entries if entry.address)


@settings(max_examples=100, deadline=None)
@given(facts_and_day(), st.sampled_from(SUPPORTED))
def test_every_position_known_is_there_once_and_nothing_lies_outside_or_on_another_label(
    given_facts: tuple[ContractFacts, date], language: str
) -> None:
    facts, as_of = given_facts
    judgement = judge(facts, as_of)
    timeline = timeline_of(judgement, language)
    known = Counter(f"/positions/{position.id}" for position in facts.positions if position.agreed_on <= as_of)
    assert addresses(timeline) == known
    assert Counter(row.address for row in timeline.rows if row.address) == known
    drawing = timeline.drawing
    for x, y in places(drawing):
        assert 0 <= x <= drawing.width
        assert 0 <= y <= drawing.height
    for one, other in combinations(drawing.texts, 2):
        a, b = box_of(one), box_of(other)
        assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1], (one, other)


@settings(max_examples=100, deadline=None)
@given(facts_and_day())
def test_what_is_missing_is_what_the_judgement_says(given_facts: tuple[ContractFacts, date]) -> None:
    judgement = judge(*given_facts)
    shown = seen(judgement)
    if judgement.status is Status.CLOSED:
        assert not shown.missing
        return
    days = sorted(missing.latest_start_on for missing in shown.missing for _ in range(missing.count))
    assert tuple(days) == judgement.standing.missing_latest_starts
    if judgement.status in {Status.CANNOT_BE_MET, Status.BREACHED}:
        assert any(missing.prospect in {Prospect.LOST, Prospect.PAST} for missing in shown.missing)


@pytest.mark.parametrize("language", SUPPORTED)
def test_the_page_needs_no_style_of_its_own_and_says_where_the_picture_is_from(language: str) -> None:
    timeline = timeline_of(judge(SKETCH, TODAY), language, TODAY)
    html = fragment("contracts/timeline.html", language, timeline=timeline)
    assert "style=" not in html
    assert 'role="img" aria-labelledby="timeline-title timeline-desc"' in html
    assert html.count('href="/positions/goes-on"') == 2
    for name in re.findall(r'href="#([^"]+)"|url\(#([^)]+)\)', html):
        assert f'id="{"".join(name)}"' in html


def test_the_sketched_contract_is_told_as_sketched() -> None:
    told = words_of(timeline_of(judge(SKETCH, TODAY), "fi", TODAY).drawing)
    for words in (
        "tänään 17.3.2026",
        "1.3.2024 – 28.2.2027",
        "optio 28.2.2028 asti, ei käytössä",
        "täyttyi 1.6.2025",
        "päättyi 31.7.2025, 122 / 275 päivää",
        "jatkaja, täyttyy 13.6.2026",
        "3 Puuttuu",
        "76 päivää aikaa aloittaa",
        "viimeinen aloituspäivä 1.6.2026",
        "optiolla aikaa 31.5.2027 asti",
    ):
        assert words in told


def test_the_mark_is_the_clauses_months_and_not_nine() -> None:
    facts = replace(SKETCH, clause=replace(SKETCH.clause, min_duration_months=12))
    told = words_of(timeline_of(judge(facts, TODAY), "fi", TODAY).drawing)
    assert "täyttyi 1.9.2025" in told
    assert "12 kuukautta" in told
    assert "yhdeksän" not in told


def test_another_day_is_told_as_that_day() -> None:
    timeline = timeline_of(judge(SKETCH, date(2025, 1, 1)), "sv", TODAY)
    assert timeline.when == "läget 1.1.2025"
    assert "/positions/goes-on" not in addresses(timeline)


def test_many_finished_jobs_share_a_row_and_the_picture_stays_small() -> None:
    starts = [date(2019, 1, 15) + timedelta(days=75 * place) for place in range(30)]
    facts = replace(
        contract(FixedCount(40), date(2019, 1, 1), date(2028, 12, 31)),
        positions=tuple(job(f"01923e5c-4a7b-7c00-8000-{place:012}", start) for place, start in enumerate(starts)),
    )
    timeline = timeline_of(judge(facts, date(2025, 1, 15)), "fi")
    assert "26 täyttynyttä" in words_of(timeline.drawing)
    html = fragment("contracts/timeline.html", "fi", timeline=timeline)
    picture = html[html.index('<svg class="picture"') : html.index('<div class="list">')]
    assert len(picture.encode()) < 25_000
    assert sum(addresses(timeline).values()) == 30


def test_purchases_are_steps_with_the_next_threshold() -> None:
    facts = contract(PurchaseThreshold(500_000_00), date(2024, 1, 1), date(2027, 12, 31))
    bought = (PurchaseFacts(date(2024, 6, 1), 420_000_00, TODAY), PurchaseFacts(date(2025, 2, 1), 100_000_00, TODAY))
    timeline = timeline_of(judge(replace(facts, purchases=bought), TODAY), "fi")
    told = words_of(timeline.drawing)
    assert "seuraava raja 1 000 000 €, vielä 480 000 €" in told
    assert "+1 1.2.2025" in told


def test_ten_thousand_missing_positions_are_one_row() -> None:
    facts = contract(FixedCount(10_000), date(2024, 1, 1), date(2027, 12, 31))
    assert "1–10000 Puuttuu" in words_of(timeline_of(judge(facts, TODAY), "fi").drawing)


@pytest.mark.parametrize(("months", "first_label"), [(8, "1/2024"), (36, "2024"), (120, "2024")])
def test_the_axis_is_as_fine_as_the_contract_is_short(months: int, first_label: str) -> None:
    ends_on = date(2024, 1, 1) + timedelta(days=round(months * 30.4))
    facts = contract(FixedCount(1), date(2024, 1, 1), ends_on)
    drawing = timeline_of(judge(facts, date(2024, 1, 2)), "fi").drawing
    axis = [text.text for text in drawing.texts if text.y < 20]
    assert first_label in axis
    assert 3 <= len(axis) <= 14
