"""/owners: a contract owner's page: whether mails reach them, and who gets them otherwise."""

from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.responses import Response

from app.http.reading import PathKey
from app.language.labels import label
from app.rules.codes import LANGUAGES
from app.schemas.owners import OwnerChange
from app.services import owners, stand_ins
from app.storage.models import Owner
from app.web.forms import VERSION, Form, FormView
from app.web.stale import afresh
from app.web.visiting import Look, Submit, Visit

router = APIRouter(prefix="/owners", include_in_schema=False)
FIELDS = ("name", "email", "language", "left_on")
WORKS_AGAIN = "works_again"


@router.get("/{owner_id}")
def show(owner_id: PathKey, visit: Look, done: str = "") -> Response:
    owner = owners.find_owner(visit.session, owner_id, visit.act)
    return _page(visit, owner, FormView.of(_values(visit, owner)), done)


@router.post("/{owner_id}")
def change(owner_id: PathKey, submission: Submit) -> Response:
    def write() -> str:
        owner = owners.changeable(submission.session, owner_id, submission.act)  # before what was typed is looked at
        command, version = _change(submission.form, owner), submission.form.expected_version
        owners.change_owner(submission.session, owner_id, command, submission.act, version)
        return f"/owners/{owner_id}?done=changed"

    def again(view: FormView) -> Response:
        return _page(submission, owners.find_owner(submission.session, owner_id, submission.act), view)

    return submission.save(write, again)


def _change(form: Form, owner: Owner) -> OwnerChange:
    """Without a deputy's address there is no deputy. An address that is sent on is believed to be right: one that
    stays is sent on only where someone says that it works again, and not where a deputy is named since it does not."""
    stays = form.text("email").strip().lower() == owner.email and form.text(WORKS_AGAIN) != "true"
    kept = Form([(name, form.text(name)) for name in FIELDS if not (stays and name == "email")], form.language)
    deputy = form.body("deputy") if form.text("deputy.email") else None
    return kept.change(OwnerChange, deputy=deputy)


def _values(visit: Visit, owner: Owner) -> dict[str, Any]:
    deputy = owners.deputy_of(visit.session, owner)
    return {
        "name": owner.name,
        "email": owner.email,
        "language": owner.language,
        "left_on": owner.left_on,
        "deputy.email": deputy.email if deputy else None,
        "deputy.name": deputy.name if deputy else None,
        VERSION: owner.version,
    }


def _page(visit: Visit, owner: Owner, view: FormView, done: str = "") -> Response:
    return visit.page(
        "owners/page.html",
        form=afresh(view, _values(visit, owner)),
        owner=owner,
        deputy=owners.deputy_of(visit.session, owner),
        why=stand_ins.why_not(owner, visit.act.today),
        editable=owners.may_change(visit.session, owner, visit.act),
        done=done,
        contracts="/contracts?" + urlencode({"owner_email": owner.email}),
        owners=owners.list_owners(visit.session, visit.act),
        tongues=[(code, label("language", code, visit.language)) for code in LANGUAGES],
        timezone=visit.state.settings.timezone,
    )
