"""/sign-in and /sign-out: with a password, by the identity provider, and with one click in the demo."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated, Any

import structlog
from fastapi import APIRouter, Depends
from itsdangerous import BadData, URLSafeSerializer
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.http.state import State, state_of
from app.rules.codes import SignInMethod
from app.rules.errors import NotFound, RuleBroken
from app.services import demo, identities, sessions, signing_in
from app.sources.providers import Departure, NotBelieved, Person, Provider, ProviderAway
from app.web.forms import FormView
from app.web.visiting import (
    Anyone,
    AnyoneAsks,
    Fields,
    Submission,
    Submit,
    Visit,
    cookie_name,
    local_path,
    set_cookie,
    submitting,
)

log = structlog.get_logger(__name__)
router = APIRouter(include_in_schema=False)
DEPARTURE = "siepp_departure"
"""Cookie of someone who is at the identity provider."""
AWAY_AT_MOST = timedelta(minutes=15)
"""Time for signing in there, with a second factor that has to be looked for."""


@router.get("/sign-in")
def form(visit: Anyone, next: str = "/", done: str = "") -> Response:
    if visit.signed_in is not None:
        return RedirectResponse(local_path(next), 303)
    return _page(visit, FormView.of({"next": local_path(next)}), done=done)


@router.post("/sign-in")
def with_password(asked: AnyoneAsks) -> Response:
    values, state = asked.form, asked.state
    try:
        user = signing_in.sign_in_with_password(
            state.database, values.text("email"), values.text("password"), asked.act.now, asked.act.where
        )
    except RuleBroken as refused:
        view = values.view(refused)
        return _page(asked, view, view.status)
    return _signed_in(asked, user.id, SignInMethod.PASSWORD, local_path(values.text("next")))


@router.post("/sign-in/demo")
def as_demo_user(asked: AnyoneAsks) -> Response:
    """One click, since everybody knows the passwords of the demo; elsewhere there is no such address."""
    user = demo.user_named(asked.session, asked.form.text("user")) if asked.state.settings.demo else None
    if user is None:
        raise NotFound("not_found")
    return _signed_in(asked, user.id, SignInMethod.PASSWORD, local_path(asked.form.text("next")))


# --- The identity provider


@router.get("/sign-in/oidc")
def depart(visit: Anyone, next: str = "/") -> Response:
    from app.sources import oidc  # as late as here: see sources/providers.py

    provider = _provider(visit.state)
    visit.session.rollback()  # holds no connection while the provider takes its time
    try:
        departure = oidc.depart(provider, _return_to(visit.state))
    except ProviderAway as error:
        return _away(visit, next, error)
    answer = RedirectResponse(departure.address, 303)
    until = (visit.act.now + AWAY_AT_MOST).timestamp()
    kept = {"state": departure.state, "nonce": departure.nonce, "verifier": departure.verifier}
    signed = _signer(visit.state).dumps(kept | {"next": local_path(next), "until": until})
    lasts = int(AWAY_AT_MOST.total_seconds())
    set_cookie(answer, visit.state, cookie_name(visit.state, DEPARTURE), str(signed), lasts)
    return answer


@router.get("/sign-in/oidc/callback")
def arrive(visit: Anyone, state: str = "", code: str = "", error: str = "", iss: str | None = None) -> Response:
    from app.sources import oidc  # as late as here: see sources/providers.py

    provider = _provider(visit.state)
    kept = _kept(visit)
    if kept is None or not state or state != kept["state"] or iss not in (None, provider.issuer):
        return _refused(visit, "expired")
    if error or not code:
        log.info("sign_in_at_provider_failed", reason="denied")
        return _refused(visit, "denied", kept["next"])
    departure = Departure("", kept["state"], kept["nonce"], kept["verifier"])
    visit.session.rollback()  # as above
    try:
        person = oidc.arrive(provider, _return_to(visit.state), departure, code, visit.act.now)
    except ProviderAway as away:
        return _away(visit, kept["next"], away)
    except NotBelieved as doubt:
        log.warning("sign_in_at_provider_failed", reason=str(doubt))
        return _refused(visit, "not_believed", kept["next"])
    return _admitted(visit, person, kept["next"])


def _admitted(visit: Visit, person: Person, back: str) -> Response:
    with visit.writing() as session:
        user, refusal = identities.admit(session, person, visit.act.now, visit.act.where)
    if user is None:
        return _refused(visit, refusal, back)
    return _signed_in(visit, user.id, SignInMethod.OIDC, back)


def _provider(state: State) -> Provider:
    if state.settings.oidc is None:
        raise NotFound("not_found")
    return state.settings.oidc


def _return_to(state: State) -> str:
    return f"{state.settings.base_url}/sign-in/oidc/callback"


def _signer(state: State) -> URLSafeSerializer:
    return URLSafeSerializer(state.settings.secret_key, salt="departure")


def _kept(visit: Visit) -> dict[str, Any] | None:
    """What was kept of the departure; None where there was none, or too long ago."""
    try:
        kept = _signer(visit.state).loads(visit.request.cookies.get(cookie_name(visit.state, DEPARTURE), ""))
    except BadData:
        return None
    return kept if isinstance(kept, dict) and visit.act.now.timestamp() < kept["until"] else None


def _away(visit: Visit, back: str, error: Exception) -> Response:
    log.warning("identity_provider_away", reason=str(error))
    answer = _refused(visit, "away", back)
    answer.status_code = 503
    answer.headers["Retry-After"] = "30"
    return answer


def _refused(visit: Visit, reason: str, back: str = "/") -> Response:
    """Says why nobody was signed in, and what to do."""
    ask = identities.whom_to_ask(visit.session) if reason in {"no_role", "inactive", "unverified", "unusable"} else []
    answer = visit.page("sign_in/refused.html", 403, reason=reason, ask=ask, next=local_path(back), name=_name(visit))
    _forget(answer, visit.state, DEPARTURE)
    return answer


# --- Out again


def leaving(request: Request, fields: Fields) -> Iterator[Submission | None]:
    """Whoever has been signed out already may still press the button."""
    state = state_of(request)
    token = request.cookies.get(cookie_name(state), "")
    with state.database.reading() as session:
        known = sessions.signed_in(session, token, state.clock()) if token else None
    if known is None:
        yield None
    else:
        yield from submitting(request, fields)


@router.post("/sign-out")
def sign_out(request: Request, leave: Annotated[Submission | None, Depends(leaving, scope="function")]) -> Response:
    if leave is not None and leave.signed_in is not None:
        sessions.end(leave.session, leave.signed_in.session_id, leave.act.now, leave.act.where)
    return _out(state_of(request), "out")


@router.post("/sign-out/everywhere")
def sign_out_everywhere(submission: Submit) -> Response:
    act = submission.act
    sessions.end_all(submission.session, act.actor.id, act.now, where=act.where)
    return _out(submission.state, "everywhere")


def _out(state: State, done: str) -> Response:
    answer = RedirectResponse(f"/sign-in?done={done}", 303)
    _forget(answer, state)
    return answer


# --- Pages and cookies


def _page(visit: Visit, view: FormView, status: int = 200, done: str = "") -> Response:
    settings = visit.state.settings
    return visit.page(
        "sign_in/page.html",
        status,
        form=view,
        next=local_path(view.text("next")),
        done=done,
        by_provider=settings.oidc is not None,
        name=_name(visit),
        demo_users=demo.logins() if settings.demo else [],
    )


def _name(visit: Visit) -> str:
    """What people know the provider by."""
    return visit.state.settings.oidc.name if visit.state.settings.oidc else ""


def _signed_in(visit: Visit, user_id: str, method: SignInMethod, back: str) -> Response:
    """A new session, always with a new token: one that somebody put into the browser before is good for nothing."""
    with visit.writing() as session:
        if visit.signed_in is not None:
            sessions.end(session, visit.signed_in.session_id, visit.act.now, visit.act.where)
        token = sessions.begin(session, user_id, method, visit.act.now, visit.act.where)
    answer = RedirectResponse(back, 303)
    set_cookie(answer, visit.state, cookie_name(visit.state), token)
    for name in ("siepp_visit", DEPARTURE):
        _forget(answer, visit.state, name)
    return answer


def _forget(answer: Response, state: State, name: str = "siepp") -> None:
    set_cookie(answer, state, cookie_name(state, name), "", 0)
