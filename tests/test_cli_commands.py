"""Commands are read when they are wanted, and none is forgotten."""

import pkgutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import click

from app import cli
from app.cli.opening import MODULES


def modules_of(command: click.Command) -> set[str]:
    """The modules that make a command and what is below it."""
    own = {command.callback.__module__} if command.callback is not None else set()
    below = command.commands.values() if isinstance(command, click.Group) else ()
    return own.union(*map(modules_of, below))


def test_every_command_names_the_modules_that_make_it() -> None:
    for module in pkgutil.iter_modules(cli.__path__):
        if module.name != "__main__":
            import_module(f"app.cli.{module.name}")
    made = {name: modules_of(command) for name, command in cli.cli.commands.items()}
    assert made == {name: {f"app.cli.{module}" for module in modules} for name, modules in MODULES.items()}


def test_who_looks_at_the_units_waits_for_no_web_server() -> None:
    """In a process of its own: here the other tests have read everything already."""
    code = "import sys; from app import cli; cli.run(['unit', 'list', '--help']); sys.exit('fastapi' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=Path(cli.__file__).parents[2], capture_output=True)
    assert (done.returncode, b"Usage: siepp unit list" in done.stdout) == (0, True), done.stderr
