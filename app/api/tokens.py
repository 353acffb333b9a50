"""/tokens: API tokens of one's own."""

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from app.http.reading import Pages, PathKey, Read, answer, next_cursor
from app.http.writing import Write
from app.rules.codes import TokenScope
from app.schemas.tokens import TokenCreate, TokenCreated, TokenList, TokenRead
from app.services import tokens
from app.storage.people import TOKEN_SORTS

router = APIRouter(tags=["tokens"])


def read_model(row: Any) -> TokenRead:
    """A token, or a row of its columns, as the API gives it."""
    own = {name: getattr(row, name) for name in TokenRead.model_fields}
    opens = tokens.scopes_of(row.scopes)
    return TokenRead(**own | {"scopes": [one for one in TokenScope if one in opens]})


@router.get("/tokens", response_model=TokenList, summary="One's own tokens")
def list_tokens(paging: Pages, read: Read) -> Response:
    """Oldest first, revoked ones too (`sort=created`)."""
    name, sort, page = paging.sorted_by(TOKEN_SORTS, "created")
    found = tokens.list_tokens(read.session, sort, page, read.act)
    return answer(TokenList(items=[read_model(row) for row in found.rows], next_cursor=next_cursor(name, found)))


@router.post("/tokens", status_code=201, response_model=TokenCreated, summary="Make a token of one's own")
def create_token(command: TokenCreate, write: Write) -> Response:
    """The secret is in this answer only. A repeated request with the same Idempotency-Key makes no second token and
    is answered without the secret, since that is kept nowhere. With a token one makes none that opens more or longer
    than it does (403, 422)."""
    made = tokens.create_token(write.session, write.act.actor.id, command, write.act)
    body = TokenCreated(**read_model(made.token).model_dump(), token=None)
    remembered = write.created(body, f"/api/v1/tokens/{body.id}")
    shown = body.model_copy(update={"token": made.secret})
    location = {"Location": remembered.headers["Location"]}
    return Response(shown.model_dump_json(), 201, location, media_type="application/json")


@router.get("/tokens/{token_id}", response_model=TokenRead, summary="One of one's own tokens")
def read_token(token_id: PathKey, read: Read) -> Response:
    return answer(read_model(tokens.read_token(read.session, token_id, read.act.actor)))


@router.delete("/tokens/{token_id}", status_code=204, summary="Revoke a token")
def revoke_token(token_id: PathKey, write: Write) -> Response:
    """From now on it opens nothing; it stays in the list."""
    tokens.revoke_token(write.session, token_id, write.act)
    return Response(status_code=204)
