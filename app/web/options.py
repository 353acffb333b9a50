"""Options by form: added, and taken."""

from fastapi import APIRouter
from starlette.responses import Response

from app.http.reading import PathKey
from app.rules.errors import NotFound
from app.schemas.options import ExerciseCommand, OptionCreate
from app.services import options
from app.services.acting import Permission
from app.storage.models import ContractOption
from app.web.contract_forms import Follows, answered, as_form, beside, foretold, renewed, told
from app.web.forms import VERSION, Form, FormView
from app.web.notices import address
from app.web.visiting import Asks, Look, Submit, Visit

router = APIRouter(prefix="/contracts/{contract_id}/options", include_in_schema=False)


@router.get("/new")
def new(contract_id: PathKey, visit: Look) -> Response:
    version = beside(visit, contract_id, Permission.CONTRACTS)["version"]
    return _new_page(visit, contract_id, FormView.of({VERSION: version}), Follows())


@router.post("/preview")
def preview(contract_id: PathKey, asked: Asks) -> Response:
    def ask() -> Follows:
        command = asked.form.command(OptionCreate)
        return told(options.preview_option(asked.session, contract_id, command, asked.act), asked.language)

    follows = foretold(asked.form, ask)
    return answered(asked, follows, lambda view, told: _new_page(asked, contract_id, view, told))


@router.post("/new")
def add(contract_id: PathKey, submission: Submit) -> Response:
    def write() -> str:
        command, version = submission.form.command(OptionCreate), submission.form.expected_version
        option = options.add_option(submission.session, contract_id, command, submission.act, version)
        return address(contract_id, "option_added", option=option.id)

    return submission.save(write, lambda view: _new_page(submission, contract_id, view, Follows()))


@router.get("/{option_id}/exercise")
def ask_exercise(contract_id: PathKey, option_id: PathKey, visit: Look) -> Response:
    version = beside(visit, contract_id, Permission.CONTRACTS)["version"]
    view = FormView.of({"exercised_on": visit.act.today, VERSION: version})
    follows = _foretold(visit, contract_id, option_id, as_form(view, visit.language))
    return _exercise_page(visit, contract_id, option_id, view, follows)


@router.post("/{option_id}/exercise/preview")
def preview_exercise(contract_id: PathKey, option_id: PathKey, asked: Asks) -> Response:
    follows = _foretold(asked, contract_id, option_id, asked.form)
    return answered(asked, follows, lambda view, told: _exercise_page(asked, contract_id, option_id, view, told))


@router.post("/{option_id}/exercise")
def exercise(contract_id: PathKey, option_id: PathKey, submission: Submit) -> Response:
    def write() -> str:
        command, version = submission.form.command(ExerciseCommand), submission.form.expected_version
        options.exercise_option(submission.session, contract_id, option_id, command, submission.act, version)
        return address(contract_id, "option_exercised", option=option_id)

    return submission.save(write, lambda view: _exercise_page(submission, contract_id, option_id, view, Follows()))


def _foretold(visit: Visit, contract_id: str, option_id: str, form: Form) -> Follows:
    def ask() -> Follows:
        command = form.command(ExerciseCommand)
        foreseen = options.preview_exercise(visit.session, contract_id, option_id, command, visit.act)
        return told(foreseen, visit.language)

    return foretold(form, ask)


def _new_page(visit: Visit, contract_id: str, view: FormView, follows: Follows) -> Response:
    shown = beside(visit, contract_id, Permission.CONTRACTS)
    kept = options.list_options(visit.session, contract_id, visit.act)
    view = renewed(view, shown["version"], visit.language)
    return visit.page("options/new.html", view=view, follows=follows, options=kept, **shown)


def _exercise_page(visit: Visit, contract_id: str, option_id: str, view: FormView, follows: Follows) -> Response:
    shown = beside(visit, contract_id, Permission.CONTRACTS)
    option = _option(visit, contract_id, option_id)
    view = renewed(view, shown["version"], visit.language)
    return visit.page("options/exercise.html", view=view, follows=follows, option=option, **shown)


def _option(visit: Visit, contract_id: str, option_id: str) -> ContractOption:
    for option in options.list_options(visit.session, contract_id, visit.act):
        if option.id == option_id:
            return option
    raise NotFound("not_found")
