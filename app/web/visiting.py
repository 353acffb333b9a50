"""A visit: one request of a person to a page. Who it is (a cookie), in which language, and safe forms.

The session's cookie is unreadable for scripts and sent by no other site. A form carries a token that only pages of the
same session have, and must come from our own address.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Annotated, Any
from urllib.parse import quote, unquote_plus, urlsplit

from fastapi import Depends
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.http.opening import opened_by_route
from app.http.origins import where_of
from app.http.paces import recognised
from app.http.state import State, state_of
from app.language.catalogues import SUPPORTED, negotiate
from app.rules.codes import Role
from app.rules.errors import Conflict, Forbidden, RuleBroken, Stale
from app.schemas.text import holds_identity_code
from app.services import audit, imports, repetition, sessions
from app.services.acting import Act, Actor, Channel, Permission, require
from app.services.sessions import SignedIn
from app.web import pages
from app.web.forms import CSRF, ONCE, Form, FormView, FormWrong

STRANGER = Actor(id="anonymous", name="", email="")
LANGUAGE_COOKIE = "siepp_language"
LONGEST_NAME, LONGEST_VALUE = 200, 20_000
"""Of a form's field, in signs; no field of ours takes more."""
_VISIT = re.compile(r"[\w-]{22}", re.ASCII)
YEAR_SECONDS = 365 * 24 * 3600


class NotSignedIn(Exception):
    """The page is for people who have signed in."""


class FormRefused(Exception):
    """The form did not come from a page that this session was shown, or cannot be read; `code` says which."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def local_path(value: str) -> str:
    """The value where it is a path of ours, else the start page: nobody is led to another site."""
    plain = value.startswith("/") and not value.startswith(("//", "/\\")) and "\\" not in value and value.isprintable()
    return value if plain and not urlsplit(value).netloc and not holds_identity_code(unquote_plus(value)) else "/"


def secure(state: State) -> bool:
    return state.settings.base_url.startswith("https://")


def cookie_name(state: State, name: str = "siepp") -> str:
    """The prefix makes browsers keep a cookie to this host and to encrypted connections."""
    return f"__Host-{name}" if secure(state) else name


def set_cookie(response: Response, state: State, name: str, value: str, max_age: int | None = None) -> None:
    """`max_age` in seconds; None until the browser closes."""
    response.set_cookie(name, value, max_age=max_age, secure=secure(state), httponly=True, samesite="lax")


def remember_language(response: Response, state: State, language: str) -> None:
    """In this browser, for a year."""
    set_cookie(response, state, cookie_name(state, LANGUAGE_COOKIE), language, YEAR_SECONDS)


@dataclass(frozen=True, slots=True)
class Visit:
    """One request that shows a page."""

    request: Request
    session: Session
    act: Act
    language: str
    state: State
    signed_in: SignedIn | None
    secret: str
    """What the tokens of forms are made from: the session's own, or a stranger's cookie."""

    @property
    def csrf(self) -> str:
        return _token(self.state, self.secret)

    @property
    def path(self) -> str:
        """The address of this page, for coming back to it; that of a form's page where this shows a form anew."""
        query = self.request.url.query
        return self.request.url.path + (f"?{query}" if query and self.request.method == "GET" else "")

    @property
    def section(self) -> str:
        """The first part of the address, which says where in the navigation this is."""
        return "/" + self.request.url.path.split("/")[1]

    @property
    def is_admin(self) -> bool:
        return any(grant.role is Role.ADMIN for grant in self.act.actor.grants)

    @property
    def may_audit(self) -> bool:
        """Whether this person may search the audit trail."""
        return audit.may_search(self.act.actor)

    @property
    def may_import(self) -> bool:
        """Whether this person may bring in a file of any kind."""
        return bool(imports.kinds_for(self.act.actor))

    @property
    def reports_only(self) -> bool:
        """Whether projects are all that this person's roles open."""
        return bool(self.act.actor.grants) and not self.act.actor.trees()

    def may(self, permission: Permission, paths: Sequence[str], owner_email: str | None = None) -> bool:
        """Whether the service would let this person; for showing a button."""
        try:
            require(self.act.actor, permission, paths, owner_email)
        except Forbidden:
            return False
        return True

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction of its own. The visit's session lets its connection go first: requests that each hold one and
        wait for a second would wait for each other."""
        self.session.rollback()
        with self.state.database.writing() as session:
            yield session

    def page(self, template: str, status: int = 200, **variables: Any) -> Response:
        """A page with header and navigation."""
        response = pages.page(
            template, self.language, status, **variables, visit=self, today=self.act.today, may=self.may
        )
        if self.signed_in is None:
            set_cookie(response, self.state, cookie_name(self.state, "siepp_visit"), self.secret)
        return response


@dataclass(frozen=True, slots=True)
class FileSent(Visit):
    """One request that sends a form with a file, of which nothing is read yet. The session reads, and holds no
    connection while the file comes."""

    def check_token(self, token: str) -> None:
        """Raises FormRefused where the form does not come from a page of this session."""
        if not _same_token(token, self.state, self.secret):
            raise FormRefused("form_expired")


@dataclass(frozen=True, slots=True)
class Submission(Visit):
    """One request that sends a form. Its transaction commits when the route returns."""

    form: Form = field(default_factory=lambda: Form((), "fi"))

    @contextmanager
    def in_transaction(self) -> Iterator["Submission"]:
        """The same with a transaction that commits at the end."""
        with self.writing() as session:
            if self.signed_in is not None:
                sessions.touch(session, self.signed_in.session_id, self.act.now)
            yield replace(self, session=session)

    @contextmanager
    def afterwards(self) -> Iterator["Submission"]:
        """The same for a route of `Asks` that did something long before: who it is, what they may do and what day it
        is may have changed meanwhile. Raises NotSignedIn."""
        with self.state.database.reading() as session:
            known = _visit(self.request, session)
        if known["signed_in"] is None:
            raise NotSignedIn
        with replace(self, **known).in_transaction() as submission:
            yield submission

    def save(self, write: Callable[[], str], again: Callable[[FormView], Response]) -> Response:
        """Runs `write` once, however often the form is sent, and goes to the address it gives; where the input or the
        state forbids it nothing is written, and `again` shows the form with what was wrong."""
        try:
            address = self._once(write)
        except (FormWrong, RuleBroken, Conflict, Stale, StaleDataError, IntegrityError) as error:
            self.session.rollback()
            view = self.form.view(Stale("stale") if isinstance(error, StaleDataError | IntegrityError) else error)
            response = again(view)
            response.status_code = view.status
            return response
        return RedirectResponse(address, 303)

    def _once(self, write: Callable[[], str]) -> str:
        key = self.form.text(ONCE)
        if not key:
            return self._written(write)
        body_hash = _digest(sorted((name, value) for name, value in self.form.values.items()), self.request.url.path)
        claim = repetition.claim(self.session, self.act, f"form:{_digest(key, body_hash)}", body_hash)
        if isinstance(claim, repetition.Answer):
            return claim.headers["Location"]
        address = self._written(write)
        repetition.remember(self.session, claim, repetition.Answer(303, {"Location": address}, ""))
        return address

    def _written(self, write: Callable[[], str]) -> str:
        address = write()
        self.session.flush()  # what another request has changed meanwhile shows here, while the form can be shown
        return address


def _digest(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def _token(state: State, secret: str) -> str:
    return hmac.new(state.settings.secret_key.encode(), f"form:{secret}".encode(), hashlib.sha256).hexdigest()


def _visit(request: Request, session: Session) -> dict[str, Any]:
    """What every visit has; the one place of a page's request that reads the clock."""
    state = state_of(request)
    now = state.clock()
    token = request.cookies.get(cookie_name(state), "")
    signed_in = sessions.signed_in(session, token, now) if token else None
    actor = signed_in.actor if signed_in else STRANGER
    if signed_in:
        recognised(request, actor.id)
    request.state.chosen_language = language_of(request, signed_in)
    visit = request.cookies.get(cookie_name(state, "siepp_visit"), "")
    stranger = visit if _VISIT.fullmatch(visit) else secrets.token_urlsafe(16)
    return {
        "request": request,
        "session": session,
        "act": Act(actor, now, state.day_at(now), where_of(request, Channel.WEB)),
        "language": request.state.chosen_language,
        "state": state,
        "signed_in": signed_in,
        "secret": token if signed_in else stranger,
    }


def language_of(request: Request, signed_in: SignedIn | None) -> str:
    """The user's own choice, else the cookie's, else the browser's, else Finnish."""
    if signed_in is not None:
        return signed_in.actor.language
    chosen = request.cookies.get(cookie_name(state_of(request), LANGUAGE_COOKIE), "")
    return chosen if chosen in SUPPORTED else negotiate(request.headers.get("accept-language"))


def chosen_language(request: Request) -> str:
    """The language of this request's pages, errors of the layers below included."""
    known = getattr(request.state, "chosen_language", None)
    request.state.chosen_language = known or language_of(request, None)
    return str(request.state.chosen_language)


def anyone(request: Request) -> Iterator[Visit]:
    with state_of(request).database.reading() as session:
        yield Visit(**_visit(request, session))


def looking(request: Request) -> Iterator[Visit]:
    with state_of(request).database.reading() as session:
        visit = Visit(**_visit(request, session))
        if visit.signed_in is None:
            raise NotSignedIn
        if visit.signed_in.due_for_touch(visit.act.now):  # looking is use too, and pages stay reads but for this
            with visit.writing() as writing:
                sessions.touch(writing, visit.signed_in.session_id, visit.act.now)
        yield visit


def sending_file(request: Request) -> Iterator[FileSent]:
    """Whoever may not send it is told so before the first byte of the body is read."""
    with state_of(request).database.reading() as session:
        visit = FileSent(**_visit(request, session))
        if visit.signed_in is None:
            raise NotSignedIn
        if not from_ourselves(request, visit.state):
            raise FormRefused("form_expired")
        if visit.signed_in.due_for_touch(visit.act.now):
            with visit.writing() as writing:
                sessions.touch(writing, visit.signed_in.session_id, visit.act.now)
        session.rollback()
        yield visit


async def submitted(request: Request) -> list[tuple[str, str]]:
    """The form's fields as they came; a file is no field of ours."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in ("", "application/x-www-form-urlencoded"):  # with others the sender would choose how to decode it
        raise FormRefused("form_malformed")
    try:
        form = await request.form(max_files=0)
    except HTTPException as error:  # more fields than any form of ours has, or no form at all
        raise FormRefused("form_malformed") from error
    fields = [(name, value) for name, value in form.multi_items() if isinstance(value, str)]
    if any(len(name) > LONGEST_NAME or len(value) > LONGEST_VALUE for name, value in fields):
        raise FormRefused("form_malformed")
    return fields


Fields = Annotated[list[tuple[str, str]], Depends(submitted)]


def anyone_submits(request: Request, fields: Fields) -> Iterator[Submission]:
    yield from _submissions(request, fields, strangers=True)


def submitting(request: Request, fields: Fields) -> Iterator[Submission]:
    yield from _submissions(request, fields, strangers=False)


def anyone_asks(request: Request, fields: Fields) -> Iterator[Submission]:
    """For a form whose route opens transactions of its own, and short ones; the session here only reads."""
    yield from _submissions(request, fields, strangers=True, writes=False)


def _submissions(
    request: Request, fields: list[tuple[str, str]], *, strangers: bool, writes: bool = True
) -> Iterator[Submission]:
    state = state_of(request)
    with state.database.reading() as session:  # who may not send it never gets as far as the write lock
        known = _visit(request, session)
        if known["signed_in"] is None and not strangers:
            raise NotSignedIn
        form = Form(fields, known["language"])
        if not (from_ourselves(request, state) and _has_token(form, state, known["secret"])):
            raise FormRefused("form_expired")
        submission = Submission(**known, form=form)
        session.rollback()
        if not writes:
            yield submission
            return
    with submission.in_transaction() as writing:
        yield writing


def from_ourselves(request: Request, state: State) -> bool:
    """What the browser says of the page that sent the form, where it says anything."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("origin")
    if origin is None:
        return True
    ours = {request.headers.get("host", ""), urlsplit(state.settings.base_url).netloc}
    return urlsplit(origin).netloc in ours


def _has_token(form: Form, state: State, secret: str) -> bool:
    return _same_token(form.text(CSRF), state, secret)


def _same_token(token: str, state: State, secret: str) -> bool:
    return hmac.compare_digest(token.encode(), _token(state, secret).encode())


def sign_in_address(request: Request) -> str:
    """Where someone signs in first, to come back to what they wanted."""
    wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    back = wanted if request.method == "GET" and wanted != "/" else ""
    return "/sign-in" + (f"?next={quote(back, safe='')}" if back else "")


Anyone = Annotated[Visit, Depends(opened_by_route(anyone), scope="function")]
AnyoneAsks = Annotated[Submission, Depends(anyone_asks, scope="function")]
"""Other dependencies look into it, so FastAPI opens it."""


def asks(asked: AnyoneAsks) -> Submission:
    """The same for someone signed in."""
    if asked.signed_in is None:
        raise NotSignedIn
    return asked


Asks = Annotated[Submission, Depends(asks, scope="function")]
"""A form sent only to ask what would follow, or whose route does something before its transaction: nobody waits for
it."""
AnyoneSubmits = Annotated[Submission, Depends(opened_by_route(anyone_submits), scope="function")]
Look = Annotated[Visit, Depends(opened_by_route(looking), scope="function")]
SendFile = Annotated[FileSent, Depends(opened_by_route(sending_file), scope="function")]
Submit = Annotated[Submission, Depends(opened_by_route(submitting), scope="function")]
