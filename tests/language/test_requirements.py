"""What a clause will require, in words."""

import ast
from pathlib import Path

import pytest

from app.language.catalogues import SUPPORTED
from app.language.requirements import REQUIREMENT_CODES, requirement_sentence
from app.rules import requirements as rules_of_requirements
from app.rules.facts import Completion, ContractFacts
from app.rules.requirements import requirements
from tests.factories import contract, d, fixed, option, promise, threshold

CASES = [
    contract(),
    contract(option("28.2.2021"), clause=fixed(3)),
    contract(clause=fixed(2, start_within=6)),
    contract(clause=fixed(completion=Completion.MAY_FOLLOW_CONTRACT)),
    contract(clause=promise(0)),
    contract(clause=threshold(500_000, 2, start_within=6), value=1_200_000),
    contract(clause=threshold("499999.50", cap=1, completion=Completion.WITHIN_CONTRACT)),
]


def told(facts: ContractFacts, language: str = "fi") -> str:
    sentences = (requirement_sentence(reason, language) for reason in requirements(facts, d("1.3.2018")))
    return " ".join(sentences).replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize("language", SUPPORTED)
@pytest.mark.parametrize("facts", CASES)
def test_every_requirement_renders_whole(facts: ContractFacts, language: str) -> None:
    text = told(facts, language)
    assert text.endswith(".")
    assert "{" not in text


def test_every_code_of_the_rules_has_a_sentence_and_no_other_code_has() -> None:
    tree = ast.parse(Path(rules_of_requirements.__file__).read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    named = [call.args[0] for call in calls if isinstance(call.func, ast.Name) and call.func.id == "Reason"]
    assert {name.value for name in named if isinstance(name, ast.Constant)} == REQUIREMENT_CODES


def test_one_person_by_a_day() -> None:
    assert told(CASES[0]) == (
        "Yksi henkilö on palkattava. Hänen on aloitettava viimeistään 31.5.2019, jotta yhdeksän kuukautta täyttyy "
        "ennen kuin sopimus päättyy 28.2.2020."
    )


def test_several_people_and_what_an_option_would_change() -> None:
    assert told(CASES[1]).startswith("Kolme henkilöä on palkattava. Kaikkien on aloitettava viimeistään 31.5.2019")
    assert "28.2.2021" in told(CASES[1])


def test_a_threshold_by_the_value_of_the_contract() -> None:
    assert told(CASES[5]).startswith(
        "Ostojen jokaista täyttä 500 000 euroa kohden on palkattava kaksi henkilöä. Sopimuksen arvon 1 200 000 € "
        "mukaan palkattavia on enintään neljä."
    )
