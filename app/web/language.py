"""The language of the pages: chosen with the buttons in the header, kept with the user or in a cookie."""

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from app.language.catalogues import SUPPORTED
from app.schemas.users import Language, UserChange
from app.services import users
from app.web.visiting import AnyoneSubmits, local_path, remember_language

router = APIRouter(include_in_schema=False)


@router.post("/language")
def choose(submission: AnyoneSubmits) -> Response:
    """Goes back to where it was chosen."""
    language = submission.form.text("language")
    answer = RedirectResponse(local_path(submission.form.text("next")), 303)
    if language in SUPPORTED:
        if submission.signed_in is not None:
            change = UserChange(language=Language(language))
            users.change_user(submission.session, submission.act.actor.id, change, submission.act)
        remember_language(answer, submission.state, language)
    return answer
