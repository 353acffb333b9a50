"""Every code has a word in every language."""

from enum import StrEnum

import pytest

from app.language.catalogues import SUPPORTED
from app.language.labels import LABELS, label
from app.rules.codes import (
    AnswerFlow,
    CohortStage,
    CompanySituation,
    Computation,
    Dimension,
    Direction,
    FigureStatus,
    FigureUnit,
    FundingKind,
    QuestionKind,
    RelationKind,
    SurveyStatus,
    TokenScope,
)
from app.rules.facts import ClauseType, Completion, EmploymentForm, TargetGroup
from app.rules.indicators import Change
from app.rules.milestones import MilestoneState
from app.rules.questions import QuestionCode, Weight
from app.rules.reminders import ReminderKind
from app.rules.risks import RiskLevel
from app.rules.status import ChainState, Status


@pytest.mark.parametrize(
    ("kind", "codes"),
    [
        ("status", Status),
        ("chain_state", ChainState),
        ("clause_type", ClauseType),
        ("completion", Completion),
        ("company_situation", CompanySituation),
        ("employment_form", EmploymentForm),
        ("target_group", TargetGroup),
        ("reminder", ReminderKind),
        ("figure_unit", FigureUnit),
        ("direction", Direction),
        ("dimension", Dimension),
        ("figure_status", FigureStatus),
        ("change", Change),
        ("milestone_state", MilestoneState),
        ("risk_level", RiskLevel),
        ("funding_kind", FundingKind),
        ("relation_kind", RelationKind),
        ("computation", Computation),
        ("question", QuestionCode),
        ("weight", Weight),
        ("survey_status", SurveyStatus),
        ("question_kind", QuestionKind),
        ("answer_flow", AnswerFlow),
        ("token_scope", TokenScope),
    ],
)
def test_the_codes_of_the_rules_are_all_labelled(kind: str, codes: type[StrEnum]) -> None:
    assert set(LABELS[kind]) == {code.value for code in codes}


def test_the_stages_of_a_cohort_are_labelled_and_so_are_those_still_taking_part() -> None:
    assert set(LABELS["cohort_stage"]) == {stage.value for stage in CohortStage} | {"taking_part"}


@pytest.mark.parametrize("language", SUPPORTED)
def test_labels_of_one_kind_differ(language: str) -> None:
    for kind, codes in LABELS.items():
        assert len({label(kind, code, language) for code in codes}) == len(codes), kind


def test_the_words_of_the_statuses() -> None:
    assert [label("status", status, "fi") for status in Status] == [
        "päätetty",
        "ei alkanut",
        "ei velvoitetta",
        "täyttynyt",
        "aikataulussa",
        "jäi täyttymättä",
        "ei enää täytettävissä",
        "aloitus myöhässä",
        "vaarassa",
        "avoin",
    ]
    assert [label("status", status, "sv") for status in Status] == [
        "avslutat",
        "inte börjat",
        "ingen skyldighet",
        "uppfyllt",
        "enligt plan",
        "blev inte uppfyllt",
        "kan inte längre uppfyllas",
        "start försenad",
        "i riskzonen",
        "öppet",
    ]


@pytest.mark.parametrize(("kind", "code"), [("status", "lost"), ("colour", "red")])
def test_what_is_unknown_is_refused(kind: str, code: str) -> None:
    with pytest.raises(KeyError):
        label(kind, code, "fi")
