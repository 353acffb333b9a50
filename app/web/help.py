"""/help: how an obligation is judged, the glossary, the keyboard, whom to ask. Open to anyone; contacts are not."""

from datetime import date

from fastapi import APIRouter
from starlette.responses import Response

from app.language import explanations
from app.language.catalogues import SUPPORTED
from app.language.explanations import explained
from app.language.formats import capitalised
from app.language.glossary import GLOSSARY, meaning
from app.language.labels import LABELS, label
from app.rules import policy
from app.rules.dates import completes_on
from app.services import contacts
from app.web.visiting import Anyone

router = APIRouter(include_in_schema=False)

EXAMPLE_START = date(2019, 1, 15)
CODE_TABLES = ("status", "employment_form", "target_group")
"""Codes whose words stand in the glossary too, in all languages."""


@router.get("/help")
def show(visit: Anyone) -> Response:
    language = visit.language
    complete_on = completes_on(EXAMPLE_START, policy.DEFAULT_MIN_DURATION_MONTHS)
    example = {"began_on": EXAMPLE_START, "complete_on": complete_on}
    return visit.page(
        "help/help.html",
        statuses=[
            (str(status), explained(text, language), explained(explanations.STATUS_ADVICE[status], language))
            for status, text in explanations.STATUS_MEANINGS.items()
        ],
        required=[(str(kind), explained(text, language)) for kind, text in explanations.REQUIRED.items()],
        counting=[explained(text, language, **example) for text in explanations.COUNTING],
        reminders=[(str(kind), explained(text, language)) for kind, text in explanations.REMINDER_WHEN.items()],
        outcomes=[explained(text, language) for text in explanations.OUTCOMES],
        reminder_rules=[explained(text, language) for text in explanations.REMINDER_RULES],
        words=[(key, term, capitalised(meaning(key, language))) for key, term in GLOSSARY.items()],
        codes=[(kind, [_in_all(kind, code) for code in LABELS[kind]]) for kind in CODE_TABLES],
        contacts=contacts.whom_to_ask(visit.session, visit.act.actor),
    )


def _in_all(kind: str, code: str) -> list[tuple[str, str]]:
    """The words for a code, each with its language."""
    return [(language, label(kind, code, language)) for language in SUPPORTED]
