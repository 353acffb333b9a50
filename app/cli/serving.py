"""Commands that keep the service running: migrate, serve, scheduler, check, send, demo."""

import json
import os
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict
from datetime import datetime

import click
import structlog
import uvicorn
from alembic.util import CommandError

from app import logs
from app.cli.opening import cli, opened
from app.http.state import State
from app.jobs import daily_check, delivery, demo
from app.jobs.scheduler import Scheduler
from app.storage import schema

log = structlog.get_logger(__name__)
TOLD_TO_STOP = frozenset({signal.SIGTERM, signal.SIGINT})
LAST_ANSWERS_SECONDS = 30
"""What is being answered when the service is told to stop may take so long; systemd and containers wait longer."""


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
    with opened() as state:
        _serve(state, host, port, workers, scheduler=not no_scheduler)


@cli.command("demo")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
@click.option("--no-serve", is_flag=True, help="Only fill the database.")
def run_demo(host: str, port: int, no_serve: bool) -> None:
    """Fill a demo database, say who may use it, and serve it.

    Unless SIEPP_DATABASE_URL and SIEPP_MAIL_DIR say otherwise, it is kept in siepp-demo.db and its mails in
    siepp-demo-mail, in the folder you are in. A database that holds anything else is left alone.
    """
    if not no_serve:
        _check_address(host, port)
    demo.set_environment(os.environ, host, port)
    with opened(current=False) as state:
        try:
            filled = demo.make_ready(state)
        except demo.NotTheDemo as error:
            raise click.ClickException(str(error)) from None
        click.echo(demo.introduction(state.settings))
        if no_serve:
            return
        if filled:
            demo.tell_owners(state)
        _serve(state, host, port, workers=1, scheduler=True, application="app.process:demo_application")


@cli.command("scheduler")
def run_scheduler() -> None:
    """Run the scheduler alone. As many copies may run as wished: everything is told once."""
    # Threads take over the mask: none is ever interrupted, and a signal waits until it is asked for, from the first
    # moment on. A handler that set an event could come while this very thread holds the event's lock.
    signal.pthread_sigmask(signal.SIG_BLOCK, TOLD_TO_STOP)
    with opened() as state:
        stop = _start_scheduler(state)
        log.info("scheduling", check_at=state.settings.check_at.isoformat(timespec="minutes"))
        told = signal.sigwait(TOLD_TO_STOP)
        log.info("stopping", told_by=signal.Signals(told).name)
        # Whoever presses Ctrl-C again does not wait for the piece at hand: nothing is lost by being killed.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        stop()


@cli.command("check")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="Check as if today were this day.")
@click.option("--all", "everything", is_flag=True, help="Judge every obligation, also where nothing can have changed.")
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
def run_check(as_of: datetime | None, everything: bool, as_json: bool) -> None:
    """Run the daily check once: judge every obligation that is due and queue the reminders. May be repeated.

    With --as-of the obligations are kept, and mails queued, as of that day; what does not hold on the day of sending is
    withdrawn, and the next check of the real day puts the rest right.

    With --all what is kept is compared with what the facts say: what was not true is put right and counts as failed.
    """
    with opened() as state, logs.run_of("check"):
        today = as_of.date() if as_of else state.day_at(state.clock())
        counts = asdict(daily_check.run_check(state.database, today, state.clock, everything=everything))
    print_counts({"as_of": today.isoformat()} | counts, as_json)
    if counts["failed"]:
        raise click.ClickException(
            "Not all went well; the log says what and why. What could not be done, the next check tries again."
        )


@cli.command("send")
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
def send(as_json: bool) -> None:
    """Deliver what is queued, once."""
    with opened() as state, logs.run_of("send"):
        sender = delivery.make_sender(state.settings)
        counts = asdict(delivery.deliver_all(state.database, state.settings, sender, state.clock))
    print_counts(counts, as_json)


def print_counts(counts: dict[str, object], as_json: bool) -> None:
    words = ", ".join(f"{name.replace('_', ' ')} {count}" for name, count in counts.items())
    click.echo(json.dumps(counts) if as_json else words)


def _serve(
    state: State,
    host: str,
    port: int,
    workers: int,
    scheduler: bool,
    application: str = "app.process:application",
) -> None:
    """Answers until it is told to stop."""
    # uvicorn raises the signal again once it has shut down: the scheduler then still gets to finish its work.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with ExitStack() as stack:
        if scheduler:
            stack.callback(_start_scheduler(state))
        log.info("serving", host=host, port=port, workers=workers)
        try:
            uvicorn.run(
                application,
                factory=True,
                host=host,
                port=port,
                workers=workers,
                log_config=None,
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=LAST_ANSWERS_SECONDS,
            )
        except SystemExit as stopped:
            if stopped.code:
                raise click.ClickException("The service could not start; the log says why.") from None
            raise


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
