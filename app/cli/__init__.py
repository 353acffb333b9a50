"""The `siepp` command: parse, call one service, print. A failure is one sentence on standard error."""

import sys
from collections.abc import Sequence

import click

from app.cli.opening import cli
from app.cli.sentences import sentence_of
from app.language.errors import error_sentence
from app.schemas.text import holds_identity_code

__all__ = ["cli", "main", "run", "sentence_of"]


def main() -> None:
    """The installed command."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Runs one command and gives its exit code; a failure has told its sentence."""
    try:
        code = cli(arguments, prog_name="siepp", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return error.exit_code
    except click.ClickException as error:
        return _failed(error.format_message(), error.exit_code)
    except click.Abort:
        return _failed("Interrupted.", 130)
    except Exception as error:
        return _failed(sentence_of(error))
    return code if isinstance(code, int) else 0


def _failed(sentence: str, exit_code: int = 1) -> int:
    if holds_identity_code(sentence):
        sentence = error_sentence("identity_code", {}, "en")
    click.echo(" ".join(sentence.split()), err=True)
    return exit_code
