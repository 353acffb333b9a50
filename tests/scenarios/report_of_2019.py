"""What the city's report of 2019 and its plan for 2020–2022 say, typed from the documents and not from the seeds: two
sources, to be compared.

Figures by project, indicator and part (empty: the whole). A plain number is what the source says; `about` where it says
so itself, `between` for a range, `of` for a percentage with its n.
"""

from typing import NamedTuple


class Said(NamedTuple):
    """A figure as a source gives it."""

    value: float
    upper: float | None = None
    approximate: bool = False
    n: int | None = None


def about(value: float, upper: float | None = None) -> Said:
    return Said(value, upper, approximate=True)


def between(value: float, upper: float) -> Said:
    return Said(value, upper)


def of(n: int, percent: float) -> Said:
    return Said(percent, n=n)


Figures = dict[tuple[str, str], float | Said]

SIEPP: Figures = {
    ("predecessor_pilots", ""): 8,
    ("international_cooperation", ""): 1,
    ("trial_areas", ""): 15,
    ("city_purchases", ""): about(3_000_000_000),
    ("purchases_from_outside", ""): about(50),
    ("potential_positions", ""): about(3_000),
    ("company_attitudes", ""): 22,
    ("company_attitudes", "neutral_or_positive"): 20,
    ("company_attitudes", "negative"): 1,
    ("company_attitudes", "no_answer"): 1,
    ("residents_support", ""): about(80),
    ("residents_good", ""): about(80),
    ("residents_commitment", ""): about(90),
}
TYOKYKY_KAYTTOON: Figures = {
    ("letters_sent", ""): 419,
    ("reached_by_letter", "55-64"): 28,
    ("assessment_clients", ""): 11,
    ("nurse_checks", ""): 5,
    ("client_plan", "35-44"): 20,
    ("client_plan", "55-64"): 20,
    ("without_entries", ""): about(30, 40),
    ("assessments_started", ""): about(400),
    ("referable_from_coach", ""): about(80),
    ("coach_clients", ""): between(600, 900),
    ("person_years", ""): 2,
}
WOMEN_TO_WORK: Figures = {
    ("started", ""): 27,
    ("dropped_out", ""): 6,
    ("dropped_out", "early"): 5,
    ("dropped_out", "later"): 1,
    ("dropout_share", ""): of(27, 22),
    ("finished", ""): 21,
    ("finished_share", ""): of(27, 78),
    ("finished", "employed"): 3,
    ("employed_with_subsidy", ""): 1,
    ("finished", "work_trial"): 1,
    ("finished", "language_course"): 4,
    ("finished", "applied_for_degree"): 1,
    ("finished", "recruitment_training"): 1,
    ("finished", "opso_period"): 1,
    ("finished", "rehabilitative_work"): 1,
    ("finished", "referred_to_nurse"): 1,
    ("finished", "other_city"): 1,
    ("finished", "other"): 1,
    ("finished", "no_plan"): 4,
    ("finished", "plan_pending"): 2,
    ("letters_sent", ""): 165,
    ("first_info", ""): 7,
    ("first_info_interested", ""): 3,
    ("contacted_later", ""): 1,
    ("second_info", ""): 13,
    ("second_info", "russian"): 10,
    ("grade", ""): between(4, 5),
}
DIGIRASTI: Figures = {
    ("courses", ""): 11,
    ("participants", ""): 90,
    ("municipal_share_participants", ""): of(90, 52),
    ("advice_clients", ""): 62,
    ("advice_sessions", ""): 23,
    ("lessons_with_women_to_work", ""): 7,
    ("joint_days", ""): 1,
    ("would_recommend", ""): 92,
    ("grade", ""): 4.3,
    ("learnt_useful_skills", ""): of(83, 93),
    ("job_search_easier", ""): of(83, 81),
    ("inspired", ""): of(83, 89),
    ("reached_own_goals", ""): of(83, 81),
    ("skills_better", ""): of(62, 78),
    ("have_used_skills", ""): of(62, 67),
    ("computer_search_easier", ""): of(62, 67),
    ("situation_after", "unemployed"): 80,
    ("situation_after", "other"): 7,
    ("situation_after", "work_trial"): 6,
    ("situation_after", "at_work"): 6,
    ("situation_after", "disability_or_sick_leave"): 2,
}
TYOKYKYOHJELMA: Figures = {
    ("service_users", ""): 862,
    ("service_users", "supported_employment"): 273,
    ("service_users", "bought_service"): 29,
    ("service_users", "other_sites"): 15,
    ("in_paid_work", ""): 118,
    ("in_paid_work", "supported_employment"): 195,
    ("in_paid_work", "bought_service"): 13,
    ("in_paid_work", "other_sites"): 2,
    ("nurse_visits", ""): about(2_000),
    ("coaching_places", ""): about(40, 50),
    ("coaches", ""): 2,
    ("waiting", ""): 47,
    ("rehabilitative_work_target", ""): 1_800,
    ("potential_hires", ""): about(20),
    ("job_seekers", ""): 63_000,
    ("work_ability_challenges", ""): about(33.3),
    ("supported_lines", ""): about(45),
    ("unemployed_a_year", ""): 32.2,
    ("disabled_or_ill", ""): 9.6,
}
FIGURES = {
    "siepp": SIEPP,
    "tyokyky-kayttoon": TYOKYKY_KAYTTOON,
    "women-to-work": WOMEN_TO_WORK,
    "digirasti": DIGIRASTI,
    "tyokykyohjelma": TYOKYKYOHJELMA,
}

TARGETS = {
    ("siepp", "tenders_with_clause"): (10, None, "2019-10-31"),
    ("siepp", "positions_filled"): (100, None, "2019-10-31"),
    ("siepp", "innovative_share"): (33.3, None, "2019-10-31"),
    ("siepp", "certificate"): (1, None, "2019-10-31"),
    ("siepp", "platform"): (1, None, "2019-10-31"),
    ("tyokyky-kayttoon", "reached"): (1_700, None, "2019-12-31"),
    ("tyokyky-kayttoon", "process_modelled"): (1, None, "2019-12-31"),
    ("women-to-work", "started"): (250, None, "2021-02-28"),
    ("digirasti", "participants"): (150, None, "2019-12-31"),
    ("tyokykyohjelma", "coaching_clients"): (40, None, "2021-03-31"),
    ("tyokykyohjelma", "coached_employed"): (50, 70, "2022-12-31"),
    ("tyokykyohjelma", "job_centre_paid_work"): (50, 70, "2022-12-31"),
}
"""Lower end, upper end, day."""

IN_WORDS = {
    ("siepp", "social_impact"): "qualitative",
    ("siepp", "criteria_routine"): "needs support, coaching and follow-up",
    ("siepp", "certificate"): "general recognition by the city",
    ("siepp", "platform"): "Teams group",
    ("siepp", "comparisons"): "Vantaa",
    ("siepp", "municipal_economy"): "300 days",
    ("siepp", "company_wishes"): "in proportion to the size of the purchase",
    ("siepp", "contract_owner_feedback"): "changes of contact person",
    ("tyokyky-kayttoon", "reached"): "late autumn 2019",
    ("tyokyky-kayttoon", "assessments_made"): "no figure yet",
    ("tyokyky-kayttoon", "results"): "no results yet",
    ("tyokyky-kayttoon", "process_modelled"): "likely to be met",
    ("women-to-work", "follow_up_plan"): "Four had none",
    ("women-to-work", "feedback"): "teaching of Finnish",
}
"""Findings without a figure, and what they say among other things."""

MONEY = {
    "siepp": ("128819.00", {"European Social Fund (ESF)": (75, "96614.25"), "City of Helsinki": (25, "32204.75")}),
    "tyokyky-kayttoon": ("300000.00", {}),
    "women-to-work": (None, {}),
    "digirasti": ("269500.00", {}),
    "tyokykyohjelma": (
        "1226000.00",
        {
            "State grant (Ministry of Social Affairs and Health)": (None, "1022000.00"),
            "City of Helsinki": (None, "204400.00"),
        },
    ),
}
"""The budget, and the sources with their share in percent and their euros."""

PERIODS = {
    "siepp": ("2017-11-01", "2019-10-31", "2020-01-31"),
    "tyokyky-kayttoon": ("2019-02-11", "2019-12-31", "2020-12-31"),
    "women-to-work": ("2019-03-01", "2021-02-28", None),
    "digirasti": ("2019-04-01", None, None),
    "tyokykyohjelma": ("2020-01-01", "2022-12-31", None),
}
"""First day, last day, until when it may go on."""

TIMETABLE = [
    ("Work-ability support", "steering group", "2020-09-01", "2020-12-31"),
    ("Work-ability support", "occupational physician", "2020-11-01", "2020-12-31"),
    ("Work-ability support", "induction", "2020-10-01", "2020-12-31"),
    ("Work-ability support", "client processes", "2020-10-01", "2020-10-31"),
    ("Work-ability support", "consultation networks", "2020-11-01", "2020-12-31"),
    ("Work-ability support", "survey of health checks", "2020-09-01", "2020-12-31"),
    ("Work-ability support", "service design", "2020-11-01", "2020-12-31"),
    ("Work-ability support", "communication plan", "2020-11-01", "2020-12-31"),
    ("Work-ability support", "operation", "2021-01-01", "2022-12-31"),
    ("Work-ability support", "evaluation", "2021-01-01", "2022-12-31"),
    ("Supported employment", "recruited", "2020-09-01", "2020-12-31"),
    ("Supported employment", "coaches", "2020-12-01", "2020-12-31"),
    ("Supported employment", "job centre begins", "2020-12-01", "2020-12-31"),
    ("Supported employment", "client processes", "2020-10-01", "2020-10-31"),
    ("Supported employment", "service path", "2021-01-01", "2021-01-31"),
    ("Supported employment", "job centre planned", "2021-02-01", "2021-05-31"),
    ("Supported employment", "40 clients", "2021-03-01", "2021-03-31"),
    ("Supported employment", "first subcontracted jobs", "2021-05-01", "2021-05-31"),
    ("Supported employment", "training plans", "2021-09-01", "2021-09-30"),
    ("Supported employment", "training", "2021-10-01", "2022-03-31"),
    ("Supported employment", "securing the reform", "2022-02-01", "2022-09-30"),
    ("Supported employment", "evaluation of the model", "2022-06-01", "2022-12-31"),
    ("Competence development", "evaluation plan", "2020-09-01", "2020-12-31"),
    ("Competence development", "assessing work ability", "2021-01-01", "2021-12-31"),
    ("Competence development", "international methods", "2021-01-01", "2021-12-31"),
    ("Competence development", "guidance and coordination", "2021-01-01", "2021-12-31"),
    ("Competence development", "motivating coaching", "2021-01-01", "2021-12-31"),
    ("Competence development", "service design", "2021-01-01", "2021-12-31"),
    ("Competence development", "work communities", "2021-01-01", "2021-12-31"),
    ("Competence development", "workshops", "2022-01-01", "2022-12-31"),
    ("Competence development", "digital platforms", "2022-01-01", "2022-12-31"),
    ("Competence development", "national dissemination", "2022-01-01", "2022-12-31"),
]
"""Steps of the programme: package, what their name holds, first and last day."""

RISKS = {
    "Multidisciplinary operative leadership fails": (2, 4),
    "Modelling fails": (2, 3),
    "Clients' participation stays small": (2, 4),
    "Leading by knowledge stays deficient": (1, 4),
}
"""Likelihood and impact."""
