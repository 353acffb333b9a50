"""Who does something, when, and whether they may."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum, StrEnum
from typing import NamedTuple

from app.rules.codes import DEFAULT_LANGUAGE, Role, TokenScope
from app.rules.errors import Forbidden


class GrantedRole(NamedTuple):
    """A role in the unit with this path, and so in every unit whose path begins with it."""

    role: Role
    path: str


class TokenBounds(NamedTuple):
    """What the token opens through which someone acts, and until which day (None: until it is revoked)."""

    scopes: frozenset[TokenScope]
    expires_on: date | None
    token_id: str


@dataclass(frozen=True, slots=True)
class Actor:
    """Someone who acts: a user with grants; `id` is what the audit trail keeps."""

    id: str
    name: str
    email: str
    language: str = DEFAULT_LANGUAGE
    grants: tuple[GrantedRole, ...] = ()
    everywhere: bool = False
    """Only the clock and the command line, which work for the whole database."""
    bounds: TokenBounds | None = None
    """Of the API token through which the actor came; a person in a browser has none."""

    @property
    def root_id(self) -> str | None:
        """The organisation in which all of the actor's roles lie; None for who has none, or roles in several."""
        roots = {grant.path.split("/", 2)[1] for grant in self.grants}
        return roots.pop() if len(roots) == 1 else None

    def sees(self, *paths: str) -> bool:
        """Whether any of the units with these paths lies in the actor's trees."""
        return self.everywhere or any(path.startswith(tree) for tree in self.trees() for path in paths)

    def has_role(self, roles: Iterable[Role], *paths: str) -> bool:
        """Whether the actor has one of the roles, or is admin, over any of these units."""
        wanted = {*roles, Role.ADMIN}
        return self.everywhere or any(
            grant.role in wanted and path.startswith(grant.path) for grant in self.grants for path in paths
        )

    def trees(self) -> list[str]:
        """Paths of the topmost units whose contracts the actor sees. A project reporter's role opens projects only."""
        paths = sorted({grant.path for grant in self.grants if grant.role is not Role.PROJECT_REPORTER})
        return [path for path in paths if not any(path != above and path.startswith(above) for above in paths)]

    def sees_project(self, *paths: str) -> bool:
        """Whether any of the units that carry a project lies in the trees of any role: every role opens projects."""
        return self.everywhere or any(path.startswith(grant.path) for grant in self.grants for path in paths)


SYSTEM = Actor(id="system", name="SIEPP", email="", everywhere=True)
"""The clock and the command line."""


class Channel(StrEnum):
    """Which way an act comes in."""

    WEB = "web"
    API = "api"
    CLI = "cli"
    JOB = "job"
    """What the service does by itself."""


@dataclass(frozen=True, slots=True)
class Where:
    """Where an act comes from, for the trail: which way, and the address of the network where it has one."""

    channel: Channel | None = None
    address: str = ""

    def told(self) -> dict[str, str]:
        """As the trail keeps it; empty where nothing is known."""
        channel = {} if self.channel is None else {"channel": self.channel.value}
        return channel | ({"address": self.address} if self.address else {})


UNSAID = Where()
COMMAND_LINE, BY_ITSELF = Where(Channel.CLI), Where(Channel.JOB)


@dataclass(frozen=True, slots=True)
class Act:
    """Who acts, when and from where; the clock was read once, at the edge. `today` is the city's calendar day at
    `now`."""

    actor: Actor
    now: datetime
    today: date
    where: Where = UNSAID


class Permission(Enum):
    """What may be done."""

    CONTRACTS = "procurements, contracts, options, suppliers, purchases, adjustments, closures"
    POSITIONS = "positions"
    NOTES = "notes"
    REMINDERS = "acknowledge, snooze, hand over"
    MESSAGES = "try a message again"
    PEOPLE = "units, users, grants and tokens of others"
    PROJECTS = "projects, and who writes their outcomes"
    OUTCOMES = "indicators, observations, surveys, money, timetable and risks of a project"


ROLES: dict[Permission, tuple[Role, ...]] = {
    Permission.CONTRACTS: (Role.PROCUREMENT_OFFICER,),
    Permission.POSITIONS: (Role.BUSINESS_LIAISON,),
    Permission.NOTES: (Role.PROCUREMENT_OFFICER, Role.BUSINESS_LIAISON),
    Permission.REMINDERS: (Role.PROCUREMENT_OFFICER,),
    Permission.MESSAGES: (Role.PROCUREMENT_OFFICER,),
    Permission.PEOPLE: (),
    Permission.PROJECTS: (),
    Permission.OUTCOMES: (Role.PROJECT_REPORTER,),
}
"""Which roles may, beside admin."""
OWNERS_MAY = frozenset({Permission.NOTES, Permission.REMINDERS})
"""What contract owners may do on their own contracts."""


def require(actor: Actor, permission: Permission, paths: Sequence[str], owner_email: str | None = None) -> None:
    """Raises Forbidden unless a role allows it, or the actor owns the contract and owners may do it to theirs."""
    if actor.has_role(ROLES[permission], *paths):
        return
    own = owner_email is not None and owner_email == actor.email
    if not (own and permission in OWNERS_MAY and actor.has_role((Role.CONTRACT_OWNER,), *paths)):
        raise Forbidden("forbidden")


def may(actor: Actor, permission: Permission, paths: Sequence[str], owner_email: str | None = None) -> bool:
    """Whether `require` would let the actor; for showing what someone can do."""
    try:
        require(actor, permission, paths, owner_email)
    except Forbidden:
        return False
    return True


def may_somewhere(actor: Actor, permission: Permission) -> bool:
    """Whether a role allows it in any unit, which may lie below one where the actor only looks."""
    return bool(trees_where(actor, permission))


def trees_where(actor: Actor, permission: Permission) -> list[str]:
    """Paths of the units in which, and below which, a role allows it."""
    wanted = {*ROLES[permission], Role.ADMIN}
    return ["/"] if actor.everywhere else [grant.path for grant in actor.grants if grant.role in wanted]


def permissions(actor: Actor, paths: Sequence[str], owner_email: str | None = None) -> frozenset[Permission]:
    """All that the actor may do with a contract in these units."""
    return frozenset(one for one in Permission if may(actor, one, paths, owner_email))
