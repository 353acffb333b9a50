"""`siepp watch`: whether the service does its work, from wherever cron runs."""

import click

from app import logs
from app.cli.opening import cli, opened
from app.jobs import delivery, watch
from app.rules.watch import Trouble

SENTENCES = {
    Trouble.CHECK_MISSING: "The daily check has not come to its end.",
    Trouble.MAIL_WAITING: "Mail has waited for hours to be sent.",
    Trouble.CLOCK_DOUBTED: "Nothing is erased: the clock may be ahead, or the service stood still for long.",
    Trouble.MAIL_REFUSED: "Mail of today or yesterday reached nobody.",
}


@cli.command("watch")
def run_watch() -> None:
    """Say whether the daily check and the delivery have happened and the clock is believed, and mail those who run
    the service if not.

    The schedulers do so themselves every five minutes. Run it by cron on another machine too, where nobody would notice
    that no scheduler runs. Each trouble is mailed once a day, however many watch. Fails where anything is wrong.
    """
    with opened() as state, logs.run_of("watch"):
        found = watch.look(state.database, state.settings, delivery.make_sender(state.settings), state.clock)
    if found:
        told = " ".join(SENTENCES[trouble] for trouble in found)
        raise click.ClickException(f"{told} siepp doctor says more, and what to do.")
    click.echo("The daily check and the delivery have happened, and the clock is believed.")
