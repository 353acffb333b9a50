"""Users with their roles as a file, for those who administer them."""

from app.language.catalogues import msgid
from app.language.labels import label
from app.rules.errors import Forbidden
from app.services import list_exports
from app.services.list_exports import ExportedUser
from app.web.exports.listing import Asked, Listing, Reader, Titled, at, titled
from app.web.spreadsheets import Cell
from app.web.users import LONGEST_SEARCH
from app.web.visiting import Visit


def _roles(one: ExportedUser, reader: Reader) -> Cell:
    return "; ".join(f"{label('role', given.grant.role, reader.language)}, {given.unit_name}" for given in one.roles)


COLUMNS: tuple[Titled[ExportedUser], ...] = (
    titled(msgid("name"), 26, at("user.name")),
    titled(msgid("e-mail"), 32, at("user.email")),
    titled(msgid("roles"), 60, _roles),
    titled(msgid("language"), 12, lambda one, reader: reader.word("language", one.user.language)),
    titled(msgid("has access"), 10, lambda one, reader: reader.yes_or_no(one.user.active)),
    titled(msgid("added at"), 16, lambda one, reader: reader.moment(one.user.created_at)),
)


def _asked(visit: Visit) -> Asked[ExportedUser]:
    if not visit.is_admin:
        raise Forbidden("forbidden")
    q = visit.request.query_params.get("q", "").strip()[:LONGEST_SEARCH] or None
    return Asked(lambda session, act: list_exports.user_list(session, q, act), {"q": q})


USERS = Listing(
    subject="user_account",
    title=msgid("users"),
    file_names={"fi": "kayttajat", "sv": "anvandare", "en": "users"},
    columns=COLUMNS,
    asked=_asked,
)
