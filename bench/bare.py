"""The floor under every answer: the same framework and server, the same payload, and nothing of ours.

For the answer called N, `/text/N` gives ready JSON, `/json/N` writes it anew for each request, `/dicts/N` lets FastAPI
do that; for the page called N, `/page/N` renders it from values that are there already; `POST /insert` adds a row like
a position and commits. Each has a route of its own, so that none pays for reading a name from its address.
Run as `python -m bench.bare PORT`, told by its environment what to answer.
"""

import json
import os
import sqlite3
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel
from sqlalchemy import make_url
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.testclient import TestClient

from app.main import from_environment
from app.web import pages
from bench.serving import ANSWERS, COOKIE, DATABASE, PAGES

COLUMNS = (
    *("id", "contract_id", "starts_on", "agreed_on", "employment_form", "target_group", "channel", "logged_on"),
    *("created_at", "version", "voided_at"),
)
"""Voided, so that no judgement is asked to follow."""
Values = tuple[str | int, ...]
app = FastAPI()
_thread = threading.local()


class Job(BaseModel):
    """What is sent to log a position."""

    contract_id: str
    starts_on: str
    employment_form: str
    target_group: str


def _answer(name: str, text: str) -> None:
    dicts: Any = json.loads(text)

    @app.get(f"/text/{name}")
    async def ready_text() -> Response:
        return Response(text, media_type="application/json")

    @app.get(f"/json/{name}")
    async def written_json() -> Response:
        return JSONResponse(dicts)

    @app.get(f"/dicts/{name}")
    async def serialised_by_fastapi() -> Any:
        return dicts


def _caught(path: str, cookie: str) -> tuple[str, str, dict[str, Any]]:
    """What one of our pages is rendered from: its template, the language and the values."""
    caught: list[tuple[str, str, dict[str, Any]]] = []
    page = pages.page

    def catch(template: str, language: str, status_code: int = 200, **values: Any) -> Response:
        caught.append((template, language, values))
        return page(template, language, status_code, **values)

    pages.page = catch  # type: ignore[assignment]
    answer = TestClient(from_environment(), cookies={"siepp": cookie}).get(path, follow_redirects=False)
    if answer.status_code != 200:
        raise RuntimeError(f"{path}: {answer.status_code}")
    pages.page = page
    return caught[-1]


def _page(name: str, path: str) -> None:
    template, language, values = _caught(path, os.environ[COOKIE])

    @app.get(f"/page/{name}")
    async def rendered_page() -> Response:
        return HTMLResponse(pages.fragment(template, language, **values))


@app.get("/")
async def up() -> Response:
    return Response()


@app.post("/insert", status_code=201)
def insert(job: Job) -> dict[str, str]:
    now = datetime.now(UTC)
    job_id, day = uuid4().hex, str(now.date())
    values = (
        *(job_id, job.contract_id, job.starts_on, job.starts_on, job.employment_form, job.target_group, "other", day),
        *(f"{now:%Y-%m-%d %H:%M:%S.%f}", 1, f"{now:%Y-%m-%d %H:%M:%S.%f}"),
    )
    _put(values)
    return {"id": job_id}


def _put(values: Values) -> None:
    url = make_url(os.environ[DATABASE])
    if url.get_backend_name() == "sqlite":
        _put_in_sqlite(str(url.database), values)
    else:
        _put_in_postgresql(url.set(drivername="postgresql").render_as_string(hide_password=False), values)


def _statement(mark: str) -> str:
    return f"INSERT INTO position ({', '.join(COLUMNS)}) VALUES ({', '.join([mark] * len(COLUMNS))})"  # noqa: S608


def _put_in_sqlite(path: str, values: Values) -> None:
    """As durable as our own engine makes it; one connection for each thread, as with our own."""
    connection: sqlite3.Connection | None = getattr(_thread, "connection", None)
    if connection is None:
        connection = _thread.connection = sqlite3.connect(path, timeout=30, isolation_level=None)
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
            connection.execute(f"PRAGMA {pragma}")
    connection.execute("BEGIN IMMEDIATE")
    connection.execute(_statement("?"), values)
    connection.execute("COMMIT")


def _put_in_postgresql(uri: str, values: Values) -> None:
    connection: psycopg.Connection[Any] | None = getattr(_thread, "connection", None)
    if connection is None:
        connection = _thread.connection = psycopg.connect(uri)
    connection.execute(_statement("%s").encode(), values)
    connection.commit()


for folder, answer in ((ANSWERS, _answer), (PAGES, _page)):
    for file in sorted(Path(os.environ[folder]).iterdir()):
        answer(file.name, file.read_text())

if __name__ == "__main__":  # served as `siepp serve` serves ours
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_config=None, access_log=False, server_header=False)
