"""Traces for whoever has somewhere to send them (OpenTelemetry): requests, statements and runs of jobs.

Off, and nothing of it loaded, unless the standard variable of the environment says where they go; OpenTelemetry reads
the others of its variables itself. What a span says was written by us: the template of a route, a statement without
its values, the name of a job. Nothing a client sent, nothing of an error but its kind.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import structlog
from sqlalchemy import Connection, Engine, event

from app.config import SettingWrong

log = structlog.get_logger(__name__)
ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
NUMBERS = ("_TIMEOUT", "_DELAY", "_SIZE", "_LIMIT")
"""How those of the variables end that hold a number."""
LAST_SPANS_MILLISECONDS = 2000
"""So long a process that ends waits for what was traced last to be taken; a collector that hangs must not keep it."""
STATEMENT = "siepp.statement"
"""Where a connection keeps the span of the statement that runs on it."""
LONGEST_STATEMENT = 2000
_started: list[Any] = []
"""The one tracer of the process, once there is one."""


def start(engine: Engine) -> None:
    """Traces the statements of an engine, where traces are wanted. May be called again for another one. Raises
    SettingWrong."""
    if not _started and _is_wanted():
        with suppress(_NotInstalled):
            _started.append(_tracer())
    if _started:
        event.listen(engine, "before_cursor_execute", _begin_statement)
        event.listen(engine, "after_cursor_execute", _end_statement)
        event.listen(engine, "handle_error", _fail_statement)


def is_on() -> bool:
    return bool(_started)


class _NotInstalled(Exception):
    pass


def _is_wanted() -> bool:
    disabled = os.environ.get("OTEL_SDK_DISABLED", "").strip().lower() == "true"
    return not disabled and any(os.environ.get(name, "").strip() for name in ENDPOINTS)


def _tracer() -> Any:
    """Of a provider of our own, which no library finds: FastAPI's spans, for one, tell whole addresses."""
    _look_at_numbers()  # before it is loaded, and reads some of them
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor

        class Processor(BatchSpanProcessor):
            def shutdown(self) -> None:  # its own waits for half a minute, and takes no other time
                self._batch_processor.shutdown(LAST_SPANS_MILLISECONDS)
    except ImportError as error:
        log.warning("opentelemetry_not_installed")  # some platforms set the variable for every process
        raise _NotInstalled from error
    named = "OTEL_SERVICE_NAME" in os.environ or "service.name" in os.environ.get("OTEL_RESOURCE_ATTRIBUTES", "")
    try:
        provider = TracerProvider(resource=Resource.create({} if named else {"service.name": "siepp"}))
        provider.add_span_processor(Processor(OTLPSpanExporter()))
    except ValueError as error:
        raise SettingWrong(f"A variable of OpenTelemetry (OTEL_…) cannot be used: {error}") from None
    return provider.get_tracer("siepp")


def _look_at_numbers() -> None:
    """OpenTelemetry breaks off at some, and of others takes what it takes without them."""
    for name, value in os.environ.items():
        if name.startswith("OTEL_") and name.endswith(NUMBERS) and value.strip():
            try:
                float(value)
            except ValueError:
                raise SettingWrong(f"{name} is no number.") from None


@contextmanager
def span(name: str, **options: Any) -> Iterator[Any]:
    """What is done within, as a span, or None where nothing is traced. Of an error it says the kind: what it says may
    hold what must not be kept."""
    if not _started:
        yield None
        return
    with _started[0].start_as_current_span(
        name, record_exception=False, set_status_on_exception=False, **options
    ) as made:
        try:
            yield made
        except Exception as error:
            _failed(made, error)
            raise


def _failed(made: Any, error: BaseException | None) -> None:
    from opentelemetry.trace import StatusCode

    made.set_status(StatusCode.ERROR)
    if error is not None:
        made.set_attribute("error.type", type(error).__name__)


def _begin_statement(
    connection: Connection, _cursor: Any, statement: str, _values: Any, _context: Any, _many: bool
) -> None:
    from opentelemetry.trace import SpanKind, get_current_span

    if not get_current_span().is_recording():  # what belongs to no request and no job
        return
    _end_statement(connection)  # one that broke off, of which nobody told
    about = {"db.system.name": connection.dialect.name, "db.query.text": statement[:LONGEST_STATEMENT]}
    operation = statement.split(None, 1)[0].upper()
    connection.info[STATEMENT] = _started[0].start_span(operation, kind=SpanKind.CLIENT, attributes=about)


def _end_statement(connection: Connection, *_of_the_statement: Any) -> None:
    if (made := connection.info.pop(STATEMENT, None)) is not None:
        made.end()


def _fail_statement(context: Any) -> None:
    if context.connection is not None and (made := context.connection.info.pop(STATEMENT, None)) is not None:
        _failed(made, context.original_exception)
        made.end()
