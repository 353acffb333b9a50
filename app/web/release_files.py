"""/static: the files of the release, which browsers keep for good under the address that names what they hold."""

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from app.http.headers import KEPT_FOR_GOOD, NOT_KEPT
from app.web.pages import asset


class ReleaseFiles(StaticFiles):
    """While a release replaces another, a replica of the one is asked for files of the other: what it gives then must
    not be kept under that address."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        answer = await super().get_response(path, scope)
        query = scope["query_string"].decode("latin-1")
        if query.startswith("v="):
            name, value = KEPT_FOR_GOOD if f"/static/{path}?{query}" == asset(path) else NOT_KEPT
            answer.headers[name.decode()] = value.decode()
        return answer
