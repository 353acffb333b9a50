"""The `siepp` command: parse, call one service, print. A failure is one sentence on standard error."""

import sys
import traceback
from collections.abc import Sequence
from pathlib import Path

import click
from pydantic import ValidationError
from sqlalchemy.exc import InterfaceError, OperationalError

from app.cli import people, records, serving
from app.cli.opening import cli
from app.config import SettingWrong
from app.http.problems import PYDANTIC_CODES
from app.language.errors import ERROR_CODES, error_sentence
from app.rules.errors import DomainError
from app.schemas.text import holds_identity_code
from app.sources.ledgers import LedgerUnreadable

__all__ = ["cli", "main", "people", "records", "run", "sentence_of", "serving"]


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


def sentence_of(error: Exception) -> str:
    """What went wrong, in a sentence that repeats nothing of what was typed."""
    match error:
        case SettingWrong() | LedgerUnreadable():
            return str(error)
        case DomainError():
            return _at(error.field, error_sentence(error.code, error.values, "en"))
        case ValidationError():
            return _sentence_of_input(error)
        case OperationalError() | InterfaceError():
            return error_sentence("database_unavailable", {}, "en")
    place = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{Path(place.filename).name}:{place.lineno}"
    return f"Something went wrong in siepp itself: {type(error).__name__} at {where}."


def _sentence_of_input(error: ValidationError) -> str:
    first = error.errors(include_input=False, include_url=False)[0]
    code = PYDANTIC_CODES.get(first["type"], first["type"])
    context = first.get("ctx", {})
    limits = {"minimum": context.get("min_length"), "maximum": context.get("max_length")}
    known = code if code in ERROR_CODES else "wrong_format"
    return _at(".".join(str(part) for part in first["loc"]), error_sentence(known, limits, "en"))


def _at(field: str, sentence: str) -> str:
    return f"{field}: {sentence}" if field else sentence
