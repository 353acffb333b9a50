"""The words for codes: statuses, forms of employment, target groups, roles and the like, in lower case.

They stand in tables and in the middle of sentences alike; a page that wants a capital uses `formats.capitalised`.
"""

from app.language.catalogues import msgid_in, translated_in

LABELS: dict[str, dict[str, str]] = {
    "status": {
        "closed": msgid_in("status", "closed"),
        "not_started": msgid_in("status", "not started"),
        "no_obligation": msgid_in("status", "no obligation"),
        "fulfilled": msgid_in("status", "fulfilled"),
        "on_track": msgid_in("status", "on track"),
        "breached": msgid_in("status", "not fulfilled"),
        "cannot_be_met": msgid_in("status", "can no longer be met"),
        "overdue": msgid_in("status", "start overdue"),
        "at_risk": msgid_in("status", "at risk"),
        "open": msgid_in("status", "open"),
    },
    "count": {
        "required": msgid_in("count", "required"),
        "completed": msgid_in("count", "completed"),
        "late": msgid_in("count", "completed late"),
        "running": msgid_in("count", "running"),
        "upcoming": msgid_in("count", "upcoming"),
        "interrupted": msgid_in("count", "interrupted"),
        "filled": msgid_in("count", "filled"),
        "covered": msgid_in("count", "covered"),
        "missing": msgid_in("count", "missing"),
    },
    "chain_state": {
        "completed": msgid_in("chain_state", "completed"),
        "interrupted": msgid_in("chain_state", "interrupted"),
        "upcoming": msgid_in("chain_state", "upcoming"),
        "running": msgid_in("chain_state", "running"),
    },
    "clause_type": {
        "fixed_count": msgid_in("clause_type", "fixed count"),
        "purchase_threshold": msgid_in("clause_type", "purchase threshold"),
        "award_criterion": msgid_in("clause_type", "award criterion"),
    },
    "completion": {
        "within_contract": msgid_in("completion", "within the contract"),
        "may_follow_contract": msgid_in("completion", "may follow the contract"),
    },
    "employment_form": {
        "employment": msgid_in("employment_form", "employment"),
        "apprenticeship": msgid_in("employment_form", "apprenticeship"),
        "work_trial": msgid_in("employment_form", "work trial"),
        "on_the_job_learning": msgid_in("employment_form", "on-the-job learning"),
        "internship": msgid_in("employment_form", "internship"),
    },
    "target_group": {
        "long_term_unemployed": msgid_in("target_group", "long-term unemployed"),
        "immigrant": msgid_in("target_group", "immigrant"),
        "partial_work_ability": msgid_in("target_group", "person with partial work ability"),
        "youth": msgid_in("target_group", "young person starting a career"),
        "other_weak_position": msgid_in("target_group", "other person in a weak labour-market position"),
    },
    "channel": {
        "te_office": msgid_in("channel", "TE Office or employment services"),
        "team": msgid_in("channel", "Team services"),
        "tyorasti": msgid_in("channel", "Työrasti"),
        "osaamiskeskus": msgid_in("channel", "competence centre"),
        "employment_project": msgid_in("channel", "employment project"),
        "supplier_own": msgid_in("channel", "supplier's own recruitment"),
        "other": msgid_in("channel", "other channel"),
    },
    "end_reason": {
        "resigned": msgid_in("end_reason", "resigned"),
        "trial_period": msgid_in("end_reason", "ended in the trial period"),
        "employer_terminated": msgid_in("end_reason", "ended by the employer"),
        "fixed_term_ended": msgid_in("end_reason", "fixed term came to its end"),
        "other_job": msgid_in("end_reason", "moved to another job"),
        "studies": msgid_in("end_reason", "began studies"),
        "other": msgid_in("end_reason", "other reason"),
    },
    "procurement_kind": {
        "services": msgid_in("procurement_kind", "services"),
        "goods": msgid_in("procurement_kind", "goods"),
        "works": msgid_in("procurement_kind", "works"),
    },
    "company_situation": {
        "bankruptcy": msgid_in("company_situation", "bankruptcy"),
        "liquidation": msgid_in("company_situation", "liquidation"),
        "restructuring": msgid_in("company_situation", "restructuring"),
    },
    "party_role": {
        "lead": msgid_in("party_role", "supplier"),
        "member": msgid_in("party_role", "member of the consortium"),
        "subcontractor": msgid_in("party_role", "subcontractor"),
    },
    "role": {
        "procurement_officer": msgid_in("role", "procurement officer"),
        "business_liaison": msgid_in("role", "business liaison"),
        "contract_owner": msgid_in("role", "contract owner"),
        "project_reporter": msgid_in("role", "project reporter"),
        "viewer": msgid_in("role", "viewer"),
        "admin": msgid_in("role", "administrator"),
    },
    "token_scope": {
        "read": msgid_in("token_scope", "reads"),
        "write": msgid_in("token_scope", "writes"),
        "import": msgid_in("token_scope", "brings in files and reads how that went"),
    },
    "reminder": {
        "overdue": msgid_in("reminder", "the start is overdue"),
        "window_closing": msgid_in("reminder", "the time to start is running out"),
        "position_interrupted": msgid_in("reminder", "a job broke off"),
        "cannot_be_met": msgid_in("reminder", "the obligation can no longer be met"),
        "breached": msgid_in("reminder", "the obligation was not fulfilled"),
        "threshold_reached": msgid_in("reminder", "a purchase threshold was reached"),
        "no_news": msgid_in("reminder", "nothing new recorded"),
        "fulfilled": msgid_in("reminder", "the obligation was fulfilled"),
        "nine_months_reached": msgid_in("reminder", "a job was completed"),
        "erasure_ahead": msgid_in("reminder", "the jobs will be erased soon"),
        "handover": msgid_in("reminder", "new contract owner"),
    },
    "message_status": {
        "queued": msgid_in("message_status", "queued"),
        "sent": msgid_in("message_status", "sent"),
        "refused": msgid_in("message_status", "not delivered"),
        "withdrawn": msgid_in("message_status", "withdrawn"),
    },
    "survey_status": {
        "draft": msgid_in("survey_status", "draft"),
        "open": msgid_in("survey_status", "open for answers"),
        "closed": msgid_in("survey_status", "closed"),
    },
    "question_kind": {
        "single": msgid_in("question_kind", "one of several alternatives"),
        "multiple": msgid_in("question_kind", "one or more alternatives"),
        "agreement": msgid_in("question_kind", "a statement to agree or disagree with"),
        "yes_no": msgid_in("question_kind", "yes or no"),
        "scale": msgid_in("question_kind", "a grade on a scale"),
        "text": msgid_in("question_kind", "words of one's own"),
    },
    "answer_flow": {
        "share": msgid_in("answer_flow", "share of those who agreed, or chose certain alternatives"),
        "mean": msgid_in("answer_flow", "mean of the grades"),
        "counts_by": msgid_in("answer_flow", "how many chose each alternative"),
        "shares_by": msgid_in("answer_flow", "which share chose each alternative"),
    },
    "language": {
        "fi": msgid_in("language", "Finnish"),
        "sv": msgid_in("language", "Swedish"),
        "en": msgid_in("language", "English"),
    },
    "figure_unit": {
        "people": msgid_in("figure_unit", "people"),
        "count": msgid_in("figure_unit", "number"),
        "euros": msgid_in("figure_unit", "euros"),
        "percent": msgid_in("figure_unit", "percent"),
        "score": msgid_in("figure_unit", "grade"),
        "yes_no": msgid_in("figure_unit", "yes or no"),
    },
    "direction": {
        "up": msgid_in("direction", "the more, the better"),
        "down": msgid_in("direction", "the less, the better"),
    },
    "dimension": {
        "age_group": msgid_in("dimension", "age group"),
        "postcode_area": msgid_in("dimension", "postcode area"),
        "language": msgid_in("dimension", "language"),
        "target_group": msgid_in("dimension", "target group"),
        "next_step": msgid_in("dimension", "next step"),
        "situation": msgid_in("dimension", "situation"),
        "measure": msgid_in("dimension", "measure"),
        "phase": msgid_in("dimension", "phase"),
    },
    "figure_status": {
        "preliminary": msgid_in("figure_status", "preliminary"),
        "final": msgid_in("figure_status", "final"),
    },
    "cohort_stage": {
        "started": msgid_in("cohort_stage", "started"),
        "dropped_out": msgid_in("cohort_stage", "dropped out"),
        "finished": msgid_in("cohort_stage", "finished"),
        "taking_part": msgid_in("cohort_stage", "still taking part"),
    },
    "change": {
        "up": msgid_in("change", "grew"),
        "down": msgid_in("change", "fell"),
        "same": msgid_in("change", "unchanged"),
    },
    "milestone_state": {
        "planned": msgid_in("milestone_state", "planned"),
        "under_way": msgid_in("milestone_state", "under way"),
        "done": msgid_in("milestone_state", "done"),
        "late": msgid_in("milestone_state", "not recorded as done"),
    },
    "risk_level": {
        "low": msgid_in("risk_level", "low risk"),
        "moderate": msgid_in("risk_level", "moderate risk"),
        "high": msgid_in("risk_level", "high risk"),
    },
    "funding_kind": {
        "source": msgid_in("funding_kind", "source"),
        "use": msgid_in("funding_kind", "use"),
    },
    "relation_kind": {
        "predecessor": msgid_in("relation_kind", "predecessor"),
        "successor": msgid_in("relation_kind", "successor"),
        "cooperates": msgid_in("relation_kind", "cooperation"),
    },
    "computation": {
        "tenders_with_clause": msgid_in("computation", "tenders with an employment clause"),
        "positions_promised": msgid_in("computation", "people that contracts oblige to employ"),
        "positions_filled": msgid_in("computation", "people employed under clauses"),
        "innovative_share": msgid_in("computation", "share of tenders with innovative methods"),
        "clause_considered": msgid_in("computation", "suitability of a clause considered in large procurements"),
    },
    "question": {
        "share_impossible": msgid_in("question", "impossible share"),
        "mean_impossible": msgid_in("question", "impossible mean"),
        "share_over_100": msgid_in("question", "more than all"),
        "part_exceeds_whole": msgid_in("question", "part larger than the whole"),
        "parts_do_not_add_up": msgid_in("question", "parts do not add up"),
        "cohort_does_not_add_up": msgid_in("question", "cohort does not add up"),
        "n_beyond_group": msgid_in("question", "n larger than the group"),
        "n_shrinks": msgid_in("question", "n shrinks"),
        "funding_does_not_add_up": msgid_in("question", "sources are not the budget"),
        "spent_beyond_budget": msgid_in("question", "more used than the budget"),
        "period_outside_project": msgid_in("question", "outside the project's period"),
        "jump": msgid_in("question", "unusual change"),
        "parts_rounded": msgid_in("question", "rounded parts"),
    },
    "weight": {
        "question": msgid_in("weight", "question"),
        "note": msgid_in("weight", "note"),
    },
}
"""By kind and code; the kind is also the context of the msgid."""


def label(kind: str, code: str, language: str) -> str:
    """The word for a code of a kind; raises KeyError where kind, code or language is unknown."""
    return translated_in(kind, LABELS[kind][code], language)
