"""Judgements as a reader sees them, in three languages."""

import ast
import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from app.language.catalogues import SUPPORTED
from app.language.reasons import REASON_CODES, sentence
from app.rules import reasons as rules_of_reasons
from app.rules.facts import (
    AdjustmentFacts,
    AwardCriterion,
    ClosureFacts,
    Completion,
    ContractFacts,
    OptionFacts,
    PurchaseFacts,
    PurchaseThreshold,
    TerminationFacts,
)
from app.rules.judgement import judge
from app.rules.kept_standings import kept_standings
from app.rules.reasons import Reason
from tests.language.facts_of_contracts import clause, contract, job, jobs


def told(facts: ContractFacts, on: date, language: str) -> list[str]:
    return [sentence(reason, language) for reason in judge(facts, on).reasons]


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def bought(cents: int, on: date = date(2018, 4, 1)) -> PurchaseFacts:
    return PurchaseFacts(on, cents, on)


INTERRUPTED = job("broken-id", date(2019, 5, 31), ended_on=date(2019, 10, 31))
TOO_SHORT = job("short-id", date(2019, 3, 1), planned_end_on=date(2019, 8, 31))
LATE = job("late-id", date(2019, 6, 15))
OPTION = OptionFacts("option-id", date(2021, 2, 28))
FRAMEWORK = clause(terms=PurchaseThreshold(500_000_00), completion=Completion.MAY_FOLLOW_CONTRACT)
BRISK = clause(3, start_within_months=3)

SCENES: dict[str, ContractFacts] = {
    "nobody": contract(clause()),
    "one started": contract(clause(), positions=(job("one-id", date(2019, 5, 31)),)),
    "interrupted": contract(clause(), positions=(INTERRUPTED,), options=(OPTION,)),
    "planned too short": contract(clause(), positions=(TOO_SHORT,)),
    "too late": contract(clause(), positions=(LATE,)),
    "two of three": contract(clause(3), positions=jobs(2), options=(OPTION,)),
    "one of three": contract(clause(3), positions=(*jobs(1), LATE)),
    "none of three": contract(clause(3)),
    "eleven of twelve": contract(clause(12), positions=jobs(11)),
    "two of one": contract(clause(), positions=jobs(2)),
    "promised none": contract(clause(terms=AwardCriterion(0))),
    "brisk": contract(BRISK),
    "brisk, one late": contract(BRISK, positions=(job("a-id", date(2018, 4, 2)), job("b-id", date(2018, 7, 2)))),
    "brisk, added": contract(BRISK, adjustments=(AdjustmentFacts(date(2018, 6, 1), 1, date(2018, 6, 1)),)),
    "framework": contract(FRAMEWORK, purchases=(bought(380_000_50),)),
    "framework, two": contract(FRAMEWORK, purchases=(bought(1_180_000_00),), positions=(INTERRUPTED,)),
    "terminated": contract(
        FRAMEWORK,
        purchases=(bought(580_000_00),),
        termination=TerminationFacts(date(2019, 12, 31), date(2019, 6, 1)),
    ),
    "waiting": contract(
        clause(2),
        positions=(job("goes-on-id", date(2018, 9, 2)), job("next-id", date(2019, 3, 1), replaces_id="goes-on-id")),
    ),
    "closed": contract(clause(), closure=ClosureFacts(date(2019, 6, 1))),
    "two broken": contract(
        clause(3),
        positions=(
            job("first-id", date(2018, 9, 2), ended_on=date(2019, 1, 31)),
            job("second-id", date(2019, 5, 1), ended_on=date(2019, 5, 31)),
        ),
    ),
    "erased": replace(contract(clause()), kept=kept_standings(contract(clause()), date(2020, 2, 28))),
}
DAYS = [date(2018, 2, 1) + timedelta(days=days) for days in range(0, 1000, 9)]


@pytest.mark.parametrize("language", SUPPORTED)
def test_every_reason_renders_whole_and_names_no_position(language: str) -> None:
    for facts in SCENES.values():
        ids = {position.id for position in facts.positions} | {option.id for option in facts.options}
        for on in DAYS:
            for reason in judge(facts, on).reasons:
                text = sentence(reason, language)
                assert text.endswith("."), text
                assert not re.search(r"[{}]|None|_", text), text
                assert not text[0].islower(), text
                shown = {value for name, value in reason.values.items() if name.endswith("_id")}
                assert shown <= ids
                assert not any(re.search(rf"\b{value}\b", text) for value in shown)


def test_the_scenes_bring_up_every_code() -> None:
    seen = {reason.code for facts in SCENES.values() for on in DAYS for reason in judge(facts, on).reasons}
    assert seen == REASON_CODES


def test_every_code_of_the_rules_has_a_sentence_and_no_other_code_has() -> None:
    tree = ast.parse(Path(rules_of_reasons.__file__).read_text(encoding="utf-8"))
    strings = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    called = {
        node.args[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "_reason"
        and isinstance(node.args[0], ast.Constant)
    }
    assert called <= REASON_CODES
    assert strings >= REASON_CODES


def test_an_unknown_code_is_refused() -> None:
    with pytest.raises(KeyError):
        sentence(Reason("nothing_known", {}), "fi")


TWO_OF_THREE = {
    "fi": "Kolmesta vaaditusta työpaikasta kaksi on kunnossa. Kolmannen työntekijän on aloitettava viimeistään "
    "31.5.2019, jotta yhdeksän kuukautta täyttyy sopimuksen päättymispäivään 28.2.2020 mennessä.",
    "sv": "Två av tre anställningar är i ordning. Den tredje måste börja senast 31.5.2019 för att hinna fullgöra nio "
    "månader senast 28.2.2020, då avtalet löper ut.",
    "en": "Two of three are covered. The third must start by 31 May 2019 to complete nine months by 28 February 2020, "
    "when the contract ends.",
}


@pytest.mark.parametrize("language", SUPPORTED)
def test_two_of_three_are_covered(language: str) -> None:
    headline, option = told(SCENES["two of three"], date(2019, 3, 17), language)
    assert plain(headline) == TWO_OF_THREE[language]
    assert (
        plain(option)
        == {
            "fi": "Jos kaupunki ottaa käyttöön option 28.2.2021 asti, viimeinen aloituspäivä on 1.6.2020.",
            "sv": "Om staden utnyttjar optionen till och med 28.2.2021 är den sista startdagen 1.6.2020.",
            "en": "If the city takes the option to 28 February 2021, the last day to start is 1 June 2020.",
        }[language]
    )


def test_dates_do_not_break_across_lines() -> None:
    headline = told(SCENES["two of three"], date(2019, 3, 17), "en")[0]
    assert "31\N{NO-BREAK SPACE}May\N{NO-BREAK SPACE}2019" in headline


def first(scene: str, on: date, language: str) -> str:
    return plain(told(SCENES[scene], on, language)[0])


def test_one_position_in_finnish_from_beginning_to_end() -> None:
    assert first("nobody", date(2018, 2, 1), "fi") == "Sopimus alkaa 1.3.2018. Se edellyttää yhtä työpaikkaa."
    assert first("nobody", date(2018, 4, 1), "fi") == (
        "Vaadittu työpaikka puuttuu. Työntekijän on aloitettava viimeistään 31.5.2019, jotta yhdeksän kuukautta "
        "täyttyy sopimuksen päättymispäivään 28.2.2020 mennessä."
    )
    assert first("nobody", date(2019, 6, 1), "fi") == (
        "Vaadittu työpaikka puuttuu. Työntekijän olisi pitänyt aloittaa viimeistään 31.5.2019, jotta yhdeksän "
        "kuukautta olisi ehtinyt täyttyä sopimuksen päättymispäivään 28.2.2020 mennessä."
    )
    assert first("nobody", date(2020, 2, 29), "fi") == (
        "Sopimus päättyi 28.2.2020, ja velvoite jäi täyttymättä. Vaadittu työpaikka puuttuu."
    )
    assert first("one started", date(2019, 6, 1), "fi") == (
        "Vaadittu työpaikka on kunnossa. Velvoite täyttyy 28.2.2020, jos työ jatkuu sovitusti."
    )
    assert first("one started", date(2020, 2, 28), "fi") == (
        "Velvoite on täyttynyt: vaadittu työsuhde on kestänyt täyden ajan."
    )


def test_several_missing_positions_of_one_day_are_told_that_all_must_start_by_then() -> None:
    assert first("none of three", date(2019, 3, 17), "fi") == (
        "Vaaditut kolme työpaikkaa puuttuvat. Kaikkien on aloitettava viimeistään 31.5.2019, jotta yhdeksän kuukautta "
        "täyttyy sopimuksen päättymispäivään 28.2.2020 mennessä."
    )


def test_several_missing_positions_of_different_days_are_not_told_that_all_must_start_by_the_first() -> None:
    alike = judge(SCENES["one of three"], date(2019, 3, 17)).reasons[0]
    different = Reason(alike.code, dict(alike.values) | {"first_count": 1})
    assert plain(sentence(different, "sv")) == (
        "En av tre anställningar är i ordning och två saknas. Om de anställningar som saknas börjar senast 31.5.2019 "
        "hinner de pågå nio månader innan avtalet löper ut 28.2.2020."
    )


def test_numbers_over_ten_are_digits() -> None:
    assert first("eleven of twelve", date(2019, 3, 17), "fi").startswith(
        "12 vaaditusta työpaikasta 11 on kunnossa. Viimeisen työntekijän on aloitettava viimeistään 31.5.2019, jotta"
    )


def test_a_broken_job_can_be_continued() -> None:
    headline, continuation, _, broken = map(plain, told(SCENES["interrupted"], date(2019, 11, 1), "fi"))
    assert headline == (
        "Vaadittu työpaikka puuttuu. Joku toinen voi jatkaa siitä, mihin edellinen työ jää: hänen on aloitettava "
        "viimeistään 1.11.2019, ja hänelle riittävät jäljellä olevat päivät."
    )
    assert continuation == (
        "Joku toinen voi jatkaa työtä, jonka viimeinen päivä on 31.10.2019: jos hän aloittaa viimeistään 1.11.2019, "
        "hänelle riittää 120 päivää."
    )
    assert broken == "Työ keskeytyi 31.10.2019, kun 274 päivästä oli täynnä 154."
    assert first("interrupted", date(2019, 11, 2), "sv") == (
        "Den anställning som krävs saknas. Någon borde ha fortsatt det avbrutna arbetet senast 1.11.2019 för att hinna "
        "fullgöra de dagar som återstod senast 28.2.2020, då avtalet löper ut."
    )


def test_one_day_that_is_left_is_singular() -> None:
    values = {"ended_on": date(2019, 1, 30), "until": date(2019, 4, 30), "days_left": 1}
    assert plain(sentence(Reason("can_be_continued", values), "sv")) == (
        "Någon annan kan fortsätta det arbete vars sista dag är 30.1.2019: den som börjar senast 30.4.2019 behöver "
        "bara 1 dag."
    )


def test_the_months_of_a_framework_may_follow_the_contract() -> None:
    assert first("terminated", date(2019, 11, 30), "fi") == (
        "Vaadittu työpaikka puuttuu. Työntekijän on aloitettava viimeistään 31.12.2019, jolloin sopimus päättyy; "
        "yhdeksän kuukautta saa täyttyä sen jälkeen."
    )
    nothing, threshold = told(SCENES["framework"], date(2018, 5, 1), "fi")
    assert nothing == "Sopimus ei tässä vaiheessa edellytä yhtään työpaikkaa."
    assert plain(threshold) == (
        "Ostoja on kertynyt 380 000,50 €. Velvoite kasvaa, kun niitä on 500 000 € eli 119 999,50 € nykyistä enemmän."
    )
    assert "380\N{NO-BREAK SPACE}000,50\N{NO-BREAK SPACE}€" in threshold


def test_the_time_the_clause_gives_to_start() -> None:
    assert first("brisk", date(2018, 4, 17), "fi") == (
        "Vaaditut kolme työpaikkaa puuttuvat. Ehdon mukaan aloittamiseen on aikaa kolme kuukautta: kaikkien on "
        "aloitettava viimeistään 31.5.2018."
    )
    assert first("brisk, one late", date(2018, 7, 17), "en") == (
        "Two of three are covered. The clause gives three months to start, and the third should have started by 31 May "
        "2018. The obligation can still be met if the work starts by 31 May 2019."
    )


def test_a_termination_asks_for_a_decision() -> None:
    assert plain(told(SCENES["terminated"], date(2019, 11, 30), "fi")[1]) == (
        "Sopimus on päätetty lopettaa ennenaikaisesti 31.12.2019, ja yksi työpaikka puuttuu. Kaupungin on päätettävä, "
        "pysyykö velvoite ennallaan, muuttuuko se vai päättyykö se."
    )


def test_an_option_that_saves_everything() -> None:
    values = {"ends_on": date(2021, 2, 28), "latest_start_on": None}
    assert sentence(Reason("option_would_extend", values), "fi") == (
        "Jos kaupunki ottaa käyttöön option 28.2.2021 asti, yhtään työpaikkaa ei puutu."
    )


def test_more_than_required() -> None:
    assert first("two of one", date(2019, 8, 17), "fi") == (
        "Velvoite on täyttynyt: vaadittuja työsuhteita on yksi, ja täyden ajan on kestänyt kaksi."
    )


def test_days_kept_as_text_in_the_history_read_the_same() -> None:
    kept = Reason("interrupted", {"ended_on": "2019-10-31", "days_served": 154, "days_needed": 274})
    assert sentence(kept, "fi") == sentence(replace(kept, values={**kept.values, "ended_on": date(2019, 10, 31)}), "fi")
