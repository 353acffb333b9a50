"""Makes the demo ready: its settings, a database filled once, the first mails, and what to say of it."""

from collections.abc import MutableMapping
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from app.config import Settings, load_settings
from app.http.state import State
from app.jobs import imports as importing
from app.jobs.scheduler import Scheduler
from app.rules.codes import ImportKind
from app.services import demo, imports
from app.services.acting import COMMAND_LINE, SYSTEM, Act, Actor
from app.sources.demo import ledger
from app.sources.demo.city import USERS
from app.storage import schema, units

DEFAULTS = {
    "SIEPP_DATABASE_URL": "sqlite:///siepp-demo.db",
    "SIEPP_MAIL_DIR": "siepp-demo-mail",
    "SIEPP_MAIL_FROM": "SIEPP <siepp@example.org>",
}
ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - not listened on here, but what to call it
"""Addresses that mean every one the computer has, with one of them that a browser can open."""


class NotTheDemo(Exception):
    """The database holds something else, which the demo must not touch."""


def set_environment(environ: MutableMapping[str, str], host: str, port: int) -> None:
    """Completes the settings of this process and of what it starts. Mail stays in files, whatever is set: the
    addresses of the demo are nobody's. Raises SettingWrong."""
    address = ANYWHERE.get(host, host)
    address = f"[{address}]" if ":" in address else address
    for name, value in {**DEFAULTS, "SIEPP_BASE_URL": f"http://{address}:{port}"}.items():
        environ[name] = environ.get(name) or value
    environ["SIEPP_SMTP_URL"] = ""
    environ["SIEPP_SECRET_KEY"] = load_settings(environ, demo=True).secret_key


def make_ready(state: State) -> bool:
    """Fills an empty database; False where it held the demo already. Raises NotTheDemo before anything is written."""
    with state.database.reading() as session:
        blank = _is_blank(session)
    if not blank and not schema.is_current(state.database.engine):
        raise NotTheDemo("The database does not have the newest schema: run siepp migrate, or name another one.")
    schema.migrate(state.database.engine)
    with state.database.writing() as session:
        if demo.holds_demo(session):
            return False
        if not demo.is_empty(session):
            raise NotTheDemo("The database holds something else than the demo: name another in SIEPP_DATABASE_URL.")
        demo.fill(session, _act(state, SYSTEM))
    _bring_in_ledger(state)
    return True


def _bring_in_ledger(state: State) -> None:
    """A ledger comes in as an officer brings it: some of its purchases wait, some rows went wrong."""
    database = state.database
    with database.reading() as session:
        officer = demo.actor_named(session, "officer")
    act = _act(state, officer)
    root_id = units.ids_on_path(officer.grants[0].path)[0]
    with TemporaryDirectory() as folder:
        path = Path(folder) / ledger.FILE_NAME.format(on=act.today)
        path.write_text(ledger.ledger(act.today), encoding="utf-8-sig")
        import_id = importing.start(database, ImportKind.PURCHASES, path, path.name, root_id, act)
        importing.read(database, import_id, path, lambda: act)
    with database.writing() as session:
        imports.activate(session, import_id, act)


def _act(state: State, actor: Actor) -> Act:
    now = state.clock()
    return Act(actor, now, state.day_at(now), COMMAND_LINE)


def tell_owners(state: State) -> None:
    """The check of the day at once, whatever the hour, so that the mails are there to be read."""
    bells = Scheduler(state.settings, state.database, state.clock)
    bells.morning()
    bells.post()


def introduction(settings: Settings) -> str:
    """Where the demo is and who may use it."""
    lines = [
        f"The demo is at {settings.base_url}: log in there as any of its people with one click.",
        f"Its API is described at {settings.base_url}/docs; mails are written to {settings.mail_dir}.",
        "Everything in it is made up, and everybody knows these tokens of the API: keep it on this computer.",
        "",
        *(f"  {user.role:<20} {user.person.name:<18} {user.token}" for user in USERS.values()),
        "",
        f'  curl -H "Authorization: Bearer {USERS["officer"].token}" '
        f'"{settings.base_url}/api/v1/summary?as_of=2019-10-31"',
    ]
    return "\n".join(lines)


def _is_blank(session: Session) -> bool:
    return not inspect(session.connection()).get_table_names()
