"""The `siepp` command: parse, call one service, print. A failure is one sentence on standard error."""

import signal
import socket
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import click
import structlog
import uvicorn
from alembic.util import CommandError
from pydantic import ValidationError
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session

from app import logs
from app.config import SettingWrong, load_settings
from app.http.problems import PYDANTIC_CODES
from app.http.state import State
from app.jobs.scheduler import Scheduler
from app.language.errors import ERROR_CODES, error_sentence
from app.rules.codes import DEFAULT_LANGUAGE, LANGUAGES, Role
from app.rules.errors import DomainError
from app.schemas.tokens import TokenCreate
from app.schemas.units import UnitCreate, UnitRoot
from app.schemas.users import GrantCreate, Language, UserCreate
from app.services import tokens, units, users
from app.services.acting import SYSTEM, Act
from app.services.imports import ImportReport, Outcome, import_purchases
from app.sources.ledgers import LedgerUnreadable, open_ledger
from app.storage import audit, people, schema
from app.storage.models import User
from app.storage.session import Database
from app.storage.units import all_in_order, ids_on_path

ROLES = click.Choice([role.value for role in Role])
IMPORTS = click.Choice(["purchases"])
log = structlog.get_logger()


@contextmanager
def opened(*, current: bool = True) -> Iterator[State]:
    """Settings and database, whose schema must be the newest unless `current` is False."""
    settings = load_settings()
    logs.configure(settings.log_format)
    database = Database(settings.database_url)
    try:
        if current and not schema.is_current(database.engine):
            raise click.ClickException("The database does not have the newest schema: run siepp migrate.")
        yield State(settings, database)
    finally:
        database.dispose()


@contextmanager
def writing() -> Iterator[tuple[Session, Act]]:
    """One transaction of the command line, which acts for the whole database; the clock is read here."""
    with opened() as state, state.database.writing() as session:
        now = state.clock()
        yield session, Act(SYSTEM, now, state.day_at(now))


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Follows whether the employment clauses of a city's contracts are met.

    Settings come from the environment (SIEPP_DATABASE_URL, SIEPP_SECRET_KEY, …).
    """


# --- Database and service


@cli.command()
def migrate() -> None:
    """Bring the database to the newest schema."""
    with opened(current=False) as state:
        try:
            schema.migrate(state.database.engine)
        except CommandError:
            raise click.ClickException("The database's schema is newer than this version of siepp.") from None
    click.echo("The database has the newest schema.")


@cli.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Processes that answer.")
@click.option("--no-scheduler", is_flag=True, help="Only answer; `siepp scheduler` runs elsewhere.")
def serve(host: str, port: int, workers: int, no_scheduler: bool) -> None:
    """Serve web pages and API, and run the scheduler."""
    _check_address(host, port)
    with opened() as state, ExitStack() as stack:
        if not no_scheduler:
            stack.callback(_start_scheduler(state))
        # uvicorn raises the signal again once it has shut down: the scheduler then still gets to finish its work.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        log.info("serving", host=host, port=port, workers=workers)
        try:
            uvicorn.run(
                "app.main:from_environment",
                factory=True,
                host=host,
                port=port,
                workers=workers,
                log_config=None,
                access_log=False,
                server_header=False,
            )
        except SystemExit as stopped:
            if stopped.code:
                raise click.ClickException("The service could not start; the log says why.") from None
            raise


# --- Units, users, tokens


@cli.group()
def unit() -> None:
    """Organisations and their units."""


@unit.command("add")
@click.argument("name")
@click.option("--parent", metavar="UNIT_ID", help="Unit above it; without one a new organisation begins.")
def add_unit(name: str, parent: str | None) -> None:
    """Add a unit and print its id."""
    with writing() as (session, act):
        if parent is None:
            added = units.add_root_unit(session, UnitRoot(name=name), act)
        else:
            added = units.add_unit(session, UnitCreate(name=name, parent_id=parent), act).unit
        unit_id = added.id
    click.echo(unit_id)


@unit.command("list")
def list_units() -> None:
    """List ids and names, each unit before those below it."""
    with opened() as state, state.database.reading() as session:
        for row in all_in_order(session):
            click.echo(f"{row.id}  {'  ' * (len(ids_on_path(row.path)) - 1)}{row.name}")


@cli.group()
def user() -> None:
    """People who may log in or use the API."""


@user.command("add")
@click.argument("email")
@click.option("--name", required=True, help="Name of the person.")
@click.option("--role", required=True, type=ROLES, help="First role; `siepp grant` gives more.")
@click.option("--unit", "unit_id", required=True, metavar="UNIT_ID", help="Where the role holds, and below.")
@click.option("--language", default=DEFAULT_LANGUAGE, show_default=True, type=click.Choice(LANGUAGES))
@click.option("--password-stdin", is_flag=True, help="Read a password from standard input: 12 characters or more.")
def add_user(email: str, name: str, role: str, unit_id: str, language: str, password_stdin: bool) -> None:
    """Add a user with a first role and print the id."""
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else None
    with writing() as (session, act):
        first = GrantCreate(role=Role(role), unit_id=unit_id)
        command = UserCreate(email=email, name=name, language=Language(language), grant=first)
        user_id = users.add_user(session, command, act, password).id
    click.echo(user_id)


@cli.command()
@click.argument("user")
@click.argument("role", type=ROLES)
@click.argument("unit_id")
def grant(user: str, role: str, unit_id: str) -> None:
    """Give USER (e-mail address or id) one more role, which holds in a unit and below."""
    with writing() as (session, act):
        found = _find_user(session, user)
        users.give_grant(session, found.id, GrantCreate(role=Role(role), unit_id=unit_id), act)
    click.echo(f"{found.email} is now {role} there.")


@cli.group()
def token() -> None:
    """API tokens."""


@token.command("create")
@click.option("--user", "email", required=True, metavar="EMAIL", help="Whose token it is.")
@click.option("--name", required=True, help="What it is for.")
def create_token(email: str, name: str) -> None:
    """Make an API token and print it, this once: it is kept nowhere."""
    with writing() as (session, act):
        secret = tokens.create_token(session, _find_user(session, email).id, TokenCreate(name=name), act).secret
    click.echo(secret)


# --- Audit trail


@cli.group("audit")
def audit_group() -> None:
    """The audit trail."""


@audit_group.command("verify")
def verify_audit() -> None:
    """Check the audit trail from end to end."""
    with opened() as state, state.database.reading() as session:
        verdict = audit.verify(session)
    if verdict.broken_at is not None:
        raise click.ClickException(f"The audit trail is broken at entry {verdict.broken_at}.")
    click.echo(
        f"The audit trail holds: {verdict.entries} entries, {verdict.erased_payloads} of them with their content "
        f"erased by retention; the last hash is {verdict.head_hash}."
    )


# --- Imports


@cli.command("import")
@click.argument("kind", type=IMPORTS)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Report what would happen, and change nothing.")
def import_file(kind: str, file: Path, dry_run: bool) -> None:
    """Import FILE: purchases from a city's ledger (CSV). The same ledger again adds nothing."""
    ledger = open_ledger(file)
    with writing() as (session, act):
        report = import_purchases(session, ledger.rows(), act, digest=ledger.digest, dry_run=dry_run)
    if dry_run:
        click.echo("Dry run: nothing was changed.")
    _print_report(report)


def _print_report(report: ImportReport) -> None:
    """Counts, and the lines to look at by number and reason: never what stands there, which may be personal."""
    click.echo(f"Rows read: {report.read}")
    for outcome in Outcome:
        click.echo(f"  {_words(outcome)}: {report.counts[outcome]}")
    click.echo(f"Contracts with new purchases: {report.contracts}")
    for reason, count in report.skipped.most_common():
        click.echo(f"Skipped, {_words(reason)}: {count}")
    for line, reason in report.lines:
        click.echo(f"Line {line}: {_words(reason)}")
    unlisted = report.counts[Outcome.AMBIGUOUS] + report.counts[Outcome.SKIPPED] - len(report.lines)
    if unlisted:
        click.echo(f"… and {unlisted} lines more")


def _words(code: str) -> str:
    return code.replace("_", " ")


# --- What the commands share


def _find_user(session: Session, named: str) -> User:
    found = people.user_by_email(session, named) or people.get_user(session, named)
    if found is None:
        raise click.ClickException("There is no such user; give the e-mail address of one, or the id.")
    return found


def _start_scheduler(state: State) -> Callable[[], None]:
    """Starts the bells in this process, beside the workers; gives what stops them."""
    scheduler = Scheduler(state.settings, state.database, state.clock)
    scheduler.start()
    return scheduler.stop


def _check_address(host: str, port: int) -> None:
    """Says in a sentence what uvicorn would only log."""
    try:
        family, kind, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise click.ClickException(f"Cannot listen on {host}, port {port}: {error.strerror}.") from None


# --- How it ends


def main() -> None:
    """The installed command."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Runs one command and gives its exit code; a failure has told its sentence."""
    try:
        code = cli(arguments, prog_name="siepp", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return error.exit_code
    except click.ClickException as error:
        return _failed(error.format_message(), error.exit_code)
    except click.Abort:
        return _failed("Interrupted.", 130)
    except Exception as error:
        return _failed(sentence_of(error))
    return code if isinstance(code, int) else 0


def _failed(sentence: str, exit_code: int = 1) -> int:
    click.echo(" ".join(sentence.split()), err=True)
    return exit_code


def sentence_of(error: Exception) -> str:
    """What went wrong, in a sentence that repeats nothing of what was typed."""
    match error:
        case SettingWrong() | LedgerUnreadable():
            return str(error)
        case DomainError():
            return _at(error.field, error_sentence(error.code, error.values, "en"))
        case ValidationError():
            return _sentence_of_input(error)
        case OperationalError() | InterfaceError():
            return error_sentence("database_unavailable", {}, "en")
    place = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{Path(place.filename).name}:{place.lineno}"
    return f"Something went wrong in siepp itself: {type(error).__name__} at {where}."


def _sentence_of_input(error: ValidationError) -> str:
    first = error.errors(include_input=False, include_url=False)[0]
    code = PYDANTIC_CODES.get(first["type"], first["type"])
    context = first.get("ctx", {})
    limits = {"minimum": context.get("min_length"), "maximum": context.get("max_length")}
    known = code if code in ERROR_CODES else "wrong_format"
    return _at(".".join(str(part) for part in first["loc"]), error_sentence(known, limits, "en"))


def _at(field: str, sentence: str) -> str:
    return f"{field}: {sentence}" if field else sentence


if __name__ == "__main__":
    main()
