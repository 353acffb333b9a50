"""/account: one's own name, language, password and sessions; /password: a new password by a link."""

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from app.http.reading import PathKey
from app.rules.errors import RuleBroken
from app.schemas.users import UserChange
from app.services import accounts, calendars, passwords, sessions, users
from app.services.accounts import NewPassword
from app.web.forms import VERSION, Form, FormView
from app.web.stale import afresh
from app.web.users import language_choices
from app.web.visiting import (
    Anyone,
    AnyoneAsks,
    Asks,
    Look,
    Submit,
    Visit,
    remember_language,
)

router = APIRouter(include_in_schema=False)


@router.get("/account")
def show(visit: Look, done: str = "") -> Response:
    return account_page(visit, done=done)


@router.post("/account")
def change(submission: Submit) -> Response:
    """Name and language; the language of the pages changes with it."""

    def write() -> str:
        own = Form([(name, submission.form.text(name)) for name in ("name", "language")], submission.language)
        command, version = own.change(UserChange), submission.form.expected_version
        users.change_user(submission.session, submission.act.actor.id, command, submission.act, version)
        return "/account?done=changed"

    answer = submission.save(write, lambda view: account_page(submission, changing=view))
    if isinstance(answer, RedirectResponse):
        remember_language(answer, submission.state, submission.form.text("language"))
    return answer


@router.post("/account/password")
def change_password(asked: Asks) -> Response:
    signed_in = asked.signed_in
    assert signed_in is not None  # noqa: S101 - `Asks` lets nobody else in
    try:
        accounts.change_password(
            asked.state.database,
            asked.form.text("current"),
            _typed(asked.form),
            asked.act,
            signed_in.session_id,
        )
    except RuleBroken as refused:
        view = asked.form.view(refused)
        answer = account_page(asked, password=FormView({}, view.errors, view.general, view.status, view.code))
        answer.status_code = view.status
        return answer
    return RedirectResponse("/account?done=password", 303)


@router.post("/account/sessions/{session_id}/end")
def end_session(session_id: PathKey, submission: Submit) -> Response:
    def write() -> str:
        sessions.end_own(submission.session, session_id, submission.act)
        return "/account?done=session_ended"

    return submission.save(write, lambda view: account_page(submission, changing=view))


def account_page(
    visit: Visit,
    done: str = "",
    changing: FormView | None = None,
    password: FormView | None = None,
    calendar_address: str = "",
) -> Response:
    """The page; `calendar_address` is the one just made, which is shown this once."""
    user = users.find_user(visit.session, visit.act.actor.id, visit.act.actor)
    values = {"name": user.name, "language": user.language, VERSION: user.version}
    return visit.page(
        "account/page.html",
        user=user,
        roles=users.roles_of(visit.session, [user.id], visit.act)[user.id],
        changing=afresh(changing, values) if changing else FormView.of(values),
        password=password or FormView(),
        sessions=sessions.list_open(visit.session, visit.act),
        this_session=visit.signed_in.session_id if visit.signed_in else "",
        language_choices=language_choices(visit.language),
        min_length=passwords.MIN_LENGTH,
        done=done,
        calendar=calendars.find_feed(visit.session, visit.act),
        calendar_address=calendar_address,
    )


# --- A new password by a link


@router.get("/password/{token}")
def ask_password(token: str, visit: Anyone) -> Response:
    return _password_page(visit, token, FormView())


@router.post("/password/{token}")
def set_password(token: str, asked: AnyoneAsks) -> Response:
    state = asked.state
    try:
        accounts.set_password_by_link(
            state.database, state.settings.secret_key, token, _typed(asked.form), asked.act.now, asked.act.where
        )
    except RuleBroken as refused:
        view = asked.form.view(refused)
        return _password_page(asked, token, FormView({}, view.errors, view.general, view.status, view.code))
    return RedirectResponse("/sign-in?done=password", 303)


def _password_page(visit: Visit, token: str, view: FormView) -> Response:
    user = accounts.user_of_link(visit.session, visit.state.settings.secret_key, token, visit.act.now)
    return visit.page(
        "account/password.html", view.status, form=view, user=user, token=token, min_length=passwords.MIN_LENGTH
    )


def _typed(form: Form) -> NewPassword:
    return NewPassword(form.text("password"), form.text("repeated"))
