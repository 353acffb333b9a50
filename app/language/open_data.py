"""What open data says in words: in Finnish, as the clause beside it."""

from app.language.catalogues import msgids, translated
from app.rules.codes import DEFAULT_LANGUAGE
from app.rules.open_milestones import OpenMilestone, Step

STEPS = {
    Step.START: msgids("One person has started the work.", "{positions} people have started the work.", by="positions"),
    Step.COMPLETE: msgids(
        "One person's work has lasted the months agreed.",
        "The work of {positions} people has lasted the months agreed.",
        by="positions",
    ),
}


def milestone_title(milestone: OpenMilestone) -> str:
    """What is done once the milestone is met."""
    text = translated(STEPS[milestone.step], DEFAULT_LANGUAGE, milestone.positions)
    return text.format(positions=milestone.positions)
