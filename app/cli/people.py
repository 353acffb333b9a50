"""Commands for units, users, grants and tokens."""

import sys
from datetime import datetime

import click
from sqlalchemy.orm import Session

from app.cli.opening import cli, opened, writing
from app.rules.codes import DEFAULT_LANGUAGE, LANGUAGES, Role, TokenScope
from app.schemas.tokens import TokenCreate
from app.schemas.units import UnitChange, UnitCreate, UnitRoot
from app.schemas.users import GrantCreate, Language, UserCreate
from app.services import accounts, tokens, units, users
from app.storage import people
from app.storage.models import User
from app.storage.units import all_in_order, ids_on_path

ROLES = click.Choice([role.value for role in Role])
SCOPES = click.Choice([scope.value for scope in TokenScope])


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


@unit.command("retention")
@click.argument("unit_id")
@click.argument("months", type=click.IntRange(6, 120), required=False)
def set_retention(unit_id: str, months: int | None) -> None:
    """Set for how many MONTHS an organisation keeps the jobs of contracts that are over; without them 24."""
    with writing() as (session, act):
        units.change_unit(session, unit_id, UnitChange(retention_months=months), act)


@cli.group()
def user() -> None:
    """People who may log in or use the API."""


@user.command("add")
@click.argument("email")
@click.option("--name", required=True, help="Name of the person.")
@click.option("--role", required=True, type=ROLES, help="First role; `siepp grant` gives more.")
@click.option("--unit", "unit_id", required=True, metavar="UNIT_ID", help="Where the role holds, and below.")
@click.option("--language", default=DEFAULT_LANGUAGE, show_default=True, type=click.Choice(LANGUAGES))
@click.option("--password-stdin", is_flag=True, help="Read a password from standard input: 15 characters or more.")
def add_user(email: str, name: str, role: str, unit_id: str, language: str, password_stdin: bool) -> None:
    """Add a user with a first role and print the id."""
    password = _typed_password() if password_stdin else None
    with writing() as (session, act):
        first = GrantCreate(role=Role(role), unit_id=unit_id)
        command = UserCreate(email=email, name=name, language=Language(language), grant=first)
        user_id = users.add_user(session, command, act, password).id
    click.echo(user_id)


@user.command("password")
@click.argument("user")
@click.option("--password-stdin", is_flag=True, required=True, help="Read it from standard input.")
def set_password(user: str, password_stdin: bool) -> None:
    """Set the password of USER (e-mail address or id) and log the user out everywhere."""
    password = _typed_password()
    with writing() as (session, act):
        found = _find_user(session, user)
        accounts.set_password(session, found.id, password, act)
    click.echo(f"{found.email} has a new password.")


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
@click.option("--scope", "scopes", multiple=True, type=SCOPES, help="What it opens, more than once; by default all.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="Last day; by default in a year.")
def create_token(email: str, name: str, scopes: tuple[str, ...], until: datetime | None) -> None:
    """Make an API token and print it, this once: it is kept nowhere."""
    opens = frozenset(TokenScope(one) for one in scopes) or frozenset(TokenScope)
    command = TokenCreate(name=name, scopes=opens, expires_on=until.date() if until else None)
    with writing() as (session, act):
        secret = tokens.create_token(session, _find_user(session, email).id, command, act).secret
    click.echo(secret)


@token.command("list")
@click.option("--user", "email", required=True, metavar="EMAIL", help="Whose tokens they are.")
def list_tokens(email: str) -> None:
    """List the tokens that open anything: id, last day, day of the last use, scopes, name."""
    with opened() as state, state.database.reading() as session:
        found = _find_user(session, email)
        for one in tokens.usable(session, found.id, state.day_at(state.clock())):
            opens = tokens.scopes_of(one.scopes)
            scopes = ",".join(scope for scope in TokenScope if scope in opens)
            click.echo(
                f"{one.id}  {one.expires_on or '-'!s:<10}  {one.last_used_on or '-'!s:<10}  {scopes}  {one.name}"
            )


@token.command("revoke")
@click.argument("token_id")
@click.option("--user", "email", required=True, metavar="EMAIL", help="Whose token it is.")
def revoke_token(token_id: str, email: str) -> None:
    """Revoke a token by the id that `siepp token list` gives: it opens nothing any more."""
    with writing() as (session, act):
        found = _find_user(session, email)
        users.revoke_token(session, found.id, token_id, act)
    click.echo("The token is revoked.")


def _typed_password() -> str:
    return sys.stdin.readline().rstrip("\r\n")


def _find_user(session: Session, named: str) -> User:
    found = people.user_by_email(session, named) or people.get_user(session, named)
    if found is None:
        raise click.ClickException("There is no such user; give the e-mail address of one, or the id.")
    return found
