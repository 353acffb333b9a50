"""The warnings on a clause in words."""

import ast
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from app.language.catalogues import SUPPORTED
from app.language.warnings import WARNING_CODES, warning_sentence
from app.rules import warnings as rules_of_warnings
from app.rules.reasons import Reason
from app.rules.warnings import clause_advice, registration_warnings
from tests.language.facts_of_contracts import clause, contract

CASES = [
    contract(clause(), ends_on=date(2018, 10, 31)),
    contract(clause(), ends_on=date(2018, 12, 31)),
    contract(clause(3, min_duration_months=3, min_weekly_hours=Decimal("16.5")), value_cents=300_000_00),
    contract(clause(), starts_on=date(2026, 1, 1), ends_on=date(2028, 12, 31), counts_from=date(2026, 1, 1)),
    contract(
        clause(employment_forms=frozenset({"work_trial"})),
        starts_on=date(2026, 1, 1),
        ends_on=date(2026, 12, 31),
        counts_from=date(2026, 1, 1),
    ),
]


@pytest.mark.parametrize("language", SUPPORTED)
def test_every_warning_renders_whole(language: str) -> None:
    seen = set()
    for facts in CASES:
        for warning in clause_advice(facts, None):
            text = warning_sentence(warning, language)
            assert text.endswith(".")
            assert "{" not in text
            seen.add(warning.code)
    assert seen == WARNING_CODES


def test_every_code_of_the_rules_has_a_sentence_and_no_other_code_has() -> None:
    tree = ast.parse(Path(rules_of_warnings.__file__).read_text(encoding="utf-8"))
    called = {
        node.args[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "Reason"
        and isinstance(node.args[0], ast.Constant)
    }
    assert called == WARNING_CODES


def test_a_contract_too_short_for_its_clause() -> None:
    warning = registration_warnings(CASES[0], None)[0]
    assert warning_sentence(warning, "fi") == (
        "Ehtoa ei voi täyttää sopimuksen aikana, sillä sopimuskausi 1.3.2018–31.10.2018 on lyhyempi kuin yhdeksän "
        "kuukautta. Lyhennä ehdon mukaista kestoa tai salli sen täyttyä vasta sopimuksen jälkeen."
    )


def test_hours_with_decimals_are_plural() -> None:
    warning = Reason("hours_below_work_condition", {"hours": Decimal("1.5"), "hours_needed": 18})
    assert warning_sentence(warning, "en").startswith("The clause's shortest working time is 1.5 hours a week.")
    warning = Reason("hours_below_work_condition", {"hours": Decimal("1.0"), "hours_needed": 18})
    assert warning_sentence(warning, "fi").startswith("Ehdon vähimmäistyöaika on 1 tunti viikossa.")


def test_a_contract_of_twelve_months_says_how_soon_someone_must_start() -> None:
    advice = {reason.code: reason for reason in clause_advice(CASES[4], None)}
    assert warning_sentence(advice["short_time_to_start"], "fi").replace("\u00a0", " ") == (
        "Sopimuskaudesta 1.1.2026–31.12.2026 työhön tarvitaan yhdeksän kuukautta. Aloittamiseen jää siis kolme "
        "kuukautta: viimeinen aloituspäivä on 1.4.2026."
    )
