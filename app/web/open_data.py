"""/procurements.json: the procurements of one's units as open data, in one file."""

from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from typing import IO

from fastapi import APIRouter
from starlette.responses import Response, StreamingResponse

from app.http.open_data import publication_of
from app.services import ocds_exports
from app.services.ocds_exports import Counted
from app.web.spreadsheets import closing_on_error
from app.web.visiting import Look

router = APIRouter(include_in_schema=False)
FILE_NAMES = {"fi": "hankinnat-avoin-data", "sv": "upphandlingar-oppna-data", "en": "procurements-open-data"}
"""Of letters that every header can carry."""
IN_MEMORY_BYTES = 1_000_000
PIECE_BYTES = 65_536


@router.get("/procurements.json")
def json_file(visit: Look) -> Response:
    """Written whole before the first byte is sent, to a temporary file where it is long. The trail says who took it."""
    publication = publication_of(visit.state.settings)
    file: IO[bytes] = SpooledTemporaryFile(IN_MEMORY_BYTES)  # noqa: SIM115 - whoever sends it closes it
    with closing_on_error(file):
        releases = Counted(ocds_exports.all_releases(visit.session, publication, visit.act))
        for piece in ocds_exports.package(visit.session, releases, publication, visit.act):
            file.write(piece.encode())
        with visit.writing() as session:
            ocds_exports.record_releases_taken(session, releases.count, visit.act)
    name = f"{FILE_NAMES[visit.language]}-{visit.act.today.isoformat()}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Length": str(file.tell())}
    file.seek(0)
    return StreamingResponse(_pieces(file), headers=headers, media_type="application/json")


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(PIECE_BYTES):
            yield piece
