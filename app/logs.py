"""One line per event, for people (text) or machines (json); nothing a client sent is in it.

Each line says when, how grave, whose and what, and to which request or run of a job it belongs: `request_id` is set by
app.http.request_ids, `run_id` by `run_of`.
"""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import structlog

from app import telemetry

_tracebacks_without_values = structlog.processors.ExceptionRenderer(
    structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
)
"""Places only: the values of variables may hold what must not be kept."""


class _Named(structlog.WriteLogger):
    """Writes to standard error, and knows the name of the module it writes for."""

    def __init__(self, name: str = "siepp") -> None:
        super().__init__(sys.stderr)
        self.name = name


def configure(log_format: str) -> None:
    """Sends every log line to standard error, `text` or `json`; libraries' own lines from warnings up."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
    ]
    last = _rendering(log_format)
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    structlog.configure(  # our own lines go out directly: by way of `logging` each takes twice as long
        processors=[*shared, *last],
        logger_factory=_Named,
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=False,
    )


def _rendering(log_format: str) -> list[structlog.typing.Processor]:
    """What makes a line of an event."""
    if log_format == "json":
        renamed = structlog.processors.EventRenamer("message")
        return [_tracebacks_without_values, renamed, structlog.processors.JSONRenderer()]
    plain = structlog.dev.plain_traceback
    return [structlog.dev.ConsoleRenderer(colors=False, timestamp_key="time", exception_formatter=plain)]


@contextmanager
def run_of(job: str) -> Iterator[None]:
    """Every line written within, by this thread, names the job and this one run of it. It is one trace, too."""
    with structlog.contextvars.bound_contextvars(job=job, run_id=uuid4().hex), telemetry.span(f"job {job}"):
        yield
